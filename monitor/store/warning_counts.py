"""How many warnings are open, and what became of warnings since a moment."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from monitor.domain.warning import OPEN_STATES, Step
from monitor.store.alert_tables import warning_events, warnings
from monitor.store.warning_query import chosen, named

_TOLD = (
    *(Step.RAISED, Step.REOPENED, Step.SEVERITY),
    *(Step.RESOLVED, Step.CARRIED_ON, Step.WITHDRAWN),
)
"""The steps in which a warning comes, changes its severity or goes."""


def open_by_unit(connection: Connection, year: int) -> dict[tuple[str, str], int]:
    """By (unit code, severity), the year's open warnings; "" is the office itself."""
    states = [state.value for state in OPEN_STATES]
    query = named(warnings.c.severity).where(*chosen(year=year), warnings.c.state.in_(states))
    return dict(Counter((row.unit, row.severity) for row in connection.execute(query)))


def steps_since(connection: Connection, year: int, at: datetime) -> list[Row[Any]]:
    """What happened to the year's warnings from a moment on, oldest first.

    Each row has `event`, `severity` (of then), `rule`, `period`, `subject`, `project_code`,
    `project_name`, `unit` and `unit_name`; steps that only tell or remind are left out.
    """
    query = (
        named(
            warning_events.c.event,
            warning_events.c.severity,
            warnings.c.rule,
            warnings.c.period,
            warnings.c.subject,
        )
        .join(warning_events, warning_events.c.warning_id == warnings.c.id)
        .where(
            *chosen(year=year),
            warning_events.c.at >= at,
            warning_events.c.event.in_([step.value for step in _TOLD]),
        )
        .order_by(None)
        .order_by(warning_events.c.id)
    )
    return list(connection.execute(query))
