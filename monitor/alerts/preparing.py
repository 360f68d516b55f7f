"""Puts the mails of the moment together and writes them to the outbox, in its caller's transaction.

A person gets one mail a run: a new one takes the place of what no sender has leased yet, so that
several checks before the release make one mail.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cache

from sqlalchemy import Connection

from monitor.alerts import digest, mail_facts, reminders, weekly_facts
from monitor.alerts.digest import Known
from monitor.alerts.letters import Stationery
from monitor.alerts.mail_facts import Facts
from monitor.domain.calendar import CHINA
from monitor.domain.contact import Contacts
from monitor.domain.draft import Draft
from monitor.domain.warning import MailKind, State
from monitor.domain.working_days import WorkCalendar
from monitor.errors import Diagnostic
from monitor.store import alerts, open_mails, outbox, outbox_bulk
from monitor.store.leases import Mail
from monitor.store.open_mails import Waiting

REPLACED = (MailKind.DIGEST, MailKind.OFFICE, MailKind.RESOLVED, MailKind.WITHDRAWN)
"""Kinds of which a new composition takes the place of the one before."""
_TO_OFFICE = (MailKind.OFFICE, MailKind.WEEKLY, MailKind.RECEIPT, MailKind.TROUBLE)
_ABOUT_THE_ENDED = (MailKind.RESOLVED, MailKind.WITHDRAWN)
_FOLLOW_UPS = (MailKind.REMINDER, MailKind.ESCALATION)
_Key = tuple[str, int, MailKind, str]


def prepare(
    connection: Connection, contacts: Contacts, *, now: datetime, stationery: Stationery
) -> tuple[int, Sequence[Diagnostic]]:
    """Writes the mails about everything untold; how many are new, and what stays untold.

    Call it in the transaction that records the warnings.
    """
    waiting = open_mails.load(connection, REPLACED)
    now_known = known(connection, contacts, waiting)
    drafts, diagnostics = digest.compose(now_known, stationery.rules, now=now)
    written = _write(connection, drafts, waiting, now, stationery)
    return written, diagnostics


def remind(
    connection: Connection,
    contacts: Contacts,
    stationery: Stationery,
    *,
    on: date,
    now: datetime,
) -> str:
    """Writes the reminders and escalations that are due on a day; in Chinese, how many."""
    drafts = reminders.compose(known(connection, contacts, ()), stationery.rules, on=on)
    written = _write(connection, drafts, (), now, stationery)
    return f"写成提醒和上报邮件 {written} 封"


def weekly(
    connection: Connection,
    contacts: Contacts,
    stationery: Stationery,
    *,
    on: date,
    now: datetime,
) -> str:
    """Writes the summary of the week before a day to the office, once; in Chinese, how many."""
    now_known = known(connection, contacts, ())
    drafts = weekly_facts.compose(connection, now_known, stationery.rules, on=on)
    written = _write(connection, drafts, (), now, stationery)
    return f"写成周报 {written} 封"


def still_true(connection: Connection, mail: Mail) -> bool:
    """Whether a mail still has something to tell: a warning that is unanswered, or that ended."""
    ids = mail_facts.all_ids(mail.facts)
    if not ids:
        return True
    states = open_mails.states(connection, ids).values()
    if mail.kind in _ABOUT_THE_ENDED:
        return any(not state.is_open for state in states)
    if any(state in (State.RAISED, State.SENT) for state in states):
        return True
    changed = mail.facts.get("changes", {})
    return mail.kind not in _FOLLOW_UPS and bool(changed.get("withdrawn"))


def release_at(
    kind: MailKind, policy: str, now: datetime, calendar: WorkCalendar
) -> datetime | None:
    """When a mail may go: at once, at the same hour of the next working day, or when let go.

    By the policy `veto` digests wait; what follows up on a digest that went, and what the
    office is told, goes at once. By `manual` everything waits but what the office is told.
    """
    if kind in _TO_OFFICE or policy == "auto":
        return now
    if policy == "manual":
        return None
    if kind is not MailKind.DIGEST:
        return now
    here = now.astimezone(CHINA)
    return datetime.combine(calendar.add(here.date(), 1), here.timetz())


def known(connection: Connection, contacts: Contacts, waiting: Sequence[Waiting]) -> Known:
    """Everything of the moment, but what the mails tell that are to be written anew."""
    anew = {each.mail.id for each in waiting}
    ended = open_mails.ended(connection)
    wanted = open_mails.open_warnings(connection) | ended
    recorded = alerts.load(connection, ids=wanted) if wanted else []
    tellings = [
        each
        for year in sorted({warning.year for warning in recorded})
        for each in outbox.tellings(connection, year)
        if each.mail_id not in anew
    ]

    @cache
    def last() -> dict[tuple[str, int], Facts]:
        return dict(open_mails.last_digests(connection))

    def former(email: str, year: int) -> Facts | None:
        return last().get((email.casefold(), year))

    reasons = open_mails.reasons(connection, ended)
    return Known(tuple(recorded), tuple(tellings), contacts, reasons, former)


def _write(
    connection: Connection,
    drafts: Sequence[Draft],
    waiting: Sequence[Waiting],
    now: datetime,
    stationery: Stationery,
) -> int:
    """Writes the drafts, each in the place of its recipient's mail of before; how many are new."""
    before = {_key(each): each for each in waiting}
    policy = stationery.rules.release
    calendar, anew = stationery.calendar, []
    for draft in drafts:
        former = before.pop(_key(draft), None)
        if former and former.mail.run == draft.run:
            continue
        released = replace(draft, release_at=release_at(draft.kind, policy, now, calendar))
        anew.append((released, former.mail if former else None))
    written = outbox_bulk.prepare_all(connection, anew, domain=stationery.domain, at=now)
    for gone in before.values():
        outbox.cancel(connection, gone.mail.id)
    return written


def _key(mail: Draft | Waiting) -> _Key:
    email = mail.email if isinstance(mail, Draft) else mail.recipient
    return email.casefold(), mail.year, mail.kind, _copied(mail.facts)


def _copied(facts: Mapping[str, object]) -> str:
    """Whose mail it is a copy of: a deputy of two units gets one of each lead's."""
    return str(facts.get("copy_of", ""))
