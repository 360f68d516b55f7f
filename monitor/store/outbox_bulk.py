"""Thousands of mails written to the outbox at once, each as `outbox.prepare` writes one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, select, update

from monitor.domain.draft import Draft
from monitor.domain.warning import MailState
from monitor.store.alert_tables import mail_warnings, mails
from monitor.store.batches import add_all, among, batches
from monitor.store.outbox import NOT_LEASED, OpenMail, message_id, prepare, row_of, told_rows


def prepare_all(
    connection: Connection,
    drafts: Sequence[tuple[Draft, OpenMail | None]],
    *,
    domain: str,
    at: datetime,
) -> int:
    """Writes many mails as `prepare` does, each with the open mail that it replaces; how many.

    Those whose run nobody has had yet are written together.
    """
    names = [message_id(draft.run, draft.email, domain) for draft, _ in drafts]
    known = _known(connection, drafts, names)
    new: dict[str, tuple[Draft, OpenMail | None]] = {}
    others = []
    for name, (draft, instead_of) in zip(names, drafts, strict=True):
        is_known = name in known or (draft.email, draft.run) in known or name in new
        if is_known:
            others.append((draft, instead_of))
        else:
            new[name] = draft, instead_of
    _cancel_all(connection, [instead_of.id for _, instead_of in new.values() if instead_of])
    _add_all(connection, new, at)
    written = [
        prepare(connection, draft, domain=domain, at=at, instead_of=instead_of)
        for draft, instead_of in others
    ]
    return len(new) + sum(each is not None for each in written)


def _known(
    connection: Connection, drafts: Sequence[tuple[Draft, OpenMail | None]], names: Iterable[str]
) -> set[str | tuple[str, str]]:
    """The Message-IDs, and the recipients with their runs, that are there already."""
    by_name = among(connection, mails.c.message_id, names)
    found: set[str | tuple[str, str]] = set(
        connection.scalars(select(mails.c.message_id).where(by_name))
    )
    theirs = among(connection, mails.c.recipient, {draft.email for draft, _ in drafts})
    rows = connection.execute(select(mails.c.recipient, mails.c.run).where(theirs))
    return found | {(row.recipient, row.run) for row in rows}


def _add_all(
    connection: Connection, new: Mapping[str, tuple[Draft, OpenMail | None]], at: datetime
) -> None:
    add_all(
        connection,
        mails,
        [
            row_of(draft, at, instead_of)
            | {"message_id": name, "recipient": draft.email, "created_at": at}
            for name, (draft, instead_of) in new.items()
        ],
    )
    by_name = among(connection, mails.c.message_id, new)
    rows = connection.execute(select(mails.c.message_id, mails.c.id).where(by_name))
    ids = {row.message_id: row.id for row in rows}
    told = [row for name, (draft, _) in new.items() for row in told_rows(ids[name], draft)]
    add_all(connection, mail_warnings, told)


def _cancel_all(connection: Connection, ids: Sequence[int]) -> None:
    for some in batches(ids):
        connection.execute(
            update(mails)
            .where(mails.c.id.in_(some), NOT_LEASED)
            .values(state=MailState.CANCELLED, due_at=None)
        )
