"""`monitor payments refunds`: what each refund returns, and which may be an earlier year's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from monitor.cli.chinese import Command
from monitor.cli.common import (
    end,
    format_options,
    open_app,
    strict_option,
    unit_option,
    workspace_option,
    year_option,
)
from monitor.cli.output import Column, code, emit, money, say
from monitor.cli.row_bar import row_bar
from monitor.domain.money import yuan
from monitor.domain.refunds import Bond


def _original(said: dict[str, Any]) -> str:
    return (
        f"{said['number']}（{said['pay_date']}，{yuan(said['amount_fen'])} 元，"
        f"{said['file']} 第 {said['line']} 行）"
    )


_COLUMNS = (
    code("number", "编号"),
    code("pay_date", "支付日期"),
    money("amount_fen", "金额"),
    code("unit_code", "单位编码"),
    code("project_code", "项目编码"),
    Column("project_name", "项目名称"),
    Column("payee", "收款人"),
    Column("state", "退的是哪一笔", lambda value: Bond(value).label, fixed=True),
    Column("original", "原支付", _original),
    Column("named", "清单写明的原编号"),
    Column("file", "文件"),
    Column("line", "行", right=True),
)


@click.command("refunds", cls=Command)
@click.option("--open", "only_open", is_flag=True, help="只看没有找到原支付的退款。")
@year_option
@unit_option
@strict_option
@format_options
@workspace_option
@click.pass_context
def refunds(
    ctx: click.Context,
    only_open: bool,
    year: int | None,
    unit: str | None,
    strict: bool,
    format_: str,
    out: Path | None,
) -> None:
    """列出计入的退款，以及各退的是哪一笔支付。

    清单写明原支付编号的，以清单为准；没有写明的，同项目、同收款人、不晚于退款、金额够退、
    还没有退过的支付只有一笔时，就是那一笔。本年没有一笔相符的，疑似上年退回：照常冲减本年支付，
    请逐笔核定。
    """
    from monitor.reports.refunds import refund_rows
    from monitor.store import numberings

    app = open_app(ctx)
    blanks = app.settings.columns.blanks
    with row_bar("核对退款", None), app.reading() as connection:
        years = numberings.years(connection) if year is None else [year]
        rows = [
            row
            for each in years
            for row in refund_rows(connection, year=each, unit=unit, blanks=blanks)
        ]
    doubtful = [row for row in rows if row["state"] == Bond.EARLIER]
    shown = [row for row in rows if row["original"] is None] if only_open else rows
    emit(shown, _COLUMNS, format_=format_, out=out, title="退款")
    say(
        f"退款 {len(rows)} 笔，{yuan(sum(row['amount_fen'] for row in rows))} 元；"
        f"疑似上年退回 {len(doubtful)} 笔，"
        f"{yuan(sum(row['amount_fen'] for row in doubtful))} 元。"
    )
    if doubtful:
        say(
            "确属上年的，先用 monitor payments unmatch 编号 --reason 上年退回 取消匹配，"
            "再用 monitor payments ignore 编号 --reason 上年退回，即不计入；其余不必处理。"
        )
    end(ctx, strict=strict, awaiting=doubtful)


REFUNDS = (refunds,)
