"""Use case: warnings that the record no longer bears out, since it was corrected, are withdrawn."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime

from sqlalchemy import Connection, Engine

from monitor.alerts import rules
from monitor.domain.progress import Standing
from monitor.domain.warning import Change, State, Step
from monitor.store import alerts
from monitor.store.engine import writing


def withdraw(
    engine: Engine,
    read: Callable[[Connection, date], Collection[Standing]],
    *,
    year: int,
    codes: Collection[str],
    why: str,
    at: datetime,
    actor: str,
    switched_on: Collection[str] = tuple(rules.WARNING_RULES),
) -> int:
    """Judges the open warnings of these projects again, each at the day it was last judged for.

    One whose checkpoint then shows no finding any more is withdrawn; how many were. What still
    holds is left to the next check, which brings its figures up to date.
    """
    with writing(engine) as connection:
        recorded = [
            each
            for each in alerts.load(connection, year=year)
            if each.state.is_open and each.project_code in codes
        ]
        holding = {
            (day, finding.project_code, finding.checkpoint)
            for day in {each.judged for each in recorded}
            for finding in rules.check(read(connection, day), switched_on)
        }
        changes = [
            Change(Step.WITHDRAWN, each, None, State.WITHDRAWN, each.judged, why)
            for each in recorded
            if (each.judged, each.project_code, each.checkpoint) not in holding
        ]
        alerts.apply(connection, changes, at=at, actor=actor)
    return len(changes)
