"""Generated sets of lists through the real use case: every figure is the truth's.

MONITOR_LIST_EXAMPLES=5000 makes a campaign of it (`bench/fuzz_payments.py`).
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.bootstrap import App, make_workspace, open_workspace
from monitor.domain.calendar import CHINA
from monitor.ingest.import_payments import PaymentReceipt
from monitor.reports import open_payments
from monitor.store import ledger, rejections
from tests.cli.test_public_interface import TARGET
from tests.ingest.generated_lists import Case, cases, conflicting_cases, mended_cases
from tests.ingest.generated_spelling import SPELLINGS, Spelling, Writer
from tests.ingest.generated_world import PROJECTS, YEARS, Truth

EXAMPLES = int(os.environ.get("MONITOR_LIST_EXAMPLES", "100"))
ORDINARY = settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow])
RARER = settings(ORDINARY, max_examples=max(1, EXAMPLES // 2))
AT = datetime(2025, 12, 31, 9, 30, tzinfo=CHINA)
MONITORED = [each for each in PROJECTS if each.code and each.monitored_as]
NUMBER = count()


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with the targets of both years, copied for each example."""
    folder = tmp_path_factory.mktemp("counties") / "template"
    make_workspace(folder)
    app = open_workspace(folder, now=lambda: AT, actor="测试")
    for year in YEARS:
        for each in MONITORED:
            text = TARGET.replace("13022925P00JXC4198855", each.code)
            text = text.replace("热线服务", each.name)
            text = text.replace("434001某办公室本级", each.unit_code + each.unit_name)
            document = folder.parent / f"{year}-{each.code}.txt"
            document.write_text(text, encoding="utf-8")
            app.targets.import_file(document, year=year)
    app.engine.dispose()
    return folder


@contextmanager
def office(template: Path) -> Iterator[App]:
    folder = template.parent / str(next(NUMBER))
    shutil.copytree(template, folder)
    app = open_workspace(folder, now=lambda: AT, actor="测试")
    try:
        yield app
    finally:
        app.engine.dispose()
        shutil.rmtree(folder)


def land(app: App, data: bytes, name: str) -> PaymentReceipt:
    path = app.settings.archive.parent / name
    path.write_bytes(data)
    return app.import_payments(path)


def together(outcomes: dict[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
    """Rejected rows in one figure: a row that was rejected before is told apart by its spelling."""
    found = dict(outcomes)
    again = found.pop("rejected_before", None)
    if again:
        rows, fen = found.get("rejected", (0, 0))
        found["rejected"] = (rows + again[0], fen + again[1])
    return found


def import_all(app: App, case: Case, order: tuple[int, ...]) -> Truth:
    """Imports the lists in this order; every receipt must be as the truth has it."""
    truth, landed = Truth(), set[bytes]()
    for at in order:
        listed = case.lists[at]
        data, others = case.data(at)
        receipt = land(app, data, f"list{at}.csv")
        assert receipt.known == (data in landed)
        if data not in landed:
            assert together(receipt.outcomes) == truth.imported(listed.rows, listed.numbers)
            assert sum(receipt.passed_over.values()) == others
            assert receipt.rows == len(listed.rows)
        assert sum(rows for rows, _ in receipt.outcomes.values()) == len(listed.rows)
        landed.add(data)
    return truth


def check(app: App, truth: Truth, on: date) -> None:
    """Sums by project and month, at the years' ends and at a day between."""
    for year in YEARS:
        paid_on = sorted(row.day for row in truth.recorded.values() if row.day.year == year)
        for day in (on.replace(year=year), *paid_on[:1], date(year, 12, 31)):
            standings = [each.account for each in app.standings(as_of=day, year=year)]
            found = {each.project_code: (each.paid_fen, each.payments) for each in standings}
            assert found == truth.paid(day)
        with app.reading() as connection:
            months = ledger.monthly(connection, year=year, as_of=date(year, 12, 31))
        zero = (0,) * 12
        sums = truth.monthly(year)
        assert {c: m for c, m in months.items() if m != zero} == {
            c: m for c, m in sums.items() if m != zero
        }
    with app.reading() as connection:
        waiting = open_payments.unmatched(connection)
        rejected = {row.number for row in rejections.load(connection)}
        conflicts = open_payments.conflicts(connection)
    assert Counter((row["project_code"], row["amount_fen"]) for row in waiting) == truth.unmatched()
    assert truth.never_came() <= rejected
    assert len(conflicts) == truth.conflicts


DAYS = st.dates(date(2025, 1, 1), date(2025, 12, 31))


@ORDINARY
@given(cases(), DAYS)
def test_what_is_counted_is_the_truth_whatever_the_lists_look_like(
    template: Path, case: Case, on: date
) -> None:
    with office(template) as app:
        check(app, import_all(app, case, case.order), on)


@RARER
@given(st.data(), cases(), DAYS)
def test_another_order_of_the_lists_gives_the_same_sums(
    template: Path, data: st.DataObject, case: Case, on: date
) -> None:
    with office(template) as app:
        truth = import_all(app, case, tuple(range(len(case.lists))))
        check(app, truth, on)
    later = data.draw(st.permutations(range(case.first, len(case.lists))))
    with office(template) as app:
        import_all(app, case, (*range(case.first), *later))
        check(app, truth, on)


@RARER
@given(cases(), SPELLINGS, DAYS)
def test_importing_all_again_in_another_spelling_changes_nothing(
    template: Path, case: Case, spelling: Spelling, on: date
) -> None:
    with office(template) as app:
        truth = import_all(app, case, case.order)
        for at, listed in enumerate(case.lists):
            assert land(app, case.data(at)[0], f"again{at}.csv").known
            written = Writer(spelling, listed.numbers).write(listed.rows)
            receipt = land(app, written.data, f"other{at}.csv")
            assert receipt.known or set(receipt.outcomes) <= {
                "known",
                "rejected",
                "rejected_before",
            }
        check(app, truth, on)


@RARER
@given(conflicting_cases(), DAYS)
def test_a_number_with_other_content_is_a_conflict_and_the_first_stays_counted(
    template: Path, case: Case, on: date
) -> None:
    with office(template) as app:
        check(app, import_all(app, case, case.order), on)


@RARER
@given(mended_cases(), DAYS)
def test_mended_rows_come_in_beside_the_lines_that_were_readable(
    template: Path, case: Case, on: date
) -> None:
    with office(template) as app:
        check(app, import_all(app, case, case.order), on)
        with app.reading() as connection:
            left = {row.number for row in rejections.load(connection)}
        assert left <= {""}
