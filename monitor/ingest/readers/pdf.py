"""PDF documents with a text layer: bytes → Document. Tables are read by their ruled lines."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pdfplumber
from pdfminer import settings
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
from pdfminer.pdftypes import PDFStream, resolve1
from pdfplumber.page import Page

from monitor.errors import InputError, Place
from monitor.ingest.document import Document, Paragraph, Table
from monitor.ingest.readers import kinds
from monitor.ingest.readers.pdf_tables import Piece, Run, closing
from monitor.ingest.readers.pdf_text import (
    Char,
    Line,
    flowed_to,
    is_wrapped,
    lines_of,
    once,
    unmapped,
)

_WHAT = "PDF 文档"
_LARGEST = 64 * 2**20
_MOST_PAGES = 2_000
_MARGIN = 0.12
"""Of a page's height, at its top and bottom: there stand page numbers and running headers."""
_PAGE_NUMBER = re.compile(
    r"[-—–－·]*\d{1,4}[-—–－·]*|第?\d{1,4}页?[,，/／]?共?\d{1,4}页|第\d{1,4}页"
)
_OF_A_SHEET = re.compile(r"^\W?\d{6}|单位[:：]")
_SHOWN = 10
"""Page numbers that a message lists at most."""
_LINES: dict[str, Any] = {
    "vertical_strategy": "lines",
    "horizontal_strategy": "lines",
    "snap_tolerance": 1.5,
}
_NEAR = 3.0
"""In points: rules that meet."""
_CUT_ROOM = 40.0
"""In points: what a page may leave blank below a row that it cuts."""


@dataclass(slots=True)
class _Page:
    """A page taken apart: lines outside of tables, and tables, each from top to bottom."""

    number: int
    height: float
    lines: list[Line]
    tables: list[list[Piece]]

    @property
    def bottom(self) -> float:
        ends = [line.bottom for line in self.lines]
        return max([*ends, *(each.bottom for table in self.tables for each in table)], default=0.0)

    @property
    def right(self) -> float:
        ends = [line.x1 for line in self.lines]
        return max([*ends, *(each.x1 for table in self.tables for each in table)], default=0.0)


def read(data: bytes, file: str) -> Document:
    """Raises InputError for a file that is damaged, locked, scanned or too large."""
    if len(data) > _LARGEST:
        size = f"超过 {_LARGEST // 2**20} MB"
        raise kinds.TOO_LARGE.refusal(file, what=_WHAT, size=size)
    try:
        with _strict():
            pages = _pages(data, file)
    except InputError:
        raise
    except Exception as error:  # a damaged file makes pdfminer raise anything
        raise _refusal_of(error, file) from error
    return _document(pages, file)


@contextmanager
def _strict() -> Iterator[None]:
    """pdfminer refuses what it would else skip or mend, and says nothing to the user."""
    logger = logging.getLogger("pdfminer")
    before = settings.STRICT, logger.propagate, logger.level
    settings.STRICT, logger.propagate = True, False
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        settings.STRICT, logger.propagate = before[:2]
        logger.setLevel(before[2])


def _refusal_of(error: Exception, file: str) -> InputError:
    causes: list[object] = [error, *error.args, error.__cause__, error.__context__]
    if any(isinstance(each, PDFPasswordIncorrect | PDFEncryptionError) for each in causes):
        return kinds.LOCKED.refusal(file, what=_WHAT)
    return kinds.DAMAGED.refusal(file, what=_WHAT, why="内容不合 PDF 的格式")


def _pages(data: bytes, file: str) -> list[_Page]:
    pages: list[_Page] = []
    scanned: list[int] = []
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        count = len(pdf.pages)
        _check_pages(pdf, count, file)
        for page in pdf.pages:
            if not _solid(page.chars):
                if page.images:
                    scanned.append(page.page_number)
                elif not _has_contents(page):
                    raise kinds.DAMAGED.refusal(
                        file, what=_WHAT, why=f"第 {page.page_number} 页的内容缺失"
                    )
            else:
                pages.append(_page(page, file))
            page.close()
    if scanned:
        which = "全部页面" if len(scanned) == count else f"第 {_listed(scanned)} 页"
        raise kinds.NO_TEXT_LAYER.refusal(file, pages=which)
    if not pages:
        raise kinds.NOTHING_INSIDE.refusal(file, what=_WHAT)
    return pages


def _check_pages(pdf: Any, count: int, file: str) -> None:
    if count > _MOST_PAGES:
        raise kinds.TOO_LARGE.refusal(file, what=_WHAT, size=f"有 {count} 页")
    tree = resolve1(pdf.doc.catalog.get("Pages"))
    stated = resolve1(tree.get("Count")) if isinstance(tree, dict) else None
    if count == 0 or stated != count:
        raise kinds.DAMAGED.refusal(file, what=_WHAT, why=f"应有 {stated} 页，只找到 {count} 页")


def _listed(numbers: Sequence[int]) -> str:
    shown = "、".join(map(str, numbers[:_SHOWN]))
    return f"{shown} 等 {len(numbers)}" if len(numbers) > _SHOWN else shown


def _solid(chars: Sequence[Char]) -> bool:
    return any(each["text"].strip() for each in chars)


def _has_contents(page: Page) -> bool:
    """Whether all of a blank page's content is there: its streams can be found."""
    return all(isinstance(resolve1(each), PDFStream) for each in page.page_obj.contents)


