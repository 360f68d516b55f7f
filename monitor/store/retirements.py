"""Projects taken out of their year, with the reason, and taken back in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Connection, Row, cast, func, insert, select, update

from monitor.store import matches as matching
from monitor.store.projects import LATEST_REVISION
from monitor.store.tables import matches, payments, projects, retirements, revisions


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
    mine = (matches.c.project_id == project_id, matches.c.undone == 0)
    counted = (
        select(func.count(), cast(func.coalesce(func.sum(payments.c.amount_fen), 0), BigInteger))
        .join_from(matches, payments, payments.c.id == matches.c.payment_id)
        .where(*mine, payments.c.undone == 0)
    )
    rows, fen = connection.execute(counted).one()
    connection.execute(
        update(matches)
        .where(*mine)
        .values(undone=matches.c.id, undone_at=at, undone_by=_mark(retirement_id))
    )
    return int(rows), int(fen)


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
    now = matches.alias("now")
    query = (
        select(matches.c.payment_id, matches.c.method)
        .join(payments, payments.c.id == matches.c.payment_id)
        .outerjoin(now, (now.c.payment_id == payments.c.id) & (now.c.undone == 0))
        .where(matches.c.undone_by == _mark(retirement_id), payments.c.undone == 0)
        .where(now.c.id.is_(None))
    )
    back = [(row.payment_id, project_id, row.method) for row in connection.execute(query)]
    matching.add(connection, back, at=at, actor=actor)
    return len(back)


def _mark(retirement_id: int) -> str:
    """What is written at a match that a retirement took back."""
    return f"retirement {retirement_id}"
