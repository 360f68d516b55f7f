"""Which project a payment belongs to, surely enough to count it; anything less is a question.

In order: by its code; as a person decided before; by a code with one slip (only if the office
wants it); by unit and name; by a saved rule. Likeness never decides: it proposes candidates.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType

from monitor.domain.candidates import PayeeHistory, Proposer
from monitor.domain.codes import has_check_character, holds, normalise_code, normalise_name
from monitor.domain.likeness import SlipIndex, easily_confused, slip
from monitor.domain.match_rules import MatchRule, Preview, Row, RuleBook
from monitor.domain.matchable import (
    Candidate,
    Known,
    Match,
    MatchSettings,
    Payable,
    Remembered,
    Wording,
    wording_of,
)
from monitor.domain.name_fit import name_misfits, same_name
from monitor.domain.paying_units import PayingUnits

__all__ = [
    "Candidate",
    "Directory",
    "Known",
    "Match",
    "MatchRule",
    "MatchSettings",
    "Payable",
    "PayeeHistory",
    "Preview",
    "Remembered",
    "Wording",
    "name_misfits",
]

_NO_HISTORY: Mapping[int, int] = MappingProxyType({})


class Directory:
    """The projects of one or more years, with the office's rules and decisions, for matching.

    What it says does not depend on the order of projects, rules or decisions. `settings`, where
    given, says also whether slips are taken.
    """

    def __init__(
        self,
        projects: Iterable[Known],
        *,
        take_slips: bool = False,
        rules: Iterable[MatchRule] = (),
        remembered: Iterable[Remembered] = (),
        settings: MatchSettings | None = None,
    ) -> None:
        self._settings = settings or MatchSettings(take_slips=take_slips)
        by_year: defaultdict[int, list[Known]] = defaultdict(list)
        for each in projects:
            by_year[each.year].append(each)
        decided: defaultdict[int, list[Remembered]] = defaultdict(list)
        for decision in remembered:
            decided[decision.year].append(decision)
        self._rules = tuple(rules)
        self._years = {
            year: _Year(year, members, self._settings, self._rules, decided[year])
            for year, members in by_year.items()
        }

    def coded(self, year: int) -> Mapping[str, Known]:
        """The projects of a year by normalised code, which decides before all else a list says."""
        known = self._years.get(year)
        return known.by_code if known else {}

    def match(self, payment: Payable) -> Match | None:
        """The project of the payment's year that it surely belongs to by its wording, or None."""
        return self.match_wording(payment.pay_date.year, wording_of(payment))

    def match_wording(self, year: int, wording: Wording) -> Match | None:
        """The same for a wording: all payments of the year that share it belong together."""
        known = self._years.get(year)
        return known.match(wording) if known else None

    def asks_rows(self, year: int, wording: Wording) -> bool:
        """Whether rules look at the rows of an unmatched wording one by one."""
        known = self._years.get(year)
        return bool(known and known.asks_rows(wording))

    def match_row(self, payment: Payable, purpose: str, payee: str) -> Match | None:
        """By the wording; where that finds nothing, by saved rules, if all that fit agree."""
        known = self._years.get(payment.pay_date.year)
        return known.match_row(wording_of(payment), purpose, payee) if known else None

    def preview(self, rule: MatchRule, rows: Iterable[Row]) -> Preview[Row]:
        """What `rule` would do to these rows, decided by the very code that matches them then.

        Rows that find a project without it are left out, unless the rule puts that in doubt.
        """
        others = [each for each in self._rules if each.id != rule.id]
        books = {year: known.rule_book([*others, rule]) for year, known in self._years.items()}
        taken, coded, disputed = [], [], []
        for row in rows:
            known = self._years.get(row.pay_date.year)
            found = self.match_row(row, row.purpose, row.payee)
            if known is None or (found and found.method != "rule"):
                continue
            fits, key = known.tried(books[known.year], rule, wording_of(row), row)
            if fits and key is None:
                disputed.append(row)
            elif fits and not found:
                taken.append(row)
                if normalise_code(row.project_code):
                    coded.append(row)
        return Preview(tuple(taken), tuple(coded), tuple(disputed))

    def candidates(
        self, payment: Payable, purpose: str = "", history: Mapping[int, int] = _NO_HISTORY
    ) -> list[Candidate]:
        """Up to five proposals for a payment without a match, best first.

        None for what is plainly foreign: another unit, and a code like none of ours. `history`:
        by project key, how often the payment's payee was paid from it (PayeeHistory.of).
        """
        known = self._years.get(payment.pay_date.year)
        return known.candidates(wording_of(payment), purpose, history) if known else []


