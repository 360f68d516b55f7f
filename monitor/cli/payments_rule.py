"""`monitor payments rule`: rules that match payments without a number of their own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.chinese import Group
from monitor.cli.common import YEAR, format_options, open_app, workspace_option
from monitor.cli.output import Column, as_table, code, emit, moment, money, say, write
from monitor.cli.row_bar import row_bar
from monitor.domain.codes import normalise_code
from monitor.domain.money import yuan
from monitor.domain.payment import line_label
from monitor.errors import UsageError

if TYPE_CHECKING:
    from monitor.ingest.rule_use import OpenRow, RuleReceipt

_FEW = 20  # rows of a preview that are shown one by one
_RULES = (
    Column("id", "规则", right=True),
    code("unit_code", "单位编码"),
    Column("purpose", "用途含"),
    Column("payee", "收款人含"),
    Column("project_name", "项目名称含"),
    code("project_code", "项目编码"),
    Column("year", "年度"),
    Column("rows", "笔数", right=True),
    Column("reason", "理由"),
    moment("recorded_at", "时间"),
    Column("actor", "经手"),
)
_PREVIEW = (
    code("number", "编号"),
    code("pay_date", "支付日期"),
    money("amount_fen", "金额"),
    Column("payee", "收款人"),
    Column("purpose", "用途"),
    Column("project_name", "清单上的项目名称"),
    Column("remark", "说明"),
)


@click.group("rule", cls=Group)
def rule() -> None:
    """按单位和用途、收款人等字样匹配项目的规则。"""


@rule.command("add")
@click.option("--unit", metavar="单位编码", required=True, help="支付的预算单位。")
@click.option("--purpose", metavar="字样", default="", help="用途里的字样；空格分开的各词都要有。")
@click.option("--payee", metavar="字样", default="", help="收款人名称里的字样。")
@click.option("--name", metavar="字样", default="", help="清单上项目名称里的字样。")
@click.option("--project", metavar="项目编码", required=True, help="匹配到哪个项目。")
@click.option("--year", metavar="年度", type=YEAR, help="只对这一年；默认该项目的各年度。")
@click.option("--reason", metavar="理由", default="", help="为什么，必填（预览时可不写）。")
@click.option("--dry-run", is_flag=True, help="只预览会匹配哪些支付，不保存。")
@workspace_option
@click.pass_context
def add(ctx: click.Context, /, reason: str, dry_run: bool, **typed: Any) -> None:
    """保存一条规则，并匹配已导入而待匹配的支付；以后的清单照此。

    规则排在编码、人工决定和名称之后。几条规则说的项目不同，支付仍待匹配。
    """
    from monitor.cli.payments_ignore import deciding
    from monitor.domain.match_rules import MatchRule
    from monitor.ingest.rule_use import add_rule

    if not (reason.strip() or dry_run):
        raise UsageError("保存规则须写明理由。", "请加 --reason；只想预览，加 --dry-run。")
    wanted = MatchRule(
        id=0,
        year=typed["year"],
        unit_code=normalise_code(typed["unit"]),
        project_code=normalise_code(typed["project"]),
        purpose=typed["purpose"].strip(),
        payee=typed["payee"].strip(),
        project_name=typed["name"].strip(),
    )
    app = open_app(ctx)
    by = deciding(app)
    with row_bar("查找符合的支付", None):
        told = add_rule(app.engine, wanted, reason=reason.strip(), by=by, dry_run=dry_run)
    _show(told)


def _show(told: RuleReceipt) -> None:
    rule_, preview = told.rule, told.preview
    rows = [_row(row, told) for row in (*preview.taken, *preview.disputed)]
    if rows:
        write(as_table(rows[:_FEW], _PREVIEW), None)
    if len(rows) > _FEW:
        say(f"（只显示前 {_FEW} 笔）")
    total = yuan(sum(row.amount_fen for row in preview.taken))
    found = f"{len(preview.taken)} 笔（{total} 元）→ {rule_.project_code} {told.project_name}"
    if told.already:
        say(f"同样的规则已有（规则 {rule_.id}），没有改动。")
    elif told.saved:
        say(f"已保存规则 {rule_.id}，匹配 {found}。")
    else:
        say(f"（预览，没有保存）会匹配 {found}。")
    if preview.coded:
        say(f"注意：其中 {len(preview.coded)} 笔在清单上有别的项目编码，请核对。")
    if told.kept_out:
        say(
            f"另有 {told.kept_out} 笔字样也符合，但其编码已定为不属监控范围，不按规则匹配；"
            "撤销该决定用 monitor payments ignore --undo。"
        )
    if preview.disputed:
        say(f"另有 {len(preview.disputed)} 笔与别的规则说法不同，待匹配。")


def _row(row: OpenRow, told: RuleReceipt) -> dict[str, Any]:
    remark = "与别的规则不同" if row in told.preview.disputed else ""
    if row in told.preview.coded:
        remark = f"清单上的编码 {row.project_code}"
    return {
        "number": line_label(row.number, row.ordinal),
        "pay_date": row.pay_date.isoformat(),
        "amount_fen": row.amount_fen,
        "payee": row.payee,
        "purpose": row.purpose,
        "project_name": row.project_name,
        "remark": remark,
    }


@rule.command("list")
@format_options
@workspace_option
@click.pass_context
def list_(ctx: click.Context, format_: str, out: Path | None) -> None:
    """列出已保存的规则，各匹配了多少笔。"""
    from monitor.ingest.rule_use import rules

    with row_bar("查找", None), open_app(ctx).reading() as connection:
        rows = rules(connection)
    emit(rows, _RULES, format_=format_, out=out)
    say(f"规则 {len(rows)} 条。")


@rule.command("remove")
@click.argument("number", metavar="规则", type=int)
@workspace_option
@click.pass_context
def remove(ctx: click.Context, number: int) -> None:
    """撤销一条规则；只凭它匹配的支付重新待匹配。"""
    from monitor.cli.payments_ignore import deciding
    from monitor.ingest.rule_use import remove_rule

    app = open_app(ctx)
    with row_bar("撤销规则", None):
        dropped, reopened = remove_rule(app.engine, number, by=deciding(app))
    say(f"已撤销{dropped}，{reopened} 笔支付重新待匹配。")


RULES = (rule,)
