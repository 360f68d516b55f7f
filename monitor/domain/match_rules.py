"""Rules that the office saved: payments of a unit with these words belong to a project.

Rules speak last, for rows that neither code nor name nor an earlier decision has matched. Where
several rules fit a row, they must agree; else it stays open.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Generic, Protocol, TypeVar

from monitor.domain.codes import normalise_code, normalise_name
from monitor.domain.matchable import Payable, Wording


@dataclass(frozen=True, slots=True)
class MatchRule:
    """Which payments belong to a project. A blank condition asks for nothing.

    Words are separated by blanks; the text must contain each of them. `year` None is every year
    in which the project exists.
    """

    id: int
    year: int | None
    unit_code: str
    project_code: str
    purpose: str = ""
    payee: str = ""
    project_name: str = ""

    @property
    def faults(self) -> tuple[str, ...]:
        """Why the rule cannot be saved, in Chinese."""
        found = []
        if not normalise_code(self.unit_code):
            found.append("规则要写明单位编码")
        if not normalise_code(self.project_code):
            found.append("规则要写明项目编码")
        if not any(map(_words, (self.purpose, self.payee, self.project_name))):
            found.append("规则要写明用途、收款人、项目名称中的至少一项")
        return tuple(found)

    def fits_wording(self, wording: Wording) -> bool:
        """Whether the unit and the project name fit; `wording` is normalised."""
        return normalise_code(self.unit_code) == wording.unit_code and _contains(
            wording.project_name, self.project_name
        )

    def fits_row(self, purpose: str, payee: str) -> bool:
        """Whether purpose and payee fit."""
        return _contains(purpose, self.purpose) and _contains(payee, self.payee)

    def __str__(self) -> str:
        said = (("用途", self.purpose), ("收款人", self.payee), ("项目名称", self.project_name))
        words = "，".join(f"{what}含“{'”“'.join(text.split())}”" for what, text in said if text)
        return f"规则 {self.id}（单位 {self.unit_code}，{words}）"


@lru_cache(maxsize=4_096)
def _words(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (normalise_name(word).casefold() for word in text.split())))


def _contains(text: str, words: str) -> bool:
    wanted = _words(words)
    if not wanted:
        return True
    plain = normalise_name(text).casefold()
    return all(word in plain for word in wanted)


@dataclass(slots=True)
class RuleBook:
    """The rules of one year, found by unit; those whose project is not known that year rest."""

    _by_unit: defaultdict[str, list[tuple[MatchRule, int]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    _asked: dict[Wording, tuple[tuple[MatchRule, int], ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, rules: Iterable[MatchRule], year: int, keys: Mapping[str, int]) -> RuleBook:
        """`keys` are the projects of the year by normalised code."""
        book = cls()
        for rule in sorted(rules, key=lambda rule: rule.id):
            key = keys.get(normalise_code(rule.project_code))
            if key is not None and rule.year in (None, year) and not rule.faults:
                book._by_unit[normalise_code(rule.unit_code)].append((rule, key))
        return book

    def asks(self, wording: Wording) -> bool:
        """Whether any rule has to look at the rows of this (normalised) wording."""
        return bool(self._of(wording))

    def find(self, wording: Wording, purpose: str, payee: str) -> tuple[int, list[MatchRule]]:
        """The key that all fitting rules agree on, and these rules; no rules: nothing found."""
        fitting = [each for each in self._of(wording) if each[0].fits_row(purpose, payee)]
        if len({key for _, key in fitting}) != 1:
            return 0, []
        return fitting[0][1], [rule for rule, _ in fitting]

    def fits(self, rule: MatchRule, wording: Wording, purpose: str, payee: str) -> bool:
        """Whether the book has this rule in force, and it fits the row."""
        return any(each.id == rule.id for each, _ in self._of(wording)) and rule.fits_row(
            purpose, payee
        )

    def _of(self, wording: Wording) -> tuple[tuple[MatchRule, int], ...]:
        if wording.unit_code not in self._by_unit:
            return ()
        if wording not in self._asked:
            self._asked[wording] = tuple(
                each for each in self._by_unit[wording.unit_code] if each[0].fits_wording(wording)
            )
        return self._asked[wording]


class RuleRow(Payable, Protocol):
    """A payment without a project, with what rules look at."""

    @property
    def purpose(self) -> str: ...
    @property
    def payee(self) -> str: ...


Row = TypeVar("Row", bound=RuleRow)


@dataclass(frozen=True, slots=True)
class Preview(Generic[Row]):
    """What saving a rule would do to the rows that are open now.

    `taken` would be matched; of these, `coded` bear a code of their own that is not known here
    (perhaps a project outside monitoring: look twice). `disputed` fit, but another saved rule
    says another project, so that they stay open or open again.
    """

    taken: tuple[Row, ...]
    coded: tuple[Row, ...]
    disputed: tuple[Row, ...]
