"""`monitor report summary`: all projects' self-assessments in one workbook."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from monitor.cli.chinese import Command
from monitor.cli.common import as_of_option, open_app, unit_option, workspace_option, year_option
from monitor.cli.output import say
from monitor.cli.report import period
from monitor.cli.report_options import gather_year, provisional_option


@click.command("summary", cls=Command)
@year_option
@unit_option
@as_of_option
@provisional_option
@click.option(
    "--out",
    metavar="文件",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="写到哪个 .xlsx 文件。",
)
@workspace_option
@click.pass_context
def summary_command(
    ctx: click.Context,
    year: int | None,
    unit: str | None,
    as_of: date | None,
    provisional: bool,
    out: Path,
) -> None:
    """写出全部项目的绩效自评汇总表（.xlsx），小计、合计、总分和等级是可重算的公式。"""
    from monitor.files import write_whole
    from monitor.reports.assessment.provisional import require_closed
    from monitor.reports.unit.papers import summary
    from monitor.reports.unit.summary_workbook import summary_workbook

    app = open_app(ctx)
    of_year, on = period(app, year, as_of)
    signed, facts = gather_year(app, of_year, on, unit)
    require_closed(facts, provisional)
    made = summary(facts, app.settings.scoring, provisional=provisional, signed=signed)
    write_whole(out, summary_workbook(made))
    scored = sum(line.total is not None for line in made.lines)
    say(
        f"已写出 {len(made.lines)} 个项目的绩效自评汇总表，其中 {scored} 个已有总分"
        f"（{of_year} 年，数据截至 {on}）：{out}"
    )
