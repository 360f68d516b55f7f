"""Who is to be told what: one mail for each person and run, put together from the warnings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from monitor.alerts import mail_facts, wording
from monitor.alerts.composed import (
    DOUBTFUL,
    NO_LEAD_NOTE,
    OWN,
    YEAR_OVER,
    Letter,
    copy_for,
    only_unit,
    parts,
    tells,
)
from monitor.alerts.contact_kinds import NO_LEAD, NO_OFFICE, NO_PROJECT, NO_RECIPIENT
from monitor.alerts.mail_facts import Facts
from monitor.alerts.rule_catalogue import APPROACHING, INDICATORS, Audience
from monitor.alerts.rule_settings import AlertRules
from monitor.alerts.told import STAGE, Told
from monitor.domain.calendar import CHINA
from monitor.domain.contact import Contact, Contacts, Role
from monitor.domain.draft import Draft
from monitor.domain.warning import MailKind, Purpose, Recorded, State, Telling
from monitor.errors import Diagnostic, Place

BY_LETTER = "letter:"
"""Stands in an address's place where a unit without a lead was told by a letter on paper."""
_CONTACTS = Place("contacts.csv")


@dataclass(frozen=True, slots=True)
class Known:
    """All that is known when mails are put together.

    `warnings` are the open ones, and the closed ones of which somebody has not been told the end.
    `reasons` says why one was withdrawn, `former` gives the facts of the last digest that was
    sent to an address about a year.
    """

    warnings: tuple[Recorded, ...]
    tellings: tuple[Telling, ...]
    contacts: Contacts
    reasons: Mapping[int, str] = field(default_factory=dict)
    former: Callable[[str, int], Facts | None] = lambda _email, _year: None


_Letters = dict[tuple[str, int, MailKind], Letter]


def _matter(warning: Recorded) -> tuple[int, str, bool]:
    """What a warning is about: a project's money, by whatever rule, or its indicators (双监控)."""
    return warning.year, warning.subject, warning.rule == INDICATORS.id


def compose(
    known: Known, rules: AlertRules, *, now: datetime
) -> tuple[list[Draft], list[Diagnostic]]:
    """One draft for each person, budget year and kind with something untold, and what stays so.

    The lead of a unit is told its lags; the office its own matters, what is doubtful, and what
    no lead can be told. The drafts are not yet released: `release_at` is None.
    """
    maker = _Maker(known, rules, now.astimezone(CHINA).date())
    for warning in known.warnings:
        if warning.state in (State.RAISED, State.SENT) and not warning.quiet:
            maker.tell(warning)
    maker.add_fallen()
    maker.add_ended()
    return [*maker.drafts()], maker.diagnostics()


