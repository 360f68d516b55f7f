"""Rows of payment lists that await the office and name a project: its money may be there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

from sqlalchemy import Connection

from monitor.domain.codes import normalise_code
from monitor.ingest.row_texts import cells_of
from monitor.store import conflicts, rejections


def rejected(connection: Connection, *, year: int, codes: Collection[str]) -> Counter[str]:
    """By project code, the rejected rows of a year that no later list has mended."""
    rows = rejections.load(connection, year=year)
    return _naming(codes, ((str(cell) for _, cell in row.cells) for row in rows))


def conflicting(connection: Connection, *, year: int, codes: Collection[str]) -> Counter[str]:
    """By project code, the rows of a year that contradict others and await a decision."""
    rows = (row for row in conflicts.load(connection, year=year) if not row.keep)
    return _naming(
        codes, ((*cells_of(row).values(), *cells_of(row, "kept_").values()) for row in rows)
    )


def _naming(codes: Collection[str], rows: Iterable[Iterable[str]]) -> Counter[str]:
    """How many rows have a cell that is one of the codes, or begins with it (编码-名称)."""
    known, found = set(codes), Counter[str]()
    for cells in rows:
        named = {normalise_code(cell.replace("－", "-").split("-")[0]) for cell in cells}
        found.update(named & known)
    return found
