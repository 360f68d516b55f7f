"""`monitor report finalize`: the year of a unit, frozen when it is signed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.chinese import Command
from monitor.cli.common import YEAR, format_options, open_app, unit_option, workspace_option
from monitor.cli.output import Column, code, emit, moment, say
from monitor.cli.report import period
from monitor.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from monitor.bootstrap import App
    from monitor.reports.signed.finalizing import Drafting
    from monitor.reports.signed.frozen import Signed

_COLUMNS = (
    code("unit_code", "单位编码"),
    code("as_of", "数据截至"),
    Column("projects", "项目", right=True),
    code("seal", "校验码"),
    moment("finalized_at", "定稿时间"),
    Column("actor", "经手"),
    Column("state", "状态", lambda state: {"in-force": "有效", "undone": "已撤销"}[state]),
    moment("undone_at", "撤销时间"),
    Column("undone_by", "撤销人"),
    Column("undone_reason", "撤销理由"),
)


@click.command("finalize", cls=Command)
@click.option("--year", metavar="年度", type=YEAR, required=True, help="预算年度，如 2025。")
@unit_option
@click.option("--allow-open", is_flag=True, help="还有待填的项也定稿。")
@click.option("--undo", is_flag=True, help="撤销定稿，须写 --reason；记录保留。")
@click.option("--reason", metavar="理由", default="", help="撤销定稿的理由。")
@click.option("--list", "list_", is_flag=True, help="列出这一年的定稿，包括已撤销的。")
@format_options
@workspace_option
@click.pass_context
def finalize_command(
    ctx: click.Context,
    year: int,
    unit: str | None,
    allow_open: bool,
    undo: bool,
    reason: str,
    list_: bool,
    format_: str,
    out: Path | None,
) -> None:
    """定稿：把一个年度签字时的数、支付和文件固定下来，打印在待签字页上的校验码由此算出。

    只在全年支付明细到齐、没有待填的项时定稿；不写 --unit 则给全部单位定稿，有一个不行就都不定。
    此后自评表、单位自评报告、汇总表写出的都是定稿，填报表不再收；以后的变化用 report compare 查看。
    """
    if undo and not reason.strip():
        raise UsageError("撤销定稿须写明理由。", "请加 --reason。")
    if reason and not undo:
        raise UsageError("--reason 只与 --undo 一起用。")
    app = open_app(ctx)
    if undo:
        _take_back(app, year, unit, reason.strip())
    elif not list_:
        _finalize(app, year, unit, allow_open=allow_open)
    if list_ or format_ != "table" or out:
        emit(_rows(app, year, unit), _COLUMNS, format_=format_, out=out, title=f"{year} 年定稿")


def drafting(app: App) -> Drafting:
    """The settings of a workspace that its forms are made by."""
    from monitor.reports.signed.finalizing import Drafting

    settings = app.settings
    return Drafting(settings.scoring, settings.alerts.limits, settings.funds, settings.advice)


def _finalize(app: App, year: int, unit: str | None, *, allow_open: bool) -> None:
    from monitor.cli.row_bar import row_bar
    from monitor.reports.signed.finalizing import Asked, finalize

    _, as_of = period(app, year, None)
    asked = Asked(year, as_of, unit, _formats(), allow_open)
    with row_bar("定稿", None, "份") as told:
        done = finalize(app.engine, drafting(app), asked, at=app.now(), actor=app.actor, told=told)
    for each in done.known:
        say(f"单位 {each.unit_code}：以前已定稿（{each.day}，校验码 {each.short}），没有改动。")
    for each in done.new:
        _say(each)
    if done.open_places:
        say(f"注意：定稿中有 {done.open_places} 处待填。")
    if done.new:
        say("请用 monitor report self-assessment、unit、summary 写出定稿，打印签字。")


def _say(each: Signed) -> None:
    frozen = each.frozen
    payments = sum(len(project.payments) for project in frozen.projects.values())
    say(
        f"单位 {each.unit_code}：{frozen.year} 年已定稿，{len(frozen.projects)} 个项目、"
        f"{payments} 笔支付、{len(each.documents)} 个文件，校验码 {each.short}。"
    )


def _formats() -> tuple[str, ...]:
    """The formats whose files are vouched for: PDF where it can be written."""
    from monitor.reports.paper.pdf import require_typst
    from monitor.reports.paper.writing import FORMATS

    try:
        require_typst()
    except ConfigError:
        say("没有安装 PDF 组件，定稿只记 .docx 和 .xlsx 的 SHA-256。")
        return tuple(each for each in FORMATS if each != "pdf")
    return FORMATS


def _take_back(app: App, year: int, unit: str | None, reason: str) -> None:
    from monitor.reports.signed.finalizing import take_back

    units = take_back(app.engine, year, unit, reason=reason, at=app.now(), actor=app.actor)
    say(f"已撤销 {year} 年 {len(units)} 个单位的定稿：{'、'.join(units)}。")


def _rows(app: App, year: int, unit: str | None) -> list[dict[str, Any]]:
    """The JSON rows: what was ever finalized of the year."""
    from monitor.domain.calendar import china_time
    from monitor.domain.sealing import short_seal
    from monitor.store import finalizations

    with app.reading() as connection:
        found = finalizations.history(connection, year, unit)
        counts = {row.id: len(finalizations.projects_of(connection, row.id)) for row in found}
    return [
        {
            "year": row.year,
            "unit_code": row.unit_code,
            "as_of": row.as_of.isoformat(),
            "projects": counts[row.id],
            "seal": short_seal(row.digest),
            "sha256": row.digest,
            "documents": row.documents,
            "finalized_at": china_time(row.recorded_at),
            "actor": row.actor,
            "state": "undone" if row.undone else "in-force",
            "undone_at": china_time(row.undone_at) if row.undone_at else None,
            "undone_by": row.undone_by,
            "undone_reason": row.undone_reason or None,
        }
        for row in found
    ]
