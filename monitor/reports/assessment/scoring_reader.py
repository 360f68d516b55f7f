"""Reads one rule set, a file of rules/scoring, key by key; says in Chinese all that is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from monitor.domain.money import WHOLE_BP, NotAShare, parse_bp
from monitor.domain.scoring_rules import (
    FULL_POINTS,
    AtMost,
    Band,
    Group,
    Level,
    MoneyNote,
    Over,
    Satisfaction,
    ScoringRules,
    Step,
    falls,
)

_MOST_BP = 100 * WHOLE_BP
_SECTIONS: Mapping[str, tuple[str, ...]] = {
    "execution": ("points", "reason_below_percent", "steps"),
    "weights": ("output", "benefit", "satisfaction"),
    "weights_with_cost": ("cost", "output", "benefit", "satisfaction"),
    "quantitative": ("at_most", "pass_percent"),
    "over": ("explain_above_percent", "deduct_percent", "deduct_most_percent"),
    "direct": ("on", "late_percent_per_day"),
    "bands": ("met", "partly", "missed"),
    "satisfaction": ("by_bands", "full_from_percent", "none_below_percent", "steps"),
    "grades": ("excellent", "good", "fair"),
    "money_note": ("on", "share_gap_percent", "unspent_percent"),
}
_WITH_COST = {"cost": 20, "output": 40, "benefit": 20, "satisfaction": 10}
_GRADES = {"excellent": 90, "good": 80, "fair": 60}
_BANDS = {"met": (8_000, WHOLE_BP), "partly": (6_000, 8_000), "missed": (0, 6_000)}


@dataclass(slots=True)
class RuleReader:
    """Reads one file; `mistakes` gathers what is wrong with it and with the other files."""

    file: str
    mistakes: list[str] = field(default_factory=list)
    table: Mapping[str, object] = field(default_factory=dict)

    def say(self, mistake: str) -> None:
        self.mistakes.append(f"{self.file}：{mistake}")

    def rules(self, key: str, table: Mapping[str, object]) -> ScoringRules:
        self.table = table
        self.no_others(table, "", ("name", "document", *_SECTIONS))
        for name in _SECTIONS:
            self.no_others(self.section(name), f"{name}.", _SECTIONS[name])
        before = len(self.mistakes)
        points = self.whole("execution", "points", None)
        rest = FULL_POINTS - points if len(self.mistakes) == before else None
        name = self.text("name")
        return ScoringRules(
            key=key,
            name=name,
            document=self.text("document", name),
            execution_points=points,
            reason_below_bp=self.share("execution", "reason_below_percent", 9_000),
            execution_steps=self.steps("execution"),
            weights=self.weights("weights", {}, rest),
            weights_with_cost=self.weights("weights_with_cost", _WITH_COST, rest),
            at_most=self.at_most(),
            pass_bp=self.share("quantitative", "pass_percent", 0),
            over=self.over(),
            direct=self.yes_or_no("direct", "on"),
            late_bp_per_day=self.share("direct", "late_percent_per_day", 0),
            bands=self.bands(),
            satisfaction=self.satisfaction(),
            grades=self.grades(),
            money_note=MoneyNote(
                self.yes_or_no("money_note", "on"),
                self.share("money_note", "share_gap_percent", 500),
                self.share("money_note", "unspent_percent", 2_000),
            ),
        )

    def section(self, name: str) -> Mapping[str, object]:
        section = self.table.get(name, {})
        return section if isinstance(section, Mapping) else {}

    def no_others(self, table: Mapping[str, object], prefix: str, keys: Sequence[str]) -> None:
        for key, value in table.items():
            if key not in keys:
                self.say(f"不认识 {prefix}{key}")
            elif not prefix and key in _SECTIONS and not isinstance(value, Mapping):
                self.say(f"{key} 应为一节 [{key}]")

    def text(self, key: str, default: str = "") -> str:
        value = self.table.get(key, default)
        if isinstance(value, str) and (value.strip() or default):
            return value.strip() or default
        self.say(f"{key} 应为一段文字" if key in self.table else f"{key} 没有写")
        return ""

    def whole(self, name: str, key: str, default: int | None) -> int:
        value = self.section(name).get(key, default)
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= FULL_POINTS:
            return value
        self.say(f"{name}.{key} 应为 0 至 100 的整数")
        return 0

    def share(self, name: str, key: str, default: int, most: int = WHOLE_BP) -> int:
        section = self.section(name)
        share = _share(section[key]) if key in section else default
        if share is not None and share <= most:
            return share
        self.say(f"{name}.{key} 应为 0 至 {most // 100} 的整数；有小数的加引号，最多两位")
        return default

    def yes_or_no(self, name: str, key: str) -> bool:
        value = self.section(name).get(key, False)
        if not isinstance(value, bool):
            self.say(f"{name}.{key} 应为 true 或 false")
        return value is True

    def weights(
        self, name: str, default: Mapping[str, int], rest: int | None
    ) -> tuple[tuple[Group, int], ...]:
        section, before = self.section(name) or default, len(self.mistakes)
        if not section:
            self.say(f"[{name}] 没有写")
        weights = []
        for key in _SECTIONS[name] if section else ():
            points = section.get(key)
            if not isinstance(points, int) or isinstance(points, bool) or not 0 <= points <= 100:
                self.say(f"{name}.{key} 应为 0 至 100 的整数")
                points = 0
            weights.append((Group(key), points))
        total = sum(points for _, points in weights)
        if len(self.mistakes) == before and rest is not None and total != rest:
            over = FULL_POINTS - rest + total
            self.say(f"{name} 与 execution.points 合计为 {over}，应为 100")
        return tuple(weights)

    def at_most(self) -> AtMost:
        value = self.section("quantitative").get("at_most", "linear")
        if isinstance(value, str) and value in tuple(AtMost):
            return AtMost(value)
        self.say('quantitative.at_most 应为 "linear" 或 "ratio"')
        return AtMost.LINEAR

    def over(self) -> Over:
        above = self.share("over", "explain_above_percent", 13_000, _MOST_BP)
        if above < WHOLE_BP:
            self.say("over.explain_above_percent 不应小于 100")
        return Over(
            above,
            self.share("over", "deduct_percent", 0),
            self.share("over", "deduct_most_percent", 0),
        )

    def bands(self) -> tuple[Band, ...]:
        """Three bands from 100 down to 0, without a gap."""
        ends = [self._ends(level) for level in Level]
        joined = all(a[0] == b[1] for a, b in zip(ends, ends[1:], strict=False))
        if not joined or ends[0][1] != WHOLE_BP or ends[-1][0] != 0:
            self.say("bands 的三档应当从 100 到 0 首尾相接")
        pairs = zip(Level, ends, strict=True)
        return tuple(Band(level, lower, upper) for level, (lower, upper) in pairs)

    def _ends(self, level: Level) -> tuple[int, int]:
        if level not in self.section("bands"):
            return _BANDS[level]
        pair = _pair(self.section("bands")[level])
        if pair is not None and pair[0] < pair[1]:
            return pair
        self.say(f"bands.{level} 应为 [下限, 上限]，都是 0 至 100 的百分数")
        return _BANDS[level]

    def steps(self, name: str) -> tuple[Step, ...]:
        listed = self.section(name).get("steps", [])
        pairs = [_pair(each) for each in listed] if isinstance(listed, list) else [None]
        steps = tuple(Step(*pair) for pair in pairs if pair is not None)
        if len(steps) < len(pairs) or not falls(steps):
            self.say(
                f"{name}.steps 应为一列 [比例, 得分值的百分数]，从高到低，如 [[95, 100], [80, 70]]"
            )
        return steps

    def satisfaction(self) -> Satisfaction | None:
        name = "satisfaction"
        full = self.share(name, "full_from_percent", 9_000)
        none = self.share(name, "none_below_percent", 6_000)
        steps = self.steps(name)
        if not 0 < full >= none:
            self.say(f"{name}.full_from_percent 应大于 0，不小于 none_below_percent")
        if steps and not (steps[0].from_bp < full and steps[-1].from_bp == none):
            self.say(f"{name}.steps 应低于 full_from_percent，最后一档应为 none_below_percent")
        return Satisfaction(full, none, steps) if self.yes_or_no(name, "by_bands") else None

    def grades(self) -> tuple[Decimal, Decimal, Decimal]:
        first, second, third = (self.whole("grades", k, v) for k, v in _GRADES.items())
        if not first > second > third:
            self.say("grades 应当从高到低：excellent > good > fair")
        return Decimal(first), Decimal(second), Decimal(third)


def _share(value: object) -> int | None:
    """A percent of a file in basis points: 60, or "62.5"; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    try:
        return parse_bp(str(value))
    except NotAShare:
        return None


def _pair(value: object) -> tuple[int, int] | None:
    if not isinstance(value, list) or len(value) != 2:
        return None
    first, second = (_share(each) for each in value)
    if first is None or second is None or max(first, second) > WHOLE_BP:
        return None
    return first, second
