"""click in Chinese: help pages, usage lines and the messages for wrong calls."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

import click
from click import exceptions as wrong


class Command(click.Command):
    """A command whose help page is Chinese."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        pieces = self.collect_usage_pieces(ctx)
        formatter.write_usage(ctx.command_path, " ".join(pieces), prefix="用法：")

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        words = {"[OPTIONS]": "[选项]", "COMMAND [ARGS]...": "命令 [参数]..."}
        return [words.get(piece, piece) for piece in super().collect_usage_pieces(ctx)]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        records = (option.get_help_record(ctx) for option in self.get_params(ctx))
        rows = [_in_chinese(record) for record in records if record is not None and record[1]]
        if rows:
            _section(formatter, "选项：", rows)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "显示本帮助。"
        return option


class Group(Command, click.Group):
    """A command group whose help page is Chinese."""

    command_class = Command

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_options(ctx, formatter)
        self.format_commands(ctx, formatter)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """In the order in which they are defined, which is that of the work."""
        return list(self.commands)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = []
        for name in self.list_commands(ctx):
            command = self.get_command(ctx, name)
            if command is not None and not command.hidden:
                rows.append((name, command.get_short_help_str(limit=200)))
        if rows:
            _section(formatter, "命令：", rows)


Group.group_class = Group


def _section(formatter: click.HelpFormatter, heading: str, rows: Sequence[tuple[str, str]]) -> None:
    """A list of names and texts; the texts begin in one column, Chinese being two cells wide."""
    widest = max(_cells(names) for names, _ in rows)
    formatter.write_paragraph()
    formatter.write(f"{heading}\n")
    for names, text in rows:
        formatter.write(f"  {names}{' ' * (widest - _cells(names))}  {text}\n")


def _cells(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


_RANGE = re.compile(r"\s*\[(?:\d+<=x<=\d+|x>=\d+)\]|\d+<=x<=\d+; ")


def _in_chinese(record: tuple[str, str]) -> tuple[str, str]:
    """Defaults and duties in Chinese; the bounds of a year need no telling."""
    names, text = record
    text = _RANGE.sub("", text)
    return names, text.replace("[default: ", "[默认：").replace("[required]", "[必填]")


def explain(error: click.ClickException) -> str:
    """What is wrong with a call, in Chinese, and where its help is."""
    ctx = getattr(error, "ctx", None)
    where = f"运行 {ctx.command_path} --help 查看用法。" if ctx else ""
    return f"{_problem(error)}。{where}"


def _problem(error: click.ClickException) -> str:
    match error:
        case wrong.NoSuchOption():
            near = f"，是不是 {'、'.join(error.possibilities)}" if error.possibilities else ""
            return f"没有选项 {error.option_name}{near}"
        case wrong.MissingParameter():
            return f"缺少{_kind(error.param)} {_name(error)}"
        case wrong.BadParameter():
            return f"{_kind(error.param)} {_name(error)} 的值不对：{_translated(error.message)}"
        case wrong.NoArgsIsHelpError():
            return "需要写明命令"
        case wrong.UsageError():
            return _translated(error.format_message())
        case wrong.FileError():
            return f"打不开文件 {error.ui_filename}：{_translated(error.message)}"
        case _:
            return _translated(error.format_message())


def _kind(param: click.Parameter | None) -> str:
    return "参数" if isinstance(param, click.Argument) else "选项"


def _name(error: wrong.BadParameter) -> str:
    if error.param is None:
        return ""
    return "/".join(error.param.opts) if isinstance(error.param, click.Option) else _meta(error)


def _meta(error: wrong.BadParameter) -> str:
    param: Any = error.param
    return str(param.make_metavar(error.ctx))


_WORDS = (
    ("does not exist.", "不存在"),
    ("is not one of ", "不是以下之一："),
    ("is not a valid integer range.", "不是整数"),
    ("is not a valid integer.", "不是整数"),
    ("is not in the range ", "不在范围内："),
    ("is a directory.", "是文件夹"),
    ("is a file.", "是文件，不是文件夹"),
    ("is not readable.", "不可读"),
    ("File ", "文件 "),
    ("Path ", "路径 "),
    ("Directory ", "文件夹 "),
    ("No such command", "没有命令"),
    ("Missing command", "需要写明命令"),
    ("Got unexpected extra arguments", "多出了参数"),
    ("Got unexpected extra argument", "多出了参数"),
    ("requires an argument", "需要一个值"),
    ("does not take a value", "不带值"),
    ("Option ", "选项 "),
    ("Did you mean", "是不是"),
    ("Aborted!", "已中止"),
)


_QUOTED = re.compile(r"'([^']*)'")


def _translated(message: str) -> str:
    for english, chinese in _WORDS:
        message = message.replace(english, chinese)
    return _QUOTED.sub(r"“\1”", message).rstrip(".")
