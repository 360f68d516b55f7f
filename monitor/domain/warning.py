"""Warnings: findings that are remembered. A warning's key is rule + year + subject + period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from monitor.domain.finding import CHECKPOINT_PERIODS, Doubt, Finding
from monitor.domain.progress import Grade


class State(StrEnum):
    """Where a warning is in its life.

    `raised`: there is something to tell; `sent`: the severity in force has been told;
    `acknowledged`: its unit has explained it, and promised a date; `resolved`: the facts no
    longer show it; `carried-on`: a later checkpoint took its place; `withdrawn`: it was wrong,
    as facts recorded later show.
    """

    RAISED = "raised"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"
    CARRIED_ON = "carried-on"
    WITHDRAWN = "withdrawn"

    @property
    def is_open(self) -> bool:
        return self in (State.RAISED, State.SENT, State.ACKNOWLEDGED)

    @property
    def label(self) -> str:
        """Its name in Chinese."""
        return _STATES[self]


OPEN_STATES = tuple(state for state in State if state.is_open)


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
    ACKNOWLEDGED = "acknowledged"
    EXPIRED = "expired"  # the promised date has passed and the lag is still there
    REMINDED = "reminded"
    ESCALATED = "escalated"


class MailKind(StrEnum):
    """What a mail is for. `digest` goes to leads, `office` to the finance office."""

    DIGEST = "digest"
    OFFICE = "office"
    REMINDER = "reminder"
    ESCALATION = "escalation"
    RESOLVED = "resolved"
    WITHDRAWN = "withdrawn"
    WEEKLY = "weekly"
    RECEIPT = "receipt"
    TROUBLE = "trouble"  # a mail was refused for good; to the office


class MailState(StrEnum):
    """Where a mail is.

    `prepared` waits for its release, `held` until a person releases it, `waiting` for its time
    or the next try; `sending` is leased to one sender; `failed` was refused for good, with the
    server's words; `cancelled` was overtaken before anything was sent.
    """

    PREPARED = "prepared"
    HELD = "held"
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        """Its name in Chinese."""
        return _MAIL_STATES[self]


_STATES = {
    State.RAISED: "待通知",
    State.SENT: "已通知",
    State.ACKNOWLEDGED: "已答复",
    State.RESOLVED: "已消除",
    State.CARRIED_ON: "转入后续核查",
    State.WITHDRAWN: "已撤回",
}
_MAIL_STATES = {
    MailState.PREPARED: "待放行",
    MailState.HELD: "暂缓",
    MailState.WAITING: "待发",
    MailState.SENDING: "发送中",
    MailState.SENT: "已发",
    MailState.FAILED: "被拒收",
    MailState.CANCELLED: "已取消",
}


class Purpose(StrEnum):
    """Why a mail speaks of a warning."""

    TELL = "tell"  # the stage in force, to the lead (or the office for want of one)
    OFFICE = "office"  # the stage in force, to the office: its own matter, or doubtful
    REMIND = "remind"
    DEADLINE = "deadline"
    ESCALATE = "escalate"
    RESOLVED = "resolved"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """A unit's answer to a warning (domain notes, section 6).

    `cause` is one of the list of causes; `answer` one of 继续执行, 调剂, 取消 or, from November,
    可支付, 申请调减, 结转, 结余收回; `promised` the date until which the unit asks for patience.
    `author` is who answered, `actor` who recorded it.
    """

    cause: str
    text: str
    answer: str
    measure: str
    promised: date | None
    author: str
    at: datetime
    actor: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """A warning as recorded: its subject as in force now, its figures as last judged.

    `judged` is the latest as-of date of any of its events, `told` the highest severity that a
    sent mail has told its lead (for an office matter, or while it is doubtful: the lead or the
    office), None while no mail has; `told_lead` counts mails to leads alone.
    What was told before `untold_since` counts no more: an answer expired then, or the warning
    was withdrawn. Figures in fen and basis points, null where blank. `answer` is the
    acknowledgement in force. `for_office`: see Finding.
    """

    id: int
    rule: str
    year: int
    subject: str
    period: str
    unit_code: str
    unit_name: str
    project_code: str
    project_name: str
    severity: Grade
    state: State
    as_of: date
    figures: Mapping[str, int | None]
    doubts: tuple[Doubt, ...]
    details: tuple[str, ...]
    quiet: bool
    raised_at: datetime
    judged: date
    told: Grade | None
    answer: Acknowledgement | None = None
    told_lead: Grade | None = None
    untold_since: datetime | None = None
    for_office: bool = False

    @property
    def checkpoint(self) -> int | None:
        return int(self.period) if self.period in CHECKPOINT_PERIODS else None

    @property
    def is_doubtful(self) -> bool:
        return any(doubt.cures for doubt in self.doubts)


@dataclass(frozen=True, slots=True)
class Change:
    """One step to be recorded: of `before` (None for a new warning) into `state`.

    `finding` is what the rule sees now; None where it sees nothing any more. A new warning that
    stands `instead_of` another one of the same stage takes over what was told and answered of it.
    """

    step: Step
    before: Recorded | None
    finding: Finding | None
    state: State
    as_of: date
    note: str = ""
    instead_of: Recorded | None = None


@dataclass(frozen=True, slots=True)
class Telling:
    """That a mail to `recipient` speaks of a warning at a severity, why, and where that mail is."""

    warning_id: int
    recipient: str
    severity: Grade
    purpose: Purpose
    state: MailState
    mail_id: int
    sent_at: datetime | None = None
    created_at: datetime | None = None
