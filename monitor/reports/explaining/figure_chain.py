"""Why every figure of a project is what it is: what `monitor explain` tells beside the payments.

All rows are JSON values; each leads to a file and line, a person and time, or a rule.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection

from monitor.domain.calendar import china_time
from monitor.domain.entry import Entry, items
from monitor.domain.sealing import short_seal
from monitor.domain.warning import Acknowledgement
from monitor.reports import coverage
from monitor.reports.assessment.drafting import draft
from monitor.reports.assessment.facts import ProjectFacts, Source
from monitor.reports.assessment.gathering import project_facts
from monitor.reports.assessment.score_view import score_rows
from monitor.reports.explaining.budget_steps import budget_steps, plan_steps
from monitor.reports.rows import month
from monitor.reports.signed.finalizing import Drafting
from monitor.reports.signed.plain_values import plain
from monitor.store import finalizations, projects


def chain(
    connection: Connection, drafting: Drafting, *, code: str, year: int, as_of: date
) -> dict[str, Any]:
    """The chain of a project in force, up to `as_of` or the year's last day, whichever is first.

    Raises NotFound for a project that does not exist.
    """
    on = min(as_of, date(year, 12, 31))
    [facts] = project_facts(
        connection,
        year=year,
        as_of=on,
        limits=drafting.limits,
        project_code=code,
        words=drafting.words,
        advice=drafting.advice,
    )
    [stored] = projects.load(connection, year=year, project_code=code)
    account = facts.standing.account
    rules = drafting.scoring.of(year, account.unit_code)
    form = draft(facts, rules, provisional=True)
    steps = budget_steps(connection, year=year, project_id=stored.id, code=code, as_of=on)
    plan = plan_steps(connection, year=year, project_id=stored.id, plan=account.plan, as_of=on)
    return {
        "budget_steps": [plain(each) for each in steps],
        "plan": list(plan),
        "months": [
            {"month": month(number), "paid_fen": fen}
            for number, fen in enumerate(facts.paid_by_month, 1)
        ],
        "due": _due(facts),
        "funds": [_fund(each) for each in facts.funds],
        "rules": {"key": rules.key, "name": rules.name},
        "scored": form.scored,
        "points": [asdict(row) for row in score_rows(form, facts, rules)],
        "entries": _entries(facts),
        "answers": [_answer(each) for each in facts.explanations],
        "coverage": _coverage(connection, facts),
        "unsettled": {
            "unmatched": facts.unmatched_rows,
            "unmatched_fen": facts.unmatched_fen,
            "rejected": facts.rejected,
            "conflicting": facts.conflicting,
        },
        "sources": [_source(each) for each in facts.sources],
        "finalized": _finalized(connection, facts),
    }


def _due(facts: ProjectFacts) -> dict[str, Any] | None:
    """应支 of the due checkpoint: its share of the budget that it is held against."""
    standing = facts.standing
    if standing.checkpoint is None:
        return None
    return {
        "checkpoint": month(standing.checkpoint),
        "planned_bp": standing.planned_bp,
        "base_fen": standing.account.base_fen,
        "due_fen": standing.due_fen,
        "paid_fen": standing.account.paid_fen,
        "gap_fen": standing.gap_fen,
        "lag_bp": standing.lag_bp,
    }


def _fund(figures: Any) -> dict[str, Any]:
    row: dict[str, Any] = plain({**asdict(figures), "derived": sorted(figures.derived)})
    return row


def _entries(facts: ProjectFacts) -> list[dict[str, Any]]:
    """What people wrote into its forms and those of its unit, with who, when and which file."""
    named = dict(
        zip(
            items(facts.project.indicators),
            (each.level3 for each in facts.project.indicators),
            strict=True,
        )
    )
    own = [(facts.project.project_code, each) for each in facts.entries.values()]
    units = [("", each) for each in facts.unit_entries.values()]
    return [_entry(code, each, named.get(each.key.item)) for code, each in (*own, *units)]


def _entry(code: str, entry: Entry, indicator: str | None) -> dict[str, Any]:
    return {
        "project_code": code or None,
        "form": entry.key.form.value,
        "period": entry.key.period,
        "field": entry.key.field.value,
        "indicator": indicator,
        "value": entry.value,
        "shown": entry.shown,
        "author": entry.author,
        "at": china_time(entry.at),
        "actor": entry.actor,
        "source": entry.source or None,
    }


def _answer(each: Acknowledgement) -> dict[str, Any]:
    return {
        "cause": each.cause,
        "text": each.text,
        "answer": each.answer,
        "measure": each.measure,
        "promised": None if each.promised is None else each.promised.isoformat(),
        "author": each.author,
        "at": china_time(each.at),
        "actor": each.actor,
    }


def _coverage(connection: Connection, facts: ProjectFacts) -> list[dict[str, Any]]:
    """The months up to the day, and by which lists they came."""
    account = facts.standing.account
    ended = facts.as_of + timedelta(days=1)
    found = coverage.years(connection, ended, year=account.year, unit=account.unit_code)
    last = f"{facts.as_of.year}-{facts.as_of.month:02d}"
    return [row for each in found for row in each.rows if row["month"] <= last]


def _source(source: Source) -> dict[str, Any]:
    row: dict[str, Any] = plain(source)
    return row


def _finalized(connection: Connection, facts: ProjectFacts) -> dict[str, Any] | None:
    """Where the unit's year is signed: what is told here is of now, the reports are of then."""
    account = facts.standing.account
    row = finalizations.of(connection, account.year, account.unit_code)
    if row is None:
        return None
    at = china_time(row.recorded_at)
    return {"at": at, "seal": short_seal(row.digest), "actor": row.actor}
