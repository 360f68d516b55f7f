"""`monitor report unit`: the self-assessment report of each unit (单位自评报告)."""

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
    provisional_option,
    wanted,
)


@click.command("unit", cls=Command)
@year_option
@unit_option
@as_of_option
@formats_option("docx", "pdf")
@provisional_option
@folder_option("年度/单位编码/单位自评报告-单位名称")
@workspace_option
@click.pass_context
def unit_command(
    ctx: click.Context,
    year: int | None,
    unit: str | None,
    as_of: date | None,
    formats: tuple[str, ...],
    provisional: bool,
    out: Path,
) -> None:
    """起草单位绩效自评报告，每个单位一份；不写 --unit 则写全部单位。

    数字与各项目的自评表相同；单位填报的文字原样采用，只有单位知道的注明“待填”。
    """
    from monitor.cli.row_bar import row_bar
    from monitor.reports.assessment.provisional import require_closed
    from monitor.reports.unit.papers import by_unit, write_unit_reports

    chosen = wanted(formats)
    app = open_app(ctx)
    of_year, on = period(app, year, as_of)
    signed, facts = gather_year(app, of_year, on, unit)
    require_closed(facts, provisional)
    count = len(by_unit(facts)) + len(signed)
    with row_bar("单位自评报告", count, "份") as told:
        written = write_unit_reports(
            facts,
            app.settings.scoring,
            out,
            formats=chosen,
            provisional=provisional,
            signed=signed,
            whole=unit is None,
            told=told,
        )
    kind = "单位自评报告草稿" if facts else "单位自评报告"
    say(f"已写出 {count} 份{kind}（{of_year} 年，数据截至 {on}）：{out}")
    if count == 1:
        for each in written:
            say(f"  {out / each.path}")
