"""Cells that reach over columns and rows of a web page's table, put into its grid."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from monitor.ingest.readers.layout import Content, Slot

_WIDEST = 1_000
"""Columns or rows that a cell can span: what browsers allow for columns."""
_NUMBER = re.compile(r"\s*\+?(\d{1,9})")


class Spanning(NamedTuple):
    """A cell of the page: what it holds, and how many columns and rows it covers."""

    content: Content
    width: int
    height: int


class Above(NamedTuple):
    """A cell of a row above that reaches into this row, and `rows` further ones."""

    column: int
    width: int
    rows: int


def row_of(cells: Iterable[Spanning], above: list[Above]) -> tuple[list[Slot], list[Above]]:
    """The cells of a row, blank ones where cells from above reach into it; and what reaches on."""
    slots: list[Slot] = []
    below: list[Above] = []
    waiting = sorted(above, reverse=True)
    column = 0

    def carry(at: int) -> int:
        while waiting and waiting[-1].column <= at:
            reaching = waiting.pop()
            slots.append(Slot((), reaching.column, reaching.width, continued=True))
            if reaching.rows:
                below.append(reaching._replace(rows=reaching.rows - 1))
            at = max(at, reaching.column + reaching.width)
        return at

    for content, width, height in cells:
        column = carry(column)
        slots.append(Slot(content, column, width))
        if height > 1:
            below.append(Above(column, width, height - 2))
        column += width
    while waiting:
        carry(waiting[-1].column)
    return slots, below


def span(stated: str | None) -> int:
    """How far a cell reaches; a span that is no number counts as 1, as browsers have it."""
    found = _NUMBER.match(stated or "1")
    return min(max(int(found[1]), 1), _WIDEST) if found else 1
