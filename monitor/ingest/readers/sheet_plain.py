"""Cells of a workbook as plain text, for lists: the value that is stored, not how it is printed.

A number format may round, scale or colour an amount; what counts is the number itself. Only its
being a date, and the leading zeros of a code, are told by the format.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from monitor.ingest.readers.sheet_layout import TooLarge
from monitor.ingest.readers.sheet_values import (
    BEYOND_DATES,
    DIGITS_KEPT,
    NUMBER,
    Formats,
    Manner,
    RawSheet,
    sections,
)

_LARGEST = 2**30
_MOST_CELLS = 20_000_000
_MOST_COLUMNS = 16_384
_MOST_KNOWN = 50_000
_MOST_MERGED = 5_000_000
_SHORT = re.compile(r"(?:[1-9]\d{0,11}|0)(?:\.\d?[1-9])?", re.ASCII)
"""Numbers that are stored as they are written here."""
_ZEROS = re.compile("0{2,}")


@dataclass(frozen=True, slots=True)
class PlainFormats(Formats):
    """Numbers in plain decimals with at most 15 digits, dates as 2025-03-17."""

    styles: dict[int, str] = field(default_factory=dict)

    def shown(self, number: str, style: int) -> str:
        """Raises ValueError for what is no number. One that has lost digits stays 6.22202E+18."""
        kind = self.styles.get(style)
        if kind is None:
            kind = self.styles[style] = _style(self.codes[style] if self.codes else "")
        if not kind and _SHORT.fullmatch(number):
            return number
        if kind == "date":
            return _as_date(number, self.from_1904)
        exact = plain_number(number)
        return exact.zfill(len(kind)) if kind and exact.isdigit() else exact


def plain_number(number: str) -> str:
    """A stored number in plain decimals: 11000.92 for 11000.920000000001.

    Raises ValueError for what is no number.
    """
    exact = _exact(number)
    if abs(exact) >= 10**DIGITS_KEPT:  # digits are lost: a code or an account, spoiled
        return f"{Decimal(repr(float(number))).normalize():E}"
    text = f"{exact:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _exact(number: str) -> Decimal:
    if not NUMBER.fullmatch(number) or abs(float(number)) == float("inf"):
        raise ValueError(number)
    return Decimal(f"{float(number):.{DIGITS_KEPT}g}") + 0


def _style(code: str) -> str:
    """`date`, the zeros that a format of zeros alone asks for, or nothing."""
    if any(section.texts("date") for section in sections(code)):
        return "date"
    return code if _ZEROS.fullmatch(code) else ""


@lru_cache(maxsize=4_096)  # a long list repeats its dates
def _as_date(number: str, from_1904: bool) -> str:
    """The day, with the time of day if it has one; a time alone where there is no day."""
    seconds = int((_exact(number) * 86_400).to_integral_value())
    day, seconds = divmod(seconds, 86_400)
    if not 0 <= day < BEYOND_DATES - (1462 if from_1904 else 0):
        return "########"
    time = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if not day and not from_1904:
        return time
    start = date(1904, 1, 1) if from_1904 else date(1899, 12, 30 if day > 60 else 31)
    on = (start + timedelta(days=day)).isoformat()
    return f"{on} {time}" if seconds else on


@dataclass(slots=True)
class RowSheet(RawSheet):
    """A sheet as rows of text; a text that returns often is kept once."""

    rows: dict[int, list[str]] = field(default_factory=dict)
    known: dict[str, str] = field(default_factory=dict)
    count: int = 0

    def put(self, row: int, column: int, text: str) -> None:
        if not text or text.isspace():
            return
        cells = self.rows.get(row)
        if cells is None:
            cells = self.rows[row] = []
        self.count += 1
        if self.count > _MOST_CELLS or column >= _MOST_COLUMNS:
            raise TooLarge(f"的单元格超过 {_MOST_CELLS // 10_000} 万个")
        if column < len(cells):
            cells[column] = self._kept(text)
            return
        if column > len(cells):
            cells.extend([""] * (column - len(cells)))
        cells.append(self._kept(text))

    def clear_merged(self) -> None:
        """Leaves of each merged cell what is shown: its first cell, whatever is stored below."""
        seen = 0
        for top, left, bottom, right in self.merges:
            if bottom < top or right < left:
                raise ValueError("merged cells end before they begin")
            is_long = bottom - top > len(self.rows)
            among = self.rows if is_long else range(top, bottom + 1)
            seen += 1 + min(bottom - top, len(self.rows))
            if seen > _MOST_MERGED:
                raise TooLarge("的合并单元格过多")
            for row in among:
                cells = self.rows.get(row, []) if top <= row <= bottom else []
                for column in range(left + (row == top), min(right + 1, len(cells))):
                    cells[column] = ""

    def _kept(self, text: str) -> str:
        if len(self.known) < _MOST_KNOWN:
            return self.known.setdefault(text, text)
        return self.known.get(text, text)


AS_ROWS = Manner(PlainFormats, RowSheet, with_hidden=True, largest=_LARGEST)
