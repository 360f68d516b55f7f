"""The indicator rows of a self-assessment: official order, weights, and what payments decide."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from monitor.domain.cost_target import cost_cap_fen, is_cost
from monitor.domain.money import ten_thousand_yuan
from monitor.domain.scoring import (
    FULL_POINTS,
    Group,
    ScoringRules,
    group_of,
    rule_weights,
    stated_weights,
)
from monitor.domain.target import Indicator
from monitor.domain.target_value import ValueKind
from monitor.reports.draft import NOTHING, Cell, IndicatorRow, computed, to_fill
from monitor.reports.facts import ProjectFacts

_LEVEL2 = {  # the rows that the official form prints even when they are empty
    Group.COST: ("经济成本指标", "社会成本指标", "生态环境成本指标"),
    Group.OUTPUT: ("数量指标", "质量指标", "时效指标", "成本指标"),
    Group.BENEFIT: ("经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标"),
    Group.SATISFACTION: ("服务对象满意度指标",),
}

_ABOUT_MONEY = re.compile("预算|资金|经费|成本|费|金额|支出|投入|元")


@dataclass(frozen=True, slots=True)
class IndicatorPart:
    """The rows in the order of the form; `has_weights` where the weights are known."""

    rows: tuple[IndicatorRow, ...]
    has_weights: bool
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Weighed:
    indicator: Indicator
    group: Group | None
    weight: Decimal | None


def indicator_part(facts: ProjectFacts, rules: ScoringRules) -> IndicatorPart:
    """The indicator rows of a project, weighed by its document or else by the rule set (D7)."""
    indicators = facts.project.indicators
    if not indicators:
        return _empty_part(rules)
    stated = stated_weights(indicators, rules)
    weights = stated or rule_weights(indicators, rules)
    each_weight: Sequence[Decimal | None] = weights or [None] * len(indicators)
    weighed = [
        _Weighed(indicator, group_of(indicator), weight)
        for indicator, weight in zip(indicators, each_weight, strict=True)
    ]
    rows = [row for level1, group in _by_group(weighed) for row in _rows(level1, group, facts)]
    remarks = _weight_remarks(weighed, from_document=stated is not None, rules=rules)
    return IndicatorPart(tuple(rows), weights is not None, tuple(remarks))


def weight_text(points: Decimal) -> str:
    """`10`, `7.5`: without idle zeros."""
    text = f"{points:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _empty_part(rules: ScoringRules) -> IndicatorPart:
    """A project without indicators: the form's own rows, all of them to be filled."""
    rows = [
        _blank_row(f"{group.label}({points}分)", level2, to_fill())
        for group, points in rules.weights
        for level2 in _LEVEL2[group]
    ]
    return IndicatorPart(tuple(rows), False, ("目标文本未列绩效指标，指标、分值和得分均待填。",))


def _by_group(weighed: Sequence[_Weighed]) -> list[tuple[str, list[_Weighed | str]]]:
    """Level-1 titles with what stands under them: indicators, and names of empty level 2 rows.

    The groups of the form come first and in its order, unknown level 1 names last, as written.
    """
    own_cost = any(each.group is Group.COST for each in weighed)
    parts: list[tuple[str, list[_Weighed | str]]] = []
    for group in Group:
        members = [each for each in weighed if each.group is group]
        if members or group is not Group.COST:
            parts.append((_level1(group.label, members), _by_level2(group, members, own_cost)))
    unknown: defaultdict[str, list[_Weighed | str]] = defaultdict(list)
    for each in weighed:
        if each.group is None:
            unknown[each.indicator.level1].append(each)
    return parts + [(f"{name or '（未列）'}(待填)", members) for name, members in unknown.items()]


def _level1(name: str, members: list[_Weighed]) -> str:
    weights = [each.weight for each in members if each.weight is not None]
    if len(weights) < len(members):
        return f"{name}(待填)"
    return f"{name}({weight_text(sum(weights, Decimal(0)))}分)"


def _by_level2(group: Group, members: list[_Weighed], own_cost: bool) -> list[_Weighed | str]:
    """The members under the official level 2 names, then the others; empty names stay."""
    official = [name for name in _LEVEL2[group] if not (own_cost and _is_moved(group, name))]
    found: defaultdict[str, list[_Weighed | str]] = defaultdict(list, {n: [] for n in official})
    for each in members:
        found[_official(each.indicator.level2, official)].append(each)
    return [row for name, rows in found.items() for row in rows or [name]]


