"""Tables of a PDF: ruled cells on a page, put together over the ends of pages.

A row that a page end cuts comes as two. It was cut if all the text below is such as had no room
above; where that could be chance as well, the reader refuses rather than guesses.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from monitor.errors import InputError, Place
from monitor.ingest.document import Cell, Table
from monitor.ingest.readers import kinds
from monitor.ingest.readers.pdf_text import Char, Line, flowed, is_wrapped

_NEAR = 3.0
"""In points: edges that belong together."""
_WIDEST_PADDING = 8.0
_ENDINGS = ("指标", "目标", "用途", "编码", "名称", "计划", "%）", "%)", "数")
_HEADER = 3
"""Cells with text that a repeated header has at least."""


@dataclass(slots=True)
class Piece:
    """What one page shows of a cell; its text is the whole cell's once the pieces are joined."""

    x0: float
    top: float
    x1: float
    bottom: float
    lines: list[Line] = field(default_factory=list)
    is_rest: bool = False

    @property
    def text(self) -> str:
        return "".join(line.text for line in self.lines)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A cell in one of the rows that it covers."""

    piece: Piece
    page: int
    begins: bool


Pair = tuple[Piece, Piece]
"""A cell that touches the end of a page and the one below it on the next."""


class Run:
    """A table as it goes on from page to page."""

    def __init__(self, pieces: list[Piece], page: int) -> None:
        self._rows = _rows(pieces, page)
        self._pieces = pieces
        self.page = page

    @property
    def bottom(self) -> float:
        return max(each.bottom for each in self._pieces)

    def goes_on_in(self, pieces: Sequence[Piece], page: int) -> bool:
        """Whether a table at the next page's top is as wide, at the same place."""
        mine, other = _sides(self._pieces), _sides(pieces)
        near = all(abs(a - b) <= _NEAR for a, b in zip(mine, other, strict=True))
        return near and page == self.page + 1

    def go_on(self, pieces: list[Piece], page: int, file: str, *, full: bool) -> None:
        """Adds the table's part on the next page; `full` says that this page had no more room."""
        pieces = self._without_header(pieces) if full else pieces
        starts = _at_start(pieces)
        pairs = self._pairs(starts)
        cut = _is_cut(pairs, len(starts), self._pieces, pieces) if full else False
        if cut is None:
            raise _unsure(file, page, starts)
        rows = _rows(pieces, page)
        for upper, lower in pairs if cut else _merged(pairs, self._pieces, pieces, full=full):
            upper.lines += lower.lines
            lower.lines, lower.is_rest = upper.lines, True
        self._rows += rows[1:] if cut else rows
        self._pieces, self.page = pieces, page

    def table(self, file: str, line: int, number: int) -> Table:
        """The rows, with the columns that each cell covers, counted over all pages."""
        edges = _edges(self._rows)
        padding = _padding(self._rows)
        rows = []
        for r, entries in enumerate(self._rows, 1):
            place = Place(file, line + r - 1, table=number, row=r, page=entries[0].page)
            rows.append(tuple(_cell(each, place, edges, padding) for each in entries))
        return Table(tuple(rows))

    def _pairs(self, starts: Sequence[Piece]) -> list[Pair]:
        bottom = self.bottom
        ends = [each for each in self._pieces if bottom - each.bottom <= _NEAR]
        return [(a, b) for b in starts for a in ends if _same_columns(a, b)]

    def _without_header(self, pieces: list[Piece]) -> list[Piece]:
        """Without the header that a printer repeats above the rest of a row that it cut."""
        header = _at_start(pieces)
        texts = [each.text for each in header if each.text]
        known = [[each.piece.text for each in row if each.piece.text] for row in self._rows]
        rest = [each for each in pieces if each not in header]
        if len(texts) < _HEADER or texts not in known or not rest:
            return pieces
        starts = _at_start(rest)
        cut = _is_cut(self._pairs(starts), len(starts), self._pieces, rest)
        return pieces if cut is False else rest


def _is_cut(
    pairs: Sequence[Pair], starts: int, above: Sequence[Piece], below: list[Piece]
) -> bool | None:
    """Whether the first row below is the rest of the last row above; None if it may be either."""
    if len(pairs) < starts:
        return False
    own = [pair for pair in pairs if not _is_merged(pair, above, below)]
    stated = [(a, b) for a, b in own if b.text]
    if any(a.text == "" for a, _ in stated):
        return False
    telling = [pair for pair in stated if pair != pairs[0]] or stated  # a label may be merged
    forced = not telling or any(_runs_on(a, b, letter=True) for a, b in telling)
    if not forced or not all(_runs_on(a, b) for a, b in stated):
        alone = len(stated) == 1 and sum(bool(a.text) for a, _ in own) > 1
        return alone and _is_full(stated[0][0])
    filled = sum(bool(a.text) for a, _ in own)
    if stated and len(stated) >= max(filled, 2):
        return None
    return bool(own)


def _merged(
    pairs: Sequence[Pair], above: list[Piece], below: list[Piece], *, full: bool
) -> Iterator[Pair]:
    """The cells below that are the rest of a cell merged over rows on both sides of the end.

    At the left stand labels and levels: there a text that had no room above runs on as well.
    """
    at_left = True
    for upper, lower in sorted(pairs, key=lambda pair: pair[0].x0):
        several = _is_merged((upper, lower), above, below)
        one_text = not (upper.text and lower.text)
        runs_on = full and not one_text and _runs_on(upper, lower)
        runs_on = runs_on and not _is_whole(upper.text, lower.text)
        if (several and one_text) or (runs_on and (several or at_left)):
            yield upper, lower
        else:
            at_left = False


