"""`monitor payments …`: payment lists in; what waits for a decision, and the decision."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.chinese import Group
from monitor.cli.common import (
    Month,
    each_file,
    end,
    files_argument,
    format_options,
    open_app,
    strict_option,
    verbose_option,
    workspace_option,
    year_option,
)
from monitor.cli.output import Column, code, emit, say, tell
from monitor.cli.payments_conflicts import CONFLICTS
from monitor.cli.payments_coverage import coverage
from monitor.cli.payments_ignore import IGNORING
from monitor.cli.payments_match import MATCHING
from monitor.cli.payments_profile import profile
from monitor.cli.payments_refunds import REFUNDS
from monitor.cli.payments_rule import RULES
from monitor.domain.money import yuan

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


for each in (*MATCHING, *IGNORING, *RULES, *CONFLICTS, *REFUNDS):
    payments_command.add_command(each)
payments_command.add_command(coverage)
payments_command.add_command(profile)
