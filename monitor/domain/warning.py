"""Warnings: findings that are remembered. A warning's key is rule + subject + period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from monitor.domain.finding import Finding
from monitor.domain.progress import Grade


class State(StrEnum):
    """Where a warning is in its life.

    `raised`: there is something to tell; `sent`: the severity in force has been told;
    `resolved`: the facts no longer show it; `carried-on`: a later checkpoint took its place;
    `withdrawn`: it was wrong, a 勘误 or a retirement took its ground away.
    """

    RAISED = "raised"
    SENT = "sent"
    RESOLVED = "resolved"
    CARRIED_ON = "carried-on"
    WITHDRAWN = "withdrawn"

    @property
    def is_open(self) -> bool:
        return self in (State.RAISED, State.SENT)


class Step(StrEnum):
    """What can happen to a warning; each step is an event in its record."""

    RAISED = "raised"
    SEVERITY = "severity"
    FIGURES = "figures"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    CARRIED_ON = "carried-on"
    WITHDRAWN = "withdrawn"
    SENT = "sent"


class MailState(StrEnum):
    """Where a mail is: `unknown` was handed to a server that never said whether it took it."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Recorded:
    """A warning as recorded: its subject as in force now, its figures as last judged.

    `judged` is the latest as-of date of any of its events, `told` the highest severity that a
    mail has told, None while no mail has. Figures in fen and basis points, null where blank.
    """

    id: int
    rule: str
    year: int
    unit_code: str
    unit_name: str
    project_code: str
    project_name: str
    checkpoint: int
    severity: Grade
    state: State
    as_of: date
    figures: Mapping[str, int | None]
    judged: date
    told: Grade | None


@dataclass(frozen=True, slots=True)
class Change:
    """One step to be recorded: of `before` (None for a new warning) into `state`.

    `finding` is what the rule sees now; None where it sees nothing any more.
    """

    step: Step
    before: Recorded | None
    finding: Finding | None
    state: State
    as_of: date
    note: str = ""


@dataclass(frozen=True, slots=True)
class Telling:
    """That a mail to `recipient` tells a warning at a severity, and where that mail is."""

    warning_id: int
    recipient: str
    severity: Grade
    state: MailState
