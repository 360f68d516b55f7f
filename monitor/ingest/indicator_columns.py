"""The header of an indicator table: which column means what, by name, in one line or two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monitor.ingest.document import Cell, Row, prose
from monitor.ingest.labels import Labels, plain_label

UNKEPT = "other"
"""The meaning of columns that are known, but whose content is not kept."""

_NEEDED = ("level3", "target")
_WIDEST = 40
"""Columns; a wider header is none."""
_GRADES = ("优", "良", "中", "差")
"""Below 评价标准 (Hebei, 2019): the best of them is the target."""


@dataclass(frozen=True, slots=True)
class Header:
    """The columns by meaning; `unkept` are known ones without a field, the rest has no name."""

    cells: Row
    columns: Mapping[str, int]
    unkept: frozenset[int]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(prose(cell.text) for cell in self.cells)

    @property
    def width(self) -> int:
        return len(self.cells)

    @property
    def named(self) -> frozenset[int]:
        """The columns whose content is kept."""
        return frozenset(self.columns.values())

    def text(self, row: Row, key: str) -> str:
        """What a row as wide as the header says in the column of that meaning."""
        return row[self.columns[key]].text if key in self.columns else ""


def read_header(rows: Sequence[Row], labels: Labels) -> tuple[Header | None, Sequence[Row]]:
    """The header, which may come in several rows itself, and the rows below it."""
    cells: Row = ()
    body = rows
    for row in rows:
        lower = _two_lines(cells, row, labels)
        if lower is None and not _goes_on(cells, row, labels):
            break
        body = body[1:]
        if lower is not None:
            cells = lower
            continue
        header, run_on = _parted(row, labels)
        cells += header
        if run_on:
            body = (run_on, *body)
            break
    return _header(cells, labels), body


def same_grid(a: Row, b: Row) -> bool:
    """Whether the format says in which columns the cells of both rows lie, of one table."""
    if not a or not b or any(cell.column is None for cell in (*a, *b)):
        return False
    p, q = a[0].place, b[0].place
    return (p.table, p.sheet, p.page) == (q.table, q.sheet, q.page)


def _header(cells: Row, labels: Labels) -> Header | None:
    columns: dict[str, int] = {}
    unkept = set()
    for i, key in enumerate(_meanings(cells, labels)):
        if key == UNKEPT:
            unkept.add(i)
        elif key in columns and not (key == "level3" and columns[key] == 0):  # 绩效指标, for all
            return None
        elif key is not None:
            columns[key] = i
    if any(key not in columns for key in _NEEDED) or len(cells) > _WIDEST:
        return None
    return Header(cells, columns, frozenset(unkept))


def _meanings(cells: Row, labels: Labels) -> list[str | None]:
    keys = [labels.column(cell.text) for cell in cells]
    if _is_graded(cells):
        best = UNKEPT if "target" in keys else "target"
        for i, cell in enumerate(cells):
            grade = plain_label(cell.text)
            keys[i] = keys[i] if grade not in _GRADES else best if grade == "优" else UNKEPT
    return keys


def _is_graded(row: Row) -> bool:
    grades = [plain_label(cell.text) for cell in row]
    return "优" in grades and "良" in grades


def _goes_on(cells: Row, row: Row, labels: Labels) -> bool:
    """Whether the row is (the rest of) the header: it names columns, and none a second time."""
    named = [cell for cell in row if not cell.is_blank]
    own = {key for cell in row if (key := labels.column(cell.text)) is not None}
    if not own or (own == {UNKEPT} and any(labels.column(cell.text) is None for cell in named)):
        return False
    before = {labels.column(cell.text) for cell in cells}
    return not own & (before - {None, UNKEPT})


def _two_lines(cells: Row, row: Row, labels: Labels) -> Row | None:
    """The header with the names of the row in place of the one above them; None if it is none."""
    stated = tuple(cell for cell in row if not cell.is_blank)
    if not cells or len(stated) < 2:
        return None
    graded = _is_graded(stated)
    if not all(
        labels.column(c.text) or (graded and plain_label(c.text) in _GRADES) for c in stated
    ):
        return None
    if same_grid(cells, row):
        return _below_wide(cells, stated)
    above = [i for i, cell in enumerate(cells) if labels.column(cell.text) == UNKEPT]
    at = next((i for i, cell in enumerate(row) if not cell.is_blank), 0)
    if not graded or not above or (len(row) > len(stated) and at not in above):
        return None
    at = at if at in above else above[0]
    if len(row) not in (len(stated), len(cells) - 1 + len(stated)):
        return None
    return (*cells[:at], *stated, *cells[at + 1 :])


def _below_wide(cells: Row, lower: Row) -> Row | None:
    """Each cell of the lower line must lie below one that is wider than itself."""
    found: list[Cell] = []
    placed = 0
    for cell in cells:
        inner = [each for each in lower if _covers(cell, each) and each.width < cell.width]
        placed += len(inner)
        found += inner or [cell]
    return tuple(found) if placed == len(lower) else None


def _covers(cell: Cell, other: Cell) -> bool:
    start, at = cell.column or 0, other.column or 0
    return start <= at and at + other.width <= start + cell.width


def _parted(row: Row, labels: Labels) -> tuple[Row, Row]:
    """A header row, and the indicators that ran into it, which the name of a level shows."""
    end = max(i for i, cell in enumerate(row) if labels.column(cell.text)) + 1
    while end < len(row) and row[end].is_blank:
        end += 1
    if any(labels.level_of(cell.text) for cell in row[end:]):
        return row[:end], row[end:]
    return row, ()
