"""What .docx and .html have in common: a tree of texts and grids, laid out as a Document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from monitor.errors import Place
from monitor.ingest.document import Cell, Document, Paragraph, Row, Table
from monitor.ingest.readers.limits import check_cells, check_lengths


@dataclass(frozen=True, slots=True)
class Slot:
    """A cell: texts and further tables, in order, and the columns that it covers.

    A cell merged over columns stands once; one merged over rows is empty and `continued` below
    its first row.
    """

    content: Sequence[str | Grid]
    column: int
    width: int = 1
    continued: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: rows of cells."""

    rows: Sequence[Sequence[Slot]]


Content = Sequence[str | Grid]


def lay_out(content: Content, file: str) -> Document:
    """The document, each block with its place: lines of text and rows count from the top."""
    layout = _Layout(file)
    layout.add(content)
    return Document(file, tuple(layout.blocks), marked=True)


@dataclass(slots=True)
class _Layout:
    file: str
    blocks: list[Paragraph | Table] = field(default_factory=list)
    line: int = 1
    tables: int = 0
    cells: int = 0

    def add(self, content: Content) -> None:
        for item in content:
            if isinstance(item, Grid):
                self._add_grid(item)
            elif text := item.strip():
                check_lengths((text,), self.file)
                self.blocks.append(Paragraph(text, Place(self.file, self.line)))
                self.line += text.count("\n") + 1

    def _add_grid(self, grid: Grid) -> None:
        """A table in a cell follows the row of that cell, as a table of its own."""
        self.tables += 1
        table = self.tables
        rows: list[Row] = []
        for number, cells in enumerate(grid.rows, 1):
            inner = [item for cell in cells for item in cell.content if isinstance(item, Grid)]
            if inner and _is_frame(cells, inner):
                self._close(rows)
                for cell in cells:
                    self.add(cell.content)
                continue
            place = Place(self.file, self.line, table=table, row=number)
            self.line += 1
            if cells:
                self.cells += len(cells)
                check_cells(self.cells, self.file)
                row = tuple(_cell(each, place) for each in cells)
                check_lengths((cell.text for cell in row), self.file)
                rows.append(row)
            if inner:
                self._close(rows)
                self.add(inner)
        self._close(rows)

    def _close(self, rows: list[Row]) -> None:
        if rows:
            self.blocks.append(Table(tuple(rows)))
            rows.clear()


def _cell(slot: Slot, place: Place) -> Cell:
    text = "\n".join(each for each in slot.content if isinstance(each, str)).strip("\n")
    return Cell(text, place, slot.column, slot.width, slot.continued)


def _is_frame(cells: Sequence[Slot], inner: Sequence[Grid]) -> bool:
    """Whether a row only arranges what is in it: one cell with a table, or several tables."""
    filled = [
        cell
        for cell in cells
        if any(isinstance(each, Grid) or each.strip() for each in cell.content)
    ]
    return len(filled) == 1 or len(inner) > 1
