"""Many values at once: one statement takes only so many, and each statement costs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from types import MappingProxyType
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Select, String, Table, bindparam, column, text

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


def plain_rows(connection: Connection, query: Select[Any]) -> list[tuple[Any, ...]]:
    """What a query finds, as the driver gives it: for many rows, of numbers and texts alone."""
    result = connection.execute(query)
    found: list[tuple[Any, ...]] = list(result.cursor.fetchall())
    result.close()
    return found


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
) -> int:
    """Inserts rows of plain values (dates as ISO text), by the driver alone; how many came in.

    A row that is equal to another one in the columns `unless`, which have a unique key, is left
    out; where it is equal in the columns `onto`, its other figures are added to that one's.
    """
    passing = f" ON CONFLICT ({', '.join(unless)}) DO NOTHING" if unless else ""
    if onto:
        added = (
            f"{each} = {table.name}.{each} + excluded.{each}" for each in names if each not in onto
        )
        passing = f" ON CONFLICT ({', '.join(onto)}) DO UPDATE SET {', '.join(added)}"
    left = iter(rows)
    most = _MOST_SIGNS // len(names)

    def parts() -> Iterator[tuple[int, Sequence[Any]]]:
        while part := list(islice(left, most)):
            yield len(part), list(chain.from_iterable(part))

    return _insert(connection, table, names, parts(), passing)


def add_columns(
    connection: Connection,
    table: Table,
    columns: Mapping[str, Sequence[Any]],
    *,
    unless: Sequence[str],
    fixed: Mapping[str, int],
) -> int:
    """Inserts rows given as columns of one length, as `add_many` does.

    `fixed` are further columns that are the same in all rows.
    """
    width, rows = len(columns), len(next(iter(columns.values())))
    most = _MOST_SIGNS // width

    def parts() -> Iterator[tuple[int, Sequence[Any]]]:
        for start, many in _in_equal_parts(rows, most):
            values: list[Any] = [None] * (many * width)
            for n, each in enumerate(columns.values()):
                values[n::width] = each[start : start + many]
            yield many, values

    passing = f" ON CONFLICT ({', '.join(unless)}) DO NOTHING"
    return _insert(connection, table, list(columns), parts(), passing, fixed)


def _in_equal_parts(rows: int, most: int) -> Iterator[tuple[int, int]]:
    """Where each part begins, and its rows: of few sizes, as each is a statement to be prepared."""
    start = 0
    for many in (most, most // 8, most // 64, 1):
        while many and rows - start >= many:
            yield start, many
            start += many


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
    connection: Connection,
    table: Table,
    names: Sequence[str],
    parts: Iterator[tuple[int, Sequence[Any]]],
    passing: str,
    fixed: Mapping[str, int] = MappingProxyType({}),
) -> int:
    """Inserts parts, each given as how many rows it has and all their values in one.

    Many rows by one statement: SQLite takes a third less time so.
    """
    sign = "?" if connection.dialect.name == "sqlite" else "%s"
    signs = f"({', '.join([*map(str, fixed.values()), *[sign] * len(names)])})"
    columns = ", ".join([*fixed, *names])
    cursor = connection.connection.cursor()
    added = 0
    try:
        for many, values in parts:
            rows = ", ".join([signs] * many)
            statement = f"INSERT INTO {table.name} ({columns}) VALUES {rows}{passing}"  # noqa: S608
            added += cursor.execute(statement, values).rowcount
    except Exception as error:
        raise trouble(error) or error from error
    finally:
        cursor.close()
    return max(0, added)
