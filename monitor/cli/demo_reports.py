"""The last part of `monitor demo`: a unit fills in its form, and the year's documents are made."""

from __future__ import annotations

from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.cli.output import say
from monitor.files import write_whole

if TYPE_CHECKING:
    from monitor.bootstrap import App
    from monitor.reports.assessment.facts import ProjectFacts

UNIT, _AUTHOR = "101001", "赵文静"
"""The unit that fills in its form, and who does it there."""


def fill_form(app: App, forms: Path, *, as_of: date, seed: str) -> None:
    """Sends the unit its form, has it filled in, and lands it; both workbooks stay in `forms`."""
    from monitor.cli.form import form_rules
    from monitor.demo.filling import fill
    from monitor.reports.forms.asking import book, gather
    from monitor.reports.forms.landing import Landing, compare_form, land_form
    from monitor.reports.forms.workbook import file_name, write

    rules = form_rules(app)
    with app.reading() as connection:
        facts = gather(connection, rules, year=as_of.year, as_of=as_of, unit_code=UNIT)
    asked = book(facts, rules)
    sent = forms / file_name(asked)
    returned = sent.with_name(f"{sent.stem}-已填{sent.suffix}")
    forms.mkdir()
    write_whole(sent, write(asked))
    filled = fill(sent.read_bytes(), author=_AUTHOR, year=as_of.year, seed=seed)
    write_whole(returned, filled)
    incoming, landing = app.incoming(returned), Landing(rules, app.settings.archive)
    landed = land_form(app.engine, incoming, compare_form(app.engine, incoming, landing), landing)
    say(
        f"单位 {UNIT} 的绩效填报表：待填 {asked.waiting} 处；填好后收回，"
        f"登记 {len(landed.changes)} 处，尚有 {landed.blank} 处待填。"
    )


def write_reports(app: App, folder: Path, *, as_of: date) -> None:
    """Every kind of document of the year; .xlsx and .pdf too for the unit that has filled in."""
    from monitor.reports.assessment.papers import write_drafts
    from monitor.reports.unit.papers import summary, write_unit_reports
    from monitor.reports.unit.summary_workbook import summary_workbook

    scoring, facts = app.settings.scoring, _facts(app, as_of)
    drafts = write_drafts(facts, scoring, folder)
    filled = [each for each in facts if each.standing.account.unit_code == UNIT]
    more = ("xlsx", "pdf") if find_spec("typst") else ("xlsx",)
    others = write_drafts(filled, scoring, folder, formats=more, whole=False)
    units = write_unit_reports(facts, scoring, folder)
    made = summary(facts, scoring)
    write_whole(folder / f"绩效自评汇总表-{as_of.year}.xlsx", summary_workbook(made))
    say(
        f"已写出 {len(drafts)} 份绩效自评表草稿（单位 {UNIT} 的另有 {'、'.join(more)}，"
        f"{len(others)} 份），{len(units)} 份单位自评报告草稿，1 份汇总表。"
    )


def write_monitoring_forms(app: App, folder: Path, *, year: int) -> None:
    """The monitoring forms of the default profile's month, and each unit's report on them."""
    from monitor.reports.monitoring.form import cut_off
    from monitor.reports.unit.papers import write_monitoring

    rules = app.settings.monitoring
    profile = rules.profile(None)
    facts = _facts(app, cut_off(year, profile.month, app.today))
    written = write_monitoring(facts, app.settings.scoring, rules, profile, profile.month, folder)
    say(
        f"已写出 {len(facts)} 份绩效目标执行监控表（1—{profile.month} 月）"
        f"和 {len(written) - len(facts)} 份监控报告提纲。"
    )


def write_overview(app: App, path: Path, *, as_of: date) -> None:
    """The year of the whole office on one page."""
    from monitor.reports.overview.facts import overview_facts
    from monitor.reports.overview.page import overview

    with app.reading() as connection:
        whole = overview_facts(
            connection,
            office=app.settings.office,
            year=as_of.year,
            as_of=as_of,
            limits=app.settings.alerts.limits,
        )
    write_whole(path, overview(whole).encode())
    say("已写出执行情况总览。")


def _facts(app: App, as_of: date) -> list[ProjectFacts]:
    from monitor.reports.assessment.gathering import project_facts

    with app.reading() as connection:
        return project_facts(
            connection,
            year=as_of.year,
            as_of=as_of,
            limits=app.settings.alerts.limits,
            words=app.settings.funds,
            advice=app.settings.advice,
        )
