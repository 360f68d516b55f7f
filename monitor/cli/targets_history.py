"""`monitor targets history`: what was recorded of a project, when, by whom, from which file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from monitor.cli.chinese import Command
from monitor.cli.common import format_options, open_app, workspace_option, year_option
from monitor.cli.output import Column, code, emit, money

_HISTORY = (
    Column("year", "年度"),
    code("at", "登记时间"),
    Column("event", "事项"),
    code("effective", "生效日期"),
    Column("what", "内容"),
    money("budget_fen", "当日预算数"),
    Column("document", "文号"),
    Column("source", "出处"),
    Column("actor", "经手"),
    Column("number", "编号", right=True),
)


@click.command("history", cls=Command)
@click.argument("project", metavar="项目编码")
@year_option
@format_options
@workspace_option
@click.pass_context
def history(
    ctx: click.Context, project: str, year: int | None, format_: str, out: Path | None
) -> None:
    """一个项目的来龙去脉：导入、勘误、调整、退出，何时、何人、依据什么。"""
    from monitor.reports.history import history as story

    with open_app(ctx).reading() as connection:
        rows = story(connection, project, year=year)
    shown = rows if format_ == "json" else [_for_people(row) for row in rows]
    emit(shown, _HISTORY, format_=format_, out=out)


def _for_people(row: dict[str, Any]) -> dict[str, Any]:
    from monitor.reports.history import told

    return {**row, "what": told(row), "source": f"{row['file']} {row['spot']}".strip()}
