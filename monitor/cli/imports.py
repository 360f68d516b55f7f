"""`monitor imports`: which files the figures rest on, what became of one, and taking one back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from monitor.cli.chinese import Group
from monitor.cli.common import format_options, open_app, out_option, workspace_option
from monitor.cli.output import Column, as_table, code, emit, moment, money, say, write
from monitor.cli.row_bar import row_bar
from monitor.domain.money import yuan


@click.group("imports", cls=Group)
def imports_command() -> None:
    """已导入的文件：列表、明细、撤销。"""


_KINDS = {
    "targets": "绩效目标",
    "payments": "支付明细",
    "adjustments": "预算调整",
    "plans": "计划更正",
}
_STATES = {"in_force": "有效", "undone": "已撤销"}
_PASSED = {
    "title": "标题",
    "header": "表头",
    "total": "合计",
    "blank": "空行",
    "remark": "表外说明",
}
_IMPORTS = (
    Column("id", "编号", right=True),
    Column("kind", "种类", _KINDS.__getitem__),
    Column("file", "文件"),
    code("sha256", "SHA-256"),
    moment("imported_at", "导入时间"),
    Column("actor", "经手"),
    Column("months", "覆盖月份", "、".join),
    Column("rows", "行数", right=True),
)
_UNDONE = (
    Column("state", "状态", _STATES.__getitem__),
    moment("undone_at", "撤销时间"),
    Column("undone_by", "撤销人"),
    Column("undone_reason", "撤销理由"),
)
_OUTCOMES = (
    Column("outcome", "结果"),
    Column("rows", "行数", right=True),
    money("fen", "金额"),
)
_LISTS = (
    Column("id", "编号", right=True),
    Column("file", "文件"),
    Column("rows", "行数", right=True),
)
_DECIDED = {"open": "待裁定", "old": "以先到的为准", "new": "以后来的为准"}
_CONFLICTS = (
    code("number", "编号"),
    Column("kept", "先到的", lambda row: f"{row['file']} 第 {row['line']} 行"),
    Column("other", "后来的", lambda row: f"{row['file']} 第 {row['line']} 行"),
    Column("state", "状态", _DECIDED.__getitem__),
    Column("reason", "理由"),
)
_PROJECTS = (
    Column("year", "年度", right=True),
    code("project_code", "项目编码"),
    Column("project_name", "项目名称"),
    code("unit_code", "单位"),
    code("effective", "生效"),
    Column("new", "变化", lambda new: "新增" if new else "修订"),
    Column("in_force", "现在", lambda holds: "有效" if holds else "已被取代"),
)


@imports_command.command("list")
@click.option("--all", "all_", is_flag=True, help="也列出已撤销的，连同时间、经手和理由。")
@format_options
@workspace_option
@click.pass_context
def list_(ctx: click.Context, all_: bool, format_: str, out: Path | None) -> None:
    """列出已导入的文件，按导入顺序。"""
    from monitor.reports.import_view import import_list

    with open_app(ctx).reading() as connection:
        rows = import_list(connection, undone=all_)
    emit(rows, (*_IMPORTS, *_UNDONE) if all_ else _IMPORTS, format_=format_, out=out)


_number = click.argument("number", metavar="编号", type=click.IntRange(min=1))


@imports_command.command("show")
@_number
@click.option(
    "--format",
    "format_",
    metavar="table|json",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="输出形式：表格或 JSON。",
)
@out_option
@workspace_option
@click.pass_context
def show(ctx: click.Context, number: int, format_: str, out: Path | None) -> None:
    """一次导入的全部情况：文件、覆盖、各行结果、与其他清单的关系。"""
    from monitor.reports.import_view import import_view

    app = open_app(ctx)
    with row_bar("查找", None), app.reading() as connection:
        view = import_view(connection, number, app.settings.archive)
    if format_ == "json":
        write(json.dumps(view, ensure_ascii=False, indent=1) + "\n", out)
    else:
        write("\n".join(_told(view)), out)


def _told(view: dict[str, Any]) -> Iterator[str]:
    sheet = f"［{view['sheet']}］" if view["sheet"] else ""
    yield f"导入 {view['id']}：{_KINDS[view['kind']]}  {view['file']}{sheet}"
    yield f"导入时间：{view['imported_at']}，经手：{view['actor']}"
    if view["state"] == "undone":
        who = f"由 {view['undone_by']} 撤销，理由：{view['undone_reason']}"
        yield f"已于 {view['undone_at']} {who}"
    yield f"SHA-256：{view['sha256']}（{view['size']} 字节）"
    yield f"存档：{view['archive']}"
    if view["kind"] == "payments":
        yield from _told_of_payments(view)
    else:
        yield from _part("带来的项目", view["projects"], _PROJECTS)
    if view.get("adjustments"):
        yield f"带来的预算调整：{view['adjustments']} 条"
    yield from (["", "提示："] if view["diagnostics"] else [])
    yield from (each["text"] for each in view["diagnostics"])
    yield ""


def _told_of_payments(view: dict[str, Any]) -> Iterator[str]:
    from monitor.ingest.payment_receipt import OUTCOMES

    units = "、".join(f"{unit} {name}".strip() for unit, name in view["units"].items())
    yield f"覆盖：{'、'.join(view['months']) or '没有写明月份'}，{units or '全部单位'}"
    passed = "、".join(f"{_PASSED.get(k, k)} {n}" for k, n in view["passed_over"].items())
    yield f"不是支付的行：{passed or '无'}"
    now = view["counting"]
    yield f"现在计入：{now['rows']} 行，{yuan(now['fen'])} 元"
    outcomes = [{"outcome": OUTCOMES[name], **sums} for name, sums in view["receipt"].items()]
    yield from _part("导入时各行的结果", outcomes, _OUTCOMES)
    yield from _part("重复了以前的清单", view["repeats"], _LISTS)
    yield from _part("后来的清单重复了它", view["repeated_by"], _LISTS)
    yield from _part("与其他清单的冲突", view["conflicts"], _CONFLICTS)


def _part(title: str, rows: list[dict[str, Any]], columns: tuple[Column, ...]) -> Iterator[str]:
    if rows:
        yield f"\n{title}：\n{as_table(rows, columns)}".rstrip()


@imports_command.command("undo")
@_number
@click.option("--reason", metavar="理由", required=True, help="为什么撤销，记录在案。")
@workspace_option
@click.pass_context
def undo(ctx: click.Context, number: int, reason: str) -> None:
    """整份撤销一次导入，如同没有导入过；原来的记录都保留，可以再导入。"""
    app = open_app(ctx)
    with row_bar(f"撤销导入 {number}", None):
        receipt = app.undo_import(number, reason=reason)
    say(f"已撤销导入 {number}：{receipt.file}，{receipt.rows} 行，{yuan(receipt.fen)} 元。")
    if receipt.kept:
        say(f"其中 {receipt.kept} 行别的清单也有，仍按别的清单保留。")
    if receipt.came_in:
        say(f"别的清单中另有 {receipt.came_in} 行因此改为计入或恢复在途。")
    if receipt.lapsed:
        say(f"{receipt.lapsed} 条冲突裁定随之失效。")
