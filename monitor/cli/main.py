"""The command `monitor`: a lazy tree of commands; help imports none of the heavy libraries."""

from __future__ import annotations

import sys

import click

from monitor import __version__
from monitor.cli.chinese import explain
from monitor.cli.common import workspace_option
from monitor.cli.lazy import LazyGroup
from monitor.errors import MonitorError, system_words

_COMMANDS = {
    "init": "workspace",
    "targets": "targets",
    "payments": "payments",
    "imports": "imports",
    "progress": "progress",
    "explain": "progress",
    "check": "alerts",
    "notify": "notify",
    "run": "service",
    "warnings": "alerts",
    "mail": "mail",
    "contacts": "contacts",
    "form": "form",
    "report": "report",
    "status": "status",
    "doctor": "doctor",
    "database": "workspace",
    "demo": "demo",
}
"""Command → the module of monitor.cli that holds it, in the order of the help page."""


@click.group(
    cls=LazyGroup, modules=_COMMANDS, context_settings={"help_option_names": ["-h", "--help"]}
)
@workspace_option
@click.version_option(__version__, message="monitor %(version)s", help="显示版本。")
def cli() -> None:
    """预算执行监控：读绩效目标和支付明细，按支出计划预警，起草绩效自评。

    先用 monitor init 建工作区，再导入绩效目标文本和支付明细。
    """


def main() -> None:
    """Runs the command line; every refusal is one Chinese message and an exit status."""
    _speak_utf8()
    try:
        status = cli.main(standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        sys.stderr.write(error.ctx.get_help() + "\n")
        status = 2
    except click.exceptions.Exit as error:
        status = error.exit_code
    except click.ClickException as error:
        sys.stderr.write(f"用法不对：{explain(error)}\n")
        status = error.exit_code
    except click.Abort:
        sys.stderr.write("已中止。\n")
        status = 130
    except MonitorError as error:
        sys.stderr.write(f"{error}\n")
        status = error.exit_status
    except BrokenPipeError:  # the reader of our output went away, as `| head` does
        sys.stderr.close()
        status = 0
    except OSError as error:
        sys.stderr.write(f"{error.filename or ''} 不能读写：{system_words(error)}。".strip() + "\n")
        status = 1
    sys.exit(status if isinstance(status, int) else 0)


def _speak_utf8() -> None:
    """Chinese must come out whatever the locale of a cron job or an old terminal says."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
