"""The counted lines of a year that refunds may have to do with."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, or_, select

from monitor.domain.payment import Status
from monitor.store import matches
from monitor.store.batches import among
from monitor.store.matches import UNMATCHED
from monitor.store.payment_tables import payments, wordings
from monitor.store.row_texts import CELLS
from monitor.store.sums import COUNTED
from monitor.store.tables import imports, projects


def refunded(
    connection: Connection,
    year: int,
    *,
    unit_code: str | None = None,
    project_id: int | None = None,
) -> list[Row[Any]]:
    """The refunds that count. What is outside monitoring is left out."""
    query = _counted(year, project_id).where(payments.c.status == Status.REFUNDED.value)
    if unit_code is not None:
        query = query.where(wordings.c.unit_code == unit_code)
    return list(connection.execute(query).all())


def beside(connection: Connection, year: int, refunds: Collection[Row[Any]]) -> Iterator[Row[Any]]:
    """All that was paid for the projects of refunds, or waits under the same unit and code."""
    owners = {row.project_id for row in refunds if row.project_id is not None}
    waiting = {(row.unit_code, row.project_code) for row in refunds if row.project_id is None}
    only = next(iter(owners)) if len(owners) == 1 and not waiting else None
    for row in connection.execute(_counted(year, only)):
        if row.project_id in owners or (
            row.project_id is None and (row.unit_code, row.project_code) in waiting
        ):
            yield row


def under(connection: Connection, year: int, numbers: Iterable[str]) -> list[Row[Any]]:
    """All counted lines with one of these as their number or voucher."""
    wanted = sorted(set(numbers))
    found: list[Row[Any]] = []
    for column in (payments.c.number, payments.c.voucher):
        query = _counted(year).where(among(connection, column, wanted))
        found += connection.execute(query).all()
    return found


def _counted(year: int, project_id: int | None = None) -> Select[Any]:
    """Counted lines of a year; those of one project by their days, which have an index."""
    of_year: tuple[ColumnElement[bool], ...] = (payments.c.year == year, payments.c.undone == 0)
    if project_id is not None:
        of_year = matches.in_project(project_id, year)
    return (
        select(
            *(payments.c[name] for name in (
                "id", "import_id", "line", "number", "ordinal", "voucher", "pay_date",
                "amount_fen", "status", "project_id",
            )),
            CELLS,
            wordings.c.unit_code,
            wordings.c.project_code,
            wordings.c.project_name,
            wordings.c.cells.label("wording_cells"),
            projects.c.project_code.label("matched_code"),
        )
        .join(wordings, wordings.c.id == payments.c.wording_id)
        .outerjoin(projects, projects.c.id == payments.c.project_id)
        .where(
            *of_year,
            payments.c.status.in_(COUNTED),
            or_(payments.c.project_id.is_not(None), UNMATCHED),
        )
    )  # fmt: skip


def layouts(connection: Connection) -> dict[int, tuple[str, dict[str, Any]]]:
    """File and layout of every payment list, by import id."""
    query = select(imports.c.id, imports.c.file, imports.c.layout)
    found = connection.execute(query.where(imports.c.kind == "payments"))
    return {row.id: (row.file, row.layout) for row in found}
