"""The workbook of a paper, opened again and compared cell by cell."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from monitor.reports.assessment.draft import Cell, Draft
from monitor.reports.assessment.layout import paper
from monitor.reports.paper.blocks import (
    Box,
    Paper,
    Paragraph,
    Row,
    Style,
    Table,
    grid,
    label,
    tables,
)
from monitor.reports.paper.sheet_rows import lines_in
from monitor.reports.paper.xlsx import xlsx
from tests.reports.papers import INDICATORS, a_draft, indicator_row

_FORM_STARTS = 5  # rows of notice, title, year, code


def opened(of: Draft | Paper) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(xlsx(paper(of) if isinstance(of, Draft) else of)))


def full(sheet: Worksheet) -> list[list[Any]]:
    """Each row; a merged cell is in every place that it covers."""
    values = [[cell.value or "" for cell in row] for row in sheet.iter_rows()]
    for area in sheet.merged_cells.ranges:
        for row in range(area.min_row - 1, area.max_row):
            for column in range(area.min_col - 1, area.max_col):
                values[row][column] = values[area.min_row - 1][area.min_col - 1]
    return values


def test_the_form_is_that_of_the_national_form_place_by_place() -> None:
    sheet = opened(a_draft()).worksheets[0]
    money, open_ = "项目资金（万元）", "待填"
    goals = "1. 演出十二场\n2. 观众满意"
    heads = ["年初预算数", "全年预算数(A)", "全年执行数(B)", "分值", "执行率(B/A)", "得分"]

    assert full(sheet)[_FORM_STARTS - 1 : _FORM_STARTS + 11] == [
        ["项目名称"] * 2 + ["文化下乡经费"] * 7,
        ["主管部门"] * 2 + ["待填\n部门编码 623"] * 3 + ["实施单位"] + ["623001-测试县文化馆"] * 3,
        [money, "", "", *heads],
        [money, *["年度资金总额"] * 2, "10.00", "10.00", "8.60\n系统测算", "10",
         "86.00%\n系统测算", "8.60\n系统测算"],
        [money, *["其中：当年财政拨款"] * 2, "10.00", "10.00", "8.60\n系统测算", "－", "", "－"],
        [money, *["　　　上年结转资金"] * 2, "0.00", "0.00", "0.00", "－", "", "－"],
        [money, *["　　　其他资金"] * 2, "0.00", "0.00", "0.00", "－", "", "－"],
        [money, *["执行偏差原因"] * 2, *["待填\n执行率低于90%，须说明原因"] * 6],
        ["年度总体目标", *["预期目标"] * 4, *["实际完成情况"] * 4],
        ["年度总体目标", *[goals] * 4, *[open_] * 4],
        ["绩效指标", "一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分",
         "偏差原因分析及改进措施"],
        ["", "产出指标(50分)", "数量指标", "演出场次", "≥12场", "待填", "10\n系统分配", "待填",
         "待填"],
    ]  # fmt: skip
    assert full(sheet)[_FORM_STARTS + 16] == [*["总分"] * 6, "100", "待填", ""]


def test_every_box_of_the_paper_is_one_area_of_the_sheet() -> None:
    sheet = opened(a_draft()).worksheets[0]
    areas = {(a.min_row, a.min_col, a.max_row, a.max_col) for a in sheet.merged_cells.ranges}
    top = _FORM_STARTS
    for table in tables(paper(a_draft())):
        for r, line in enumerate(grid(table)):
            for c, (box, begins) in enumerate(line):
                area = (top + r, c + 1, top + r + box.rows - 1, c + box.columns)
                if begins and box.rows * box.columns > 1:
                    assert area in areas
        top += len(table.rows)


def test_it_prints_on_a4_with_the_head_of_the_indicators_on_each_page() -> None:
    sheet, rest = opened(a_draft(stamp="阶段数据，截至10月31日 A&B")).worksheets

    assert sheet.page_setup.paperSize == 9
    assert sheet.page_setup.orientation == "portrait"
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.sheet_properties.pageSetUpPr is not None
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$15:$15"
    assert sheet["A15"].value == "绩效指标"
    assert rest.print_title_rows is None
    for each in (sheet, rest):
        assert each.oddHeader is not None
        assert each.oddFooter is not None
        assert each.oddHeader.center.text == "阶段数据，截至10月31日 A&&B"
        assert each.oddFooter.center.text == "第 &P 页　共 &N 页　　数据截至 2025年12月31日"


def test_remarks_advice_chart_and_sources_stand_on_a_second_sheet() -> None:
    book = opened(a_draft())
    texts = [row[0] for row in full(book.worksheets[1]) if row[0]]

    assert book.sheetnames == ["正表", "附页"]
    assert [t for t in texts if t in {"备注", "评审提示", "佐证资料", "附图", "数据来源"}] == [
        *("备注", "评审提示", "佐证资料", "附图", "数据来源"),
    ]
    with ZipFile(BytesIO(xlsx(paper(a_draft())))) as archive:
        drawing = archive.read("xl/drawings/drawing1.xml").decode()
    assert 'descr="文化下乡经费支出进度图：全年预算数 10.00 万元，累计支出 8.60 万元。"' in drawing
    assert 'cx="5940000"' in drawing  # 165 mm


def test_what_looks_like_a_formula_or_a_number_stays_a_text() -> None:
    name = Cell('=HYPERLINK("http://x")&\x00𠮷')
    target = Cell("@SUM(1)")
    draft = a_draft(
        project_name=name, indicators=(indicator_row("产出", "数量", "+1", target=target),)
    )
    sheet = opened(draft).worksheets[0]

    assert sheet["C5"].value == '=HYPERLINK("http://x")&𠮷'
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}


@pytest.mark.parametrize("length", [5, 60, 600, 3000])
def test_a_row_is_high_enough_for_all_its_text(length: int) -> None:
    row = indicator_row("产出", "数量", "目" * length, target=Cell("1" * (length // 2)))
    whole = a_draft(indicators=(row,), expected=(Cell("标" * length),), remarks=("注" * length,))
    book = opened(whole)
    for sheet in book.worksheets:
        heights = [sheet.row_dimensions[i + 1].height or 15.0 for i in range(sheet.max_row)]
        assert max(heights) <= 409
        areas = [(a.min_row, a.max_row, a.min_col, a.max_col) for a in sheet.merged_cells.ranges]
        merged = {(a[0], a[2]): a for a in areas}
        for cells in sheet.iter_rows():
            for cell in cells:
                if cell.value:
                    area = merged.get((cell.row, cell.column), (cell.row,) * 2 + (cell.column,) * 2)
                    assert _needs(sheet, cell, area) <= sum(heights[area[0] - 1 : area[1]])


def _needs(sheet: Worksheet, cell: Any, area: tuple[int, ...]) -> float:
    """Points that the text takes at the least: Chinese as wide as high, Latin half of that."""
    letters = [get_column_letter(c) for c in range(area[2], area[3] + 1)]
    wide = sum(sheet.column_dimensions[letter].width or 8 for letter in letters) * 8 * 0.75
    size: float = cell.font.sz
    lines = 0
    for line in cell.value.split("\n"):
        long = sum(size * (0.5 if char.isascii() else 1) for char in line)
        lines += max(1, -int(-long // wide))
    return lines * size


def test_digits_are_set_in_times_and_chinese_in_fangsong() -> None:
    sheet = opened(a_draft()).worksheets[0]

    assert (sheet["D8"].font.name, sheet["C5"].font.name) == ("Times New Roman", "仿宋")
    assert sheet["A2"].font.name == "方正小标宋简体"
    assert (sheet["A2"].font.sz, sheet["C5"].font.sz) == (22, 10.5)


def test_digits_above_a_mark_are_set_in_times_too() -> None:
    sheet = openpyxl.load_workbook(BytesIO(xlsx(paper(a_draft()))), rich_text=True).worksheets[0]
    [amount] = [
        part
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, CellRichText) and str(cell.value).startswith("86.00%")
        for part in cell.value
        if isinstance(part, TextBlock) and part.text == "86.00%"
    ]

    assert amount.font.rFont == "Times New Roman"


def test_the_side_head_of_the_indicators_is_open_to_the_box_below_it() -> None:
    sheet = opened(a_draft(indicators=INDICATORS)).worksheets[0]

    assert sheet["A15"].border.bottom.style is None
    assert sheet["A16"].border.top.style is None
    assert sheet["B15"].border.bottom.style == "thin"


def test_equal_papers_give_equal_bytes_and_others_do_not() -> None:
    content = xlsx(paper(a_draft()))

    with ZipFile(BytesIO(content)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert content == xlsx(paper(a_draft()))
    assert content != xlsx(paper(a_draft(scored="已评 18.61 / 20 分")))
    assert opened(a_draft()).properties.created.date() == date(2025, 12, 31)


def test_tables_of_different_columns_share_one_sheet() -> None:
    first = Table((60.0, 120.0), (Row((label("甲"), Box((Cell("乙"),)))),), "一")
    second = Table((90.0, 90.0), (Row((label("丙"), Box((Cell("丁"),)))),), "二")
    sheet = opened(Paper("两表", date(2025, 6, 30), (first, second), landscape=True)).worksheets[0]

    assert full(sheet) == [["甲", "乙", "乙"], ["", "", ""], ["丙", "丙", "丁"]]
    assert sheet.page_setup.orientation == "landscape"


def test_a_paper_without_a_table_is_one_sheet() -> None:
    text = Paragraph(Cell("正文。"), Style.BODY)
    book = opened(Paper("报告", date(2025, 6, 30), (text,)))

    assert book.sheetnames == ["正表"]
    assert book.worksheets[0]["A1"].value == "　　正文。"


def test_lines_are_counted_by_the_width_of_chinese() -> None:
    assert [
        lines_in(text, 10.5, 30) for text in ("七个字还是一行", "八个字就要占两行了", "a\nb")
    ] == [1, 2, 2]
