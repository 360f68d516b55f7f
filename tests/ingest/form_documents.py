"""The sample documents as the official form, with its merged cells: a tool of the tests.

Made from truth.json, which no reader of ours has written: one grid, printed as .docx or as .html.
"""

from __future__ import annotations

import html
import io
import re
from dataclasses import dataclass
from decimal import Decimal
from importlib import import_module
from itertools import groupby
from typing import Any

import docx
import openpyxl
from docx.table import Table
from openpyxl.worksheet.worksheet import Worksheet

COLUMNS = 12
Truth = list[dict[str, Any]]


@dataclass(frozen=True)
class Box:
    """A cell of the form; `wide` of its 12 columns, `tall` of its rows."""

    text: str
    wide: int = 2
    tall: int = 1


def documents(truth: Truth) -> dict[str, Truth]:
    """The projects by the sample that they are of."""
    return {source: list(found) for source, found in groupby(truth, lambda each: each["source"])}


def as_docx(projects: Truth) -> bytes:
    document = docx.Document()
    for number, project in enumerate(projects, 1):
        document.add_paragraph(f"{number}.{project['project_name']}绩效目标表")
        for rows in _tables(project):
            _fill(document.add_table(len(rows), COLUMNS), rows)
            document.add_paragraph()
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


def as_html(projects: Truth) -> str:
    parts = [
        f"<h3>{number}.{html.escape(project['project_name'])}绩效目标表</h3>\n"
        + "<p>&nbsp;</p>".join(map(_html_table, _tables(project)))
        for number, project in enumerate(projects, 1)
    ]
    return f"<!DOCTYPE html>\n<html><head></head>\n<body>{''.join(parts)}</body></html>"


