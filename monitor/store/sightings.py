"""Which rows of later lists say what is already recorded: packed, since they are millions."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import Connection, insert, select

from monitor.store.payment_tables import sightings
from monitor.store.tables import imports

_PAIRS = 100_000  # in one row of the table


def add(connection: Connection, import_id: int, lines: Sequence[int], ids: Sequence[int]) -> None:
    """Records, for lines of a list, which payments they repeat."""
    for start in range(0, len(lines), _PAIRS):
        seen = array("q", ids[start : start + _PAIRS])
        packed = array("q", bytes(16 * len(seen)))
        packed[0::2], packed[1::2] = array("q", lines[start : start + _PAIRS]), seen
        connection.execute(
            insert(sightings).values(
                import_id=import_id,
                first_payment_id=min(seen),
                last_payment_id=max(seen),
                pairs=packed.tobytes(),
            )
        )


def of_import(connection: Connection, import_id: int) -> Iterator[tuple[int, int]]:
    """The lines of an import that repeat something, each with the payment's id."""
    query = select(sightings.c.pairs).where(sightings.c.import_id == import_id)
    for packed in connection.scalars(query.order_by(sightings.c.id)):
        yield from _unpacked(packed)


def of_payments(connection: Connection, wanted: Iterable[int]) -> dict[int, list[tuple[int, int]]]:
    """Where payments were seen again, by import in force and line, in the order of import."""
    ids = set(wanted)
    found: dict[int, list[tuple[int, int]]] = {}
    if not ids:
        return found
    query = (
        select(sightings.c.import_id, sightings.c.pairs)
        .join(imports, imports.c.id == sightings.c.import_id)
        .where(imports.c.undone == 0)
        .where(sightings.c.first_payment_id <= max(ids), sightings.c.last_payment_id >= min(ids))
        .order_by(sightings.c.id)
    )
    for import_id, packed in connection.execute(query):
        for line, payment_id in _unpacked(packed):
            if payment_id in ids:
                found.setdefault(payment_id, []).append((import_id, line))
    return found


def _unpacked(packed: bytes) -> Iterator[tuple[int, int]]:
    numbers = array("q")
    numbers.frombytes(packed)
    return zip(numbers[::2], numbers[1::2], strict=True)
