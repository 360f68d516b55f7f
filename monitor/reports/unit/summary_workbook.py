"""绩效自评汇总表: all projects of a year in one workbook with live formulas.

The formulas recalculate when somebody fills a blank; the values written beside them are our own
figures, and both agree to the fen: sums are rounded to the fen, and a rate is a quotient of whole
fen, since a spreadsheet's numbers are binary. Money stands in 元 with two decimals, as numbers.
"""

from __future__ import annotations

import io
from datetime import datetime, time
from typing import Any

import xlsxwriter

from monitor.reports.glyphs import printable
from monitor.reports.sheet_page import lines_of
from monitor.reports.unit.summary_facts import Summary
from monitor.reports.unit.summary_looks import LINE_PT, Looks
from monitor.reports.unit.summary_projects import PROJECTS, TITLE, ProjectSheet
from monitor.reports.unit.summary_units import UNITS, UnitSheet

SOURCES = "数据来源"


def summary_workbook(summary: Summary) -> bytes:
    """The workbook as the bytes of an .xlsx file; equal summaries give equal bytes."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False})
    try:
        made = datetime.combine(summary.as_of, time())
        book.set_properties({"title": f"{summary.year}年度{TITLE}", "created": made})
        book.set_calc_mode("auto")
        looks = Looks(book)
        projects, units = book.add_worksheet(PROJECTS), book.add_worksheet(UNITS)
        layout = ProjectSheet(projects, summary, looks)
        layout.write()
        UnitSheet(units, summary, looks, layout).write()
        _write_sources(book.add_worksheet(SOURCES), summary, looks)
    finally:
        book.close()
    return target.getvalue()


def _write_sources(sheet: Any, summary: Summary, looks: Looks) -> None:
    sheet.set_column(0, 0, 110)
    sheet.write_string(0, 0, SOURCES, looks.head)
    for row, text in enumerate(summary.provenance, 1):
        sheet.write_string(row, 0, printable(text), looks.plain)
        sheet.set_row(row, LINE_PT * lines_of(text, 110))
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
