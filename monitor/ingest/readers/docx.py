"""Word documents (.docx): bytes → Document. What is printed counts: insertions and the results of
fields, but no deletions, hidden text, field codes, text boxes, headers, footers or notes.

The XML is read as it is: python-docx gives merged cells as repetitions, and opens every part of
the archive, where one is needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from monitor.ingest.document import Document
from monitor.ingest.readers.layout import Content, Grid, Slot, lay_out
from monitor.ingest.readers.packages import damaged, main_part

_WIDEST = 63
"""Columns that Word gives a table at most."""

_LEFT_OUT = frozenset((
    *("del", "moveFrom", "drawing", "pict", "object", "AlternateContent", "rt"),
    *("pPr", "rPr", "sdtPr"),
))  # fmt: skip
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}
_SYMBOL_FONT = {0xB3: "≥", 0xA3: "≤", 0xB9: "≠", 0xB1: "±", 0xB4: "×", 0x25: "%"}
_UNREADABLE_SIGN = "\ufffd"


def read(data: bytes, file: str) -> Document:
    """Raises InputError for a file that is damaged, locked, or larger than a document can be."""
    body = _child(main_part(data, file), "body")
    if body is None:
        raise damaged(file)
    return lay_out(_Reading().content(body), file)


class _Reading:
    """Walks a body in order. Fields may begin in one paragraph and end in another."""

    def __init__(self) -> None:
        self._fields: list[bool] = []
        """Open fields, the inner ones last: whether their result has begun."""

    def content(self, parent: etree._Element) -> Content:
        """The paragraphs and tables in a body or cell, those in content controls too."""
        content: list[str | Grid] = []
        begun = ""
        for element in _unwrapped(parent, ("p", "tbl")):
            if _name(element) == "tbl":
                content.append(self._grid(element))
                continue
            begun += "".join(self._texts(element))
            if not _is_joined_to_next(element):
                content.append(begun)
                begun = ""
        return [*content, begun] if begun else content

    def _grid(self, table: etree._Element) -> Grid:
        rows = _unwrapped(table, ("tr",))
        return Grid([self._row(row) for row in rows if _property(row, "trPr", "del") is None])

    def _row(self, row: etree._Element) -> list[Slot]:
        """One slot each, as Word shows them; a column left out at the beginning is a blank one."""
        slots: list[Slot] = []
        column = _number(_property(row, "trPr", "gridBefore"), 0)
        if column:
            slots.append(Slot((), 0, column))
        for cell in _unwrapped(row, ("tc",)):
            width = _number(_property(cell, "tcPr", "gridSpan"), 1)
            content = self.content(cell)
            if _property(cell, "tcPr", "cellDel") is not None:
                continue
            if _continues(cell, "hMerge") and slots:
                slots[-1] = replace(slots[-1], width=slots[-1].width + width)
            else:
                continued = _continues(cell, "vMerge")
                slots.append(Slot(() if continued else content, column, width, continued))
            column += width
        return slots

    def _texts(self, parent: etree._Element) -> Iterator[str]:
        for element in parent:
            name = _name(element)
            if name == "fldChar":
                self._turn(_value(element, "", "fldCharType"))
            elif name in _LEFT_OUT or (name == "r" and _is_hidden(element)):
                self._pass_over(element)
            elif name == "t":
                yield self._shown(element.text or "")
            elif name == "sym":
                yield self._shown(_sign(element))
            elif name in _SIGNS:
                yield self._shown(_SIGNS[name])
            else:
                yield from self._texts(element)

    def _shown(self, text: str) -> str:
        return text if all(self._fields) else ""

    def _turn(self, kind: str) -> None:
        if kind == "begin":
            self._fields.append(False)
        elif self._fields and kind == "separate":
            self._fields[-1] = True
        elif self._fields and kind == "end":
            self._fields.pop()

    def _pass_over(self, element: etree._Element) -> None:
        """Hidden and deleted runs may hold the marks of a field that goes on after them."""
        if _name(element) in ("r", "del", "moveFrom"):
            for mark in element.iter("{*}fldChar"):
                self._turn(_value(mark, "", "fldCharType"))


def _unwrapped(parent: etree._Element, names: tuple[str, ...]) -> Iterator[etree._Element]:
    """The children so named, those wrapped in content controls or marks of insertion too."""
    for element in parent:
        name = _name(element)
        if name in names:
            yield element
        elif name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"):
            yield from _unwrapped(element, names)


def _name(element: etree._Element) -> str:
    """The name without its namespace: there are two, of the transitional and the strict form."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _child(element: etree._Element | None, name: str) -> etree._Element | None:
    return None if element is None else element.find(f"{{*}}{name}")


def _property(element: etree._Element, group: str, name: str) -> etree._Element | None:
    return _child(_child(element, group), name)


def _value(element: etree._Element | None, otherwise: str, name: str = "val") -> str:
    """An attribute of an element, `otherwise` where there is none."""
    attributes = () if element is None else element.attrib.items()
    found = (value for key, value in attributes if str(key).rpartition("}")[2] == name)
    return str(next(found, otherwise))


def _number(element: etree._Element | None, otherwise: int) -> int:
    text = _value(element, str(otherwise))
    return min(int(text), _WIDEST) if text.isdecimal() else otherwise


def _continues(cell: etree._Element, merge: str) -> bool:
    mark = _property(cell, "tcPr", merge)
    return mark is not None and _value(mark, "continue") == "continue"


def _is_hidden(run: etree._Element) -> bool:
    mark = _property(run, "rPr", "vanish")
    return mark is not None and _value(mark, "1") not in ("0", "false", "off")


def _is_joined_to_next(paragraph: etree._Element) -> bool:
    """Whether the end of the paragraph is a tracked deletion."""
    mark = _property(paragraph, "pPr", "rPr")
    return _child(mark, "del") is not None or _child(mark, "moveFrom") is not None


def _sign(element: etree._Element) -> str:
    """A sign of a symbol font; one whose meaning is not known shows as unreadable."""
    try:
        code = int(_value(element, "", "char"), 16) & 0xFF
    except ValueError:
        return _UNREADABLE_SIGN
    is_symbol = _value(element, "", "font").casefold() == "symbol"
    return _SYMBOL_FONT.get(code, _UNREADABLE_SIGN) if is_symbol else _UNREADABLE_SIGN
