"""Leases: one sender at a time has a mail; what it leaves when it dies is taken again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select, update

from monitor.domain.warning import MailKind, MailState
from monitor.store.alert_tables import mails


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as stored. `content` is None until it is rendered; `lease` its sender's word."""

    id: int
    message_id: str
    kind: MailKind
    recipient: str
    name: str
    run: str
    year: int
    unit_code: str
    subject: str
    facts: Mapping[str, Any]
    content: bytes | None
    attempts: int
    lease: str


def load(connection: Connection, mail_id: int) -> Mail | None:
    """A mail by its id, whoever has it."""
    row = connection.execute(select(mails).where(mails.c.id == mail_id)).first()
    return None if row is None else _mail(row)


def _mail(row: Row[Any]) -> Mail:
    return Mail(
        id=row.id,
        message_id=row.message_id,
        kind=MailKind(row.kind),
        recipient=row.recipient,
        name=row.name,
        run=row.run,
        year=row.year,
        unit_code=row.unit_code,
        subject=row.subject,
        facts=row.facts,
        content=row.content,
        attempts=row.attempts,
        lease=row.lease,
    )


def lease(
    connection: Connection,
    *,
    at: datetime,
    word: str,
    gone_before: datetime,
    after: int | None = None,
) -> Mail | None:
    """The next mail that is due, now leased under `word`; None where nothing is due.

    A mail leased before `gone_before` was left by a sender that died and is due again. With
    `after`, neither release nor waiting counts: the next mail by id that is not held.
    """
    chosen = select(mails.c.id, mails.c.state, mails.c.lease)
    if after is None:
        chosen = chosen.where(_due(at, gone_before))
        chosen = chosen.order_by(func.coalesce(mails.c.due_at, mails.c.release_at), mails.c.id)
    else:
        chosen = chosen.where(_not_held(gone_before), mails.c.id > after).order_by(mails.c.id)
    seen = connection.execute(chosen.limit(1)).first()
    if seen is None:
        return None
    taken = connection.execute(
        update(mails)
        .where(mails.c.id == seen.id, mails.c.state == seen.state, mails.c.lease == seen.lease)
        .values(
            state=MailState.SENDING,
            lease=word,
            leased_at=at,
            attempts=mails.c.attempts + 1,
        )
    )
    if taken.rowcount != 1:
        return None
    return load(connection, seen.id)


def _due(at: datetime, gone_before: datetime) -> ColumnElement[bool]:
    return or_(
        and_(mails.c.state == MailState.WAITING, mails.c.due_at <= at),
        and_(mails.c.state == MailState.PREPARED, mails.c.release_at <= at),
        _left(gone_before),
    )


def _not_held(gone_before: datetime) -> ColumnElement[bool]:
    return or_(mails.c.state.in_([MailState.WAITING, MailState.PREPARED]), _left(gone_before))


def _left(gone_before: datetime) -> ColumnElement[bool]:
    return and_(mails.c.state == MailState.SENDING, mails.c.leased_at < gone_before)


def keep(connection: Connection, mail: Mail, content: bytes) -> bool:
    """Stores what was rendered, before it is sent; False where the lease is lost."""
    kept = connection.execute(
        update(mails).where(_mine(mail), mails.c.content.is_(None)).values(content=content)
    )
    return kept.rowcount == 1


def settle(
    connection: Connection,
    mail: Mail,
    state: MailState,
    *,
    at: datetime,
    error: str = "",
    due_at: datetime | None = None,
) -> bool:
    """Records what became of a leased mail; False where that is no longer this sender's to say.

    That the server took it is always recorded, once: a sender given up too early knows better.
    """
    if state is MailState.SENT:
        seen = and_(mails.c.id == mail.id, mails.c.state != MailState.SENT)
    else:
        seen = _mine(mail)
    settled = connection.execute(
        update(mails)
        .where(seen)
        .values(
            state=state,
            error=error,
            due_at=due_at,
            sent_at=at if state is MailState.SENT else None,
            lease="",
        )
    )
    return settled.rowcount == 1


def _mine(mail: Mail) -> ColumnElement[bool]:
    return and_(
        mails.c.id == mail.id, mails.c.state == MailState.SENDING, mails.c.lease == mail.lease
    )
