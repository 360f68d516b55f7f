"""Where a form or a report is still 待填, in words for whom it is to be filled by."""

from __future__ import annotations

from collections.abc import Iterator

from monitor.reports.assessment.draft import Cell, Draft
from monitor.reports.paper.blocks import Paper, Paragraph, Style

FUND_HEADS = ("年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分")
INDICATOR_HEADS = ("三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施")


def named_cells(form: Draft) -> Iterator[tuple[str, Cell]]:
    """Every cell of the form with its name, in reading order; each row has names of its own."""
    yield from (
        ("项目名称", form.project_name),
        ("主管部门", form.department),
        ("实施单位", form.unit),
    )
    for fund in form.funds:
        for head, cell in zip(FUND_HEADS, fund.cells, strict=True):
            yield f"{fund.name.strip()}{head}", cell
    if form.execution_reason:
        yield "执行偏差原因", form.execution_reason
    for number, cell in enumerate(form.expected, 1):
        yield f"预期目标{number}", cell
    yield "年度总体目标实际完成情况", form.achieved
    for row in form.indicators:
        for head, cell in zip(INDICATOR_HEADS, row.cells, strict=True):
            yield f"指标“{row.level3.text}”的{head}", cell
    yield from (("总分值", form.total_weight), ("总分", form.total_points))


def of_form(form: Draft) -> Iterator[str]:
    """The open cells of a form, as `Draft.open_items` counts them."""
    reason = INDICATOR_HEADS[-1]
    for name, cell in named_cells(form):
        if cell.is_open and (cell.note or not name.endswith(reason)):
            yield name


def of_report(paper: Paper) -> Iterator[str]:
    """The chapters of a report that have an open paragraph, each once."""
    chapter, told = "", ""
    for block in paper.blocks:
        if not isinstance(block, Paragraph):
            continue
        if block.style is Style.CHAPTER:
            chapter = block.cell.text
        elif block.cell.is_open and told != chapter:
            told = chapter
            yield chapter
