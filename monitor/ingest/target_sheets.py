"""Where each project's sheet (绩效目标表) begins and ends in a target document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from monitor.domain.codes import normalise_name
from monitor.errors import Diagnostic, Place
from monitor.ingest import target_kinds as kinds
from monitor.ingest.document import Cell, Document, Paragraph, Row
from monitor.ingest.labels import Labels, plain_label
from monitor.ingest.page_marks import is_page_number

Item = Paragraph | Row

_HEAD_LINES = 10
"""Lines with unit, year and money unit that stand at most above a sheet's fields."""
_NUMBERED = re.compile(r"^[(]?[一二三四五六七八九十]{1,3}[)]?[、.]?")
_NUMBER = re.compile(r"(\d{1,4})[.、．]")
_UNIT_OR_MONEY = re.compile(
    r"[\[(【]?\d{6}(?!\d)|[\[(【]?(?:金额|货币|计量)?单位:|\(?20\d\d年度?\)?$"
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One project's part of a document: its heading, where it has one, and its rows.

    A paragraph between two rows is the rest of the cell before it (a Word table holds no
    paragraphs between its rows), unless the format marks cells; before the project code it is a
    row of its own. `rest` are the paragraphs that belong to no row, `continued` those that were
    taken for the rest of a cell.
    """

    heading: Paragraph | None
    rows: tuple[Row, ...]
    rest: tuple[Paragraph, ...]
    continued: tuple[Paragraph, ...]
    place: Place
    after: tuple[Item, ...] = ()
    """The first part of the next unit, where a document holds several units."""


def split(document: Document, labels: Labels) -> tuple[list[Item], list[Sheet]]:
    """What stands before the first sheet, and the sheets.

    A sheet begins at its heading; one whose heading is missing, at its unit line. Without any
    sheet, all is front.
    """
    items = _titled(list(_items(document, labels)), labels)
    starts = _starts(items, labels)
    ends = [*starts[1:], len(items)][: len(starts)]
    marked = document.marked
    sheets = [_sheet(items[a:b], labels, marked) for a, b in zip(starts, ends, strict=True)]
    return items[: starts[0] if starts else len(items)], sheets


def gaps(sheets: Iterable[Sheet]) -> Iterator[Diagnostic]:
    """Where the headings' numbers jump; they may begin again at 1 with each unit."""
    before = 0
    for sheet in sheets:
        found = _NUMBER.match(sheet.heading.text) if sheet.heading else None
        if not sheet.heading or not found:
            before += 1
            continue
        number = int(found[1])
        if number not in (before + 1, 1):
            yield kinds.HEADING_NUMBER.at(
                sheet.heading.place, sheet.heading.text, before=before, after=number
            )
        before = number


def _items(document: Document, labels: Labels) -> Iterator[Item]:
    """Rows and paragraphs in order, without page numbers.

    A heading that ran into the cell before it is set free.
    """
    for block in document.blocks:
        if isinstance(block, Paragraph):
            if not is_page_number(block):
                yield block
            continue
        for row in block.rows:
            yield from _freed(row, labels)


def _after(body: Sequence[Item], labels: Labels) -> int:
    """Where another unit's first part begins: at the lines before its title and a section's."""
    plain = [plain_label(each.text) if isinstance(each, Paragraph) else "" for each in body]
    for i, title in enumerate(plain):
        if title not in labels.part_one or not any(isinstance(b, tuple) for b in body[:i]):
            continue
        if not any(_NUMBERED.sub("", text) in labels.sections for text in plain[i + 1 :]):
            continue
        return max(j for j in range(i) if not isinstance(body[j], Paragraph)) + 1
    return len(body)


def _titled(items: Sequence[Item], labels: Labels) -> list[Item]:
    """The items; a row that is a heading, above a sheet's first fields, is a paragraph."""
    found = list(items)
    for i, item in enumerate(found):
        if isinstance(item, Paragraph):
            continue
        stated = [cell for cell in item if not cell.is_blank]
        if len(stated) != 1 or not _ends_heading(stated[0].text, labels):
            continue
        rest = islice(found, i + 1, i + 1 + _HEAD_LINES)
        below = next((each for each in rest if not _is_head_line(each)), None)
        if isinstance(below, tuple) and _begins_sheet(below, labels):
            found[i] = Paragraph(stated[0].text.strip(), stated[0].place)
    return found


def _begins_sheet(row: Row, labels: Labels) -> bool:
    first = next((key for cell in row if (key := labels.field(cell.text))), None)
    return first in ("code", "name", "unit", "department")


def _freed(row: Row, labels: Labels) -> Iterator[Item]:
    start = 0
    for i, cell in enumerate(row):
        text, line_break, last = cell.text.rpartition("\n")
        if line_break and _NUMBER.match(last.strip()) and _ends_heading(last, labels):
            yield (*row[start:i], replace(cell, text=text))
            yield Paragraph(last.strip(), cell.place.below(cell.text.count("\n")))
            start = i + 1
    if start < len(row):
        yield row[start:]


def _ends_heading(text: str, labels: Labels) -> bool:
    return plain_label(text).endswith(labels.heading_endings)


def _starts(items: Sequence[Item], labels: Labels) -> list[int]:
    """Where sheets begin: at headings, and before rows with a project code that have none."""
    starts: list[int] = []
    headed = False
    coded = -1
    for i, item in enumerate(items):
        if isinstance(item, Paragraph):
            if _ends_heading(item.text, labels) and _leads_to_row(items, i + 1):
                starts.append(i)
                headed = True
        elif _names_code(item, labels):
            if not headed:
                starts.append(_head(items, i, coded))
            headed, coded = False, i
    return starts


def _leads_to_row(items: Sequence[Item], i: int) -> bool:
    """Whether a row comes next, or after lines with unit or money unit that are paragraphs."""
    while i < len(items) and isinstance(items[i], Paragraph) and _is_head_line(items[i]):
        i += 1
    return i < len(items) and not isinstance(items[i], Paragraph)


def _head(items: Sequence[Item], row: int, not_before: int) -> int:
    """The first of the lines with unit or money unit that stand directly before a row."""
    start = row
    while start - 1 > not_before and _is_head_line(items[start - 1]):
        start -= 1
    return start


def _is_head_line(item: Item) -> bool:
    texts = [item.text] if isinstance(item, Paragraph) else [cell.text for cell in item]
    stated = [normalise_name(text) for text in texts if text.strip()]
    return bool(stated) and all(_UNIT_OR_MONEY.match(text) for text in stated)


def _sheet(items: Sequence[Item], labels: Labels, marked: bool) -> Sheet:
    first = items[0]
    heading = first if isinstance(first, Paragraph) and _ends_heading(first.text, labels) else None
    body = items[1:] if heading else items
    end = _after(body, labels)
    body, after = body[:end], tuple(body[end:])
    last = max((i for i, item in enumerate(body) if not isinstance(item, Paragraph)), default=-1)
    rest = [item for item in body[last + 1 :] if isinstance(item, Paragraph)]
    rows = body[: last + 1]
    continued = tuple(_after_code(rows, labels))
    if marked:
        unplaced = set(continued)
        rows = [item for item in rows if item not in unplaced]
        continued, rest = (), [*continued, *rest]
    place = heading.place if heading else _place(first)
    return Sheet(heading, tuple(_rows(rows, labels)), tuple(rest), continued, place, after)


def _after_code(items: Sequence[Item], labels: Labels) -> Iterator[Paragraph]:
    """The paragraphs that stand below the row of the project code."""
    coded = False
    for item in items:
        if not isinstance(item, Paragraph):
            coded = coded or _names_code(item, labels)
        elif coded:
            yield item


def _names_code(row: Row, labels: Labels) -> bool:
    return any(labels.field(cell.text) == "code" for cell in row)


def _place(item: Item) -> Place:
    return item.place if isinstance(item, Paragraph) else item[0].place


def _rows(items: Iterable[Item], labels: Labels) -> Iterator[Row]:
    """The rows, each with the paragraphs that continue its last cell."""
    row: Row = ()
    more: list[str] = []
    coded = False
    for item in items:
        if isinstance(item, Paragraph) and coded:
            more.append(item.text)
            continue
        if row:
            yield _continued(row, more)
        row = (Cell(item.text, item.place),) if isinstance(item, Paragraph) else item
        more = []
        coded = coded or _names_code(row, labels)
    if row:
        yield _continued(row, more)


def _continued(row: Row, more: Sequence[str]) -> Row:
    if not more:
        return row
    return (*row[:-1], Cell("\n".join((row[-1].text, *more)), row[-1].place))
