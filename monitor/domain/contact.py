"""Contacts: who answers for which unit, in which role, and since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


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


@dataclass(frozen=True, slots=True)
class Contacts:
    """All contacts of a workspace, in the order of the file."""

    all: tuple[Contact, ...] = ()

    def lead_of(self, unit_code: str, on: date) -> Contact | None:
        """The unit's finance lead on a day; there is at most one."""
        for each in self.all:
            if each.role is Role.LEAD and each.unit_code == unit_code and each.is_valid(on):
                return each
        return None

    def office(self, on: date) -> tuple[Contact, ...]:
        """The finance office's contacts on a day."""
        return tuple(each for each in self.all if each.role is Role.OFFICE and each.is_valid(on))
