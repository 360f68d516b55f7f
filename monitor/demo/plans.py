"""What units plan to spend by each checkpoint, and how they then behave."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from monitor.demo.dice import Dice
from monitor.demo.kinds import Rhythm
from monitor.domain.money import WHOLE_BP
from monitor.domain.target import PlanPoint

Shares = tuple[int | None, ...]

_FOUR: tuple[tuple[int, Shares], ...] = (
    (54, (2500, 5000, 7500, 10000)),
    (14, (1000, 2500, 5000, 10000)),
    (8, (2500, 5000, 9000, 10000)),
    (6, (1250, 3333, 6667, 10000)),
    (5, (None, None, 7500, 10000)),
    (4, (None, 10000, 10000, 10000)),
    (4, (None, None, None, 10000)),
    (5, (10000, 10000, 10000, 10000)),
)
_FIVE: tuple[tuple[int, Shares], ...] = (
    (60, (2500, 4000, 6000, 8000, 10000)),
    (25, (1000, 3000, 5000, 8000, 10000)),
    (15, (None, 4000, 6000, 8000, 10000)),
)
"""Shapes seen in published documents, each with how many of a hundred projects take it."""


def draw_plan(months: tuple[int, ...], dice: Dice) -> tuple[PlanPoint, ...]:
    """A plan at these checkpoints (four or five of them)."""
    shapes = _FOUR if len(months) == 4 else _FIVE
    deck = [shares for weight, shares in shapes for _ in range(weight)]
    return tuple(PlanPoint(m, bp) for m, bp in zip(months, dice.pick(deck), strict=True))


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How far a unit gets: percent of what is due, from the first checkpoint to the last."""

    count: int
    percent: tuple[int, int, int, int]


_BEHAVIOURS = (
    Behaviour(52, (100, 100, 100, 100)),
    Behaviour(18, (105, 103, 102, 100)),
    Behaviour(10, (124, 118, 109, 100)),
    Behaviour(6, (94, 100, 101, 100)),  # 提示
    Behaviour(7, (100, 91, 95, 99)),
    Behaviour(6, (100, 73, 84, 97)),  # 黄
    Behaviour(5, (102, 100, 76, 93)),
    Behaviour(4, (82, 48, 66, 94)),  # 红
    Behaviour(4, (0, 70, 100, 100)),  # starts late, catches up
    Behaviour(3, (0, 0, 52, 100)),
    Behaviour(2, (100, 94, 88, 82)),  # money is left over
    Behaviour(1, (34, 41, 37, 58)),  # stuck
    Behaviour(1, (100, 102, 103, 106)),  # above its budget
    Behaviour(1, (0, 0, 0, 0)),  # no payment all year
)


def deal_behaviours(count: int, dice: Dice) -> list[Behaviour]:
    """One behaviour a project, in the proportions above; each of them occurs in 120."""
    deck = [behaviour for behaviour in _BEHAVIOURS for _ in range(behaviour.count)]
    return dice.shuffled(deck[i % len(deck)] for i in range(count))


def monthly_spending(
    budget_fen: int,
    plan: tuple[PlanPoint, ...],
    behaviour: Behaviour,
    rhythm: Rhythm,
    dice: Dice,
) -> tuple[int, ...]:
    """What is paid in each month of the year, twelve sums in fen, none negative."""
    paid = [0] * 12
    start = (0, 0)
    for month, reached in _milestones(budget_fen, plan, behaviour):
        span = _paying_months(start[0] + 1, month, rhythm, dice)
        parts = dice.split(reached - start[1], len(span)) if reached > start[1] else []
        if rhythm is Rhythm.MONTHLY:
            parts = _even(reached - start[1], len(span))
        for paying, part in zip(span, parts, strict=False):
            paid[paying - 1] += part
        start = (month, reached)
    return tuple(paid)


def _milestones(
    budget_fen: int, plan: tuple[PlanPoint, ...], behaviour: Behaviour
) -> list[tuple[int, int]]:
    """Where the project stands at each stated checkpoint: (month, fen), never falling."""
    reached, last, milestones = 0, len(plan) - 1, []
    for index, point in enumerate(plan):
        if point.planned_bp is None:
            continue
        percent = behaviour.percent[index * 3 // last]
        due_fen = -(-budget_fen * point.planned_bp * percent // (WHOLE_BP * 100))
        ceiling = budget_fen * max(behaviour.percent[-1], 100) // 100
        reached = max(reached, min(due_fen, ceiling))
        milestones.append((point.month, reached))
    return milestones


def _paying_months(first: int, last: int, rhythm: Rhythm, dice: Dice) -> list[int]:
    """The checkpoint's own month always pays, so that the milestone is met to the fen."""
    months = list(range(first, last + 1))
    if rhythm is Rhythm.MONTHLY or len(months) == 1:
        return months
    if rhythm is Rhythm.LUMP:
        return [dice.pick(months)]
    return [*dice.sample(months[:-1], dice.between(0, len(months) - 1)), months[-1]]


def _even(total: int, parts: int) -> list[int]:
    edges = [total * i // parts for i in range(parts + 1)]
    return [after - before for before, after in pairwise(edges)]
