"""`monitor form export`: the 绩效填报表 of a unit, a workbook to be filled in."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from monitor.cli.chinese import Command
from monitor.cli.common import as_of_option, open_app, workspace_option, year_option
from monitor.cli.form import form_rules
from monitor.cli.output import say
from monitor.cli.report import period
from monitor.domain.calendar import month_end
from monitor.errors import UsageError


@click.command("export", cls=Command)
@year_option
@click.option("--unit", metavar="单位编码", required=True, help="哪个预算单位，写六位单位编码。")
@click.option(
    "--month",
    metavar="月份",
    type=click.IntRange(1, 12),
    help="导出截至这个月的执行监控填报表，如 7；不写则为全年自评填报表。",
)
@as_of_option
@click.option("--author", metavar="姓名", default="", help="预先填入的填报人。")
@click.option(
    "--out",
    metavar="文件",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="写到哪个 .xlsx 文件。",
)
@workspace_option
@click.pass_context
def export_command(
    ctx: click.Context,
    year: int | None,
    unit: str,
    month: int | None,
    as_of: date | None,
    author: str,
    out: Path,
) -> None:
    """导出一个单位的绩效填报表（.xlsx）：数字锁定，须填写的各格为黄色，附下拉列表和计分办法。

    已登记的内容预先填好。填好后用 monitor form import 收回。
    """
    from monitor.files import write_whole
    from monitor.reports.forms.asking import book, gather, require_unsigned
    from monitor.reports.forms.workbook import write

    if out.suffix.lower() != ".xlsx":
        raise UsageError(f"填报表只能存为 .xlsx，不能存为“{out.name}”。")
    app = open_app(ctx)
    of_year, on = period(app, year, as_of)
    if month is not None and month_end(of_year, month) < on:
        on = month_end(of_year, month)
    rules = form_rules(app)
    with app.reading() as connection:
        require_unsigned(connection, of_year, unit)
        facts = gather(connection, rules, year=of_year, as_of=on, unit_code=unit)
    asked = book(facts, rules, period=f"{month:02d}" if month else "")
    write_whole(out, write(asked, author=author))
    say(
        f"已写出单位 {unit} 的{asked.title}：项目 {len(facts)} 个，"
        f"待填 {asked.waiting} 处，数据截至 {on}：{out}"
    )