def as_xlsx(projects: Truth, *, one_a_sheet: bool = False) -> bytes:
    """Codes as text, money and shares as numbers in their formats, the rest as text."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    row = 1
    for number, project in enumerate(projects, 1):
        if one_a_sheet and number > 1:
            sheet, row = book.create_sheet(), 1
        if one_a_sheet:
            sheet.title = f"项目{number}"
        title = f"{number}.{project['project_name']}绩效目标表"
        sheet.cell(row, 1, title).data_type = "s"
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=COLUMNS)
        row += 1
        for rows in _tables(project):
            _fill_sheet(sheet, row, rows)
            row += len(rows)
        row += 1
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def as_xls(projects: Truth) -> bytes:
    """All below one another, as `as_xlsx`."""
    xlwt = import_module("xlwt")
    book = xlwt.Workbook()
    sheet = book.add_sheet("绩效目标")
    row = 0
    for number, project in enumerate(projects, 1):
        title = f"{number}.{project['project_name']}绩效目标表"
        sheet.write_merge(row, row, 0, COLUMNS - 1, title)
        row += 1
        for rows in _tables(project):
            for (r, c), box in _placed(rows).items():
                value, form = _stored(rows, box)
                style = xlwt.XFStyle()
                style.num_format_str = form
                area = (row + r, row + r + box.tall - 1, c, c + box.wide - 1)
                sheet.write_merge(*area, value, style)
            row += len(rows)
        row += 1
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def _tables(project: dict[str, Any]) -> tuple[list[list[Box]], list[list[Box]]]:
    """The head of the form and its indicators; a row has the boxes that begin in it."""
    unit = Decimal({"元": 100, "千元": 100_000, "万元": 1_000_000}[project["money_unit"]])
    amounts = [
        "" if project[key] is None else str(project[key] / unit)
        for key in ("budget_fen", "fiscal_fen", "other_fen")
    ]
    plan = project["plan_bp"]
    wide = (COLUMNS - 2) // len(plan)
    rest = COLUMNS - 2 - wide * (len(plan) - 1)
    widths = [*[wide] * (len(plan) - 1), rest]
    shares = ["" if bp is None else f"{Decimal(bp) / 100}%" for bp in plan.values()]
    goals = "\n".join(f"{i}. {goal}" for i, goal in enumerate(project["goals"], 1))
    head = [
        [
            Box(f"{project['unit_code']}{project['unit_name_as_written']}", 8),
            Box(f"单位：{project['money_unit']}", 4),
        ],
        [
            *(Box("项目编码"), Box(project["project_code"], 4)),
            *(Box("项目名称"), Box(project["project_name"], 4)),
        ],
        [
            *(Box("预算规模及资金用途", 2, 2), Box("预算数"), Box(amounts[0], 1)),
            *(Box("其中：财政\n资金"), Box(amounts[1]), Box("其他资金", 1), Box(amounts[2])),
        ],
        [Box(project["purpose"], 10)],
        [Box("资金支出计划（%）", 2, 2)]
        + [Box(f"{int(month)}月底", w) for month, w in zip(plan, widths, strict=True)],
        [Box(share, w) for share, w in zip(shares, widths, strict=True)],
        [Box("绩效目标"), Box(goals, 10)],
    ]
    return head, _indicators(project["indicators"])


def _indicators(indicators: list[dict[str, str]]) -> list[list[Box]]:
    names = ("一级指标", "二级指标", "三级指标", "绩效指标描述", "指标值", "指标值确定依据")
    rows = [[Box(name) for name in names]]
    for level1, group in groupby(indicators, lambda each: each["level1"]):
        same1 = list(group)
        for level2, inner in groupby(same1, lambda each: each["level2"]):
            same2 = list(inner)
            for each in same2:
                row = [Box(level1, 2, len(same1))] if each is same1[0] else []
                row += [Box(level2, 2, len(same2))] if each is same2[0] else []
                rest = ("level3", "description", "target", "basis")
                rows.append([*row, *(Box(each[key]) for key in rest)])
    return rows


def _fill(table: Table, rows: list[list[Box]]) -> None:
    for (r, c), box in _placed(rows).items():
        last = table.rows[r + box.tall - 1].cells[c + box.wide - 1]
        table.rows[r].cells[c].merge(last).text = box.text


def _stored(rows: list[list[Box]], box: Box) -> tuple[Decimal | str, str]:
    """The value of a cell and its number format: shares and money of the head are numbers."""
    share, money = re.fullmatch(r"([\d.]+)%", box.text), re.fullmatch(r"\d+\.\d\d", box.text)
    is_head = len(rows[0]) == 2  # unit and money unit, not the indicators
    if is_head and share:
        return Decimal(share[1]) / 100, "0.00%"
    if is_head and money:
        return Decimal(box.text), "#,##0.00"
    return box.text, "General"


def _fill_sheet(sheet: Worksheet, top: int, rows: list[list[Box]]) -> None:
    for (r, c), box in _placed(rows).items():
        cell = sheet.cell(top + r, c + 1)
        value, cell.number_format = _stored(rows, box)
        if value:
            cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"
        if box.wide > 1 or box.tall > 1:
            sheet.merge_cells(
                start_row=top + r,
                end_row=top + r + box.tall - 1,
                start_column=c + 1,
                end_column=c + box.wide,
            )


def _placed(rows: list[list[Box]]) -> dict[tuple[int, int], Box]:
    """Each cell with its row and its first column."""
    placed: dict[tuple[int, int], Box] = {}
    taken: set[tuple[int, int]] = set()
    for r, row in enumerate(rows):
        c = 0
        for box in row:
            while (r, c) in taken:
                c += 1
            placed[r, c] = box
            taken |= {(r + i, c + j) for i in range(box.tall) for j in range(box.wide)}
            c += box.wide
    return placed


def _html_table(rows: list[list[Box]]) -> str:
    def cell(box: Box) -> str:
        text = html.escape(box.text).replace("\n", "<br>")
        return f'<td colspan="{box.wide}" rowspan={box.tall}>{text}</td>'

    lines = ("".join(map(cell, row)) for row in rows)
    return f"<table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"
