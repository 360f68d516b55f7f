"""From the filled and merged cells of sheets to paragraphs and tables, with the place of each."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise
from typing import NamedTuple

from monitor.errors import Place
from monitor.ingest.document import Cell, Document, Paragraph, Row, Table
from monitor.ingest.readers.sheet_values import RawSheet, reference

_MOST_CELLS = 500_000
_MOST_COLUMNS = 16_384
_MOST_TEXT = 32 * 2**20


class TooLarge(Exception):
    """More than a document can hold; says how it is larger."""


class _Span(NamedTuple):
    """What a cell covers of a row; it may have begun in a row above."""

    first: int
    last: int
    text: str
    continued: bool = False


def lay_out(sheets: Iterable[RawSheet], file: str) -> Document:
    """Each sheet in order: rows of one text alone are paragraphs, what is between are tables."""
    layout = _Layout(file)
    for sheet in sheets:
        layout.add(sheet)
    return Document(file, tuple(layout.blocks), marked=True)


@dataclass(slots=True)
class _Layout:
    file: str
    blocks: list[Paragraph | Table] = field(default_factory=list)
    above: int = 0
    """Rows of the sheets before."""
    cells: int = 0
    text: int = 0

    def add(self, sheet: RawSheet) -> None:
        if not sheet.cells:
            return
        rows = self._spans(sheet)
        if not rows:
            return
        titles = set(_titles(rows, sheet.bordered))
        table: list[int] = []
        for row in sorted(rows):
            if row in titles:
                self._close(table, rows, sheet.name)
                table = []
                span = next(each for each in rows[row] if each.text)
                text = span.text.strip()
                self.blocks.append(Paragraph(text, self._place(sheet.name, row, span.first)))
                self._count(1, len(text))
            else:
                table.append(row)
        self._close(table, rows, sheet.name)
        self.above += max(rows) + 1

    def _place(self, sheet: str, row: int, column: int) -> Place:
        return Place(self.file, self.above + row + 1, sheet=sheet, cell=reference(row, column))

    def _count(self, cells: int, text: int = 0) -> None:
        self.cells += cells
        self.text += text
        if self.cells > _MOST_CELLS:
            raise TooLarge(f"的单元格超过 {_MOST_CELLS} 个")
        if self.text > _MOST_TEXT:
            raise TooLarge("的文字过多")

    def _spans(self, sheet: RawSheet) -> dict[int, list[_Span]]:
        """The filled and the merged cells of the rows that are not blank."""
        spans: dict[int, list[_Span]] = {row: [] for row in sheet.cells}
        merges = list(_merges(sheet))
        last_row = max(sheet.cells)
        for merge in merges:
            if merge.text and merge.top < merge.bottom:
                inside = range(merge.top, min(merge.bottom, last_row) + 1)
                self._count(len(inside))
                spans.update({row: [] for row in inside if row not in spans})
        rows = sorted(spans.keys() - sheet.hidden_rows)
        for merge in merges:
            for row in rows[bisect_left(rows, merge.top) : bisect_right(rows, merge.bottom)]:
                spans[row].append(merge.in_row(row))
                self._count(1)
        hidden = _next_seen(_columns(sheet.hidden_columns))
        for row in rows:
            single = sheet.cells.get(row, {})
            spans[row] = _with_single(spans[row], {c: single[c] for c in single if c not in hidden})
        return {
            row: spans[row]
            for row in rows
            if any(each.text or each.continued for each in spans[row])
        }

    def _close(self, table: list[int], rows: dict[int, list[_Span]], sheet: str) -> None:
        """A table: in each row a cell for each column that begins a cell in any of its rows."""
        used = sorted({span.first for row in table for span in rows[row]})
        found: list[Row] = []
        for row in table:
            spans = {span.first: span for span in rows[row]}
            covered = -1
            cells: list[Cell] = []
            for column in used:
                if column <= covered:
                    continue
                span = spans.get(column) or _Span(column, column, "")
                covered = span.last
                place = self._place(sheet, row, column)
                width = span.last - span.first + 1
                cells.append(Cell(span.text, place, column, width, span.continued))
                self._count(1, len(span.text))
            found.append(tuple(cells))
        if found:
            self.blocks.append(Table(tuple(found)))


class _Merge(NamedTuple):
    """The part of a merged cell that is not hidden, and its text."""

    top: int
    left: int
    bottom: int
    right: int
    text: str

    def in_row(self, row: int) -> _Span:
        is_first = row == self.top
        return _Span(self.left, self.right, self.text if is_first else "", not is_first)


def _merges(sheet: RawSheet) -> Iterator[_Merge]:
    rows, columns = _next_seen(sheet.hidden_rows), _next_seen(_columns(sheet.hidden_columns))
    for top, left, bottom, right in sheet.merges:
        if bottom < top or right < left:
            raise ValueError("merged cells end before they begin")
        text = sheet.cells.get(top, {}).get(left, "")
        first, start = rows.get(top, top), columns.get(left, left)
        if first <= bottom and start <= right:
            yield _Merge(first, start, bottom, right, text)


def _columns(spans: Sequence[tuple[int, int]]) -> Iterable[int]:
    if sum(last - first + 1 for first, last in spans) > _MOST_COLUMNS:
        raise ValueError("more columns than a sheet has")
    return chain.from_iterable(range(first, last + 1) for first, last in spans)


def _next_seen(hidden: Iterable[int]) -> dict[int, int]:
    """For each hidden row or column the next that is not."""
    following: dict[int, int] = {}
    for number in sorted(hidden, reverse=True):
        following[number] = following.get(number + 1, number + 1)
    return following


def _with_single(merged: list[_Span], cells: dict[int, str]) -> list[_Span]:
    """The merged cells of a row and those that none of them covers, in order."""
    merged.sort()
    if any(left.last >= right.first for left, right in pairwise(merged)):
        raise ValueError("merged cells overlap")
    starts = [each.first for each in merged]
    for column, text in cells.items():
        at = bisect_right(starts, column) - 1
        if at < 0 or merged[at].last < column:
            merged.append(_Span(column, column, text))
    return sorted(merged)


def _titles(rows: dict[int, list[_Span]], bordered: set[int]) -> Iterator[int]:
    """The rows that hold one text and are not of a table.

    Such a text is as wide as all that stands with it, or stands alone, without borders, above a
    table or where tables have borders.
    """
    stretches: list[list[int]] = []
    for row in sorted(rows):
        if not stretches or row > stretches[-1][-1] + 1:
            stretches.append([])
        stretches[-1].append(row)
    for stretch in stretches:
        left = min(rows[row][0].first for row in stretch)
        right = max(rows[row][-1].last for row in stretch)
        is_above = True
        for row in stretch:
            spans = rows[row]
            filled = [each for each in spans if each.text]
            is_wide = (filled[0].first, filled[0].last) == (left, right) if filled else False
            is_alone = len(spans) == 1 and row not in bordered and (is_above or bool(bordered))
            is_above = len(filled) == 1 and (is_wide or is_alone)
            is_above = is_above and not any(each.continued for each in spans)
            if is_above:
                yield row
