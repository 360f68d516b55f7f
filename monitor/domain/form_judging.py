"""Whether a filled indicator met its target, and the most points it may have earned."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from monitor.domain import scoring
from monitor.domain.actual import parse_actual
from monitor.domain.cost_target import as_meant
from monitor.domain.filled_form import IndicatorLine, squeezed
from monitor.domain.scoring_rules import AtMost, Group, ScoringRules
from monitor.domain.target import Indicator
from monitor.domain.target_value import TargetValue, parse_target
from monitor.domain.weights import group_of

_SIGN = re.compile(r"[≥≤><=]|[大小高低多少]于|不[超低高少]|以[上下内]|控制在|定性")
_DIRECTIONS = {
    "正向指标": "≥",
    "正向": "≥",
    "反向指标": "≤",
    "反向": "≤",
    "逆向指标": "≤",
    "大于等于": "≥",
    "小于等于": "≤",
}
_ENDS_IN_DIGIT = re.compile(r"\d$")


@dataclass(frozen=True, slots=True)
class Judgement:
    """`met` is False where the target is missed for sure. `most` are the most points that any of
    the usual rules gives, None where a person decides."""

    met: bool
    most: Decimal | None


def target_text(row: IndicatorLine) -> str:
    """The target in one text, where sign and unit have columns of their own (Sichuan, 1b)."""
    text = row.target.content
    nature = squeezed(row.nature.content) if row.nature and row.nature.says else ""
    nature = _DIRECTIONS.get(nature, nature)
    if nature and _SIGN.match(nature) and nature != "定性" and not _SIGN.search(text):
        text = nature + text
    if row.unit and row.unit.says and _ENDS_IN_DIGIT.search(text):
        text += row.unit.content
    return text


def judge(row: IndicatorLine, weight: Decimal, year: int | None, rules: ScoringRules) -> (
    Judgement | None
):  # fmt: skip
    """None where target or actual is no plain value: what nobody can tell is no contradiction."""
    if not (row.target.says and row.actual.says):
        return None
    indicator = _indicator(row, parse_target(target_text(row), year))
    return _judged(row, indicator, weight, rules)


def _judged(
    row: IndicatorLine, indicator: Indicator, weight: Decimal, rules: ScoringRules
) -> Judgement | None:
    value = as_meant(indicator)
    actual = parse_actual(row.actual.content, value)
    if actual is None or actual.doubt:
        return None
    group = group_of(indicator) or Group.OUTPUT
    each_way = [replace(rules, at_most=way) for way in AtMost]
    scored = [scoring.score(value, actual, weight, way, group=group) for way in each_way]
    if scored[0].met is None:
        return None
    points = [each.points for each in scored if each.points is not None]
    return Judgement(scored[0].met, max(points) if points else None)


def _indicator(row: IndicatorLine, value: TargetValue) -> Indicator:
    levels = (row.level1.content, row.level2.content, row.level3.content)
    return Indicator(*levels, "", row.target.content, value, "")
