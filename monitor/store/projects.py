"""Projects with their revisions: the target documents as recorded.

A project may have several revisions in force, each from its own day (`effective`). What is
called its record is the latest of them. A retired project is not in force at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    func,
    insert,
    select,
    update,
)

from monitor.domain.matching import Known
from monitor.domain.money import MoneyUnit
from monitor.domain.target import Indicator, PlanPoint, Project, in_year
from monitor.errors import Place
from monitor.store.batches import plain_rows
from monitor.store.revision_parts import indicators_of, plans_of, record_indicators, record_plan
from monitor.store.tables import (
    imports,
    plan_points,
    projects,
    retirements,
    revisions,
)

_LATEST_ID = (
    select(revisions.c.id)
    .where(revisions.c.project_id == projects.c.id, revisions.c.undone == 0)
    .order_by(revisions.c.effective.desc())
    .limit(1)
    .correlate(projects)
    .scalar_subquery()
)
LATEST_REVISION = revisions.c.id == projects.c.revision_id
"""Joins a project, retired or not, with what its latest document says."""
IS_RETIRED = projects.c.id.in_(select(retirements.c.project_id).where(retirements.c.undone == 0))
REVISION_IN_FORCE = and_(LATEST_REVISION, ~IS_RETIRED)
"""Joins a project that is not retired with what its latest document says."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A project in force, with the ids of its row and of the import that it came by.

    A project that was entered without a document has no import; its place is the 文号.
    `effective` is the day from which this revision holds, `spot` where it stands in its file.
    """

    id: int
    revision_id: int
    import_id: int | None
    sha256: str
    project: Project
    effective: date
    document_number: str
    spot: str


def load(
    connection: Connection,
    *,
    year: int | None = None,
    unit_code: str | None = None,
    project_code: str | None = None,
) -> list[Stored]:
    """Projects in force with all that their documents say, by year, unit and code."""
    query = _records(REVISION_IN_FORCE).order_by(
        projects.c.year, revisions.c.unit_code, projects.c.project_code
    )
    if year is not None:
        query = query.where(projects.c.year == year)
    if unit_code is not None:
        query = query.where(revisions.c.unit_code == unit_code)
    if project_code is not None:
        query = query.where(projects.c.project_code == project_code)
    return _stored(connection, query)


def all_in_force(connection: Connection, year: int) -> dict[str, list[Stored]]:
    """By project code, all revisions in force of a year's projects, retired ones too, by day."""
    mine = and_(revisions.c.project_id == projects.c.id, revisions.c.undone == 0)
    query = _records(mine).where(projects.c.year == year).order_by(revisions.c.effective)
    found: defaultdict[str, list[Stored]] = defaultdict(list)
    for stored in _stored(connection, query):
        found[stored.project.project_code].append(stored)
    return dict(found)


def ever(connection: Connection, project_id: int) -> list[tuple[Row[Any], Stored]]:
    """All revisions that a project ever had, in the order of recording, with their marks."""
    query = _records(revisions.c.project_id == projects.c.id).where(projects.c.id == project_id)
    rows = connection.execute(query.order_by(revisions.c.id)).all()
    return list(zip(rows, _as_stored(connection, rows), strict=True))


def find(connection: Connection, year: int, project_code: str) -> int | None:
    """The id of a project, in force or retired."""
    query = select(projects.c.id).where(
        projects.c.year == year, projects.c.project_code == project_code
    )
    return connection.scalar(query)


def _records(on: ColumnElement[bool]) -> Select[Any]:
    return (
        select(
            projects.c.year,
            projects.c.project_code,
            revisions,
            func.coalesce(imports.c.file, revisions.c.document_number).label("file"),
            func.coalesce(imports.c.sha256, "").label("sha256"),
        )
        .join_from(revisions, projects, on)
        .outerjoin(imports, imports.c.id == revisions.c.import_id)
    )


def _stored(connection: Connection, query: Select[Any]) -> list[Stored]:
    return _as_stored(connection, connection.execute(query).all())


