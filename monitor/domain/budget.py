"""A project's budget over its year: what documents state, and what adjustments change.

The budget of a day is what the revision in force on that day states, plus the adjustments
effective by that day. A 调整 states the budget of its own day, earlier adjustments included, so
only those after it are added. The order in which all this was recorded makes no difference.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from monitor.domain.calendar import due_month, month_end
from monitor.domain.target import PlanPoint


@dataclass(frozen=True, slots=True)
class Stated:
    """What a revision states, from `effective` on: 1 January for the original or a 勘误."""

    effective: date
    budget_fen: int | None
    plan: tuple[PlanPoint, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """What an adjustment adds to the budget from `effective` on; negative where it takes away."""

    effective: date
    amount_fen: int


@dataclass(frozen=True, slots=True)
class BudgetHistory:
    """The revisions in force, at most one a date, and the lines of the adjustments in force."""

    year: int
    stated: tuple[Stated, ...]
    lines: tuple[Line, ...] = ()

    @property
    def first_day(self) -> date:
        return date(self.year, 1, 1)

    @property
    def initial_fen(self) -> int | None:
        """年初预算数: what the document of 1 January states; 0 for a project that came later."""
        first = self._only or self._in_force(self.first_day)
        return 0 if first is None else first.budget_fen

    @property
    def _only(self) -> Stated | None:
        """What holds all year, where nothing ever changed it: so it is for most projects."""
        if self.lines or len(self.stated) != 1:
            return None
        return self.stated[0] if self.stated[0].effective <= self.first_day else None

    def at(self, day: date) -> int | None:
        """全年预算数 of a day; None where the document leaves it blank."""
        if (only := self._only) is not None:
            return only.budget_fen
        in_force = self._in_force(day)
        if in_force is None:
            return sum(line.amount_fen for line in self.lines if line.effective <= day)
        if in_force.budget_fen is None:
            return None
        amends = in_force.effective > self.first_day
        return in_force.budget_fen + sum(
            line.amount_fen
            for line in self.lines
            if line.effective <= day and not (amends and line.effective <= in_force.effective)
        )

    def plan_at(self, day: date) -> tuple[PlanPoint, ...]:
        """The plan of a day: a checkpoint keeps the share that was in force on its last day."""
        if (only := self._only) is not None:
            return only.plan
        months = range(1, 13)
        points = ((m, self._in_force(min(month_end(self.year, m), day))) for m in months)
        return tuple(
            point
            for month, in_force in points
            if in_force is not None
            for point in in_force.plan
            if point.month == month
        )

    def added_since_due(self, day: date) -> int | None:
        """What came to the budget between the due checkpoint's last day and `day`, if it grew.

        So an addition never makes an earlier checkpoint lag, while a cut counts at once. None
        where the budget was blank at the checkpoint.
        """
        if self._only is not None:
            return 0
        now = self.at(day)
        due = due_month((point.month for point in self.plan_at(day)), self.year, day)
        if due is None or now is None:
            return 0
        then = self.at(month_end(self.year, due))
        return None if then is None else max(now - then, 0)

    def first_shortfall(self, since: date) -> tuple[date, int] | None:
        """The first day from `since` on whose budget is below 0, and that budget."""
        for day in sorted({since, *(day for day in self._days() if day >= since)}):
            budget = self.at(day)
            if budget is not None and budget < 0:
                return day, budget
        return None

    def _days(self) -> Iterable[date]:
        yield from (each.effective for each in self.stated)
        yield from (line.effective for line in self.lines)

    def _in_force(self, day: date) -> Stated | None:
        """The latest revision effective by `day`; a day before the year counts as its first."""
        by = max(day, self.first_day)
        effective = (each for each in self.stated if each.effective <= by)
        return max(effective, key=lambda each: each.effective, default=None)
