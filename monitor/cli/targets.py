"""`monitor targets …`: target documents in, records out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.chinese import Group
from monitor.cli.common import (
    YEAR,
    each_file,
    end,
    files_in,
    format_options,
    open_app,
    out_option,
    paths_argument,
    strict_option,
    unit_option,
    verbose_option,
    workspace_option,
    year_option,
)
from monitor.cli.output import Column, code, emit, money, say, tell
from monitor.domain.money import yuan
from monitor.errors import NotFound, has_errors

if TYPE_CHECKING:
    from monitor.ingest.import_targets import TargetReceipt


@click.group("targets", cls=Group)
def targets_command() -> None:
    """绩效目标文本：导入、查看、导出。"""


@targets_command.command("import")
@paths_argument
@click.option(
    "--year",
    metavar="年度",
    type=YEAR,
    help="文本的预算年度；不写则由项目编码推定，推不定就拒绝。",
)
@click.option("--all-or-nothing", is_flag=True, help="有一个项目读不准，整份文本都不导入。")
@strict_option
@verbose_option
@workspace_option
@click.pass_context
def import_(
    ctx: click.Context,
    paths: tuple[Path, ...],
    year: int | None,
    all_or_nothing: bool,
    strict: bool,
    verbose: bool,
) -> None:
    """导入绩效目标文本（.docx、.html、.txt），文件夹连同下级文件夹一并导入。

    读不准的项目不导入并说明原因，其余照常导入；同一文本再次导入不会改变任何数据。
    """
    app = open_app(ctx)
    awaiting = []

    def land(path: Path) -> None:
        receipt = app.import_targets(path, year=year, all_or_nothing=all_or_nothing)
        tell(receipt.diagnostics, verbose=verbose)
        _say_receipt(receipt)
        if has_errors(receipt.diagnostics):
            awaiting.append(path)

    files = files_in(paths, (".txt", ".docx", ".html", ".htm"))
    if not files:
        raise NotFound("没有可导入的绩效目标文本。", "请检查文件夹。")
    each_file(files, land)
    end(ctx, strict=strict, awaiting=awaiting)


def _say_receipt(receipt: TargetReceipt) -> None:
    document = receipt.document
    source = document.year_source.partition("（")[0]
    head = f"{receipt.file}：{document.year} 年（{source}）"
    if receipt.known:
        say(f"{head}，以前已导入过，没有改动。")
        return
    total = sum(project.budget_fen or 0 for project in document.projects)
    measures = sum(len(project.indicators) for project in document.projects)
    say(
        f"{head}，{len(document.projects)} 个项目、{measures} 条指标，预算合计 {yuan(total)} 元："
        f"新增 {receipt.new}，修订 {len(receipt.revised)}，不变 {receipt.same}。"
    )
    for revised in receipt.revised:
        say(f"  修订 {revised.project.project_code} {revised.project.project_name}：")
        for change in revised.changes:
            say(f"    {change.field}：{change.old} → {change.new}")
    if receipt.matched:
        say(f"  以前待匹配的 {receipt.matched} 笔支付，现已匹配到这些项目。")


def _plan(plan: dict[str, int | None]) -> str:
    def show(bp: int | None) -> str:
        if bp is None:
            return "空"
        return str(bp // 100) if bp % 100 == 0 else f"{bp // 100}.{bp % 100:02d}".rstrip("0")

    return " ".join(f"{int(month)}月{show(bp)}" for month, bp in plan.items())


_LIST = (
    Column("year", "年度"),
    code("unit_code", "单位编码"),
    Column("unit_name", "单位名称"),
    code("project_code", "项目编码"),
    Column("project_name", "项目名称"),
    money("budget_fen", "预算数"),
    Column("plan_bp", "支出计划", _plan),
    Column("indicators", "指标", lambda rows: str(len(rows)), right=True),
)


@targets_command.command("list")
@year_option
@unit_option
@format_options
@workspace_option
@click.pass_context
def list_(
    ctx: click.Context, year: int | None, unit: str | None, format_: str, out: Path | None
) -> None:
    """列出已导入的项目。"""
    emit(_rows(ctx, year, unit), _LIST, format_=format_, out=out)


_DOCUMENTS = (
    Column("year", "年度"),
    Column("file", "文件"),
    Column("overall", "总体绩效目标"),
    Column("itemised", "分项绩效目标"),
    Column("safeguards", "工作保障措施"),
    Column("year_source", "年度依据"),
    code("imported_at", "导入时间"),
)


@targets_command.command("documents")
@year_option
@format_options
@workspace_option
@click.pass_context
def documents_(ctx: click.Context, year: int | None, format_: str, out: Path | None) -> None:
    """列出已导入的文本及其第一部分：总体绩效目标、分项绩效目标、工作保障措施。"""
    from monitor.reports.rows import document_row
    from monitor.store import documents

    with open_app(ctx).reading() as connection:
        rows = [document_row(each) for each in documents.load(connection, year=year)]
    shown = rows if format_ == "json" else [_in_brief(row) for row in rows]
    emit(shown, _DOCUMENTS, format_=format_, out=out)


def _in_brief(row: dict[str, Any]) -> dict[str, Any]:
    """The beginnings of long texts, on one line; the JSON has them whole."""
    texts = {key: " ".join(row[key].split()) for key in ("overall", "itemised", "safeguards")}
    return {**row, **{k: t if len(t) <= 30 else f"{t[:29]}…" for k, t in texts.items()}}


@targets_command.command("export")
@year_option
@unit_option
@click.option(
    "--format",
    "format_",
    metavar="json|csv",
    type=click.Choice(["json", "csv"]),
    default="json",
    show_default=True,
    help="JSON 含全部内容；CSV 每行一个指标。",
)
@out_option
@workspace_option
@click.pass_context
def export(
    ctx: click.Context, year: int | None, unit: str | None, format_: str, out: Path | None
) -> None:
    """导出项目的全部记录：预算、计划、目标、指标和出处。"""
    rows = _rows(ctx, year, unit)
    if format_ == "json":
        emit(rows, (), format_="json", out=out)
    else:
        emit(_flat(rows), _FLAT, format_="csv", out=out)


_FLAT = (
    *_LIST[:6],
    money("fiscal_fen", "财政资金"),
    money("other_fen", "其他资金"),
    Column("purpose", "资金用途"),
    _LIST[6],
    Column("goals", "绩效目标", "；".join),
    *(
        Column(key, header)
        for key, header in (
            ("level1", "一级指标"),
            ("level2", "二级指标"),
            ("level3", "三级指标"),
            ("description", "绩效指标描述"),
            ("target", "指标值"),
            ("basis", "指标值确定依据"),
            ("weight", "分值"),
            ("file", "来源文件"),
            ("line", "行"),
        )
    ),
)


def _flat(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One row an indicator; a project without any keeps one row of its own."""
    return [
        {**row, **row["source"], **indicator}
        for row in rows
        for indicator in (row["indicators"] or [{}])
    ]


def _rows(ctx: click.Context, year: int | None, unit: str | None) -> list[dict[str, Any]]:
    from monitor.reports.rows import target_row
    from monitor.store import projects

    with open_app(ctx).reading() as connection:
        return [target_row(each) for each in projects.load(connection, year=year, unit_code=unit)]
