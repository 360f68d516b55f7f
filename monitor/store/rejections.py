"""Rejected rows: kept with their raw cells until a later import has mended them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from monitor.store import mendings
from monitor.store.batches import batches
from monitor.store.mendings import Key
from monitor.store.payment_tables import numberings, payments, rejections
from monitor.store.tables import imports


def add(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        connection.execute(insert(rejections), list(rows))


def known_contents(
    connection: Connection, contents: Iterable[str], *, before: int | None = None
) -> set[str]:
    """Which of these row contents were rejected, in an import in force (or `before` that one)."""
    found: set[str] = set()
    for batch in batches(sorted(set(contents))):
        query = (
            select(rejections.c.content)
            .join(imports, imports.c.id == rejections.c.import_id)
            .where(imports.c.undone == 0)
            .where(rejections.c.content.in_(batch))
        )
        if before is not None:
            query = query.where(rejections.c.import_id < before)
        found.update(connection.scalars(query))
    return found


def load(
    connection: Connection, *, year: int | None = None, without: Collection[str] = ()
) -> list[Row[Any]]:
    """Rejected rows that no later import has mended, with their file, in order of arrival.

    Those rejected for a reason among `without` are left out.

    A rejected row belongs to the year of the list that it stood in. One that came back by the
    list of rejected rows is settled, or stands there anew if it is still wrong. Otherwise the
    rejected lines of one number are settled together, once as many came in: which one mended
    which is not known. A line that came in by a list that shows the rejected row as it was is
    another line of that document, and mends nothing.
    """
    query = (
        select(
            *(rejections, imports.c.file, imports.c.months, imports.c.sha256),
            *(imports.c.scope, imports.c.undone),
        )
        .join(imports, imports.c.id == rejections.c.import_id)
        .order_by(rejections.c.import_id, rejections.c.line)
    )
    every = connection.execute(query).all()
    came_back = mendings.load(connection)
    identities = _identities(every, came_back)
    settled = {
        identities[rejected]
        for back, rejected in came_back.items()
        if identities.get(back) != identities[rejected]
    }
    rows = _each_once(every, identities)
    shown = _shown(every, identities)
    rejected = Counter((row.import_id, row.number) for row in rows)
    came_in = _came_in(connection)
    return [
        row
        for row in rows
        if identities[row.import_id, row.line] not in settled
        and row.reason_id not in without
        and (year is None or _is_of(year, row.months))
        and _mended_by(row, came_in[row.number], shown[identities[row.import_id, row.line]])
        < rejected[row.import_id, row.number]
    ]


_Identity = tuple[str, int]


def _identities(
    rows: Iterable[Row[Any]], came_back: Mapping[Key, Key]
) -> dict[tuple[int, int], _Identity]:
    """What makes rows of several lists the same: content, and how often it stood before.

    A row that came back as it was is the one that it came back for.
    """
    seen: Counter[tuple[int, str]] = Counter()
    found: dict[tuple[int, int], _Identity] = {}
    for row in rows:
        key = Key(row.import_id, row.line)
        before = found.get(came_back[key]) if key in came_back else None
        if before and before[0] == row.content:
            found[key] = before
        else:
            seen[row.import_id, row.content] += 1
            found[key] = (row.content, seen[row.import_id, row.content])
    return found


def _each_once(
    rows: Iterable[Row[Any]], identities: Mapping[tuple[int, int], _Identity]
) -> list[Row[Any]]:
    """The rows in force; one that several lists show is the first list's."""
    found: dict[_Identity, Row[Any]] = {}
    for row in rows:
        if not row.undone:
            found.setdefault(identities[row.import_id, row.line], row)
    return list(found.values())


def _shown(
    rows: Iterable[Row[Any]], identities: Mapping[tuple[int, int], _Identity]
) -> defaultdict[_Identity, set[int]]:
    """The imports in force that show a rejected row."""
    found: defaultdict[_Identity, set[int]] = defaultdict(set)
    for row in rows:
        if not row.undone:
            found[identities[row.import_id, row.line]].add(row.import_id)
    return found


def open_by_number(connection: Connection, year: int) -> Counter[str]:
    """How many rejected rows of each number wait to be mended, in the lists of a year."""
    return Counter(row.number for row in load(connection, year=year) if row.number)


def _came_in(connection: Connection) -> defaultdict[str, list[tuple[int, int]]]:
    """The payments in force that carry the number of a rejected row: number → year, import id."""
    numbers = select(rejections.c.number).where(rejections.c.number != "")
    query = select(payments.c.number, payments.c.year, payments.c.import_id).where(
        payments.c.undone == 0,
        payments.c.year.in_(select(numberings.c.year)),  # with the year there is an index
        payments.c.number.in_(numbers),
    )
    found: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for number, year, import_id in connection.execute(query):
        found[number].append((year, import_id))
    return found


def _mended_by(
    rejected: Row[Any], came_in: Iterable[tuple[int, int]], shown: Collection[int]
) -> int:
    """How many lines of the number came in later; the numbers of another year are others.

    Not by the lists in which the row is `shown` still unmended.
    """
    return sum(
        import_id > rejected.import_id and import_id not in shown and _is_of(year, rejected.months)
        for year, import_id in came_in
    )


def _is_of(year: int, months: Sequence[str]) -> bool:
    """A list that says no month may be of any year: rather shown once too often than missed."""
    return not months or any(month.startswith(f"{year}-") for month in months)
