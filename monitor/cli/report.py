"""`monitor report …`: the documents that are made of a year, a module each."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from monitor.cli.lazy import LazyGroup
from monitor.errors import UsageError

if TYPE_CHECKING:
    from monitor.bootstrap import App

_REPORTS = {
    "self-assessment": "report_self",
    "monitoring": "report_monitoring",
    "unit": "report_unit",
    "summary": "report_summary",
    "overview": "report_overview",
    "score": "report_score",
    "finalize": "report_finalize",
    "compare": "report_compare",
}


@click.group("report", cls=LazyGroup, modules=_REPORTS)
def report_command() -> None:
    """报告：绩效自评表、监控表、单位自评报告、汇总表、执行情况总览，定稿与变化。"""


def period(app: App, year: int | None, as_of: date | None) -> tuple[int, date]:
    """The year and date of a report: of a past year its last day, of this one today."""
    on = as_of or app.today
    of_year = year or on.year
    if as_of is None and on.year > of_year:
        on = date(of_year, 12, 31)
    if on.year < of_year:
        raise UsageError(
            f"{on} 在 {of_year} 年度以前，没有可报告的支付。", "请核对 --as-of 和 --year。"
        )
    return of_year, on
