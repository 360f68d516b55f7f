"""Unmatched payments, and whose they could be: by unit, by project, by a code nobody knows.

A payment could belong to a project of its own unit whose code is one slip of the pen away from
the written one, or whose name is alike; one that names no project could belong to any of its
unit's. A payment that could be several projects' is named with each: nobody knows yet which it
is. What rows say of purpose and payee is not looked at here; `monitor payments unmatched` does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from monitor.alerts.facts import Undocumented, Waiting
from monitor.domain.codes import normalise_code, normalise_name
from monitor.domain.likeness import LEAST_NAME_SCORE, slip
from monitor.domain.name_fit import Shape, likeness, shape
from monitor.domain.progress import Account
from monitor.store.warning_facts import Unmatched


@dataclass(frozen=True, slots=True)
class OpenPayments:
    """`names` are the units' names by the lists; `could_be` is by project code."""

    by_unit: Mapping[str, Waiting]
    names: Mapping[str, str]
    could_be: Mapping[str, Waiting]
    undocumented: tuple[Undocumented, ...]


def sort_out(
    groups: Iterable[Unmatched], accounts: Iterable[Account], codes: Collection[str]
) -> OpenPayments:
    """Says of each group of payments whose it could be; `codes` are all that the year ever had."""
    units = _Units(accounts)
    by_unit: dict[str, Waiting] = {}
    could_be: dict[str, Waiting] = {}
    unknown: dict[tuple[str, str], Undocumented] = {}
    names: dict[str, str] = {}
    for group in groups:
        waiting = Waiting(group.lines, group.amount_fen, group.oldest)
        names.setdefault(group.unit_code, group.unit_name)
        _add(by_unit, group.unit_code, waiting)
        meant = units.meant(group)
        for code in meant:
            _add(could_be, code, waiting)
        if not meant and group.project_code and group.project_code not in codes:
            key = group.unit_code, group.project_code
            unknown[key] = _undocumented(group, waiting, unknown.get(key))
    return OpenPayments(by_unit, names, could_be, tuple(unknown.values()))


def _add(to: dict[str, Waiting], key: str, waiting: Waiting) -> None:
    to[key] = to[key] + waiting if key in to else waiting


def _undocumented(group: Unmatched, waiting: Waiting, before: Undocumented | None) -> Undocumented:
    return Undocumented(
        group.unit_code,
        group.unit_name,
        group.project_code,
        group.project_name or (before.project_name if before else ""),
        before.waiting + waiting if before else waiting,
    )


class _Units:
    """The projects of each unit, looked up by the unit's code, or for want of one its name."""

    def __init__(self, accounts: Iterable[Account]) -> None:
        self._members: defaultdict[str, list[Account]] = defaultdict(list)
        self._shapes: dict[str, Shape] = {}
        for account in accounts:
            self._members[normalise_code(account.unit_code)].append(account)
        self._codes = {
            normalise_name(members[0].unit_name): code for code, members in self._members.items()
        }

    def meant(self, group: Unmatched) -> Sequence[str]:
        """The codes of the projects that a group of payments could belong to."""
        unit = group.unit_code or self._codes.get(normalise_name(group.unit_name), "")
        members = self._members.get(unit, [])
        if not group.project_code and not group.project_name:
            return [each.project_code for each in members]
        return [each.project_code for each in members if self._could_mean(group, each)]

    def _could_mean(self, group: Unmatched, account: Account) -> bool:
        if group.project_code and slip(group.project_code, normalise_code(account.project_code)):
            return True
        if not group.project_name:
            return False
        score = likeness(self._shape(group.project_name), self._shape(account.project_name))
        return score >= LEAST_NAME_SCORE

    def _shape(self, name: str) -> Shape:
        if name not in self._shapes:
            self._shapes[name] = shape(name)
        return self._shapes[name]
