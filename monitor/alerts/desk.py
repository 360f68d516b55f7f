"""A sender's desk: how mails are rendered and the office is told, by a workspace's settings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage

from sqlalchemy import Connection

from monitor.alerts import letters, preparing, trouble
from monitor.alerts.letters import Stationery
from monitor.alerts.sending import LEASE, Desk
from monitor.alerts.smtp import MailServer
from monitor.domain.calendar import Now
from monitor.domain.contact import Contacts
from monitor.errors import ConfigError
from monitor.store.leases import Mail

_ANSWERS = 20  # of the server, that one mail can wait for, a second connection included


def desk(
    stationery: Stationery,
    server: MailServer | None,
    contacts: Callable[[], Contacts],
    now: Now,
) -> Desk:
    """The desk of a workspace; a lease outlasts the slowest hand-over to `server`."""

    def tell_of(connection: Connection, mail: Mail, words: str, at: datetime) -> None:
        try:
            known = contacts()
        except ConfigError:  # the refusal must be recorded all the same; `mail list` shows it
            known = Contacts()
        trouble.tell_office(
            connection, mail, words, contacts=known, domain=stationery.domain, at=at
        )

    def render(mail: Mail) -> EmailMessage:
        return letters.render(
            mail.kind,
            mail.facts,
            to=(mail.name, mail.recipient),
            message_id=mail.message_id,
            subject=mail.subject,
            at=now(),
            stationery=stationery,
        )

    longest = timedelta(seconds=server.timeout * _ANSWERS if server else 0)
    return Desk(
        render, preparing.still_true, tell_of, stationery.rules.sending.is_open, max(LEASE, longest)
    )
