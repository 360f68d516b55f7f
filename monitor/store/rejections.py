"""Rejected rows: kept with their raw cells until a later import has mended them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, exists, insert, or_, select

from monitor.store.tables import imports, payments, rejections


def add(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        connection.execute(insert(rejections), list(rows))


def known_contents(connection: Connection, contents: Iterable[str]) -> set[str]:
    """Which of these row contents were rejected before, in an import that is in force."""
    listed = sorted(set(contents))
    found: set[str] = set()
    for start in range(0, len(listed), 500):
        query = (
            select(rejections.c.content)
            .join(imports, imports.c.id == rejections.c.import_id)
            .where(imports.c.undone == 0)
            .where(rejections.c.content.in_(listed[start : start + 500]))
        )
        found.update(connection.scalars(query))
    return found


def load(connection: Connection, *, year: int | None = None) -> list[Row[Any]]:
    """Rejected rows that no later import has mended, with their file, in order of arrival.

    A rejected row belongs to the year of the list that it stood in.
    """
    mended = exists().where(
        payments.c.number == rejections.c.number,
        payments.c.undone == 0,
        payments.c.import_id > rejections.c.import_id,
    )
    query = (
        select(rejections, imports.c.file, imports.c.months)
        .join(imports, imports.c.id == rejections.c.import_id)
        .where(imports.c.undone == 0)
        .where(or_(rejections.c.number == "", ~mended))
        .order_by(rejections.c.import_id, rejections.c.line)
    )
    rows = connection.execute(query).all()
    if year is None:
        return list(rows)
    return [row for row in rows if _is_of(year, row.months)]


def _is_of(year: int, months: Sequence[str]) -> bool:
    """A list that says no month may be of any year: rather shown once too often than missed."""
    return not months or any(month.startswith(f"{year}-") for month in months)
