"""The ledger: what was paid for each project by a date, summed by the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    cast,
    func,
    literal,
    select,
)

from monitor.domain.calendar import month_end
from monitor.domain.progress import Account
from monitor.store import adjustments, sums
from monitor.store.matches import UNMATCHED
from monitor.store.payment_tables import monthly_sums, payments, wordings
from monitor.store.projects import REVISION_IN_FORCE
from monitor.store.sums import COUNTED, SUMMED, Sum
from monitor.store.tables import projects, revisions

_Column = ColumnElement[int]


def accounts(
    connection: Connection,
    *,
    year: int,
    as_of: date,
    unit_code: str | None = None,
    project_code: str | None = None,
) -> list[Account]:
    """Every project in force of a year with its sums at `as_of`, by unit and code.

    A payment counts if its status does, it is matched, and it was paid in the year and not
    after `as_of`; what is applied for but not paid is summed in the same way. One statement
    makes all sums. Names are the latest document's; budget and plan are those of the day.
    """
    query = _accounts_query(year, as_of)
    if unit_code is not None:
        of_unit = revisions.alias()
        ids = select(of_unit.c.project_id).where(of_unit.c.unit_code == unit_code)
        query = query.where(revisions.c.unit_code == unit_code, projects.c.id.in_(ids))
        query = query.where(projects.c.year + 0 == year)  # not by the index of the year: by ids
    else:
        query = query.where(projects.c.year == year)
    if project_code is not None:
        query = query.where(projects.c.project_code == project_code)
    rows = sorted(connection.execute(query).all(), key=attrgetter("unit_code", "project_code"))
    wanted = {row.project_id for row in rows}
    found = adjustments.histories(connection, year, wanted)
    budgets = ((row, found[row.project_id]) for row in rows)
    return [
        Account(
            year=year,
            unit_code=row.unit_code,
            unit_name=row.unit_name,
            project_code=row.project_code,
            project_name=row.project_name,
            initial_budget_fen=budget.initial_fen,
            budget_fen=budget.at(as_of),
            paid_fen=row.paid_fen,
            payments=row.paid_lines,
            plan=budget.plan_at(as_of),
            added_since_fen=budget.added_since_due(as_of),
            in_transit_fen=row.in_transit_fen,
            in_transit=row.in_transit_lines,
        )
        for row, budget in budgets
    ]


def _accounts_query(year: int, as_of: date) -> Select[Any]:
    """Whole months come from their sums; of a month that has begun, the payments themselves."""
    whole = _whole_months(year, as_of)
    found = {name: _or_nothing(each) for name, each in _named(lambda of: sums.until(whole, of))}
    joined = projects.join(revisions, REVISION_IN_FORCE)
    for table in sums.TABLES.values():
        joined = joined.outerjoin(table, table.c.project_id == projects.c.id)
    if as_of.year == year and whole < as_of.month:
        days = _in_days(as_of.replace(day=1), as_of).subquery()
        joined = joined.outerjoin(days, days.c.project_id == projects.c.id)
        found = {name: each + _or_nothing(days.c[name]) for name, each in found.items()}
    return select(
        projects.c.project_code,
        projects.c.id.label("project_id"),
        revisions.c.unit_code,
        revisions.c.unit_name,
        revisions.c.project_name,
        *(each.label(name) for name, each in found.items()),
    ).select_from(joined)


def _named(make: Callable[[Sum], Iterable[_Column]]) -> Iterator[tuple[str, _Column]]:
    """paid_fen, paid_lines, in_transit_fen and in_transit_lines, made for each of the sums."""
    for of in Sum:
        yield from zip((f"{of}_fen", f"{of}_lines"), make(of), strict=True)


def _or_nothing(column: _Column) -> _Column:
    return func.coalesce(column, literal(0))


def _in_days(first: date, last: date) -> Select[Any]:
    """By project, what was paid and applied for in these days, and in how many lines."""

    def make(of: Sum) -> tuple[_Column, _Column]:
        these = payments.c.status.in_([status for status, each in SUMMED.items() if each is of])
        fen = cast(func.sum(payments.c.amount_fen).filter(these), BigInteger)
        return fen, func.count().filter(these)

    return (
        select(payments.c.project_id, *(each.label(name) for name, each in _named(make)))
        .where(*_in_force(first, last), payments.c.status.in_(SUMMED))
        .group_by(payments.c.project_id)
    )


def _whole_months(year: int, as_of: date) -> int:
    """How many months of the year have ended by the end of a day."""
    if as_of.year != year:
        return 12 if as_of.year > year else 0
    return as_of.month - (as_of < month_end(year, as_of.month))


def _in_force(first: date, last: date) -> tuple[ColumnElement[bool], ...]:
    """Payments of these days that are a project's."""
    return (
        payments.c.pay_date.between(first, last),
        payments.c.project_id.is_not(None),
        payments.c.undone == 0,
    )


