"""What hangs on a revision: its plan and its indicators, in and out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from monitor.domain.target import Indicator, PlanPoint
from monitor.domain.target_value import parse_target
from monitor.store.batches import batches
from monitor.store.tables import indicators, plan_points


def plans_of(
    connection: Connection, revision_ids: Iterable[int]
) -> defaultdict[int, tuple[PlanPoint, ...]]:
    """Each revision's plan, its months ascending."""
    found: defaultdict[int, tuple[PlanPoint, ...]] = defaultdict(tuple)
    for batch in batches(revision_ids):
        query = (
            select(plan_points)
            .where(plan_points.c.revision_id.in_(batch))
            .order_by(plan_points.c.revision_id, plan_points.c.month)
        )
        for row in connection.execute(query):
            found[row.revision_id] += (PlanPoint(row.month, row.planned_bp),)
    return found


def indicators_of(
    connection: Connection, revision_ids: Iterable[int]
) -> defaultdict[int, tuple[Indicator, ...]]:
    """Each revision's indicators, in the order of its document."""
    found: defaultdict[int, list[Indicator]] = defaultdict(list)
    for batch in batches(revision_ids):
        query = (
            select(indicators)
            .where(indicators.c.revision_id.in_(batch))
            .order_by(indicators.c.revision_id, indicators.c.position)
        )
        for row in connection.execute(query):
            found[row.revision_id].append(_indicator(row))
    return defaultdict(tuple, {key: tuple(rows) for key, rows in found.items()})


def _indicator(row: Row[Any]) -> Indicator:
    return Indicator(
        level1=row.level1,
        level2=row.level2,
        level3=row.level3,
        description=row.description,
        target=row.target,
        value=parse_target(row.target),
        basis=row.basis,
        weight=None if row.weight is None else Decimal(row.weight),
    )


def record_plan(connection: Connection, revision_id: int, plan: Sequence[PlanPoint]) -> None:
    """Adds a revision's plan."""
    if plan:
        connection.execute(
            insert(plan_points),
            [
                {"revision_id": revision_id, "month": p.month, "planned_bp": p.planned_bp}
                for p in plan
            ],
        )


def record_indicators(
    connection: Connection, revision_id: int, measures: Sequence[Indicator]
) -> None:
    """Adds a revision's indicators, numbered in their order."""
    if measures:
        connection.execute(
            insert(indicators),
            [
                {
                    "revision_id": revision_id,
                    "position": position,
                    "level1": each.level1,
                    "level2": each.level2,
                    "level3": each.level3,
                    "description": each.description,
                    "target": each.target,
                    "basis": each.basis,
                    "weight": None if each.weight is None else str(each.weight),
                }
                for position, each in enumerate(measures, 1)
            ],
        )
