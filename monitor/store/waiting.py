"""Payments that wait for a project, many at once: by what they say, not row by row."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import BigInteger, Connection, Row, Select, cast, func, select

from monitor.store import matches
from monitor.store.batches import batches
from monitor.store.payment_tables import payments, wordings

SAID = ("unit_code", "unit_name", "project_code", "project_name", "fund", "category", "economic")
_NEWEST = 200_000


def groups(
    connection: Connection, *, year: int | None = None, unit_code: str | None = None
) -> list[Row[Any]]:
    """Unmatched payments by year and wording: rows, sum, and the id of the first."""
    waiting = select(
        payments.c.year,
        payments.c.wording_id,
        func.count().label("rows"),
        cast(func.sum(payments.c.amount_fen), BigInteger).label("amount_fen"),
        func.min(payments.c.id).label("first_id"),
    ).where(matches.UNMATCHED)
    if year is not None:
        waiting = waiting.where(payments.c.year == year)
    grouped = waiting.group_by(payments.c.year, payments.c.wording_id).subquery()
    query = select(grouped, *(wordings.c[name] for name in SAID)).join(
        wordings, wordings.c.id == grouped.c.wording_id
    )
    if unit_code is not None:
        query = query.where(wordings.c.unit_code == unit_code)
    return list(connection.execute(query.order_by(grouped.c.first_id)).all())


def rows_of(connection: Connection, year: int, wording_ids: Collection[int]) -> list[Row[Any]]:
    """The unmatched payments of a year with one of these wordings."""
    return [
        row
        for batch in batches(sorted(wording_ids))
        for row in matches.like(
            connection,
            matches.UNMATCHED,
            payments.c.year == year,
            payments.c.wording_id.in_(batch),
        )
    ]


def by_id(connection: Connection, ids: Iterable[int]) -> dict[int, Row[Any]]:
    """Payments in force by id."""
    return {
        row.id: row
        for batch in batches(ids)
        for row in matches.like(connection, payments.c.id.in_(batch))
    }


def of_method(
    connection: Connection, method: str, *, years: Collection[int] | None = None
) -> list[Row[Any]]:
    """All payments in force whose project was found, or left out, in this way."""
    where = [payments.c.method == method]
    if years is not None:
        where.append(payments.c.year.in_(years))
    return matches.like(connection, *where)


def paid_to(connection: Connection, year: int, unit_codes: Iterable[str]) -> list[Row[Any]]:
    """The newest matched payments of these units: unit, project, id, and import."""
    theirs = wordings.alias()
    among_units = theirs.c.unit_code.in_(sorted(set(unit_codes)))
    query: Select[Any] = (
        select(wordings.c.unit_code, payments.c.project_id, payments.c.id, payments.c.import_id)
        .join(wordings, wordings.c.id == payments.c.wording_id)
        .where(
            payments.c.year + 0 == year,  # from the newest on, not by the index of the year
            payments.c.undone == 0,
            payments.c.project_id.is_not(None),
            payments.c.wording_id.in_(select(theirs.c.id).where(among_units)),
        )
        .order_by(payments.c.id.desc())
        .limit(_NEWEST)
    )
    return list(connection.execute(query).all())


def of_code(
    connection: Connection, code: str, methods: Collection[str], *, year: int | None, unit: str
) -> list[Row[Any]]:
    """Payments in force without a project that bear this code: id, year, fen, status, wording."""
    query: Select[Any] = (
        select(
            payments.c.id,
            payments.c.year,
            payments.c.amount_fen,
            payments.c.status,
            payments.c.wording_id,
            payments.c.method,
        )
        .join(wordings, wordings.c.id == payments.c.wording_id)
        .where(wordings.c.project_code == code, payments.c.undone == 0)
        .where(payments.c.project_id.is_(None), payments.c.method.in_(methods))
        .order_by(payments.c.id)
    )
    if year is not None:
        query = query.where(payments.c.year == year)
    if unit:
        query = query.where(wordings.c.unit_code == unit)
    return list(connection.execute(query).all())
