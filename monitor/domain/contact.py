"""Contacts: who answers for which unit, in which role, and since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property


class Role(StrEnum):
    """财务负责人, 副职, 上级, 财政部门."""

    LEAD = "lead"
    DEPUTY = "deputy"
    SUPERIOR = "superior"
    OFFICE = "office"


@dataclass(frozen=True, slots=True)
class Contact:
    """A person in a role; both days of validity are included, None is open."""

    unit_code: str
    name: str
    email: str
    role: Role
    valid_from: date | None
    valid_to: date | None

    def is_valid(self, on: date) -> bool:
        return (self.valid_from or on) <= on <= (self.valid_to or on)

    def overlaps(self, other: Contact) -> bool:
        first, last = date.min, date.max
        begins = max(self.valid_from or first, other.valid_from or first)
        return begins <= min(self.valid_to or last, other.valid_to or last)


@dataclass(frozen=True)
class Contacts:
    """All contacts of a workspace, in the order of the file."""

    all: tuple[Contact, ...] = ()

    @cached_property
    def _by_role(self) -> dict[tuple[Role, str], list[Contact]]:
        found: dict[tuple[Role, str], list[Contact]] = {}
        for each in self.all:
            found.setdefault((each.role, each.unit_code), []).append(each)
        return found

    @cached_property
    def _names(self) -> dict[str, str]:
        return {each.email.casefold(): each.name for each in self.all}

    def lead_of(self, unit_code: str, on: date) -> Contact | None:
        """The unit's finance lead on a day; there is at most one."""
        return next(iter(self._of(Role.LEAD, unit_code, on)), None)

    def deputies_of(self, unit_code: str, on: date) -> tuple[Contact, ...]:
        """The unit's deputies on a day, in the order of the file."""
        return self._of(Role.DEPUTY, unit_code, on)

    def superiors_of(self, unit_code: str, on: date) -> tuple[Contact, ...]:
        """Who is told on a day when the unit's lead does not answer."""
        return self._of(Role.SUPERIOR, unit_code, on)

    def name_of(self, email: str) -> str:
        """The latest name that goes with an address; empty where none does."""
        return self._names.get(email.casefold(), "")

    def _of(self, role: Role, unit_code: str, on: date) -> tuple[Contact, ...]:
        found = self._by_role.get((role, unit_code), ())
        return tuple(each for each in found if each.is_valid(on))

    def office(self, on: date) -> tuple[Contact, ...]:
        """The finance office's contacts on a day."""
        return tuple(each for each in self.all if each.role is Role.OFFICE and each.is_valid(on))
