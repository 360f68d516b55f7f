"""What the sheets that people fill in share: how they print, and how high their rows are."""

from __future__ import annotations

from typing import Any
from unicodedata import east_asian_width

_A4 = 9


def print_wide(sheet: Any, header: int, *, frozen: int) -> None:
    """A4 across, one page wide; the header row and so many columns stay in sight."""
    sheet.freeze_panes(header + 1, frozen)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(header)
    sheet.set_footer("&C第 &P 页，共 &N 页")


def lines_of(text: str, width: int) -> int:
    """Lines that a text needs in a column so many characters wide; Chinese takes two each.

    Not every program fits a row's height to wrapped text by itself.
    """
    cells = sum(2 if east_asian_width(char) in "WFA" else 1 for char in text)
    return max(1, -(-cells // (width - 2)))  # what a line's end leaves idle
