"""The outbox: mails queued in their cause's transaction, claimed by one sender, never twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from monitor.domain.calendar import china_time
from monitor.domain.progress import Grade
from monitor.domain.warning import MailState, Telling
from monitor.store.tables import mail_warnings, mails


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail to be queued. `run` names what it tells: one recipient gets a run's mail once."""

    message_id: str
    recipient: str
    run: str
    unit_code: str
    subject: str
    content: bytes
    tells: tuple[tuple[int, Grade], ...]


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as stored, with what a sender and a report of it need."""

    id: int
    recipient: str
    subject: str
    content: bytes


def queue(connection: Connection, letter: Letter, *, at: datetime) -> int | None:
    """The new mail's id; None where the recipient's mail of that run is queued already."""
    known = select(mails.c.id).where(
        mails.c.recipient == letter.recipient, mails.c.run == letter.run
    )
    if connection.scalar(known) is not None:
        return None
    mail_id: int = connection.execute(
        insert(mails)
        .returning(mails.c.id)
        .values(
            message_id=letter.message_id,
            recipient=letter.recipient,
            run=letter.run,
            unit_code=letter.unit_code,
            subject=letter.subject,
            content=letter.content,
            state=MailState.WAITING,
            attempts=0,
            error="",
            created_at=at,
        )
    ).scalar_one()
    rows = [
        {"mail_id": mail_id, "warning_id": warning_id, "severity": grade}
        for warning_id, grade in letter.tells
    ]
    if rows:
        connection.execute(insert(mail_warnings), rows)
    return mail_id


def tellings(connection: Connection) -> list[Telling]:
    """What the mails so far tell of which warning, and to whom, whatever became of them."""
    query = select(
        mail_warnings.c.warning_id, mails.c.recipient, mail_warnings.c.severity, mails.c.state
    ).join(mails, mails.c.id == mail_warnings.c.mail_id)
    return [
        Telling(row.warning_id, row.recipient, Grade(row.severity), MailState(row.state))
        for row in connection.execute(query)
    ]


def waiting(connection: Connection) -> list[int]:
    """The ids of the mails that wait, oldest first."""
    query = select(mails.c.id).where(mails.c.state == MailState.WAITING).order_by(mails.c.id)
    return list(connection.scalars(query))


def claim(connection: Connection, mail_id: int, *, at: datetime) -> Mail | None:
    """The mail, if it was waiting and is now this sender's alone; else None."""
    claimed = connection.execute(
        update(mails)
        .where(mails.c.id == mail_id, mails.c.state == MailState.WAITING)
        .values(state=MailState.SENDING, claimed_at=at, attempts=mails.c.attempts + 1)
    )
    if claimed.rowcount != 1:
        return None
    row = connection.execute(select(mails).where(mails.c.id == mail_id)).one()
    return Mail(row.id, row.recipient, row.subject, row.content)


def settle(
    connection: Connection, mail_id: int, state: MailState, *, at: datetime, error: str = ""
) -> None:
    """Records what became of a claimed mail.

    `unknown` is accepted as the state seen too: its sender may have been given up too early,
    and knows better what the server said.
    """
    connection.execute(
        update(mails)
        .where(mails.c.id == mail_id, mails.c.state.in_([MailState.SENDING, MailState.UNKNOWN]))
        .values(state=state, error=error, sent_at=at if state is MailState.SENT else None)
    )


def give_up_on(connection: Connection, *, claimed_before: datetime, error: str) -> list[Mail]:
    """Mails whose sender has been gone since before that time: whether they went is unknown."""
    query = select(mails).where(
        mails.c.state == MailState.SENDING, mails.c.claimed_at < claimed_before
    )
    lost = [
        Mail(row.id, row.recipient, row.subject, row.content) for row in connection.execute(query)
    ]
    for mail in lost:
        connection.execute(
            update(mails)
            .where(mails.c.id == mail.id, mails.c.state == MailState.SENDING)
            .values(state=MailState.UNKNOWN, error=error)
        )
    return lost


def rows(
    connection: Connection, *, unit: str | None = None, state: str | None = None
) -> list[dict[str, Any]]:
    """The rows of `mail list`, ready for JSON, oldest first."""
    query = select(*(column for column in mails.c if column.name != "content")).order_by(mails.c.id)
    if unit is not None:
        query = query.where(mails.c.unit_code == unit)
    if state is not None:
        query = query.where(mails.c.state == state)
    return [
        {
            "id": row.id,
            "message_id": row.message_id,
            "to": row.recipient,
            "subject": row.subject,
            "state": row.state,
            "attempts": row.attempts,
            "created_at": china_time(row.created_at),
            "sent_at": row.sent_at and china_time(row.sent_at),
            "run": row.run,
            "unit_code": row.unit_code,
            "error": row.error,
        }
        for row in connection.execute(query)
    ]
