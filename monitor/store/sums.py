"""Sums by project to the end of each month, kept beside the payments that they come from.

Whatever changes which payments count, or for which project, says so here in its own
transaction; `differences` proves the sums equal to the payments.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from enum import StrEnum
from itertools import accumulate, chain
from typing import Any, NamedTuple

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

from monitor.domain.payment import Status
from monitor.store.batches import add_many
from monitor.store.payment_tables import MONTHS, monthly_in_transit, monthly_sums, payments
from monitor.store.tables import projects

COUNTED = tuple(status.value for status in Status if status.counts)
"""The statuses whose money counts, as they stand in the database."""


class Sum(StrEnum):
    """What is summed: what counts, and what is applied for."""

    PAID = "paid"
    IN_TRANSIT = "in_transit"


TABLES = {Sum.PAID: monthly_sums, Sum.IN_TRANSIT: monthly_in_transit}
SUMMED = {**dict.fromkeys(COUNTED, Sum.PAID), Status.IN_TRANSIT.value: Sum.IN_TRANSIT}
"""By status, the sum that a payment is part of."""

Key = tuple[int, int, Sum]
"""Project id, month, and which sum."""
Changes = Mapping[Key, tuple[int, int]]
"""Fen and lines that come in or, if negative, go."""


def change(connection: Connection, changes: Changes) -> None:
    """What changes in a month changes the sums to the end of it and of every later one."""
    for which in Sum:
        changed = [
            (project_id, month, fen, lines)
            for (project_id, month, of), (fen, lines) in changes.items()
            if of is which and (fen or lines)
        ]
        if changed:
            _add(connection, which, changed)


def _add(connection: Connection, which: Sum, changed: Sequence[tuple[int, int, int, int]]) -> None:
    """Adds what changes, given as project id, month, fen and lines."""
    months = range(min(month for _, month, _, _ in changed), MONTHS.stop)
    names = [f"{what}_to_{month:02d}" for what in ("fen", "lines") for month in months]
    width = len(months)
    by_project: defaultdict[int, list[int]] = defaultdict(lambda: [0] * (2 * width))
    for project_id, month, fen, lines in changed:
        row = by_project[project_id]
        row[month - months.start] = fen
        row[month - months.start + width] = lines
    rows = (
        (project_id, *accumulate(row[:width]), *accumulate(row[width:]))
        for project_id, row in sorted(by_project.items())
    )
    add_many(connection, TABLES[which], ("project_id", *names), rows, onto=("project_id",))


def until(month: int, which: Sum = Sum.PAID) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """Fen and lines of a row of a sum's table up to the end of a month; 0 is none."""
    if not month:
        return literal(0), literal(0)
    columns = TABLES[which].c
    return columns[f"fen_to_{month:02d}"], columns[f"lines_to_{month:02d}"]


def of_month(month: int, which: Sum = Sum.PAID) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """Fen and lines of a row of a sum's table in one month alone."""
    (fen, lines), (fen_before, lines_before) = until(month, which), until(month - 1, which)
    return fen - fen_before, lines - lines_before


def load(connection: Connection) -> dict[Key, tuple[int, int]]:
    """What the sums that are kept say of each month, those of 0 and no line left out."""
    found = {}
    for which in Sum:
        of_months = chain.from_iterable(of_month(month, which) for month in MONTHS)
        query: Select[Any] = select(TABLES[which].c.project_id, *of_months)
        for project_id, *all_ in connection.execute(query):
            for month, fen, lines in zip(MONTHS, all_[::2], all_[1::2], strict=True):
                if (fen, lines) != (0, 0):
                    found[project_id, month, which] = fen, lines
    return found


def of_payments(connection: Connection, *which: ColumnElement[bool]) -> dict[Key, tuple[int, int]]:
    """What the payments in force among these give to the sums."""
    month = extract("month", payments.c.pay_date)
    query = (
        select(
            payments.c.project_id,
            month,
            payments.c.status,
            cast(func.sum(payments.c.amount_fen), BigInteger),
            func.count(),
        )
        .where(*which, payments.c.project_id.is_not(None), payments.c.undone == 0)
        .where(payments.c.status.in_(SUMMED))
        .group_by(payments.c.project_id, month, payments.c.status)
    )
    found: dict[Key, tuple[int, int]] = {}
    for project_id, number, status, fen, lines in connection.execute(query):
        key = project_id, int(number), SUMMED[status]
        before = found.get(key, (0, 0))
        found[key] = before[0] + int(fen), before[1] + lines
    return found


def negated(changes: Changes) -> dict[Key, tuple[int, int]]:
    return {key: (-fen, -lines) for key, (fen, lines) in changes.items()}


class Difference(NamedTuple):
    """Where the sums are not what the payments give: (fen, lines) each."""

    year: int
    project_code: str
    month: int
    which: Sum
    kept: tuple[int, int]
    derived: tuple[int, int]


def differences(connection: Connection) -> list[Difference]:
    """Every sum that does not follow from the payments; none unless something is broken."""
    kept: defaultdict[Key, tuple[int, int]] = defaultdict(lambda: (0, 0), load(connection))
    derived = defaultdict(kept.default_factory, of_payments(connection))
    wrong = [key for key in sorted({*kept, *derived}) if kept[key] != derived[key]]
    names: dict[int, Any] = {row.id: row for row in connection.execute(select(projects)) if wrong}
    return [
        Difference(
            names[key[0]].year, names[key[0]].project_code, *key[1:], kept[key], derived[key]
        )
        for key in wrong
    ]
