"""Reminders of warnings that nobody has answered, and their escalation to the superior.

Days: D5 of the domain notes. The time to answer runs from the mail's acceptance by the server;
a reminder goes 2 working days before its end, one at its end, then the superior is told. A mail
that tells a higher severity asks anew, as it says itself. A look ahead asks for no answer, but
late in the year, when every mail asks what becomes of the money.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from monitor.alerts import mail_facts, wording
from monitor.alerts.digest import Known
from monitor.alerts.rule_catalogue import APPROACHING
from monitor.alerts.rule_settings import AlertRules
from monitor.alerts.told import Told
from monitor.domain.answers import FINANCE_CAUSES
from monitor.domain.calendar import CHINA
from monitor.domain.contact import Contact
from monitor.domain.draft import Draft, Tell
from monitor.domain.warning import MailKind, Purpose, Recorded, State, Telling
from monitor.domain.working_days import WorkCalendar

_NO_DAY = date.max


@dataclass(frozen=True, slots=True)
class Asked:
    """A warning that is unanswered: when it was told and reminded of, and what is due now."""

    warning: Recorded
    told_on: date
    deadline: date
    reminded_on: date | None
    warned_on: date | None
    asked_of: str
    purpose: Purpose | None


def unanswered(known: Known, rules: AlertRules, *, on: date) -> Iterator[Asked]:
    """The warnings told to a lead and not explained, with the step that is due on a day.

    Nothing is asked of a lead once the year is over, nor while the warning is doubtful.
    """
    told, calendar = Told(known.tellings, known.warnings), rules.calendar
    names = known.contacts
    for warning in known.warnings:
        if warning.state is not State.SENT or warning.quiet or warning.is_doubtful:
            continue
        if warning.for_office or on.year > warning.year:
            continue
        sent = told.sent(warning.id, (Purpose.TELL,))
        asking = _asking(sent)
        if asking is None or not _asks(warning, _day(asking), rules):
            continue
        deadline = calendar.add(_day(asking), rules.answer_days)
        steps = {
            purpose: [
                each for each in told.of(warning.id, (purpose,)) if each.mail_id > asking.mail_id
            ]
            for purpose in (Purpose.REMIND, Purpose.DEADLINE, Purpose.ESCALATE)
        }
        yield Asked(
            warning,
            _day(sent[0]),
            deadline,
            _latest(steps[Purpose.REMIND]),
            _latest(steps[Purpose.DEADLINE]),
            names.name_of(sent[0].recipient),
            _due(warning, steps, deadline, on, rules, calendar),
        )


def _asking(sent: list[Telling]) -> Telling | None:
    """The mail from which the time to answer runs: the last that told more than the one before.

    A fall in severity is told, and asks nothing anew.
    """
    weights = [0, *(each.severity.weight for each in sent)]
    rises = [
        each for before, each in zip(weights, sent, strict=False) if each.severity.weight > before
    ]
    return rises[-1] if rises else None


def _asks(warning: Recorded, told_on: date, rules: AlertRules) -> bool:
    """Whether the mail of that day asked for an answer."""
    return warning.rule != APPROACHING.id or rules.is_soft(warning.year, told_on)


def _due(
    warning: Recorded,
    steps: dict[Purpose, list[Telling]],
    deadline: date,
    on: date,
    rules: AlertRules,
    calendar: WorkCalendar,
) -> Purpose | None:
    """One step at a time, each once: before the deadline, at it, and after it the superior."""
    if on < deadline:
        soon = on >= calendar.add(deadline, -rules.remind_days)
        return Purpose.REMIND if soon and not steps[Purpose.REMIND] else None
    if not steps[Purpose.DEADLINE]:
        return Purpose.DEADLINE
    asked = _latest(steps[Purpose.DEADLINE]) or _NO_DAY
    stopped = warning.answer is not None and warning.answer.cause in FINANCE_CAUSES
    if on > max(asked, deadline) and not steps[Purpose.ESCALATE] and not stopped:
        return Purpose.ESCALATE
    return None


def _day(telling: Telling) -> date:
    return telling.sent_at.astimezone(CHINA).date() if telling.sent_at else _NO_DAY


def _latest(tellings: list[Telling]) -> date | None:
    days = [_day(each) for each in tellings if each.sent_at]
    return max(days, default=None)


def compose(known: Known, rules: AlertRules, *, on: date) -> list[Draft]:
    """One reminder for each lead, and one mail for each superior, with what is due on a day.

    For want of a superior the office is told. `release_at` is None.
    """
    letters: defaultdict[tuple[str, int, MailKind], list[tuple[Contact, Asked]]] = defaultdict(list)
    for asked in unanswered(known, rules, on=on):
        for contact, kind in _recipients(known, asked, on):
            letters[contact.email.casefold(), asked.warning.year, kind].append((contact, asked))
    office = known.contacts.office(on)
    return [
        _draft(listed[0][0], year, kind, [asked for _, asked in listed], rules, office)
        for (_, year, kind), listed in sorted(letters.items())
    ]


def _recipients(known: Known, asked: Asked, on: date) -> Iterable[tuple[Contact, MailKind]]:
    unit, contacts = asked.warning.unit_code, known.contacts
    if asked.purpose is Purpose.ESCALATE:
        above = contacts.superiors_of(unit, on) or contacts.office(on)
        return [(each, MailKind.ESCALATION) for each in above]
    lead = contacts.lead_of(unit, on)
    return [(lead, MailKind.REMINDER)] if asked.purpose and lead else []


def _draft(
    to: Contact,
    year: int,
    kind: MailKind,
    listed: list[Asked],
    rules: AlertRules,
    office: tuple[Contact, ...],
) -> Draft:
    ordered = sorted(listed, key=lambda each: (-each.warning.severity.weight, each.warning.id))
    by_unit: defaultdict[str, list[Asked]] = defaultdict(list)
    for asked in ordered:
        by_unit[asked.warning.unit_code].append(asked)
    facts: dict[str, Any] = {
        "kind": kind.value,
        "year": year,
        "parts": [
            {
                "code": unit,
                "name": of_unit[0].warning.unit_name,
                "note": "",
                "without_lead": False,
                "items": [_item(each) for each in of_unit],
            }
            for unit, of_unit in sorted(by_unit.items())
        ],
        "soft_from": list(rules.soft_wording_from),
        **mail_facts.letterhead(rules, office),
    }
    tells = tuple(
        Tell(each.warning.id, each.warning.severity, each.purpose)
        for each in ordered
        if each.purpose
    )
    unit_code = next(iter(by_unit)) if len(by_unit) == 1 else ""
    run = mail_facts.run_name(kind, year, facts)
    subject = wording.subject(kind, facts)
    return Draft(kind, to.email, to.name, run, year, unit_code, subject, facts, tells, None)


def _item(asked: Asked) -> dict[str, Any]:
    days = {
        "told_on": asked.told_on,
        "reminded_on": asked.reminded_on,
        "warned_on": asked.warned_on,
        "deadline": asked.deadline,
    }
    return {
        **mail_facts.item(asked.warning),
        **{name: day and day.isoformat() for name, day in days.items()},
        "asked_of": asked.asked_of,
        "stage": asked.purpose.value if asked.purpose else "",
    }
