"""Text form of a target document: a Word document converted to plain text.

Each cell begins on a new line with a tab; a line without a leading tab goes on with the cell, or
is a paragraph where no cell is open; a blank line closes the row. Since cells may hold blank
lines themselves, a row can come in pieces: whoever knows the columns puts it together again.
"""

from __future__ import annotations

import re

from monitor.errors import Place
from monitor.ingest.document import Cell, Document, Paragraph, Row, Table
from monitor.ingest.readers.limits import check_lengths, check_lines, check_size

_HYPERLINK = re.compile(r"\[hyperlink: ?[^\]\[]*\]")
_BOOKMARK = re.compile(r"\[bookmark: ?([^\]\[]*)\]")
_FIELD_END = re.compile(r'(?:\\(?:f\s*"?[A-Za-z]"?|l\s*"?\d+"?|n)[ \u3000]*)+')
_LINE_BREAKS_IN_A_LINE = str.maketrans({"\x0b": "\n", "\u2028": "\n", "\x0c": None})


def read(text: str, file: str) -> Document:
    """The paragraphs and tables of `text`; every line counts for places, blank ones too.

    Raises InputError for a text that is larger than a document can be.
    """
    check_size(len(text), file, "文本文件")
    reading = _Reading(file)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    check_lines(len(lines), file)
    check_lengths(lines, file)
    for number, raw in enumerate(lines, 1):
        line, is_heading = _without_marks(raw.translate(_LINE_BREAKS_IN_A_LINE))
        reading.take(line, number, is_heading)
    return reading.close()


class _Reading:
    """What has been read so far; the open cell is the last of the open row."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._blocks: list[Paragraph | Table] = []
        self._rows: list[Row] = []
        self._row: list[tuple[int, list[str]]] = []

    def take(self, line: str, number: int, is_heading: bool) -> None:
        if line.startswith("\t"):
            self._row.append((number, [line[1:]]))
        elif not line.strip():
            self._close_row()
        elif self._row and not is_heading:
            self._row[-1][1].append(line)
        else:
            self._close_table()
            self._blocks.append(Paragraph(line.strip(), Place(self._file, number)))

    def close(self) -> Document:
        self._close_table()
        return Document(self._file, tuple(self._blocks))

    def _close_row(self) -> None:
        if self._row:
            places = ((Place(self._file, number), lines) for number, lines in self._row)
            row = tuple(Cell("\n".join(lines), place) for place, lines in places)
            check_lengths((cell.text for cell in row), self._file)
            self._rows.append(row)
            self._row = []

    def _close_table(self) -> None:
        self._close_row()
        if self._rows:
            self._blocks.append(Table(tuple(self._rows)))
            self._rows = []


def _without_marks(line: str) -> tuple[str, bool]:
    """The line without its marks; bookmarks and TC fields show it to be a heading."""
    line = _HYPERLINK.sub("", line)
    names = _BOOKMARK.findall(line)
    plain = _without_fields(_BOOKMARK.sub("", line) if names else line)
    is_heading = any(name.startswith("_Toc") for name in names) or len(plain) < len(line)
    return plain, is_heading and not (names and set(names) == {"_GoBack"})


def _without_fields(line: str) -> str:
    r"""Without ` TC 标题 \f C \l 1`. One pass from field end to field end: no backtracking."""
    kept, start, searched = [], 0, 0
    for end in _FIELD_END.finditer(line):
        field = line.find("TC ", searched, end.start())
        if field >= 0:
            kept.append(line[start:field].rstrip(" "))
            start = end.end()
        searched = end.end()
    return "".join([*kept, line[start:]])
