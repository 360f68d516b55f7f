"""What hangs on a revision: its plan and its indicators, in and out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, insert, select

from monitor.domain.target import Indicator, PlanPoint
from monitor.domain.target_value import parse_target
from monitor.store.batches import batches
from monitor.store.tables import indicators, plan_points

_MANY = 2_000  # revisions: more are read in one go, with those between them


def plans_of(
    connection: Connection, revision_ids: Iterable[int]
) -> defaultdict[int, tuple[PlanPoint, ...]]:
    """Each revision's plan, its months ascending."""
    listed = list(revision_ids)
    if len(listed) > _MANY:
        within = plan_points.c.revision_id.between(min(listed), max(listed))
        return _plans(connection, [within], set(listed))
    parts = (plan_points.c.revision_id.in_(batch) for batch in batches(listed))
    return _plans(connection, parts, set(listed))


def _plans(
    connection: Connection, parts: Iterable[ColumnElement[bool]], wanted: set[int]
) -> defaultdict[int, tuple[PlanPoint, ...]]:
    shares: defaultdict[int, tuple[tuple[int, int | None], ...]] = defaultdict(tuple)
    for part in parts:
        query = select(plan_points.c.revision_id, plan_points.c.month, plan_points.c.planned_bp)
        for id_, month, planned_bp in connection.execute(query.where(part)).all():
            shares[id_] += ((month, planned_bp),)
    plans: dict[tuple[tuple[int, int | None], ...], tuple[PlanPoint, ...]] = {}
    found: defaultdict[int, tuple[PlanPoint, ...]] = defaultdict(tuple)
    for id_ in wanted & shares.keys():
        each = shares[id_]
        if each not in plans:  # thousands of projects plan alike
            plans[each] = tuple(PlanPoint(*point) for point in sorted(each))
        found[id_] = plans[each]
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
