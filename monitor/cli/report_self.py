"""`monitor report self-assessment`: the drafts of 项目支出绩效自评表."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from monitor.cli.chinese import Command
from monitor.cli.common import as_of_option, open_app, unit_option, workspace_option, year_option
from monitor.cli.output import say
from monitor.cli.report import period
from monitor.cli.report_options import (
    folder_option,
    formats_option,
    gather_year,
    project_option,
    provisional_option,
    wanted,
)
from monitor.domain.codes import normalise_code


@click.command("self-assessment", cls=Command)
@year_option
@unit_option
@project_option
@as_of_option
@formats_option("docx", "xlsx", "pdf")
@provisional_option
@folder_option("年度/单位编码/项目编码-名称")
@workspace_option
@click.pass_context
def self_assessment_command(
    ctx: click.Context,
    year: int | None,
    unit: str | None,
    project: str | None,
    as_of: date | None,
    formats: tuple[str, ...],
    provisional: bool,
    out: Path,
) -> None:
    """起草项目支出绩效自评表，每个项目一份。

    由支付能算出的已填好并注明“系统测算”，其余注明“待填”；不写 --unit、--project 则写全部项目。
    写完后另写一份清单（manifest-self-assessment-年度.csv），列出每个文件的 SHA-256。
    """
    from monitor.cli.row_bar import row_bar
    from monitor.reports.assessment.papers import write_drafts
    from monitor.reports.assessment.provisional import require_closed

    kinds, app = wanted(formats), open_app(ctx)
    of_year, on = period(app, year, as_of)
    signed, facts = gather_year(app, of_year, on, unit, project)
    require_closed(facts, provisional)
    only = normalise_code(project) if project else None
    frozen = sum(1 if only else len(each.frozen.projects) for each in signed)
    count = len(facts) + frozen
    with row_bar("绩效自评表", count, "份") as told:
        written = write_drafts(
            facts,
            app.settings.scoring,
            out,
            formats=kinds,
            provisional=provisional,
            signed=signed,
            only=only,
            whole=unit is None and project is None,
            told=told,
        )
    kind = "绩效自评表草稿" if facts else "绩效自评表"
    say(f"已写出 {count} 份{kind}（{of_year} 年，数据截至 {on}）：{out}")
    if count == 1:
        for each in written:
            say(f"  {out / each.path}")
