"""Codes that the office said are outside monitoring."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from monitor.domain.outside import OutsideDecision
from monitor.store.payment_tables import ignored_codes


def load(connection: Connection) -> list[OutsideDecision]:
    """The decisions in force."""
    query = select(ignored_codes).where(ignored_codes.c.undone == 0).order_by(ignored_codes.c.id)
    return [
        OutsideDecision(
            id=row.id,
            project_code=row.project_code,
            reason=row.reason,
            recorded_at=row.recorded_at,
            actor=row.actor,
            year=row.year or None,
            unit_code=row.unit_code,
        )
        for row in connection.execute(query)
    ]


def add(
    connection: Connection,
    code: str,
    *,
    year: int | None,
    unit_code: str,
    reason: str,
    at: datetime,
    actor: str,
) -> int:
    """Records a decision and gives its id. The same one twice in force breaks a unique key."""
    added = insert(ignored_codes).values(
        project_code=code,
        year=year or 0,
        unit_code=unit_code,
        reason=reason,
        recorded_at=at,
        actor=actor,
        undone=0,
    )
    return int(connection.scalars(added.returning(ignored_codes.c.id)).one())


def undo(connection: Connection, decision_id: int, *, at: datetime, by: str) -> None:
    connection.execute(
        update(ignored_codes)
        .where(ignored_codes.c.id == decision_id, ignored_codes.c.undone == 0)
        .values(undone=decision_id, undone_at=at, undone_by=by)
    )
