"""Points of a self-assessment: of the budget's execution, and the weights of the indicators.

Rules: D6 and D7 of the domain notes, after 财预〔2020〕10号, and 财预〔2021〕101号 where cost is
a level 1 of its own. Points are exact: whole numbers, or decimals with two places.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from monitor.domain.money import WHOLE_BP, round_half_up
from monitor.domain.target import Indicator
from monitor.errors import ConfigError, Place

FULL_POINTS = 100


class Group(StrEnum):
    """A level 1 of the indicators, in the order of the official form."""

    COST = "cost"
    OUTPUT = "output"
    BENEFIT = "benefit"
    SATISFACTION = "satisfaction"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Group.COST: "成本指标",
    Group.OUTPUT: "产出指标",
    Group.BENEFIT: "效益指标",
    Group.SATISFACTION: "满意度指标",
}
_LEVEL1 = {
    "成本": Group.COST,
    "产出": Group.OUTPUT,
    "效益": Group.BENEFIT,
    "效果": Group.BENEFIT,
    "满意": Group.SATISFACTION,
}
_LEVEL2 = {
    "数量": Group.OUTPUT,
    "质量": Group.OUTPUT,
    "时效": Group.OUTPUT,
    "成本": Group.OUTPUT,
    "效益": Group.BENEFIT,
    "可持续": Group.BENEFIT,
    "满意": Group.SATISFACTION,
}
_HEIRS = {  # D7: who takes the weight of a group without indicators, the first that is there
    Group.SATISFACTION: (Group.BENEFIT, Group.OUTPUT, Group.COST),
    Group.BENEFIT: (Group.OUTPUT, Group.SATISFACTION, Group.COST),
    Group.OUTPUT: (Group.BENEFIT, Group.SATISFACTION, Group.COST),
}


@dataclass(frozen=True, slots=True)
class ScoringRules:
    """A rule set (config/rules/scoring.toml). Weights are whole points of the 100.

    `reason_below_bp` is the execution rate below which a reason must be given, in basis points.
    """

    name: str
    execution_points: int
    reason_below_bp: int
    weights: tuple[tuple[Group, int], ...]
    weights_with_cost: tuple[tuple[Group, int], ...]

    @classmethod
    def from_toml(cls, table: Mapping[str, Any]) -> ScoringRules:
        """The rule set of a parsed scoring.toml. Raises ConfigError that lists its mistakes."""
        reader = _Reader()
        rules = reader.rules(table)
        if reader.mistakes:
            problem = "；".join(reader.mistakes) + "。"
            raise ConfigError(problem, "请改正后重试。", Place("rules/scoring.toml"))
        return rules

    def group_weights(self, present: frozenset[Group]) -> dict[Group, int]:
        """The points of each group that has indicators (D7); with the execution's they make 100.

        Raises ValueError where no group has any: then there is nobody to take the points.
        """
        if not present:
            raise ValueError("no group has indicators")
        table = dict(self.weights_with_cost if Group.COST in present else self.weights)
        shares = {group: table[group] for group in Group if group in present}
        for group, points in table.items():
            if group not in present:
                heir = next(each for each in _HEIRS[group] if each in present)
                shares[heir] += points
        return shares


class _Reader:
    """Reads a table key by key and gathers all that is wrong with it, in Chinese."""

    def __init__(self) -> None:
        self.mistakes: list[str] = []

    def rules(self, table: Mapping[str, object]) -> ScoringRules:
        self._no_others(table, "", ("name", "execution", "weights", "weights_with_cost"))
        execution = self._table(table, "execution", ("points", "reason_below_percent"))
        points = self._whole(execution, "execution.", "points")
        reason_below = self._whole(execution, "execution.", "reason_below_percent")
        base = (Group.OUTPUT, Group.BENEFIT, Group.SATISFACTION)
        return ScoringRules(
            name=self._name(table),
            execution_points=points,
            reason_below_bp=reason_below * WHOLE_BP // 100,
            weights=self._weights(table, "weights", base, points),
            weights_with_cost=self._weights(table, "weights_with_cost", tuple(Group), points),
        )

    def _name(self, table: Mapping[str, object]) -> str:
        name = table.get("name")
        if isinstance(name, str) and name.strip():
            return name.strip()
        self.mistakes.append("name 应为规则集名称")
        return ""

    def _weights(
        self, table: Mapping[str, object], name: str, groups: tuple[Group, ...], execution: int
    ) -> tuple[tuple[Group, int], ...]:
        section = self._table(table, name, groups)
        before = len(self.mistakes)
        weights = tuple((group, self._whole(section, f"{name}.", group)) for group in groups)
        total = execution + sum(points for _, points in weights)
        if len(self.mistakes) == before and total != FULL_POINTS:
            self.mistakes.append(f"{name} 与 execution.points 合计为 {total}，应为 100")
        return weights

    def _table(
        self, table: Mapping[str, object], name: str, keys: Sequence[str]
    ) -> Mapping[str, object]:
        section = table.get(name, {})
        if not isinstance(section, dict):
            self.mistakes.append(f"{name} 应为一节 [{name}]")
            return {}
        self._no_others(section, f"{name}.", keys)
        return section

    def _no_others(self, table: Mapping[str, object], prefix: str, keys: Sequence[str]) -> None:
        self.mistakes.extend(f"不认识 {prefix}{key}" for key in table if key not in keys)

    def _whole(self, table: Mapping[str, object], prefix: str, key: str) -> int:
        value = table.get(key)
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= FULL_POINTS:
            return value
        self.mistakes.append(f"{prefix}{key} 应为 0 至 100 的整数")
        return 0


def execution_points(paid_fen: int, budget_fen: int, full: int) -> Decimal:
    """Points of the budget's execution, two decimals (D6, 财预〔2020〕10号).

    `full` × paid / budget, half up, never above `full`; 0 where more came back than was paid.
    Raises ZeroDivisionError for a budget of 0, which has no rate.
    """
    hundredths = round_half_up(full * 100 * paid_fen, budget_fen)
    return Decimal(min(max(hundredths, 0), full * 100)).scaleb(-2)


def group_of(indicator: Indicator) -> Group | None:
    """The group an indicator belongs to: by its level 1, else by its level 2, else unknown."""
    for words, level in ((_LEVEL1, indicator.level1), (_LEVEL2, indicator.level2)):
        named = [word for word in words if word in level]
        if named:
            return words[min(named, key=level.index)]
    return None


def spread(points: int, count: int) -> list[int]:
    """`points` over `count` equal claims in whole points; the remainder goes to the first ones.

    This is the largest remainder with equal remainders. The parts add up to `points`.
    """
    each, rest = divmod(points, count)
    return [each + (1 if i < rest else 0) for i in range(count)]


def stated_weights(indicators: Sequence[Indicator], rules: ScoringRules) -> list[Decimal] | None:
    """The weights that the document itself gives (D7), where each indicator has one.

    None where one lacks, or where they do not make 100 with the points of the execution.
    """
    weights = [each.weight for each in indicators if each.weight is not None]
    whole = FULL_POINTS - rules.execution_points
    if not weights or len(weights) < len(indicators) or sum(weights) != whole:
        return None
    return weights if min(weights) >= 0 else None


def rule_weights(indicators: Sequence[Indicator], rules: ScoringRules) -> list[Decimal] | None:
    """The weight of each indicator by the rule set (D7), in whole points, in their order.

    They make 100 with the points of the execution. None where the group of one is unknown, or
    where there are no indicators.
    """
    groups = [group_of(each) for each in indicators]
    known = [group for group in groups if group is not None]
    if not known or len(known) < len(groups):
        return None
    shares = rules.group_weights(frozenset(known))
    parts = {group: iter(spread(shares[group], known.count(group))) for group in shares}
    return [Decimal(next(parts[group])) for group in known]
