"""How deep the queues are: mails, warnings and payments that wait. For `monitor status`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, Connection, cast, func, select

from monitor.domain.progress import Grade
from monitor.domain.warning import OPEN_STATES, MailState
from monitor.store.alert_tables import mails, warnings
from monitor.store.matches import UNMATCHED
from monitor.store.payment_tables import payments


@dataclass(frozen=True, slots=True)
class Outbox:
    """Mails by state (those that are not done), and since when the oldest could have left."""

    by_state: dict[MailState, int]
    oldest: datetime | None


def outbox(connection: Connection) -> Outbox:
    """What has not been sent. A mail could leave from its release on, by default its making."""
    counted = select(mails.c.state, func.count()).group_by(mails.c.state)
    done = (MailState.SENT, MailState.CANCELLED)
    found = {MailState(state): mails_ for state, mails_ in connection.execute(counted)}
    since = func.coalesce(mails.c.release_at, mails.c.created_at)
    waiting = mails.c.state.in_([MailState.WAITING, MailState.SENDING])
    oldest = connection.execute(
        select(mails.c.release_at, mails.c.created_at).where(waiting).order_by(since).limit(1)
    ).first()
    return Outbox(
        {state: found[state] for state in MailState if state in found and state not in done},
        (oldest.release_at or oldest.created_at) if oldest else None,
    )


def open_warnings(connection: Connection) -> dict[Grade, int]:
    """The open warnings that are to be told, by severity, the worst first."""
    query = (
        select(warnings.c.severity, func.count())
        .where(warnings.c.state.in_(OPEN_STATES), warnings.c.quiet.is_(False))
        .group_by(warnings.c.severity)
    )
    found = {Grade(severity): count for severity, count in connection.execute(query)}
    return {grade: found[grade] for grade in reversed(Grade) if grade in found}


def unmatched(connection: Connection) -> tuple[int, int]:
    """Payments that belong to no project yet: lines and fen."""
    fen = cast(func.coalesce(func.sum(payments.c.amount_fen), 0), BigInteger)
    lines, total = connection.execute(select(func.count(), fen).where(UNMATCHED)).one()
    return int(lines), int(total)
