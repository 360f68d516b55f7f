"""Tables of a web page as the rows of one sheet, as Excel opens a page that is called .xls.

A list can be long, so the page is never held as a whole: each row is forgotten once it is read.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from lxml import etree
from lxml.html import HtmlElement

from monitor.ingest.readers.html import INLINE, LEFT_OUT, Cells, as_utf_8, collapsed, plain
from monitor.ingest.readers.html_spans import Above, Spanning, row_of, span
from monitor.ingest.readers.sheet_plain import RowSheet, plain_number

_STORED = "x:num"
"""Where Excel keeps the number that a cell shows rounded."""
_SHOWN_NUMBER = re.compile(r"[-(]?[¥￥]?\s*-?[\d,]*\.?\d+\)?", re.ASCII)


def sheet_of_page(data: bytes, file: str) -> RowSheet:
    """The texts and tables of a page in order, each block of text a row of its own.

    Raises InputError for a page that was cut.
    """
    reading = _Rows(file)
    page = io.BytesIO(as_utf_8(data, file))
    events = etree.iterparse(
        page, events=("start", "end"), tag=("table", "tr", "caption"), html=True,
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True,
    )  # fmt: skip
    for event, element in events:
        reading.take(event, element)
    reading.take_texts(events.root, None)
    return reading.sheet


class _Rows:
    """What has been read of a page; `_above` has the cells that reach down, table in table."""

    def __init__(self, file: str) -> None:
        self.sheet = RowSheet("")
        self._cells = Cells(file)
        self._above: list[list[Above]] = []
        self._row = 0

    def take(self, event: str, element: HtmlElement) -> None:
        match event, element.tag:
            case "start", "table":
                if not self._above:
                    self.take_texts(element.getroottree().getroot(), element)
                self._above.append([])
            case "end", "table":
                self._above.pop()
            case "end", "caption":
                self._put(0, _text(self._cells, element))
                self._row += 1
                element.clear(keep_tail=True)
            case "end", "tr" if self._above:
                self._take_row(element)

    def _take_row(self, row: HtmlElement) -> None:
        cells = (
            Spanning(
                (_text(self._cells, each),), span(each.get("colspan")), span(each.get("rowspan"))
            )
            for each in row.iterchildren("td", "th")
        )
        slots, self._above[-1] = row_of(cells, self._above[-1])
        for slot in slots:
            self._put(slot.column, str(slot.content[0]) if slot.content else "")
        self._row += 1
        row.clear(keep_tail=True)
        parent = row.getparent()
        while parent is not None and row.getprevious() is not None:
            del parent[0]

    def take_texts(self, root: HtmlElement, end: HtmlElement | None) -> None:
        """The texts outside of tables up to `end`, each once."""
        for text in _texts(root, end):
            if shown := plain(text):
                self._put(0, shown)
                self._row += 1

    def _put(self, column: int, text: str) -> None:
        self.sheet.put(self._row, column, text)


def _texts(root: HtmlElement, end: HtmlElement | None) -> Iterator[str]:
    """Blocks of text before `end`, outside of tables; what is given is taken out of the page."""
    text: list[str] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if element is end:
            break
        is_outside = not any(each.tag in ("table", *LEFT_OUT) for each in element.iterancestors())
        if not is_outside:
            continue
        if element.tag not in INLINE:
            yield "".join(text)
            text.clear()
        if event == "start" and element.tag not in ("table", *LEFT_OUT):
            text.append(collapsed(element.text))
            element.text = None
        elif event == "end":
            text.append(collapsed(element.tail))
            element.tail = None
    yield "".join(text)


def _text(cells: Cells, cell: HtmlElement) -> str:
    """The text of a cell, or the number that it stores where it shows one."""
    if len(cell):
        text = "\n".join(each for each in cells.content(cell) if isinstance(each, str))
    else:
        text = plain(collapsed(cell.text))
    stored = cell.get(_STORED)
    if stored and _SHOWN_NUMBER.fullmatch(text):
        return plain_number(stored.strip())
    return text
