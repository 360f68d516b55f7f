"""Which unit's year has been signed (定稿), and is read-only since; what was signed, as values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from monitor.store.form_tables import finalizations, frozen_projects


def of(connection: Connection, year: int, unit_code: str) -> Row[Any] | None:
    """The finalization in force of a unit's year; None where it is not signed."""
    query = select(finalizations).where(
        finalizations.c.year == year,
        finalizations.c.unit_code == unit_code,
        finalizations.c.undone == 0,
    )
    return connection.execute(query).first()


def in_force(connection: Connection, year: int, unit_code: str | None = None) -> list[Row[Any]]:
    """Those in force of a year, or of one of its units, by unit."""
    return [row for row in history(connection, year, unit_code) if not row.undone]


def history(connection: Connection, year: int, unit_code: str | None = None) -> list[Row[Any]]:
    """All of a year, taken back ones too, by unit in the order in which they were made."""
    query = select(finalizations).where(finalizations.c.year == year)
    if unit_code is not None:
        query = query.where(finalizations.c.unit_code == unit_code)
    ordered = query.order_by(finalizations.c.unit_code, finalizations.c.id)
    return list(connection.execute(ordered).all())


def projects_of(connection: Connection, finalization_id: int) -> list[Row[Any]]:
    """What was frozen of each project, by its code."""
    query = select(frozen_projects).where(frozen_projects.c.finalization_id == finalization_id)
    return list(connection.execute(query.order_by(frozen_projects.c.project_code)).all())


def record(
    connection: Connection,
    *,
    year: int,
    unit_code: str,
    as_of: date,
    digest: str,
    documents: Mapping[str, str],
    report: Mapping[str, Any],
    projects: Mapping[str, tuple[Any, Any]],
    at: datetime,
    actor: str,
) -> int:
    """Freezes a unit's year; `projects` are (draft, payments) by code, as JSON has them. Its id.

    Raises IntegrityError where one is in force already.
    """
    added = (
        insert(finalizations)
        .values(
            year=year,
            unit_code=unit_code,
            as_of=as_of,
            digest=digest,
            documents=dict(documents),
            report=dict(report),
            recorded_at=at,
            actor=actor,
            undone=0,
        )
        .returning(finalizations.c.id)
    )
    id_: int = connection.scalars(added).one()
    rows = [
        {"finalization_id": id_, "project_code": code, "draft": draft, "payments": payments}
        for code, (draft, payments) in sorted(projects.items())
    ]
    if rows:
        connection.execute(insert(frozen_projects), rows)
    return id_


def take_back(
    connection: Connection, finalization_id: int, *, reason: str, at: datetime, actor: str
) -> bool:
    """Marks a finalization as taken back; False where it was already."""
    taken = connection.execute(
        update(finalizations)
        .where(finalizations.c.id == finalization_id, finalizations.c.undone == 0)
        .values(undone=finalization_id, undone_at=at, undone_by=actor, undone_reason=reason)
    )
    return taken.rowcount > 0
