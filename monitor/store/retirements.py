"""Projects taken out of their year, with the reason, and taken back in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from monitor.store import matches as matching
from monitor.store.payment_tables import payments
from monitor.store.projects import LATEST_REVISION
from monitor.store.sums import COUNTED
from monitor.store.tables import projects, retirements, revisions


def in_force(connection: Connection, *, year: int | None = None) -> list[Row[Any]]:
    """The retired projects with names, reason, when and by whom."""
    query = (
        select(
            retirements,
            projects.c.year,
            projects.c.project_code,
            revisions.c.unit_code,
            revisions.c.unit_name,
            revisions.c.project_name,
        )
        .join_from(retirements, projects, projects.c.id == retirements.c.project_id)
        .join(revisions, LATEST_REVISION)
        .where(retirements.c.undone == 0)
        .order_by(projects.c.year, projects.c.project_code)
    )
    if year is not None:
        query = query.where(projects.c.year == year)
    return list(connection.execute(query).all())


def of_project(connection: Connection, project_id: int) -> list[Row[Any]]:
    """All retirements of a project, undone ones too, in the order of recording."""
    query = select(retirements).where(retirements.c.project_id == project_id)
    return list(connection.execute(query.order_by(retirements.c.id)).all())


def retire(
    connection: Connection, project_id: int, *, reason: str, at: datetime, actor: str
) -> tuple[int, int]:
    """Takes a project out; its payments wait again: how many they are, and their sum in fen."""
    added = (
        insert(retirements)
        .values(project_id=project_id, reason=reason, recorded_at=at, actor=actor)
        .returning(retirements.c.id)
    )
    retirement_id = connection.scalars(added).one()
    year = connection.scalars(select(projects.c.year).where(projects.c.id == project_id)).one()
    mine = matching.in_project(project_id, year)
    query = select(payments.c.id, payments.c.amount_fen, payments.c.status).where(*mine)
    rows = connection.execute(query).all()
    waiting = [matching.Change(row.id, None, "") for row in rows]
    matching.change(connection, waiting, at=at, actor=actor, cause=_mark(retirement_id))
    counted = [row.amount_fen for row in rows if row.status in COUNTED]
    return len(counted), sum(counted)


def undo(
    connection: Connection,
    retirement_id: int,
    project_id: int,
    *,
    reason: str,
    at: datetime,
    actor: str,
) -> int:
    """Takes a project in again, with those of its payments that still wait: how many."""
    connection.execute(
        update(retirements)
        .where(retirements.c.id == retirement_id, retirements.c.undone == 0)
        .values(undone=retirement_id, undone_at=at, undone_by=actor, undone_reason=reason)
    )
    back = [
        matching.Change(row.payment_id, project_id, row.before_method)
        for row in matching.caused_by(connection, _mark(retirement_id))
        if row.now_project_id is None and not row.now_method
    ]
    return matching.change(
        connection, back, at=at, actor=actor, cause=f"{_mark(retirement_id)} undone"
    )


def _mark(retirement_id: int) -> str:
    """The cause of what a retirement changed."""
    return f"retirement {retirement_id}"
