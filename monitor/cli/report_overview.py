"""`monitor report overview`: a year of the office on one page."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from monitor.cli.chinese import Command
from monitor.cli.common import as_of_option, open_app, workspace_option, year_option
from monitor.cli.output import write
from monitor.cli.report import period


@click.command("overview", cls=Command)
@year_option
@as_of_option
@click.option(
    "--out",
    metavar="文件",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="写到哪个 .html 文件。",
)
@workspace_option
@click.pass_context
def overview_command(ctx: click.Context, year: int | None, as_of: date | None, out: Path) -> None:
    """写出执行情况总览：一个网页文件，不联网也能打开、打印和转发。"""
    from monitor.reports.overview.facts import overview_facts
    from monitor.reports.overview.page import overview as page

    app = open_app(ctx)
    of_year, on = period(app, year, as_of)
    with app.reading() as connection:
        facts = overview_facts(
            connection,
            office=app.settings.office,
            year=of_year,
            as_of=on,
            limits=app.settings.alerts.limits,
        )
    write(page(facts), out)
