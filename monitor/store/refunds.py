"""The counted lines of a year that refunds may have to do with."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Subquery, func, or_, select

from monitor.domain.payment import Status
from monitor.store import matches
from monitor.store.batches import among
from monitor.store.matches import UNMATCHED
from monitor.store.payment_tables import payments, wordings
from monitor.store.row_texts import CELLS
from monitor.store.sums import COUNTED
from monitor.store.tables import imports, projects

_AT_ONCE = 5_000  # rows


def refunded(
    connection: Connection,
    year: int,
    *,
    unit_code: str | None = None,
    project_id: int | None = None,
) -> list[Row[Any]]:
    """The refunds that count. What is outside monitoring is left out."""
    which = _of_year(year) if project_id is None else matches.in_project(project_id, year)
    query = _counted(*which).where(payments.c.status == Status.REFUNDED.value)
    if unit_code is not None:
        query = query.where(wordings.c.unit_code == unit_code)
    return list(connection.execute(query).all())


class Owners:
    """Whose money refunds are: their projects, or unit and code where they wait for one."""

    def __init__(self, connection: Connection, year: int, refunds: Collection[Row[Any]]) -> None:
        self._connection, self._year = connection, year
        self._projects = {row.project_id for row in refunds if row.project_id is not None}
        self._waiting = {(row.unit_code, row.project_code) for row in refunds if not row.project_id}
        self._which, self._alone = _of_year(year), False
        if len(self._projects) == 1 and not self._waiting:  # its days have an index
            (only,) = self._projects
            self._which, self._alone = matches.in_project(only, year), True

    def refunds(self) -> list[Row[Any]]:
        """All their counted lines below zero."""
        query = _counted(*self._which).where(payments.c.amount_fen < 0)
        return list(self._of_them(query))

    def returnable(self) -> Iterator[Row[Any]]:
        """Their payments; of millions, those large and early enough for a refund of the project."""
        query = _counted(*self._which).where(payments.c.amount_fen > 0)
        if not self._alone:
            asked = _asked(self._year)
            fits = payments.c.amount_fen >= asked.c.least_fen
            fits &= payments.c.pay_date <= asked.c.latest
            query = query.outerjoin(asked, asked.c.project_id == payments.c.project_id)
            query = query.where(or_(fits, payments.c.project_id.is_(None)))
        return self._of_them(query)

    def _of_them(self, query: Select[Any]) -> Iterator[Row[Any]]:
        for row in self._connection.execute(query.execution_options(yield_per=_AT_ONCE)):
            if row.project_id in self._projects or (
                row.project_id is None and (row.unit_code, row.project_code) in self._waiting
            ):
                yield row


def _asked(year: int) -> Subquery:
    """By project, its smallest refund of a year, and the day of its last."""
    return (
        select(
            payments.c.project_id,
            func.min(-payments.c.amount_fen).label("least_fen"),
            func.max(payments.c.pay_date).label("latest"),
        )
        .where(*_of_year(year), payments.c.status.in_(COUNTED), payments.c.amount_fen < 0)
        .group_by(payments.c.project_id)
        .subquery()
    )


def numbered(connection: Connection, year: int, numbers: Iterable[str]) -> list[Row[Any]]:
    """All counted lines with one of these as their number."""
    wanted = among(connection, payments.c.number, sorted(set(numbers)))
    of_year = payments.c.year == year, payments.c.undone == 0  # the index begins with the year
    return list(connection.execute(_counted(*of_year, wanted)).all())


def with_vouchers(connection: Connection, year: int, vouchers: Collection[str]) -> list[Row[Any]]:
    """All counted lines with one of these as their voucher; there is no index of vouchers."""
    if not vouchers:
        return []
    wanted = among(connection, payments.c.voucher, sorted(vouchers))
    return list(connection.execute(_counted(*_of_year(year), wanted)).all())


def _of_year(year: int) -> tuple[ColumnElement[bool], ...]:
    """Payments in force of a year. As most are, an index of the year would be slower than none."""
    return payments.c.year + 0 == year, payments.c.undone == 0


def _counted(*which: ColumnElement[bool]) -> Select[Any]:
    """Counted lines among these payments in force."""
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
            *which,
            payments.c.status.in_(COUNTED),
            or_(payments.c.project_id.is_not(None), UNMATCHED),
        )
    )  # fmt: skip


def layouts(connection: Connection) -> dict[int, tuple[str, dict[str, Any]]]:
    """File and layout of every payment list, by import id."""
    query = select(imports.c.id, imports.c.file, imports.c.layout)
    found = connection.execute(query.where(imports.c.kind == "payments"))
    return {row.id: (row.file, row.layout) for row in found}