class _Year:
    """The projects of one year. Rows that say the same of their project are worked out once."""

    def __init__(
        self,
        year: int,
        projects: Iterable[Known],
        settings: MatchSettings,
        rules: Iterable[MatchRule],
        remembered: Iterable[Remembered],
    ) -> None:
        self.year = year
        self._settings = settings
        self._projects = sorted(projects, key=lambda each: (each.project_code, each.key))
        self.by_code = _by_code(self._projects)
        self._named: dict[str, dict[str, list[Known]]] = {}  # by unit, as they are asked for
        self._remembered = _agreed(remembered, {each.key for each in self._projects})
        self._rules = self.rule_book(rules)
        self._plain: dict[Wording, Wording] = {}
        self._matched: dict[Wording, Match | None] = {}

    @cached_property
    def _units(self) -> PayingUnits:
        return PayingUnits(self._projects)

    @cached_property
    def _of_unit(self) -> Mapping[str, list[Known]]:
        found: defaultdict[str, list[Known]] = defaultdict(list)
        for each in self._projects:
            found[normalise_code(each.unit_code)].append(each)
        return dict(found)

    @cached_property
    def _slip_index(self) -> SlipIndex:
        return SlipIndex(normalise_code(each.project_code) for each in self._projects)

    @cached_property
    def _proposer(self) -> Proposer:
        return Proposer(self._projects, self._slip_index, self._settings)

    def rule_book(self, rules: Iterable[MatchRule]) -> RuleBook:
        keys = {code: known.key for code, known in self.by_code.items()}
        return RuleBook.of(rules, self.year, keys)

    def match(self, wording: Wording) -> Match | None:
        if wording not in self._matched:
            found = self.by_code.get(normalise_code(wording.project_code))
            self._matched[wording] = (
                Match(found.key, "code") if found else self._match(self._normal(wording))
            )
        return self._matched[wording]

    def asks_rows(self, wording: Wording) -> bool:
        return self.match(wording) is None and self._rules.asks(self._for_rules(wording))

    def match_row(self, wording: Wording, purpose: str, payee: str) -> Match | None:
        if (found := self.match(wording)) is not None:
            return found
        key, rules = self._rules.find(self._for_rules(wording), purpose, payee)
        if not rules:
            return None
        return Match(key, "rule", "；".join(map(str, rules)), tuple(each.id for each in rules))

    def tried(
        self, book: RuleBook, rule: MatchRule, wording: Wording, row: Row
    ) -> tuple[bool, int | None]:
        """Whether `rule` of the book fits the row, and the key that the book then gives it."""
        resolved = self._for_rules(wording)
        if not book.fits(rule, resolved, row.purpose, row.payee):
            return False, None
        key, agreed = book.find(resolved, row.purpose, row.payee)
        return True, key if agreed else None

    def candidates(
        self, wording: Wording, purpose: str, history: Mapping[int, int]
    ) -> list[Candidate]:
        wanted = self._normal(wording)
        return self._proposer.propose(wanted, self._units.perhaps(wanted), purpose, history)

    def _normal(self, wording: Wording) -> Wording:
        if wording not in self._plain:
            self._plain[wording] = wording.plain()
        return self._plain[wording]

    def _match(self, wanted: Wording) -> Match | None:
        """Without an exact code. An unknown one never falls back to the name: it may be a project
        that is not monitored."""
        if (key := self._remembered.get(_decided_for(wanted))) is not None:
            return Match(key, "remembered", "与此前人工确认的写法相同")
        if wanted.project_code:
            return self._by_slip(wanted) if self._settings.take_slips else None
        return self._by_unit_and_name(wanted)

    def _by_unit_and_name(self, wanted: Wording) -> Match | None:
        if not wanted.project_name:
            return None
        fitting = [
            each
            for unit in self._units.surely(wanted)
            for each in self._names_of(unit).get(wanted.project_name, ())
        ]
        return Match(fitting[0].key, "name") if len(fitting) == 1 else None

    def _names_of(self, unit: str) -> dict[str, list[Known]]:
        """A unit's projects by their plain names: many names, few of which are ever asked for."""
        if unit not in self._named:
            names: defaultdict[str, list[Known]] = defaultdict(list)
            for each in self._of_unit.get(unit, ()):
                names[normalise_name(each.project_name)].append(each)
            self._named[unit] = dict(names)
        return self._named[unit]

    def _by_slip(self, wanted: Wording) -> Match | None:
        """The one project whose code a slip makes into this one, if all else fits."""
        near = self._slip_index.near(wanted.project_code)
        known = self.by_code.get(near[0]) if len(near) == 1 else None
        if (
            known is None
            or normalise_code(known.unit_code) not in self._units.surely(wanted)
            or not same_name(wanted.project_name, known.project_name)
            or not _surely_mistaken(wanted.project_code, near[0])
        ):
            return None
        said = f"编码只差一处：{slip(wanted.project_code, near[0])}；单位相同；项目名称相同"
        return Match(known.key, "slip", said)

    def _for_rules(self, wording: Wording) -> Wording:
        """With the unit's code also where the list only names the unit."""
        wanted = self._normal(wording)
        units = () if wanted.unit_code else self._units.surely(wanted)
        return wanted._replace(unit_code=next(iter(units))) if len(units) == 1 else wanted


