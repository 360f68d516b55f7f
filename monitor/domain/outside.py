"""Payments outside monitoring (不属监控范围): 基本支出 and the like, by rule or by decision.

Most rows of a treasury list are 基本支出 (salaries, 公用经费), whose codes have no target
document. A rule says so by what the list itself prints; a decision says so for one code, once
and for all. A code that a project has is never outside: where a code is known, or only one
character in the place of its class keeps it from being known, no rule and no decision applies.
Rules: rules/outside.toml.
"""

from __future__ import annotations

import re
import string
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from monitor.domain.codes import normalise_code, normalise_name

_PARTS = re.compile(r"[-_/\\|,;:、，；：·.()\[\]{}【】<>《》]+")
_CODE = re.compile(r"[0-9]{3,}", re.ASCII)
_CHARACTERS = string.digits + string.ascii_uppercase


class Wording(Protocol):
    """What a list says of a payment's unit, project and classes, as it is written there."""

    @property
    def unit_code(self) -> str: ...
    @property
    def project_code(self) -> str: ...
    @property
    def project_name(self) -> str: ...
    @property
    def category(self) -> str: ...
    @property
    def economic(self) -> str: ...


@dataclass(frozen=True, slots=True)
class CodeClass:
    """A class of spending in the code: one of `characters` in a place, counted from 1."""

    length: int
    place: int
    characters: frozenset[str]

    def holds(self, code: str, known: Collection[str]) -> bool:
        """Not where another character in that place gives a known code: it may be a slip."""
        if len(code) != self.length or code[self.place - 1] not in self.characters:
            return False
        before, after = code[: self.place - 1], code[self.place :]
        return not any(f"{before}{other}{after}" in known for other in _CHARACTERS)


@dataclass(frozen=True, slots=True)
class OutsideRule:
    """A rule of the office: all its conditions must hold; one that is empty asks for nothing.

    `categories` and `not_categories` are whole words of the cell 支出类别 or 项目类别; `economic`
    are beginnings of the code in the cell 部门支出经济分类, or its whole name; `units` and
    `code_prefixes` are beginnings of codes. A code of `codes` or of `code_prefixes` will do.
    """

    id: str
    text: str
    categories: frozenset[str] = frozenset()
    not_categories: frozenset[str] = frozenset()
    economic: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    codes: frozenset[str] = frozenset()
    code_prefixes: tuple[str, ...] = ()
    code_class: CodeClass | None = None

    def holds(self, wording: Wording, known: Collection[str] = ()) -> bool:
        return self._holds_of_words(wording) and self._holds_of_code(wording, known)

    def _holds_of_words(self, wording: Wording) -> bool:
        if self.categories or self.not_categories:
            said = words_of(wording.category)
            if self.not_categories & said or (self.categories and not self.categories & said):
                return False
        return not self.economic or _is_economic(wording.economic, self.economic)

    def _holds_of_code(self, wording: Wording, known: Collection[str]) -> bool:
        code = normalise_code(wording.project_code)
        if self.units and not normalise_code(wording.unit_code).startswith(self.units):
            return False
        if self.code_class is not None and not self.code_class.holds(code, known):
            return False
        if not self.codes and not self.code_prefixes:
            return True
        begins = any(code.startswith(prefix) for prefix in self.code_prefixes)
        return code in self.codes or begins


@dataclass(frozen=True, slots=True)
class OutsideRules:
    """The rules in force, in the order in which they are written."""

    rules: tuple[OutsideRule, ...] = ()

    def rule(self, wording: Wording, known: Collection[str] = ()) -> OutsideRule | None:
        """The first rule by which a payment is outside; `known`: normalised codes of projects."""
        if not self.rules or normalise_code(wording.project_code) in known:
            return None
        return next((rule for rule in self.rules if rule.holds(wording, known)), None)

    def reason(self, wording: Wording, known: Collection[str] = ()) -> str | None:
        """Why a payment is outside, in the rule's own words; None where no rule says so."""
        found = self.rule(wording, known)
        return None if found is None else f"{found.text}（规则 {found.id}）"


@dataclass(frozen=True, slots=True)
class OutsideDecision:
    """Somebody's decision that a whole code is outside, remembered for all later lists.

    `year` None: in every year. `unit_code` blank: whichever unit the list names.
    """

    id: int
    project_code: str
    reason: str
    recorded_at: datetime
    actor: str
    year: int | None = None
    unit_code: str = ""


@dataclass(frozen=True, slots=True)
class OutsideDecisions:
    """Finds the decision for a payment: that for its very unit and year goes first."""

    _by_code: Mapping[str, tuple[OutsideDecision, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, decisions: Iterable[OutsideDecision]) -> OutsideDecisions:
        found: dict[str, tuple[OutsideDecision, ...]] = {}
        for each in decisions:
            code = normalise_code(each.project_code)
            found[code] = (*found.get(code, ()), each)
        return cls({code: tuple(sorted(each, key=_rank)) for code, each in found.items()})

    def find(
        self, wording: Wording, year: int, known: Collection[str] = ()
    ) -> OutsideDecision | None:
        """The decision for the payment's code; None where that is blank or now a project's."""
        code = normalise_code(wording.project_code)
        if not code or code in known:
            return None
        unit = normalise_code(wording.unit_code)
        fitting = (
            each
            for each in self._by_code.get(code, ())
            if each.year in (None, year) and normalise_code(each.unit_code) in ("", unit)
        )
        return next(fitting, None)


def _rank(decision: OutsideDecision) -> tuple[bool, bool, int]:
    return not decision.unit_code, decision.year is None, -decision.id


def words_of(text: str) -> frozenset[str]:
    """The words of a class cell without codes: `[1]基本支出-人员经费` has 基本支出 and 人员经费."""
    parts = _PARTS.split(normalise_name(text))
    return frozenset(filter(None, (part.lstrip(string.digits) for part in parts)))


def _is_economic(text: str, wanted: tuple[str, ...]) -> bool:
    """`30101-基本工资` begins with 301; `工资福利支出` without a code is known by its name."""
    found = _CODE.match(normalise_name(text).lstrip("[(【"))
    if found is not None and any(each.isdigit() and found[0].startswith(each) for each in wanted):
        return True
    return not words_of(text).isdisjoint(wanted)
