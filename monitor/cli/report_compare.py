"""`monitor report compare`: what has changed since a unit's year was signed."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.chinese import Command
from monitor.cli.common import (
    YEAR,
    end,
    format_options,
    open_app,
    strict_option,
    unit_option,
    workspace_option,
)
from monitor.cli.output import Column, code, emit, money, say
from monitor.cli.report_finalize import drafting

if TYPE_CHECKING:
    from monitor.reports.signed.comparison import Difference
    from monitor.reports.signed.frozen import Signed


def _kind(value: str) -> str:
    from monitor.reports.signed.comparison import Kind

    return Kind(value).label


_COLUMNS = (
    code("unit_code", "单位编码"),
    code("project_code", "项目编码"),
    Column("project_name", "项目名称"),
    Column("kind", "变化", _kind, fixed=True),
    Column("what", "内容"),
    Column("frozen", "定稿时"),
    Column("now", "现在"),
    code("number", "支付编号"),
    code("pay_date", "支付日期"),
    money("amount_fen", "金额"),
    Column("file", "文件"),
    Column("line", "行", right=True),
)


@click.command("compare", cls=Command)
@click.option("--year", metavar="年度", type=YEAR, required=True, help="预算年度，如 2025。")
@unit_option
@click.option(
    "--documents",
    metavar="文件夹",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="另外核对这个文件夹里的文件是否就是定稿的文件（按 SHA-256）。",
)
@strict_option
@format_options
@workspace_option
@click.pass_context
def compare_command(
    ctx: click.Context,
    year: int,
    unit: str | None,
    documents: Path | None,
    strict: bool,
    format_: str,
    out: Path | None,
) -> None:
    """列出定稿以后的变化：表内每个数，以及每一笔增加、减少、改项目、改金额的支付。

    定稿本身不变；要按现在的数重新签字，先用 report finalize --undo 撤销再定稿。
    """
    from monitor.reports.signed.comparison import compare
    from monitor.reports.signed.document_check import checksums, differing, same

    app = open_app(ctx)
    with app.reading() as connection:
        units, found = compare(connection, drafting(app), year=year, unit_code=unit)
    files = None if documents is None else checksums(documents)
    for each in units:
        said = [difference for difference in found if difference.unit_code == each.unit_code]
        text = _words(each, said)
        if files is not None:
            altered = list(differing(each, files))
            found += altered
            text += f"；文件 {same(each, files)} 个相同，{len(altered)} 个不符"
        say(f"{text}。")
    if found or format_ != "table":
        rows = [_row(each) for each in found]
        emit(rows, _COLUMNS, format_=format_, out=out, title=f"{year} 年定稿以后的变化")
    end(ctx, strict=strict, awaiting=found)


def _words(each: Signed, found: list[Difference]) -> str:
    changes = f"有 {len(found)} 处变化" if found else "没有变化"
    return f"单位 {each.unit_code}（{each.day} 定稿，校验码 {each.short}）：{changes}"


def _row(each: Difference) -> dict[str, Any]:
    """The JSON row."""
    day = None if each.pay_date is None else each.pay_date.isoformat()
    return asdict(each) | {"kind": each.kind.value, "pay_date": day}
