"""The outbox: mails written in their cause's transaction, seen, held and released by people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, or_, select, update

from monitor.domain.calendar import china_time
from monitor.domain.draft import Draft
from monitor.domain.progress import Grade
from monitor.domain.warning import MailKind, MailState, Purpose, Telling
from monitor.store.alert_tables import mail_warnings, mails, warnings

NOT_LEASED = and_(
    mails.c.state.in_([MailState.PREPARED, MailState.HELD, MailState.WAITING]),
    mails.c.attempts == 0,
)


@dataclass(frozen=True, slots=True)
class OpenMail:
    """A mail that no sender has leased yet: a newer one may take its place."""

    id: int
    run: str
    state: MailState
    release_at: datetime | None


def message_id(run: str, email: str, domain: str) -> str:
    """The same for the same run to the same person: a second copy can be told as such."""
    name = sha256(f"{run} {email.casefold()}".encode()).hexdigest()[:32]
    return f"<{name}@{domain}>"


def prepare(
    connection: Connection,
    draft: Draft,
    *,
    domain: str,
    at: datetime,
    instead_of: OpenMail | None = None,
) -> int | None:
    """Writes a mail; its id, or None where the recipient has this run already.

    It waits for its release, or for a sender at once where `release_at` has come. In place of
    an open mail it takes over that one's release and whether it is held, and the other is
    cancelled, also where the recipient has this run already. A run that was cancelled before
    comes back to life under its own Message-ID.
    """
    name = message_id(draft.run, draft.email, domain)
    known = connection.execute(
        select(mails.c.id, mails.c.state).where(
            or_(
                mails.c.message_id == name,
                and_(mails.c.recipient == draft.email, mails.c.run == draft.run),
            )
        )
    ).first()
    values = row_of(draft, at, instead_of)
    if instead_of is not None and (known is None or known.id != instead_of.id):
        cancel(connection, instead_of.id)
    if known is not None and known.state != MailState.CANCELLED:
        return None
    if known is None:
        mail_id: int = connection.scalars(
            insert(mails)
            .returning(mails.c.id)
            .values(values | {"message_id": name, "recipient": draft.email, "created_at": at})
        ).one()
    else:
        mail_id = known.id
        connection.execute(update(mails).where(mails.c.id == mail_id).values(values))
        connection.execute(delete(mail_warnings).where(mail_warnings.c.mail_id == mail_id))
    if told := told_rows(mail_id, draft):
        connection.execute(insert(mail_warnings), told)
    return mail_id


def row_of(draft: Draft, at: datetime, instead_of: OpenMail | None) -> dict[str, Any]:
    """A draft as a row of `mails`, without recipient, Message-ID and birth."""
    release_at = instead_of.release_at if instead_of else draft.release_at
    state = MailState.PREPARED
    if instead_of and instead_of.state is MailState.HELD:
        state = MailState.HELD
    elif instead_of and instead_of.state is MailState.WAITING:
        state, release_at = MailState.WAITING, release_at or at
    elif release_at is not None and release_at <= at:
        state = MailState.WAITING
    return {
        "kind": draft.kind.value,
        "name": draft.name,
        "run": draft.run,
        "year": draft.year,
        "unit_code": draft.unit_code,
        "subject": draft.subject,
        "facts": dict(draft.facts),
        "content": None,
        "state": state.value,
        "attempts": 0,
        "error": "",
        "release_at": release_at,
        "due_at": max(release_at, at) if state is MailState.WAITING and release_at else None,
        "lease": "",
    }


def told_rows(mail_id: int, draft: Draft) -> list[dict[str, Any]]:
    """What a mail tells, as rows of `mail_warnings`."""
    return [
        {
            "mail_id": mail_id,
            "warning_id": tell.warning_id,
            "purpose": tell.purpose.value,
            "severity": tell.severity.value,
        }
        for tell in draft.tells
    ]


def open_digest(connection: Connection, email: str, year: int, kind: MailKind) -> OpenMail | None:
    """The recipient's mail of that kind and year that no sender has leased yet."""
    row = connection.execute(
        select(mails.c.id, mails.c.run, mails.c.state, mails.c.release_at)
        .where(mails.c.recipient == email, mails.c.year == year, mails.c.kind == kind, NOT_LEASED)
        .order_by(mails.c.id.desc())
    ).first()
    return None if row is None else OpenMail(row.id, row.run, MailState(row.state), row.release_at)


def cancel(connection: Connection, mail_id: int) -> bool:
    """Takes a mail back that no sender has leased yet; False where it is too late."""
    cancelled = connection.execute(
        update(mails)
        .where(mails.c.id == mail_id, NOT_LEASED)
        .values(state=MailState.CANCELLED, due_at=None)
    )
    return cancelled.rowcount == 1


