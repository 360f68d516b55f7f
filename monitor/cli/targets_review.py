"""`monitor targets plan-review`: plans that can hardly be met, listed and corrected."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.chinese import Command
from monitor.cli.common import (
    each_file,
    format_options,
    open_app,
    unit_option,
    workspace_option,
    year_option,
)
from monitor.cli.output import Column, code, emit, money, say
from monitor.domain.money import percent
from monitor.errors import UsageError

if TYPE_CHECKING:
    from monitor.domain.plan_review import Doubtful
    from monitor.ingest.plan_return import PlanReceipt


def _plan(plan: dict[str, int | None]) -> str:
    return " ".join(
        f"{int(month)}月{'空' if bp is None else percent(bp)}" for month, bp in plan.items()
    )


_LIST = (
    Column("year", "年度"),
    code("unit_code", "单位编码"),
    Column("unit_name", "单位名称"),
    code("project_code", "项目编码"),
    Column("project_name", "项目名称"),
    money("budget_fen", "预算数"),
    Column("plan_bp", "支出计划", _plan),
    Column("reasons", "原因", lambda reasons: "；".join(each["text"] for each in reasons)),
)


@click.command("plan-review", cls=Command)
@year_option
@unit_option
@click.option(
    "--in",
    "in_",
    metavar="文件",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="交回填好的工作簿：更正的计划作为勘误登记，有一处不对就全部不登记。",
)
@click.option("--dry-run", is_flag=True, help="同 --in 一起用：只显示会有哪些改动，不登记。")
@format_options
@workspace_option
@click.pass_context
def plan_review(
    ctx: click.Context,
    year: int | None,
    unit: str | None,
    in_: Path | None,
    dry_run: bool,
    format_: str,
    out: Path | None,
) -> None:
    """列出恐难按期完成的支出计划，交单位更正，再收回登记。

    一次性用途却套用 25%、50%、75% 进度的，或比上年同期实付高出很多的，依 rules/plans.toml 列出；
    --out 清单.xlsx 生成供单位填写的工作簿，--in 交回填好的工作簿。
    """
    if in_ is not None:
        if out is not None or year is not None or unit is not None:
            raise UsageError("--in 不能与 --out、--year、--unit 同用。")
        back = open_app(ctx).targets.return_plans
        each_file([in_], lambda path: _say(back(path, dry_run=dry_run), dry_run))
        return
    if dry_run:
        raise UsageError("--dry-run 要与 --in 同用。")
    doubts = open_app(ctx).targets.doubtful_plans(year=year, unit=unit)
    if out is not None and out.suffix.lower() == ".xlsx":
        _write(doubts, out)
    else:
        emit(_rows(doubts), _LIST, format_=format_, out=out)


def _rows(doubts: list[Doubtful]) -> list[dict[str, Any]]:
    from monitor.reports.plan_list import doubt_row

    return [doubt_row(each) for each in doubts]


def _write(doubts: list[Doubtful], out: Path) -> None:
    from monitor.files import write_whole
    from monitor.reports.plan_workbook import plan_workbook

    if not doubts:
        say("没有需要核对的支出计划，没有生成工作簿。")
        return
    write_whole(out, plan_workbook(doubts))
    units = len({each.project.unit_code for each in doubts})
    say(f"已写入 {out}：{units} 个单位的 {len(doubts)} 个项目。填好后用 --in 交回。")


def _say(receipt: PlanReceipt, dry_run: bool) -> None:
    if receipt.known:
        say(f"{receipt.file}：以前已交回过，没有改动。")
        return
    count = len(receipt.corrections)
    if not count:
        say(f"{receipt.file}：{receipt.rows} 个项目都没有更正，没有改动。")
        return
    done = "（试运行，没有登记）" if dry_run else "，已作为勘误登记"
    say(f"{receipt.file}：{receipt.rows} 个项目，更正计划 {count} 个{done}。")
    for each in receipt.corrections:
        say(f"  {each.project.project_code} {each.project.project_name}：")
        for change in each.changes:
            say(f"    {change.field}：{change.old} → {change.new}")
        if each.reason:
            say(f"    更正理由：{each.reason}")
