"""`monitor mail list` and `monitor contacts check`."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.cli.chinese import Group
from monitor.cli.common import (
    end,
    format_options,
    open_app,
    strict_option,
    unit_option,
    workspace_option,
)
from monitor.cli.output import Column, code, emit, say

_STATES = {
    "waiting": "待发",
    "sending": "发送中",
    "sent": "已发",
    "failed": "被拒收",
    "unknown": "结果不明",
}


@click.group("mail", cls=Group)
def mail_command() -> None:
    """预警邮件的去向。"""


_MAILS = (
    Column("id", "编号", right=True),
    Column("to", "收件人"),
    Column("subject", "标题"),
    Column("state", "状态", lambda state: _STATES[state], fixed=True),
    Column("attempts", "次数", right=True),
    code("created_at", "写成时间"),
    code("sent_at", "发出时间"),
    Column("error", "对方答复"),
)


@mail_command.command("list")
@unit_option
@click.option(
    "--state", metavar="状态", type=click.Choice(list(_STATES)), help="只看这个状态，英文名见手册。"
)
@format_options
@workspace_option
@click.pass_context
def list_(
    ctx: click.Context, unit: str | None, state: str | None, format_: str, out: Path | None
) -> None:
    """列出已写成的邮件：发给谁、什么时候、发出没有。"""
    from monitor.domain.warning import MailState
    from monitor.store import outbox

    with open_app(ctx).reading() as connection:
        rows = outbox.rows(connection, unit=unit, state=MailState(state) if state else None)
    emit(rows, _MAILS, format_=format_, out=out)
    say(f"邮件 {len(rows)} 封。")


@click.group("contacts", cls=Group)
def contacts_command() -> None:
    """联系人表 contacts.csv。"""


@contacts_command.command("check")
@strict_option
@workspace_option
@click.pass_context
def check(ctx: click.Context, strict: bool) -> None:
    """检查联系人表，列出今天没有财务负责人的单位。"""
    app = open_app(ctx)
    contacts, without = app.contacts(), app.units_without_lead()
    leads = sum(1 for contact in contacts.all if contact.is_valid(app.today))
    say(f"联系人表没有错误，今天有效的联系人 {leads} 人。")
    for unit_code, unit_name in without:
        say(f"  {unit_code} {unit_name}：没有财务负责人，预警会改发给财政部门。")
    end(ctx, strict=strict, awaiting=without)
