"""The unit's self-assessment report on paper: six chapters as an official paper (section 1d)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from monitor.domain.calendar import day_name
from monitor.domain.money import percent, ten_thousand_yuan
from monitor.reports.assessment.draft import NOTHING, Cell, to_fill
from monitor.reports.glyphs import printable
from monitor.reports.paper.blocks import Block, Box, Paper, Row, Style, Table, label
from monitor.reports.unit import narrative as told
from monitor.reports.unit.merged_sources import merged_provenance
from monitor.reports.unit.report import UnitReport
from monitor.reports.unit.summary_facts import GroupPoints, ProjectLine, columns

_WIDTH_MM = 158.0  # A4 less the margins of an official paper
_NAME_MM = 46.0
_MONEY_HEADS = ("年初预算数", "全年预算数", "全年执行数", "执行率")


def paper(report: UnitReport) -> Paper:
    """The report with its notices, tables and sources; stamped while the year is open."""
    draft = report.first.draft
    foot = f"数据截至 {day_name(draft.as_of)}"
    title = f"{printable(report.unit_name)}{draft.year}年度绩效自评报告"
    return Paper(
        title=title,
        as_of=draft.as_of,
        blocks=tuple(_blocks(report, title)),
        foot=f"{foot}　　校验码 {draft.digest}" if draft.digest else foot,
        stamp=draft.stamp,
    )


def _blocks(report: UnitReport, title: str) -> Iterator[Block]:
    draft = report.first.draft
    if draft.stamp:
        yield told.line(draft.stamp, Style.NOTICE)
    for text in report.notices():
        yield told.line(text, Style.NOTICE)
    yield from told.title(report.unit_name, title)
    yield from _chapter(1, "基本情况", report.general())
    yield from _chapter(2, "绩效自评工作开展情况", report.work_done())
    yield from _chapter(3, "预算执行情况", report.execution())
    yield told.line("表1　项目预算执行情况（万元）", Style.CAPTION)
    yield _money_table(report)
    yield from _chapter(4, "绩效目标完成情况", report.results())
    yield told.line("表2　项目自评得分汇总", Style.CAPTION)
    yield _score_table(report.lines)
    yield told.section(1, "各项目自评情况")
    yield from report.published()
    yield from _chapter(5, "存在问题及原因", report.problems())
    yield from _chapter(6, "改进措施和结果应用", report.measures())
    if draft.digest:
        yield told.line(f"定稿校验码：{draft.digest}", Style.PLAIN)
    yield from told.items("评审提示", report.first.facts.unit_copied)
    yield from told.items("数据来源", merged_provenance(report.facts, [report.rules]))


def _chapter(number: int, title: str, blocks: Iterable[Block]) -> Iterator[Block]:
    yield told.chapter(number, title)
    yield from blocks


def _money(fen: int | None) -> Cell:
    return to_fill() if fen is None else Cell(ten_thousand_yuan(fen))


def _rate(bp: int | None) -> Cell:
    return NOTHING if bp is None else Cell(percent(bp))


def _cells(cells: Iterable[Cell]) -> tuple[Box, ...]:
    return tuple(Box((cell,)) for cell in cells)


def _money_table(report: UnitReport) -> Table:
    """Budget, paid and rate of each project and of all."""
    each = (_WIDTH_MM - _NAME_MM) / len(_MONEY_HEADS)
    heads = Row((label("项目名称"), *(label(text) for text in _MONEY_HEADS)))
    rows = [
        Row(
            (
                Box((Cell(line.project_name),), left=True),
                *_cells(map(_money, (line.initial_fen, line.budget_fen, line.paid_fen))),
                *_cells((_rate(line.rate_bp),)),
            )
        )
        for line in report.lines
    ]
    whole = report.sums
    total = Row(
        (
            label("合计"),
            *_cells(map(_money, (whole.initial_fen, whole.budget_fen, whole.paid_fen))),
            *_cells((_rate(whole.rate_bp),)),
        )
    )
    widths = (_NAME_MM, *(each for _ in _MONEY_HEADS))
    return Table(widths, (heads, *rows, total), "项目预算执行情况", header_rows=1)


def _score_table(lines: tuple[ProjectLine, ...]) -> Table:
    """Points by group, total and grade (D13); what is not complete is 待填."""
    groups = columns(lines)
    names = ("预算执行", *(name.removesuffix("指标") for name in groups), "总分", "等级")
    each = (_WIDTH_MM - _NAME_MM) / len(names)
    heads = Row((label("项目名称"), *(label(text) for text in names)))
    rows = [
        Row(
            (
                Box((Cell(line.project_name),), left=True),
                *_cells(_points(line, groups)),
            )
        )
        for line in lines
    ]
    widths = (_NAME_MM, *(each for _ in names))
    return Table(widths, (heads, *rows), "项目自评得分汇总", header_rows=1)


def _points(line: ProjectLine, groups: tuple[str, ...]) -> Iterator[Cell]:
    yield _earned(line.execution)
    for name in groups:
        yield _earned(line.groups.get(name))
    yield to_fill() if line.total is None else Cell(f"{line.total:.2f}")
    yield to_fill() if line.grade is None else Cell(line.grade.label)


def _earned(points: GroupPoints | None) -> Cell:
    """A dash where the project has no such group."""
    if points is None:
        return NOTHING
    return to_fill() if points.points is None else Cell(f"{points.points:.2f}")
