"""The versions of a payment document that lists hold against each other, and what was decided."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row

from monitor.domain.landing import same_content
from monitor.domain.payment import Content
from monitor.store import conflicts


def content_of(row: Row[Any]) -> Content:
    """What a recorded row is compared by; `row` has its wording's codes."""
    return Content(
        row.pay_date.isoformat(),
        str(row.amount_fen),
        row.status,
        row.project_code,
        row.unit_code,
    )


def same_version(one: Sequence[Content], other: Sequence[Content]) -> bool:
    """Whether two lists of lines say the same, in whatever order."""
    left = list(other)
    for content in one:
        same = next((each for each in left if same_content(content, each)), None)
        if same is None:
            return False
        left.remove(same)
    return not left


def settle_again(connection: Connection, import_id: int) -> int:
    """Settles conflicts of a new import that show once more what was decided against; how many.

    Needs the write lock. The decision is that of the person who took it then.
    """
    documents: defaultdict[tuple[int, str], list[Row[Any]]] = defaultdict(list)
    for row in conflicts.of_import(connection, import_id):
        documents[row.year, row.number].append(row)
    settled = 0
    for (year, number), rows in documents.items():
        contents = list(map(content_of, rows))
        for decided, version in _rejected(connection, year, number):
            if same_version(contents, version):
                conflicts.resolve(
                    connection,
                    [(row.id, "old", None) for row in rows],
                    reason=decided.reason,
                    at=conflicts.arrival(connection, import_id),
                    actor=decided.actor,
                )
                settled += len(rows)
                break
    return settled


def _rejected(
    connection: Connection, year: int, number: str
) -> Iterable[tuple[Row[Any], list[Content]]]:
    """The versions of a number that a decision in force is against, with that decision."""
    found: defaultdict[tuple[str, int], list[Row[Any]]] = defaultdict(list)
    for row in conflicts.decided_against(connection, year, number):
        found["", row.import_id].append(row)
    for row in conflicts.taken_back(connection, year, number):
        found["back", row.resolution_id].append(row)
    for rows in found.values():
        yield rows[0], list(map(content_of, rows))
