"""By which numbers payments go: whether two lists may name one payment in two ways."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from sqlalchemy import Connection, select, text

from monitor.store.batches import add_many, among
from monitor.store.payment_tables import aliases, numberings, payments


def named(connection: Connection, year: int) -> set[tuple[str, bool]]:
    """How a year's payments are named: by what, and whether with a voucher beside it."""
    query = select(numberings.c.named_by, numberings.c.with_voucher).where(
        numberings.c.year == year
    )
    return {(named_by, bool(voucher)) for named_by, voucher in connection.execute(query)}


def years(connection: Connection) -> list[int]:
    """The years of which payments have come, ascending."""
    query = select(numberings.c.year).distinct().order_by(numberings.c.year)
    return list(connection.scalars(query))


def add(connection: Connection, used: Iterable[tuple[int, str, bool]]) -> None:
    names = ("year", "named_by", "with_voucher")
    rows = [(year, named_by, int(voucher)) for year, named_by, voucher in sorted(used)]
    add_many(connection, numberings, names, rows, unless=names)


def has_aliases(connection: Connection, year: int) -> bool:
    query = select(aliases.c.number).where(aliases.c.year == year).limit(1)
    return connection.scalar(query) is not None


def by_voucher(connection: Connection) -> bool:
    """Whether any list named its payments by their vouchers."""
    query = select(numberings.c.year).where(numberings.c.named_by == "voucher").limit(1)
    return connection.scalar(query) is not None


def ready_for_vouchers(connection: Connection) -> None:
    """Makes the index of vouchers, once: few offices have lists that name payments by them.

    It would take every import a twentieth of its time. Needs the write lock.
    """
    index = "CREATE INDEX IF NOT EXISTS ix_payments_year_voucher ON payments (year, voucher)"
    connection.execute(text(index))


def met_otherwise(
    connection: Connection, year: int, rows: Iterable[tuple[str, str, str]]
) -> set[str]:
    """Which numbers of a list are recorded under another name than a document's number.

    `rows` are given as number, what it is, and the voucher beside it. Needs the write lock.
    """
    listed: set[str] = set()
    bare: set[str] = set()
    beside: set[str] = set()
    for number, named_by, voucher in rows:
        (bare if named_by == "voucher" else listed).add(number)
        beside.add(voucher)
    beside.discard("")
    given = [(payments.c.number, beside), (aliases.c.number, listed | bare | beside)]
    if bare:
        ready_for_vouchers(connection)
        given.append((payments.c.voucher, bare))
    queries = [
        select(column).where(column.table.c.year == year, among(connection, column, names))
        for column, names in given
    ]
    return set(chain.from_iterable(connection.scalars(query) for query in queries))
