"""`monitor payments coverage`: of which units and months the payment lists have come."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.chinese import Group
from monitor.cli.common import (
    YEAR,
    end,
    format_options,
    open_app,
    strict_option,
    unit_option,
    workspace_option,
    year_option,
)
from monitor.cli.output import Column, as_table, code, emit, say, write
from monitor.domain.calendar import month_end
from monitor.domain.coverage import State
from monitor.errors import NotFound, UsageError

if TYPE_CHECKING:
    from monitor.bootstrap import App
    from monitor.domain.coverage import Cell
    from monitor.reports.coverage import YearOfCoverage

_SIGNS = {State.COMPLETE: "✓", State.PARTIAL: "◐", State.MISSING: "✗"}
_BY_HAND = "☑"
_FEW = 20


def _told(said: dict[str, Any]) -> str:
    what = "当月没有支付" if said["nil"] else "数据已全"
    note = f"（{said['note']}）" if said["note"] else ""
    return f"{what}{note}，{said['actor']}，{said['recorded_at']}"


_LIST = (
    code("unit_code", "单位编码"),
    Column("unit_name", "单位名称"),
    code("month", "月份"),
    Column("state", "数据", lambda state: State(state).label),
    Column("files", "清单", "；".join),
    Column(
        "uncovered",
        "清单没有覆盖的日子",
        lambda found: "；".join(f"{each['first']} 至 {each['last']}" for each in found),
    ),
    Column("confirmed", "人工确认", _told),
)


@click.group(
    "coverage", cls=Group, invoke_without_command=True, subcommand_metavar="[命令 [参数]...]"
)
@year_option
@unit_option
@strict_option
@format_options
@workspace_option
@click.pass_context
def coverage(
    ctx: click.Context,
    year: int | None,
    unit: str | None,
    strict: bool,
    format_: str,
    out: Path | None,
) -> None:
    """哪些单位、哪些月份的支付明细已经到齐。

    清单覆盖整个财政（单位没有支付也算到齐），标题或文件名写明单位的只覆盖该单位。
    清单没有的，用 confirm 人工确认。
    """
    if ctx.invoked_subcommand is not None:
        return
    from monitor.reports.coverage import years

    app = open_app(ctx)
    with app.reading() as connection:
        found = years(connection, app.today, year=year, unit=unit)
    if format_ == "table":
        write("\n".join(map(_grid, found)), out)
    else:
        emit([row for each in found for row in each.rows], _LIST, format_=format_, out=out)
    if not found:
        say("没有单位：先导入绩效目标文本，再看支付明细是否到齐。")
    for each in found:
        _say_summary(each)
    open_cells = [c for each in found for c in each.cells if c.state is not State.COMPLETE]
    if open_cells:
        say("清单没有的，用 monitor payments coverage confirm --unit 单位编码 --month 月份 确认。")
    end(ctx, strict=strict, awaiting=open_cells)


def _grid(year: YearOfCoverage) -> str:
    columns = (
        code("unit_code", "单位编码"),
        Column("unit_name", "单位名称"),
        *(code(month, f"{int(month[5:])}月") for month in year.months),
    )
    cells = iter(year.cells)
    rows = [
        {
            "unit_code": unit,
            "unit_name": name,
            **{month: _sign(next(cells)) for month in year.months},
        }
        for unit, name in year.units.items()
    ]
    return as_table(rows, columns, title=f"{year.year} 年")


def _sign(cell: Cell) -> str:
    return _BY_HAND if cell.confirmed and cell.uncovered else _SIGNS[cell.state]


def _say_summary(year: YearOfCoverage) -> None:
    from monitor.reports.coverage import days

    count = Counter(_sign(cell) for cell in year.cells)
    say(
        f"{year.year} 年 {len(year.units)} 个单位：✓ 全 {count['✓']}，☑ 人工确认 {count['☑']}，"
        f"◐ 部分 {count['◐']}，✗ 缺 {count['✗']}（单位乘月份）。"
    )
    alike: defaultdict[tuple[Any, ...], list[str]] = defaultdict(list)
    for cell in year.cells:
        if cell.state is State.PARTIAL:
            alike[cell.month, cell.files, cell.uncovered].append(cell.unit_code)
    for (month, files, uncovered), units in list(alike.items())[:_FEW]:
        those = units[0] if len(units) == 1 else f"{units[0]} 等 {len(units)} 个单位"
        say(f"  {month} {those}：{'、'.join(files)} 没有覆盖 {days(uncovered)}。")
    if len(alike) > _FEW:
        say(f"  另有 {len(alike) - _FEW} 处，用 --format csv 查看。")


class _MonthOrNumber(click.ParamType[str]):
    """A month such as 2025-03, or its number alone."""

    name = "月份"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        year, dash, month = str(value).strip().rpartition("-")
        good = month.isascii() and month.isdigit() and 1 <= int(month) <= 12 and len(month) <= 2
        if not good or (dash and not _is_year(year)):
            self.fail(f"“{value}”不是月份，请写成 2025-03 或 03 这样", param, ctx)
        return f"{year}{dash}{int(month):02d}"


def _is_year(text: str) -> bool:
    return len(text) == 4 and text.isascii() and text.isdigit() and text.startswith("20")


_unit = click.option(
    "--unit", "unit_code", metavar="单位编码", required=True, help="预算单位，写六位单位编码。"
)
_months = click.option(
    "--month",
    "months",
    metavar="月份",
    type=_MonthOrNumber(),
    multiple=True,
    required=True,
    help="月份，如 2025-03 或 03，可写多次。",
)
_year = click.option(
    "--year", metavar="年度", type=YEAR, help="月份只写数字、单位在几个年度都有时，要写明年度。"
)


@coverage.command("confirm")
@_unit
@_months
@_year
@click.option("--nil", is_flag=True, help="当月没有支付。")
@click.option("--note", metavar="说明", default="", help="依据或说明。")
@workspace_option
@click.pass_context
def confirm(
    ctx: click.Context,
    unit_code: str,
    months: tuple[str, ...],
    year: int | None,
    nil: bool,
    note: str,
) -> None:
    """人工确认一个单位某月的支付数据已全，或当月没有支付。"""
    from monitor.store import coverage as covering
    from monitor.store.engine import writing

    app = open_app(ctx)
    wanted, name = _settled(app, unit_code, months, year)
    for month in wanted:
        if month_end(int(month[:4]), int(month[5:])) >= app.today:
            raise UsageError(f"{month} 还没有过完，不能确认数据已全。")
    what = "当月没有支付" if nil else "支付数据已全"
    at, actor = app.now(), app.actor
    with writing(app.engine) as connection:
        changed = [
            covering.confirm(
                connection, unit_code, month, nil=nil, note=note.strip(), at=at, actor=actor
            )
            for month in wanted
        ]
    for month, new in zip(wanted, changed, strict=True):
        done = "已确认" if new else "以前已确认，没有改动"
        say(f"{unit_code} {name} {month}：{what}，{done}。")


@coverage.command("withdraw")
@_unit
@_months
@_year
@workspace_option
@click.pass_context
def withdraw(ctx: click.Context, unit_code: str, months: tuple[str, ...], year: int | None) -> None:
    """撤回人工确认；有一个月份没有确认过，就全部不撤回。"""
    from monitor.store import coverage as covering
    from monitor.store.engine import writing

    app = open_app(ctx)
    wanted, name = _settled(app, unit_code, months, year)
    at, actor = app.now(), app.actor
    with writing(app.engine) as connection:
        for month in wanted:
            if not covering.withdraw(connection, unit_code, month, at=at, actor=actor):
                raise NotFound(f"{unit_code} {name} {month} 没有人工确认，没有改动。")
    for month in wanted:
        say(f"{unit_code} {name} {month}：已撤回人工确认。")


def _settled(
    app: App, unit_code: str, months: Sequence[str], year: int | None
) -> tuple[list[str], str]:
    """The months with their years, each once, and the unit's name."""
    from monitor.store import coverage as covering

    with app.reading() as connection:
        known = covering.units(connection)
    years = {each: units[unit_code] for each, units in known.items() if unit_code in units}
    if not years:
        raise NotFound(f"没有单位 {unit_code} 的项目。", "单位编码见 monitor payments coverage。")
    wanted = list(dict.fromkeys(_with_year(month, year, list(years)) for month in months))
    for month in wanted:
        if int(month[:4]) not in years:
            raise NotFound(f"{month[:4]} 年没有单位 {unit_code} 的项目。")
    return wanted, years[int(wanted[0][:4])]


def _with_year(month: str, year: int | None, years: Sequence[int]) -> str:
    if "-" in month:
        if year is not None and not month.startswith(f"{year}-"):
            raise UsageError(f"--month {month} 与 --year {year} 不是同一年。")
        return month
    if year is None and len(years) > 1:
        listed = "、".join(map(str, years))
        raise UsageError(
            f"这个单位有 {listed} 年的项目，请写明年度，如 --month {years[-1]}-{month}。"
        )
    return f"{year or years[0]}-{month}"
