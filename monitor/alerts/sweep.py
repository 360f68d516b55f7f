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
from monitor.domain.calendar import CHINA
from monitor.domain.contact import Contacts
from monitor.domain.progress import Standing
from monitor.domain.warning import Change, MailState, State, Step
from monitor.errors import Diagnostic
from monitor.store import alerts, outbox
from monitor.store.engine import reading, writing
from monitor.store.outbox import Letter, Mail

Now = Callable[[], datetime]

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
    standings: Collection[Standing],
    *,
    year: int,
    at: datetime,
    actor: str,
    switched_on: Collection[str] = tuple(rules.WARNING_RULES),
) -> CheckOutcome:
    """Judges the standings of one year's projects and records what changes, in one transaction."""
    findings = rules.check(standings, switched_on)
    with writing(engine) as connection:
        recorded = alerts.load(connection, year=year)
        decision = lifecycle.decide(recorded, standings, findings)
        alerts.apply(connection, decision.changes, at=at, actor=actor)
    return CheckOutcome(len(findings), decision.changes, decision.outdated)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one mail; `words` are the server's where it did not take it."""

    mail_id: int
    recipient: str
    subject: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class NotifyOutcome:
    """What one run did. `waiting` mails are tried again by the next run, `failed` ones were
    refused for good, of `unknown` ones nobody knows whether they arrived."""

    queued: int
    sent: tuple[Delivery, ...]
    waiting: tuple[Delivery, ...]
    failed: tuple[Delivery, ...]
    unknown: tuple[Delivery, ...]
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
        with writing(engine) as connection:
            mail = outbox.claim(connection, mail_id, at=now())
        if mail:
            state, words = _hand_over(mail, send)
            with writing(engine) as connection:
                outbox.settle(connection, mail_id, state, at=now(), error=words)
                if state is MailState.SENT:
                    alerts.record_sent(connection, mail_id, at=now(), actor=actor)
            deliveries[state].append(_delivery(mail, words))
    return NotifyOutcome(
        queued,
        tuple(deliveries[MailState.SENT]),
        tuple(deliveries[MailState.WAITING]),
        tuple(deliveries[MailState.FAILED]),
        tuple(deliveries[MailState.UNKNOWN]),
        tuple(diagnostics),
    )


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
    return Delivery(mail.id, mail.recipient, mail.subject, words)
