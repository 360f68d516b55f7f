"""Payment lists that are no plain text: bytes → the rows of each sheet.

Workbooks (.xlsx, .xls), and web pages and XML that merely call themselves .xls.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from monitor.ingest.detect import Kind, kind_of
from monitor.ingest.readers import kinds
from monitor.ingest.readers.sheet import raw_sheets, refusing
from monitor.ingest.readers.sheet_2003 import is_sheet_2003, sheets_2003
from monitor.ingest.readers.sheet_plain import AS_ROWS, RowSheet

_LARGEST = 512 * 2**20
"""Bytes of a file."""


class Form(StrEnum):
    """The forms of lists that have sheets; the value is what users are told."""

    XLSX = "Excel 工作簿（.xlsx）"
    XLS = "旧版 Excel 工作簿（.xls）"
    HTML = "网页表格（HTML）"
    XML_2003 = "XML 电子表格 2003"


_FORMS = {Kind.XLSX: Form.XLSX, Kind.XLS: Form.XLS, Kind.HTML: Form.HTML}


@dataclass(frozen=True, slots=True)
class SheetRows:
    """A sheet that is not empty: its filled rows, each with its number as a spreadsheet counts.

    Cells are the stored values as text, those after the last filled one left out; hidden rows
    and columns are there, since money in them was paid all the same.
    """

    name: str
    rows: list[tuple[int, list[str]]]
    is_hidden: bool = False


def form_of(data: bytes) -> Form | None:
    """The form of a list that has sheets, whatever it is called; None for anything else."""
    return Form.XML_2003 if is_sheet_2003(data) else _FORMS.get(kind_of(data))


def read_sheet_rows(data: bytes, file: str) -> list[SheetRows]:
    """The sheets that are not empty, in order.

    Raises InputError for a file that is damaged, cut, locked, too large or unclear, and for one
    in which all sheets are empty.
    """
    form = form_of(data)
    if form is None:
        why = "这不是电子表格。"
        raise kinds.NOT_A_DOCUMENT.refusal(file, why=why)
    if len(data) > _LARGEST:
        size = f"超过 {_LARGEST // 2**20} MB"
        raise kinds.TOO_LARGE.refusal(file, what=form.value, size=size)
    with refusing(file):
        found = [_rows(sheet) for sheet in _sheets(data, file, form) if sheet.rows]
    if not found:
        raise kinds.NOTHING_INSIDE.refusal(file, what="电子表格")
    return found


def _sheets(data: bytes, file: str, form: Form) -> Iterable[RowSheet]:
    if form is Form.HTML:
        from monitor.ingest.readers.html_rows import sheet_of_page  # few lists are pages

        return [sheet_of_page(data, file)]
    if form is Form.XML_2003:
        return sheets_2003(data, file)
    return (sheet for sheet in raw_sheets(data, AS_ROWS) if isinstance(sheet, RowSheet))


def _rows(sheet: RowSheet) -> SheetRows:
    sheet.clear_merged()
    ordered = sorted(sheet.rows.items())
    return SheetRows(sheet.name, [(row + 1, cells) for row, cells in ordered], sheet.is_hidden)
