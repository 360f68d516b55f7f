"""`monitor run`: the service."""

from __future__ import annotations

import logging
import signal
import sys
from threading import Event

import click

from monitor.cli.chinese import Command
from monitor.cli.common import open_app, workspace_option
from monitor.cli.log_lines import log_to_stderr

_log = logging.getLogger("monitor")


@click.command("run", cls=Command)
@click.option(
    "--once", is_flag=True, help="只把现在到期的事做一遍，然后结束（可由系统定时任务调用）。"
)
@click.option(
    "--log",
    "form",
    metavar="text|json",
    type=click.Choice(["text", "json"]),
    help="日志的形式：每行一句话，或每行一个 JSON 对象。默认在终端上是 text，否则是 json。",
)
@workspace_option
@click.pass_context
def run_command(ctx: click.Context, once: bool, form: str | None) -> None:
    """运行监控服务：导入收件夹、核查、提醒、汇总、发信，直到按 Ctrl-C 或收到停止信号。

    时间一律按北京时间；停机期间错过的事，启动后补做一次。同一数据库上可以有几个服务，每件事只做一次。
    """
    from monitor.service import catch_up, serve

    app = open_app(ctx)
    log_to_stderr(form or ("text" if sys.stderr.isatty() else "json"))
    if once:
        catch_up(app)
        return
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    _log.info(
        "监控服务已启动，每天 %s（北京时间）核查。按 Ctrl-C 停止。",
        f"{app.settings.alerts.check_time:%H:%M}",
    )
    serve(app, stop)
    _log.info("监控服务已停止。")
