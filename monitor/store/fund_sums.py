"""What was paid for projects by what the lists say of the money: fund and purpose; few statements.

Nothing here is kept: it is summed from the payments when a report asks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, Row, Select, cast, func, select

from monitor.store.batches import batches
from monitor.store.payment_tables import payments, wordings
from monitor.store.row_texts import CELLS
from monitor.store.sums import COUNTED
from monitor.store.tables import imports, projects, revisions

FEW = 500
"""Projects: of more, the whole year is read."""


@dataclass(frozen=True, slots=True)
class FundSum:
    """What one list gives to one project's sum under one 资金性质, as written there."""

    project_id: int
    import_id: int
    fund: str
    lines: int
    paid_fen: int
    last: date


def by_fund(
    connection: Connection, *, year: int, as_of: date, only: Collection[int]
) -> list[FundSum]:
    """The counted payments of the year up to `as_of` of these projects, by list and fund."""
    grouped = (
        select(
            payments.c.project_id,
            payments.c.import_id,
            payments.c.wording_id,
            func.count().label("lines"),
            cast(func.sum(payments.c.amount_fen), BigInteger).label("paid_fen"),
            func.max(payments.c.pay_date).label("last"),
        )
        .where(*_counted(year, as_of), *_of(only))
        .group_by(payments.c.project_id, payments.c.import_id, payments.c.wording_id)
        .subquery()
    )
    said = (grouped.c.project_id, grouped.c.import_id, wordings.c.fund)
    query = (
        select(
            *said,
            cast(func.sum(grouped.c.lines), BigInteger),
            cast(func.sum(grouped.c.paid_fen), BigInteger),
            func.max(grouped.c.last),
        )
        .join_from(grouped, wordings, wordings.c.id == grouped.c.wording_id)
        .group_by(*said)
        .order_by(*said)
    )
    return [FundSum(*row) for row in connection.execute(query)]


def funds_listed(connection: Connection, *, year: int) -> frozenset[str]:
    """Every 资金性质 that a counted payment of the year has, in a list of whatever unit."""
    known = connection.scalars(select(wordings.c.fund).distinct())
    return frozenset(fund for fund in known if _is_paid_from(connection, fund, year))


def _is_paid_from(connection: Connection, fund: str, year: int) -> bool:
    """Of a fund that has payments at all, one is soon found: any order will do."""
    query = select(payments.c.id).where(
        payments.c.wording_id.in_(select(wordings.c.id).where(wordings.c.fund == fund)),
        payments.c.year + 0 == year,
        payments.c.project_id.is_not(None),
        payments.c.undone == 0,
        payments.c.status.in_(COUNTED),
    )
    return connection.scalar(query.limit(1)) is not None


def lines(
    connection: Connection, *, year: int, as_of: date, only: Collection[int]
) -> Iterator[Row[Any]]:
    """Each counted payment of these projects by day, with the cells that tell its purpose."""
    for batch in batches(sorted(only), FEW):
        query: Select[Any] = (
            select(
                payments.c.project_id,
                payments.c.pay_date,
                payments.c.amount_fen,
                payments.c.import_id,
                payments.c.line,
                CELLS,
                wordings.c.cells.label("wording_cells"),
            )
            .join_from(payments, wordings, wordings.c.id == payments.c.wording_id)
            .where(*_counted(year, as_of), payments.c.project_id.in_(batch))
            .order_by(payments.c.pay_date, payments.c.import_id, payments.c.line, payments.c.id)
        )
        yield from connection.execute(query)


def said(connection: Connection, *, year: int, only: Collection[int]) -> list[Row[Any]]:
    """What each revision in force states of these projects' money, by its day, with its place."""
    query: Select[Any] = (
        select(
            revisions.c.project_id,
            revisions.c.effective,
            revisions.c.document_number,
            revisions.c.budget_fen,
            revisions.c.fiscal_fen,
            revisions.c.other_fen,
            revisions.c.import_id,
            revisions.c.line,
            func.coalesce(imports.c.file, revisions.c.document_number).label("file"),
        )
        .join_from(revisions, projects, projects.c.id == revisions.c.project_id)
        .outerjoin(imports, imports.c.id == revisions.c.import_id)
        .where(projects.c.year == year, revisions.c.undone == 0)
        .order_by(revisions.c.project_id, revisions.c.effective)
    )
    if len(only) <= FEW:
        query = query.where(revisions.c.project_id.in_(only))
    return list(connection.execute(query))


def _of(only: Collection[int]) -> list[ColumnElement[bool]]:
    return [payments.c.project_id.in_(only)] if len(only) <= FEW else []


def _counted(year: int, as_of: date) -> tuple[ColumnElement[bool], ...]:
    """As in the ledger: in force, matched, of a status that counts, paid in the year."""
    return (
        payments.c.pay_date.between(date(year, 1, 1), min(as_of, date(year, 12, 31))),
        payments.c.project_id.is_not(None),
        payments.c.undone == 0,
        payments.c.status.in_(COUNTED),
    )