def _is_merged(pair: Pair, above: Sequence[Piece], below: Sequence[Piece]) -> bool:
    """Whether either piece covers several rows of its page."""
    last = max(each.top for each in above)
    ends = min(each.bottom for each in below)
    return pair[0].top < last - _NEAR or pair[1].bottom > ends + _NEAR


def _runs_on(upper: Piece, lower: Piece, *, letter: bool = False) -> bool:
    """Whether the text below is such as had no room above; `letter`: not even its first one."""
    if not upper.lines or not _is_full(upper):
        return False
    last, first = upper.lines[-1], lower.lines[0]
    padding = min(_WIDEST_PADDING, max(0.0, min(last.x0 - upper.x0, upper.x1 - last.x1)))
    room = upper.x1 - upper.x0 - 2 * padding - (last.x1 - last.x0)
    return is_wrapped(first, room) and (not letter or room < first.letter)


def _is_whole(upper: str, lower: str) -> bool:
    """Whether a label or level ends as such do: what stands below is then another one."""
    return upper.endswith(_ENDINGS) and not lower.startswith(("（", "("))


def _is_full(upper: Piece) -> bool:
    """Whether no further line has room above."""
    last = upper.lines[-1]
    return upper.bottom - last.bottom < last.size


def _same_columns(one: Piece, other: Piece) -> bool:
    return abs(one.x0 - other.x0) <= _NEAR and abs(one.x1 - other.x1) <= _NEAR


def _sides(pieces: Sequence[Piece]) -> tuple[float, float]:
    return min(each.x0 for each in pieces), max(each.x1 for each in pieces)


def _at_start(pieces: Sequence[Piece]) -> list[Piece]:
    top = min(each.top for each in pieces)
    return sorted((each for each in pieces if each.top - top <= _NEAR), key=lambda each: each.x0)


def _rows(pieces: Sequence[Piece], page: int) -> list[list[_Entry]]:
    """A row begins where a cell does; a cell stands in each row that it covers."""
    tops: list[float] = []
    for top in sorted(each.top for each in pieces):
        if not tops or top - tops[-1] > _NEAR:
            tops.append(top)
    in_order = sorted(pieces, key=lambda each: each.x0)
    return [
        [
            _Entry(each, page, abs(each.top - top) <= _NEAR)
            for each in in_order
            if each.top <= top + _NEAR and each.bottom > top + _NEAR
        ]
        for top in tops
    ]


def _edges(rows: Sequence[Sequence[_Entry]]) -> list[float]:
    """Where columns begin and end, from left to right."""
    edges: list[float] = []
    sides = {side for row in rows for each in row for side in (each.piece.x0, each.piece.x1)}
    for side in sorted(sides):
        if not edges or side - edges[-1] > _NEAR:
            edges.append(side)
    return edges


def _padding(rows: Sequence[Sequence[_Entry]]) -> float:
    """The room between a table's rules and its texts: the least that any text leaves."""
    left = (
        line.x0 - each.piece.x0
        for row in rows
        for each in row
        if not each.piece.is_rest
        for line in each.piece.lines
    )
    return min(_WIDEST_PADDING, max(0.0, min(left, default=0.0)))


def _cell(entry: _Entry, place: Place, edges: Sequence[float], padding: float) -> Cell:
    piece = entry.piece
    column = _index(edges, piece.x0)
    width = max(1, _index(edges, piece.x1) - column)
    continued = piece.is_rest or not entry.begins
    text = "" if continued else flowed(piece.lines, piece.x1 - piece.x0 - 2 * padding)
    return Cell(text, place, column, width, continued)


def _index(edges: Sequence[float], side: float) -> int:
    return min(range(len(edges)), key=lambda i: abs(edges[i] - side))


def _unsure(file: str, page: int, starts: Sequence[Piece]) -> InputError:
    text = " | ".join(each.text for each in starts)
    why = f"第 {page} 页开头的一行，看不出是新的一行，还是上页末行的下半截"
    return kinds.UNSURE.refusal(file, text, what="PDF 文档", why=why)


def closing(uprights: Sequence[Char]) -> Iterator[dict[str, Any]]:
    """A line across the ends of the uprights of each table, above and below."""
    tables: list[list[Char]] = []
    end = 0.0
    for each in sorted(uprights, key=lambda each: float(each["top"])):
        if not tables or each["top"] > end + _NEAR:
            tables.append([])
        tables[-1].append(each)
        end = max(end if len(tables[-1]) > 1 else 0.0, each["bottom"])
    for table in tables:
        for side, y in (("top", table[0]["top"]), ("bottom", max(e["bottom"] for e in table))):
            ends = [each["x0"] for each in table if abs(each[side] - y) <= _NEAR]
            x0, x1 = min(ends), max(ends)
            yield {"object_type": "line", "x0": x0, "x1": x1, "top": y, "bottom": y,
                   "width": x1 - x0, "height": 0, "orientation": "h"}  # fmt: skip
