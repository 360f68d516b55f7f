"""`monitor targets adjust`: what changes in a year's budgets that no document has brought."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.chinese import Command
from monitor.cli.common import Day, open_app, workspace_option, year_option
from monitor.cli.output import say, tell
from monitor.domain.adjustment import Adjustment, AdjustmentKind, Fund
from monitor.domain.codes import normalise_code
from monitor.domain.money import NotAnAmount, parse_fen, yuan
from monitor.errors import InputError, UsageError

if TYPE_CHECKING:
    from monitor.bootstrap import App
    from monitor.ingest.adjustment_lines import Entry
    from monitor.ingest.adjustment_record import AdjustReceipt


@click.command("adjust", cls=Command)
@click.argument("project", metavar="[项目编码]", required=False)
@year_option
@click.option(
    "--kind",
    metavar="|".join(each.value for each in AdjustmentKind),
    type=click.Choice([each.value for each in AdjustmentKind]),
    help="调整类型：追加、结转增加预算，调减、收回减少预算，调剂由一个项目调给另一个项目。",
)
@click.option("--amount", metavar="金额", help="金额，单位元，也可写 20万元；一律写正数。")
@click.option(
    "--fund",
    metavar="|".join(each.value for each in Fund),
    type=click.Choice([each.value for each in Fund]),
    help="资金性质，默认当年财政拨款，结转默认上年结转。",
)
@click.option("--on", metavar="日期", type=Day(), help="生效日期，须在预算年度之内。")
@click.option("--document", metavar="文号", help="调整文件的文号。")
@click.option("--note", metavar="文字", default="", help="备注。")
@click.option("--from", "giver", metavar="项目编码", help="调剂：调出的项目。")
@click.option("--to", "taker", metavar="项目编码", help="调剂：调入的项目。")
@click.option("--name", metavar="项目名称", help="年中追加的新项目的名称。")
@click.option("--unit", metavar="单位编码", help="年中追加的新项目的单位编码。")
@click.option("--unit-name", metavar="单位名称", help="年中追加的新项目的单位名称。")
@click.option(
    "--file",
    "file",
    metavar="文件",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="登记一份调整清单（CSV 或 .xlsx），有一处不对就全部不登记。",
)
@click.option(
    "--template",
    metavar="文件",
    type=click.Path(dir_okay=False, path_type=Path),
    help="写出一份空白的调整清单（CSV）。",
)
@click.option("--again", is_flag=True, help="与已登记的一笔完全相同，仍作为另一笔登记。")
@click.option("--dry-run", is_flag=True, help="同 --file 一起用：只看结果，不登记。")
@click.option("--undo", metavar="编号", type=int, help="撤销一笔调整，须写 --reason。")
@click.option("--reason", metavar="理由", default="", help="撤销的理由。")
@workspace_option
@click.pass_context
def adjust(
    ctx: click.Context,
    /,
    undo: int | None,
    reason: str,
    file: Path | None,
    template: Path | None,
    year: int | None,
    again: bool,
    dry_run: bool,
    **typed: Any,
) -> None:
    """登记预算调整：追加、调减、收回、结转、调剂；自生效日期起，支出计划按调整后的预算数计算。

    文本没有的项目可以追加（年中追加）：写明 --name、--unit、--unit-name。
    """
    if sum(each is not None for each in (undo, file, template, typed["kind"])) != 1:
        raise UsageError("请写 --kind、--file、--template、--undo 四者之一。")
    if dry_run and file is None:
        raise UsageError("--dry-run 同 --file 一起用。")
    if template is not None:
        _write_template(template)
    elif undo is not None:
        _undo(open_app(ctx), undo, reason)
    elif file is not None:
        _adjust_file(open_app(ctx), file, year=year, again=again, dry_run=dry_run)
    else:
        from monitor.ingest.adjusting import adjust as record

        entry = _entry(typed, year)
        app = open_app(ctx)
        _say(
            record(
                app.engine,
                entry,
                at=app.now(),
                actor=app.actor,
                again=again,
                matching=app.settings.matching,
            )
        )


def _entry(typed: dict[str, Any], year: int | None) -> Entry:
    from monitor.ingest.adjustment_lines import Entry, NewProject

    kind = AdjustmentKind(typed["kind"])
    missing = [f"--{name}" for name in ("amount", "on", "document") if not typed[name]]
    if missing:
        raise UsageError(f"登记调整还要写 {'、'.join(missing)}。")
    adjustment = Adjustment(
        kind=kind,
        amount_fen=_amount(typed["amount"]),
        fund=Fund(typed["fund"]) if typed["fund"] else kind.usual_fund,
        effective=_day(typed["on"], year),
        document_number=typed["document"].strip(),
        giver=_giver(kind, typed),
        taker=_taker(kind, typed),
        note=typed["note"],
    )
    is_move = kind is AdjustmentKind.MOVE
    others = typed["project"] if is_move else typed["giver"] or typed["taker"]
    if others or not adjustment.is_whole:
        raise UsageError(
            "调剂写 --from 和 --to 两个不同的项目，不写项目编码。"
            if is_move
            else f"{kind.value}写一个项目编码，不写 --from、--to。"
        )
    described = [typed[name] for name in ("name", "unit", "unit_name")]
    if any(described) and not all(described):
        raise UsageError("新项目须写齐 --name、--unit 和 --unit-name。")
    name, unit, unit_name = described
    new = NewProject(name, normalise_code(unit), unit_name) if name else None
    return Entry(adjustment, new)


def _giver(kind: AdjustmentKind, typed: dict[str, Any]) -> str:
    named = typed["giver"] if kind is AdjustmentKind.MOVE else typed["project"]
    return "" if kind.adds else normalise_code(named or "")


def _taker(kind: AdjustmentKind, typed: dict[str, Any]) -> str:
    if kind is AdjustmentKind.MOVE:
        return normalise_code(typed["taker"] or "")
    return normalise_code(typed["project"] or "") if kind.adds else ""


def _amount(text: str) -> int:
    try:
        fen = parse_fen(text)
    except NotAnAmount as error:
        raise UsageError(
            f"--amount “{text}”{error.reason}。", "请写成 200000 或 20万元。"
        ) from None
    if fen <= 0:
        raise UsageError("--amount 须大于 0，增减由 --kind 表示。")
    return fen


def _day(day: date, year: int | None) -> date:
    if year is not None and day.year != year:
        raise UsageError(f"生效日期 {day} 不在 {year} 年内。", "请核对 --on 和 --year。")
    return day


def _adjust_file(app: App, file: Path, *, year: int | None, again: bool, dry_run: bool) -> None:
    from monitor.ingest.adjusting import adjust_file

    try:
        receipt = adjust_file(
            app.engine,
            app.incoming(file),
            folder=app.settings.archive,
            year=year,
            again=again,
            dry_run=dry_run,
            matching=app.settings.matching,
        )
    except InputError as error:
        tell(error.diagnostics)
        raise
    _say(receipt)


def _say(receipt: AdjustReceipt) -> None:
    if not receipt.added:
        numbers = "、".join(map(str, receipt.known))
        say(f"以前已登记（编号 {numbers}），没有改动；确为另一笔，请加 --again。")
        return
    if receipt.dry_run:
        say(f"试算：可登记 {len(receipt.added)} 笔调整，没有改动任何数据。")
    else:
        numbers = "、".join(map(str, receipt.added))
        say(f"已登记 {len(receipt.added)} 笔调整（编号 {numbers}）。")
    for each in receipt.budgets:
        new = "（年中追加的新项目）" if each.project_code in receipt.created else ""
        budget = "空" if each.budget_fen is None else f"{yuan(each.budget_fen)} 元"
        say(f"  {each.project_code} {each.project_name}{new}：调整后预算数 {budget}")
    if receipt.matched:
        say(f"  以前待匹配的 {receipt.matched} 笔支付，现已匹配到这些项目。")
    for warning in receipt.warnings:
        say(f"  {warning}")


def _undo(app: App, number: int, reason: str) -> None:
    from monitor.ingest.adjusting import undo_adjustment

    if not reason.strip():
        raise UsageError("撤销调整须写明理由。", "请加 --reason。")
    found = undo_adjustment(app.engine, number, reason=reason, at=app.now(), actor=app.actor)
    adjustment = found.adjustment
    say(
        f"已撤销调整 {number}：{adjustment.kind.value} {yuan(adjustment.amount_fen)} 元，"
        f"{adjustment.document_number}，理由：{reason}。记录仍保留在 history 中。"
    )


def _write_template(path: Path) -> None:
    from monitor.files import write_whole
    from monitor.ingest.adjustment_lines import template

    write_whole(path, template())
    say(f"已写入 {path}，填好后用 monitor targets adjust --file 登记。")
