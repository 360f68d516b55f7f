"""`monitor payments conflicts`: two versions of one payment, and which of them holds."""

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
    workspace_option,
    year_option,
)
from monitor.cli.output import Column, code, emit, say
from monitor.domain.money import yuan
from monitor.domain.payment import Status

_CONFLICTS = (
    code("number", "编号"),
    Column("differences", "不同之处", lambda found: "；".join(_difference(d) for d in found)),
    Column("kept", "已计入的", lambda row: f"{row['file']} 第 {row['line']} 行"),
    Column("other", "后来的", lambda row: f"{row['file']} 第 {row['line']} 行"),
)


def _difference(difference: dict[str, Any]) -> str:
    field, kept, other = (difference[key] for key in ("field", "kept", "other"))
    if field == "金额（分）":
        return f"金额（元）：{yuan(int(kept))} → {yuan(int(other))}"
    if field == "状态":
        kept, other = Status(kept).label, Status(other).label
    return f"{field}：{kept or '空'} → {other or '空'}"


@click.command("conflicts", cls=Command)
@year_option
@strict_option
@format_options
@workspace_option
@click.pass_context
def conflicts(
    ctx: click.Context, year: int | None, strict: bool, format_: str, out: Path | None
) -> None:
    """列出编号相同而内容不同的支付；先到的计入，后到的在此等待核对。"""
    from monitor.reports import open_payments

    with open_app(ctx).reading() as connection:
        rows = open_payments.conflicts(connection, year=year)
    emit(rows, _CONFLICTS, format_=format_, out=out)
    say(f"内容冲突 {len(rows)} 行。")
    end(ctx, strict=strict, awaiting=rows)


CONFLICTS = (conflicts,)
