"""What the plan chart of a project is drawn from, and how its checkpoints stood."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from monitor.domain.budget import BudgetHistory
from monitor.domain.calendar import month_end
from monitor.domain.progress import Grade, severity, share_fen
from monitor.domain.target import PlanPoint
from monitor.reports.assessment.facts import Curve


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A checkpoint of a curve. `due_fen` is None where share or budget is blank.

    `state` is a key of STATES, None where its day has not come yet.
    """

    month: int
    planned_bp: int | None
    due_fen: int | None
    state: str | None


def bases(
    history: BudgetHistory, plan: tuple[PlanPoint, ...], as_of: date
) -> tuple[tuple[int, int | None], ...]:
    """(month, fen) of the checkpoints whose share is of less than the budget at `as_of`.

    Money that came after a checkpoint never makes it lag (D3 of the domain notes, and
    BudgetHistory.added_since_due); a cut counts at once.
    """
    now = history.at(as_of)
    found = []
    for point in plan:
        then = history.at(min(month_end(history.year, point.month), as_of))
        base = None if then is None or now is None else min(then, now)
        if base != now:
            found.append((point.month, base))
    return tuple(found)


def checkpoints(curve: Curve) -> list[Checkpoint]:
    """The curve's checkpoints, each due one held against what was paid by its day."""
    own = dict(curve.bases)
    return [_checkpoint(curve, p, own.get(p.month, curve.budget_fen)) for p in curve.plan]


def _checkpoint(curve: Curve, point: PlanPoint, base: int | None) -> Checkpoint:
    planned = point.planned_bp
    due = None if base is None or planned is None else share_fen(base, planned)
    state: str | None = None
    if month_end(curve.year, point.month) <= curve.as_of:
        state = "undue"
        if base is not None and planned is not None:
            grade = severity(sum(curve.paid_by_month[: point.month]), base, planned, curve.limits)
            state = _name(grade)
    return Checkpoint(point.month, planned, due, state)


def _name(grade: Grade | None) -> str:
    return grade.value if grade else "none"
