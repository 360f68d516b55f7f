"""`monitor targets list`, `show`, `documents` and `export`: the records as they are in force."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.chinese import Command
from monitor.cli.common import (
    format_options,
    open_app,
    out_option,
    unit_option,
    workspace_option,
    year_option,
)
from monitor.cli.output import Column, code, emit, moment, money, say, width, write
from monitor.errors import UsageError
from monitor.files import write_whole

if TYPE_CHECKING:
    from monitor.store.projects import Stored

_text_option = click.option(
    "--text",
    metavar="文字",
    default="",
    help="只看名称、编码、单位名称或资金用途里有这些文字的项目；不分大小写、全角半角。",
)


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


@click.command("list", cls=Command)
@year_option
@unit_option
@_text_option
@format_options
@workspace_option
@click.pass_context
def list_(
    ctx: click.Context,
    year: int | None,
    unit: str | None,
    text: str,
    format_: str,
    out: Path | None,
) -> None:
    """列出已导入的项目。"""
    emit(_rows(_stored(ctx, year, unit, text)), _LIST, format_=format_, out=out)


@click.command("show", cls=Command)
@click.argument("project", metavar="项目编码")
@year_option
@click.option(
    "--format",
    "format_",
    metavar="table|json",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="输出形式：表格或 JSON（与 export 的一行相同）。",
)
@out_option
@workspace_option
@click.pass_context
def show(
    ctx: click.Context, project: str, year: int | None, format_: str, out: Path | None
) -> None:
    """显示一个项目的全部记录，如绩效目标表的样子，连同出处。

    各年都有的，显示最近一年；其他年度用 --year。
    """
    from monitor.reports.rows import target_row
    from monitor.reports.target_form_view import as_form
    from monitor.reports.target_lookup import landing_of, one_project

    with open_app(ctx).reading() as connection:
        stored, others = one_project(connection, project, year=year)
        landed = landing_of(connection, stored)
    if others:
        say(f"这个项目编码在 {'、'.join(map(str, others))} 年也有记录，用 --year 查看。")
    if format_ == "json":
        write(json.dumps(target_row(stored), ensure_ascii=False, indent=1) + "\n", out)
    else:
        write(as_form(stored.project, landed, width=width(out)), out)


_DOCUMENTS = (
    Column("year", "年度"),
    Column("file", "文件"),
    Column("overall", "总体绩效目标"),
    Column("itemised", "分项绩效目标"),
    Column("safeguards", "工作保障措施"),
    Column("year_source", "年度依据"),
    moment("imported_at", "导入时间"),
)


@click.command("documents", cls=Command)
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


@click.command("export", cls=Command)
@year_option
@unit_option
@_text_option
@click.option(
    "--format",
    "format_",
    metavar="json|csv|xlsx",
    type=click.Choice(["json", "csv", "xlsx"]),
    default="json",
    show_default=True,
    help="JSON 含全部内容；CSV 每行一个指标；XLSX 分项目、支出计划、指标三张表，须写 --out。",
)
@out_option
@workspace_option
@click.pass_context
def export(
    ctx: click.Context,
    year: int | None,
    unit: str | None,
    text: str,
    format_: str,
    out: Path | None,
) -> None:
    """导出项目的全部记录：预算、计划、目标、指标和出处。"""
    if format_ == "xlsx" and out is None:
        raise UsageError("导出 XLSX 须用 --out 写明文件名。")
    stored = _stored(ctx, year, unit, text)
    if format_ == "json":
        emit(_rows(stored), (), format_="json", out=out)
    elif out is None or format_ == "csv":
        emit(_flat(_rows(stored)), _FLAT, format_="csv", out=out)
    else:
        from monitor.reports.target_workbook import as_workbook

        write_whole(out, as_workbook([each.project for each in stored]))
        say(f"已写入 {out}")


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


def _rows(stored: list[Stored]) -> list[dict[str, Any]]:
    from monitor.reports.rows import target_row

    return [target_row(each) for each in stored]


def _stored(ctx: click.Context, year: int | None, unit: str | None, text: str) -> list[Stored]:
    from monitor.reports.target_lookup import mentions
    from monitor.store import projects

    with open_app(ctx).reading() as connection:
        loaded = projects.load(connection, year=year, unit_code=unit)
    return [each for each in loaded if mentions(each.project, text)]


COMMANDS = (list_, show, documents_, export)
"""In the order of the help page."""
