"""What a warning takes over from the one of the same stage whose place it takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, insert, literal, or_, select

from monitor.domain.warning import Change, MailState, Recorded
from monitor.store.alert_tables import acknowledgements, mail_warnings, mails
from monitor.store.warning_query import last_raised

_Steps = Sequence[tuple[int, Change]]

_OF_AN_ANSWER = (
    "cause", "text", "answer", "measure", "promised", "author", "source", "recorded_at", "actor",
)  # fmt: skip


def inherit(connection: Connection, steps: _Steps) -> list[tuple[int, Change]]:
    """What is known of the former ones is noted at new warnings that stand in their place.

    So nothing paid that becomes a mere lag costs no second mail, starts no second time to answer,
    and stays explained; it is judged by the day for which the former one was raised. Gives the
    steps with that day.
    """
    heirs = [(id_, change, change.instead_of) for id_, change in steps if change.instead_of]
    if not heirs:
        return [*steps]
    days = last_raised(connection, [former.id for _, _, former in heirs])
    for id_, _, former in heirs:
        _inherit(connection, id_, former)
    since = {id_: days.get(former.id) for id_, _, former in heirs}
    return [(id_, replace(each, as_of=since.get(id_) or each.as_of)) for id_, each in steps]


def _inherit(connection: Connection, warning_id: int, former: Recorded) -> None:
    """What was told before `untold_since` counts no more, as ever."""
    told = (
        select(
            mail_warnings.c.mail_id,
            literal(warning_id),
            mail_warnings.c.purpose,
            mail_warnings.c.severity,
        )
        .join(mails, mails.c.id == mail_warnings.c.mail_id)
        .where(mail_warnings.c.warning_id == former.id, mails.c.state != MailState.CANCELLED)
    )
    if former.untold_since:
        told = told.where(or_(mails.c.sent_at.is_(None), mails.c.sent_at > former.untold_since))
    columns = ["mail_id", "warning_id", "purpose", "severity"]
    connection.execute(insert(mail_warnings).from_select(columns, told))
    answer = select(
        literal(warning_id), *(acknowledgements.c[name] for name in _OF_AN_ANSWER), literal(0)
    ).where(acknowledgements.c.warning_id == former.id, acknowledgements.c.undone == 0)
    columns = ["warning_id", *_OF_AN_ANSWER, "undone"]
    connection.execute(insert(acknowledgements).from_select(columns, answer))
