"""Plans that can hardly be met: boilerplate for a one-off purpose, or far above last year.

Only a hint for people: what it names, the unit may confirm or correct. Rules: rules/plans.toml.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from monitor.domain.calendar import checkpoint_name
from monitor.domain.codes import normalise_name
from monitor.domain.money import WHOLE_BP, NotAShare, parse_bp, percent, round_half_up
from monitor.domain.target import Project
from monitor.errors import ConfigError

_KEYS = {
    "boilerplate": ("shares",),
    "one_off": ("words", "exceptions"),
    "last_year": ("below_percent",),
}


@dataclass(frozen=True, slots=True)
class PlanRules:
    """What rules/plans.toml says. Words are normalised as names are; shares in basis points."""

    shares: frozenset[tuple[int, ...]]
    words: tuple[str, ...]
    exceptions: tuple[str, ...]
    below_bp: int

    @classmethod
    def from_toml(cls, table: Mapping[str, object]) -> PlanRules:
        """The rules of a parsed plans.toml. Raises ConfigError that lists its mistakes."""
        reader = _Reader(table)
        rules = cls(
            shares=frozenset(reader.shares()),
            words=reader.words("words"),
            exceptions=reader.words("exceptions"),
            below_bp=reader.below(),
        )
        if reader.mistakes:
            raise ConfigError("rules/plans.toml 有误：" + "；".join(reader.mistakes) + "。")
        return rules


@dataclass(frozen=True, slots=True)
class OneOff:
    """A boilerplate plan for what is paid at once: the word of the list that says so."""

    word: str
    shares_bp: tuple[int, ...]

    @property
    def rule(self) -> str:
        return "one_off"

    def __str__(self) -> str:
        shares = "、".join(percent(bp) for bp in self.shares_bp)
        return f"用途含“{self.word}”，多为一次或按季节支付，计划却套用 {shares} 的进度"


@dataclass(frozen=True, slots=True)
class AboveLastYear:
    """A checkpoint whose planned share is far above what the project had paid by it last year."""

    year: int
    month: int
    planned_bp: int
    paid_bp: int

    @property
    def rule(self) -> str:
        return "last_year"

    def __str__(self) -> str:
        return (
            f"{checkpoint_name(self.month)}计划 {percent(self.planned_bp)}，"
            f"{self.year} 年同期实际支付 {percent(self.paid_bp)}"
        )


Reason = OneOff | AboveLastYear


@dataclass(frozen=True, slots=True)
class PastYear:
    """What a project of a past year was paid: its budget, and the sums by the end of each month.

    `known_months` is up to which month the payment lists have come without a gap.
    """

    year: int
    unit_code: str
    project_code: str
    project_name: str
    budget_fen: int | None
    paid_by_month: tuple[int, ...]
    known_months: int


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A project whose plan can hardly be met, and why."""

    project: Project
    reasons: tuple[Reason, ...]

    @property
    def why(self) -> str:
        return "；".join(map(str, self.reasons)) + "。"


@dataclass(slots=True)
class Past:
    """Finds the same project of the year before: by its code, else by unit and name."""

    _by_code: dict[str, PastYear] = field(default_factory=dict)
    _by_name: defaultdict[tuple[str, str], list[PastYear]] = field(
        default_factory=lambda: defaultdict(list)
    )

    @classmethod
    def of(cls, years: Iterable[PastYear]) -> Past:
        past = cls()
        for each in years:
            past._by_code[each.project_code] = each
            past._by_name[each.unit_code, normalise_name(each.project_name)].append(each)
        return past

    def same(self, project: Project) -> PastYear | None:
        """None also where two projects of the unit bore the name: which one, cannot be known."""
        if found := self._by_code.get(project.project_code):
            return found
        named = self._by_name.get((project.unit_code, normalise_name(project.project_name)), [])
        return named[0] if len(named) == 1 else None