def _days(year: int, as_of: date) -> tuple[date, date]:
    return date(year, 1, 1), min(as_of, date(year, 12, 31))


def monthly(connection: Connection, *, year: int, as_of: date) -> dict[str, tuple[int, ...]]:
    """By project code, the twelve months' own sums in fen up to `as_of`."""
    whole = _whole_months(year, as_of)
    kept = [sums.of_month(month)[0] for month in range(1, whole + 1)]
    months = (
        select(projects.c.project_code, *kept)
        .join_from(monthly_sums, projects, projects.c.id == monthly_sums.c.project_id)
        .where(projects.c.year == year)
    )
    found: defaultdict[str, list[int]] = defaultdict(lambda: [0] * 12)
    for code, *fen in connection.execute(months):
        found[code][:whole] = fen
    if as_of.year == year and whole < as_of.month:
        days = _in_days(as_of.replace(day=1), as_of).subquery()
        begun = select(projects.c.project_code, _or_nothing(days.c.paid_fen)).join_from(
            days, projects, projects.c.id == days.c.project_id
        )
        for code, fen in connection.execute(begun):
            found[code][as_of.month - 1] = fen
    return {code: tuple(fen) for code, fen in found.items()}


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one imported list gives to one project's sum: lines, and their sum in fen."""

    project_code: str
    import_id: int
    lines: int
    paid_fen: int
    last: date


def contributions(connection: Connection, *, year: int, as_of: date) -> list[Contribution]:
    """Which imports a year's sums at `as_of` are made of, project by project."""
    query = (
        select(
            projects.c.project_code,
            payments.c.import_id,
            func.count().label("lines"),
            cast(func.sum(payments.c.amount_fen), BigInteger).label("paid_fen"),
            func.max(payments.c.pay_date).label("last"),
        )
        .join_from(payments, projects, projects.c.id == payments.c.project_id)
        .where(*_in_force(*_days(year, as_of)), payments.c.status.in_(COUNTED))
        .group_by(projects.c.project_code, payments.c.import_id)
        .order_by(projects.c.project_code, payments.c.import_id)
    )
    return [
        Contribution(row.project_code, row.import_id, row.lines, row.paid_fen, row.last)
        for row in connection.execute(query)
    ]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Counted payments without a project that share unit and project code, at a date."""

    unit_code: str
    unit_name: str
    project_code: str
    lines: int
    amount_fen: int


def waiting(connection: Connection, *, year: int, as_of: date) -> list[Waiting]:
    """Unmatched payments of a year up to `as_of`, by unit and project code as the lists say."""
    query = (
        select(
            wordings.c.unit_code,
            func.max(wordings.c.unit_name).label("unit_name"),
            wordings.c.project_code,
            func.count().label("lines"),
            cast(func.sum(payments.c.amount_fen), BigInteger).label("amount_fen"),
        )
        .join_from(payments, wordings, wordings.c.id == payments.c.wording_id)
        .where(UNMATCHED, payments.c.pay_date.between(*_days(year, as_of)))
        .group_by(wordings.c.unit_code, wordings.c.project_code)
        .order_by(wordings.c.unit_code, wordings.c.project_code)
    )
    return [
        Waiting(row.unit_code, row.unit_name, row.project_code, row.lines, row.amount_fen)
        for row in connection.execute(query)
    ]
