"""A recorded project on the terminal, as its 绩效目标表 looks, with where it came from."""

from __future__ import annotations

import io

from rich.box import SQUARE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from monitor.domain.calendar import checkpoint_name, china_time
from monitor.domain.money import percent, yuan
from monitor.domain.target import Indicator, Project
from monitor.domain.target_value import TargetValue, ValueKind
from monitor.store.imports import Import

_NARROWEST = 72


def as_form(project: Project, landed: Import, *, width: int) -> str:
    """The form as text, in lines of at most `width` columns."""
    target = io.StringIO()
    console = Console(file=target, width=max(width, _NARROWEST), no_color=True)
    console.print(Text(f"{project.project_name}绩效目标表（{project.year} 年）"), justify="center")
    console.print(
        Text(f"{project.unit_code} {project.unit_name}    原文金额单位：{project.money_unit}")
    )
    for table in (_head(project), _plan(project), _indicators(project)):
        if table.row_count:
            console.print(table)
    console.print(Text(_origin(project, landed)))
    return "\n".join(line.rstrip() for line in target.getvalue().splitlines()) + "\n"


def understood(value: TargetValue) -> str:
    """A target value as the program understands it, for people."""
    match value.kind:
        case ValueKind.NUMBER:
            return f"{value.comparison}{value.number}{value.unit}"
        case ValueKind.RANGE:
            return f"{value.number} 至 {value.upper}{value.unit}"
        case ValueKind.DATE:
            return f"{value.comparison}{value.date}"
        case ValueKind.YES_NO:
            return "是或否"
        case ValueKind.BAND:
            return "等次"
        case ValueKind.BLANK:
            return "空白"
        case _:
            return "文字"


def _grid(*headers: str) -> Table:
    table = Table(box=SQUARE, show_header=any(headers), expand=True, show_lines=True)
    for header in headers:
        table.add_column(header, overflow="fold")
    return table


def _head(project: Project) -> Table:
    table = _grid("", "")
    table.columns[0].width = 12
    amounts = (
        f"{_yuan(project.budget_fen)}，其中：财政资金 {_yuan(project.fiscal_fen)}，"
        f"其他资金 {_yuan(project.other_fen)}"
    )
    rows = (
        ("项目编码", project.project_code),
        ("项目名称", project.project_name),
        ("预算数", amounts),
        ("资金用途", project.purpose or "空"),
        ("绩效目标", "\n".join(f"{n}.{goal}" for n, goal in enumerate(project.goals, 1)) or "空"),
    )
    for label, text in rows:
        table.add_row(label, Text(text))
    return table


def _plan(project: Project) -> Table:
    """The shares under their checkpoints; a record without a plan says so."""
    if not project.plan:
        table = _grid("资金支出计划")
        table.add_row("没有")
        return table
    table = _grid("资金支出计划", *(checkpoint_name(point.month) for point in project.plan))
    shares = ("空" if p.planned_bp is None else percent(p.planned_bp) for p in project.plan)
    table.add_row("累计比例", *shares)
    return table


def _indicators(project: Project) -> Table:
    weighted = any(each.weight is not None for each in project.indicators)
    weight = ("分值",) if weighted else ()
    headers = ("一级指标", "二级指标", "三级指标", "绩效指标描述", "指标值", "读作", "确定依据")
    table = _grid(*headers, *weight)
    for each in project.indicators:
        table.add_row(*map(Text, _cells(each, weighted=weighted)))
    return table


def _cells(each: Indicator, *, weighted: bool) -> list[str]:
    cells = [each.level1, each.level2, each.level3, each.description, each.target]
    cells += [understood(each.value), each.basis]
    return [*cells, "" if each.weight is None else str(each.weight)] if weighted else cells


def _origin(project: Project, landed: Import) -> str:
    when = china_time(landed.imported_at)
    return f"出处：{project.place}\n导入：{when}，{landed.actor}（SHA-256 {landed.sha256[:12]}…）"


def _yuan(fen: int | None) -> str:
    return "空" if fen is None else f"{yuan(fen)} 元"
