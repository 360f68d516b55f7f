"""Points of a self-assessment, one function a rule (D6, D8 to D12 of the domain notes).

Everything is exact: fractions, rounded once, at the end, half up to two decimals. What a rule
cannot decide has no points, but the band within which a person must choose them.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from monitor.domain.actual import Actual
from monitor.domain.calendar import day_name
from monitor.domain.money import WHOLE_BP, round_half_up, ten_thousand_yuan
from monitor.domain.scoring_numbers import (
    NONE,
    ONE,
    Share,
    at_least,
    at_most,
    between,
    by_bands,
    passed,
    percent_of,
    satisfaction,
)
from monitor.domain.scoring_rules import Group, Level, ScoringRules
from monitor.domain.target_value import TargetValue, ValueKind
from monitor.domain.weights import weight_text


@dataclass(frozen=True, slots=True)
class Scored:
    """The points of one row and why. `points` None: a person must choose within `band`.

    `met` is whether the target is reached, None where that is not known. `rule` names the rule,
    `article` the paper that it rests on; `steps` are the reckoning with its numbers, `flags` what
    must be explained or confirmed. All texts are Chinese.
    """

    points: Decimal | None
    met: bool | None
    rule: str
    article: str
    steps: tuple[str, ...] = ()
    band: tuple[Decimal, Decimal] | None = None
    flags: tuple[str, ...] = ()


def rounded(points: Fraction) -> Decimal:
    """Points to two decimals, half up."""
    return Decimal(round_half_up(points.numerator * 100, points.denominator)).scaleb(-2)


def execution(paid_fen: int, budget_fen: int, rules: ScoringRules) -> Scored:
    """The row of the budget's execution (D6, 财预〔2020〕10号): the straight line, or by steps.

    Never above its weight; 0 where more came back than was paid. A budget of 0 has no points.
    """
    full = rules.execution_points
    if budget_fen <= 0:
        why = "没有全年预算数，无法计算执行率"
        return Scored(None, None, "预算执行率", rules.document, flags=(why,))
    rate, printed = Fraction(max(paid_fen, 0), budget_fen), Fraction(paid_fen, budget_fen)
    figures = f"{ten_thousand_yuan(paid_fen)}/{ten_thousand_yuan(budget_fen)}"
    said = f"执行率＝{figures}＝{percent_of(printed)}"
    if paid_fen < 0:
        said, figures = f"{said}，退款多于支付，按 0 计", "0"
    if rules.execution_steps:
        share = _by_steps(rate, rules)
        rule, formula = "预算执行率（分档）", f"{full}×{percent_of(share)}"
        said += f"，得分值的 {percent_of(share)}"
    else:
        share = min(rate, ONE)
        rule, formula = "预算执行率（按比例，不超过分值）", f"{full}×{figures}"
        formula += "，以分值为限" if rate > 1 else ""
    points = rounded(share * full)
    low = rate * WHOLE_BP < rules.reason_below_bp
    limit = percent_of(Fraction(rules.reason_below_bp, WHOLE_BP))
    flags = (f"执行率低于 {limit}，须说明原因",) if low else ()
    return Scored(
        points, not low, rule, rules.document, (said, f"得分＝{formula}＝{points}"), flags=flags
    )


def _by_steps(rate: Fraction, rules: ScoringRules) -> Fraction:
    reached = (step for step in rules.execution_steps if rate * WHOLE_BP >= step.from_bp)
    step = next(reached, None)
    return Fraction(step.share_bp, WHOLE_BP) if step else NONE


def score(
    value: TargetValue,
    actual: Actual,
    weight: Decimal,
    rules: ScoringRules,
    *,
    group: Group | None,
) -> Scored:
    """The points of one indicator of `weight` points, by what was achieved."""
    if actual.doubt:
        return _open(weight, rules, "未能对照", f"实际完成值“{actual.text}”{actual.doubt}")
    if value.kind in (ValueKind.NUMBER, ValueKind.RANGE):
        return _quantitative(value, actual, weight, rules, group)
    if value.kind is ValueKind.DATE:
        return _date(value, actual, weight, rules)
    if value.kind is ValueKind.YES_NO:
        return _yes_no(actual, weight, rules)
    if value.kind is ValueKind.BLANK:
        return _open(weight, rules, "未能对照", "没有指标值")
    return _qualitative(actual.level, weight, rules)


def _open(weight: Decimal, rules: ScoringRules, rule: str, why: str) -> Scored:
    return Scored(None, None, rule, rules.document, (f"{why}，须由人评分",), (Decimal(0), weight))


def _points(share: Share, weight: Decimal, rules: ScoringRules) -> Scored:
    """The share's points, after the deduction for over-fulfilment, rounded here and only here."""
    points = rounded(share.of_weight * Fraction(weight))
    formula = share.formula or percent_of(share.of_weight)
    last = f"得分＝{weight_text(weight)}×{formula}＝{points}"
    return Scored(
        points, share.met, share.rule, rules.document, (*share.steps, last), flags=share.flags
    )


def _quantitative(
    value: TargetValue, actual: Actual, weight: Decimal, rules: ScoringRules, group: Group | None
) -> Scored:
    """D8 to D10, 财预〔2020〕10号: met is full, else in proportion."""
    if actual.number is None or value.number is None:
        return _open(weight, rules, "未能对照", f"实际完成值“{actual.text}”没有可比的数")
    done, target, unit = Fraction(actual.number), Fraction(value.number), value.unit
    bands = rules.satisfaction
    if bands and by_bands(value, group):
        return _points(satisfaction(done, value, bands), weight, rules)
    share: Share | None
    if value.kind is ValueKind.RANGE and value.upper is not None:
        share = between(done, target, Fraction(value.upper), unit, rules)
    elif value.comparison in ("≤", "<"):
        share = at_most(done, target, unit, rules, strict=value.comparison == "<")
    else:
        share = at_least(done, target, unit, rules, sign=value.comparison)
    if share is None:
        return _open(weight, rules, "未能按比例", "指标值不是正数，未达成时不能按比例计分")
    return _points(passed(share, rules), weight, rules)


