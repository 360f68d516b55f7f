"""The XML of a sheet of an .xlsx: its cells as text, its merged and its hidden cells."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from lxml import etree

from monitor.ingest.readers.sheet_values import (
    AS_PRINTED,
    Formats,
    Manner,
    RawSheet,
    Unsure,
    reference,
)

TRUE = ("1", "true")
"""How a part says yes."""
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})", re.ASCII)
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True, slots=True)
class Common:
    """What the sheets of a workbook share; `is_unsaved`: by no program that calculates."""

    strings: list[str]
    formats: Formats
    borders: list[bool]
    is_unsaved: bool
    manner: Manner = AS_PRINTED


@dataclass(slots=True)
class SheetReading:
    """Reads one sheet, by its XML."""

    common: Common
    name: str
    is_hidden: bool = False
    sheet: RawSheet = field(init=False)
    columns: dict[str, int] = field(default_factory=dict)
    row: int = -1
    column: int = -1

    def read(self, data: bytes | IO[bytes]) -> RawSheet:
        self.sheet = self.common.manner.sheet(self.name, self.is_hidden)
        for each in streamed(data, "{*}row", "{*}col", "{*}mergeCell"):
            tag = _name(each)
            if tag == "row":
                self._take_row(each)
            elif tag == "mergeCell":
                first, _, last = each.get("ref", "").partition(":")
                self.sheet.merges.append((*_position(first), *_position(last or first)))
            elif each.get("hidden") in TRUE:
                span = int(each.get("min", "0")) - 1, int(each.get("max", "0")) - 1
                self.sheet.hidden_columns.append(span)
        return self.sheet

    def _take_row(self, row: etree._Element) -> None:
        number = row.get("r")
        self.row = int(number) - 1 if number else self.row + 1
        self.column = -1
        if row.get("hidden") in TRUE:
            self.sheet.hidden_rows.add(self.row)
            if not self.common.manner.with_hidden:
                return
        borders = self.common.borders
        has_border = False
        for cell in row.iterchildren("{*}c"):
            named = cell.get("r")
            self.column = self._column(named) if named else self.column + 1
            style = int(cell.get("s", "0"))
            has_border = has_border or (style < len(borders) and borders[style])
            if len(cell):
                self.sheet.put(self.row, self.column, self._text(cell, style))
        if has_border and self.row in self.sheet.cells:
            self.sheet.bordered.add(self.row)

    def _column(self, named: str) -> int:
        letters = named.rstrip("0123456789")
        if letters not in self.columns:
            self.columns[letters] = _position(named)[1]
        return self.columns[letters]

    def _text(self, cell: etree._Element, style: int) -> str:
        kind = cell.get("t", "n")
        value: str | None = None
        is_formula = False
        for child in cell:
            tag = _name(child)
            if tag == "v":
                value = child.text or ""
            elif tag == "f":
                is_formula = True
            elif tag == "is":
                return rich_text(child)
        if (
            is_formula
            and kind != "str"
            and (not value or (value == "0" and self.common.is_unsaved))
        ):
            raise Unsure(f"{self._where()} 的公式没有保存结果，请用 Excel 或 WPS 打开并保存")
        if kind == "str" and value is None:
            raise Unsure(f"{self._where()} 的公式没有保存结果，请用 Excel 或 WPS 打开并保存")
        return self._shown(kind, value, style) if value else ""

    def _shown(self, kind: str, value: str, style: int) -> str:
        if kind == "s":
            index = int(value)
            if index < 0:
                raise IndexError(index)
            return self.common.strings[index]
        if kind == "n":
            try:
                return self.common.formats.shown(value.strip(), style)
            except Unsure as error:
                raise Unsure(f"{self._where()} 的{error}") from error
        if kind == "b":
            return "TRUE" if value.strip() in TRUE else "FALSE"
        return _unescaped(value)

    def _where(self) -> str:
        return f"工作表“{self.name}”{reference(self.row, self.column)}"


def _position(named: str) -> tuple[int, int]:
    found = _REFERENCE.fullmatch(named)
    if not found:
        raise ValueError(named)
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]) - 1, column - 1


def streamed(xml: bytes | IO[bytes], *tags: str) -> Iterator[etree._Element]:
    """Elements one after the other, each forgotten after its use."""
    source = io.BytesIO(xml) if isinstance(xml, bytes) else xml
    reading = etree.iterparse(
        source, tag=tags, resolve_entities=False, no_network=True, load_dtd=False,
        huge_tree=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    for _, element in reading:
        yield element
        element.clear()
        parent = element.getparent()
        while parent is not None and element.getprevious() is not None:
            del parent[0]
    _check_plain(reading.root)


def parsed(xml: bytes) -> etree._Element:
    """The root of a part."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    root = etree.fromstring(xml, parser)
    _check_plain(root)
    return root


def _check_plain(root: etree._Element) -> None:
    """A part that declares entities is none that a spreadsheet has written."""
    if root.getroottree().docinfo.doctype:
        raise ValueError("doctype")


def every(root: etree._Element, name: str) -> list[etree._Element]:
    """All elements of a name, whatever the namespace."""
    return list(root.iter(f"{{*}}{name}"))


def _name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def rich_text(item: etree._Element) -> str:
    """The text of a string, in all its fonts, without its phonetic text."""
    texts = (
        part.text or ""
        for child in item
        for part in ((child,) if _name(child) == "t" else child if _name(child) == "r" else ())
        if _name(part) == "t"
    )
    return _unescaped("".join(texts))


def _unescaped(text: str) -> str:
    if "_x" in text:
        text = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
