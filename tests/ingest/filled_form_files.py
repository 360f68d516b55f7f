"""Filled self-assessment forms as files of each kind: a tool of the tests.

A form is rows of nine texts; LEFT continues the cell at its left, UP the one above.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import docx
import openpyxl

from monitor.domain.filled_form import FilledForm

LEFT, UP = "<", "^"
Rows = list[list[str]]
HEADS = (
    *("绩效指标", "一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"),
    "偏差原因分析及改进措施",
)
FUND_HEADS = ("年初预算数", "全年预算数(A)", "全年执行数(B)", "分值", "执行率(B/A)", "得分")
LOCAL_FUND_HEADS = ("执行数", "执行率", "权重", "得分", "原因")
LOCAL_HEADS = ("指标性质", "指标值", "度量单位", "完成值", "权重", "得分")
FUNDS = (
    ("年度资金总额", "100.00", "100.00", "96.00", "10", "96.00%", "9.60"),
    ("其中：当年财政拨款", "100.00", "100.00", "96.00", "－", "", "－"),
    ("　　　上年结转资金", "", "", "", "－", "", "－"),
    ("　　　其他资金", "", "", "", "－", "", "－"),
)
INDICATORS = (
    ("产出指标(50分)", "数量指标", "指标1：修建水窖", "≥20座", "20座", "20", "20", ""),
    ("产出指标(50分)", "质量指标", "验收合格率", "100%", "100%", "20", "20", ""),
    ("产出指标(50分)", "时效指标", "完工时间", "2022年11月底前", "2022年10月", "10", "10", ""),
    ("产出指标(50分)", "成本指标", "", "", "", "", "", ""),
    ("效益指标(30分)", "社会效益指标", "受益人口", "≥300人", "270人", "30", "27", "两户外迁"),
    ("满意度指标(10分)", "服务对象满意度指标", "群众满意度", "≥90%", "95%", "10", "10", ""),
)  # fmt: skip
GOALS = ("解决全镇四个村的饮水困难", "四个村全部通水，水质达标")


def national(
    *,
    name: str = "农村饮水工程",
    funds: Sequence[Sequence[str]] = FUNDS,
    goals: Sequence[str] = GOALS,
    indicators: Sequence[Sequence[str]] = INDICATORS,
    total: tuple[str, str] = ("100", "96.60"),
) -> Rows:
    """The national form (domain notes, 1a), correct unless a test says otherwise."""
    four, three = [LEFT] * 3, [LEFT] * 2
    rows: Rows = [
        ["项目名称", LEFT, name, *[LEFT] * 6],
        ["主管部门", LEFT, "219-测试镇人民政府", *three, "实施单位", "219001-测试镇人民政府", LEFT],
        ["项目资金（万元）", "", LEFT, *FUND_HEADS],
    ]
    rows += [[UP, fund[0], LEFT, *fund[1:]] for fund in funds]
    rows += [
        ["年度总体目标", "预期目标", *four, "实际完成情况", *four],
        [UP, goals[0], *four, goals[1], *four],
        list(HEADS),
    ]
    above = ["", ""]
    for row in indicators:
        level1 = UP if row[0] == above[0] else row[0]
        level2 = UP if level1 == UP and row[1] == above[1] else row[1]
        rows.append([UP, level1, level2, *row[2:]])
        above = [row[0], row[1]]
    rows.append(["总分", *[LEFT] * 5, *total, ""])
    return rows


def sichuan() -> Rows:
    """The layout of domain notes 1b, correct: 定性 and 度量单位 in columns, weights of its own."""
    return [
        ["项目名称", "51000022T000004-乡村公路养护", *[LEFT] * 7],
        ["主管部门", "某县交通运输局", *[LEFT] * 3, "实施单位", "某县公路局", *[LEFT] * 2],
        ["年度目标", "完成乡村公路日常养护，保证畅通", *[LEFT] * 7],
        ["年度目标完成情况", "全部路段完成养护", *[LEFT] * 7],
        ["预算执行情况（万元）", "年初预算", "调整后预算数", *LOCAL_FUND_HEADS, LEFT],
        ["总额", "90.00", "100.00", "80.00", "80%", "10", "8", "工程结算跨年", LEFT],
        ["财政资金", "90.00", "100.00", "80.00", "80%", "/", "/", "", LEFT],
        ["财政专户管理资金", "0.00", "0.00", "0.00", "", "/", "/", "", LEFT],
        ["单位资金", "0.00", "0.00", "0.00", "", "/", "/", "", LEFT],
        ["其他资金", "0.00", "0.00", "0.00", "", "/", "/", "", LEFT],
        ["一级指标", "二级指标", "三级指标", *LOCAL_HEADS],
        ["产出指标", "数量指标", "养护里程", "≥", "120", "公里", "120", "40", "40"],
        [UP, "质量指标", "路面完好率", "≥", "95", "%", "96", "20", "20"],
        ["效益指标", "社会效益指标", "保障出行", "定性", "优", "", "优", "20", "20"],
        ["满意度指标", "服务对象满意度指标", "群众满意度", "≥", "85", "%", "90", "10", "10"],
        ["合计", *[LEFT] * 6, "100", "98"],
        ["评价结论", "总体完成较好", *[LEFT] * 7],
        ["存在问题", "结算较慢", *[LEFT] * 7],
        ["改进措施", "提前组织结算", *[LEFT] * 7],
    ]  # fmt: skip


def as_tabs(
    *forms: Rows, title: str = "项目支出绩效自评表\n（2022年度）", full: bool = True
) -> str:
    """Lines of tabs: as Excel saves them (`full`), or without the cells that are merged away."""
    lines = []
    for rows in forms:
        lines.append(title)
        for row in rows:
            kept = row if full else [text for text in row if text != LEFT]
            lines.append("\t".join("" if text in (LEFT, UP) else text for text in kept))
    return "\n".join(lines) + "\n"


def as_bars(rows: Rows) -> str:
    lines = [" | ".join("" if t == UP else t for t in row if t != LEFT) for row in rows]
    return "项目支出绩效自评表\n（2022年度）\n" + "\n".join(lines) + "\n"


def as_cells(rows: Rows) -> str:
    """The text form of the samples: a cell begins with a tab, a blank line ends the row."""
    made = ["项目支出绩效自评表\n（2022年度）\n"]
    for row in rows:
        cells = ["" if text == UP else text for text in row if text != LEFT]
        made.append("".join(f"\t{text}\n" for text in cells))
    return "\n".join(made)


def as_docx(*forms: Rows, repeated: bool = False) -> bytes:
    """A Word document; `repeated`: no cell runs down, each row says its levels again."""
    document = docx.Document()
    for rows in forms:
        document.add_paragraph("项目支出绩效自评表")
        document.add_paragraph("（2022年度）")
        table = document.add_table(len(rows), len(rows[0]))
        grid = [row.cells for row in table.rows]  # table.cell counts them anew each time
        for top, left, bottom, right, text in _areas(rows, repeated=repeated):
            cell = grid[top][left]
            if (top, left) != (bottom, right):
                cell = cell.merge(grid[bottom][right])
            cell.text = text
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def as_xlsx(*forms: Rows, numbers: bool = False) -> bytes:
    """A workbook, a sheet a form; `numbers`: figures as numbers, rates as percentages."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for number, rows in enumerate(forms, 1):
        sheet = book.create_sheet(f"自评表{number}")
        sheet["A1"], sheet["A2"] = "项目支出绩效自评表", "（2022年度）"
        for top, left, bottom, right, text in _areas(rows):
            cell = sheet.cell(top + 3, left + 1)
            cell.value, cell.number_format = _stored(text) if numbers else (text, "@")
            if (top, left) != (bottom, right):
                sheet.merge_cells(
                    start_row=top + 3, start_column=left + 1, end_row=bottom + 3,
                    end_column=right + 1,
                )  # fmt: skip
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _stored(text: str) -> tuple[Any, str]:
    plain = text.removesuffix("%")
    if not plain.replace(".", "", 1).isdecimal():
        return text, "@"
    if text.endswith("%"):
        return float(Decimal(plain) / 100), "0.00%"
    return float(plain), "0.00" if "." in plain else "General"


def _areas(rows: Rows, *, repeated: bool = False) -> list[tuple[int, int, int, int, str]]:
    """Each cell with the last row and column that it covers, and its text."""
    areas = []
    for top, row in enumerate(rows):
        for left, text in enumerate(row):
            if text == LEFT or (text == UP and not repeated):
                continue
            right, bottom, shown = left, top, text
            while right + 1 < len(row) and row[right + 1] == LEFT:
                right += 1
            if text == UP:
                shown = next(r[left] for r in reversed(rows[:top]) if r[left] != UP)
            while not repeated and bottom + 1 < len(rows) and rows[bottom + 1][left] == UP:
                bottom += 1
            areas.append((top, left, bottom, right, shown))
    return areas


def texts(form: FilledForm) -> list[str]:
    """All that a form says, for comparing."""
    levels = [each.text for row in form.indicators for each in (row.level1, row.level2)]
    funds = ["".join(row.name.text.split()) for row in form.funds]
    cells = ["待填" if each.is_open else each.content for each in form.cells()]
    return [*cells, *levels, *funds]
