"""Whatever is imported and taken back, the rest is as if only the rest had been imported."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from monitor.bootstrap import App
from monitor.domain.payment import Status
from monitor.domain.progress import Account
from monitor.store import conflicts, imports, ledger, payment_tables, rejections, sums, tables
from monitor.store.row_texts import PAYMENT
from tests.ingest.generated_lists import Case, cases, conflicting_cases, mended_cases
from tests.ingest.generated_world import YEARS
from tests.ingest.test_generated_lists import EXAMPLES, land, office
from tests.ingest.test_generated_lists import template as template  # noqa: PLC0414

SETTINGS = settings(
    max_examples=max(1, EXAMPLES // 4),
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.reuse, Phase.generate],  # shrinking takes minutes and tells little more
)
ANY = st.one_of(cases(), conflicting_cases(), mended_cases())


def name(at: int) -> str:
    return f"{at}-明细.csv"


def state(app: App) -> dict[str, Any]:
    """All that the figures rest on, without ids and times."""
    with app.reading() as connection:
        assert not sums.differences(connection)
        payments, wordings = payment_tables.payments, payment_tables.wordings
        rows = connection.execute(
            select(*PAYMENT, wordings.c.key, tables.projects.c.project_code, tables.imports.c.file)
            .join(wordings, wordings.c.id == payments.c.wording_id)
            .join(tables.imports, tables.imports.c.id == payments.c.import_id)
            .outerjoin(tables.projects, tables.projects.c.id == payments.c.project_id)
            .where(payments.c.undone == 0)
        ).all()
        for year in YEARS:
            for day in (date(year, 3, 31), date(year, 7, 16), date(year + 1, 1, 5)):
                accounts = ledger.accounts(connection, year=year, as_of=day)
                assert summed(accounts) == added_up(rows, year, day)
        aliases = payment_tables.aliases
        seconds = connection.execute(
            select(payments.c.number, payments.c.ordinal, aliases.c.number, tables.imports.c.file)
            .join(payments, payments.c.id == aliases.c.payment_id)
            .join(tables.imports, tables.imports.c.id == aliases.c.import_id)
            .where(tables.imports.c.undone == 0, payments.c.undone == 0)
        ).all()
        told = ("file", "line", "number", "ordinal", "amount_fen", "status", "differences", "cells")
        kept = ("kept_file", "kept_line", "kept_cells")
        return {
            "payments": sorted(
                (
                    row.file, row.line, row.year, row.number, row.ordinal, row.named_by,
                    row.voucher, row.pay_date, row.amount_fen, row.status, row.key, row.cells,
                    row.project_code or "", row.method,
                )
                for row in rows
            ),
            "seconds": sorted(tuple(row) for row in seconds),
            "conflicts": sorted(
                str([getattr(row, key) for key in (*told, *kept)])
                for row in conflicts.load(connection)
            ),
            "rejected": [(r.file, r.line, r.number, r.value) for r in rejections.load(connection)],
            "imports": sorted(
                (each.file, each.months) for each in imports.load(connection, kind="payments")
            ),
            "covered": sorted(app.covered()),
        }  # fmt: skip


def summed(accounts: Sequence[Account]) -> dict[str, tuple[int, int, int, int]]:
    """Fen and lines that were paid, and that are in transit, by project; without those of none."""
    figures = {
        a.project_code: (a.paid_fen, a.payments, a.in_transit_fen, a.in_transit) for a in accounts
    }
    return {code: each for code, each in figures.items() if any(each)}


def added_up(rows: Sequence[Any], year: int, day: date) -> dict[str, tuple[int, int, int, int]]:
    """The same, payment by payment."""
    found: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for row in rows:
        status = Status(row.status)
        is_summed = status.counts or status is Status.IN_TRANSIT
        if row.project_code and is_summed and row.year == year and row.pay_date <= day:
            at = 0 if status.counts else 2
            found[row.project_code][at] += row.amount_fen
            found[row.project_code][at + 1] += 1
    return {code: (a, b, c, d) for code, (a, b, c, d) in found.items()}


def difference(found: Sequence[Any], wanted: Sequence[Any]) -> str:
    much = [f"- {each!r}" for each in found if each not in wanted]
    return "\n".join([*much, *(f"+ {each!r}" for each in wanted if each not in found)])


class County:
    """Imports the lists of a case and takes them back."""

    def __init__(self, app: App, case: Case) -> None:
        self.app, self.case = app, case
        self.landed: dict[int, int] = {}  # list → import id, in the order of import

    def land(self, at: int) -> None:
        data, _ = self.case.data(at)
        receipt = land(self.app, data, name(at))
        assert receipt.import_id is not None
        if not receipt.known:
            self.landed[at] = receipt.import_id

    def undo(self, at: int) -> None:
        self.app.undo_import(self.landed.pop(at), reason="试验")


@given(ANY, st.data())
@SETTINGS
def test_undoing_is_as_if_only_the_rest_had_been_imported(
    template: Path, case: Case, data: st.DataObject
) -> None:
    with office(template) as app:
        county = County(app, case)
        for at in case.order:
            county.land(at)
            if county.landed and data.draw(st.integers(0, 3)) == 0:
                county.undo(data.draw(st.sampled_from(sorted(county.landed))))
        for _ in range(data.draw(st.integers(1, 3))):
            if county.landed:
                county.undo(data.draw(st.sampled_from(sorted(county.landed))))
        left = list(county.landed)
        found = state(app)
    with office(template) as fresh:
        county = County(fresh, case)
        for at in left:
            county.land(at)
        wanted = state(fresh)
        for key, value in wanted.items():
            assert found[key] == value, f"{key}\n{difference(found[key], value)}"
