"""`monitor contacts check`."""

from __future__ import annotations

import click

from monitor.cli.chinese import Group
from monitor.cli.common import end, open_app, strict_option, workspace_option
from monitor.cli.output import say


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
    if not contacts.office(app.today):
        say("  没有财政部门联系人（office）：财政待办、周报和无负责人单位的预警无处可发。")
    end(ctx, strict=strict, awaiting=without)