def _by_code(projects: Sequence[Known]) -> dict[str, Known]:
    """A code of two projects (they differ in blanks or case alone) tells neither."""
    codes = [normalise_code(each.project_code) for each in projects]
    found = dict(zip(codes, projects, strict=True))
    if len(found) < len(codes):
        found = {code: found[code] for code, some in Counter(codes).items() if some == 1}
    return found


def _agreed(decisions: Iterable[Remembered], keys: set[int]) -> dict[Wording, int]:
    """What was decided for each wording, where all decisions agree and it says anything."""
    decided: defaultdict[Wording, set[int]] = defaultdict(set)
    for each in decisions:
        decided[_decided_for(each.wording.plain())].add(each.key)
    return {
        wording: next(iter(found))
        for wording, found in decided.items()
        if len(found) == 1 and found <= keys and (wording.project_code or wording.project_name)
    }


def _decided_for(wanted: Wording) -> Wording:
    """What a decision holds for: lists spell a unit's name in many ways, its code in one."""
    return wanted._replace(unit_name="") if wanted.unit_code else wanted


def _surely_mistaken(wrong: str, right: str) -> bool:
    """Whether `wrong` can be no code in its own right, so that only a slip explains it.

    Newer codes: by the check character. Of the others, one changed digit may be another year's or
    the next project's code: only a lost, doubled, swapped or look-alike character counts.
    """
    if has_check_character(right):
        return holds(right) and not (has_check_character(wrong) and holds(wrong))
    if has_check_character(wrong) and holds(wrong):
        return False
    changed = sum(a != b for a, b in zip(wrong, right, strict=False))
    return len(wrong) != len(right) or changed == 2 or easily_confused(wrong, right)
