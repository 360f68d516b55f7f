"""Which payment belongs to which project, by what method, when and by whom."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, insert, select, update

from monitor.domain.payment import Status
from monitor.store.projects import REVISION_IN_FORCE
from monitor.store.tables import imports, matches, payments, projects, revisions

COUNTED = tuple(status.value for status in Status if status.counts)
"""The statuses whose money counts, as they stand in the database."""
IN_FORCE = and_(matches.c.payment_id == payments.c.id, matches.c.undone == 0)
"""Joins a payment with its match, if it has one."""
UNMATCHED = (payments.c.undone == 0, payments.c.status.in_(COUNTED), matches.c.id.is_(None))
"""After an outer join with `IN_FORCE`: payments whose money counts for no project yet."""


def unmatched(
    connection: Connection, *, year: int | None = None, unit_code: str | None = None
) -> list[Row[Any]]:
    """Counted payments that belong to no project yet, with their file, in order of date."""
    query = (
        select(payments, imports.c.file)
        .join(imports, imports.c.id == payments.c.import_id)
        .outerjoin(matches, IN_FORCE)
        .where(*UNMATCHED)
        .order_by(payments.c.pay_date, payments.c.number, payments.c.ordinal)
    )
    if year is not None:
        query = query.where(payments.c.year == year)
    if unit_code is not None:
        query = query.where(payments.c.unit_code == unit_code)
    return list(connection.execute(query).all())


def of_project(connection: Connection, project_id: int) -> list[Row[Any]]:
    """The payments matched to a project, with file, checksum and how they were matched."""
    query = (
        select(
            payments,
            imports.c.file,
            imports.c.sha256,
            matches.c.method,
            matches.c.matched_at,
            matches.c.actor,
        )
        .join_from(matches, payments, payments.c.id == matches.c.payment_id)
        .join(imports, imports.c.id == payments.c.import_id)
        .where(matches.c.project_id == project_id)
        .where(matches.c.undone == 0, payments.c.undone == 0)
        .order_by(payments.c.pay_date, payments.c.number, payments.c.ordinal)
    )
    return list(connection.execute(query).all())


def of_payment(connection: Connection, payment_id: int) -> Row[Any] | None:
    """The match in force of a payment, with its project's code and name."""
    query = (
        select(matches, projects.c.project_code, revisions.c.project_name)
        .join(projects, projects.c.id == matches.c.project_id)
        .join(revisions, REVISION_IN_FORCE)
        .where(matches.c.payment_id == payment_id, matches.c.undone == 0)
    )
    return connection.execute(query).one_or_none()


def add(
    connection: Connection,
    found: Iterable[tuple[int, int, str]],
    *,
    at: datetime,
    actor: str,
) -> None:
    """Records matches as (payment id, project id, method)."""
    rows = [
        {
            "payment_id": payment_id,
            "project_id": project_id,
            "method": method,
            "matched_at": at,
            "actor": actor,
            "undone": 0,
        }
        for payment_id, project_id, method in found
    ]
    if rows:
        connection.execute(insert(matches), rows)


def undo(connection: Connection, match_id: int, *, at: datetime, by: str) -> None:
    connection.execute(
        update(matches)
        .where(matches.c.id == match_id, matches.c.undone == 0)
        .values(undone=match_id, undone_at=at, undone_by=by)
    )
