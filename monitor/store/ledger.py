"""The ledger: what was paid for each project by a date, summed by the database."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    cast,
    extract,
    func,
    literal,
    select,
)

from monitor.domain.progress import Account
from monitor.store import adjustments
from monitor.store.matches import COUNTED, IN_FORCE, UNMATCHED
from monitor.store.projects import REVISION_IN_FORCE
from monitor.store.tables import matches, payments, projects, revisions


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
    after `as_of`. One statement makes all sums. Names are the latest document's; budget and
    plan are those of the day.
    """
    query = _accounts_query(year, as_of)
    if unit_code is not None:
        query = query.where(revisions.c.unit_code == unit_code)
    if project_code is not None:
        query = query.where(projects.c.project_code == project_code)
    rows = connection.execute(query).all()
    found = adjustments.histories(connection, year, {row.project_id for row in rows})
    budgets = ((row, found[row.project_id]) for row in rows)
    return [
        Account(
            year=row.year,
            unit_code=row.unit_code,
            unit_name=row.unit_name,
            project_code=row.project_code,
            project_name=row.project_name,
            initial_budget_fen=budget.initial_fen,
            budget_fen=budget.at(as_of),
            paid_fen=row.paid_fen,
            payments=row.lines,
            plan=budget.plan_at(as_of),
            added_since_fen=budget.added_since_due(as_of),
        )
        for row, budget in budgets
    ]


def _accounts_query(year: int, as_of: date) -> Select[Any]:
    paid = (
        select(
            matches.c.project_id,
            cast(func.sum(payments.c.amount_fen), BigInteger).label("paid_fen"),
            func.count().label("lines"),
        )
        .join(payments, payments.c.id == matches.c.payment_id)
        .where(*_counted(year, as_of))
        .group_by(matches.c.project_id)
        .subquery()
    )
    return (
        select(
            projects.c.year,
            projects.c.project_code,
            projects.c.id.label("project_id"),
            revisions.c.unit_code,
            revisions.c.unit_name,
            revisions.c.project_name,
            func.coalesce(paid.c.paid_fen, literal(0)).label("paid_fen"),
            func.coalesce(paid.c.lines, literal(0)).label("lines"),
        )
        .join_from(projects, revisions, REVISION_IN_FORCE)
        .outerjoin(paid, paid.c.project_id == projects.c.id)
        .where(projects.c.year == year)
        .order_by(revisions.c.unit_code, projects.c.project_code)
    )


def _counted(year: int, as_of: date) -> tuple[ColumnElement[bool], ...]:
    return (
        matches.c.undone == 0,
        payments.c.undone == 0,
        payments.c.status.in_(COUNTED),
        payments.c.year == year,
        payments.c.pay_date <= as_of,
    )


def monthly(connection: Connection, *, year: int, as_of: date) -> dict[str, tuple[int, ...]]:
    """By project code, the twelve months' own sums in fen up to `as_of`."""
    month = extract("month", payments.c.pay_date)
    query = (
        select(
            projects.c.project_code,
            month.label("month"),
            cast(func.sum(payments.c.amount_fen), BigInteger).label("paid_fen"),
        )
        .join_from(matches, payments, payments.c.id == matches.c.payment_id)
        .join(projects, projects.c.id == matches.c.project_id)
        .where(*_counted(year, as_of))
        .group_by(projects.c.project_code, month)
    )
    sums: defaultdict[str, list[int]] = defaultdict(lambda: [0] * 12)
    for row in connection.execute(query):
        sums[row.project_code][int(row.month) - 1] = row.paid_fen
    return {code: tuple(months) for code, months in sums.items()}


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
        .join_from(matches, payments, payments.c.id == matches.c.payment_id)
        .join(projects, projects.c.id == matches.c.project_id)
        .where(*_counted(year, as_of))
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
            payments.c.unit_code,
            func.max(payments.c.unit_name).label("unit_name"),
            payments.c.project_code,
            func.count().label("lines"),
            cast(func.sum(payments.c.amount_fen), BigInteger).label("amount_fen"),
        )
        .outerjoin(matches, IN_FORCE)
        .where(*UNMATCHED, payments.c.year == year, payments.c.pay_date <= as_of)
        .group_by(payments.c.unit_code, payments.c.project_code)
        .order_by(payments.c.unit_code, payments.c.project_code)
    )
    return [
        Waiting(row.unit_code, row.unit_name, row.project_code, row.lines, row.amount_fen)
        for row in connection.execute(query)
    ]
