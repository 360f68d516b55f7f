"""The cells of payments, as their list had them: a row's own, or one of many in one text.

A long list brings its rows' cells in texts of many: they are written and read by people's
questions alone, and one by one they would take a quarter of an import's time.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Connection, Integer, Text, cast, exists, func, select
from sqlalchemy.sql.elements import KeyedColumnElement

from monitor.store.batches import add_many, batches
from monitor.store.packed_texts import BETWEEN, parts
from monitor.store.payment_tables import payments, row_texts

_first = (
    select(func.max(row_texts.c.first_id))
    .where(row_texts.c.first_id <= payments.c.id)
    .correlate(payments)
    .scalar_subquery()
)
_place = cast(payments.c.id - row_texts.c.first_id + 1, Integer)
_in_many = (
    select(func.split_part(row_texts.c.cells, BETWEEN, _place, type_=Text))
    .where(row_texts.c.first_id == _first)
    .correlate(payments)
    .scalar_subquery()
)
IN_MANY = (
    exists()
    .where(row_texts.c.first_id == _first, payments.c.id < row_texts.c.first_id + row_texts.c.rows)
    .correlate(payments)
)
"""Whether a payment's cells stand in one of the texts of many."""
CELLS: KeyedColumnElement[Any] = func.coalesce(payments.c.own_cells, _in_many).label("cells")
"""A payment's cells, joined by U+001F."""
PAYMENT: tuple[Any, ...] = (*(each for each in payments.c if each.name != "own_cells"), CELLS)
"""All columns of a payment, with its cells."""


def add(
    connection: Connection, first_id: int, texts: Iterable[tuple[int, bytes]], left: Collection[int]
) -> None:
    """Records the cells of payments one after the other, given as how many and their text.

    A text is not recorded whose payments are all among those `left` out: later ones may get their
    ids. PostgreSQL packs texts by itself.
    """
    plain, gone = connection.dialect.name != "sqlite", sorted(left)
    rows = []
    for count, text in texts:
        if bisect_left(gone, first_id + count) - bisect_left(gone, first_id) < count:
            rows.append((first_id, count, BETWEEN.join(parts(text)) if plain else text))
        first_id += count
    add_many(connection, row_texts, ("first_id", "rows", "cells"), rows)


def load(connection: Connection, ids: Iterable[int]) -> dict[int, str]:
    """The cells of many payments by id; quicker than `CELLS` where they are thousands."""
    wanted = sorted(set(ids))
    found: dict[int, str] = {}
    shared = []
    for batch in batches(wanted):
        query = select(payments.c.id, payments.c.own_cells).where(payments.c.id.in_(batch))
        for id_, cells in connection.execute(query):
            if cells is None:
                shared.append(id_)
            else:
                found[id_] = cells
    return found | _shared(connection, sorted(shared))


def _shared(connection: Connection, ids: list[int]) -> dict[int, str]:
    if not ids:
        return {}
    query = select(row_texts.c.first_id).where(row_texts.c.first_id <= ids[-1])
    starts = connection.scalars(query.order_by(row_texts.c.first_id)).all()
    of_start: defaultdict[int, list[int]] = defaultdict(list)
    for id_ in ids:
        of_start[starts[bisect_right(starts, id_) - 1]].append(id_)
    found = {}
    for batch in batches(of_start):
        query = select(row_texts).where(row_texts.c.first_id.in_(batch))
        for row in connection.execute(query):
            each = parts(row.cells) if isinstance(row.cells, bytes) else row.cells.split(BETWEEN)
            found.update({id_: each[id_ - row.first_id] for id_ in of_start[row.first_id]})
    return found
