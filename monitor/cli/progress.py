"""`monitor progress` and `monitor explain`."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
from monitor.cli.output import Column, as_table, code, emit, money, say, share, write
from monitor.domain.calendar import checkpoint_name
from monitor.domain.money import percent, yuan
from monitor.domain.progress import Grade
from monitor.domain.refunds import Bond

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
    from monitor.reports.explanation import other_years

    app = open_app(ctx)
    on = as_of or app.today
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


_PAYMENTS = (
    code("number", "编号"),
    code("pay_date", "支付日期"),
    money("amount_fen", "金额"),
    Column("status", "状态"),
    Column("payee", "收款人"),
    Column("purpose", "用途"),
    Column("method", "匹配"),
    Column("reason", "依据"),
    Column("actor", "经手"),
    Column("file", "文件"),
    Column("line", "行", right=True),
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
    """说明一个项目的数从哪里来：预算和计划的出处，每一笔支付的文件和行。"""
    from monitor.reports.explanation import explain

    app = open_app(ctx)
    on = as_of or app.today
    with app.reading() as connection:
        told = explain(
            connection,
            project,
            year=year or (as_of.year if as_of else None),
            as_of=on,
            limits=app.settings.alerts.limits,
            matching=app.settings.matching,
            blanks=app.settings.columns.blanks,
        )
    if format_ == "csv":
        emit(told["payments"], _PAYMENTS, format_="csv", out=out)
    elif format_ == "json":
        write(json.dumps(told, ensure_ascii=False, indent=1) + "\n", out)
    else:
        write(_as_text(told), out)


def _as_text(told: dict[str, Any]) -> str:
    row, source = told["progress"], told["source"]
    counted = [each for each in told["payments"] if each["counted"]]
    later = [each for each in told["payments"] if not each["counted"]]
    lines = [
        f"{row['project_code']} {row['project_name']}（{row['unit_code']} {row['unit_name']}）",
        f"  预算数 {_yuan(row['budget_fen'])}，支出计划 {_plan(told['plan_bp'])}",
        f"  出处：{source['file']} 第 {source['line']} 行（SHA-256 {source['sha256'][:12]}…）",
        f"  截至 {told['as_of']}：已支付 {_yuan(row['paid_fen'])}，{row['payments']} 笔，"
        f"执行率 {_percent(row['rate_bp'])}",
    ]
    if row["checkpoint"]:
        lag = f"，程度 {Grade(row['severity']).label}" if row["severity"] else ""
        lines.append(
            f"  {_checkpoint(row['checkpoint'])}应支 {_yuan(row['due_fen'])}（计划 "
            f"{_percent(row['planned_bp'])}），差额 {_yuan(row['gap_fen'])}{lag}"
        )
    text = "\n".join(lines) + "\n" + as_table(counted, _PAYMENTS, title="计入的支付")
    if later:
        text += as_table(later, _PAYMENTS, title="截至日期以后的支付，不计入")
    if told["in_transit"]:
        text += as_table(told["in_transit"], _PAYMENTS, title="在途，尚未支付，不计入")
    return text + _returned(told["payments"]) + _decisions(told["payments"])


def _returned(payments: list[dict[str, Any]]) -> str:
    """What the refunds return, one line each."""
    lines = []
    for each in payments:
        if returns := each["returns"]:
            original = returns["original"]
            paid = f"，退的是 {original['number']}" if original else ""
            lines.append(f"  {each['number']}：{Bond(returns['state']).label}{paid}")
    return "\n".join(["退款：", *lines, ""]) if lines else ""


def _decisions(payments: list[dict[str, Any]]) -> str:
    """What was decided about the payments after they landed, one line a change."""
    lines = [
        f"  {each['number']}：{change['from']} → {change['to']}，{change['at']}，"
        f"{change['actor']}{'，' + change['reason'] if change['reason'] else ''}"
        for each in payments
        for change in each["history"]
    ]
    return "\n".join(["导入之后的匹配和决定：", *lines, ""]) if lines else ""


def _yuan(fen: int | None) -> str:
    return "空" if fen is None else f"{yuan(fen)} 元"


def _percent(bp: int | None) -> str:
    return "空" if bp is None else percent(bp)


def _plan(plan: dict[str, int | None]) -> str:
    return "，".join(f"{_checkpoint(month)} {_percent(bp)}" for month, bp in plan.items()) or "无"
