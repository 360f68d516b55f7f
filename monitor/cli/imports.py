"""`monitor imports list`: which files the figures rest on."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.cli.chinese import Group
from monitor.cli.common import format_options, open_app, workspace_option
from monitor.cli.output import Column, code, emit


@click.group("imports", cls=Group)
def imports_command() -> None:
    """已导入的文件。"""


_KINDS = {
    "targets": "绩效目标",
    "payments": "支付明细",
    "adjustments": "预算调整",
    "plans": "计划更正",
}
_IMPORTS = (
    Column("id", "编号", right=True),
    Column("kind", "种类", lambda kind: _KINDS[kind]),
    Column("file", "文件"),
    code("sha256", "SHA-256"),
    code("imported_at", "导入时间"),
    Column("actor", "经手"),
    Column("months", "覆盖月份", "、".join),
    Column("rows", "行数", right=True),
)


@imports_command.command("list")
@format_options
@workspace_option
@click.pass_context
def list_(ctx: click.Context, format_: str, out: Path | None) -> None:
    """列出已导入的文件，按导入顺序。"""
    from monitor.reports.rows import import_row
    from monitor.store import imports

    with open_app(ctx).reading() as connection:
        rows = [import_row(each) for each in imports.load(connection)]
    emit(rows, _IMPORTS, format_=format_, out=out)
