"""`monitor report monitoring`: the monitoring forms of a month, and each unit's report."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.chinese import Command
from monitor.cli.common import open_app, unit_option, workspace_option, year_option
from monitor.cli.output import say
from monitor.cli.report_options import (
    folder_option,
    formats_option,
    gather,
    project_option,
    wanted,
)
from monitor.errors import UsageError

if TYPE_CHECKING:
    from monitor.bootstrap import App


@click.command("monitoring", cls=Command)
@click.option(
    "--profile",
    metavar="名称",
    help="用哪一种监控表（rules/monitoring.toml 里的 name，如 national、hebei）；不写用默认的。",
)
@click.option(
    "--month",
    metavar="月份",
    type=click.IntRange(1, 12),
    help="截至哪个月底，如 07；不写用该种监控表的月份。",
)
@year_option
@unit_option
@project_option
@formats_option("docx", "xlsx", "pdf")
@folder_option("年度/单位编码/项目编码-名称-监控表-月份")
@workspace_option
@click.pass_context
def monitoring_command(
    ctx: click.Context,
    profile: str | None,
    month: int | None,
    year: int | None,
    unit: str | None,
    project: str | None,
    formats: tuple[str, ...],
    out: Path,
) -> None:
    """起草绩效目标执行监控表，每个项目一份；并起草每个单位的监控报告提纲。

    执行数由支付明细算出；执行情况、全年预计和原因未填报的注明“待填”，完成可能性按规则提出草稿。
    指定 --project 时只写这个项目的监控表，不写报告。
    """
    from monitor.cli.row_bar import row_bar
    from monitor.reports.unit.papers import by_unit, write_monitoring

    chosen = wanted(formats)
    app = open_app(ctx)
    form = app.settings.monitoring.profile(profile)
    of_year, of_month = year or app.today.year, month or form.month
    facts = gather(app, of_year, _last_day(app, of_year, of_month), unit, project)
    reports = project is None
    count = len(facts) + (len(by_unit(facts)) if reports else 0)
    with row_bar("绩效监控", count, "份") as told:
        written = write_monitoring(
            facts,
            app.settings.scoring,
            app.settings.monitoring,
            form,
            of_month,
            out,
            formats=chosen,
            whole=unit is None and project is None,
            reports=reports,
            told=told,
        )
    also = f"和 {count - len(facts)} 份监控报告提纲" if reports else ""
    say(
        f"已写出 {len(facts)} 份{form.title}{also}"
        f"（{of_year} 年 {of_month} 月，数据截至 {facts[0].as_of}）：{out}"
    )
    if len(facts) == 1:
        for each in written:
            say(f"  {out / each.path}")


def _last_day(app: App, year: int, month: int) -> date:
    """The day that the form tells of. Raises UsageError for a month that has not begun."""
    from monitor.reports.monitoring.form import cut_off

    if date(year, month, 1) > app.today:
        raise UsageError(
            f"{year} 年 {month} 月还没有开始，没有可监控的支付。", "请核对 --year 和 --month。"
        )
    return cut_off(year, month, app.today)
