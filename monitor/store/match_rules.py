"""Rules that the office saved: payments of a unit with these words belong to a project."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from monitor.domain.match_rules import MatchRule
from monitor.store.payment_tables import match_rules


def load(connection: Connection) -> list[MatchRule]:
    """The rules in force."""
    return [
        MatchRule(
            id=row.id,
            year=row.year or None,
            unit_code=row.unit_code,
            project_code=row.project_code,
            purpose=row.purpose,
            payee=row.payee,
            project_name=row.project_name,
        )
        for row in rows(connection)
    ]


def rows(connection: Connection) -> list[Row[Any]]:
    """The rules in force with their reason, when and by whom."""
    query = select(match_rules).where(match_rules.c.undone == 0).order_by(match_rules.c.id)
    return list(connection.execute(query).all())


def add(connection: Connection, rule: Mapping[str, Any], *, at: datetime, actor: str) -> int:
    """Records a rule, given by column, and gives its id."""
    added = insert(match_rules).values(**rule, recorded_at=at, actor=actor, undone=0)
    return int(connection.scalars(added.returning(match_rules.c.id)).one())


def undo(connection: Connection, rule_id: int, *, at: datetime, by: str) -> None:
    connection.execute(
        update(match_rules)
        .where(match_rules.c.id == rule_id, match_rules.c.undone == 0)
        .values(undone=rule_id, undone_at=at, undone_by=by)
    )
