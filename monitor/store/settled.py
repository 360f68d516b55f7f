"""Knowing at once that nothing has changed since a year was last judged.

A mark names everything on record that a check and its mails follow from. Rows that are only ever
added, or marked as undone once, are named by how many there are and which came last.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, select

from monitor.store.alert_tables import (
    acknowledgements,
    checks,
    heartbeats,
    indicator_results,
    job_runs,
    mail_warnings,
    mails,
    settled,
    warning_events,
    warnings,
)
from monitor.store.coverage_tables import confirmations, coverage
from monitor.store.form_tables import finalizations, form_entries, frozen_projects
from monitor.store.payment_tables import (
    aliases,
    conflicts,
    ignored_codes,
    match_rules,
    matches,
    mendings,
    monthly_in_transit,
    monthly_sums,
    numberings,
    payments,
    rejections,
    resolutions,
    row_texts,
    sightings,
    wordings,
)
from monitor.store.tables import (
    adjustment_lines,
    adjustments,
    documents,
    imports,
    indicators,
    plan_points,
    projects,
    retirements,
    revisions,
)

WATCHED = (
    imports, projects, revisions, adjustments, retirements, confirmations, matches, match_rules,
    ignored_codes, resolutions, indicator_results, acknowledgements, warning_events,
)  # fmt: skip
"""Tables whose rows stay as they are, but for their mark of what is undone.

A project names its latest revision: that changes with the revisions.
"""
BY_STATE = (warnings, mails, checks)
"""Tables whose rows change: all that can change in them is read."""
FOLLOWING = (
    documents, coverage, payments, row_texts, wordings, numberings, sightings, aliases, conflicts,
    rejections, mendings, monthly_sums, monthly_in_transit, plan_points, indicators,
    adjustment_lines, mail_warnings,
)  # fmt: skip
"""Tables that change only in one transaction with a row of those: an import, a match, a mail."""
APART = (job_runs, heartbeats, settled, form_entries, finalizations, frozen_projects)
"""Tables that no judgement looks at."""


def mark(connection: Connection, year: int, basis: str) -> str:
    """Names what is on record, and `basis`: whatever else a check of the year follows from."""
    marks: list[Any] = [year, basis]
    marks += [list(connection.execute(_marks(table)).one()) for table in WATCHED]
    by_state = select(warnings.c.state, func.count(), func.sum(warnings.c.id))
    rows = connection.execute(by_state.group_by(warnings.c.state).order_by(warnings.c.state))
    marks.append([list(row) for row in rows])
    indexed = mails.c.state, mails.c.due_at, mails.c.attempts, mails.c.id
    marks.append([list(row) for row in connection.execute(select(*indexed).order_by(*indexed))])
    judged = select(checks.c.month, checks.c.as_of, checks.c.known, checks.c.held_back)
    judged = judged.where(checks.c.year == year).order_by(checks.c.month)
    marks.append([list(row) for row in connection.execute(judged)])
    return sha256(json.dumps(marks, default=str).encode()).hexdigest()


def _marks(table: Table) -> Any:
    """How many rows, the last one, how many were taken back, and the sum of those."""
    counted: list[Any] = [func.max(table.c.id)]
    if "undone" in table.c:
        undone = table.c.undone
        counted += [func.count(), func.count().filter(undone != 0), func.sum(undone)]
    return select(*counted)


def recall(connection: Connection, year: int, found: str) -> Mapping[str, Any] | None:
    """What the last check of a year came to, where its mark is the same; else None."""
    query = select(settled.c.outcome).where(settled.c.year == year, settled.c.mark == found)
    outcome: Mapping[str, Any] | None = connection.scalar(query)
    return outcome


def note(connection: Connection, year: int, found: str, outcome: Mapping[str, Any]) -> None:
    """Notes what a check of a year came to, by the mark of what it left on record."""
    connection.execute(delete(settled).where(settled.c.year == year))
    connection.execute(insert(settled).values(year=year, mark=found, outcome=dict(outcome)))
