"""`monitor payments ignore`: payments and whole codes that are outside monitoring."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.chinese import Command
from monitor.cli.common import YEAR, format_options, open_app, workspace_option
from monitor.cli.output import Column, code, emit, moment, money, say
from monitor.cli.row_bar import row_bar
from monitor.domain.money import yuan
from monitor.errors import UsageError

if TYPE_CHECKING:
    from monitor.bootstrap import App
    from monitor.ingest.ignoring import Deciding, IgnoreReceipt

_LISTED = (
    Column("id", "决定编号", right=True),
    code("project_code", "项目编码"),
    Column("unit_code", "单位编码"),
    Column("year", "年度"),
    Column("rows", "笔数", right=True),
    money("amount_fen", "金额"),
    Column("reason", "原因"),
    moment("recorded_at", "时间"),
    Column("actor", "经手"),
)


@click.command("ignore", cls=Command)
@click.argument("number", metavar="[编号]", required=False)
@click.option(
    "--code", "code_", metavar="项目编码", help="整个编码不属监控范围，以后的清单也照此。"
)
@click.option("--unit", metavar="单位编码", help="同 --code 一起用：只对这个单位。")
@click.option("--year", metavar="年度", type=YEAR, help="只对这一年；编号在几个年度都有时要写明。")
@click.option("--reason", metavar="原因", default="", help="为什么不属监控范围，必填。")
@click.option("--list", "list_", is_flag=True, help="列出对整个编码的决定。")
@click.option("--undo", is_flag=True, help="撤销：写决定编号（见 --list），或单笔支付的编号。")
@format_options
@workspace_option
@click.pass_context
def ignore(ctx: click.Context, /, list_: bool, undo: bool, **typed: Any) -> None:
    """把一笔支付，或整个项目编码，定为不属监控范围。

    多数是基本支出。对编码的决定会记住，以后的清单里该编码也不再待匹配；后来有了该编码的项目，仍按项目计入。
    """
    app = open_app(ctx)
    if list_:
        _list(app, typed["format_"], typed["out"])
    elif undo:
        _undo(app, typed)
    else:
        _ignore(app, typed)


def deciding(app: App) -> Deciding:
    """Who decides here and now."""
    from monitor.ingest.ignoring import Deciding

    return Deciding(app.now(), app.actor, app.settings.outside, app.settings.matching)


def _ignore(app: App, typed: dict[str, Any]) -> None:
    from monitor.ingest.ignoring import ignore_code, ignore_payment

    number, wanted = typed["number"], typed["code_"]
    if bool(number) == bool(wanted):
        raise UsageError("请写一笔支付的编号，或用 --code 写一个项目编码。")
    reason = typed["reason"].strip()
    if not reason:
        raise UsageError("不属监控范围须写明原因。", "请加 --reason。")
    if number:
        if typed["unit"]:
            raise UsageError("--unit 要与 --code 同用。")
        one = ignore_payment(
            app.engine, number, year=typed["year"], reason=reason, by=deciding(app)
        )
        done = "早已定为不属监控范围，没有改动" if one.already else "已定为不属监控范围"
        say(f"{number}（{yuan(one.amount_fen)} 元）{done}。")
        return
    with row_bar("查找该编码的支付", None):
        told = ignore_code(
            app.engine,
            wanted,
            year=typed["year"],
            unit=typed["unit"] or "",
            reason=reason,
            by=deciding(app),
        )
    _say(wanted, told)


def _say(wanted: str, told: IgnoreReceipt) -> None:
    if told.already:
        say(f"{wanted} 早已定为不属监控范围（决定 {told.number}），没有改动。")
        return
    say(
        f"已定 {wanted} 不属监控范围（决定 {told.number}）：已导入的 {told.rows} 笔，"
        f"{yuan(told.amount_fen)} 元；以后的清单照此。"
    )


def _undo(app: App, typed: dict[str, Any]) -> None:
    from monitor.ingest.ignoring import undo_decision, undo_payment
    from monitor.store import ignored

    number: str = typed["number"] or ""
    with app.reading() as connection:
        known = {str(each.id) for each in ignored.load(connection)}
    if number in known:
        with row_bar("撤销决定", None):
            told = undo_decision(app.engine, int(number), by=deciding(app))
        say(f"决定 {number} 已撤销，{told.rows} 笔（{yuan(told.amount_fen)} 元）重新待匹配。")
    elif number:
        one = undo_payment(app.engine, number, year=typed["year"], by=deciding(app))
        say(f"{number}（{yuan(one.amount_fen)} 元）重新待匹配。")
    else:
        raise UsageError("请写要撤销的决定编号，或支付编号。", "用 --list 列出决定。")


def _list(app: App, format_: str, out: Path | None) -> None:
    from monitor.domain.calendar import china_time
    from monitor.ingest.ignoring import decisions

    with row_bar("查找", None), app.reading() as connection:
        found = decisions(connection)
    rows = [
        {
            "id": each.id,
            "project_code": each.project_code,
            "unit_code": each.unit_code,
            "year": each.year,
            "rows": count,
            "amount_fen": fen,
            "reason": each.reason,
            "recorded_at": china_time(each.recorded_at),
            "actor": each.actor,
        }
        for each, count, fen in found
    ]
    emit(rows, _LISTED, format_=format_, out=out)
    say(f"不属监控范围的编码 {len(rows)} 个。")


IGNORING = (ignore,)
