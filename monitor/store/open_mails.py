"""What mails are put together from: those not yet leased, ends still to be told, last digests."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, case, func, not_, select, update

from monitor.domain.warning import OPEN_STATES, MailKind, MailState, Purpose, State, Step
from monitor.store.alert_tables import mail_warnings, mails, warning_events, warnings
from monitor.store.batches import batches
from monitor.store.outbox import NOT_LEASED, OpenMail

_ENDED = (Purpose.RESOLVED, Purpose.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A mail that no sender has leased yet, and to whom it is about which year."""

    mail: OpenMail
    recipient: str
    year: int
    kind: MailKind
    name: str
    unit_code: str
    subject: str
    facts: Mapping[str, Any]


def load(connection: Connection, kinds: Collection[MailKind] = tuple(MailKind)) -> list[Waiting]:
    """The mails of these kinds that a newer one can still take the place of, oldest first."""
    query = (
        select(mails)
        .with_only_columns(*(column for column in mails.c if column.name != "content"))
        .where(NOT_LEASED, mails.c.kind.in_(kinds))
        .order_by(mails.c.id)
    )
    return [
        Waiting(
            OpenMail(row.id, row.run, MailState(row.state), row.release_at),
            row.recipient,
            row.year,
            MailKind(row.kind),
            row.name,
            row.unit_code,
            row.subject,
            row.facts,
        )
        for row in connection.execute(query)
    ]


def open_warnings(connection: Connection) -> set[int]:
    """The ids of the warnings that are open."""
    query = select(warnings.c.id).where(warnings.c.state.in_(OPEN_STATES))
    return set(connection.scalars(query))


def ended(connection: Connection) -> set[int]:
    """The ids of closed warnings that a mail told, with no later mail to all that it is over.

    A first choice, by the latest mails: who it was that was told is looked at afterwards. What
    a mail tells that no sender has leased yet does not count: it is written anew.
    """
    over = func.max(case((mail_warnings.c.purpose.in_(_ENDED), mails.c.id)))
    told = func.max(
        case((and_(mail_warnings.c.purpose.not_in(_ENDED), mails.c.state == MailState.SENT),
              mails.c.id))
    )  # fmt: skip
    query = (
        select(mail_warnings.c.warning_id)
        .join(mails, mails.c.id == mail_warnings.c.mail_id)
        .join(warnings, warnings.c.id == mail_warnings.c.warning_id)
        .where(
            warnings.c.state.in_([State.RESOLVED, State.WITHDRAWN]),
            mails.c.state != MailState.CANCELLED,
            not_(NOT_LEASED),
        )
        .group_by(mail_warnings.c.warning_id)
        .having(told > func.coalesce(over, 0))
    )
    return set(connection.scalars(query))


def reasons(connection: Connection, warning_ids: Iterable[int]) -> dict[int, str]:
    """Why warnings were withdrawn: the note of the latest such event."""
    found: dict[int, str] = {}
    for batch in batches(sorted(warning_ids)):
        query = (
            select(warning_events.c.warning_id, warning_events.c.note)
            .where(warning_events.c.warning_id.in_(batch), warning_events.c.event == Step.WITHDRAWN)
            .order_by(warning_events.c.id)
        )
        found |= {row.warning_id: row.note for row in connection.execute(query)}
    return found


def last_digests(connection: Connection) -> dict[tuple[str, int], Mapping[str, Any]]:
    """By address (folded) and year, the facts of the last digest or office mail that was sent."""
    last = (
        select(func.max(mails.c.id).label("id"))
        .where(
            mails.c.kind.in_([MailKind.DIGEST, MailKind.OFFICE]), mails.c.state == MailState.SENT
        )
        .group_by(mails.c.recipient, mails.c.year)
        .subquery()
    )
    query = select(mails.c.recipient, mails.c.year, mails.c.facts).join(
        last, last.c.id == mails.c.id
    )
    return {(row.recipient.casefold(), row.year): row.facts for row in connection.execute(query)}


def states(connection: Connection, warning_ids: Collection[int]) -> dict[int, State]:
    found: dict[int, State] = {}
    for batch in batches(sorted(warning_ids)):
        query = select(warnings.c.id, warnings.c.state).where(warnings.c.id.in_(batch))
        found |= {row.id: State(row.state) for row in connection.execute(query)}
    return found


def steps_between(connection: Connection, since: datetime, until: datetime) -> dict[Step, int]:
    """How many warnings took each step after a moment, up to a later one.

    Those that are too small for mails are left out.
    """
    counted = func.count(warning_events.c.warning_id.distinct()).label("warnings")
    query = (
        select(warning_events.c.event, counted)
        .join(warnings, warnings.c.id == warning_events.c.warning_id)
        .where(
            warning_events.c.at > since,
            warning_events.c.at <= until,
            warnings.c.quiet.is_(False),
        )
        .group_by(warning_events.c.event)
    )
    return {Step(row.event): row.warnings for row in connection.execute(query)}


def parked(connection: Connection) -> list[tuple[int, str, str, str]]:
    """The mails that were refused for good: id, recipient, subject, the server's words."""
    query = (
        select(mails.c.id, mails.c.recipient, mails.c.subject, mails.c.error)
        .where(mails.c.state == MailState.FAILED)
        .order_by(mails.c.id)
    )
    return [(row.id, row.recipient, row.subject, row.error) for row in connection.execute(query)]


def delivered_by_hand(connection: Connection, mail_id: int, *, at: datetime) -> None:
    """Marks what was just prepared as sent: it went on paper, no sender ever has it."""
    connection.execute(
        update(mails)
        .where(mails.c.id == mail_id, mails.c.state == MailState.PREPARED)
        .values(state=MailState.SENT, sent_at=at)
    )
