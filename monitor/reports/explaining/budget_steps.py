"""How a project's budget and plan came about: each step with its document, file and line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from monitor.domain.calendar import china_time, month_end
from monitor.domain.target import PlanPoint
from monitor.store import adjustments, projects
from monitor.store.adjustments import Recorded
from monitor.store.projects import Stored

INITIAL, AMENDED = "年初预算数", "年中调整文本"


@dataclass(frozen=True, slots=True)
class Step:
    """What a document or an adjustment does to the budget, in fen.

    `amount_fen` is what it adds, so that the steps' sum is the last `budget_fen`; both are None
    where a document leaves the budget blank, and the step after that states it anew.
    """

    what: str
    effective: date
    amount_fen: int | None
    budget_fen: int | None
    document_number: str
    file: str
    line: int | None
    sha256: str = ""
    fund: str | None = None
    note: str = ""
    recorded_at: str | None = None
    actor: str | None = None


def budget_steps(
    connection: Connection, *, year: int, project_id: int, code: str, as_of: date
) -> list[Step]:
    """The steps from nothing to the budget of a day, as domain/budget.py counts.

    A 调整 states the budget of its own day, earlier adjustments included: its step is what it
    changes on top of them.
    """
    first = date(year, 1, 1)
    by = max(as_of, first)
    stated = [each for each in revisions(connection, project_id) if each.effective <= by]
    adjusted = [
        each
        for each in adjustments.load(connection, project_id=project_id)
        if each.undone_at is None and each.adjustment.effective <= as_of
    ]
    return in_order(stated, adjusted, first, code)


def in_order(
    stated: Sequence[Stored], adjusted: Sequence[Recorded], first: date, code: str
) -> list[Step]:
    """The steps in the order of their days; on one day a document comes after adjustments."""
    early = [each for each in stated if each.effective <= first][-1:]
    later = [each for each in stated if each.effective > first]
    dated: list[tuple[date, int, Stored | Recorded]] = [
        *((first, 0, each) for each in early),
        *((each.adjustment.effective, 1, each) for each in adjusted),
        *((each.effective, 2, each) for each in later),
    ]
    steps: list[Step] = []
    budget: int | None = 0
    blank_before = False  # a blank stays blank until a document states the budget
    for _, _, each in sorted(dated, key=lambda item: item[:2]):
        step = (
            _stated(each, budget, first)
            if isinstance(each, Stored)
            else _adjusted(each, None if blank_before else budget, code)
        )
        budget, blank_before = step.budget_fen, step.budget_fen is None
        steps.append(step)
    return steps


def _stated(each: Stored, before: int | None, first: date) -> Step:
    project = each.project
    now = project.budget_fen
    return Step(
        what=INITIAL if each.effective <= first else AMENDED,
        effective=each.effective,
        amount_fen=None if now is None else now - (before or 0),
        budget_fen=now,
        document_number=each.document_number,
        file=project.place.file,
        line=project.place.line,
        sha256=each.sha256,
    )


def _adjusted(each: Recorded, before: int | None, code: str) -> Step:
    said = each.adjustment
    added = dict(said.signed)[code]
    return Step(
        what=said.kind.value,
        effective=said.effective,
        amount_fen=added,
        budget_fen=None if before is None else before + added,
        document_number=said.document_number,
        file=each.file,
        line=each.line,
        fund=said.fund.value,
        note=said.note,
        recorded_at=china_time(each.recorded_at),
        actor=each.actor,
    )


def plan_steps(
    connection: Connection,
    *,
    year: int,
    project_id: int,
    plan: Sequence[PlanPoint],
    as_of: date,
) -> Iterator[dict[str, Any]]:
    """Each checkpoint's share with the document that was in force on its last day."""
    stated = revisions(connection, project_id)
    for point in plan:
        by = max(min(month_end(year, point.month), as_of), date(year, 1, 1))
        sources = [each for each in stated if each.effective <= by]
        if sources:
            source = sources[-1]
            yield {
                "checkpoint": f"{point.month:02d}",
                "planned_bp": point.planned_bp,
                "effective": source.effective.isoformat(),
                "document_number": source.document_number,
                "file": source.project.place.file,
                "line": source.project.place.line,
            }


def revisions(connection: Connection, project_id: int) -> list[Stored]:
    """The target documents in force of a project, by the day from which they hold."""
    ever = projects.ever(connection, project_id)
    return sorted((s for row, s in ever if not row.undone), key=lambda each: each.effective)
