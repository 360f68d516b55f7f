"""What the commands share: their options, the open workspace, and how refusals are told."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from monitor.errors import InputError, MonitorError, system_words

if TYPE_CHECKING:
    from monitor.bootstrap import App

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")
_AWAITS_SETTLING = 3


class Day(click.ParamType[date]):
    """A date such as 2025-06-30."""

    name = "日期"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value).strip())
        except ValueError:
            self.fail(f"“{value}”不是日期，请写成 2025-06-30 这样", param, ctx)


class Month(click.ParamType[str]):
    """A month such as 2025-03."""

    name = "月份"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = str(value).strip()
        if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", text):
            self.fail(f"“{value}”不是月份，请写成 2025-03 这样", param, ctx)
        return text


def _remember_workspace(ctx: click.Context, _param: click.Parameter, value: Path | None) -> None:
    if value is not None:
        ctx.find_root().obj = value


def workspace_option(function: F) -> F:
    """`--workspace`, on every command as on the root."""
    return click.option(
        "--workspace",
        metavar="文件夹",
        type=click.Path(file_okay=False, path_type=Path),
        expose_value=False,
        is_eager=True,
        callback=_remember_workspace,
        help="工作区文件夹。默认用环境变量 MONITOR_WORKSPACE，否则从当前文件夹向上找。",
    )(function)


YEAR = click.IntRange(2000, 2099)
year_option = click.option("--year", metavar="年度", type=YEAR, help="预算年度，如 2025。")
unit_option = click.option("--unit", metavar="单位编码", help="只看这个预算单位，写六位单位编码。")
as_of_option = click.option(
    "--as-of", metavar="日期", type=Day(), help="截至日期，如 2025-06-30；默认今天（北京时间）。"
)
strict_option = click.option("--strict", is_flag=True, help="有待处理的事项时，以状态码 3 结束。")
verbose_option = click.option("-v", "--verbose", is_flag=True, help="显示更多细节。")


out_option = click.option(
    "--out",
    metavar="文件",
    type=click.Path(dir_okay=False, path_type=Path),
    help="写入文件，不打印到屏幕。",
)


def format_options(function: F) -> F:
    """`--format` and `--out`, for commands that print rows."""
    return click.option(
        "--format",
        "format_",
        metavar="table|csv|json",
        type=click.Choice(["table", "csv", "json"]),
        default="table",
        show_default=True,
        help="输出形式：表格、CSV 或 JSON。",
    )(out_option(function))


files_argument = click.argument(
    "files",
    metavar="文件...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)

paths_argument = click.argument(
    "paths",
    metavar="文件、文件夹或压缩包...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, path_type=Path),
)


def open_app(ctx: click.Context) -> App:
    """The workspace that the call names, opened once a process; closed with the call."""
    from monitor.bootstrap import open_workspace

    app = open_workspace(ctx.find_root().obj)
    ctx.find_root().call_on_close(app.engine.dispose)
    return app


def end(ctx: click.Context, *, strict: bool, awaiting: object) -> None:
    """Ends a command that is done; with `--strict` by status 3, if something awaits settling."""
    if strict and awaiting:
        ctx.exit(_AWAITS_SETTLING)


def each_file(
    files: Iterable[T], land: Callable[[T], None], *, name: Callable[[T], str] = str
) -> None:
    """Lands one file after the other; what one of them is refused for does not stop the others.

    Exits with status 1 if any was refused.
    """
    from monitor.cli.output import say, tell

    refused = 0
    for file in files:
        try:
            land(file)
        except InputError as error:
            refused += 1
            tell(error.diagnostics)
            say(f"拒绝：{error}")
        except OSError as error:
            refused += 1
            path = error.filename or name(file)
            say(f"拒绝：{name(file)} 没有导入，{path} 不能读写：{system_words(error)}。")
    if refused:
        raise Refused(refused)


class Refused(MonitorError):
    """Some files did not land; what was wrong has been told already."""

    def __init__(self, files: int) -> None:
        super().__init__(f"{files} 个文件没有导入，原因见上。")
