"""The indicator rows of a self-assessment: official order, weights, results, points, reasons."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from monitor.domain.entry import items
from monitor.domain.scoring_rules import Group, ScoringRules
from monitor.domain.target import Indicator
from monitor.domain.weights import Weighing, group_of, weigh, weight_text
from monitor.reports.assessment.draft import NOTHING, Cell, IndicatorRow, Mark, to_fill
from monitor.reports.assessment.facts import ProjectFacts
from monitor.reports.assessment.indicator_row import Weighed, entered_weight, indicator_row

_LEVEL2 = {  # the rows that the official form prints even when they are empty
    Group.COST: ("经济成本指标", "社会成本指标", "生态环境成本指标"),
    Group.OUTPUT: ("数量指标", "质量指标", "时效指标", "成本指标"),
    Group.BENEFIT: ("经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标"),
    Group.SATISFACTION: ("服务对象满意度指标",),
}


@dataclass(frozen=True, slots=True)
class IndicatorPart:
    """The rows in the order of the form; `has_weights` where the weights are known.

    `notices` are what a person's entry contradicts, for the first page.
    """

    rows: tuple[IndicatorRow, ...]
    has_weights: bool
    remarks: tuple[str, ...]
    notices: tuple[str, ...] = ()


def indicator_part(facts: ProjectFacts, rules: ScoringRules) -> IndicatorPart:
    """The indicator rows of a project, weighed by its document or else by the rule set (D7).

    What a person entered stands there; the program's own text for it goes into `Cell.against`.
    """
    indicators = facts.project.indicators
    if not indicators:
        return _empty_part(rules)
    weighing = weigh(indicators, rules)
    weighed = _weighed(indicators, weighing, facts)
    rows: list[IndicatorRow] = []
    notices: list[str] = []
    for level1, group in _by_group(weighed):
        for each in group:
            if isinstance(each, str):
                rows.append(_blank_row(level1, each, NOTHING))
                continue
            row, said = indicator_row(level1, each, facts, rules)
            rows.append(row)
            notices += said
    known = all(each.weight is not None for each in weighed)
    return IndicatorPart(tuple(rows), known, weighing.remarks, tuple(notices))


def _weighed(
    indicators: Sequence[Indicator], weighing: Weighing, facts: ProjectFacts
) -> list[Weighed]:
    own: Sequence[Decimal | None] = weighing.weights or [None] * len(indicators)
    assigned = weighing.assigned or (False,) * len(indicators)
    return [
        entered_weight(
            Weighed(indicator, item, group_of(indicator), weight, _weight_cell(weight, is_ours)),
            facts,
        )
        for indicator, item, weight, is_ours in zip(
            indicators, items(indicators), own, assigned, strict=True
        )
    ]


def _weight_cell(weight: Decimal | None, assigned: bool) -> Cell:
    if weight is None:
        return to_fill()
    return Cell(weight_text(weight), Mark.ASSIGNED if assigned else Mark.STATED)


def _empty_part(rules: ScoringRules) -> IndicatorPart:
    """A project without indicators: the form's own rows, all of them to be filled."""
    rows = [
        _blank_row(f"{group.label}({points}分)", level2, to_fill())
        for group, points in rules.weights
        for level2 in _LEVEL2[group]
    ]
    return IndicatorPart(tuple(rows), False, ("目标文本未列绩效指标，指标、分值和得分均待填。",))


def _by_group(weighed: Sequence[Weighed]) -> list[tuple[str, list[Weighed | str]]]:
    """Level-1 titles with what stands under them: indicators, and names of empty level 2 rows.

    The groups of the form come first and in its order, unknown level 1 names last, as written.
    """
    own_cost = any(each.group is Group.COST for each in weighed)
    parts: list[tuple[str, list[Weighed | str]]] = []
    for group in Group:
        members = [each for each in weighed if each.group is group]
        if members or group is not Group.COST:
            parts.append((_level1(group.label, members), _by_level2(group, members, own_cost)))
    unknown: defaultdict[str, list[Weighed]] = defaultdict(list)
    for each in weighed:
        if each.group is None:
            unknown[each.indicator.level1].append(each)
    return parts + [(_level1(name or "（未列）", ms), list(ms)) for name, ms in unknown.items()]


def _level1(name: str, members: list[Weighed]) -> str:
    weights = [each.weight for each in members if each.weight is not None]
    if len(weights) < len(members):
        return f"{name}(待填)"
    return f"{name}({weight_text(sum(weights, Decimal(0)))}分)"


def _by_level2(group: Group, members: list[Weighed], own_cost: bool) -> list[Weighed | str]:
    """The members under the official level 2 names, then the others; empty names stay."""
    official = [name for name in _LEVEL2[group] if not (own_cost and _is_moved(group, name))]
    found: defaultdict[str, list[Weighed | str]] = defaultdict(list, {n: [] for n in official})
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


def _blank_row(level1: str, level2: str, cell: Cell) -> IndicatorRow:
    return IndicatorRow(level1, level2, cell, cell, cell, cell, cell, cell)
