"""Sums by project and month, kept beside the payments that they are derived from.

Whatever changes which payments count, or for which project, says so here in its own
transaction; `differences` proves the sums equal to the payments.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, Connection, cast, extract, func, literal, select

from monitor.domain.payment import Status
from monitor.store.batches import add_many
from monitor.store.payment_tables import MONTHS, monthly_sums, payments
from monitor.store.tables import projects

COUNTED = tuple(status.value for status in Status if status.counts)
"""The statuses whose money counts, as they stand in the database."""

Changes = Mapping[tuple[int, int], tuple[int, int]]
"""(project id, month) → fen and lines that come in or, if negative, go."""


def change(connection: Connection, changes: Changes) -> None:
    changed = {key: both for key, both in changes.items() if any(both)}
    months = sorted({month for _, month in changed})
    names = [f"{name}_{month:02d}" for month in months for name in ("fen", "lines")]
    rows = (  # one a project: a month in which it changes nothing adds 0
        (project_id, *chain.from_iterable(changed.get((project_id, m), (0, 0)) for m in months))
        for project_id in sorted({project_id for project_id, _ in changed})
    )
    add_many(connection, monthly_sums, ("project_id", *names), rows, onto=("project_id",))


def until(month: int) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """Fen and lines of a row of `monthly_sums` up to the end of a month; 0 is none."""
    if not month:
        return literal(0), literal(0)
    fen: Sequence[ColumnElement[int]]
    lines: Sequence[ColumnElement[int]]
    fen, lines = (
        [monthly_sums.c[f"{name}_{each:02d}"] for each in range(1, month + 1)]
        for name in ("fen", "lines")
    )
    return sum(fen[1:], fen[0]), sum(lines[1:], lines[0])


def load(connection: Connection) -> dict[tuple[int, int], tuple[int, int]]:
    """All sums that are kept, those of 0 and no line left out."""
    found = {}
    for row in connection.execute(select(monthly_sums)).mappings():
        for month in MONTHS:
            both = row[f"fen_{month:02d}"], row[f"lines_{month:02d}"]
            if both != (0, 0):
                found[row["project_id"], month] = both
    return found


def of_payments(
    connection: Connection, *which: ColumnElement[bool]
) -> dict[tuple[int, int], tuple[int, int]]:
    """What the counted payments in force among these give to the sums."""
    month = extract("month", payments.c.pay_date)
    query = (
        select(
            payments.c.project_id,
            month,
            cast(func.sum(payments.c.amount_fen), BigInteger),
            func.count(),
        )
        .where(*which, payments.c.project_id.is_not(None), payments.c.undone == 0)
        .where(payments.c.status.in_(COUNTED))
        .group_by(payments.c.project_id, month)
    )
    found = connection.execute(query)
    return {(project, int(month)): (int(fen), lines) for project, month, fen, lines in found}


def negated(changes: Changes) -> dict[tuple[int, int], tuple[int, int]]:
    return {key: (-fen, -lines) for key, (fen, lines) in changes.items()}


class Difference(NamedTuple):
    """Where the sums are not what the payments give: (fen, lines) each."""

    year: int
    project_code: str
    month: int
    kept: tuple[int, int]
    derived: tuple[int, int]


def differences(connection: Connection) -> list[Difference]:
    """Every sum that does not follow from the payments; none unless something is broken."""
    kept: defaultdict[tuple[int, int], tuple[int, int]] = defaultdict(lambda: (0, 0))
    kept.update(load(connection))
    derived: defaultdict[tuple[int, int], tuple[int, int]] = defaultdict(lambda: (0, 0))
    derived.update(of_payments(connection))
    wrong = [key for key in sorted({*kept, *derived}) if kept[key] != derived[key]]
    names: dict[int, Any] = {row.id: row for row in connection.execute(select(projects)) if wrong}
    return [
        Difference(
            names[project].year, names[project].project_code, month,
            kept[project, month], derived[project, month],
        )
        for project, month in wrong
    ]  # fmt: skip
