"""Which project a payment belongs to: by code, else by unit and name; anything less is a question.

Likeness never decides. It only proposes candidates for what is left unmatched.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol

from monitor.domain.codes import has_check_character, holds, normalise_code, normalise_name
from monitor.domain.likeness import (
    LEAST_NAME_SCORE,
    SlipIndex,
    easily_confused,
    name_score,
    slip,
)

_MOST_CANDIDATES = 5
# A document glues department and unit name; a shorter ending (本级) would fit every unit.
_SHORTEST_UNIT_ENDING = 6


@dataclass(frozen=True, slots=True)
class Known:
    """A project that payments can belong to; `key` is the caller's own."""

    key: int
    year: int
    unit_code: str
    unit_name: str
    project_code: str
    project_name: str


class Payable(Protocol):
    """What matching needs to know of a payment."""

    @property
    def pay_date(self) -> date: ...
    @property
    def unit_code(self) -> str: ...
    @property
    def unit_name(self) -> str: ...
    @property
    def project_code(self) -> str: ...
    @property
    def project_name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Match:
    """The project's key, and how it was found."""

    key: int
    method: Literal["code", "name"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A project that an unmatched payment may belong to; `score` is 0–100, reasons Chinese."""

    project_code: str
    score: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a payment says of its project, normalised."""

    unit_code: str
    unit_name: str
    code: str
    name: str


class Directory:
    """The projects of one or more years, indexed for matching."""

    def __init__(self, projects: Iterable[Known]) -> None:
        by_year: defaultdict[int, list[Known]] = defaultdict(list)
        for each in projects:
            by_year[each.year].append(each)
        self._years = {year: _Year(members) for year, members in by_year.items()}

    def match(self, payment: Payable) -> Match | None:
        """The project of the payment's year that it surely belongs to, or None.

        By code; only where the code is blank, by unit and project name, both exact but for
        blanks and full-width forms, if one project alone fits. An unknown code never falls back
        to the name: it may be a project that is not monitored, or one of another year.
        """
        year = self._years.get(payment.pay_date.year)
        return year.match(_wanted(payment)) if year else None

    def candidates(self, payment: Payable) -> list[Candidate]:
        """Up to five proposals for a payment without a match, best first.

        None for what is plainly foreign: another unit, and a code like none of ours.
        """
        year = self._years.get(payment.pay_date.year)
        return year.candidates(_wanted(payment)) if year else []


def _wanted(payment: Payable) -> _Wanted:
    return _Wanted(
        normalise_code(payment.unit_code),
        normalise_name(payment.unit_name),
        normalise_code(payment.project_code),
        normalise_name(payment.project_name),
    )


class _Year:
    """The projects of one year. Rows that say the same of their project are worked out once."""

    def __init__(self, projects: Sequence[Known]) -> None:
        self._by_code = {normalise_code(each.project_code): each for each in projects}
        self._by_unit: defaultdict[str, list[Known]] = defaultdict(list)
        self._by_name: defaultdict[tuple[str, str], list[Known]] = defaultdict(list)
        self._unit_names: defaultdict[str, set[str]] = defaultdict(set)
        for each in projects:
            unit = normalise_code(each.unit_code)
            self._by_unit[unit].append(each)
            self._by_name[unit, normalise_name(each.project_name)].append(each)
            self._unit_names[normalise_name(each.unit_name)].add(unit)
        self._slips: SlipIndex | None = None
        self._units_named: dict[str, frozenset[str]] = {}
        self._proposed: dict[_Wanted, list[Candidate]] = {}

    def match(self, wanted: _Wanted) -> Match | None:
        if wanted.code:
            found = self._by_code.get(wanted.code)
            return Match(found.key, "code") if found else None
        if not wanted.name:
            return None
        fitting = [
            each
            for unit in self._units(wanted)
            for each in self._by_name.get((unit, wanted.name), ())
        ]
        return Match(fitting[0].key, "name") if len(fitting) == 1 else None

    def candidates(self, wanted: _Wanted) -> list[Candidate]:
        if wanted not in self._proposed:
            found = [*self._by_slip(wanted), *self._by_likeness(wanted)]
            best: dict[str, Candidate] = {}
            for each in sorted(found, key=lambda each: (-each.score, each.project_code)):
                best.setdefault(each.project_code, each)
            self._proposed[wanted] = list(best.values())[:_MOST_CANDIDATES]
        return self._proposed[wanted]

    def _units(self, wanted: _Wanted) -> frozenset[str]:
        """The units that a payment may be of: by code; where that is blank, by name."""
        if wanted.unit_code:
            return frozenset({wanted.unit_code} & self._by_unit.keys())
        name = wanted.unit_name
        if name not in self._units_named:
            self._units_named[name] = frozenset(
                unit
                for known, units in self._unit_names.items()
                for unit in units
                if name and (known == name or _ends_with_unit(known, name))
            )
        return self._units_named[name]

    def _by_slip(self, wanted: _Wanted) -> Iterable[Candidate]:
        """Projects whose code a slip of the pen makes into the unknown one."""
        if not wanted.code:
            return
        if self._slips is None:
            self._slips = SlipIndex(self._by_code)
        units = self._units(wanted)
        for code in self._slips.near(wanted.code):
            known = self._by_code[code]
            alike = name_score(wanted.name, known.project_name)
            yield _slip_candidate(
                wanted, known, code, normalise_code(known.unit_code) in units, alike
            )

    def _by_likeness(self, wanted: _Wanted) -> Iterable[Candidate]:
        """Projects of the same unit with the same or a like name."""
        for unit in self._units(wanted):
            for known in self._by_unit[unit]:
                alike = name_score(wanted.name, known.project_name)
                if alike >= LEAST_NAME_SCORE:
                    named = "项目名称相同" if alike == 100 else f"项目名称相近（{alike}%）"
                    score = alike if not wanted.code else alike * 4 // 5
                    yield Candidate(known.project_code, score, ("单位相同", named))


def _ends_with_unit(known: str, name: str) -> bool:
    return len(name) >= _SHORTEST_UNIT_ENDING and known.endswith(name)


def _slip_candidate(
    wanted: _Wanted, known: Known, code: str, same_unit: bool, alike: int
) -> Candidate:
    """Each sign that a code was mistyped adds to the score; it stays a proposal."""
    reasons = [f"编码只差一处：{slip(wanted.code, code)}"]
    score = 60
    if has_check_character(wanted.code) and not holds(wanted.code) and holds(code):
        score += 15
        reasons.append("清单上的编码校验位不符，项目的编码相符")
    elif easily_confused(wanted.code, code):
        score += 10
        reasons.append("字形容易混淆")
    if same_unit:
        score += 10
        reasons.append("单位相同")
    if alike >= LEAST_NAME_SCORE:
        score += 15
        reasons.append("项目名称相同" if alike == 100 else f"项目名称相近（{alike}%）")
    return Candidate(known.project_code, score, tuple(reasons))
