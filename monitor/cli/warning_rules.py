"""`monitor warnings rules`: each rule in Chinese, with the values in force."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from monitor.cli.chinese import Command
from monitor.cli.common import format_options, open_app, workspace_option
from monitor.cli.output import Column, code, emit, width, write

_COLUMNS = (
    code("id", "规则"),
    Column("name", "名称", fixed=True),
    Column("on", "开关", lambda on: "开" if on else "关", fixed=True),
    Column("audience_name", "先告知", fixed=True),
    Column("explanation", "说明"),
    Column("overrides", "另行设置", lambda all_: "\n".join(each["explanation"] for each in all_)),
)


@click.command("rules", cls=Command)
@click.option("--unit", metavar="编码", default="", help="看对这个单位怎样执行。")
@click.option("--fund", metavar="资金性质", default="", help="看对这种资金怎样执行。")
@format_options
@workspace_option
@click.pass_context
def rules_command(ctx: click.Context, unit: str, fund: str, format_: str, out: Path | None) -> None:
    """说明各条预警规则：开关、界限、先告知谁，都是现在执行的数。

    设置在 rules/alerts.toml；按单位或资金性质另行设置的，列在规则之后。
    """
    from monitor.alerts import rule_words

    rows = rule_words.rows(open_app(ctx).settings.alerts, unit, fund)
    if format_ == "table":
        write("\n".join(line for row in rows for line in _lines(row, width(out))) + "\n", out)
    else:
        emit(rows, _COLUMNS, format_=format_, out=out)


def _lines(row: Mapping[str, Any], columns: int) -> Iterator[str]:
    """A rule as a paragraph; Chinese characters are two columns wide."""
    state = "" if row["on"] else "（已关闭）"
    yield f"{row['id']} {row['name']}{state}  先告知：{row['audience_name']}"
    texts = [row["explanation"], *(f"另行设置：{each['explanation']}" for each in row["overrides"])]
    for text in texts:
        for line in textwrap.wrap(text, max(columns // 2 - 2, 20)):
            yield f"    {line}"
    yield ""