def hold(connection: Connection, *, unit: str | None = None) -> int:
    """Holds the mails that no sender has now (of a unit); how many."""
    wanted = mails.c.state.in_([MailState.PREPARED, MailState.WAITING])
    return _move(connection, wanted, unit, state=MailState.HELD, due_at=None)


def release(connection: Connection, *, at: datetime, unit: str | None = None) -> int:
    """Lets the held and the prepared mails (of a unit) go at once; how many."""
    wanted = mails.c.state.in_([MailState.PREPARED, MailState.HELD])
    return _move(connection, wanted, unit, state=MailState.WAITING, due_at=at, release_at=at)


def retry(connection: Connection, *, at: datetime, mail_id: int | None = None) -> int:
    """Lets a refused or waiting mail (without an id: all of them) be tried at once; how many."""
    again = mails.c.state.in_([MailState.FAILED, MailState.WAITING])
    wanted = again if mail_id is None else and_(again, mails.c.id == mail_id)
    return _move(connection, wanted, None, state=MailState.WAITING, due_at=at)


def _move(connection: Connection, wanted: Any, unit: str | None, **values: Any) -> int:
    of_unit = [] if unit is None else [_about(unit)]
    moved = connection.execute(update(mails).where(wanted, *of_unit).values(**values))
    return moved.rowcount


def _about(unit: str) -> ColumnElement[bool]:
    """A unit's mails, those of a lead of several units too; not the office's own."""
    telling = (
        select(mail_warnings.c.mail_id)
        .join(warnings, warnings.c.id == mail_warnings.c.warning_id)
        .where(warnings.c.unit_code == unit)
    )
    of_several = and_(
        mails.c.unit_code == "",
        mails.c.kind != MailKind.OFFICE,
        mails.c.id.in_(telling),
    )
    return or_(mails.c.unit_code == unit, of_several)


def tellings(connection: Connection, year: int | None = None) -> list[Telling]:
    """What mails tell of which warning (of a year), to whom and why; not the cancelled ones."""
    query = (
        select(
            mail_warnings,
            mails.c.recipient,
            mails.c.state,
            mails.c.sent_at,
            mails.c.created_at,
        )
        .join(mails, mails.c.id == mail_warnings.c.mail_id)
        .where(mails.c.state != MailState.CANCELLED)
        .order_by(mail_warnings.c.mail_id, mail_warnings.c.warning_id)
    )
    if year is not None:
        query = query.join(warnings, warnings.c.id == mail_warnings.c.warning_id).where(
            warnings.c.year == year
        )
    return [
        Telling(
            warning_id=row.warning_id,
            recipient=row.recipient,
            severity=Grade(row.severity),
            purpose=Purpose(row.purpose),
            state=MailState(row.state),
            mail_id=row.mail_id,
            sent_at=row.sent_at,
            created_at=row.created_at,
        )
        for row in connection.execute(query)
    ]


def rows(
    connection: Connection,
    *,
    unit: str | None = None,
    state: str | None = None,
    kind: str | None = None,
    ids: Sequence[int] | None = None,
) -> list[dict[str, Any]]:
    """The rows of `mail list`, ready for JSON, oldest first."""
    heavy = ("content", "facts")
    query = select(*(column for column in mails.c if column.name not in heavy))
    wanted = {mails.c.state: state, mails.c.kind: kind}
    query = query.where(*(column == value for column, value in wanted.items() if value is not None))
    if unit is not None:
        query = query.where(_about(unit))
    if ids is not None:
        query = query.where(mails.c.id.in_(ids))
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
            "kind": row.kind,
            "release_at": row.release_at and china_time(row.release_at),
            "due_at": row.due_at and china_time(row.due_at),
        }
        for row in connection.execute(query.order_by(mails.c.id))
    ]


def told_by(connection: Connection, mail_id: int) -> list[dict[str, Any]]:
    """The warnings that a mail tells, as `mail show` lists them."""
    query = (
        select(mail_warnings, warnings.c.rule, warnings.c.subject, warnings.c.period)
        .join(warnings, warnings.c.id == mail_warnings.c.warning_id)
        .where(mail_warnings.c.mail_id == mail_id)
        .order_by(mail_warnings.c.warning_id, mail_warnings.c.purpose)
    )
    keys = ("warning_id", "rule", "subject", "period", "severity", "purpose")
    return [{key: getattr(row, key) for key in keys} for row in connection.execute(query)]
