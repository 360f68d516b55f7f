"""How far units have filled in their forms, a row a unit."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import Connection

from monitor.domain.calendar import china_time
from monitor.domain.entry import Entry, Form
from monitor.ingest.form_book import Book
from monitor.reports.assessment.facts import ProjectFacts
from monitor.reports.forms.asking import FormRules, book, gather
from monitor.store import finalizations


def progress(
    connection: Connection,
    rules: FormRules,
    *,
    year: int,
    as_of: date,
    period: str = "",
    unit_code: str | None = None,
) -> list[dict[str, Any]]:
    """Rows of `form status`, by unit. Raises NotFound for a year or unit without projects."""
    facts = gather(connection, rules, year=year, as_of=as_of, unit_code=unit_code)
    rows = []
    for unit, members in groupby(facts, key=lambda each: each.project.unit_code):
        own = list(members)
        signed = finalizations.of(connection, year, unit) is not None
        rows.append(_row(book(own, rules, period=period), own, signed))
    return rows


def _row(asked: Book, facts: list[ProjectFacts], signed: bool) -> dict[str, Any]:
    last = max(_entries(facts, asked), key=lambda each: each.at, default=None)
    return {
        "year": asked.year,
        "form": asked.form.value,
        "period": asked.period,
        "unit_code": asked.unit_code,
        "unit_name": asked.unit_name,
        "projects": len(facts),
        "open": asked.waiting,
        "filled": asked.filled,
        "last_at": china_time(last.at) if last else None,
        "last_by": last.author if last else None,
        "finalized": signed,
    }


def _entries(facts: list[ProjectFacts], asked: Book) -> list[Entry]:
    """What was entered into this form, and what is the same in all forms of the unit."""
    listed = list(facts[0].unit_entries.values()) + [e for f in facts for e in f.entries.values()]
    own = (asked.form, asked.period)
    return [e for e in listed if (e.key.form, e.key.period) in (own, (Form.UNIT_REPORT, ""))]
