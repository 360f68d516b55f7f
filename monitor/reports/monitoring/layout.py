"""The monitoring form on paper: landscape A4, its columns as the profile has them.

Domain notes, section 1c: head, funds, then the indicators with five causes and three degrees of
likelihood as ticks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from monitor.domain.answers import FormCause
from monitor.domain.calendar import day_name
from monitor.domain.likelihood import Likelihood
from monitor.reports.assessment.draft import NOTHING, Cell
from monitor.reports.glyphs import printable
from monitor.reports.monitoring.form import MonitoringForm
from monitor.reports.monitoring.rows import MonitoredRow
from monitor.reports.monitoring.settings import IndicatorColumn
from monitor.reports.paper.blocks import Block, Box, Paper, Paragraph, Row, Style, Table, label

_WIDTH_MM = 267.0  # A4 across, less the margins of a form
_LEVELS_MM = (14.0, 20.0, 30.0)
_SHARES = {  # the columns' parts of what the levels and ticks leave
    IndicatorColumn.TARGET: 7,
    IndicatorColumn.ACHIEVED: 7,
    IndicatorColumn.FORECAST: 6,
    IndicatorColumn.REASON: 17,
    IndicatorColumn.NOTE: 7,
}
_TICKS = {
    IndicatorColumn.CAUSES: tuple(each.value for each in FormCause),
    IndicatorColumn.LIKELIHOOD: tuple(each.value for each in Likelihood),
}
_TICK_MM = 9.5
_LEVEL_HEADS = ("一级指标", "二级指标", "三级指标")
_GOALS_MM = 14.0


def paper(form: MonitoringForm) -> Paper:
    """The form with its notices, remarks and sources."""
    return Paper(
        title=f"{form.profile.title} {printable(form.project_name.text)}",
        as_of=form.as_of,
        blocks=tuple(_blocks(form)),
        foot=f"数据截至 {day_name(form.as_of)}",
        landscape=True,
    )


def _blocks(form: MonitoringForm) -> Iterator[Block]:
    for text in form.notices:
        yield _line(text, Style.NOTICE)
    yield _line(form.profile.title, Style.TITLE)
    months = "1月" if form.month == 1 else f"1–{form.month}月"
    yield _line(f"（{form.year}年{months}）", Style.SUBTITLE)
    yield _line(f"项目编码：{form.project_code}　　单位：万元", Style.PLAIN)
    yield _head(form)
    yield _indicators(form)
    yield from _list("说明", form.remarks)
    yield from _list("数据来源", form.provenance)


def _line(text: str, style: Style) -> Paragraph:
    return Paragraph(Cell(text), style)


def _list(title: str, items: Sequence[str]) -> Iterator[Paragraph]:
    if items:
        yield _line(title, Style.HEADING)
    for number, item in enumerate(items, 1):
        yield _line(f"{number}. {item}", Style.ITEM)


def _head(form: MonitoringForm) -> Table:
    """Project, units, money and goal. Each column of money is two of the table's, so that the
    halves of the second row meet in the middle whatever their number."""
    count = len(form.profile.fund_columns)
    first, name = 34.0, 53.0
    each = (_WIDTH_MM - first - name) / (2 * count)
    widths = (first, name, *(each for _ in range(2 * count)))
    heads = (
        label(form.profile.heading(column, form.month), 2) for column in form.profile.fund_columns
    )
    funds = [
        Row((Box((Cell(fund.name),), left=True, head=True), *(Box((c,), 2) for c in fund.cells)))
        for fund in form.funds
    ]
    unit = (label("实施单位", 2), Box((form.unit,), 2 * count - 2))
    if count == 1:
        unit = (label("实施单位"), Box((form.unit,)))
    rows = (
        Row((label("项目名称"), Box((form.project_name,), 1 + 2 * count))),
        Row((label("主管部门及代码"), Box((form.department,)), *unit)),
        Row((label("项目资金（万元）", rows=1 + len(funds)), Box(), *heads)),
        *funds,
        Row((label("年度总体目标"), Box(form.goals, 1 + 2 * count, left=True)), _GOALS_MM, True),
    )
    return Table(widths, rows, f"{form.profile.title}：项目、资金和年度总体目标")


def _indicators(form: MonitoringForm) -> Table:
    """The indicators under their levels; the two rows of heads are repeated on each page."""
    columns = form.profile.indicator_columns
    above: list[Box] = [label(text, rows=2) for text in _LEVEL_HEADS]
    below: list[Box] = []
    for column in columns:
        title = form.profile.heading(column, form.month)
        ticks = _TICKS.get(column, ())
        above.append(label(title, len(ticks)) if ticks else label(title, rows=2))
        below.extend(label(text) for text in ticks)
    heads: tuple[Row, ...] = (Row(tuple(above)), Row(tuple(below)))
    if not below:  # a form without ticks has one row of heads
        heads = (Row(tuple(replace(box, rows=1) for box in above)),)
    rows = [Row(boxes) for boxes in _levels(form.rows, columns)]
    return Table(
        _widths(columns),
        (*heads, *rows),
        f"{form.profile.title}：绩效指标执行情况、偏差原因和完成可能性",
        header_rows=len(heads),
        joined=True,
    )


def _widths(columns: Sequence[IndicatorColumn]) -> tuple[float, ...]:
    ticks = sum(len(_TICKS.get(column, ())) for column in columns)
    rest = _WIDTH_MM - sum(_LEVELS_MM) - ticks * _TICK_MM
    parts = sum(_SHARES.get(column, 0) for column in columns)
    widths = list(_LEVELS_MM)
    for column in columns:
        if column in _TICKS:
            widths += [_TICK_MM] * len(_TICKS[column])
        else:
            widths.append(round(rest * _SHARES[column] / parts, 2))
    return tuple(widths)


def _levels(
    rows: Sequence[MonitoredRow], columns: Sequence[IndicatorColumn]
) -> Iterator[tuple[Box, ...]]:
    """Each row's boxes; level 1 and 2 run down over the neighbours that share them."""
    for level1, group in groupby(rows, key=lambda row: row.level1):
        first = list(group)
        above: tuple[Box, ...] = (label(level1, rows=len(first)),)
        for level2, members in groupby(first, key=lambda row: row.level2):
            second = list(members)
            above += (label(level2, rows=len(second)),)
            for row in second:
                yield (*above, *_row(row, columns))
                above = ()


def _row(row: MonitoredRow, columns: Sequence[IndicatorColumn]) -> Iterator[Box]:
    yield Box((row.level3,), left=row.level3 != NOTHING)
    for column in columns:
        cells = row.cells[column]
        width = len(_TICKS.get(column, ("",)))
        if len(cells) < width:  # what is open, or printed as nothing, takes all of the group
            yield Box(cells, width)
        else:
            long = column in (IndicatorColumn.REASON, IndicatorColumn.NOTE)
            yield from (Box((cell,), left=long and _is_text(cell)) for cell in cells)


def _is_text(cell: Cell) -> bool:
    return cell != NOTHING and bool(cell.text) and not cell.is_open
