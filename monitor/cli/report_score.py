"""`monitor report score PROJECT`: where every point of a self-assessment comes from."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path

import click

from monitor.cli.chinese import Command
from monitor.cli.common import (
    as_of_option,
    format_options,
    open_app,
    workspace_option,
    year_option,
)
from monitor.cli.output import Column, emit, write
from monitor.cli.report import period
from monitor.cli.report_options import tell_signed
from monitor.domain.codes import normalise_code
from monitor.reports.assessment.draft import Mark
from monitor.reports.assessment.score_view import SOURCES

_COLUMNS = (
    Column("level1", "一级指标"),
    Column("level2", "二级指标"),
    Column("level3", "三级指标"),
    Column("target", "指标值"),
    Column("actual", "实际完成值"),
    Column("weight", "分值", right=True),
    Column("points", "得分", right=True),
    Column("rule", "规则"),
    Column("article", "依据"),
    Column("steps", "计算", "；".join),
    Column("note", "说明"),
    Column("state", "得分来源", lambda state: SOURCES[Mark(state)]),
)


@click.command("score", cls=Command)
@click.argument("project", metavar="项目编码")
@year_option
@as_of_option
@format_options
@workspace_option
@click.pass_context
def score_command(
    ctx: click.Context,
    project: str,
    year: int | None,
    as_of: date | None,
    format_: str,
    out: Path | None,
) -> None:
    """说明一个项目自评的每一分：指标值、实际完成值、规则、算式，以及还有哪些待填。

    只作说明，不写文件；年度支付明细尚未到齐时也可用，数为截至日期的阶段数。
    """
    from monitor.reports.assessment.drafting import draft
    from monitor.reports.assessment.gathering import project_facts
    from monitor.reports.assessment.score_view import as_text, score_rows

    app = open_app(ctx)
    of_year, on = period(app, year, as_of)
    with app.reading() as connection:
        (facts,) = project_facts(
            connection,
            year=of_year,
            as_of=on,
            limits=app.settings.alerts.limits,
            project_code=normalise_code(project),
            words=app.settings.funds,
            advice=app.settings.advice,
        )
        tell_signed(connection, of_year, facts.project.unit_code)
    rules = app.settings.scoring.of(of_year, facts.project.unit_code)
    form = draft(facts, rules, provisional=True)
    rows = score_rows(form, facts, rules)
    if format_ == "table":
        write(as_text(form, rows, rules), out)
    else:
        emit(map(asdict, rows), _COLUMNS, format_=format_, out=out)
