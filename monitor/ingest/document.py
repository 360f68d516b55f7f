"""A document as every reader hands it on: paragraphs and tables in order, each with its place.

A reader says what stands where, nothing about what it means. In the text form the end of a row
is not always known: a row may come in two, and a paragraph may be the rest of a cell.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from monitor.errors import Place


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text outside of tables; lines are parted by `\\n`."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell, its text as written; `place` is where the text begins.

    Where the format marks cells, `column` is the first column of the table's grid that the cell
    covers, from 0, and `width` how many it covers; a cell that goes on below its first row
    stands there again, blank and `continued`. In the text form, `column` is None.
    """

    text: str
    place: Place
    column: int | None = None
    width: int = 1
    continued: bool = False

    @property
    def is_blank(self) -> bool:
        return not self.text.strip()


Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; the rows need not be equally long."""

    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """What a file holds, in its order.

    `marked` says that the format itself marks rows and cells (all but .txt), so that a paragraph
    is never the rest of a cell.
    """

    file: str
    blocks: tuple[Paragraph | Table, ...]
    marked: bool = False


_AT_PUNCTUATION = re.compile(r" (?=[，。、；：！？）》”])|(?<=[，。、；：！？（《“]) ")


_NOTHING = frozenset(("-", "--", "—", "——", "－", "–", "−", "/", "／", "\\", "无"))


def says_nothing(text: str) -> bool:
    """Whether a cell that should hold a code or figure is blank, or says so: `—`, `/`, `无`."""
    plain = "".join(text.split())
    return not plain or plain in _NOTHING


def prose(text: str) -> str:
    """Running text on one line: each stretch of white space is one blank, none at 标点."""
    return _AT_PUNCTUATION.sub("", " ".join(text.split()))


def joined(text: str) -> str:
    """A name or value whose lines belong together without a blank; blanks in a line stay."""
    return "".join(" ".join(line.split()) for line in text.split("\n"))


def quoted(row: Row) -> str:
    """A row as a diagnostic quotes it."""
    return " | ".join(prose(cell.text) for cell in row)
