"""Revisions: 勘误 from 1 January, 调整 from their day; what vanished, what retired."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from monitor.domain.calendar import CHINA
from monitor.domain.progress import stand
from monitor.errors import UsageError
from monitor.ingest.retiring import RetireReceipt, retire, take_in_again
from monitor.reports.history import history
from monitor.store import ledger, matches, projects, tables
from monitor.store.engine import open_engine, reading
from monitor.store.schema import upgrade
from tests.ingest.test_importing import CODE, OTHER, Office, document, row

AT = datetime(2025, 9, 3, 9, 0, tzinfo=CHINA)
AUGUST = date(2025, 8, 1)
DATED = {"effective": AUGUST, "document": "财预〔2025〕12号"}


@pytest.fixture
def office(tmp_path: Path) -> Office:
    engine = open_engine(f"sqlite:///{tmp_path / 'monitor.db'}")
    upgrade(engine)
    made = Office(tmp_path, engine)
    made.targets(document())
    return made


def budgets(office: Office, on: str) -> list[int | None]:
    day = date.fromisoformat(on)
    with reading(office.engine) as connection:
        return [each.budget_fen for each in ledger.accounts(connection, year=2025, as_of=day)]


def test_a_dry_run_tells_what_an_import_would_do_and_leaves_nothing(office: Office) -> None:
    text = document(budget="1200.00")
    tried = office.targets(text, name="修订.txt", dry_run=True)
    before = {table: office.count(table) for table in tables.metadata.tables.values()}
    kept = sorted(office.archive.iterdir())
    done = office.targets(text, name="修订.txt")

    assert tried.dry_run
    assert (tried.new, tried.same, tried.revised) == (done.new, done.same, done.revised)
    assert before[tables.revisions] == 2
    assert before[tables.imports] == 1
    assert len(kept) == 1
    assert budgets(office, "2025-12-31") == [120_000, 120_000]


def test_a_correction_holds_from_the_first_of_january(office: Office) -> None:
    office.targets(document(budget="1200.00"), name="勘误.txt")

    assert budgets(office, "2025-01-01") == [120_000, 120_000]


def test_a_dated_revision_holds_from_its_day_and_the_initial_budget_stays(office: Office) -> None:
    receipt = office.targets(document(budget="1200.00"), name="调整.txt", **DATED)

    assert {each.effective for each in receipt.revised} == {AUGUST}
    assert budgets(office, "2025-07-31") == [100_000, 100_000]
    assert budgets(office, "2025-08-01") == [120_000, 120_000]
    with reading(office.engine) as connection:
        accounts = ledger.accounts(connection, year=2025, as_of=AUGUST)
        record = projects.load(connection, year=2025)
    assert {each.initial_budget_fen for each in accounts} == {100_000}
    assert {each.project.budget_fen for each in record} == {120_000}
    assert {each.document_number for each in record} == {"财预〔2025〕12号"}


def test_a_later_plan_leaves_an_earlier_checkpoint_as_it_was(office: Office) -> None:
    office.payments(row("A1", "500.00"))
    later = document(budget="1200.00").replace("75%", "60%").replace("50%", "30%")
    office.targets(later, name="调整.txt", **DATED)
    with reading(office.engine) as connection:
        [at] = ledger.accounts(connection, year=2025, as_of=date(2025, 8, 15), project_code=CODE)

    standing = stand(at, date(2025, 8, 15))
    assert (standing.checkpoint, standing.planned_bp, standing.due_fen) == (6, 5000, 50_000)
    assert (standing.gap_fen, standing.lag_bp, standing.severity) == (0, 0, None)
    assert (standing.rate_bp, standing.next_planned_bp) == (4167, 6000)
    assert standing.needed_fen == 22_000


def test_a_second_document_for_the_same_day_takes_the_place_of_the_first(office: Office) -> None:
    office.targets(document(budget="1200.00"), name="一.txt", **DATED)
    office.targets(document(budget="1300.00"), name="二.txt", **DATED)

    assert budgets(office, "2025-08-01") == [130_000, 130_000]
    assert budgets(office, "2025-07-31") == [100_000, 100_000]
    assert office.count(tables.revisions) == 6


def test_a_correction_before_a_dated_revision_holds_until_that_day_and_says_so(
    office: Office,
) -> None:
    office.targets(document(budget="1200.00"), name="调整.txt", **DATED)
    receipt = office.targets(document(budget="900.00"), name="勘误.txt")

    assert "2025年8月1日" in receipt.notes[0]
    assert budgets(office, "2025-07-31") == [90_000, 90_000]
    assert budgets(office, "2025-08-01") == [120_000, 120_000]


def test_a_dated_document_that_says_what_is_in_force_changes_nothing(office: Office) -> None:
    receipt = office.targets(document() + "\n", name="调整.txt", **DATED)

    assert (receipt.same, receipt.revised) == (2, ())


@pytest.mark.parametrize(
    "options",
    [
        {"effective": AUGUST},
        {"document": "财预〔2025〕12号"},
        {"effective": date(2025, 1, 1), "document": "财预〔2025〕12号"},
        {"effective": date(2026, 8, 1), "document": "财预〔2025〕12号"},
    ],
)
def test_a_day_without_a_number_or_outside_the_year_is_refused(
    office: Office, options: dict[str, object]
) -> None:
    with pytest.raises(UsageError):
        office.targets(document(budget="1200.00"), name="调整.txt", **options)

    assert office.count(tables.imports) == 1


def test_a_project_that_is_not_in_the_revised_document_is_reported_and_kept(
    office: Office,
) -> None:
    receipt = office.targets(document(names=("热线服务",)), name="修订.txt")

    assert [each.project_code for each in receipt.vanished] == [OTHER]
    assert len(budgets(office, "2025-12-31")) == 2


def test_a_project_with_an_error_in_the_revised_document_has_not_vanished(
    office: Office,
) -> None:
    kept, _, rest = document().partition("2.政府业务费")
    broken = kept + "2.政府业务费" + rest.replace("1000.00", "一千")
    receipt = office.targets(broken, name="修订.txt")

    assert len(receipt.document.projects) == 1
    assert receipt.vanished == ()


def test_projects_of_another_document_have_not_vanished(office: Office) -> None:
    alone = document(names=("热线服务",)).replace(CODE, "13022925P00JXC4198999")
    receipt = office.targets(alone, name="另一份.txt")

    assert (receipt.new, receipt.vanished) == (1, ())


def out(office: Office, code: str = CODE) -> RetireReceipt:
    return retire(office.engine, code, year=None, reason="取消", at=AT, actor="测试")


def test_a_retired_project_leaves_and_its_payments_wait_again(office: Office) -> None:
    office.payments(row("A1", "500.00"), row("A2", "100.00"))
    receipt = out(office)

    assert (receipt.rows, receipt.amount_fen) == (2, 60_000)
    with reading(office.engine) as connection:
        assert [each.project.project_code for each in projects.load(connection)] == [OTHER]
        assert [each.project_code for each in projects.known(connection, 2025)] == [OTHER]
        assert len(budgets(office, "2025-12-31")) == 1
        assert sum(each.amount_fen for each in matches.unmatched(connection)) == 60_000


def test_retiring_twice_changes_nothing_and_gives_the_reason(office: Office) -> None:
    out(office)

    assert out(office).already == "取消"
    assert office.count(tables.retirements) == 1


def test_a_project_taken_in_again_has_its_payments_again(office: Office) -> None:
    office.payments(row("A1", "500.00"), row("A2", "100.00"))
    out(office)
    back = take_in_again(office.engine, CODE, year=None, reason="误操作", at=AT, actor="测试")

    assert back.rows == 2
    assert office.paid() == (60_000, 2)
    with reading(office.engine) as connection:
        events = [each["event"] for each in history(connection, CODE, year=2025)]
    assert events == ["导入", "退出", "恢复"]


def test_a_document_that_brings_a_retired_project_leaves_it_retired_and_says_so(
    office: Office,
) -> None:
    out(office)
    receipt = office.targets(document(budget="1200.00"), name="修订.txt")

    [note] = [each for each in receipt.notes if CODE in each]
    assert "取消" in note
    assert "--undo" in note
    assert len(budgets(office, "2025-12-31")) == 1


def test_the_plan_months_of_a_year_are_those_of_all_revisions_in_force(office: Office) -> None:
    office.targets(document().replace("10月底", "9月底"), name="调整.txt", **DATED)
    with reading(office.engine) as connection:
        assert projects.plan_months(connection) == {2025: {3, 6, 9, 10, 12}}
