"""`monitor report self-assessment`: the drafts of 项目支出绩效自评表."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from monitor.cli.chinese import Command
from monitor.cli.common import as_of_option, open_app, unit_option, workspace_option, year_option
from monitor.cli.output import say
from monitor.cli.report import period
from monitor.domain.codes import normalise_code


@click.command("self-assessment", cls=Command)
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
def self_assessment_command(
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
    of_year, on = period(app, year, as_of)
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
