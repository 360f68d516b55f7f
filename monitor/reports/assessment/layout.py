"""项目支出绩效自评表 on paper: every row, column and merged cell of the national form.

The form of 财预〔2020〕10号 as printed by Hebei and Anhui (domain notes, section 1a). What the
program has to say stands above and below it, so that the form itself stays the official one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from monitor.domain.calendar import day_name
from monitor.domain.money import ten_thousand_yuan
from monitor.reports.assessment.draft import NOTHING, Cell, Draft, FundRow, IndicatorRow
from monitor.reports.glyphs import printable
from monitor.reports.paper.blocks import (
    Block,
    Box,
    Paper,
    Paragraph,
    Picture,
    Row,
    Style,
    Table,
    beneath,
    label,
)

_WIDTHS = (16.5, 16.6, 23.9, 24.2, 23.1, 23.1, 13.0, 15.7, 23.9)
"""In mm, together 180: an amount of `12345.678901` 万元 stands in one line."""
_FUND_HEADS = ("年初预算数", "全年预算数(A)", "全年执行数(B)", "分值", "执行率(B/A)", "得分")
_INDICATOR_HEADS = (
    *("绩效指标", "一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"),
    "偏差原因分析及改进措施",
)
_GOALS_MM = 20.0


def paper(draft: Draft) -> Paper:
    """The form with its notices, remarks, advice, chart and sources."""
    foot = f"数据截至 {day_name(draft.as_of)}"
    return Paper(
        title=f"{draft.title} {printable(draft.project_name.text)}",
        as_of=draft.as_of,
        blocks=tuple(_blocks(draft)),
        foot=f"{foot}　　校验码 {draft.digest}" if draft.digest else foot,
        stamp=draft.stamp,
    )


def _blocks(draft: Draft) -> Iterator[Block]:
    for text in draft.notices:
        yield _line(text, Style.NOTICE)
    yield _line(draft.title, Style.TITLE)
    yield _line(f"（{draft.year}年度）", Style.SUBTITLE)
    yield _line(f"项目编码：{draft.project_code}", Style.PLAIN)
    yield _general(draft)
    yield _indicators(draft)
    yield _line(draft.scored, Style.CAPTION)
    if draft.digest:
        yield _line(f"定稿校验码：{draft.digest}", Style.PLAIN)
    yield from _list("备注", draft.remarks)
    yield from _list("评审提示", draft.advice)
    yield from _list("佐证资料", tuple(_evidence(draft)))
    yield _line("附图", Style.HEADING)
    yield Picture(draft.curve, 165, _in_words(draft))
    yield _line(f"图　{draft.year}年度支出进度：计划与实际（按月，万元）", Style.CAPTION)
    yield from _list("数据来源", draft.provenance)


def _line(text: str, style: Style) -> Paragraph:
    return Paragraph(Cell(text), style)


def _list(title: str, items: Sequence[str]) -> Iterator[Paragraph]:
    if items:
        yield _line(title, Style.HEADING)
    for number, item in enumerate(items, 1):
        yield _line(f"{number}. {item}", Style.ITEM)


def _evidence(draft: Draft) -> Iterator[str]:
    """What an indicator rests on: the form has no column for it."""
    for row in draft.indicators:
        cell = row.evidence
        if cell.text and cell.text != NOTHING.text:
            small = beneath(cell)
            yield f"{row.level3.text}：{cell.text}" + (f"（{small}）" if small else "")


def _general(draft: Draft) -> Table:
    """Project, units, money and goals: the rows above the indicators."""
    reason = draft.execution_reason
    funds = [_fund(fund) for fund in draft.funds]
    if reason:
        funds.append((label("执行偏差原因", 2), Box((reason,), 6, left=True)))
    heads = (Box((), 2), *(label(text) for text in _FUND_HEADS))
    money = label("项目资金（万元）", rows=1 + len(funds))
    goals = (Box(draft.expected, 4, left=True), Box((draft.achieved,), 4, left=_is_long(draft)))
    rows = (
        Row((label("项目名称", 2), Box((draft.project_name,), 7))),
        Row(
            (
                label("主管部门", 2),
                Box((draft.department,), 3),
                label("实施单位"),
                Box((draft.unit,), 3),
            )
        ),
        Row((money, *heads)),
        *(Row(boxes) for boxes in funds),
        Row((label("年度总体目标", rows=2), label("预期目标", 4), label("实际完成情况", 4))),
        Row(goals, _GOALS_MM, splits=True),
    )
    return Table(_WIDTHS, rows, f"{draft.title}：项目、资金和年度总体目标")


def _is_long(draft: Draft) -> bool:
    return not draft.achieved.is_open


def _fund(fund: FundRow) -> tuple[Box, ...]:
    return (
        Box((Cell(fund.name),), 2, left=True, head=True),
        *(Box((cell,)) for cell in fund.cells),
    )


def _indicators(draft: Draft) -> Table:
    """The indicators under their levels, and the total. Its head is repeated on each page.

    绩效指标 stands in the head, and the box beneath is open to it: a head that ran down into the
    rows would not be repeated by Word.
    """
    first, *others = (label(text) for text in _INDICATOR_HEADS)
    head = Row((replace(first, open_bottom=True), *others))
    rows = [Row(boxes) for boxes in _levels(draft.indicators)]
    if rows:
        side = Box(rows=len(rows), open_top=True)
        rows[0] = replace(rows[0], boxes=(side, *rows[0].boxes))
        rows[-1] = replace(rows[-1], keeps=True)
    total = (Box((draft.total_weight,)), Box((draft.total_points,)), Box())
    return Table(
        _WIDTHS,
        (head, *rows, Row((label("总分", 6), *total))),
        f"{draft.title}：绩效指标、得分和偏差原因",
        header_rows=1,
        joined=True,
    )


def _levels(rows: Sequence[IndicatorRow]) -> Iterator[tuple[Box, ...]]:
    """Each row's boxes; level 1 and 2 run down over the neighbours that share them."""
    for level1, group in groupby(rows, key=lambda row: row.level1):
        first = list(group)
        above: tuple[Box, ...] = (label(level1, rows=len(first)),)
        for level2, members in groupby(first, key=lambda row: row.level2):
            second = list(members)
            above += (label(level2, rows=len(second)),)
            for row in second:
                yield (*above, *_indicator(row))
                above = ()


def _indicator(row: IndicatorRow) -> Iterator[Box]:
    level3, *middle, reason = row.cells
    yield Box((level3,), left=level3.text != NOTHING.text)
    for cell in middle:
        yield Box((cell,))
    yield Box((reason,), left=not (reason.text == NOTHING.text or reason.is_open))


def _in_words(draft: Draft) -> str:
    """The chart for those who cannot see it."""
    curve = draft.curve
    budget = (
        "无预算数"
        if curve.budget_fen is None
        else f"全年预算数 {ten_thousand_yuan(curve.budget_fen)} 万元"
    )
    paid = ten_thousand_yuan(sum(curve.paid_by_month))
    return f"{draft.project_name.text}支出进度图：{budget}，累计支出 {paid} 万元。"
