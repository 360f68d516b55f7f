"""`monitor run`: the service."""

from __future__ import annotations

import logging
import signal
import sys
from datetime import datetime
from threading import Event

import click

from monitor.cli.chinese import Command
from monitor.cli.common import open_app, workspace_option
from monitor.cli.output import say
from monitor.domain.calendar import CHINA, china_time


@click.command("run", cls=Command)
@click.option(
    "--once", is_flag=True, help="只把现在到期的事做一遍，然后结束（可由系统定时任务调用）。"
)
@workspace_option
@click.pass_context
def run_command(ctx: click.Context, once: bool) -> None:
    """运行监控服务：按时核查检查点、发出预警，直到按 Ctrl-C 或收到停止信号。

    时间一律按北京时间；停机期间错过的检查点，启动后补做一次。
    """
    from monitor.service import catch_up, serve

    app = open_app(ctx)
    _log_to_stderr()
    if once:
        catch_up(app)
        return
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    say(
        f"监控服务已启动，每天 {app.settings.alerts.check_time:%H:%M}（北京时间）核查。"
        "按 Ctrl-C 停止。"
    )
    serve(app, stop)
    say("监控服务已停止。")


class _ChinaTime(logging.Formatter):
    """Log lines carry the time in China, whatever the machine's time zone."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: ARG002, N802
        return china_time(datetime.fromtimestamp(record.created, CHINA))


def _log_to_stderr() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_ChinaTime("%(asctime)s %(levelname)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