def _is_moved(group: Group, level2: str) -> bool:
    """Where cost is a level 1 of its own, the output group has no cost row."""
    return group is Group.OUTPUT and level2 == "成本指标"


def _official(level2: str, names: Sequence[str]) -> str:
    """`数量` and `数量指标` are one; any other name stays as it is written."""
    for name in names:
        if level2.removesuffix("指标") == name.removesuffix("指标"):
            return name
    return level2


def _rows(level1: str, members: list[_Weighed | str], facts: ProjectFacts) -> list[IndicatorRow]:
    return [
        _blank_row(level1, each, NOTHING) if isinstance(each, str) else _row(level1, each, facts)
        for each in members
    ]


def _blank_row(level1: str, level2: str, cell: Cell) -> IndicatorRow:
    return IndicatorRow(level1, level2, cell, cell, cell, cell, cell, cell)


def _row(level1: str, weighed: _Weighed, facts: ProjectFacts) -> IndicatorRow:
    indicator, weight = weighed.indicator, weighed.weight
    met, actual = _actual(indicator, facts)
    weight_cell = to_fill() if weight is None else Cell(weight_text(weight))
    return IndicatorRow(
        level1,
        indicator.level2 or "（未列）",
        Cell(indicator.level3) if indicator.level3 else to_fill(),
        Cell(indicator.target) if indicator.target else to_fill("目标文本未列"),
        actual,
        weight_cell,
        computed(weight_text(weight)) if met and weight is not None else to_fill(),
        NOTHING if met else to_fill(),
    )


def _actual(indicator: Indicator, facts: ProjectFacts) -> tuple[bool, Cell]:
    """Whether payments show the target met, and 实际完成值; a target not shown met stays open."""
    account = facts.standing.account
    budget, paid = account.budget_fen, account.paid_fen
    words = indicator.level3 + indicator.description + indicator.target
    if not (is_cost(indicator) and _ABOUT_MONEY.search(words)):
        return False, to_fill()
    figures = f"支出{ten_thousand_yuan(paid)}万元"
    if not budget:
        return False, to_fill(f"系统测算：{figures}，无预算数")
    cap = cost_cap_fen(indicator, facts.project, budget)
    if cap is None or not 0 < paid <= cap:
        return False, to_fill(f"系统测算：{figures}，{_against(paid, budget, cap)}")
    if indicator.value.kind is ValueKind.NUMBER:
        return True, computed(f"{ten_thousand_yuan(paid)}万元")
    answer = "是" if indicator.value.kind is ValueKind.YES_NO else "未超出预算"
    return True, computed(answer, f"{figures}，预算{ten_thousand_yuan(cap)}万元")


def _against(paid_fen: int, budget_fen: int, cap_fen: int | None) -> str:
    """How payments stand to what the indicator is about, as evidence for the person who fills."""
    if cap_fen is not None and paid_fen > cap_fen:
        return f"超出{ten_thousand_yuan(paid_fen - cap_fen)}万元，请核实"
    if paid_fen <= 0:
        return "尚无支出，无法判断"
    return f"全年预算{ten_thousand_yuan(budget_fen)}万元，供参考"


def _weight_remarks(
    weighed: Sequence[_Weighed], *, from_document: bool, rules: ScoringRules
) -> list[str]:
    if from_document:
        return ["指标分值取自目标文本。"]
    remarks = []
    stated = [w.indicator.weight for w in weighed if w.indicator.weight is not None]
    if stated:
        total, whole = weight_text(sum(stated, Decimal(0))), FULL_POINTS - rules.execution_points
        remarks.append(
            f"目标文本中 {len(stated)} 个指标列有分值，合计 {total} 分，"
            f"不是全部指标合计 {whole} 分，未采用。"
        )
    unknown = sorted({w.indicator.level1 or "（空）" for w in weighed if w.group is None})
    if unknown:
        return [*remarks, f"无法归类的一级指标：{'、'.join(unknown)}，全部指标的分值待填。"]
    return [*remarks, f"目标文本没有可用的分值，指标分值按“{rules.name}”分配，可按规定调整。"]
