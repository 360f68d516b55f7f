"""`monitor payments …`: payment lists in; what waits for a decision, and the decision."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.cli.chinese import Command, Group
from monitor.cli.common import (
    end,
    format_options,
    open_app,
    strict_option,
    workspace_option,
    year_option,
)
from monitor.cli.output import Column, code, emit, say, write
from monitor.cli.payments_conflicts import CONFLICTS
from monitor.cli.payments_coverage import coverage
from monitor.cli.payments_ignore import IGNORING
from monitor.cli.payments_import import import_
from monitor.cli.payments_match import MATCHING
from monitor.cli.payments_profile import profile
from monitor.cli.payments_refunds import REFUNDS
from monitor.cli.payments_rule import RULES
from monitor.cli.row_bar import row_bar
from monitor.errors import UsageError


@click.group("payments", cls=Group)
def payments_command() -> None:
    """支付明细：导入、查看待处理的行、匹配到项目。"""


_REJECTED = (
    code("number", "编号"),
    Column("file", "文件"),
    Column("line", "行", right=True),
    Column("column", "列"),
    Column("value", "原值"),
    code("reason_id", "原因编号"),
    Column("reason", "原因"),
    Column("advice", "怎样处理"),
)


@click.command("rejected", cls=Command)
@year_option
@strict_option
@format_options
@workspace_option
@click.pass_context
def rejected(
    ctx: click.Context, year: int | None, strict: bool, format_: str, out: Path | None
) -> None:
    """列出被拒收的行和原因；改正后重新导入，即不再列出。

    --out 文件.csv 写成可用 Excel 打开的清单，首列为原因；改正后把该文件原样导入即可。
    """
    from monitor.reports import rejected_sheet

    app = open_app(ctx)
    with row_bar("查找拒收的行", None), app.reading() as connection:
        rows, sheets = rejected_sheet.rejected_sheets(connection, app.settings.columns, year=year)
    is_csv = out is not None and out.suffix.lower() == ".csv" and format_ == "table"
    if format_ == "csv" or is_csv:
        _write_sheets(sheets, out)
    else:
        emit(rejected_sheet.rejected(rows), _REJECTED, format_=format_, out=out)
    say(f"拒收 {len(rows)} 行。")
    end(ctx, strict=strict, awaiting=rows)


def _write_sheets(sheets: dict[str, str], out: Path | None) -> None:
    """One file for each unit of money: the amounts of one list are in one unit."""
    if len(sheets) > 1 and out is None:
        raise UsageError("拒收的行金额单位不同，不能写成一张清单。", "请用 --out 写成文件。")
    for n, (unit, text) in enumerate(sheets.items()):
        path = out if n == 0 or out is None else out.with_name(f"{out.stem}-{unit}{out.suffix}")
        write(text, path, spreadsheet=True)


_OF_LISTS = (import_, profile, rejected, *CONFLICTS)
for each in (*_OF_LISTS, *MATCHING, *IGNORING, *RULES, *REFUNDS, coverage):
    payments_command.add_command(each)
