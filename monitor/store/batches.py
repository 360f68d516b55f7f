"""Many values at once: one statement takes only so many, and each statement costs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from types import MappingProxyType
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, String, Table, bindparam, column, text

from monitor.store.engine import trouble

T = TypeVar("T")

_MOST_SIGNS = 6_000  # in one statement; SQLite takes 32,766
_LISTED = {
    "sqlite": "SELECT value FROM json_each(:values)",
    "postgresql": "SELECT value FROM json_array_elements_text(CAST(:values AS json))",
}


def batches(items: Iterable[T], size: int = 500) -> Iterator[list[T]]:
    """The items in lists of at most `size`; 500 are far below what any database allows."""
    listed = list(items)
    return (listed[start : start + size] for start in range(0, len(listed), size))


def among(
    connection: Connection, tested: ColumnElement[str], values: Iterable[str]
) -> ColumnElement[bool]:
    """Whether a text column has one of the values, however many they are."""
    listed = text(_LISTED[connection.dialect.name]).bindparams(
        bindparam("values", json.dumps(list(values)), unique=True)
    )
    return tested.in_(listed.columns(column("value", String)))


def add_many(
    connection: Connection,
    table: Table,
    names: Sequence[str],
    rows: Iterable[tuple[Any, ...]],
    *,
    unless: Sequence[str] = (),
    onto: Sequence[str] = (),
    fixed: Mapping[str, int] = MappingProxyType({}),
) -> int:
    """Inserts rows of plain values (dates as ISO text), by the driver alone; how many came in.

    A row that is equal to another one in the columns `unless`, which have a unique key, is left
    out; where it is equal in the columns `onto`, its other figures are added to that one's.
    `fixed` are further columns that are the same in all rows.
    """
    sign = "?" if connection.dialect.name == "sqlite" else "%s"
    signs = ", ".join([*map(str, fixed.values()), *[sign] * len(names)])
    columns = ", ".join([*fixed, *names])
    passing = f" ON CONFLICT ({', '.join(unless)}) DO NOTHING" if unless else ""
    if onto:
        added = (
            f"{each} = {table.name}.{each} + excluded.{each}" for each in names if each not in onto
        )
        passing = f" ON CONFLICT ({', '.join(onto)}) DO UPDATE SET {', '.join(added)}"
    statement = f"INSERT INTO {table.name} ({columns}) VALUES ({signs}){passing}"  # noqa: S608
    cursor = connection.connection.cursor()
    try:
        if sign == "%s":
            cursor.executemany(statement, rows)  # type: ignore[arg-type]  # any iterable
            return max(0, cursor.rowcount)
        return _insert(cursor, statement, f"({signs})", len(names), iter(rows))
    except Exception as error:
        raise trouble(error) or error from error
    finally:
        cursor.close()


def add_all(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Inserts rows that have the same columns, converted as the columns say, by the driver alone.

    Columns that are left out take no default of ours.
    """
    if not rows:
        return
    dialect = connection.dialect
    made: list[Iterable[Any]] = []
    for name in rows[0]:
        convert = table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
        values = [row[name] for row in rows]
        made.append(map(convert, values) if convert else values)
    add_many(connection, table, list(rows[0]), zip(*made, strict=True))


def _insert(
    cursor: Any, statement: str, signs: str, width: int, rows: Iterator[tuple[Any, ...]]
) -> int:
    """Inserts many rows by one statement: SQLite takes a third less time so."""
    most = _MOST_SIGNS // max(1, width)
    added = 0
    while values := tuple(chain.from_iterable(islice(rows, most))):
        many = len(values) // width
        whole = statement.replace(f"VALUES {signs}", "VALUES " + ", ".join([signs] * many), 1)
        added += cursor.execute(whole, values).rowcount
    return added
