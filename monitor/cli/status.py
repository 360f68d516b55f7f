"""`monitor status`."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.cli.chinese import Command
from monitor.cli.common import format_options, open_app, workspace_option
from monitor.cli.output import Column, emit, say
from monitor.cli.row_bar import row_bar

_STATES = {"ok": "正常", "note": "提示", "broken": "有误"}
_COLUMNS = (
    Column("check", "项目", fixed=True),
    Column("state", "状态", _STATES.__getitem__, fixed=True),
    Column("text", "说明"),
)


@click.command("status", cls=Command)
@format_options
@workspace_option
@click.pass_context
def status_command(ctx: click.Context, format_: str, out: Path | None) -> None:
    """服务是否在运行，各项任务上次和下次的时间，发件箱、数据到达、待匹配和未了的预警。

    只有坏了的才以状态码 1 结束：服务断了、任务一再失败、邮件被拒收或积压超过一个工作日；
    缺清单、待匹配、没有服务在运行只作提示。可由定时任务或健康检查调用。
    """
    from monitor.status import BROKEN, status

    with row_bar("查找", None):
        facts = status(open_app(ctx))
    emit([each.row for each in facts], _COLUMNS, format_=format_, out=out)
    broken = [each.check for each in facts if each.state == BROKEN]
    if broken:
        say(f"有误：{'、'.join(broken)}。")
    ctx.exit(1 if broken else 0)
