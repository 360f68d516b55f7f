"""What a rule set asks of an indicator, in one Chinese sentence: for rows that are still open."""

from __future__ import annotations

from fractions import Fraction

from monitor.domain.money import WHOLE_BP
from monitor.domain.scoring_numbers import by_bands, percent_of
from monitor.domain.scoring_rules import AtMost, Group, Level, Satisfaction, ScoringRules
from monitor.domain.target_value import TargetValue, ValueKind


def rule_words(value: TargetValue, rules: ScoringRules, group: Group | None) -> str:
    """How an indicator of this target will be scored (D8 to D12)."""
    if value.kind is ValueKind.BLANK:
        return "没有指标值，由人评分"
    if value.kind in (ValueKind.NUMBER, ValueKind.RANGE):
        return _number(value, rules, group)
    if value.kind is ValueKind.DATE:
        return f"按期得满分，{_late(rules)}"
    if value.kind is ValueKind.YES_NO:
        no = "不得分" if rules.direct else f"由人在分值的 0～{_met_from(rules)} 内评分"
        return f"“是”得满分，“否”{no}"
    bands = (f"{b.level.label} {_bp(b.upper_bp)}～{_bp(b.lower_bp)}" for b in rules.bands)
    return f"由人在所属一档内评分：{'；'.join(bands)}"


def _number(value: TargetValue, rules: ScoringRules, group: Group | None) -> str:
    bands = rules.satisfaction
    if bands and by_bands(value, group):
        return _satisfaction(bands)
    under, over = "按实际完成值/指标值计分", _exceeded(rules)
    passed = f"；比例低于及格门槛 {_bp(rules.pass_bp)} 的不得分" if rules.pass_bp else ""
    if value.kind is ValueKind.RANGE:
        return f"范围内得满分，不到的{under}，超出的{over}{passed}"
    if value.comparison in ("≤", "<"):
        return f"符合指标值得满分，超过的{over}{passed}"
    limit = _bp(rules.over.explain_above_bp)
    cost = "并按偏离度扣分" if rules.over.deduct_bp and rules.over.deduct_most_bp else "不扣分"
    return f"达到指标值得满分，未达到的{under}；高于指标值 {limit} 的须说明原因，{cost}{passed}"


def _exceeded(rules: ScoringRules) -> str:
    if rules.at_most is AtMost.RATIO:
        return "按指标值/实际完成值计分"
    return "按超出比例扣减，到指标值的两倍为 0"


def _satisfaction(bands: Satisfaction) -> str:
    between = "".join(f"，{_bp(s.from_bp)} 以上得 {_bp(s.share_bp)}" for s in bands.steps)
    between = between or "，两者之间按比例"
    full, none = _bp(bands.full_from_bp), _bp(bands.none_below_bp)
    return f"满意度 {full} 以上得满分{between}，低于 {none} 不得分"


def _late(rules: ScoringRules) -> str:
    if rules.late_bp_per_day:
        return f"逾期每天扣分值的 {_bp(rules.late_bp_per_day)}"
    return "逾期不得分" if rules.direct else f"逾期的由人在分值的 0～{_met_from(rules)} 内评分"


def _met_from(rules: ScoringRules) -> str:
    return _bp(rules.band(Level.MET).lower_bp)


def _bp(bp: int) -> str:
    return percent_of(Fraction(bp, WHOLE_BP))
