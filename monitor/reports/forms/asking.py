"""What a unit is asked at present: its book, made from the record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection

from monitor.domain.entry import Entry, Form, Key
from monitor.domain.money_words import MoneyWords
from monitor.domain.progress import Limits
from monitor.domain.sealing import short_seal
from monitor.errors import MonitorError
from monitor.ingest.form_book import Book
from monitor.reports.assessment import drafting as self_assessment
from monitor.reports.assessment.facts import ProjectFacts
from monitor.reports.assessment.gathering import project_facts
from monitor.reports.assessment.scoring_settings import ScoringBook
from monitor.reports.forms.held import held
from monitor.reports.forms.lines_monitoring import monitoring_book
from monitor.reports.forms.lines_self import self_book
from monitor.store import finalizations


@dataclass(frozen=True, slots=True)
class FormRules:
    """The settings that the forms are made by; see reports/monitoring/settings.py for `sure_bp`."""

    scoring: ScoringBook
    limits: Limits
    words: MoneyWords
    sure_bp: int


def gather(
    connection: Connection, rules: FormRules, *, year: int, as_of: date, unit_code: str | None
) -> list[ProjectFacts]:
    """The facts behind the books of a unit, or of all. Raises NotFound for none."""
    return project_facts(
        connection,
        year=year,
        as_of=as_of,
        limits=rules.limits,
        unit_code=unit_code,
        words=rules.words,
    )


def require_unsigned(connection: Connection, year: int, unit_code: str) -> None:
    """Raises MonitorError where the unit's year is signed: no form of it would be taken back."""
    signed = finalizations.of(connection, year, unit_code)
    if signed is not None:
        raise MonitorError(
            f"{year} 年度单位 {unit_code} 的自评已定稿（校验码 {short_seal(signed.digest)}），"
            "填报表填了也收不回来。",
            "确需改动的，请先撤销定稿（monitor report finalize --undo）。",
        )


def book(facts: Sequence[ProjectFacts], rules: FormRules, *, period: str = "") -> Book:
    """The book of one unit: for its self-assessments, or for the monitoring of month `period`."""
    project = facts[0].project
    scoring = rules.scoring.of(project.year, project.unit_code)
    if period:
        return monitoring_book(facts, scoring, rules.sure_bp, int(period))
    return self_book(facts, scoring)


def held_with(facts: ProjectFacts, rules: FormRules, changed: Sequence[Entry]) -> dict[Key, str]:
    """What a self-assessment would hold against each entry once these are recorded.

    Points follow from what is entered as 实际完成值, and a reason speaks of it.
    """
    entries = dict(facts.entries) | {each.key: each for each in changed}
    in_force = {key: entry for key, entry in entries.items() if entry.value}
    scoring = rules.scoring.of(facts.project.year, facts.project.unit_code)
    drafted = self_assessment.draft(replace(facts, entries=in_force), scoring)
    return {key: text for key, text in held(drafted).items() if key.form is Form.SELF_ASSESSMENT}
