"""Projects with their revisions: the target documents as recorded, the latest one in force."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, and_, insert, select, update

from monitor.domain.matching import Known
from monitor.domain.money import MoneyUnit
from monitor.domain.target import Indicator, PlanPoint, Project
from monitor.domain.target_value import parse_target
from monitor.errors import Place
from monitor.store.batches import batches
from monitor.store.tables import imports, indicators, plan_points, projects, revisions

REVISION_IN_FORCE = and_(revisions.c.project_id == projects.c.id, revisions.c.undone == 0)
"""Joins a project with what its latest document says."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A project in force, with the ids of its row and of the import that it came by."""

    id: int
    revision_id: int
    import_id: int
    sha256: str
    project: Project


def load(
    connection: Connection,
    *,
    year: int | None = None,
    unit_code: str | None = None,
    project_code: str | None = None,
) -> list[Stored]:
    """Projects in force with all that their documents say, by year, unit and code."""
    query = (
        select(
            projects.c.year, projects.c.project_code, revisions, imports.c.file, imports.c.sha256
        )
        .join_from(revisions, projects, REVISION_IN_FORCE)
        .join(imports, imports.c.id == revisions.c.import_id)
        .order_by(projects.c.year, revisions.c.unit_code, projects.c.project_code)
    )
    if year is not None:
        query = query.where(projects.c.year == year)
    if unit_code is not None:
        query = query.where(revisions.c.unit_code == unit_code)
    if project_code is not None:
        query = query.where(projects.c.project_code == project_code)
    rows = connection.execute(query).all()
    plans = plans_of(connection, (row.id for row in rows))
    measures = _indicators_of(connection, (row.id for row in rows))
    return [
        Stored(
            id=row.project_id,
            revision_id=row.id,
            import_id=row.import_id,
            sha256=row.sha256,
            project=_project(row, plans[row.id], measures[row.id]),
        )
        for row in rows
    ]


def _project(
    row: Row[Any], plan: tuple[PlanPoint, ...], measures: tuple[Indicator, ...]
) -> Project:
    return Project(
        year=row.year,
        unit_code=row.unit_code,
        unit_name=row.unit_name,
        project_code=row.project_code,
        project_name=row.project_name,
        money_unit=MoneyUnit(row.money_unit),
        budget_fen=row.budget_fen,
        fiscal_fen=row.fiscal_fen,
        other_fen=row.other_fen,
        purpose=row.purpose,
        plan=plan,
        goals=tuple(row.goals),
        indicators=measures,
        place=Place(row.file, row.line),
    )


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


def _indicators_of(
    connection: Connection, revision_ids: Iterable[int]
) -> defaultdict[int, tuple[Indicator, ...]]:
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


def known(connection: Connection, year: int) -> list[Known]:
    """What payments of a year can be matched to: the projects in force, keyed by their id."""
    query = (
        select(
            projects.c.id,
            projects.c.project_code,
            revisions.c.unit_code,
            revisions.c.unit_name,
            revisions.c.project_name,
        )
        .join(revisions, REVISION_IN_FORCE)
        .where(projects.c.year == year)
        .order_by(projects.c.project_code)
    )
    return [
        Known(row.id, year, row.unit_code, row.unit_name, row.project_code, row.project_name)
        for row in connection.execute(query)
    ]


def years(connection: Connection, project_code: str | None = None) -> list[int]:
    """The years that have projects in force, or this one project, in order."""
    query = (
        select(projects.c.year)
        .join(revisions, REVISION_IN_FORCE)
        .distinct()
        .order_by(projects.c.year)
    )
    if project_code is not None:
        query = query.where(projects.c.project_code == project_code)
    return list(connection.scalars(query))


def plan_months(connection: Connection) -> dict[int, set[int]]:
    """The checkpoint months of all plans in force, by year."""
    query = (
        select(projects.c.year, plan_points.c.month)
        .join_from(plan_points, revisions, revisions.c.id == plan_points.c.revision_id)
        .join(projects, REVISION_IN_FORCE)
        .distinct()
    )
    months: defaultdict[int, set[int]] = defaultdict(set)
    for row in connection.execute(query):
        months[row.year].add(row.month)
    return dict(months)


def record(
    connection: Connection,
    project: Project,
    *,
    replacing: Stored | None,
    import_id: int,
    at: datetime,
    actor: str,
) -> None:
    """Adds a project, or a revision of one whose revision in force is `replacing`."""
    if replacing is None:
        project_id = _insert(
            connection, projects, year=project.year, project_code=project.project_code
        )
    else:
        project_id = replacing.id
        _supersede(connection, replacing.revision_id, at=at, by=f"import {import_id}")
    revision_id = _insert(
        connection,
        revisions,
        project_id=project_id,
        import_id=import_id,
        recorded_at=at,
        actor=actor,
        line=project.place.line or 0,
        unit_code=project.unit_code,
        unit_name=project.unit_name,
        project_name=project.project_name,
        money_unit=project.money_unit.value,
        budget_fen=project.budget_fen,
        fiscal_fen=project.fiscal_fen,
        other_fen=project.other_fen,
        purpose=project.purpose,
        goals=list(project.goals),
    )
    _record_plan(connection, revision_id, project.plan)
    _record_indicators(connection, revision_id, project.indicators)


def _insert(connection: Connection, table: Any, **values: object) -> int:
    return int(connection.scalars(insert(table).values(**values).returning(table.c.id)).one())


def _supersede(connection: Connection, revision_id: int, *, at: datetime, by: str) -> None:
    connection.execute(
        update(revisions)
        .where(revisions.c.id == revision_id, revisions.c.undone == 0)
        .values(undone=revision_id, undone_at=at, undone_by=by)
    )


def _record_plan(connection: Connection, revision_id: int, plan: Sequence[PlanPoint]) -> None:
    if plan:
        connection.execute(
            insert(plan_points),
            [
                {"revision_id": revision_id, "month": p.month, "planned_bp": p.planned_bp}
                for p in plan
            ],
        )


def _record_indicators(
    connection: Connection, revision_id: int, measures: Sequence[Indicator]
) -> None:
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
