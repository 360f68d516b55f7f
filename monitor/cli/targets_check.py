"""`monitor targets check`: what is wrong with target documents, before anything is imported."""

from __future__ import annotations

import os
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.chinese import Command
from monitor.cli.common import (
    YEAR,
    format_options,
    paths_argument,
    workspace_option,
)
from monitor.cli.output import Column, code, emit, write
from monitor.domain.money import yuan
from monitor.errors import Severity, WorkspaceError, system_words

if TYPE_CHECKING:
    from monitor.domain.plan_review import PlanRules
    from monitor.errors import Diagnostic
    from monitor.ingest.labels import Labels
    from monitor.ingest.reading_pool import Read

_COLUMNS = (
    Column("file", "文件"),
    code("id", "编号"),
    Column("severity", "程度", lambda value: Severity(value).label),
    Column("place", "位置"),
    Column("line", "行", right=True),
    Column("text", "原文"),
    Column("meaning", "含义"),
    Column("advice", "办法"),
)


@click.command("check", cls=Command)
@paths_argument
@click.option("--year", metavar="年度", type=YEAR, help="文本的预算年度；不写则由项目编码推定。")
@format_options
@workspace_option
@click.pass_context
def check(
    ctx: click.Context, paths: tuple[Path, ...], year: int | None, format_: str, out: Path | None
) -> None:
    """检查绩效目标文本有无问题，只查不导入，不改变任何数据，没有工作区也能用。

    有读不准的项目或文件时，以状态码 1 结束。
    """
    from monitor.bootstrap import china_now
    from monitor.cli.reading import read_documents
    from monitor.ingest.plan_notes import with_plan_notes

    labels, plans = _words(ctx.find_root().obj)
    today = china_now().date()
    found = [
        replace(each, reading=with_plan_notes(each.reading, today, plans))
        for each in read_documents(paths, year=year, labels=labels)
    ]
    if format_ == "table":
        write(_as_text(found), out)
    else:
        emit([_row(r, d) for r in found for d in r.reading.diagnostics], _COLUMNS,
             format_=format_, out=out)  # fmt: skip
    if any(each.failure or _count(each, Severity.ERROR) for each in found):
        ctx.exit(1)


def _words(folder: Path | None) -> tuple[Labels, PlanRules]:
    """The workspace's, where one is named or near; else those that come with the program."""
    from monitor import config
    from monitor.domain.plan_review import PlanRules
    from monitor.ingest.labels import default_labels
    from monitor.ingest.shipped import shipped

    try:
        settings = config.load(config.find(folder))
    except WorkspaceError:
        if folder or os.environ.get("MONITOR_WORKSPACE"):
            raise
        rules = tomllib.loads(shipped("rules/plans.toml"))
        return default_labels(), PlanRules.from_toml(rules)
    return settings.labels, settings.plans


def _row(read: Read, diagnostic: Diagnostic) -> dict[str, Any]:
    return {
        "file": read.name,
        "id": diagnostic.id,
        "severity": diagnostic.severity.value,
        "place": diagnostic.place.spot,
        "line": diagnostic.place.line,
        "text": diagnostic.text,
        "meaning": diagnostic.meaning,
        "advice": diagnostic.advice,
    }


def _as_text(found: list[Read]) -> str:
    lines = [line for read in found for line in _lines(read)]
    if len(found) > 1:
        counts = "、".join(
            f"{sum(_count(each, severity) for each in found)} 个{severity.label}"
            for severity in Severity
        )
        projects = sum(len(each.reading.document.projects) for each in found
                       if each.reading.document)  # fmt: skip
        lines.append(f"共 {len(found)} 个文件，{projects} 个项目，{counts}。")
    return "\n".join(lines) + "\n"


def _lines(read: Read) -> list[str]:
    if read.failure:
        return [f"{read.name}：不能读：{system_words(read.failure)}。"]
    order = list(Severity)
    listed = sorted(read.reading.diagnostics, key=lambda each: order.index(each.severity))
    return [*map(str, listed), f"{read.name}：{_summary(read)}。"]


def _summary(read: Read) -> str:
    counts = "、".join(f"{_count(read, each)} 个{each.label}" for each in Severity)
    document = read.reading.document
    if document is None:
        return f"没有读出，{counts}"
    budget = sum(project.budget_fen or 0 for project in document.projects)
    measures = sum(len(project.indicators) for project in document.projects)
    return (
        f"{document.year} 年，{len(document.projects)} 个项目、{measures} 条指标，"
        f"预算合计 {yuan(budget)} 元，{counts}"
    )


def _count(read: Read, severity: Severity) -> int:
    return sum(1 for each in read.reading.diagnostics if each.severity is severity)