def _date(value: TargetValue, actual: Actual, weight: Decimal, rules: ScoringRules) -> Scored:
    """A day: on or before it is full. Late: by days where the set has a rule, else 直接赋分."""
    if value.date is None or actual.date is None:
        return _open(weight, rules, "未能对照", f"实际完成值“{actual.text}”没有日期")
    target, rule = day_name(value.date), "时效指标（日期）"
    if actual.date <= value.date:
        said = f"{actual.text}，不晚于 {target}，得满分"
        return _points(Share(ONE, True, f"{rule}：按期得满分", (said,)), weight, rules)
    if actual.since is None or actual.since <= value.date:
        why = f"“{actual.text}”没有写到日，不能判断是否不晚于 {target}"
        return _open(weight, rules, "未能对照", why)
    days = (actual.since - value.date).days
    said = f"{actual.text}，晚于 {target} {days} 天"
    if rules.late_bp_per_day:
        return _late(days, said, actual, weight, rules)
    if rules.direct:
        share = Share(NONE, False, f"{rule}：直接赋分", (said, "逾期不得分"))
        return _points(share, weight, rules)
    return _unmet(f"{rule}：逾期", said, weight, rules)


def _late(days: int, said: str, actual: Actual, weight: Decimal, rules: ScoringRules) -> Scored:
    """The deduction rule of a set for lateness: a share of the weight a day, down to nothing."""
    if actual.since != actual.date:
        return _open(weight, rules, "未能对照", f"“{actual.text}”没有写到日，不能计算逾期天数")
    a_day = Fraction(rules.late_bp_per_day, WHOLE_BP)
    share = max(ONE - a_day * days, NONE)
    step = f"每逾期一天扣分值的 {percent_of(a_day)}，{days} 天后余 {percent_of(share)}"
    return _points(Share(share, False, "时效指标（日期）：逾期扣分", (said, step)), weight, rules)


def _yes_no(actual: Actual, weight: Decimal, rules: ScoringRules) -> Scored:
    """是 is full; 否 is 0 by 直接赋分 (财预〔2021〕101号), else a person chooses as in D11."""
    if actual.level is not None:
        return _qualitative(actual.level, weight, rules)
    if actual.answer is None:
        return _open(weight, rules, "未能对照", f"实际完成值“{actual.text}”不是“是”或“否”")
    if actual.answer:
        share = Share(ONE, True, "是/否指标：达成得满分", (f"回答“{actual.text}”，得满分",))
        return _points(share, weight, rules)
    check = ("请核对问题的说法：回答“否”是否就是没有达成",)
    if rules.direct:
        said = f"回答“{actual.text}”，不得分"
        return _points(Share(NONE, False, "是/否指标：直接赋分", (said,), check), weight, rules)
    found = _unmet("是/否指标：未达成", f"回答“{actual.text}”", weight, rules)
    return Scored(None, False, found.rule, found.article, found.steps, found.band, check)


def _unmet(rule: str, said: str, weight: Decimal, rules: ScoringRules) -> Scored:
    """Not met, and not measured: a person chooses below the band of what is met (D11)."""
    most = Fraction(rules.band(Level.MET).lower_bp, WHOLE_BP)
    upper = rounded(most * Fraction(weight))
    step = f"未达成的，在分值的 0～{percent_of(most)}（0～{upper} 分）内由人评分"
    return Scored(None, False, rule, rules.document, (said, step), (Decimal("0.00"), upper))


def _qualitative(level: Level | None, weight: Decimal, rules: ScoringRules) -> Scored:
    """D11, 财预〔2020〕10号: three levels, each with a band; a person picks the points in it."""
    if level is None:
        bands = "；".join(f"{b.level.label} {_ends(b.upper_bp, b.lower_bp)}" for b in rules.bands)
        return _open(weight, rules, "定性指标（三档）", f"先定完成情况属于哪一档：{bands}")
    found = rules.band(level)
    lower, upper = band(level, weight, rules)
    ends = _ends(found.upper_bp, found.lower_bp)
    step = f"{level.label}：分值的 {ends}，即 {upper}～{lower} 分，由人评分"
    met = level is Level.MET
    return Scored(None, met, "定性指标（三档）", rules.document, (step,), (lower, upper))


def band(level: Level, weight: Decimal, rules: ScoringRules) -> tuple[Decimal, Decimal]:
    """The least and most points of a level (D11), both of which a person may give.

    Where the band above begins at the upper end, that end is out: the most is 0.01 below it.
    """
    found, whole = rules.band(level), Fraction(weight)
    lower = rounded(whole * found.lower_bp / WHOLE_BP)
    upper = rounded(whole * found.upper_bp / WHOLE_BP)
    begins = {
        rounded(whole * each.lower_bp / WHOLE_BP) for each in rules.bands if each is not found
    }
    if upper in begins and upper > lower:
        upper -= Decimal("0.01")
    return lower, upper


def _ends(upper_bp: int, lower_bp: int) -> str:
    return f"{percent_of(Fraction(upper_bp, WHOLE_BP))}～{percent_of(Fraction(lower_bp, WHOLE_BP))}"
