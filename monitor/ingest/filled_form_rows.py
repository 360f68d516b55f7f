"""A document's tables and paragraphs as rows, whatever it was written with: tabs, cells, bars."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from monitor.domain.filled_form import FormCell, number
from monitor.errors import Place
from monitor.ingest.document import Cell, Document, Paragraph, Table
from monitor.ingest.filled_form_labels import label

_BARS = re.compile(r"[|│┃｜]")
_LEAST_LINES = 3
_FIGURES = ("initial", "budget", "paid", "weight", "rate", "points")


@dataclass(frozen=True)
class Line:
    """A row of a table, or a paragraph (`is_text`). `aligned`: its columns are those of a grid."""

    cells: tuple[Cell, ...]
    is_text: bool = False

    @property
    def place(self) -> Place:
        return self.cells[0].place

    @cached_property
    def labels(self) -> tuple[str, ...]:
        return tuple(label(cell.text) for cell in self.cells)

    @property
    def filled(self) -> list[int]:
        """The positions of the cells that are not blank."""
        return [n for n, cell in enumerate(self.cells) if not cell.is_blank]


@dataclass(frozen=True)
class Columns:
    """The columns of a header row: role → first column and width on the grid, or position."""

    spans: Mapping[str, tuple[int, int]]
    size: int
    names: Mapping[str, str]
    on_grid: bool

    def cell(self, cells: Mapping[str, FormCell], role: str, place: Place) -> FormCell | None:
        """The cell of a role: blank where the row has none, None where the form has no column."""
        if role not in self.spans:
            return None
        return cells.get(role) or FormCell("", replace(place, column=self.names[role]))


def lines(document: Document) -> list[Line]:
    """The rows of all tables and the paragraphs, in order."""
    blocks: Iterable[Paragraph | Table] = document.blocks
    if not document.marked:
        blocks = _separated(document)
    found = []
    for block in blocks:
        if isinstance(block, Table):
            found += [Line(row) for row in block.rows if row]
        else:
            found.append(_paragraph(block))
    return found


def _paragraph(block: Paragraph) -> Line:
    """`总分：95` is a label and what stands beside it."""
    head, colon, rest = block.text.replace(":", "：").partition("：")
    if colon and rest.strip() and len(head) <= 20:
        texts = [head, rest.strip()]
        return Line(tuple(Cell(each, block.place) for each in texts), is_text=True)
    return Line((Cell(block.text, block.place),), is_text=True)


def _separated(document: Document) -> list[Paragraph | Table]:
    """A text form whose lines are rows: their cells are parted by tabs or bars within the line.

    The reader of texts takes a tab at the beginning of a line for a cell; here it is a blank one.
    Bars at the ends of all rows are a frame; at the ends of some they part off blank cells.
    """
    by_line = list(_text_lines(document))
    for separator in (re.compile("\t"), _BARS):
        rows = [(separator.split(text), place) for text, place in by_line]
        parted = [cells for cells, _ in rows if len(cells) > 1]
        if sum(len(cells) > 2 for cells in parted) >= _LEAST_LINES:
            is_bars = separator is _BARS
            first = int(is_bars and not any(cells[0].strip() for cells in parted))
            last = int(is_bars and not any(cells[-1].strip() for cells in parted))
            return [_block(cells, place, first, last) for cells, place in rows]
    return list(document.blocks)


def _text_lines(document: Document) -> Iterator[tuple[str, Place]]:
    for block in document.blocks:
        if isinstance(block, Paragraph):
            yield from _each_line(block.text, block.place)
            continue
        for row in block.rows:
            for cell in row:
                yield from _each_line("\t" + cell.text, cell.place)


def _each_line(text: str, place: Place) -> Iterator[tuple[str, Place]]:
    for n, each in enumerate(text.split("\n")):
        yield each, place.below(n)


def _block(cells: list[str], place: Place, first: int, last: int) -> Paragraph | Table:
    """A line as a row, without so many cells at its ends; or as a paragraph."""
    if len(cells) == 1:
        return Paragraph(cells[0].strip(), place)
    kept = cells[first : len(cells) - last]
    return Table((tuple(Cell(each.strip(), place) for each in kept),))


def header(line: Line, names: Mapping[str, str]) -> Columns | None:
    """The columns of a row of names; of two columns for one role the first counts."""
    spans: dict[str, tuple[int, int]] = {}
    called: dict[str, str] = {}
    on_grid = all(cell.column is not None for cell in line.cells)
    for n, (cell, name) in enumerate(zip(line.cells, line.labels, strict=True)):
        role = names.get(name)
        if role and role not in spans:
            spans[role] = (cell.column, cell.width) if cell.column is not None else (n, 1)
            called[role] = name
    return Columns(spans, len(line.cells), called, on_grid) if spans else None


def under(line: Line, columns: Columns) -> tuple[dict[str, FormCell], list[Cell]] | None:
    """The cells of a row by the roles of the columns, and those left of them all.

    None where there is no telling which is which.
    """
    if columns.on_grid and all(cell.column is not None for cell in line.cells):
        return _by_grid(line.cells, columns)
    found = _by_position(line.cells, columns)
    if found is None:
        return None
    first = min(start for start, _ in columns.spans.values())
    placed = {id(cell) for cell in found.values()}
    left = [cell for cell in line.cells[: first + 1] if id(cell) not in placed]
    return {role: _made(cell.text, cell.place, columns.names[role])
            for role, cell in found.items()}, left  # fmt: skip


def _made(text: str, place: Place, name: str) -> FormCell:
    return FormCell(text.strip(), replace(place, column=name))


def _by_grid(
    cells: Sequence[Cell], columns: Columns
) -> tuple[dict[str, FormCell], list[Cell]] | None:
    found: dict[str, FormCell] = {}
    left = []
    first = min(start for start, _ in columns.spans.values())
    for cell in cells:
        role = _covering(cell, columns.spans)
        if role is None:
            left += [cell] if (cell.column or 0) < first else []
        elif role in found:
            if not cell.is_blank:
                text = (found[role].text + " " + cell.text).strip()
                found[role] = replace(found[role], text=text)
        else:
            found[role] = _made(cell.text, cell.place, columns.names[role])
    return found, left


def _covering(cell: Cell, spans: Mapping[str, tuple[int, int]]) -> str | None:
    """The column that a cell stands in: the one it shares most of its width with."""
    start, end = cell.column or 0, (cell.column or 0) + cell.width
    shared = {
        role: min(end, first + width) - max(start, first) for role, (first, width) in spans.items()
    }
    best = max(shared, key=lambda role: shared[role])
    return best if shared[best] > 0 else None


def _by_position(cells: Sequence[Cell], columns: Columns) -> dict[str, Cell] | None:
    """As the header counts; a shorter row lacks cells at its left or its right end."""
    missing = columns.size - len(cells)
    if missing < 0:
        cells = cells[:missing] if all(cell.is_blank for cell in cells[missing:]) else ()
        missing = 0
    shifts = [0] if not missing else [missing, 0]
    fits = [(_fit(cells, columns, shift), shift) for shift in shifts]
    best, shift = max(fits, key=lambda fit: fit[0])
    if not cells or best < 0:
        return None
    return {role: cells[start - shift] for role, (start, _) in columns.spans.items()
            if 0 <= start - shift < len(cells)}  # fmt: skip


_LEVELS = {
    "level1": re.compile("产出|效益|效果|满意|成本"),
    "level2": re.compile("数量|质量|时效|成本|效益|可持续|满意"),
}


def _fit(cells: Sequence[Cell], columns: Columns, shift: int) -> int:
    """How many cells are what their columns hold, less those of figures that hold other text."""
    score = 0
    for role, (start, _) in columns.spans.items():
        at = start - shift
        if not 0 <= at < len(cells) or cells[at].is_blank:
            continue
        text = FormCell(cells[at].text, cells[at].place)
        if role in _FIGURES:
            score += 1 if number(text.content) or not text.says else -1
        elif role in _LEVELS and _LEVELS[role].search(text.text):
            score += 1
    return score
