"""What a returned monitoring form says of indicators, as the results that rule W12 judges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection

from monitor.domain.entry import Entry, Field, Form, Key, items
from monitor.domain.likelihood import Likelihood
from monitor.domain.scoring_rules import ScoringRules
from monitor.reports.assessment import drafting as self_assessment
from monitor.reports.assessment.facts import ProjectFacts
from monitor.reports.monitoring.rows import monitored_rows
from monitor.store import indicator_results, projects

_TELLING = (Field.ACTUAL, Field.LIKELIHOOD)


def record_results(
    connection: Connection,
    facts: ProjectFacts,
    changed: Sequence[Entry],
    period: str,
    *,
    scoring: ScoringRules,
    sure_bp: int,
) -> None:
    """Records the results of the indicators that these entries are about.

    On target is what will certainly be met, by the person's word, else by the likelihood that the
    facts speak for (domain/likelihood.py); None where neither says anything.
    """
    project = facts.project
    project_id = projects.find(connection, project.year, project.project_code)
    assert project_id is not None  # noqa: S101 - its facts come from there
    merged = dict(facts.entries) | {each.key: each for each in changed}
    in_force = {key: entry for key, entry in merged.items() if entry.value}
    now = replace(facts, entries=in_force)
    draft = self_assessment.draft(replace(facts, entries={}), scoring)
    judged = {row.item: row for row in monitored_rows(now, draft, period, sure_bp) if row.item}
    touched = {each.key.item: each for each in changed if each.key.field in _TELLING}
    for position, item in enumerate(items(project.indicators), 1):
        by = touched.get(item)
        if by is None:
            continue
        actual = in_force.get(Key(Form.MONITORING, Field.ACTUAL, item, period))
        likelihood = judged[item].likelihood if item in judged else None
        indicator_results.record(
            connection,
            project_id,
            position,
            period,
            result=actual.value if actual else "",
            on_target=None if likelihood is None else likelihood is Likelihood.SURE,
            source=by.source,
            at=by.at,
            actor=by.actor,
        )
