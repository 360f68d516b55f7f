"""`monitor targets retire`: projects that leave their year, and those taken in again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.chinese import Command
from monitor.cli.common import format_options, open_app, workspace_option, year_option
from monitor.cli.output import Column, code, emit, moment, say
from monitor.domain.money import yuan
from monitor.errors import UsageError

if TYPE_CHECKING:
    from monitor.bootstrap import App


_RETIRED = (
    Column("year", "年度"),
    code("unit_code", "单位编码"),
    Column("unit_name", "单位名称"),
    code("project_code", "项目编码"),
    Column("project_name", "项目名称"),
    Column("reason", "退出原因"),
    moment("retired_at", "登记时间"),
    Column("actor", "经手"),
)


@click.command("retire", cls=Command)
@click.argument("project", metavar="[项目编码]", required=False)
@year_option
@click.option("--reason", metavar="原因", default="", help="退出（或恢复）的原因。")
@click.option("--undo", is_flag=True, help="恢复已退出的项目。")
@click.option("--list", "list_", is_flag=True, help="列出已退出的项目。")
@format_options
@workspace_option
@click.pass_context
def retire(
    ctx: click.Context,
    project: str | None,
    year: int | None,
    reason: str,
    undo: bool,
    list_: bool,
    format_: str,
    out: Path | None,
) -> None:
    """让项目退出：不再列出、核查和汇总；已匹配的支付转为待匹配，一笔不丢。"""
    app = open_app(ctx)
    if list_:
        emit(_retired(app, year), _RETIRED, format_=format_, out=out)
        return
    if not project:
        raise UsageError("请写明项目编码。", "用 --list 列出已退出的项目。")
    if undo:
        from monitor.ingest.retiring import take_in_again

        back = take_in_again(
            app.engine,
            project,
            year=year,
            reason=reason,
            at=app.now(),
            actor=app.actor,
            matching=app.settings.matching,
        )
        say(f"{back.year} 年的项目 {back.project_code} 已恢复，重新匹配支付 {back.rows} 笔。")
        return
    if not reason.strip():
        raise UsageError("项目退出须写明原因。", "请加 --reason。")
    receipt = app.targets.retire(project, year=year, reason=reason)
    head = f"{receipt.year} 年的项目 {receipt.project_code}"
    if receipt.already:
        say(f"{head} 以前已退出（原因：{receipt.already}），没有改动。")
        return
    say(f"{head} 已退出；要恢复，用 monitor targets retire {receipt.project_code} --undo。")
    if receipt.rows:
        say(f"  它的 {receipt.rows} 笔支付（合计 {yuan(receipt.amount_fen)} 元）转为待匹配。")


def _retired(app: App, year: int | None) -> list[dict[str, Any]]:
    from monitor.domain.calendar import china_time
    from monitor.store import retirements

    with app.reading() as connection:
        return [
            {
                "year": row.year,
                "unit_code": row.unit_code,
                "unit_name": row.unit_name,
                "project_code": row.project_code,
                "project_name": row.project_name,
                "reason": row.reason,
                "retired_at": china_time(row.recorded_at),
                "actor": row.actor,
            }
            for row in retirements.in_force(connection, year=year)
        ]
