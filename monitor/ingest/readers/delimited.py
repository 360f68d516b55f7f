"""Delimited text (CSV): bytes → rows of cells, each with the line of the file where it starts.

A list may have a million rows, so they stay plain lists and never become a Document.
"""

from __future__ import annotations

import csv
import io
import re
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
    delimiter = _delimiter(text)
    rows = _rows(text, delimiter, file)
    if '="' in text:
        rows = [(line, [_AS_TEXT.sub(r"\1", cell) for cell in cells]) for line, cells in rows]
    return Delimited(encoding, rows)


def _delimiter(text: str) -> str:
    """The sign that is most frequent in the first lines: names and amounts hold few of them."""
    sample = "".join(text[:_SAMPLE_SIZE].splitlines()[:_SAMPLE_LINES])
    return max(_DELIMITERS, key=sample.count)


def _rows(text: str, delimiter: str, file: str) -> list[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[Row] = []
    start = 1
    try:
        for cells in reader:
            if reader.line_num > start and _swallows_rows(cells, delimiter, rows):
                raise _unpaired(file, start)
            rows.append((start, cells))
            start = reader.line_num + 1
    except csv.Error:
        raise _unpaired(file, start) from None
    return rows


def _swallows_rows(cells: list[str], delimiter: str, before: list[Row]) -> bool:
    """Whether a cell holds a whole further row: an open quote that a later one closed."""
    widest = max((len(row) for _, row in before[:_SAMPLE_LINES]), default=0)
    inner = (line for cell in cells if "\n" in cell or "\r" in cell for line in cell.splitlines())
    return widest > 1 and any(line.count(delimiter) >= widest - 1 for line in inner)


def _unpaired(file: str, line: int) -> InputError:
    return InputError(
        "从这一行开始的英文双引号没有正确配对，后面的内容无法分列。", _RESAVE, Place(file, line)
    )
