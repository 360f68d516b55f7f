"""Warnings that later facts show to have been wrong from the start: withdrawn, not resolved."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from monitor.alerts.steps import NOW_DUE
from monitor.domain.warning import Change, State, Step

OF_THE_RECORD = frozenset({"W08", "W09", "W10", "W12"})
"""Rules about what is on record itself: a list, a match, a document or a result that comes later
settles them, and does not show that they were wrong."""


def in_doubt(changes: Iterable[Change]) -> list[Change]:
    """The changes that end a warning as resolved, although it may have been wrong from the start.

    Judge those again as of the day that each was raised for. One that looked ahead to a
    checkpoint which is due by now has done its work; one about the record itself was right.
    """
    return [
        change
        for change in changes
        if change.step is Step.RESOLVED
        and change.before is not None
        and change.before.rule not in OF_THE_RECORD
        and change.note != NOW_DUE
    ]


def withdrawn(changes: Iterable[Change], wrong: Collection[int], why: str) -> tuple[Change, ...]:
    """The changes, with those of `wrong` warnings (ids) as withdrawals."""
    return tuple(
        Change(Step.WITHDRAWN, each.before, None, State.WITHDRAWN, each.as_of, why)
        if each.before is not None and each.before.id in wrong
        else each
        for each in changes
    )
