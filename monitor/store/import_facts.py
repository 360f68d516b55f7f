"""What an import brought, and how it stands to the other lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from monitor.store import sightings
from monitor.store.payment_tables import conflicts, payments, rejections, resolutions
from monitor.store.sums import COUNTED
from monitor.store.tables import adjustments, imports, projects, revisions


def every(connection: Connection) -> list[Row[Any]]:
    """All imports, taken back or not, in the order in which they landed."""
    return list(connection.execute(select(imports).order_by(imports.c.id)).all())


def counting(connection: Connection, import_id: int) -> tuple[int, int]:
    """How many of its payments count now, and their sum in fen."""
    query = select(func.count(), func.sum(payments.c.amount_fen)).where(
        payments.c.import_id == import_id,
        payments.c.undone == 0,
        payments.c.status.in_(COUNTED),
    )
    rows, fen = connection.execute(query).one()
    return rows, int(fen or 0)


def repeats(connection: Connection, import_id: int) -> dict[int, int]:
    """How many rows of other imports it repeats, by import."""
    ids = [payment_id for _, payment_id in sightings.of_import(connection, import_id)]
    owners = {row.id: row.import_id for row in _owners(connection, set(ids))}
    return dict(sorted(Counter(owners[id_] for id_ in ids).items()))


def _owners(connection: Connection, ids: set[int]) -> list[Row[Any]]:
    if not ids:
        return []
    within = payments.c.id.between(min(ids), max(ids))
    query: Select[Any] = select(payments.c.id, payments.c.import_id).where(within)
    return [row for row in connection.execute(query) if row.id in ids]


def repeated_by(connection: Connection, import_id: int) -> dict[int, int]:
    """How many of its payments other imports in force repeat, by import."""
    mine = connection.scalars(select(payments.c.id).where(payments.c.import_id == import_id))
    seen = sightings.of_payments(connection, mine)
    others = ({by for by, _ in places} - {import_id} for places in seen.values())
    return dict(sorted(Counter(by for each in others for by in each).items()))


def conflicting(connection: Connection, import_id: int) -> list[Row[Any]]:
    """Its rows that contradict others, and others' rows that contradict it, with the decision."""
    other = imports.alias("other")
    query: Select[Any] = (
        select(
            conflicts.c.number,
            conflicts.c.line,
            conflicts.c.import_id,
            other.c.file,
            payments.c.import_id.label("kept_import_id"),
            payments.c.line.label("kept_line"),
            resolutions.c.keep,
            resolutions.c.reason,
        )
        .join_from(conflicts, payments, payments.c.id == conflicts.c.payment_id)
        .join(other, other.c.id == conflicts.c.import_id)
        .outerjoin(
            resolutions,
            (resolutions.c.conflict_id == conflicts.c.id) & (resolutions.c.undone == 0),
        )
        .where((conflicts.c.import_id == import_id) | (payments.c.import_id == import_id))
        .order_by(conflicts.c.id)
    )
    return list(connection.execute(query).all())


def rejected(connection: Connection, import_id: int) -> int:
    """How many of its rows were rejected."""
    query = select(func.count()).where(rejections.c.import_id == import_id)
    return connection.scalar(query) or 0


def brought(connection: Connection, import_id: int) -> list[Mapping[str, Any]]:
    """The projects that a target document brought or revised, in the order of the document."""
    first = (
        select(func.min(revisions.c.id))
        .where(revisions.c.project_id == projects.c.id)
        .correlate(projects)
        .scalar_subquery()
    )
    query = (
        select(
            projects.c.year,
            projects.c.project_code,
            revisions.c.unit_code,
            revisions.c.project_name,
            revisions.c.effective,
            (revisions.c.undone == 0).label("in_force"),
            (revisions.c.id == first).label("new"),
        )
        .join(projects, projects.c.id == revisions.c.project_id)
        .where(revisions.c.import_id == import_id)
        .order_by(revisions.c.id)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def adjusted(connection: Connection, import_id: int) -> int:
    """How many budget adjustments in force it brought."""
    query = select(func.count()).where(
        adjustments.c.import_id == import_id, adjustments.c.undone == 0
    )
    return connection.scalar(query) or 0
