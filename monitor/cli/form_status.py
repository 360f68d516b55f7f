"""`monitor form status`: how far each unit has filled in its forms."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from monitor.cli.chinese import Command
from monitor.cli.common import (
    as_of_option,
    format_options,
    open_app,
    unit_option,
    workspace_option,
    year_option,
)
from monitor.cli.form import form_rules
from monitor.cli.output import Column, code, emit, moment
from monitor.cli.report import period
from monitor.domain.calendar import month_end

_COLUMNS = [
    code("unit_code", "单位编码"),
    Column("unit_name", "单位名称"),
    Column("projects", "项目", right=True),
    Column("open", "待填", right=True),
    Column("filled", "已填", right=True),
    moment("last_at", "最近登记"),
    Column("last_by", "填报人"),
    Column("finalized", "定稿", lambda signed: "是" if signed else ""),
]


@click.command("status", cls=Command)
@year_option
@unit_option
@click.option(
    "--month",
    metavar="月份",
    type=click.IntRange(1, 12),
    help="看截至这个月的执行监控填报表；不写则为全年自评填报表。",
)
@as_of_option
@format_options
@workspace_option
@click.pass_context
def status_command(
    ctx: click.Context,
    year: int | None,
    unit: str | None,
    month: int | None,
    as_of: date | None,
    format_: str,
    out: Path | None,
) -> None:
    """列出各单位填报表的进度：还有几处待填，已填几处，最近由谁登记，是否已定稿。"""
    from monitor.reports.forms.progress import progress

    app = open_app(ctx)
    of_year, on = period(app, year, as_of)
    if month is not None:
        on = min(on, month_end(of_year, month))
    with app.reading() as connection:
        rows: list[dict[str, Any]] = progress(
            connection,
            form_rules(app),
            year=of_year,
            as_of=on,
            period=f"{month:02d}" if month else "",
            unit_code=unit,
        )
    emit(rows, _COLUMNS, format_=format_, out=out)