class _Maker:
    def __init__(self, known: Known, rules: AlertRules, on: date) -> None:
        self._known, self._rules, self._on = known, rules, on
        self._calendar = rules.calendar
        self._told = Told(known.tellings, known.warnings)
        self._letters: _Letters = {}
        self._office = known.contacts.office(on)
        self._passed_on: defaultdict[str, set[int]] = defaultdict(set)
        self._stuck: defaultdict[str, set[int]] = defaultdict(set)
        self._gone: dict[str, int] = {}

    def tell(self, warning: Recorded) -> None:
        """Puts a warning into the mails of those who are to be told it and have not been."""
        if warning.project_code and not warning.unit_code and self._is_lead(warning):
            if self._told.needs(warning, STAGE, ""):
                self._gone[warning.project_code] = warning.id
        elif self._is_for_office(warning):
            over = self._is_lead(warning) and self._on.year > warning.year
            note = YEAR_OVER.format(year=warning.year) if over else OWN
            self._tell_office(warning, Purpose.OFFICE, note)
        elif self._is_in_doubt(warning):
            note = DOUBTFUL.format(days=self._rules.doubt_days)
            self._tell_office(warning, Purpose.OFFICE, note)
        elif lead := self._known.contacts.lead_of(warning.unit_code, self._on):
            if self._told.needs(warning, (Purpose.TELL,), lead.email):
                self._letter(lead, warning.year, MailKind.DIGEST).told.append(
                    (warning, Purpose.TELL, "")
                )
        else:
            self._tell_office(warning, Purpose.TELL, NO_LEAD_NOTE)

    def _is_for_office(self, warning: Recorded) -> bool:
        """Its own matters, and after the year's end all of it: what is unspent is 结余 then."""
        over = self._on.year > warning.year
        return warning.for_office or over or not self._is_lead(warning)

    def _is_lead(self, warning: Recorded) -> bool:
        return self._rules.audience(warning.rule, warning.unit_code) is Audience.LEAD

    def _is_in_doubt(self, warning: Recorded) -> bool:
        """Whether the office still has time to look into a doubt before the lead is told."""
        if not warning.is_doubtful or not self._office:
            return False
        asked = self._told.sent(warning.id, (Purpose.OFFICE,))
        if not asked or asked[0].sent_at is None:
            return True
        since = asked[0].sent_at.astimezone(CHINA).date()
        return self._on < self._calendar.add(since, self._rules.doubt_days)

    def _tell_office(self, warning: Recorded, purpose: Purpose, note: str) -> None:
        purposes = (Purpose.TELL,) if purpose is Purpose.TELL else STAGE
        untold = [each for each in self._office if self._told.needs(warning, purposes, each.email)]
        for contact in untold:
            letter = self._letter(contact, warning.year, MailKind.OFFICE)
            letter.told.append((warning, purpose, note))
        if purpose is Purpose.TELL and untold:
            self._passed_on[warning.unit_code].add(warning.id)
        if not self._office and self._told.needs(warning, purposes, ""):
            unit = warning.unit_code if purpose is Purpose.TELL else ""
            self._stuck[unit].add(warning.id)

    def _letter(self, to: Contact, year: int, kind: MailKind) -> Letter:
        key = (to.email.casefold(), year, kind)
        return self._letters.setdefault(key, Letter(to, year, kind))

    def add_fallen(self) -> None:
        """A fall in severity makes no mail; the next digest tells it."""
        for warning in self._known.warnings:
            if not warning.state.is_open or warning.quiet:
                continue
            for email in self._told.fallen_for(warning):
                for kind in (MailKind.DIGEST, MailKind.OFFICE):
                    letter = self._letters.get((email, warning.year, kind))
                    if letter and all(told.id != warning.id for told, _, _ in letter.told):
                        letter.fallen.append(warning)

    def add_ended(self) -> None:
        """Whoever had been told hears that it is over; in the digest, where there is one.

        A lag that another one of its project has taken the place of is not over; a look ahead
        takes no lag's place. That an office's own matter is settled makes no mail of its own.
        """
        open_subjects = {
            _matter(each)
            for each in self._known.warnings
            if each.state.is_open and not each.quiet and self._is_lead(each)
            if each.rule != APPROACHING.id
        }
        withdrawn_first = sorted(self._known.warnings, key=lambda w: w.state is State.RESOLVED)
        for warning in withdrawn_first:
            if warning.state is State.RESOLVED and _matter(warning) in open_subjects:
                continue
            if warning.state in (State.RESOLVED, State.WITHDRAWN):
                for email in self._told.to_be_told_the_end(warning.id):
                    self._end(warning, email)

    def _end(self, warning: Recorded, email: str) -> None:
        key = email.casefold()
        for kind in (MailKind.DIGEST, MailKind.OFFICE, MailKind.WITHDRAWN, MailKind.RESOLVED):
            if letter := self._letters.get((key, warning.year, kind)):
                letter.ended.append(warning)
                return
        if warning.state is State.WITHDRAWN:
            kind = MailKind.WITHDRAWN
        elif self._is_lead(warning):
            kind = MailKind.RESOLVED
        else:
            return
        for contact in self._reached_at(warning.unit_code, email):
            self._letter(contact, warning.year, kind).ended.append(warning)

    def _reached_at(self, unit_code: str, email: str) -> Sequence[Contact]:
        """Whoever has the address; the office for a unit that was told by a letter."""
        if email.startswith(BY_LETTER):
            return self._office
        name = self._known.contacts.name_of(email)
        return [Contact(unit_code, name, email, Role.LEAD, None, None)]

    def drafts(self) -> Iterator[Draft]:
        for _, letter in sorted(self._letters.items()):
            draft = self._draft(letter)
            yield draft
            if letter.kind is MailKind.DIGEST and self._rules.cc_deputies:
                yield from self._copies(letter, draft)

    def _copies(self, letter: Letter, draft: Draft) -> Iterator[Draft]:
        """For the deputies of the units in a digest: for their knowledge, it tells nothing."""
        units = sorted({told.unit_code for told, _, _ in letter.told})
        seen = {letter.recipient.email.casefold()}
        for unit in units:
            for deputy in self._known.contacts.deputies_of(unit, self._on):
                if deputy.email.casefold() in seen:
                    continue
                seen.add(deputy.email.casefold())
                facts = {**draft.facts, "copy_of": letter.recipient.name}
                yield copy_for(draft, deputy, facts)

    def _draft(self, letter: Letter) -> Draft:
        former = self._known.former(letter.recipient.email, letter.year)
        facts = self._facts(letter, former)
        return Draft(
            kind=letter.kind,
            email=letter.recipient.email,
            name=letter.recipient.name,
            run=mail_facts.run_name(letter.kind, letter.year, facts, self._rounds(letter)),
            year=letter.year,
            unit_code=only_unit(letter),
            subject=wording.subject(letter.kind, facts),
            facts=facts,
            tells=tells(letter),
            release_at=None,
        )

    def _rounds(self, letter: Letter) -> Iterator[str]:
        of = [*(each for each, _, _ in letter.told), *letter.fallen, *letter.ended]
        return (f"{each.id}:{each.severity}:{self._told.round(each.id)}" for each in of)

    def _facts(self, letter: Letter, former: Facts | None) -> dict[str, Any]:
        reasons = self._known.reasons
        return {
            "kind": letter.kind.value,
            "year": letter.year,
            "parts": [mail_facts.part(each, former) for each in parts(letter)],
            "changes": {
                "fallen": [mail_facts.item(each) for each in letter.fallen],
                "resolved": [
                    mail_facts.item(each) for each in letter.ended if each.state is State.RESOLVED
                ],
                "withdrawn": [
                    {**mail_facts.item(each), "reason": reasons.get(each.id, "")}
                    for each in letter.ended
                    if each.state is State.WITHDRAWN
                ],
            },
            "soft_from": list(self._rules.soft_wording_from),
            **mail_facts.letterhead(self._rules, self._office),
        }

    def diagnostics(self) -> list[Diagnostic]:
        found = [
            NO_LEAD.at(_CONTACTS, unit=unit, on=self._on, count=len(ids))
            for unit, ids in sorted(self._passed_on.items())
        ]
        for unit, ids in sorted(self._stuck.items()):
            kind = NO_RECIPIENT if unit else NO_OFFICE
            found.append(kind.at(_CONTACTS, unit=unit, on=self._on, count=len(ids)))
        found += [
            NO_PROJECT.at(Place(f"预警 {warning_id}"), project=code)
            for code, warning_id in sorted(self._gone.items())
        ]
        return found
