"""The two use cases of warnings: check records what the rules find, notify tells it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from hashlib import sha256

from sqlalchemy import Connection, Engine

from monitor.alerts import digest as digests
from monitor.alerts import letters, lifecycle, rules
from monitor.alerts.digest import Digest
from monitor.alerts.letters import Stationery
from monitor.alerts.lifecycle import Outdated
from monitor.alerts.smtp import Send, SendError
from monitor.domain.calendar import CHINA, Now
from monitor.domain.contact import Contacts
from monitor.domain.progress import Standing
from monitor.domain.warning import Change, MailState, State, Step
from monitor.errors import Diagnostic
from monitor.store import alerts, outbox
from monitor.store.engine import reading, writing
from monitor.store.outbox import Letter, Mail

SENDER_GONE_AFTER = timedelta(minutes=30)
"""A mail claimed longer ago than this was left by a sender that died."""
_CUT_OFF = "发送程序中断，结果不明"


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """What a check found, changed, and left alone because newer knowledge stands."""

    findings: int
    changes: tuple[Change, ...]
    outdated: tuple[Outdated, ...]

    @property
    def steps(self) -> Counter[Step]:
        return Counter(change.step for change in self.changes)


def check(
    engine: Engine,
    read: Callable[[Connection], Collection[Standing]],
    *,
    year: int,
    at: datetime,
    actor: str,
    switched_on: Collection[str] = tuple(rules.WARNING_RULES),
) -> CheckOutcome:
    """Reads the standings of one year's projects, judges them and records what changes.

    All in one transaction, so that no check writes over one that knew more.
    """
    with writing(engine) as connection:
        standings = read(connection)
        findings = rules.check(standings, switched_on)
        recorded = alerts.load(connection, year=year)
        decision = lifecycle.decide(recorded, standings, findings)
        alerts.apply(connection, decision.changes, at=at, actor=actor)
    return CheckOutcome(len(findings), decision.changes, decision.outdated)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one mail; `words` are the server's where it did not take it."""

    recipient: str
    subject: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class NotifyOutcome:
    """What one run did. `waiting` mails are tried again by the next run, `failed` ones were
    refused for good, of `unknown` ones nobody knows whether they arrived. `undelivered` counts
    the untold warnings that no run will tell by itself: their mails, of this run or of earlier
    ones, were refused or lost, or are in another sender's hands."""

    queued: int
    sent: tuple[Delivery, ...]
    waiting: tuple[Delivery, ...]
    failed: tuple[Delivery, ...]
    unknown: tuple[Delivery, ...]
    undelivered: int
    diagnostics: tuple[Diagnostic, ...]


def notify(
    engine: Engine,
    contacts: Contacts,
    *,
    send: Send,
    now: Now,
    actor: str,
    stationery: Stationery,
    covered: Collection[str],
    stopping: Callable[[], bool] = lambda: False,
) -> NotifyOutcome:
    """Queues a digest for everybody with something untold, then sends all mails that wait.

    `covered` are the months whose payment lists are imported ("2025-06"). No mail is handed
    over twice, whoever else runs at the same time; one that cannot be sent holds up no other.
    Between two mails `stopping` is asked whether to leave the rest to the next run.
    """
    with writing(engine) as connection:
        gone = now() - SENDER_GONE_AFTER
        lost = outbox.give_up_on(connection, claimed_before=gone, error=_CUT_OFF)
        queued, diagnostics = _queue(connection, contacts, now(), stationery, covered)
    deliveries: dict[MailState, list[Delivery]] = {state: [] for state in MailState}
    deliveries[MailState.UNKNOWN] += [_delivery(mail, _CUT_OFF) for mail in lost]
    with reading(engine) as connection:
        waiting = outbox.waiting(connection)
    for mail_id in waiting:
        if stopping():
            break
        delivered = _deliver(engine, mail_id, send, now, actor)
        if delivered:
            state, delivery = delivered
            deliveries[state].append(delivery)
    with reading(engine) as connection:
        undelivered = _undelivered(connection)
    return NotifyOutcome(
        queued,
        tuple(deliveries[MailState.SENT]),
        tuple(deliveries[MailState.WAITING]),
        tuple(deliveries[MailState.FAILED]),
        tuple(deliveries[MailState.UNKNOWN]),
        undelivered,
        tuple(diagnostics),
    )


def _undelivered(connection: Connection) -> int:
    stuck = (MailState.SENDING, MailState.FAILED, MailState.UNKNOWN)
    told = {each.warning_id for each in outbox.tellings(connection) if each.state in stuck}
    return sum(each.id in told for each in alerts.load(connection, state=State.RAISED))


def _queue(
    connection: Connection,
    contacts: Contacts,
    at: datetime,
    stationery: Stationery,
    covered: Collection[str],
) -> tuple[int, list[Diagnostic]]:
    on = at.astimezone(CHINA).date()
    raised = alerts.load(connection, state=State.RAISED)
    composed, diagnostics = digests.compose(raised, outbox.tellings(connection), contacts, on=on)
    office = next(iter(contacts.office(on)), None)
    queued = 0
    for each in composed:
        message_id = _message_id(each, stationery.domain)
        mail = letters.write(
            each,
            stationery,
            message_id=message_id,
            at=at,
            missing_months=_missing(each, covered),
            office=office,
        )
        letter = _letter(each, message_id, mail)
        queued += outbox.queue(connection, letter, at=at) is not None
    return queued, diagnostics


def _message_id(digest: Digest, domain: str) -> str:
    """The same for the same digest to the same person: a second copy can be told as such."""
    name = sha256(f"{digest.run} {digest.recipient.email.casefold()}".encode()).hexdigest()[:32]
    return f"<{name}@{domain}>"


def _missing(digest: Digest, covered: Collection[str]) -> list[int]:
    last = max(warning.checkpoint for warning in digest.warnings)
    return [month for month in range(1, last + 1) if f"{digest.year}-{month:02d}" not in covered]


def _letter(digest: Digest, message_id: str, mail: EmailMessage) -> Letter:
    return Letter(
        message_id=message_id,
        recipient=digest.recipient.email,
        run=digest.run,
        unit_code=digest.unit_code,
        subject=str(mail["Subject"]),
        content=mail.as_bytes(policy=policy.SMTP),
        tells=tuple((warning.id, warning.severity) for warning in digest.warnings),
    )


def _deliver(
    engine: Engine, mail_id: int, send: Send, now: Now, actor: str
) -> tuple[MailState, Delivery] | None:
    """What became of a mail that waited; None where another sender has it already."""
    with writing(engine) as connection:
        mail = outbox.claim(connection, mail_id, at=now())
    if mail is None:
        return None
    state, words = _hand_over(mail, send)
    with writing(engine) as connection:
        outbox.settle(connection, mail_id, state, at=now(), error=words)
        if state is MailState.SENT:
            alerts.record_sent(connection, mail_id, at=now(), actor=actor)
    return state, _delivery(mail, words)


def _hand_over(mail: Mail, send: Send) -> tuple[MailState, str]:
    message = message_from_bytes(mail.content, policy=policy.SMTP)
    try:
        send(message)
    except SendError as error:
        if error.unknown_outcome:
            return MailState.UNKNOWN, error.words
        return (MailState.WAITING if error.temporary else MailState.FAILED), error.words
    return MailState.SENT, ""


def _delivery(mail: Mail, words: str) -> Delivery:
    return Delivery(mail.recipient, mail.subject, words)
