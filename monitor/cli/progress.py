"""`monitor progress` and `monitor explain`."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.chinese import Command
from monitor.cli.common import (
    as_of_option,
    format_options,
    open_app,
    unit_option,
    workspace_option,
    year_option,
)
from monitor.cli.output import Column, code, emit, money, say, share, write
from monitor.cli.row_bar import row_bar
from monitor.domain.calendar import checkpoint_name
from monitor.domain.money import yuan
from monitor.domain.progress import Grade

if TYPE_CHECKING:
    from monitor.domain.progress import Standing


def _checkpoint(month: str) -> str:
    return checkpoint_name(int(month))


def _grade(value: str) -> str:
    return Grade(value).label


_PROGRESS = (
    code("unit_code", "单位编码"),
    code("project_code", "项目编码"),
    Column("project_name", "项目名称"),
    money("budget_fen", "预算数"),
    money("paid_fen", "已支付"),
    Column("payments", "笔数", right=True),
    share("rate_bp", "执行率"),
    Column("checkpoint", "检查点", _checkpoint, fixed=True),
    share("planned_bp", "计划"),
    money("due_fen", "应支"),
    money("gap_fen", "差额"),
    share("lag_bp", "滞后"),
    Column("severity", "程度", _grade, fixed=True),
    Column("next_checkpoint", "下一检查点", _checkpoint, fixed=True),
    money("needed_fen", "尚需支付"),
)
_IN_TRANSIT = (money("in_transit_fen", "在途"), Column("in_transit", "在途笔数", right=True))


@click.command("progress", cls=Command)
@as_of_option
@year_option
@unit_option
@format_options
@workspace_option
@click.pass_context
def progress_command(
    ctx: click.Context,
    as_of: date | None,
    year: int | None,
    unit: str | None,
    format_: str,
    out: Path | None,
) -> None:
    """列出各项目的执行进度：到截至日期为止的支付，与支出计划相比。

    差额、滞后为负数，表示已快于计划。
    """
    from monitor.reports.explaining.explanation import other_years

    app = open_app(ctx)
    on = as_of or app.today
    with row_bar("计算执行进度", None):
        standings = app.standings(as_of=on, year=year, unit=unit)
    show(standings, on, format_, out)
    if not standings:
        with app.reading() as connection:
            say(f"{year or on.year} 年没有这样的项目。{other_years(connection)}")


def show(standings: list[Standing], on: date, format_: str, out: Path | None) -> None:
    """Prints the standings of a date, and their sum in one sentence."""
    from monitor.reports.rows import progress_row

    rows = [progress_row(each) for each in standings]
    in_transit = any(row["in_transit"] for row in rows)
    columns = (*_PROGRESS, *_IN_TRANSIT) if in_transit or format_ == "csv" else _PROGRESS
    emit(rows, columns, format_=format_, out=out, title=f"执行进度（截至 {on}）")
    if standings:
        say(_summary(standings))


def _summary(standings: list[Standing]) -> str:
    budget = sum(each.account.budget_fen or 0 for each in standings)
    paid = sum(each.account.paid_fen for each in standings)
    lagging = [
        f"{grade.label} {sum(1 for s in standings if s.severity is grade)}"
        for grade in reversed(Grade)
    ]
    return (
        f"{len(standings)} 个项目，预算合计 {yuan(budget)} 元，已支付 {yuan(paid)} 元；"
        f"滞后：{'，'.join(lagging)}。"
    )


@click.command("explain", cls=Command)
@click.argument("project", metavar="项目编码")
@as_of_option
@year_option
@format_options
@workspace_option
@click.pass_context
def explain_command(
    ctx: click.Context,
    project: str,
    as_of: date | None,
    year: int | None,
    format_: str,
    out: Path | None,
) -> None:
    """说明一个项目的每个数从哪里来，直到文件和行。

    列出预算的每一步（文件、文号）、计划、每一笔支付、各月合计、应支、每一分、填报、答复和数据到达。
    """
    from monitor.cli.explain_text import PAYMENTS, as_text
    from monitor.cli.report_finalize import drafting
    from monitor.reports.explaining.explanation import explain
    from monitor.reports.explaining.figure_chain import chain

    app = open_app(ctx)
    on = as_of or app.today
    with row_bar("查找来历", None), app.reading() as connection:
        told = explain(
            connection,
            project,
            year=year or (as_of.year if as_of else None),
            as_of=on,
            limits=app.settings.alerts.limits,
            matching=app.settings.matching,
            blanks=app.settings.columns.blanks,
        )
        row = told["progress"]
        code_, of_year = row["project_code"], row["year"]
        told |= chain(connection, drafting(app), code=code_, year=of_year, as_of=on)
    if format_ == "csv":
        emit(told["payments"], PAYMENTS, format_="csv", out=out)
    elif format_ == "json":
        write(json.dumps(told, ensure_ascii=False, indent=1) + "\n", out)
    else:
        write(as_text(told), out)
