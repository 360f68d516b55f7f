"""What the office is told of mails that were refused for good."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection

from monitor.domain.calendar import CHINA
from monitor.domain.contact import Contact, Contacts
from monitor.domain.draft import Draft
from monitor.domain.warning import MailKind
from monitor.store import leases, outbox
from monitor.store.leases import Mail

_TOGETHER = timedelta(minutes=10)
"""So long the note waits, that one mail tells of all that are refused in a row."""


def tell_office(
    connection: Connection, mail: Mail, words: str, *, contacts: Contacts, domain: str, at: datetime
) -> None:
    """Writes to everybody at the office that `mail` was refused, in the server's `words`.

    One mail tells of all refusals since the last one that left. Of a note that is refused
    itself nobody is told: it stays in `monitor mail list`. The facts: `mails`, each with `id`,
    `to`, `name`, `unit_code`, `subject`, `words`.
    """
    if mail.kind is MailKind.TROUBLE:
        return
    refused = {
        "id": mail.id,
        "to": mail.recipient,
        "name": mail.name,
        "unit_code": mail.unit_code,
        "subject": mail.subject,
        "words": words,
    }
    for contact in contacts.office(at.astimezone(CHINA).date()):
        _tell(connection, contact, refused, f"{mail.id}:{mail.attempts}", domain, at)


def _tell(
    connection: Connection,
    contact: Contact,
    refused: dict[str, object],
    what: str,
    domain: str,
    at: datetime,
) -> None:
    before = outbox.open_digest(connection, contact.email, 0, MailKind.TROUBLE)
    earlier = leases.load(connection, before.id) if before else None
    refusals = [*(earlier.facts["mails"] if earlier else ()), refused]
    run = sha256(f"{earlier.run if earlier else ''} {what}".encode()).hexdigest()[:16]
    draft = Draft(
        kind=MailKind.TROUBLE,
        email=contact.email,
        name=contact.name,
        run=f"trouble-{run}",
        year=0,
        unit_code="",
        subject=f"【预算执行监控】{len(refusals)} 封邮件被拒收，请核对收件地址",
        facts={"mails": refusals},
        tells=(),
        release_at=at + _TOGETHER,
    )
    outbox.prepare(connection, draft, domain=domain, at=at, instead_of=before)
