"""Proposals for a payment without a project: which it may be, how likely, and why.

Each sign (code, name, purpose, payee) has a strength; signs for the same project add up as
independent hints do, so that a score stays below 100 unless one sign alone is certain.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from rapidfuzz import fuzz, process
from rapidfuzz.distance import LCSseq

from monitor.domain.codes import has_check_character, holds, normalise_code, normalise_name
from monitor.domain.likeness import LEAST_NAME_SCORE, SlipIndex, easily_confused, slip
from monitor.domain.matchable import Candidate, Known, MatchSettings, Wording
from monitor.domain.name_fit import Shape, contradict, likeness, shape
from monitor.domain.word_weights import WordIndex, WordWeights

_SHORTLIST = 10
# A name of another unit must be this alike: there are many 政府业务费 in a county.
_LEAST_ABROAD = 75
_MOST_ABROAD = 8
_LEAST_PURPOSE = 34
_LONGEST_QUOTE = 20
# What purposes say besides what was paid for.
_PAYING = re.compile(r"^(?:支?付|拨付|支出|缴纳|报销)|(?:尾款|进度款|预付款|首付款|款)$|\d+月份?")


class _Sign(NamedTuple):
    """One hint that a payment belongs to a project; `strength` 0–100."""

    strength: int
    reasons: tuple[str, ...]


_Signs = dict[int, list[_Sign]]


@dataclass(slots=True)
class PayeeHistory:
    """How often the payees of each unit were paid from which project."""

    _times: defaultdict[tuple[str, str], Counter[int]] = field(
        default_factory=lambda: defaultdict(Counter)
    )

    def add(self, unit_code: str, payee: str, key: int, times: int = 1) -> None:
        if name := normalise_name(payee):
            self._times[normalise_code(unit_code), name][key] += times

    def of(self, unit_code: str, payee: str) -> Mapping[int, int]:
        """By project key, how often this payee of this unit was paid from it."""
        return self._times.get((normalise_code(unit_code), normalise_name(payee)), {})


class _Unit:
    """The projects of one unit, with what finds the likely ones among many."""

    def __init__(self, members: Sequence[Known], weights: WordWeights) -> None:
        self.members = members
        self._cores = {n: shape(each.project_name).core for n, each in enumerate(members)}
        self.names = WordIndex((each.project_name for each in members), weights)
        self.purposes = WordIndex((each.purpose for each in members), weights)

    def likely(self, core: str) -> Iterable[Known]:
        """The projects whose names may be alike: all of a small unit, else a short list."""
        if len(self.members) <= 2 * _SHORTLIST:
            return self.members
        by_whole = process.extract(core, self._cores, scorer=fuzz.ratio, limit=_SHORTLIST)
        by_kept = process.extract(core, self._cores, scorer=LCSseq.similarity, limit=_SHORTLIST)
        places = {place for _, _, place in (*by_whole, *by_kept)}
        return [self.members[place] for place in sorted(places)]

    def spoken_of(self, said: Shape, *, by_name: bool) -> Iterator[tuple[Known, int]]:
        """The projects that a purpose speaks of, and how surely (0–100).

        By the words of a project's name or purpose that are in it; `by_name`: also as a name.
        """
        best: defaultdict[int, int] = defaultdict(int)
        for place, (own, theirs) in self.names.shared(said.core).items():
            best[place] = (3 * own + theirs) // 4
        for place, (_, theirs) in self.purposes.shared(said.core).items():
            best[place] = max(best[place], theirs * 4 // 5)
        for place, shared in best.items():
            known = self.members[place]
            if not contradict(said, shape(known.project_name)):
                alike = likeness(said, shape(known.project_name)) if by_name else 0
                yield known, max(shared, alike)


class Proposer:
    """Proposes projects of one year. The projects come in a fixed order."""

    def __init__(self, projects: Sequence[Known], slips: SlipIndex, settings: MatchSettings):
        self._projects = {each.key: each for each in projects}
        self._by_code = {normalise_code(each.project_code): each for each in projects}
        self._slips, self._settings = slips, settings
        self._weights = WordWeights(each.project_name for each in projects)
        units: defaultdict[str, list[Known]] = defaultdict(list)
        for each in projects:
            units[normalise_code(each.unit_code)].append(each)
        self._units = {code: _Unit(members, self._weights) for code, members in units.items()}
        by_name: defaultdict[str, list[Known]] = defaultdict(list)
        for each in projects:
            by_name[each.project_name].append(each)
        self._named = list(by_name.values())
        self._names = WordIndex(by_name, self._weights)
        self._unit_slips = SlipIndex(units)
        self._of_wordings: dict[tuple[Wording, frozenset[str]], _Signs] = {}

    def propose(
        self, wanted: Wording, units: frozenset[str], purpose: str, history: Mapping[int, int]
    ) -> list[Candidate]:
        """The candidates for a normalised wording whose unit is one of `units`, best first."""
        signs = self._of_wording(wanted, units)
        if purpose or history:
            signs = {key: list(found) for key, found in signs.items()}
            if purpose:
                self._add_purpose(signs, wanted, units, purpose)
            if history:
                self._add_history(signs, history)
        found = [self._candidate(key, each, units) for key, each in signs.items()]
        kept = [each for each in found if each.score >= self._settings.least_score]
        kept.sort(key=lambda each: (-each.score, each.project_code))
        return kept[: self._settings.most_candidates]

    def _of_wording(self, wanted: Wording, units: frozenset[str]) -> _Signs:
        """The signs that the wording alone gives: worked out once for all rows that share it."""
        if (wanted, units) not in self._of_wordings:
            signs: _Signs = defaultdict(list)
            self._add_slips(signs, wanted, units)
            best = self._add_names(signs, wanted, units)
            if not wanted.project_code and best < _LEAST_ABROAD:
                self._add_names_abroad(signs, wanted, units)
            self._of_wordings[wanted, units] = dict(signs)
        return self._of_wordings[wanted, units]

    def _add_slips(self, signs: _Signs, wanted: Wording, units: frozenset[str]) -> None:
        for code in self._slips.near(wanted.project_code) if wanted.project_code else ():
            known = self._by_code[code]
            same_unit = normalise_code(known.unit_code) in units
            alike = likeness(shape(wanted.project_name), shape(known.project_name))
            signs[known.key].append(_slip_sign(wanted, code, same_unit, alike))
            if not same_unit and alike >= LEAST_NAME_SCORE:
                signs[known.key].append(_Sign(alike // 2, (_name_reason(alike),)))

    def _add_names(self, signs: _Signs, wanted: Wording, units: frozenset[str]) -> int:
        """Projects of the same unit with a like name; how alike the best is."""
        name, best = shape(wanted.project_name), 0
        if not name.core:
            return 0
        trust = _trust_in_name(wanted.project_code)
        for unit in units:
            for known in self._units[unit].likely(name.core):
                alike = likeness(name, shape(known.project_name))
                if alike >= LEAST_NAME_SCORE:
                    best = max(best, alike)
                    sign = _Sign(alike * trust // 100, (_name_reason(alike),))
                    signs[known.key].append(sign)
        return best

    def _add_names_abroad(self, signs: _Signs, wanted: Wording, units: frozenset[str]) -> None:
        """Projects of other units with nearly the same name: the unit may be the mistake."""
        name = shape(wanted.project_name)
        near = frozenset(self._unit_slips.near(wanted.unit_code))
        found = []
        for place, (own, theirs) in self._names.shared(wanted.project_name).items():
            if max(own, theirs) < _LEAST_ABROAD:
                continue
            for known in self._named[place]:
                unit = normalise_code(known.unit_code)
                alike = likeness(name, shape(known.project_name))
                if unit not in units and alike >= _LEAST_ABROAD:
                    trust = _trust_abroad(wanted.unit_code, unit, near)
                    found.append((alike * trust // 100, alike, known))
        found.sort(key=lambda each: (-each[0], each[2].project_code))
        for strength, alike, known in found[:_MOST_ABROAD]:
            where = f"单位不同（项目属 {known.unit_code}）"
            signs[known.key].append(_Sign(strength, (where, _name_reason(alike))))

    def _add_purpose(
        self, signs: _Signs, wanted: Wording, units: frozenset[str], purpose: str
    ) -> None:
        """Projects of the unit whose name or purpose stands in the payment's purpose."""
        named, said = shape(wanted.project_name), shape(_PAYING.sub("", purpose))
        trust = 50 if named.core else 80
        for unit in units:
            members = self._units[unit]
            for known, shared in members.spoken_of(said, by_name=not named.core):
                if shared >= _LEAST_PURPOSE:
                    text = f"用途“{_short(purpose)}”与项目相符（{shared}%）"
                    sign = _Sign(shared * trust // 100, (text,))
                    signs.setdefault(known.key, []).append(sign)

    def _add_history(self, signs: _Signs, history: Mapping[int, int]) -> None:
        total = sum(history.values())
        for key, times in history.items():
            if key in self._projects and times > 0:
                said = f"本单位曾 {times} 次从该项目付给此收款人"
                sign = _Sign(20 + 40 * times // (total + 1), (said,))
                signs.setdefault(key, []).append(sign)

    def _candidate(self, key: int, signs: Sequence[_Sign], units: frozenset[str]) -> Candidate:
        known, doubt = self._projects[key], 1.0
        for sign in signs:
            doubt *= 1 - sign.strength / 100
        said = [reason for sign in signs for reason in sign.reasons]
        if normalise_code(known.unit_code) in units:
            # after what was said of the code, before the name
            said.insert(sum(each.startswith(_OF_CODE) for each in said), "单位相同")
        return Candidate(known.project_code, round(100 * (1 - doubt)), tuple(said))


_OF_CODE = ("编码", "清单上的编码", "项目的编码", "字形")


def _slip_sign(wanted: Wording, code: str, same_unit: bool, alike: int) -> _Sign:
    """A code one slip away; the check character, letters and unit say how likely it is."""
    wrong = wanted.project_code
    reasons, strength = [f"编码只差一处：{slip(wrong, code)}"], 50
    if holds(code) and has_check_character(code) and not _is_checked(wrong):
        strength += 20
        reasons.append("清单上的编码校验位不符，项目的编码相符")
    elif _is_checked(wrong) and not _is_checked(code):
        strength += 10
        reasons.append("项目的编码校验位不符，清单上的编码相符，可能是绩效目标文本写错")
    elif easily_confused(wrong, code):
        strength += 10
        reasons.append("字形容易混淆")
    if same_unit:
        strength += 10
    if shape(wanted.project_name).core and alike < LEAST_NAME_SCORE:
        strength -= 15
    return _Sign(strength, tuple(reasons))


def _is_checked(code: str) -> bool:
    """Whether the code is of the newer kind and its check character is right."""
    return has_check_character(code) and holds(code)


def _trust_in_name(code: str) -> int:
    """How much a like name is worth, in percent: less where the row bears another code."""
    if not code:
        return 100
    return 70 if _is_checked(code) else 80


def _trust_abroad(unit: str, other: str, near: frozenset[str]) -> int:
    """How much a name in another unit is worth, by how alike the unit codes are."""
    if not unit or other in near:
        return 80
    return 65 if unit[:3] == other[:3] else 50


def _name_reason(alike: int) -> str:
    return "项目名称相同" if alike == 100 else f"项目名称相近（{alike}%）"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + "…"
