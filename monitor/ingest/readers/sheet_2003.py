"""XML Spreadsheet 2003, as treasury systems write it and call it .xls: bytes → rows of sheets."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from lxml import etree

from monitor.ingest.detect import beginning, decode, is_utf_8
from monitor.ingest.readers.sheet_plain import RowSheet, plain_number
from monitor.ingest.readers.sheet_xml import streamed

_NAMESPACE = "{urn:schemas-microsoft-com:office:spreadsheet}"
_BEGINS = re.compile(
    r"\s*<\?xml[^>]*\?>(?:\s|<\?[^>]*\?>|<!--.*?-->)*<(?:\w+:)?Workbook\s[^>]*"
    r"urn:schemas-microsoft-com:office:spreadsheet",
    re.DOTALL,
)
_DECLARATION = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml[^>]*\?>")
_DATE_TIME = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?", re.ASCII)
_MIDNIGHT = "00:00:00"


def is_sheet_2003(data: bytes) -> bool:
    return bool(_BEGINS.match(beginning(data)))


def sheets_2003(data: bytes, file: str) -> Iterator[RowSheet]:
    """The sheets in order. Raises what `sheet.refusing` makes refusals of."""
    sheet: RowSheet | None = None
    worksheet: etree._Element | None = None
    below = 0
    for each in streamed(_as_utf_8(data, file), f"{_NAMESPACE}Row", "{*}Visible"):
        if each.tag != f"{_NAMESPACE}Row":
            if sheet and (each.text or "").strip() in ("SheetHidden", "SheetVeryHidden"):
                sheet.is_hidden = True
            continue
        table = each.getparent()
        owner = None if table is None else table.getparent()
        if sheet is None or owner is not worksheet:
            if sheet is not None:
                yield sheet
            worksheet, below = owner, 0
            sheet = RowSheet("" if owner is None else _stated(owner, "Name"))
        row = _number(each, "Index", below + 1) - 1
        _take_row(sheet, row, each)
        below = row + 1 + _number(each, "Span", 0)
    if sheet is not None:
        yield sheet


def _as_utf_8(data: bytes, file: str) -> io.BytesIO:
    """The file in UTF-8, behind its declaration, which may name another encoding."""
    text = data if is_utf_8(data) and b"\0" not in data else decode(data, file)[0].encode()
    declared = _DECLARATION.match(text)
    reading = io.BytesIO(text)
    reading.seek(declared.end() if declared else 0)
    return reading


def _take_row(sheet: RowSheet, row: int, element: etree._Element) -> None:
    column = 0
    for cell in element.iterchildren(f"{_NAMESPACE}Cell"):
        column = _number(cell, "Index", column + 1) - 1
        data = cell.find(f"{_NAMESPACE}Data")
        if data is not None:
            sheet.put(row, column, _text(data))
        column += 1 + _number(cell, "MergeAcross", 0)


def _text(data: etree._Element) -> str:
    text = (data.text or "") if not len(data) else "".join(map(str, data.itertext()))
    match _stated(data, "Type"):
        case "Number" if text:
            return plain_number(text.strip())
        case "DateTime" if found := _DATE_TIME.fullmatch(text.strip()):
            return found[1] if found[2] == _MIDNIGHT else f"{found[1]} {found[2]}"
        case "Boolean":
            return {"1": "TRUE", "0": "FALSE"}.get(text.strip(), text)
    return text


def _stated(element: etree._Element, name: str) -> str:
    return element.get(_NAMESPACE + name) or element.get(name) or ""


def _number(element: etree._Element, name: str, otherwise: int) -> int:
    """What an attribute counts. Raises ValueError."""
    stated = _stated(element, name)
    if not stated:
        return otherwise
    number = int(stated)
    if not 0 <= number <= 2**20:
        raise ValueError(stated)
    return number
