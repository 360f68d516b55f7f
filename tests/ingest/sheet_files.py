"""Payment lists as spreadsheets: the rows of a CSV with its amounts as numbers, dates as dates."""

from __future__ import annotations

import html
import io
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from importlib import import_module
from xml.sax.saxutils import escape

import openpyxl

from monitor.domain.money import NotAnAmount, parse_fen
from monitor.ingest.pay_date import NotADate, parse_pay_date

Value = str | date | Decimal
Rows = Sequence[Sequence[Value]]


def valued(rows: Sequence[Sequence[str]]) -> list[list[Value]]:
    """The cells of a list as a spreadsheet stores them once a clerk has opened it."""
    dates = {n for row in rows for n, cell in enumerate(row) if "日期" in cell and len(cell) < 8}
    amounts = {
        n for row in rows for n, cell in enumerate(row) if cell.startswith(("支付金额", "金额"))
    }
    return [[_value(cell, n in dates, n in amounts) for n, cell in enumerate(row)] for row in rows]


def _value(cell: str, is_date: bool, is_amount: bool) -> Value:
    try:
        if is_date:
            return parse_pay_date(cell)
        return Decimal(parse_fen(cell)) / 100 if is_amount else cell
    except (NotADate, NotAnAmount):
        return cell


def as_xlsx(rows: Rows, name: str = "明细") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = name
    for line, row in enumerate(rows, 1):
        for column, cell in enumerate(row, 1):
            if cell == "":
                continue
            stored = sheet.cell(line, column, float(cell) if isinstance(cell, Decimal) else cell)
            if isinstance(cell, Decimal):
                stored.number_format = "#,##0.00"
            elif isinstance(cell, date):
                stored.number_format = "yyyy-mm-dd"
    return _saved(book.save)


def as_xls(rows: Rows, name: str = "明细") -> bytes:
    xlwt = import_module("xlwt")
    book = xlwt.Workbook()
    sheet = book.add_sheet(name)
    day, money = xlwt.easyxf(num_format_str="yyyy-mm-dd"), xlwt.easyxf(num_format_str="#,##0.00")
    for line, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, Decimal):
                sheet.write(line, column, float(cell), money)
            elif isinstance(cell, date):
                sheet.write(line, column, cell, day)
            elif cell:
                sheet.write(line, column, cell)
    return _saved(book.save)


def as_html(rows: Rows) -> bytes:
    """As treasury systems write it; what a cell shows is rounded, its number stands beside it."""
    lines = []
    for row in rows:
        cells = []
        for cell in row:
            if isinstance(cell, Decimal):
                cells.append(f'<td x:num="{cell}">{cell:,.0f}</td>')
            else:
                cells.append(f"<td>{html.escape(str(cell))}</td>")
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return (
        '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head>'
        '<meta http-equiv="Content-Type" content="text/html; charset=utf-8"><title>表</title>'
        f"</head><body><table border=1>{''.join(lines)}</table></body></html>"
    ).encode()


def as_xml_2003(rows: Rows, name: str = "明细") -> bytes:
    lines = []
    for line, row in enumerate(rows, 1):
        cells = [
            f'<Cell ss:Index="{n}"><Data ss:Type="{kind}">{escape(text)}</Data></Cell>'
            for n, cell in enumerate(row, 1)
            if cell != ""
            for kind, text in (_typed(cell),)
        ]
        lines.append(f'<Row ss:Index="{line}">{"".join(cells)}</Row>')
    return (
        '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
        ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
        f'<Worksheet ss:Name="{name}"><Table>{"".join(lines)}</Table></Worksheet></Workbook>'
    ).encode()


def _typed(cell: Value) -> tuple[str, str]:
    if isinstance(cell, Decimal):
        return "Number", repr(float(cell))
    if isinstance(cell, date):
        return "DateTime", f"{cell}T00:00:00.000"
    return "String", cell


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    out = io.BytesIO()
    save(out)
    return out.getvalue()


FORMS: dict[str, Callable[[Rows], bytes]] = {
    "xlsx": as_xlsx,
    "xls": as_xls,
    "html": as_html,
    "xml 2003": as_xml_2003,
}