def _as_stored(connection: Connection, rows: Sequence[Row[Any]]) -> list[Stored]:
    plans = plans_of(connection, (row.id for row in rows))
    measures = indicators_of(connection, (row.id for row in rows))
    return [
        Stored(
            id=row.project_id,
            revision_id=row.id,
            import_id=row.import_id,
            sha256=row.sha256,
            project=_project(row, plans[row.id], measures[row.id]),
            effective=row.effective,
            document_number=row.document_number,
            spot=row.spot,
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
        indicators=tuple(in_year(each, row.year) for each in measures),
        place=Place(row.file, row.line or None),
    )


def known(connection: Connection, year: int) -> list[Known]:
    """What payments of a year can be matched to: the projects in force, keyed by their id."""
    query = (
        select(
            projects.c.id,
            projects.c.year,
            revisions.c.unit_code,
            revisions.c.unit_name,
            projects.c.project_code,
            revisions.c.project_name,
            revisions.c.purpose,
        )
        .join_from(projects, revisions, REVISION_IN_FORCE)
        .where(projects.c.year == year)
        .order_by(projects.c.project_code)
    )
    return list(map(Known._make, plain_rows(connection, query)))


def with_other_revision(connection: Connection) -> list[Row[Any]]:
    """Projects whose noted revision is not the latest in force; none unless something broke."""
    query: Select[Any] = (
        select(projects.c.year, projects.c.project_code)
        .where(projects.c.revision_id.is_distinct_from(_LATEST_ID))
        .order_by(projects.c.year, projects.c.project_code)
    )
    return list(connection.execute(query).all())


def codes(connection: Connection, year: int) -> list[str]:
    """The codes of the projects in force of a year."""
    query = (
        select(projects.c.project_code)
        .join_from(projects, revisions, REVISION_IN_FORCE)
        .where(projects.c.year == year)
    )
    return list(connection.scalars(query))


def years(connection: Connection, project_code: str | None = None) -> list[int]:
    """The years that have projects in force, or this one project, in order."""
    query = (
        select(projects.c.year)
        .join_from(projects, revisions, REVISION_IN_FORCE)
        .distinct()
        .order_by(projects.c.year)
    )
    if project_code is not None:
        query = query.where(projects.c.project_code == project_code)
    return list(connection.scalars(query))


def plan_months(connection: Connection) -> dict[int, set[int]]:
    """The checkpoint months of all plans in force, by year: those of the earlier ones too."""
    query = (
        select(projects.c.year, plan_points.c.month)
        .join_from(plan_points, revisions, revisions.c.id == plan_points.c.revision_id)
        .join(projects, projects.c.id == revisions.c.project_id)
        .where(revisions.c.undone == 0, ~IS_RETIRED)
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
    import_id: int | None,
    at: datetime,
    actor: str,
    effective: date | None = None,
    document_number: str = "",
) -> None:
    """Adds a project, or a revision of the one that `replacing` is a revision of.

    With `effective` the revision is a 调整 from that day, without a 勘误 (or the original) from
    1 January; it takes the place of the one in force from the same day, if there is one.
    """
    since = effective or date(project.year, 1, 1)
    if replacing is None:
        project_id = _insert(
            connection, projects, year=project.year, project_code=project.project_code
        )
    else:
        project_id = replacing.id
        by = actor if import_id is None else f"import {import_id}"
        _supersede(connection, project_id, since, at=at, by=by)
    revision_id = _insert(
        connection,
        revisions,
        project_id=project_id,
        import_id=import_id,
        recorded_at=at,
        actor=actor,
        effective=since,
        document_number=document_number,
        line=project.place.line or 0,
        spot=project.place.spot,
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
    record_plan(connection, revision_id, project.plan)
    record_indicators(connection, revision_id, project.indicators)
    of_this = update(projects).where(projects.c.id == project_id)
    connection.execute(of_this.values(revision_id=_LATEST_ID))


def _insert(connection: Connection, table: Any, **values: object) -> int:
    return int(connection.scalars(insert(table).values(**values).returning(table.c.id)).one())


def _supersede(
    connection: Connection, project_id: int, effective: date, *, at: datetime, by: str
) -> None:
    connection.execute(
        update(revisions)
        .where(
            revisions.c.project_id == project_id,
            revisions.c.effective == effective,
            revisions.c.undone == 0,
        )
        .values(undone=revisions.c.id, undone_at=at, undone_by=by)
    )
