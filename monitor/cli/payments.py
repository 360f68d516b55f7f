"""`monitor payments …`: payment lists in; what waits for a decision, and the decision."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.chinese import Group
from monitor.cli.common import (
    YEAR,
    Month,
    each_file,
    end,
    files_argument,
    format_options,
    open_app,
    strict_option,
    unit_option,
    verbose_option,
    workspace_option,
    year_option,
)
from monitor.cli.output import Column, code, emit, money, say, tell
from monitor.cli.payments_coverage import coverage
from monitor.cli.payments_profile import profile
from monitor.domain.money import yuan
from monitor.domain.payment import Status

if TYPE_CHECKING:
    from monitor.ingest.import_payments import PaymentReceipt

_AWAITING = ("unmatched", "rejected", "conflict")


@click.group("payments", cls=Group)
def payments_command() -> None:
    """支付明细：导入、查看待处理的行、匹配到项目。"""


@payments_command.command("import")
@files_argument
@click.option(
    "--month",
    "months",
    metavar="月份",
    type=Month(),
    multiple=True,
    help="清单覆盖的月份，如 2025-03，可写多次；默认看标题、文件名和支付日期。",
)
@strict_option
@verbose_option
@workspace_option
@click.pass_context
def import_(
    ctx: click.Context,
    files: tuple[Path, ...],
    months: tuple[str, ...],
    strict: bool,
    verbose: bool,
) -> None:
    """导入支付明细（CSV）。

    每份清单要么整份导入，要么整份不导入；同一笔支付无论在几份清单里出现，只计一次。
    """
    app = open_app(ctx)
    awaiting = []

    def land(path: Path) -> None:
        receipt = app.import_payments(path, months=months)
        tell(receipt.diagnostics, verbose=verbose)
        _say_receipt(receipt)
        if any(outcome in receipt.outcomes for outcome in _AWAITING):
            awaiting.append(path)

    each_file(files, land)
    end(ctx, strict=strict, awaiting=awaiting)


def _say_receipt(receipt: PaymentReceipt) -> None:
    from monitor.ingest.import_payments import OUTCOMES

    if receipt.known:
        say(f"{receipt.file}：以前已导入过，没有改动。当时的结果：")
    else:
        say(
            f"{receipt.file}：覆盖 {'、'.join(receipt.months) or '（没有月份）'}，{receipt.rows} 行"
        )
    for outcome, label in OUTCOMES.items():
        if outcome in receipt.outcomes:
            rows, fen = receipt.outcomes[outcome]
            amount = "" if outcome.startswith("rejected") else f"，{yuan(fen)} 元"
            extra = _by_method(receipt.methods) if outcome == "counted" else ""
            say(f"  {label}：{rows} 行{amount}{extra}")
    if receipt.passed_over:
        say(f"  标题、合计等不是支付的行：{sum(receipt.passed_over.values())} 行")
    if "unmatched" in receipt.outcomes:
        say("  待匹配的行用 monitor payments unmatched 查看。")
    if "rejected" in receipt.outcomes:
        say("  拒收的行用 monitor payments rejected 查看原因，改正后重新导入。")


def _by_method(methods: dict[str, int]) -> str:
    """What was matched otherwise than by its code."""
    from monitor.reports.explanation import METHODS

    others = [f"{METHODS[each]} {rows} 行" for each, rows in methods.items() if each != "code"]
    return f"（其中按{'、'.join(others)}）" if others else ""


_UNMATCHED = (
    code("number", "编号"),
    code("pay_date", "支付日期"),
    code("unit_code", "单位编码"),
    Column("unit_name", "单位名称"),
    code("project_code", "项目编码"),
    Column("project_name", "项目名称"),
    money("amount_fen", "金额"),
    Column("payee", "收款人"),
    Column("purpose", "用途"),
    Column(
        "candidates",
        "可能的项目",
        lambda found: "；".join(f"{c['project_code']}（{c['score']} 分）" for c in found),
    ),
    Column("file", "文件"),
    Column("line", "行", right=True),
)

_GROUPED = (
    code("project_code", "项目编码"),
    Column("project_name", "项目名称"),
    code("unit_code", "单位编码"),
    Column("unit_name", "单位名称"),
    Column("rows", "行数", right=True),
    money("amount_fen", "金额"),
)


@payments_command.command("unmatched")
@year_option
@unit_option
@click.option("--by-code", is_flag=True, help="按项目编码汇总：外单位和基本支出往往只有几个编码。")
@strict_option
@format_options
@workspace_option
@click.pass_context
def unmatched(
    ctx: click.Context,
    year: int | None,
    unit: str | None,
    by_code: bool,
    strict: bool,
    format_: str,
    out: Path | None,
) -> None:
    """列出计入支出、但还没有匹配到项目的支付，附可能的项目。"""
    from monitor.reports import open_payments

    with open_app(ctx).reading() as connection:
        rows = open_payments.unmatched(connection, year=year, unit_code=unit)
    total = sum(row["amount_fen"] for row in rows)
    shown = open_payments.by_code(rows) if by_code else rows
    emit(shown, _GROUPED if by_code else _UNMATCHED, format_=format_, out=out)
    say(f"待匹配 {len(rows)} 笔，合计 {yuan(total)} 元。")
    if rows:
        say("用 monitor payments match 编号 项目编码 逐笔匹配。")
    end(ctx, strict=strict, awaiting=rows)


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


@payments_command.command("rejected")
@year_option
@strict_option
@format_options
@workspace_option
@click.pass_context
def rejected(
    ctx: click.Context, year: int | None, strict: bool, format_: str, out: Path | None
) -> None:
    """列出被拒收的行和原因；改正后重新导入，即不再列出。"""
    from monitor.reports import open_payments

    with open_app(ctx).reading() as connection:
        rows = open_payments.rejected(connection, year=year)
    emit(rows, _REJECTED, format_=format_, out=out)
    say(f"拒收 {len(rows)} 行。")
    end(ctx, strict=strict, awaiting=rows)


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


@payments_command.command("conflicts")
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


payments_command.add_command(coverage)
payments_command.add_command(profile)


@payments_command.command("match")
@click.argument("number", metavar="编号")
@click.argument("project", metavar="项目编码")
@click.option(
    "--year",
    metavar="年度",
    type=YEAR,
    help="支付的年度；编号在几个年度都有时要写明。",
)
@workspace_option
@click.pass_context
def match(ctx: click.Context, number: str, project: str, year: int | None) -> None:
    """把一笔支付匹配到项目。

    编号见 monitor payments unmatched；同一编号的第二、三行写作“编号/2”“编号/3”。
    """
    from monitor.ingest.match_by_hand import match_by_hand

    app = open_app(ctx)
    outcome = match_by_hand(app.engine, number, project, year=year, at=app.now(), actor=app.actor)
    if outcome.before == outcome.project_code:
        say(f"{number} 已经匹配到 {outcome.project_code} {outcome.project_name}，没有改动。")
        return
    moved = f"（原来匹配到 {outcome.before}）" if outcome.before else ""
    say(
        f"已把 {number}（{outcome.pay_date}，{yuan(outcome.amount_fen)} 元）匹配到 "
        f"{outcome.project_code} {outcome.project_name}{moved}。"
    )
    if outcome.other_unit:
        say(f"注意：这笔支付的单位是 {outcome.other_unit}，不是该项目的单位，请核对。")
