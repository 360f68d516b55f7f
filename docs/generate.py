"""Writes the parts of the documentation that the code knows best. Run by `make docs`.

docs/diagnostics.zh.md comes whole from the catalogues, and the section of docs/manual.zh.md
between the two marks from the command tree. tests/docs fails where either is stale.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from inspect import cleandoc
from pathlib import Path

import click

from monitor.alerts.contact_kinds import KINDS
from monitor.alerts.rule_catalogue import WARNING_RULES
from monitor.cli.main import cli
from monitor.domain.form_kinds import FORM_KINDS
from monitor.errors import Kind
from monitor.ingest.adjustment_kinds import ADJUSTMENT_KINDS
from monitor.ingest.answer_kinds import ANSWER_KINDS
from monitor.ingest.form_return_kinds import FORM_RETURN_KINDS
from monitor.ingest.match_kinds import MATCH_KINDS
from monitor.ingest.payment_kinds import PAYMENT_KINDS
from monitor.ingest.plan_kinds import PLAN_KINDS
from monitor.ingest.readers.kinds import FILE_KINDS
from monitor.ingest.target_kinds import TARGET_KINDS

FOLDER = Path(__file__).parent
MANUAL = FOLDER / "manual.zh.md"
DIAGNOSTICS = FOLDER / "diagnostics.zh.md"
BEGIN, END = "<!-- commands: 由 make docs 写入，请勿手改 -->", "<!-- /commands -->"
_EVERYWHERE = {"--help", "--workspace"}

_HEAD = """# 诊断和预警规则一览

本页由 `make docs` 根据程序中的目录写成，请勿手改。编号固定不变，措辞可能改进。

程度的含义：

- **错误**：这一项（一个项目、一行支付，或整个文件）没有读入，改正后重新导入。
- **警告**：已读入，但请核对。
- **提示**：已读入，通常不必处理；导入时加 `-v` 才显示。

“…”处是具体的内容。每条诊断都写明文件、行和原文。
"""


def diagnostics_page() -> str:
    """The page of every diagnostic and warning rule, by id."""
    parts = [
        _HEAD,
        *_kinds(
            "绩效目标（T）",
            "导入绩效目标文本时的诊断。",
            (*TARGET_KINDS, *FILE_KINDS, *PLAN_KINDS, *ADJUSTMENT_KINDS),
        ),
        *_kinds(
            "支付明细（P）",
            "P001 起：这一行拒收；P101 起：这一行照常计入；P201 起：整个文件不导入；"
            "P301 起：交回的待匹配支付工作簿不予采用。",
            (*PAYMENT_KINDS, *MATCH_KINDS),
        ),
        *_kinds("偏差说明表（F）", "导入单位填好的偏差说明表时的诊断。", ANSWER_KINDS),
        *_kinds(
            "绩效自评表（F1）",
            "检查填好的绩效自评表（`monitor form check`）时的诊断；自评表草稿受同样的检查。",
            FORM_KINDS,
        ),
        *_kinds(
            "绩效填报表（F2）",
            "导入单位填好的绩效填报表（`monitor form import`）时的诊断；有一个错误，整份不登记。",
            FORM_RETURN_KINDS,
        ),
        *_kinds("通知（W1xx）", "发送预警邮件时的诊断。", KINDS),
        "## 预警规则（W）\n",
        "在 `rules/alerts.toml` 中每条一节，可逐条开关。\n",
        _table(
            ("编号", "名称", "含义"),
            ((rule.id, rule.name, rule.meaning) for rule in WARNING_RULES.values()),
        ),
    ]
    return "\n".join(parts)


def _kinds(title: str, about: str, kinds: Iterable[Kind]) -> Iterator[str]:
    rows = (
        (kind.id, kind.severity.label, _plain(kind.meaning), kind.advice)
        for kind in sorted(kinds, key=lambda kind: kind.id)
    )
    yield f"## {title}\n"
    yield f"{about}\n"
    yield _table(("编号", "程度", "含义", "怎样处理"), rows)


def _plain(meaning: str) -> str:
    """The meaning without its `{fields}`."""
    return re.sub(r"\{\w+\}", "…", meaning)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(map(_cell, line))} |\n" for line in lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def walk(
    command: click.Command, ctx: click.Context
) -> Iterator[tuple[click.Command, click.Context]]:
    """Every command that does something, with its context, in the order of the help pages."""
    if not isinstance(command, click.Group):
        yield command, ctx
        return
    if command.invoke_without_command:
        yield command, ctx
    for name in command.list_commands(ctx):
        found = command.get_command(ctx, name)
        if found is not None:
            yield from walk(found, click.Context(found, info_name=name, parent=ctx))


def commands() -> list[tuple[click.Command, click.Context]]:
    return list(walk(cli, click.Context(cli, info_name="monitor")))


def command_section() -> str:
    """What the manual says of each command: heading, usage, help and options."""
    return "\n".join(_command(command, ctx) for command, ctx in commands())


def _command(command: click.Command, ctx: click.Context) -> str:
    usage = " ".join([ctx.command_path, *command.collect_usage_pieces(ctx)])
    parts = [f"### {ctx.command_path}\n", _help(command), f"```text\n{usage}\n```\n"]
    rows = [_option(option, ctx) for option in options(command)]
    if rows:
        parts.append(_table(("选项", "说明"), rows))
    return "\n".join(parts)


def _help(command: click.Command) -> str:
    paragraphs = cleandoc(command.help or "").split("\n\n")
    return "\n\n".join("".join(part.split("\n")) for part in paragraphs) + "\n"


def options(command: click.Command) -> list[click.Option]:
    """The options of its own, without those that every command has."""
    return [
        param
        for param in command.params
        if isinstance(param, click.Option) and _EVERYWHERE.isdisjoint(param.opts)
    ]


def _option(option: click.Option, ctx: click.Context) -> tuple[str, str]:
    names = ", ".join((*option.opts, *option.secondary_opts))
    value = "" if option.is_flag else f" {option.make_metavar(ctx)}"
    default = f"默认 {option.default}。" if option.show_default else ""
    required = "必填。" if option.required else ""
    return f"`{names}{value}`", f"{option.help}{default}{required}"


def with_commands(manual: str) -> str:
    """The manual with its section of commands renewed."""
    before, rest = manual.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n\n{command_section()}\n{END}{after}"


def main() -> None:
    DIAGNOSTICS.write_text(diagnostics_page(), encoding="utf-8")
    MANUAL.write_text(with_commands(MANUAL.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
