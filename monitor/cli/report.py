"""`monitor report …`: self-assessment drafts and the overview."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.chinese import Group
from monitor.cli.common import as_of_option, open_app, unit_option, workspace_option, year_option
from monitor.cli.output import say, write
from monitor.domain.codes import normalise_code
from monitor.errors import UsageError

if TYPE_CHECKING:
    from monitor.bootstrap import App


@click.group("report", cls=Group)
def report_command() -> None:
    """报告：绩效自评表草稿、执行情况总览。"""


@report_command.command("self-assessment")
@year_option
@unit_option
@click.option("--project", metavar="项目编码", help="只写这个项目。")
@as_of_option
@click.option(
    "--out",
    metavar="文件夹",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="写到哪个文件夹；其下按 年度/单位编码/项目编码-名称.docx 存放。",
)
@workspace_option
@click.pass_context
def self_assessment(
    ctx: click.Context,
    year: int | None,
    unit: str | None,
    project: str | None,
    as_of: date | None,
    out: Path,
) -> None:
    """起草项目支出绩效自评表（.docx），每个项目一份。

    由支付能算出的已填好并注明“系统测算”，其余注明“待填”；不写 --unit、--project 则写全部项目。
    """
    from monitor.reports.gathering import project_facts
    from monitor.reports.writing import write_drafts

    app = open_app(ctx)
    of_year, on = _period(app, year, as_of)
    with app.reading() as connection:
        facts = project_facts(
            connection,
            year=of_year,
            as_of=on,
            limits=app.settings.alerts.limits,
            unit_code=unit,
            project_code=normalise_code(project) if project else None,
        )
    written = list(write_drafts(facts, app.settings.scoring, out))
    say(f"已写出 {len(written)} 份绩效自评表草稿（{of_year} 年，数据截至 {on}）：{out}")
    if len(written) == 1:
        say(f"  {written[0]}")


@report_command.command("overview")
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
def overview(ctx: click.Context, year: int | None, as_of: date | None, out: Path) -> None:
    """写出执行情况总览：一个网页文件，不联网也能打开、打印和转发。"""
    from monitor.reports.gathering import overview_facts
    from monitor.reports.overview import overview as page

    app = open_app(ctx)
    of_year, on = _period(app, year, as_of)
    with app.reading() as connection:
        facts = overview_facts(
            connection,
            office=app.settings.office,
            year=of_year,
            as_of=on,
            limits=app.settings.alerts.limits,
        )
    write(page(facts), out)


def _period(app: App, year: int | None, as_of: date | None) -> tuple[int, date]:
    """The year and date of a report: of a past year its last day, of this one today."""
    on = as_of or app.today
    of_year = year or on.year
    if as_of is None and on.year > of_year:
        on = date(of_year, 12, 31)
    if on.year < of_year:
        raise UsageError(
            f"{on} 在 {of_year} 年度以前，没有可报告的支付。", "请核对 --as-of 和 --year。"
        )
    return of_year, on
