"""Notes on plans that can hardly be met, while they can still be mended: in January at latest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from monitor.domain.calendar import month_end
from monitor.domain.plan_review import PlanRules, review
from monitor.domain.target import Project
from monitor.errors import Diagnostic
from monitor.ingest.plan_kinds import PLAN_DOUBTFUL
from monitor.ingest.target_form import Reading


def with_plan_notes(reading: Reading, on: date, rules: PlanRules) -> Reading:
    """A reading with the notes on its plans."""
    if reading.document is None:
        return reading
    notes = plan_notes(reading.document.projects, on, rules)
    return replace(reading, diagnostics=(*reading.diagnostics, *notes))


def plan_notes(projects: Iterable[Project], on: date, rules: PlanRules) -> list[Diagnostic]:
    """A note for each project whose plan the document alone shows to be in doubt.

    `on` is the day of the import in China; after January of the budget year nothing is said.
    """
    reviewed = (review(each, rules) for each in projects if on <= month_end(each.year, 1))
    return [
        PLAN_DOUBTFUL.at(found.project.place, found.project.project_name, why=found.why)
        for found in reviewed
        if found is not None
    ]
