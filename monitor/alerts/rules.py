"""The warning rules: what is found in the facts of a date. Rules have no memory, and no clock.

The order of the facts makes no difference; the same facts give the same findings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from monitor.alerts import lag_rules, office_rules, spending_rules
from monitor.alerts.case import Case
from monitor.alerts.facts import Facts
from monitor.alerts.rule_catalogue import (
    APPROACHING,
    FLOOR,
    IDLE,
    LAG,
    NOTHING_PAID,
    UNSPENT,
    WARNING_RULES,
    Audience,
    WarningRule,
)
from monitor.alerts.rule_settings import AlertRules
from monitor.domain.finding import Finding

__all__ = ["WARNING_RULES", "Judgement", "WarningRule", "check"]

_AT_THE_CHECKPOINT = (LAG, NOTHING_PAID)
_BY_ALL_LISTS = (APPROACHING, IDLE, UNSPENT)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was found, and about what nothing can be said yet, as (rule, subject).

    A unit whose payment lists are not complete is not judged where a list yet to come could
    refute the finding: W01, W02 and W11 need the lists up to their month, W03, W05 and W07 those
    of all ended months. The office is told by W08 which lists are missing.
    """

    findings: tuple[Finding, ...]
    unjudged: frozenset[tuple[str, str]] = frozenset()
    closed: bool = False
    """Whether the last day for applications is over: the year's end is looked ahead to no more."""


def check(facts: Facts, settings: AlertRules = AlertRules()) -> Judgement:
    """What the rules that are on find: at most one finding for a rule, subject and period."""
    book, calendar = settings.book(), settings.calendar
    soft, last_day = settings.is_soft(facts.year, facts.as_of), settings.last_day(facts.year)
    found: list[Finding] = []
    unjudged: set[tuple[str, str]] = set()
    for project in facts.projects:
        account = project.standing.account
        by = book.of(account.unit_code, project.fund)
        case = Case(project, by, calendar, soft, last_day)
        found += (each for each in _of_project(case, facts.forms_collected) if each)
        unjudged |= {(rule.id, account.project_code) for rule in _unjudged(case)}
    found += office_rules.missing_lists(facts, book, calendar)
    found += office_rules.unmatched(facts, book)
    found += office_rules.undocumented(facts, book)
    found.sort(key=lambda each: (each.rule, each.unit_code, each.project_code, each.period))
    addressed = tuple(_addressed(found, settings))
    return Judgement(addressed, frozenset(unjudged), closed=facts.as_of > last_day)


def _addressed(findings: Iterable[Finding], settings: AlertRules) -> Iterator[Finding]:
    """Says whose matter each is: the office's by the rule's recipients, or as its year is over."""
    audiences: dict[tuple[str, str], Audience] = {}
    for each in findings:
        key = each.rule, each.unit_code
        if key not in audiences:
            audiences[key] = settings.audience(*key)
        to_office = audiences[key] is Audience.OFFICE and not each.for_office
        yield replace(each, for_office=True) if to_office else each


def _of_project(case: Case, forms: frozenset[str]) -> Iterator[Finding | None]:
    if _can_judge_lag(case):
        yield lag_rules.lag(case)
    if _can_judge_floor(case):
        yield lag_rules.below_floor(case)
    complete = not case.facts.missing_months
    if complete:
        yield lag_rules.approaching(case)
    yield from spending_rules.of_project(case, complete=complete)
    yield office_rules.indicators(case, forms)


def _can_judge_lag(case: Case) -> bool:
    checkpoint = case.standing.checkpoint
    return checkpoint is not None and case.has_lists_until(checkpoint)


def _can_judge_floor(case: Case) -> bool:
    due = lag_rules.floor_month(case)
    return due is not None and case.has_lists_until(due[0])


def _unjudged(case: Case) -> Iterator[WarningRule]:
    if not case.facts.missing_months:
        return
    if case.standing.checkpoint is not None and not _can_judge_lag(case):
        yield from _AT_THE_CHECKPOINT
    if lag_rules.floor_month(case) is not None and not _can_judge_floor(case):
        yield FLOOR
    yield from _BY_ALL_LISTS
