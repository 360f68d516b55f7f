"""`monitor payments conflicts|resolve`: two versions of one payment, and which of them holds."""

from __future__ import annotations

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
    workspace_option,
    year_option,
)
from monitor.cli.output import Column, as_table, code, emit, say, write
from monitor.domain.money import yuan
from monitor.domain.payment import Status
from monitor.errors import UsageError

if TYPE_CHECKING:
    from monitor.ingest.resolving import Keep, ResolveReceipt

_STATES = {"open": "待裁定", "old": "已裁定：以先到的为准", "new": "已裁定：以后来的为准"}

_CONFLICTS = (
    code("number", "编号"),
    Column("differences", "不同之处", lambda found: "；".join(_difference(d) for d in found)),
    Column("kept", "已计入的", lambda row: f"{row['file']} 第 {row['line']} 行"),
    Column("other", "后来的", lambda row: f"{row['file']} 第 {row['line']} 行"),
    Column("state", "状态", _STATES.__getitem__),
    Column("reason", "理由"),
    Column("actor", "经手"),
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
@click.option("--all", "all_", is_flag=True, help="也列出已裁定的。")
@strict_option
@format_options
@workspace_option
@click.pass_context
def conflicts(
    ctx: click.Context,
    year: int | None,
    all_: bool,
    strict: bool,
    format_: str,
    out: Path | None,
) -> None:
    """列出编号相同而内容不同的支付，两种内容并列；先到的计入，后到的待裁定。

    CSV 和 JSON 总是列出全部，连同已裁定的。
    """
    from monitor.reports import open_payments

    with open_app(ctx).reading() as connection:
        rows = open_payments.conflicts(connection, year=year)
    waiting = [row for row in rows if row["state"] == "open"]
    if format_ == "table":
        write("\n".join(map(_side_by_side, rows if all_ else waiting)), out)
    else:
        emit(rows, _CONFLICTS, format_=format_, out=out)
    say(f"内容冲突 {len(waiting)} 行待裁定，{len(rows) - len(waiting)} 行已裁定。")
    if waiting:
        say("用 monitor payments resolve 编号 --keep old|new --reason 理由 裁定。")
    end(ctx, strict=strict, awaiting=waiting)


def _side_by_side(row: dict[str, Any]) -> str:
    """One conflict: both rows as their lists have them, what differs first."""
    kept, other = row["kept"], row["other"]
    names = dict.fromkeys((*kept["cells"], *other["cells"]))
    cells = [
        {
            "name": name,
            "kept": kept["cells"].get(name),
            "other": other["cells"].get(name),
            "differs": "≠" if kept["cells"].get(name) != other["cells"].get(name) else "",
        }
        for name in names
        if kept["cells"].get(name) or other["cells"].get(name)
    ]
    columns = (
        Column("differs", ""),
        Column("name", "列"),
        Column("kept", f"先到：{kept['file']} 第 {kept['line']} 行"),
        Column("other", f"后来：{other['file']} 第 {other['line']} 行"),
    )
    version = f"，第 {row['version']} 种" if row["version"] > 1 else ""
    decided = f"（{row['actor']}：{row['reason']}）" if row["state"] != "open" else ""
    title = f"{row['year']} 年 {row['number']}{version}：{_STATES[row['state']]}{decided}"
    differences = "；".join(_difference(each) for each in row["differences"])
    return f"{title}\n不同之处：{differences}\n{as_table(cells, columns)}"


@click.command("resolve", cls=Command)
@click.argument("number", metavar="编号")
@click.option(
    "--keep",
    metavar="old|new",
    type=click.Choice(["old", "new"]),
    help="以先到、已计入的为准（old），或以后来的为准（new）。",
)
@click.option(
    "--version",
    metavar="序号",
    type=click.IntRange(min=1),
    help="后来的有几种内容时，取第几种，见 conflicts。",
)
@click.option("--reason", metavar="理由", default="", help="为什么，必填。")
@click.option("--undo", is_flag=True, help="撤销对这个编号的裁定，冲突重新待裁定。")
@click.option("--year", metavar="年度", type=YEAR, help="编号在几个年度都有冲突时要写明。")
@workspace_option
@click.pass_context
def resolve(
    ctx: click.Context,
    number: str,
    keep: Keep | None,
    version: int | None,
    reason: str,
    undo: bool,
    year: int | None,
) -> None:
    """裁定编号相同而内容不同的支付以哪一种为准，整个编号各行一并裁定。

    以后的清单再列出未取的那一种，视为已裁定；再列出取定的那一种，视为已导入。
    """
    from monitor.cli.payments_ignore import deciding
    from monitor.ingest.resolving import resolve as settle
    from monitor.ingest.resolving import undo_resolution

    app = open_app(ctx)
    if undo:
        if keep or version:
            raise UsageError("--undo 不能与 --keep、--version 同用。")
        settings = app.settings
        told = undo_resolution(
            app.engine,
            number,
            year=year,
            by=deciding(app),
            folder=settings.archive,
            columns=settings.columns,
        )
        say(f"已撤销对 {told.number} 的裁定，{told.settled} 行冲突{_exchange(told)}。")
        return
    if keep is None or (version and keep == "old"):
        raise UsageError("请用 --keep old 或 --keep new 写明以哪一种为准；--version 只同 new 用。")
    if not reason.strip():
        raise UsageError("裁定须写明理由。", "请加 --reason。")
    told = settle(
        app.engine,
        number,
        keep=keep,
        version=version,
        year=year,
        reason=reason.strip(),
        by=deciding(app),
    )
    which = "先到" if keep == "old" else "后来"
    say(f"已裁定 {told.number} 以{which}的为准，{told.settled} 行冲突{_exchange(told)}。")


def _exchange(told: ResolveReceipt) -> str:
    if told.gone == told.came:
        return ""
    (gone, gone_fen), (came, came_fen) = told.gone, told.came
    return f"：不再计入 {gone} 行（{yuan(gone_fen)} 元），改为计入 {came} 行（{yuan(came_fen)} 元）"


CONFLICTS = (conflicts, resolve)