def _page(page: Page, file: str) -> _Page:
    chars = once(page.chars)
    if any(_is_upended(each) for each in chars):
        why = f"第 {page.page_number} 页有横倒的文字"
        raise kinds.UNSURE.refusal(file, what=_WHAT, why=why)
    rest = [each for each in chars if not _is_oblique(each)]
    tables = []
    for found in sorted(page.find_tables(_rules(page)), key=lambda each: float(each.bbox[1])):
        pieces, rest = _pieces(found.cells, rest)
        tables.append(pieces)
    lines = lines_of(rest)
    for text in (
        *(each.text for table in tables for each in table),
        *(each.text for each in lines),
    ):
        if sign := unmapped(text):
            why = f"第 {page.page_number} 页有文件未说明是什么字的符号（{sign!a}）"
            raise kinds.UNSURE.refusal(file, text, what=_WHAT, why=why)
    return _Page(page.page_number, float(page.height), lines, tables)


def _rules(page: Page) -> dict[str, Any]:
    """Tables are read by their rules; where a page end left the side of one open, it is closed."""
    uprights = [each for each in page.edges if each["orientation"] == "v"]
    return {**_LINES, "explicit_horizontal_lines": list(closing(uprights))}


def _is_upended(char: Char) -> bool:
    a, b, c, d = char["matrix"][:4]
    return bool(abs(a) + abs(d) < 0.1 * (abs(b) + abs(c)))


def _is_oblique(char: Char) -> bool:
    """Whether it stands askew, as watermarks do; italics lean, but their base is level."""
    a, b = char["matrix"][:2]
    return bool(abs(b) > 0.1 * abs(a))


def _pieces(
    cells: Sequence[tuple[float, float, float, float]], chars: Sequence[Char]
) -> tuple[list[Piece], list[Char]]:
    """The cells of a table with their text, and the characters that are in none."""
    inside: list[list[Char]] = [[] for _ in cells]
    outside: list[Char] = []
    for char in chars:
        x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
        spot = (i for i, (x0, top, x1, end) in enumerate(cells) if x0 <= x < x1 and top <= y < end)
        found = next(spot, None)
        (outside if found is None else inside[found]).append(char)
    pieces = []
    for (x0, top, x1, end), own in zip(cells, inside, strict=True):
        if own or min(x1 - x0, end - top) > _NEAR:  # else it is the room between two rules
            pieces.append(Piece(x0, top, x1, end, lines_of(own)))
    return pieces, outside


def _document(pages: Sequence[_Page], file: str) -> Document:
    _clear_furniture(pages)
    room = max(page.bottom for page in pages) - _CUT_ROOM
    blocks: list[list[tuple[Line, int]] | Run] = []
    right = max(page.right for page in pages)
    for page in pages:
        for item in _in_order(page):
            last = blocks[-1] if blocks else None
            if isinstance(item, Line):
                if isinstance(last, list) and _goes_on(last[-1], (item, page.number), right):
                    last.append((item, page.number))
                else:
                    blocks.append([(item, page.number)])
            elif isinstance(last, Run) and last.goes_on_in(item, page.number):
                last.go_on(item, page.number, file, full=last.bottom >= room)
            else:
                blocks.append(Run(item, page.number))
    return Document(file, tuple(_placed(blocks, right, file)), marked=True)


def _placed(
    blocks: Sequence[list[tuple[Line, int]] | Run], right: float, file: str
) -> Iterator[Paragraph | Table]:
    line, tables = 1, 0
    for block in blocks:
        if isinstance(block, Run):
            tables += 1
            table = block.table(file, line, tables)
            line += len(table.rows)
            yield table
        else:
            lines = [each for each, _ in block]
            text = flowed_to(lines, right)
            yield Paragraph(text, Place(file, line, page=block[0][1]))
            line += text.count("\n") + 1


def _in_order(page: _Page) -> list[Line | list[Piece]]:
    items: list[tuple[float, Line | list[Piece]]] = [(each.top, each) for each in page.lines]
    items += [(min(each.top for each in table), table) for table in page.tables]
    return [item for _, item in sorted(items, key=lambda each: each[0])]


def _goes_on(above: tuple[Line, int], below: tuple[Line, int], right: float) -> bool:
    """Whether a line is the rest of a paragraph that was wrapped at the right margin."""
    one, other = above[0], below[0]
    near = other.top - one.bottom < other.size if above[1] == below[1] else below[1] == above[1] + 1
    indented = other.x0 > one.x0 + 0.5 * other.size
    alike = abs(one.size - other.size) < 1
    return near and alike and not indented and is_wrapped(other, right - one.x1)


def _clear_furniture(pages: Sequence[_Page]) -> None:
    """Takes page numbers, and lines that stand on most pages, off the margins of all pages."""
    margins = [[line for line in page.lines if _in_margin(line, page)] for page in pages]
    often = Counter(key for lines in margins for key in {_key(line) for line in lines})
    for page, lines in zip(pages, margins, strict=True):
        gone = {
            id(line)
            for line in lines
            if _PAGE_NUMBER.fullmatch("".join(line.text.split()))
            or (often[_key(line)] > max(2, len(pages) // 2) and not _OF_A_SHEET.search(line.text))
        }
        page.lines = [line for line in page.lines if id(line) not in gone]


def _key(line: Line) -> tuple[str, int]:
    return re.sub(r"\d+", "#", line.text), round(line.top / 4)


def _in_margin(line: Line, page: _Page) -> bool:
    """Whether it stands at the very top or bottom, and beyond all tables."""
    tops = [each.top for table in page.tables for each in table]
    ends = [each.bottom for table in page.tables for each in table]
    if line.bottom < page.height * _MARGIN:
        return line.bottom <= min(tops, default=page.height)
    return line.top > page.height * (1 - _MARGIN) and line.top >= max(ends, default=0.0)
