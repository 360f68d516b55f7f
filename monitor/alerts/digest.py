"""Digests: what is still to be told, put together for each person who is to be told it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from monitor.domain.calendar import checkpoint_name
from monitor.domain.contact import Contact, Contacts
from monitor.domain.warning import MailState, Recorded, State, Telling
from monitor.errors import Diagnostic, Kind, Place, Severity

NO_LEAD = Kind(
    "W101",
    Severity.NOTE,
    "单位 {unit} 在 {on} 没有在任的财务负责人（lead），{count} 条预警已转财政部门联系人。",
    "请在 contacts.csv 中补充。",
)
NO_RECIPIENT = Kind(
    "W102",
    Severity.WARNING,
    "单位 {unit} 在 {on} 既没有财务负责人（lead），也没有财政部门联系人（office），"
    "{count} 条预警留待发送。",
    "请在 contacts.csv 中补充后重新发送。",
)
NO_PROJECT = Kind(
    "W103",
    Severity.WARNING,
    "项目 {project} 的绩效目标已不在库中，其预警留待发送。",
    "如系误撤，请重新导入绩效目标文本。",
)
KINDS = (NO_LEAD, NO_RECIPIENT, NO_PROJECT)

_CONTACTS = Place("contacts.csv")


@dataclass(frozen=True, slots=True)
class UnitPart:
    """A unit's warnings in a digest, red first, then by the gap. Told to the office for want
    of a lead where `without_lead`."""

    unit_code: str
    unit_name: str
    without_lead: bool
    warnings: tuple[Recorded, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """All that one person is to be told in one mail, of one budget year."""

    recipient: Contact
    year: int
    units: tuple[UnitPart, ...]

    @property
    def warnings(self) -> tuple[Recorded, ...]:
        return tuple(warning for unit in self.units for warning in unit.warnings)

    @property
    def to_office(self) -> bool:
        """Whether all of it goes to the office for want of leads, to be passed on."""
        return all(unit.without_lead for unit in self.units)

    @property
    def run(self) -> str:
        """Names what the mail tells: the same stages of the same warnings give the same name."""
        stages = sorted(f"{warning.id}:{warning.severity}" for warning in self.warnings)
        return f"digest-{self.year}-{sha256(' '.join(stages).encode()).hexdigest()[:16]}"

    @property
    def unit_code(self) -> str:
        """The unit's code; empty where the mail is about several."""
        return self.units[0].unit_code if len(self.units) == 1 else ""

    @property
    def subjects(self) -> str:
        """The unit's name, or the first one's and their number."""
        name = self.units[0].unit_name or self.units[0].unit_code
        return name if len(self.units) == 1 else f"{name}等 {len(self.units)} 个单位"

    @property
    def checkpoints(self) -> str:
        months = sorted({warning.checkpoint for warning in self.warnings})
        return "、".join(checkpoint_name(month) for month in months)

    @property
    def counts(self) -> str:
        """`红色 1、黄色 2`: the severities that occur, the worst first."""
        counted = Counter(warning.severity for warning in self.warnings)
        worst_first = sorted(counted, key=lambda grade: -grade.weight)
        return "、".join(f"{grade.label} {counted[grade]}" for grade in worst_first)

    @property
    def as_of(self) -> tuple[date, ...]:
        """The days up to which the figures count payments; more than one if checks differ."""
        return tuple(sorted({warning.as_of for warning in self.warnings}))


def compose(
    warnings: Iterable[Recorded],
    tellings: Iterable[Telling],
    contacts: Contacts,
    *,
    on: date,
) -> tuple[list[Digest], list[Diagnostic]]:
    """One digest for each person and budget year with something untold, and what stays untold.

    The lead of a unit on the day is told; for want of one, every contact of the office; for
    want of both, nobody, and a diagnostic says so.
    """
    known = _Known(tellings)
    parts: defaultdict[tuple[str, int], list[tuple[Contact, UnitPart]]] = defaultdict(list)
    diagnostics = []
    for (year, unit_code), untold in _by_unit(warnings).items():
        if not unit_code:
            diagnostics += [_no_project(warning) for warning in untold if known.needs(warning)]
            continue
        lead = contacts.lead_of(unit_code, on)
        recipients = [lead] if lead else contacts.office(on)
        for contact in recipients:
            if mine := [each for each in untold if known.needs(each, contact.email)]:
                part = UnitPart(unit_code, untold[0].unit_name, lead is None, _sorted(mine))
                parts[contact.email.casefold(), year].append((contact, part))
        if lead is None:
            count = sum(known.needs(each) for each in untold)
            diagnostics += _nobody(unit_code, count, bool(recipients), on)
    digests = [
        Digest(told[0][0], year, tuple(part for _, part in told))
        for (_, year), told in sorted(parts.items())
    ]
    return digests, diagnostics


class _Known:
    """What mails tell already: nothing that is on its way, or may have arrived, is told again.

    A mail that its server refused for good stays parked for that address; a corrected address
    gets a new one.
    """

    def __init__(self, tellings: Iterable[Telling]) -> None:
        self._tellings: defaultdict[int, list[Telling]] = defaultdict(list)
        for telling in tellings:
            self._tellings[telling.warning_id].append(telling)

    def needs(self, warning: Recorded, recipient: str | None = None) -> bool:
        return not any(
            telling.severity.weight >= warning.severity.weight
            and (
                telling.state is not MailState.FAILED
                or telling.recipient.casefold() == (recipient or "").casefold()
            )
            for telling in self._tellings[warning.id]
        )


def _by_unit(warnings: Iterable[Recorded]) -> dict[tuple[int, str], list[Recorded]]:
    units: defaultdict[tuple[int, str], list[Recorded]] = defaultdict(list)
    for warning in warnings:
        if warning.state is State.RAISED:
            units[warning.year, warning.unit_code].append(warning)
    return dict(sorted(units.items()))


def _sorted(warnings: Sequence[Recorded]) -> tuple[Recorded, ...]:
    def worst_first(warning: Recorded) -> tuple[int, int, str]:
        return -warning.severity.weight, -(warning.figures["gap_fen"] or 0), warning.project_code

    return tuple(sorted(warnings, key=worst_first))


def _nobody(unit_code: str, count: int, to_office: bool, on: date) -> list[Diagnostic]:
    kind = NO_LEAD if to_office else NO_RECIPIENT
    return [kind.at(_CONTACTS, unit=unit_code, on=on, count=count)] if count else []


def _no_project(warning: Recorded) -> Diagnostic:
    return NO_PROJECT.at(Place(f"预警 {warning.id}"), project=warning.project_code)


def is_soft(year: int, on: date, soft_from: tuple[int, int]) -> bool:
    """Whether a mail about `year` must not read as an order to spend: late in it, and after.

    Rule: domain notes, section 4; before a closing day such mails cause needless payments.
    """
    return on >= date(year, *soft_from)
