"""A document as values: what stands on paper, for every format that it is written in.

Forms and reports are laid out once, as a Paper; paper_docx, paper_xlsx and paper_pdf write it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from monitor.reports.assessment.draft import Cell
from monitor.reports.assessment.facts import Curve


class Style(StrEnum):
    """How a paragraph looks (domain notes, sections 1a and 1d)."""

    TITLE = "title"  # 小标宋 22 pt, centred
    SUBTITLE = "subtitle"  # 14 pt, centred: （2025年度）
    HEADING = "heading"  # 黑体 above a list or table of a form, kept with what follows
    PLAIN = "plain"  # 仿宋 10.5 pt, as in the table
    ITEM = "item"  # 9 pt, hanging: an item of a numbered list
    NOTICE = "notice"  # what a reader must see first: how many items are open, provisional, …
    CAPTION = "caption"  # 9 pt, centred, beneath a picture or above a table
    CHAPTER = "chapter"  # 一、…: 黑体 16 pt, line spacing 30 pt
    SECTION = "section"  # （一）…: 楷体 16 pt
    BODY = "body"  # 仿宋 16 pt, two characters indented, line spacing 30 pt
    SIGNATURE = "signature"  # right-aligned, below the text


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph. `cell` carries its mark and note, so that what is open is seen as open."""

    cell: Cell
    style: Style = Style.PLAIN


@dataclass(frozen=True, slots=True)
class Box:
    """A cell of a table: its paragraphs, and the columns and rows that it spans.

    A row lists only the boxes that begin in it: what runs down from above is not repeated.
    `left` aligns the text left instead of centred. `head` marks a label of the form.
    `open_top` and `open_bottom` leave that line out: the box reads as one with its neighbour.
    """

    cells: tuple[Cell, ...] = ()
    columns: int = 1
    rows: int = 1
    left: bool = False
    head: bool = False
    open_top: bool = False
    open_bottom: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table, at least `height_mm` high; it stays on one page unless it splits.

    `keeps`: on one page with the row below, where the program that prints can do so.
    """

    boxes: tuple[Box, ...]
    height_mm: float = 7.5
    splits: bool = False
    keeps: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A bordered table of fixed column widths. The first `header_rows` repeat on each page.

    `joined`: it continues the table above without a gap or a visible seam. `caption` names it
    for those who cannot see it.
    """

    widths_mm: tuple[float, ...]
    rows: tuple[Row, ...]
    caption: str
    header_rows: int = 0
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart of plan and payments, with its description for those who cannot see it."""

    curve: Curve
    width_mm: int
    description: str


Block = Paragraph | Table | Picture


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole document on A4. `foot` stands on every page beside 第 X 页 共 Y 页; `stamp`, where
    there is one, on every page at its head (阶段数据，截至…). `as_of` dates the file itself."""

    title: str
    as_of: date
    blocks: tuple[Block, ...]
    foot: str = ""
    stamp: str = ""
    landscape: bool = False


def is_official(paper: Paper) -> bool:
    """Whether it is a text in the manner of official papers, with their margins, not a form."""
    return any(isinstance(b, Paragraph) and b.style is Style.BODY for b in paper.blocks)


def label(text: str, columns: int = 1, rows: int = 1) -> Box:
    """A box that holds a label of the form."""
    return Box((Cell(text),), columns, rows, head=True)


def beneath(cell: Cell) -> str:
    """What is printed small beneath a cell's text (in a paragraph: behind it)."""
    if cell.is_open:
        return cell.note
    return "：".join(each for each in (cell.mark.label, cell.note) if each)


def tables(paper: Paper) -> Iterator[Table]:
    """The tables of a document, in its order."""
    return (block for block in paper.blocks if isinstance(block, Table))


def grid(table: Table) -> list[list[tuple[Box, bool]]]:
    """The table as a full grid: in each place its box, and whether the box begins there.

    Raises ValueError where boxes overlap or leave a gap: such a table cannot be drawn.
    """
    width = len(table.widths_mm)
    found: list[list[tuple[Box, bool] | None]] = [[None] * width for _ in table.rows]
    for r, row in enumerate(table.rows):
        column = 0
        for box in row.boxes:
            while column < width and found[r][column] is not None:
                column += 1
            _place(found, box, r, column)
            column += box.columns
    if any(place is None for line in found for place in line):
        raise ValueError(f"{table.caption}: the boxes leave a gap")
    return [[place for place in line if place is not None] for line in found]


def _place(found: list[list[tuple[Box, bool] | None]], box: Box, row: int, column: int) -> None:
    if row + box.rows > len(found) or column + box.columns > len(found[row]):
        raise ValueError(f"row {row}: a box reaches out of the table")
    for r in range(row, row + box.rows):
        for c in range(column, column + box.columns):
            if found[r][c] is not None:
                raise ValueError(f"row {r}, column {c}: two boxes")
            found[r][c] = (box, r == row and c == column)
