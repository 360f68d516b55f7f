"""Delimited text (CSV): bytes → rows of cells, each with the line of the file where it starts.

A list may have a million rows, so they stay plain lists and never become a Document.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from monitor.errors import InputError, Place
from monitor.ingest.detect import decode

Row = tuple[int, list[str]]

_DELIMITERS = (",", "\t", ";")
_SAMPLE_LINES, _SAMPLE_SIZE = 30, 100_000
_AS_TEXT = re.compile(r'="(.*)"', re.DOTALL)  # ="00123": how some systems keep a number text
_RESAVE = "请在该行补上或去掉多余的英文双引号（或从原系统重新导出 CSV），再重新导入。"


@dataclass(frozen=True, slots=True)
class Delimited:
    """The rows of a file in its order, blank lines as []; `encoding` is what it was read in."""

    encoding: str
    rows: list[Row]


def read_delimited(data: bytes, file: str) -> Delimited:
    """Reads comma, tab or semicolon separated text with quoted cells and line breaks in them.

    Raises InputError for text in no known encoding and for quotes that do not pair.
    """
    text, encoding = decode(data, file)
    stream = io.StringIO(text, newline="")
    return Delimited(encoding, list(rows_in(stream, delimiter_of(text), file)))


def delimiter_of(text: str) -> str:
    """The sign that is most frequent in the first lines: names and amounts hold few of them."""
    sample = "".join(text[:_SAMPLE_SIZE].splitlines()[:_SAMPLE_LINES])
    return max(_DELIMITERS, key=sample.count)


def rows_in(
    text: Iterable[str], delimiter: str, file: str, *, first_line: int = 1, widest: int = 0
) -> Iterator[Row]:
    """The rows of the lines in `text`, of which the first is `first_line`.

    `widest` is the width of a row known before. Raises InputError for quotes that do not pair.
    """
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    before, start, rows = first_line - 1, first_line, 0
    try:
        for cells in reader:
            if before + reader.line_num > start and _swallows_rows(cells, delimiter, widest):
                raise _unpaired(file, start)
            if rows < _SAMPLE_LINES:
                widest, rows = max(widest, len(cells)), rows + 1
            yield start, plain_cells(cells)
            start = before + reader.line_num + 1
    except csv.Error:
        raise _unpaired(file, start) from None


def plain_cells(cells: list[str]) -> list[str]:
    """The cells without the signs that keep a number text, and without U+001F."""
    joined = "".join(cells)
    if '="' in joined:
        cells = [_AS_TEXT.sub(r"\1", cell) for cell in cells]
    if "\x1f" in joined:
        cells = [cell.replace("\x1f", " ") for cell in cells]
    return cells


def _swallows_rows(cells: list[str], delimiter: str, widest: int) -> bool:
    """Whether a cell holds a whole further row: an open quote that a later one closed."""
    inner = (line for cell in cells if "\n" in cell or "\r" in cell for line in cell.splitlines())
    return widest > 1 and any(line.count(delimiter) >= widest - 1 for line in inner)


def _unpaired(file: str, line: int) -> InputError:
    return InputError(
        "从这一行开始的英文双引号没有正确配对，后面的内容无法分列。", _RESAVE, Place(file, line)
    )
