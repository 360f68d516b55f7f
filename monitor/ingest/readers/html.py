"""Web pages (.html): bytes → Document. What a browser shows counts, with the page's navigation;
scripts, styles, forms' controls and hidden text are left out.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from monitor.ingest.detect import decode, is_utf_8
from monitor.ingest.document import Document
from monitor.ingest.readers import kinds
from monitor.ingest.readers.html_spans import Above, Spanning, row_of, span
from monitor.ingest.readers.layout import Content, Grid, Slot, lay_out
from monitor.ingest.readers.limits import check_cells, check_size

LEFT_OUT = frozenset((
    *("head", "script", "style", "noscript", "template", "select", "button", "textarea"),
    *("iframe", "object", "svg", "audio", "video", "rt", "rp", "del"),
))  # fmt: skip
INLINE = frozenset((
    *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "dfn", "em"),
    *("font", "i", "img", "input", "ins", "kbd", "label", "mark", "q", "ruby", "rb", "s", "samp"),
    *("small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"),
))  # fmt: skip
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_HIDDEN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all)")
_UNSEEN = {
    begins: re.compile(ends, re.IGNORECASE)
    for begins, ends in (("<!--", "-->"), ("<script", "</script"), ("<style", "</style"))
}
_UNSEEN_BEGINS = re.compile("|".join(_UNSEEN), re.IGNORECASE | re.ASCII)
_PAGE_OR_TABLE = re.compile(r"<(/?)(html|table)(?=[\s>])", re.IGNORECASE | re.ASCII)
_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60\u2018-\u201d"
_BREAK_BETWEEN_WIDE = re.compile(rf"(?<=[{_WIDE}])[ \t\r]*\n[ \t\r\n]*(?=[{_WIDE}])")
_BLANKS = re.compile(r"[ \t\r\n]+")


def read(data: bytes, file: str) -> Document:
    """Raises InputError for a page that was cut, or cannot be read to its end."""
    check_size(len(data), file, "网页")
    text = _decoded(data, file)
    _check_whole(text, file)
    parser = HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = document_fromstring(text.encode("utf-8"), parser=parser)
    except etree.ParserError as error:
        raise kinds.NOTHING_INSIDE.refusal(file, what="网页") from error
    if any(each.level == etree.ErrorLevels.FATAL for each in parser.error_log):
        raise kinds.DAMAGED.refusal(file, what="网页", why="嵌套过深或内容异常，无法读完")
    return lay_out(Cells(file).content(root), file)


def as_utf_8(data: bytes, file: str) -> bytes:
    """A page in UTF-8. Raises InputError for one that was cut."""
    page = data if is_utf_8(data) and b"\0" not in data else _decoded(data, file).encode()
    _check_whole(page.decode("latin-1"), file)  # the marks are ASCII, whatever is between
    return page


def _decoded(data: bytes, file: str) -> str:
    """By BOM, else UTF-8 if it fits, else as the page says, else GB18030.

    Valid UTF-8 goes before what the page says: a page saved anew often keeps its old word.
    """
    declared = _CHARSET.search(data[:4096])
    if declared and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        name = declared[1].decode("ascii", "replace").casefold()
        if not name.startswith(("utf", "gb")) and not is_utf_8(data):
            try:
                return data.decode(name)
            except (LookupError, UnicodeDecodeError):
                return decode(data, file)[0]
    return decode(data, file)[0]


def _check_whole(text: str, file: str) -> None:
    """Refuses a page whose download broke off: projects would be missing without a word."""
    found = Counter(
        (tag[2].casefold(), bool(tag[1]))
        for start, end in _markup(text)
        for tag in _PAGE_OR_TABLE.finditer(text, start, end)
    )
    for name in ("html", "table"):
        opened, closed = found[name, False], found[name, True]
        if opened != closed:
            why = f"<{name}> 开始 {opened} 次，结束 {closed} 次"
            raise kinds.DAMAGED.refusal(file, what="网页", why=why)
        if name == "html" and opened > 1:
            why = f"其中接连有 {opened} 个网页，请分开保存"
            raise kinds.DAMAGED.refusal(file, what="网页", why=why)


def _markup(text: str) -> Iterator[tuple[int, int]]:
    """What is not comments, scripts and styles; one that does not end takes all the rest."""
    start = 0
    while begins := _UNSEEN_BEGINS.search(text, start):
        yield start, begins.start()
        ends = _UNSEEN[begins[0].casefold()].search(text, begins.end())
        if ends is None:
            return
        start = ends.start()
    yield start, len(text)


class Cells:
    """Walks a page in order and counts its cells, which spans can multiply without end."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._cells = 0

    def content(self, parent: HtmlElement) -> Content:
        """The texts and tables in a page or cell; each block begins a text of its own."""
        content: list[str | Grid] = []
        text: list[str] = []

        def close() -> None:
            if joined := plain("".join(text)):
                content.append(joined)
            text.clear()

        for item in self._pieces(parent):
            if isinstance(item, Grid):
                close()
                content.append(item)
            elif item is None:
                close()
            else:
                text.append(item)
        close()
        return content

    def _pieces(self, element: HtmlElement) -> Iterator[str | Grid | None]:
        """Texts and tables in order; None where a block begins or ends."""
        yield collapsed(element.text)
        for child in element:
            tag = child.tag
            if tag == "br":
                yield "\v"
            elif tag == "table" and not _is_hidden(child):
                yield self._grid(child)
            elif tag not in LEFT_OUT and not _is_hidden(child):
                is_block = tag not in INLINE and ":" not in tag  # o:p, of Word
                yield from (None,) if is_block else ()
                yield from self._pieces(child)
                yield from (None,) if is_block else ()
            yield collapsed(child.tail)

    def _grid(self, table: HtmlElement) -> Grid:
        """The table's own rows; a caption comes first, in a row of its own."""
        captions = table.iterchildren("caption")
        rows: list[list[Slot]] = [[Slot(self.content(each), 0)] for each in captions]
        above: list[Above] = []
        for row in _rows(table):
            cells = [cell for cell in row.iterchildren("td", "th") if not _is_hidden(cell)]
            slots, above = row_of(map(self._spanning, cells), above)
            self._cells += len(slots)
            check_cells(self._cells, self._file)
            rows.append(slots)
        return Grid(rows)

    def _spanning(self, cell: HtmlElement) -> Spanning:
        return Spanning(self.content(cell), span(cell.get("colspan")), span(cell.get("rowspan")))


def _rows(table: HtmlElement) -> Iterator[HtmlElement]:
    for child in table:
        if _is_hidden(child):
            continue
        if child.tag == "tr":
            yield child
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from (row for row in child.iterchildren("tr") if not _is_hidden(row))


def _is_hidden(element: HtmlElement) -> bool:
    style = element.get("style")
    return element.get("hidden") is not None or bool(style and _HIDDEN.search(style.casefold()))


def collapsed(text: str | None) -> str:
    return _BLANKS.sub(" ", _BREAK_BETWEEN_WIDE.sub("", text)) if text else ""


def plain(text: str) -> str:
    """A block's text: lines broken where the page says so, without blanks at their ends."""
    lines = text.replace("\xa0", " ").replace("\u200b", "").split("\v")
    return "\n".join(_BLANKS.sub(" ", line).strip(" ") for line in lines).strip("\n")
