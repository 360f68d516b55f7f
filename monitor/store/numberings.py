"""By which numbers payments go: whether two lists may name one payment in two ways."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from sqlalchemy import Connection, select

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


def met_otherwise(
    connection: Connection, year: int, numbers: Iterable[str], vouchers: Iterable[str]
) -> set[str]:
    """Which numbers and vouchers of a list are recorded under another name than a number."""
    listed, beside = set(numbers), set(vouchers) - {""}
    queries = (
        select(payments.c.voucher).where(
            payments.c.year == year, among(connection, payments.c.voucher, listed)
        ),
        select(payments.c.number).where(
            payments.c.year == year, among(connection, payments.c.number, beside)
        ),
        select(aliases.c.number).where(
            aliases.c.year == year, among(connection, aliases.c.number, listed | beside)
        ),
    )
    return set(chain.from_iterable(connection.scalars(query) for query in queries))
