"""`monitor check`, `monitor notify` and `monitor warnings …`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.chinese import Command, Group
from monitor.cli.common import (
    Day,
    as_of_option,
    end,
    format_options,
    open_app,
    strict_option,
    unit_option,
    workspace_option,
    year_option,
)
from monitor.cli.output import Column, code, emit, say, tell
from monitor.domain.calendar import checkpoint_name
from monitor.domain.progress import Grade

if TYPE_CHECKING:
    from monitor.alerts.sweep import CheckOutcome, NotifyOutcome

_STATES = {
    "raised": "待通知",
    "sent": "已通知",
    "resolved": "已消除",
    "carried-on": "转入下一检查点",
    "withdrawn": "已撤回",
}


@click.command("check", cls=Command)
@as_of_option
@year_option
@workspace_option
@click.pass_context
def check_command(ctx: click.Context, as_of: date | None, year: int | None) -> None:
    """对照到期的检查点核查各项目，登记预警；同一预警只登记一次。"""
    app = open_app(ctx)
    on = as_of or app.today
    of_year = year or on.year
    outcome = app.check(as_of=on, year=of_year)
    if of_year not in app.plan_months():
        say(f"{of_year} 年没有带支出计划的项目，没有什么可核查的；别的年度请用 --year 指明。")
        return
    missing = app.missing_months(of_year, on)
    if missing:
        say(f"注意：{of_year} 年{missing}的支付明细尚未导入，已支付的数可能偏少。")
    say(f"截至 {on} 的核查：{summary(outcome)}")
    for each in outcome.outdated:
        say(
            f"  {each.project_code} 的 {checkpoint_name(each.checkpoint)}检查点已按 "
            f"{each.judged} 的数据核查过，早于它的 {each.as_of} 不再改动。"
        )


def summary(outcome: CheckOutcome) -> str:
    """What a check changed, in one sentence."""
    from monitor.domain.warning import Step

    words = {
        Step.RAISED: "新增",
        Step.SEVERITY: "程度变化",
        Step.FIGURES: "数字更新",
        Step.REOPENED: "再次出现",
        Step.RESOLVED: "已消除",
        Step.CARRIED_ON: "转入下一检查点",
    }
    steps = [
        f"{label} {outcome.steps[step]}" for step, label in words.items() if outcome.steps[step]
    ]
    return f"符合预警条件的项目 {outcome.findings} 个；{'，'.join(steps) or '没有变化'}。"


@click.command("notify", cls=Command)
@strict_option
@workspace_option
@click.pass_context
def notify_command(ctx: click.Context, strict: bool) -> None:
    """把尚未通知的预警发给各单位财务负责人，每人一封；发过的不再发。

    没有配置发信服务器时，邮件写成 .eml 文件放进 outbox/。
    """
    app = open_app(ctx)
    outcome = app.notify()
    tell(outcome.diagnostics, verbose=True)
    _say_deliveries(outcome, into=None if app.settings.mail else app.settings.outbox)
    untold = outcome.waiting or outcome.failed or outcome.unknown or outcome.undelivered
    end(ctx, strict=strict, awaiting=untold or outcome.diagnostics)


def _say_deliveries(outcome: NotifyOutcome, *, into: Path | None) -> None:
    if outcome.sent:
        done = f"写入 {into}" if into else "发出"
        say(f"已{done} {len(outcome.sent)} 封：")
        for mail in outcome.sent:
            say(f"  {mail.recipient}：{mail.subject}")
    groups = (
        ("暂时发不出，下次再试", outcome.waiting),
        ("被拒收，不再重试", outcome.failed),
        ("不知道对方是否收到，不会自动重发", outcome.unknown),
    )
    for label, mails in groups:
        for mail in mails:
            say(f"{label}：{mail.recipient}：{mail.subject}（{mail.words}）")
    if outcome.undelivered:
        say(
            f"有 {outcome.undelivered} 条预警还没有送到：邮件正由别的程序发送、被拒收或结果不明，"
            "用 monitor mail list 查看。"
        )
    told = outcome.sent or outcome.undelivered or any(mails for _, mails in groups)
    if not (told or outcome.diagnostics):  # a diagnostic says what could not be told
        say("没有需要通知的预警。")


@click.group("warnings", cls=Group)
def warnings_command() -> None:
    """已登记的预警。"""


_WARNINGS = (
    Column("id", "编号", right=True),
    code("rule", "规则"),
    Column("severity", "程度", lambda value: Grade(value).label, fixed=True),
    Column("state", "状态", lambda value: _STATES[value], fixed=True),
    code("unit_code", "单位编码"),
    Column("unit_name", "单位名称"),
    code("project_code", "项目编码"),
    Column("project_name", "项目名称"),
    Column("year", "年度"),
    Column("checkpoint", "检查点", lambda month: checkpoint_name(int(month)), fixed=True),
    code("as_of", "截至"),
    code("raised_at", "登记时间"),
)


@warnings_command.command("list")
@year_option
@unit_option
@click.option(
    "--severity",
    metavar="notice|yellow|red",
    type=click.Choice([grade.value for grade in Grade]),
    help="只看这个程度。",
)
@click.option(
    "--state", metavar="状态", type=click.Choice(list(_STATES)), help="只看这个状态，英文名见手册。"
)
@click.option("--as-of", metavar="日期", type=Day(), help="只看截至这一天核查出的，如 2025-06-30。")
@strict_option
@format_options
@workspace_option
@click.pass_context
def list_(
    ctx: click.Context,
    year: int | None,
    unit: str | None,
    severity: str | None,
    state: str | None,
    as_of: date | None,
    strict: bool,
    format_: str,
    out: Path | None,
) -> None:
    """列出预警，各种状态都在内；--as-of 按预警自己的截至日期选。"""
    from monitor.domain.warning import State
    from monitor.store import alerts

    with open_app(ctx).reading() as connection:
        rows = alerts.rows(
            connection,
            year=year,
            unit=unit,
            severity=Grade(severity) if severity else None,
            state=State(state) if state else None,
            as_of=as_of,
        )
    emit(rows, _WARNINGS, format_=format_, out=out)
    open_ = [row for row in rows if row["state"] in ("raised", "sent")]
    say(f"预警 {len(rows)} 条，其中 {len(open_)} 条未消除。")
    end(ctx, strict=strict, awaiting=open_)
