"""`monitor check` and `monitor warnings …`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.chinese import Command, Group
from monitor.cli.common import (
    Day,
    as_of_option,
    end,
    format_options,
    open_app,
    strict_option,
    unit_option,
    workspace_option,
    year_option,
)
from monitor.cli.output import Column, code, emit, moment, say
from monitor.cli.row_bar import row_bar
from monitor.cli.warning_labels import OPEN, STATES, STEPS, period_name, rule_name
from monitor.cli.warning_rules import rules_command
from monitor.cli.warnings_answer import register
from monitor.cli.warnings_show import show
from monitor.domain.progress import Grade
from monitor.domain.warning import Step

if TYPE_CHECKING:
    from monitor.alerts.checking import CheckOutcome
    from monitor.alerts.unchanged import Found

_CHANGES = [(Step(step), label) for step, label in STEPS.items()]


@click.command("check", cls=Command)
@as_of_option
@year_option
@workspace_option
@click.pass_context
def check_command(ctx: click.Context, as_of: date | None, year: int | None) -> None:
    """按各项预警规则核查，登记预警；同一预警只登记一次。

    不写日期则按今天核查今年，以及去年尚未了结的检查点。支付明细没有到齐的单位，
    到期的检查点暂不核查。
    """
    app = open_app(ctx)
    years = [year or as_of.year] if as_of else [year] if year else app.unsettled_years()
    for each in years:
        with row_bar(f"核查 {each} 年", None):
            outcome = app.check(as_of=as_of, year=each)
        if outcome.year not in app.plan_months():
            say(f"{outcome.year} 年没有带支出计划的项目；别的年度请用 --year 指明。")
        say(f"截至 {outcome.as_of} 的 {outcome.year} 年核查：{summary(outcome)}")
        for line in _particulars(outcome):
            say(f"  {line}")


def summary(outcome: CheckOutcome) -> str:
    """What a check found and changed, in one sentence."""
    steps = [f"{label} {outcome.steps[step]}" for step, label in _CHANGES if outcome.steps[step]]
    return f"符合预警条件 {outcome.findings} 项；{'，'.join(steps) or '没有变化'}。"


def _particulars(outcome: CheckOutcome) -> Iterator[str]:
    """By rule and severity what was found; what was not judged, and why."""
    for rule in sorted({finding.rule for finding in outcome.found}):
        found = [each for each in outcome.found if each.rule == rule]
        yield f"{rule_name(rule)}：{_grades(found)}"
    for unit in outcome.held_back:
        months = "、".join(f"{int(month[5:])}月" for month in unit.months)
        yield f"{unit.unit_code} {unit.unit_name}：{months}的支付明细没有到齐，到期检查点暂不核查。"
    outdated = Counter((each.period, each.judged) for each in outcome.outdated)
    for (period, judged), count in sorted(outdated.items()):
        yield (
            f"{count} 个项目{period_name(period)}的情况已按 {judged} 的数据核查过，"
            f"早于它的 {outcome.as_of} 不再改动。"
        )


def _grades(found: Sequence[Found]) -> str:
    """`红色 2、黄色 1（其中存疑 1、不发邮件 1）`."""
    counted = Counter(each.severity for each in found)
    worst_first = sorted(counted, key=lambda grade: -grade.weight)
    words = "、".join(f"{grade.label} {counted[grade]}" for grade in worst_first)
    parts = {
        "存疑": sum(each.is_doubtful for each in found),
        "不发邮件": sum(each.quiet for each in found),
    }
    among = "、".join(f"{label} {count}" for label, count in parts.items() if count)
    return f"{words}（其中{among}）" if among else words


@click.group("warnings", cls=Group)
def warnings_command() -> None:
    """已登记的预警。"""


_WARNINGS = (
    Column("id", "编号", right=True),
    Column("rule", "规则", rule_name, fixed=True),
    Column("severity", "程度", lambda value: Grade(value).label, fixed=True),
    Column("state", "状态", lambda value: STATES[value], fixed=True),
    code("unit_code", "单位编码"),
    Column("unit_name", "单位名称"),
    code("project_code", "项目编码"),
    Column("project_name", "项目名称"),
    Column("year", "年度"),
    Column("period", "检查点或期间", period_name, fixed=True),
    Column("doubts", "存疑", lambda doubts: "存疑" if any(d["cures"] for d in doubts) else ""),
    code("as_of", "截至"),
    moment("raised_at", "登记时间"),
)


@warnings_command.command("list")
@year_option
@unit_option
@click.option("--project", metavar="项目编码", help="只看这个项目。")
@click.option(
    "--rule",
    metavar="规则",
    type=click.Choice([f"W{number:02d}" for number in range(1, 13)]),
    help="只看这条规则，如 W01。",
)
@click.option(
    "--severity",
    metavar="notice|yellow|red",
    type=click.Choice([grade.value for grade in Grade]),
    help="只看这个程度。",
)
@click.option(
    "--state", metavar="状态", type=click.Choice(list(STATES)), help="只看这个状态，英文名见手册。"
)
@click.option("--as-of", metavar="日期", type=Day(), help="只看截至这一天核查出的，如 2025-06-30。")
@strict_option
@format_options
@workspace_option
@click.pass_context
def list_(
    ctx: click.Context, /, strict: bool, format_: str, out: Path | None, **wanted: Any
) -> None:
    """列出预警，各种状态都在内；--as-of 按预警自己的截至日期选。"""
    from monitor.store import warning_rows

    with open_app(ctx).reading() as connection:
        rows = warning_rows.rows(connection, **wanted)
    emit(rows, _WARNINGS, format_=format_, out=out)
    open_ = [row for row in rows if row["state"] in OPEN]
    say(f"预警 {len(rows)} 条，其中 {len(open_)} 条未了结。")
    end(ctx, strict=strict, awaiting=open_)


warnings_command.add_command(show)
register(warnings_command)
warnings_command.add_command(rules_command)
