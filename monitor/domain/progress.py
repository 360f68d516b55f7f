"""Where a project stands against its plan at a date: 应支, 差额, 滞后, 程度.

All comparisons are products of integers; nothing is rounded before it is printed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from monitor.domain.calendar import due_month, next_month
from monitor.domain.money import WHOLE_BP, round_half_up
from monitor.domain.target import PlanPoint


class Grade(StrEnum):
    """How serious a lag is: 提示, 黄, 红."""

    NOTICE = "notice"
    YELLOW = "yellow"
    RED = "red"

    @property
    def label(self) -> str:
        return {"notice": "提示", "yellow": "黄色", "red": "红色"}[self.value]

    @property
    def weight(self) -> int:
        return {"notice": 1, "yellow": 2, "red": 3}[self.value]


@dataclass(frozen=True, slots=True)
class Limits:
    """Where a lag turns yellow and red, in basis points. Defaults: D3 of the domain notes."""

    yellow_ratio_bp: int = 8_000
    yellow_lag_bp: int = 1_000
    red_ratio_bp: int = 6_000


@dataclass(frozen=True, slots=True)
class Account:
    """The sums of one project at a date, as the ledger gives them. Amounts in fen.

    `added_since_fen` is the part of the budget that came after the due checkpoint; None where
    the budget was still blank then. `in_transit` lines are applied for but not paid: they count
    nowhere and are shown beside a lag.
    """

    year: int
    unit_code: str
    unit_name: str
    project_code: str
    project_name: str
    initial_budget_fen: int | None
    budget_fen: int | None
    paid_fen: int
    payments: int
    plan: tuple[PlanPoint, ...]
    added_since_fen: int | None = 0
    in_transit_fen: int = 0
    in_transit: int = 0

    @property
    def base_fen(self) -> int | None:
        """What the due checkpoint's share is a share of."""
        if self.budget_fen is None or self.added_since_fen is None:
            return None
        return self.budget_fen - self.added_since_fen


@dataclass(frozen=True, slots=True)
class Standing:
    """An account held against its plan. What a blank leaves unknown is None.

    `gap_fen` and `lag_bp` are negative where more was paid than was due. `severity` is None
    where nothing lags.
    """

    account: Account
    as_of: date
    checkpoint: int | None
    planned_bp: int | None
    due_fen: int | None
    gap_fen: int | None
    rate_bp: int | None
    lag_bp: int | None
    severity: Grade | None
    next_checkpoint: int | None
    next_planned_bp: int | None
    needed_fen: int | None


def share_fen(budget_fen: int, planned_bp: int) -> int:
    """The planned share of a budget, in fen, rounded half up."""
    return round_half_up(budget_fen * planned_bp, WHOLE_BP)


def severity(
    paid_fen: int, budget_fen: int, planned_bp: int, limits: Limits = Limits()
) -> Grade | None:
    """The severity of a lag at a due checkpoint (D3); None where nothing is due or lags."""
    due = budget_fen * planned_bp  # in fen × bp, as everything below
    paid = paid_fen * WHOLE_BP
    if due <= 0 or paid >= due:
        return None
    if paid_fen <= 0 or paid * WHOLE_BP < limits.red_ratio_bp * due:
        return Grade.RED
    lags_far = due - paid > limits.yellow_lag_bp * budget_fen
    if lags_far or paid * WHOLE_BP < limits.yellow_ratio_bp * due:
        return Grade.YELLOW
    return Grade.NOTICE


def stand(account: Account, as_of: date, limits: Limits = Limits()) -> Standing:
    """Holds an account against its plan at `as_of`."""
    shares = {point.month: point.planned_bp for point in account.plan}
    due_at = due_month(shares, account.year, as_of)
    next_at = next_month(shares, account.year, as_of)
    planned = None if due_at is None else shares[due_at]
    next_planned = None if next_at is None else shares[next_at]
    budget, base, paid = account.budget_fen, account.base_fen, account.paid_fen
    due = None if base is None or planned is None else share_fen(base, planned)
    upcoming = None if budget is None or next_planned is None else share_fen(budget, next_planned)
    return Standing(
        account=account,
        as_of=as_of,
        checkpoint=due_at,
        planned_bp=planned,
        due_fen=due,
        gap_fen=None if due is None else due - paid,
        rate_bp=round_half_up(paid * WHOLE_BP, budget) if budget else None,
        lag_bp=_lag_bp(base, planned, paid),
        severity=None if base is None or planned is None else severity(paid, base, planned, limits),
        next_checkpoint=next_at,
        next_planned_bp=next_planned,
        needed_fen=None if upcoming is None else max(upcoming - paid, 0),
    )


def _lag_bp(budget_fen: int | None, planned_bp: int | None, paid_fen: int) -> int | None:
    if not budget_fen or planned_bp is None:
        return None
    return round_half_up(planned_bp * budget_fen - paid_fen * WHOLE_BP, budget_fen)
