"""Rows of a Word 97-2003 table: what the mark at the end of each says of its cells."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from monitor.ingest.readers.doc_binary import BrokenError, Prl, UnsureError
from monitor.ingest.readers.layout import Content, Grid, Slot

_DEFINITION, _MERGE, _MERGE_ROWS = 0xD608, 0x5624, 0xD62B
_RESHAPING = {0x7621: "插入过列", 0x5622: "删除过列", 0x5625: "拆分过单元格"}
_MOST_CELLS = 63
_CELL_SIZE = 20
_SAME_EDGE = 15
"""Twips (0.26 mm): edges of different rows that are nearer than this are one line."""
_CONTINUES, _BEGINS = 1, 3
_CROSSWISE = "同一行中合并单元格的标记前后不符"


@dataclass(slots=True)
class Shape:
    """The edges of a row's cells in twips, one more than cells, and what merges them."""

    edges: list[int]
    across: list[int] = field(default_factory=list)
    down: list[int] = field(default_factory=list)


@dataclass(slots=True)
class WordRow:
    """A row as it stands in the file: its cells' content and its shape."""

    cells: list[Content]
    shape: Shape


def shape_of(prls: Iterable[Prl]) -> Shape:
    """The shape that the properties of a row's end mark give."""
    shape: Shape | None = None
    for sprm, operand in prls:
        if sprm == _DEFINITION:
            shape = _defined(operand)
        elif shape is not None and sprm in (_MERGE, _MERGE_ROWS):
            _merge(shape, sprm, operand)
        elif sprm in _RESHAPING:
            raise UnsureError(f"表格{_RESHAPING[sprm]}，未完整保存")
    if shape is None:
        raise UnsureError("表格的一行没有列宽的定义")
    return shape


def _defined(operand: bytes) -> Shape:
    number = operand[0]
    edges = list(struct.unpack_from(f"<{number + 1}h", operand, 1))
    if not 0 < number <= _MOST_CELLS or edges != sorted(edges):
        raise BrokenError
    cells = operand[1 + 2 * (number + 1) :]
    flags = [
        int(struct.unpack_from("<H", cells, at)[0])
        for at in range(0, min(len(cells), number * _CELL_SIZE), _CELL_SIZE)
    ]
    flags += [0] * (number - len(flags))
    return Shape(edges, [each & 3 for each in flags], [each >> 5 & 3 for each in flags])


def _merge(shape: Shape, sprm: int, operand: bytes) -> None:
    first, second = operand[0], operand[1]
    if sprm == _MERGE_ROWS:
        shape.down[first] = second & 3
        return
    if not first < second <= len(shape.across):
        raise BrokenError
    begin, rest = _merge_marks(shape.across)
    shape.across[first:second] = [begin, *[rest] * (second - first - 1)]


def _merge_marks(across: Sequence[int]) -> tuple[int, int]:
    """What marks the first cell of a merged set and the others: writers differ, 1 and 2 or 2 and 1.

    The first mark in a row is of a first cell whichever is meant.
    """
    begin = next((mark for mark in across if mark), 1)
    return begin, 2 if begin == 1 else 1


def grid_of(rows: Sequence[WordRow]) -> Grid:
    """The table, its columns those that the edges of all its rows make."""
    column_of = _columns([row.shape for row in rows])
    laid: list[list[Slot]] = []
    above: set[tuple[int, int]] = set()
    for row in rows:
        slots = _slots(row, column_of, above)
        above = {
            (slot.column, slot.width)
            for slot, mark in zip(slots, _first_marks(row.shape), strict=True)
            if mark in (_CONTINUES, _BEGINS)
        }
        left = column_of[row.shape.edges[0]]
        laid.append([Slot((), 0, left), *slots] if left else slots)
    return Grid(laid)


def _columns(shapes: Sequence[Shape]) -> dict[int, int]:
    """The number of each edge; edges that nearly meet are one, if no cell vanishes by that."""
    edges = sorted({edge for shape in shapes for edge in shape.edges})
    column_of: dict[int, int] = {}
    start = number = 0
    for edge in edges:
        if column_of and edge - start >= _SAME_EDGE:
            number += 1
        if not column_of or column_of[max(column_of)] != number:
            start = edge
        column_of[edge] = number
    if any(_has_narrow(shape, column_of) for shape in shapes):
        return {edge: number for number, edge in enumerate(edges)}
    return column_of


def _has_narrow(shape: Shape, column_of: dict[int, int]) -> bool:
    numbers = [column_of[edge] for edge in shape.edges]
    return any(a == b for a, b in zip(numbers, numbers[1:], strict=False))


def _first_marks(shape: Shape) -> list[int]:
    """The marks of merging over rows, of the cells that stand as slots."""
    _, rest = _merge_marks(shape.across)
    return [down for down, mark in zip(shape.down, shape.across, strict=True) if mark != rest]


def _slots(row: WordRow, column_of: dict[int, int], above: set[tuple[int, int]]) -> list[Slot]:
    shape = row.shape
    begin, rest = _merge_marks(shape.across)
    slots: list[Slot] = []
    for index, content in enumerate(row.cells):
        column = column_of[shape.edges[index]]
        width = column_of[shape.edges[index + 1]] - column
        mark = shape.across[index]
        if mark == rest:
            if not slots or not shape.across[index - 1] or _holds(content):
                raise UnsureError(_CROSSWISE)
            slots[-1] = replace(slots[-1], width=slots[-1].width + width)
        elif mark not in (0, begin):
            raise UnsureError(_CROSSWISE)
        else:
            slots.append(Slot(content, column, width, shape.down[index] == _CONTINUES))
    return [_continued(slot, above) for slot in slots]


def _continued(slot: Slot, above: set[tuple[int, int]]) -> Slot:
    """A cell that goes on from above must be empty, and one must be above it."""
    if not slot.continued:
        return slot
    if _holds(slot.content) or (slot.column, slot.width) not in above:
        raise UnsureError("跨行合并的单元格上下不对应")
    return replace(slot, content=())


def _holds(content: Content) -> bool:
    return any(isinstance(each, Grid) or each.strip() for each in content)
