"""A self-assessment draft as a Word document: the form, remarks, the chart, the sources."""

from __future__ import annotations

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.shared import Pt

from monitor.domain.calendar import day_name
from monitor.domain.money import ten_thousand_yuan
from monitor.reports.charts import plan_chart
from monitor.reports.draft import NOTHING, Cell, Draft, FundRow, IndicatorRow
from monitor.reports.drawing import png
from monitor.reports.word import (
    HEAD,
    TITLE,
    a4_document,
    add_footer,
    add_picture,
    save,
    write,
)
from monitor.reports.word_table import Box, FormTable, label

_WIDTHS = (16.5, 20.5, 20.5, 30.5, 22, 23, 11, 15.5, 20.5)  # mm, together the page's 180
_FUND_HEADS = ("年初预算数", "全年预算数(A)", "全年执行数(B)", "分值", "执行率(B/A)", "得分")
_INDICATOR_HEADS = (
    *("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"),
    "偏差原因分析及改进措施",
)


def docx(draft: Draft) -> bytes:
    """The .docx file of a draft. Equal drafts give equal bytes."""
    document = a4_document(f"{draft.title} {draft.project_name.text}", draft.as_of)
    add_footer(document, f"数据截至 {day_name(draft.as_of)}")
    _head(document, draft)
    _general_part(document, draft)
    _seam(document)
    _indicators(document, draft)
    _list(document, "备注", draft.remarks)
    _chart(document, draft)
    _list(document, "数据来源", draft.provenance)
    return save(document)


def _head(document: Document, draft: Draft) -> None:
    for text, size, family in (
        (draft.title, 22.0, TITLE),
        (f"（{draft.year}年度）", 14.0, None),
        (f"项目编码：{draft.project_code}", None, None),
    ):
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if size else WD_ALIGN_PARAGRAPH.LEFT
        paragraph.paragraph_format.space_after = Pt(3)
        write(paragraph, text, size=size, family=family)


def _general_part(document: Document, draft: Draft) -> None:
    table = FormTable(document, _WIDTHS)
    table.row(label("项目名称", 2), Box((draft.project_name,), 7))
    unit = (label("实施单位"), Box((draft.unit,), 3))
    table.row(label("主管部门", 2), Box((draft.department,), 3), *unit)
    names = [label(text) for text in _FUND_HEADS]
    table.row(label("项目资金（万元）", down="restart"), Box(span=2), *names)
    for fund in draft.funds:
        table.row(Box(down="continue"), *_fund(fund))
    if draft.execution_reason:
        reason = Box((draft.execution_reason,), 6)
        table.row(Box(down="continue"), label("执行偏差原因", 2), reason)
    heads = (label("预期目标", 4), label("实际完成情况", 4))
    table.row(label("年度总体目标", down="restart"), *heads)
    goals = (Box(draft.expected, 4, left=True, open_side="bottom"),)
    achieved = Box((draft.achieved,), 4, open_side="bottom")
    below = Box(down="continue", open_side="bottom")
    table.row(below, *goals, achieved, height_mm=20, splits=True)


def _fund(fund: FundRow) -> list[Box]:
    return [Box((Cell(fund.name),), 2, left=True), *(Box((cell,)) for cell in fund.cells)]


def _seam(document: Document) -> None:
    """A paragraph too thin to be seen: without it Word would make one table of the two."""
    spacing = document.add_paragraph().paragraph_format
    spacing.line_spacing_rule, spacing.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(1)


def _indicators(document: Document, draft: Draft) -> None:
    table = FormTable(document, _WIDTHS)
    heads = [label(text) for text in _INDICATOR_HEADS]
    table.row(Box(open_side="bottom"), *heads, header=True)
    before: IndicatorRow | None = None
    for row in draft.indicators:
        table.row(*_indicator(row, before))
        before = row
    scored = Cell(draft.scored)
    total = (Box((draft.total_weight,)), Box((draft.total_points,)), Box((scored,)))
    table.row(label("总分", 6), *total)


def _indicator(row: IndicatorRow, before: IndicatorRow | None) -> list[Box]:
    """Level 1 and 2 run down over the rows that share them."""
    same1 = before is not None and before.level1 == row.level1
    same2 = same1 and before is not None and before.level2 == row.level2
    level3, target, actual, weight, points, reason = row.cells
    return [
        Box(down="continue") if before else label("绩效指标", down="restart", open_side="top"),
        Box(down="continue") if same1 else label(row.level1, down="restart"),
        Box(down="continue") if same2 else label(row.level2, down="restart"),
        Box((level3,), left=level3 != NOTHING),
        *(Box((cell,)) for cell in (target, actual, weight, points)),
        Box((reason,)),
    ]


def _heading(document: Document, text: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(8), Pt(2)
    paragraph.paragraph_format.keep_with_next = True
    write(paragraph, text, family=HEAD)


def _list(document: Document, title: str, items: tuple[str, ...]) -> None:
    _heading(document, title)
    for i, item in enumerate(items, 1):
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.left_indent = Pt(12)
        paragraph.paragraph_format.first_line_indent = Pt(-12)
        write(paragraph, f"{i}. {item}", size=9)


def _chart(document: Document, draft: Draft) -> None:
    _heading(document, "附图")
    picture = document.add_paragraph()
    picture.alignment = WD_ALIGN_PARAGRAPH.CENTER
    picture.paragraph_format.keep_with_next = True
    add_picture(document, picture, png(plan_chart(draft.curve)), 165, _in_words(draft))
    caption = document.add_paragraph()
    caption.alignment = WD_ALIGN_PARAGRAPH.CENTER
    write(caption, f"图　{draft.year}年度支出进度：计划与实际（按月，万元）", size=9)


def _in_words(draft: Draft) -> str:
    """The chart for those who cannot see it."""
    curve = draft.curve
    paid = ten_thousand_yuan(sum(curve.paid_by_month))
    budget = (
        "无预算数"
        if curve.budget_fen is None
        else (f"全年预算数 {ten_thousand_yuan(curve.budget_fen)} 万元")
    )
    return f"{draft.project_name.text}支出进度图：{budget}，累计支出 {paid} 万元。"
