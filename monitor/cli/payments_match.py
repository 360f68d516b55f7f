"""`monitor payments unmatched|match|unmatch`: payments without a project, and whose they are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.chinese import Command
from monitor.cli.common import (
    YEAR,
    each_file,
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
from monitor.errors import UsageError

if TYPE_CHECKING:
    from monitor.bootstrap import App
    from monitor.ingest.match_by_hand import HandMatch
    from monitor.ingest.match_sheet import SheetReceipt

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
_year = click.option(
    "--year", metavar="年度", type=YEAR, help="支付的年度；编号在几个年度都有时要写明。"
)


@click.command("unmatched", cls=Command)
@year_option
@unit_option
@click.option("--by-code", is_flag=True, help="按项目编码汇总：外单位和基本支出往往只有几个编码。")
@click.option("--limit", metavar="笔数", type=click.IntRange(min=1), help="最多列出多少笔。")
@strict_option
@format_options
@workspace_option
@click.pass_context
def unmatched(
    ctx: click.Context,
    year: int | None,
    unit: str | None,
    by_code: bool,
    limit: int | None,
    strict: bool,
    format_: str,
    out: Path | None,
) -> None:
    """列出计入支出、但还没有匹配到项目的支付，附可能的项目。

    --out 清单.xlsx 生成可以逐行选择项目的工作簿，写法相同的支付合为一行；选好后用
    payments match --from 交回。
    """
    from monitor.reports import open_payments

    app = open_app(ctx)
    if out is not None and out.suffix.lower() == ".xlsx":
        _write_workbook(app, year, unit, limit, out)
        return
    with row_bar("查找待匹配的支付", None), app.reading() as connection:
        groups = open_payments.by_code(connection, year=year, unit_code=unit)
        shown = (
            groups[:limit]
            if by_code
            else open_payments.unmatched(
                connection,
                year=year,
                unit_code=unit,
                limit=limit,
                matching=app.settings.matching,
            )
        )
    emit(shown, _GROUPED if by_code else _UNMATCHED, format_=format_, out=out)
    rows = sum(group["rows"] for group in groups)
    say(f"待匹配 {rows} 笔，合计 {yuan(sum(group['amount_fen'] for group in groups))} 元。")
    if rows:
        say(
            "用 monitor payments match 编号 项目编码 逐笔匹配，或用 --out 清单.xlsx 成批选择；"
            "不属监控范围的用 monitor payments ignore。"
        )
    end(ctx, strict=strict, awaiting=rows)


def _write_workbook(
    app: App, year: int | None, unit: str | None, limit: int | None, out: Path
) -> None:
    from monitor.files import write_whole
    from monitor.reports.unmatched_workbook import lines_of, unmatched_workbook

    with row_bar("查找待匹配的支付", None), app.reading() as connection:
        lines = lines_of(
            connection, year=year, unit_code=unit, limit=limit, matching=app.settings.matching
        )
    if not lines:
        say("没有待匹配的支付，没有生成工作簿。")
        return
    write_whole(out, unmatched_workbook(lines))
    rows = sum(each.rows for each in lines)
    say(
        f"已写入 {out}：{rows} 笔待匹配的支付，写法相同的合为一行，共 {len(lines)} 行。"
        "选好后用 monitor payments match --from 交回。"
    )


@click.command("match", cls=Command)
@click.argument("number", metavar="[编号]", required=False)
@click.argument("project", metavar="[项目编码]", required=False)
@_year
@click.option("--reason", metavar="理由", default="", help="为什么是这个项目，随匹配记录。")
@click.option("--alike", is_flag=True, help="单位、编码、名称写法相同而待匹配的，一并匹配。")
@click.option(
    "--from",
    "from_",
    metavar="工作簿",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="交回选好的工作簿（unmatched --out 清单.xlsx）；有一处不对就全部不匹配。",
)
@click.option("--dry-run", is_flag=True, help="同 --from 一起用：只显示会怎样，不记录。")
@workspace_option
@click.pass_context
def match(
    ctx: click.Context,
    number: str | None,
    project: str | None,
    year: int | None,
    reason: str,
    alike: bool,
    from_: Path | None,
    dry_run: bool,
) -> None:
    """把一笔支付匹配到项目。

    编号见 monitor payments unmatched；同一编号的第二、三行写作“编号/2”“编号/3”。写法相同的支付，
    以后导入时照此匹配。
    """
    from monitor.ingest.match_by_hand import match_by_hand

    if from_ is not None:
        if number or project or year or reason or alike:
            raise UsageError("--from 只能与 --dry-run 同用。")
        app = open_app(ctx)
        each_file([from_], lambda path: _take_back(app, path, dry_run))
        return
    if not (number and project) or dry_run:
        raise UsageError("请写编号和项目编码，或用 --from 交回工作簿（可加 --dry-run）。")
    app = open_app(ctx)
    with row_bar("匹配", None):
        outcome = match_by_hand(
            app.engine,
            number,
            project,
            year=year,
            at=app.now(),
            actor=app.actor,
            reason=reason.strip(),
            with_alike=alike,
        )
    _say_match(number, outcome)


def _say_match(number: str, outcome: HandMatch) -> None:
    project = f"{outcome.project_code} {outcome.project_name}"
    if outcome.before == outcome.project_code:
        say(f"{number} 已经匹配到 {project}，没有改动。")
    else:
        moved = f"（原来匹配到 {outcome.before}）" if outcome.before else ""
        paid = f"{outcome.pay_date}，{yuan(outcome.amount_fen)} 元"
        say(f"已把 {number}（{paid}）匹配到 {project}{moved}。")
    if outcome.alike and outcome.with_alike:
        say(f"写法相同的另外 {outcome.alike} 笔也已匹配。")
    elif outcome.alike:
        say(f"写法相同而待匹配的还有 {outcome.alike} 笔，加 --alike 一并匹配。")
    if outcome.other_unit:
        say(f"注意：这笔支付的单位是 {outcome.other_unit}，不是该项目的单位，请核对。")


def _take_back(app: App, path: Path, dry_run: bool) -> None:
    from monitor.cli.payments_ignore import deciding
    from monitor.ingest.match_sheet import take_back

    with row_bar(f"交回 {path.name}", None):
        done = take_back(app.engine, app.incoming(path), by=deciding(app), dry_run=dry_run)
    _say_sheet(done)


def _say_sheet(told: SheetReceipt) -> None:
    done = "（试运行，没有记录）" if told.dry_run else ""
    say(
        f"{told.file}：{told.lines} 行，其中 {told.decided} 行有决定{done}：匹配到项目 "
        f"{told.matched} 笔，定为不属监控范围 {told.ignored} 笔。"
    )
    if told.settled:
        say(f"有 {told.settled} 行的支付在生成清单之后已经处理，没有改动。")
    if told.left:
        say(f"还有 {told.left} 行暂不处理或没有填写。")


@click.command("unmatch", cls=Command)
@click.argument("number", metavar="编号")
@_year
@click.option("--reason", metavar="理由", default="", help="为什么不是这个项目，必填。")
@workspace_option
@click.pass_context
def unmatch(ctx: click.Context, number: str, year: int | None, reason: str) -> None:
    """取消一笔支付与项目的匹配；它待匹配，直到再由人工匹配。"""
    from monitor.ingest.match_by_hand import unmatch_by_hand

    if not reason.strip():
        raise UsageError("取消匹配须写明理由。", "请加 --reason。")
    app = open_app(ctx)
    told = unmatch_by_hand(
        app.engine, number, year=year, reason=reason.strip(), at=app.now(), actor=app.actor
    )
    say(
        f"已取消 {number}（{told.pay_date}，{yuan(told.amount_fen)} 元）与 {told.before} 的匹配；"
        "它待匹配，不再自动匹配。"
    )


MATCHING = (unmatched, match, unmatch)
