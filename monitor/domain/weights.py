"""The weights (分值) of a project's indicators: the document's own, or spread by the rule set (D7).

Rules: 财预〔2020〕10号, and 财预〔2021〕101号 where cost is a level 1 of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from monitor.domain.scoring_rules import FULL_POINTS, Group, ScoringRules
from monitor.domain.target import Indicator

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


@dataclass(frozen=True, slots=True)
class Weighing:
    """The weights of a project's indicators, in their order; with the execution's they make 100.

    `weights` is None where they cannot be known. `assigned` says of each whether the rule set
    gave it (系统分配) rather than the document; `remarks` say in Chinese what was done and why.
    """

    weights: tuple[Decimal, ...] | None
    assigned: tuple[bool, ...]
    remarks: tuple[str, ...]

    @property
    def from_document(self) -> bool:
        """Whether all weights are the document's own."""
        return self.weights is not None and not any(self.assigned)


def group_of(indicator: Indicator) -> Group | None:
    """The group an indicator belongs to: by its level 1, else by its level 2, else unknown."""
    for words, level in ((_LEVEL1, indicator.level1), (_LEVEL2, indicator.level2)):
        named = [word for word in words if word in level]
        if named:
            return words[min(named, key=level.index)]
    return None


def weight_text(points: Decimal) -> str:
    """`10`, `7.5`: without idle zeros."""
    text = f"{points:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def spread(points: int, count: int) -> list[int]:
    """`points` over `count` equal claims in whole points; the remainder goes to the first ones.

    This is the largest remainder with equal remainders. The parts add up to `points`.
    """
    each, rest = divmod(points, count)
    return [each + (1 if i < rest else 0) for i in range(count)]


def weigh(indicators: Sequence[Indicator], rules: ScoringRules) -> Weighing:
    """The weight of each indicator (D7).

    The document's own where each has one and they make the whole. Where only some have one,
    those are kept if the others can share what their groups have left; else all are assigned.
    """
    if not indicators:
        return Weighing(None, (), ())
    stated = [each.weight for each in indicators]
    own = [each for each in stated if each is not None]
    whole = FULL_POINTS - rules.execution_points
    if len(own) == len(stated) and sum(own) == whole and min(own) >= 0:
        return Weighing(tuple(own), (False,) * len(own), ("指标分值取自目标文本。",))
    groups = [group_of(each) for each in indicators]
    known = [group for group in groups if group is not None]
    remarks = [_not_whole(own, whole)] if own else []
    if len(known) < len(groups):
        return Weighing(None, (False,) * len(groups), (*remarks, _unknown(indicators, groups)))
    kept = _around_the_stated(stated, known, rules) if own and min(own) >= 0 else None
    if kept is not None:
        said = (
            f"目标文本给了 {len(own)} 个指标的分值，照用；"
            f"其余 {len(stated) - len(own)} 个按“{rules.name}”分配该组余下的分值。"
        )
        return Weighing(kept, tuple(each is None for each in stated), (said,))
    weights = _fill([None] * len(known), known, rules.group_weights(frozenset(known)))
    said = f"目标文本没有可用的分值，指标分值按“{rules.name}”分配，可按规定调整。"
    return Weighing(weights, (True,) * len(groups), (*remarks, said))


def _not_whole(own: Sequence[Decimal], whole: int) -> str:
    total = weight_text(sum(own, Decimal(0)))
    return (
        f"目标文本中 {len(own)} 个指标列有分值，合计 {total} 分，"
        f"不是全部指标合计 {whole} 分，未采用。"
    )


def _unknown(indicators: Sequence[Indicator], groups: Sequence[Group | None]) -> str:
    pairs = zip(indicators, groups, strict=True)
    names = sorted({each.level1 or "（空）" for each, group in pairs if group is None})
    return f"无法归类的一级指标：{'、'.join(names)}，全部指标的分值待填。"


def _around_the_stated(
    stated: Sequence[Decimal | None], groups: Sequence[Group], rules: ScoringRules
) -> tuple[Decimal, ...] | None:
    """The stated weights, with the others between them; None where they do not fit.

    They fit where each group keeps its points: a group whose indicators all have a weight makes
    exactly its points, and any other has a whole number left, at least one for each.
    """
    shares = rules.group_weights(frozenset(groups))
    for group, points in shares.items():
        members = [w for w, of in zip(stated, groups, strict=True) if of is group]
        left = points - sum((w for w in members if w is not None), Decimal(0))
        lacking = members.count(None)
        if left != int(left) or left < lacking or (left and not lacking):
            return None
    return _fill(stated, groups, shares)


def _fill(
    stated: Sequence[Decimal | None], groups: Sequence[Group], shares: dict[Group, int]
) -> tuple[Decimal, ...]:
    parts = {}
    for group, points in shares.items():
        members = [w for w, of in zip(stated, groups, strict=True) if of is group]
        left = points - sum((w for w in members if w is not None), Decimal(0))
        parts[group] = iter(spread(int(left), members.count(None)) if None in members else [])
    return tuple(
        Decimal(next(parts[group])) if weight is None else weight
        for weight, group in zip(stated, groups, strict=True)
    )
