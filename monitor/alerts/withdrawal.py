"""Use case: warnings that the record no longer bears out, since it was corrected, are withdrawn."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Engine

from monitor.alerts.checking import Checker
from monitor.alerts.lifecycle import AHEAD
from monitor.domain.warning import Change, Recorded, State, Step
from monitor.store import alerts
from monitor.store.engine import writing


def withdraw(
    engine: Engine,
    checker: Checker,
    *,
    year: int,
    codes: Collection[str],
    why: str,
    open_only: bool = False,
) -> int:
    """Judges the warnings of these projects again, each as of the day it was raised for: those
    that are open and, unless `open_only`, those that a later checkpoint took the place of.

    One that does not hold there any more is withdrawn; how many were. What still holds, or
    cannot be judged for want of lists, is left to the next check.
    """
    with writing(engine) as connection:
        recorded = [
            each
            for each in alerts.load(connection, year=year)
            if each.project_code in codes and _may_be_wrong(each, open_only=open_only)
        ]
        wrong = checker.wrong(connection, year, [each.id for each in recorded])
        changes = [
            Change(Step.WITHDRAWN, each, None, State.WITHDRAWN, each.judged, why)
            for each in recorded
            if each.id in wrong
        ]
        alerts.apply(
            connection,
            changes,
            at=checker.at,
            actor=checker.actor,
            import_id=checker.import_id,
        )
        if changes and checker.prepare:
            checker.prepare(connection)
    return len(changes)


def _may_be_wrong(warning: Recorded, *, open_only: bool) -> bool:
    """A look ahead whose checkpoint has come has done its work: there is nothing to take back."""
    over = warning.state is State.CARRIED_ON and warning.rule != AHEAD
    return warning.state.is_open or (over and not open_only)