def review(project: Project, rules: PlanRules, past: PastYear | None = None) -> Doubtful | None:
    """Why a project's plan can hardly be met; None where nothing speaks against it."""
    reasons: list[Reason] = []
    if (word := one_off(project, rules)) is not None:
        reasons.append(word)
    if past is not None:
        reasons += _above(project, past, rules.below_bp)
    return Doubtful(project, tuple(reasons)) if reasons else None


def one_off(project: Project, rules: PlanRules) -> OneOff | None:
    """Whether the plan is one of the boilerplates although the purpose is paid at once."""
    shares = tuple(point.planned_bp for point in project.plan if point.planned_bp is not None)
    if len(shares) < len(project.plan) or shares not in rules.shares:
        return None
    texts = [normalise_name(text) for text in (project.project_name, project.purpose)]
    if any(word in text for word in rules.exceptions for text in texts):
        return None
    word = next((word for text in texts for word in rules.words if word in text), None)
    return None if word is None else OneOff(word, shares)


def _above(project: Project, past: PastYear, below_bp: int) -> Iterable[Reason]:
    """The checkpoints by which last year paid less than the set part of this year's share.

    Only where last year says anything: its lists have come up to the checkpoint, it had a
    budget, and something was paid in it at all.
    """
    budget, paid = past.budget_fen, past.paid_by_month
    if not budget or budget < 0 or not paid or paid[-1] <= 0:
        return
    for point in project.plan:
        if point.planned_bp is None or point.month > past.known_months:
            continue
        by_then = paid[point.month - 1]
        if by_then * WHOLE_BP * WHOLE_BP < point.planned_bp * budget * below_bp:
            share = round_half_up(by_then * WHOLE_BP, budget)
            yield AboveLastYear(past.year, point.month, point.planned_bp, share)


@dataclass(slots=True)
class _Reader:
    """Reads plans.toml key by key and gathers all that is wrong with it, in Chinese."""

    table: Mapping[str, object]
    mistakes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        for name, section in self.table.items():
            if name not in _KEYS or not isinstance(section, Mapping):
                self.mistakes.append(f"不认识 {name}")
            else:
                others = [key for key in section if key not in _KEYS[name]]
                self.mistakes.extend(f"不认识 {name}.{key}" for key in others)

    def _value(self, name: str, key: str) -> object:
        section = self.table.get(name)
        return section.get(key) if isinstance(section, Mapping) else None

    def words(self, key: str) -> tuple[str, ...]:
        words = self._value("one_off", key)
        if isinstance(words, list) and all(isinstance(w, str) and w.strip() for w in words):
            return tuple(normalise_name(word) for word in words)
        self.mistakes.append(f"one_off.{key} 应为一列非空文字")
        return ()

    def below(self) -> int:
        value = self._value("last_year", "below_percent")
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 100:
            return value * WHOLE_BP // 100
        self.mistakes.append("last_year.below_percent 应为 0 至 100 的整数")
        return 0

    def shares(self) -> Iterable[tuple[int, ...]]:
        rows = self._value("boilerplate", "shares")
        if not isinstance(rows, list):
            self.mistakes.append("boilerplate.shares 应为几行比例，如 [[25, 50, 75, 100]]")
            return
        for row in rows:
            shares = _shares(row)
            if shares is None:
                self.mistakes.append(f"boilerplate.shares 的 {row} 应为由低到高、到 100 为止的比例")
            else:
                yield shares


def _shares(row: object) -> tuple[int, ...] | None:
    """Percents, whole or as text, in basis points; None for what is no cumulative plan."""
    if not isinstance(row, Sequence) or isinstance(row, str):
        return None
    if not row or any(isinstance(each, bool) or not isinstance(each, int | str) for each in row):
        return None
    try:
        shares = tuple(parse_bp(str(each)) for each in row)
    except NotAShare:
        return None
    return shares if sorted(shares) == list(shares) and shares[-1] == WHOLE_BP else None
