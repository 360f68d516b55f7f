"""Which unit's year has been signed (定稿), and is read-only since."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, select

from monitor.store.form_tables import finalizations


def of(connection: Connection, year: int, unit_code: str) -> Row[Any] | None:
    """The finalization in force of a unit's year; None where it is not signed."""
    query = select(finalizations).where(
        finalizations.c.year == year,
        finalizations.c.unit_code == unit_code,
        finalizations.c.undone == 0,
    )
    return connection.execute(query).first()
