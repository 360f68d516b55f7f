"""Quantitative indicators: what share of its weight a figure earns, one function a rule.

D8 to D10 and D12 of the domain notes, after 财预〔2020〕10号; the pass mark and satisfaction by
bands after 财预〔2021〕101号. Shares are exact fractions: nothing is rounded here.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from monitor.domain.money import WHOLE_BP, round_half_up
from monitor.domain.scoring_rules import AtMost, Group, Satisfaction, ScoringRules
from monitor.domain.target_value import TargetValue
from monitor.domain.weights import weight_text

ONE, NONE = Fraction(1), Fraction(0)


@dataclass(frozen=True, slots=True)
class Share:
    """A share of the weight, with how it came about; `formula` is the arithmetic of the share."""

    of_weight: Fraction
    met: bool
    rule: str
    steps: tuple[str, ...]
    flags: tuple[str, ...] = ()
    formula: str = ""


def at_least(
    done: Fraction, target: Fraction, unit: str, rules: ScoringRules, *, sign: str = "≥"
) -> Share | None:
    """D8 (≥) and D10 (=): met is full, else actual/target. A target of `=0`: 0 is full, else 0.

    None where the target is negative and missed: then there is no proportion.
    """
    rule = f"定量指标（{sign}）"
    if sign == "=" and target == 0:
        return _zero(done, unit, rule)
    met = done > target if sign == ">" else done >= target
    if met:
        said = f"{figure_of(done)}{unit} 达到指标值 {sign}{figure_of(target)}{unit}，得满分"
        return _over(Share(ONE, True, f"{rule}：达成得满分", (said,)), done, target, rules)
    if target < 0 or (target == 0 and done < 0):
        return None
    if target == 0:
        said = f"{figure_of(done)}{unit} 没有达到指标值 >0，不得分"
        return Share(NONE, False, f"{rule}：指标值为 0", (said,))
    ratio, formula = max(done / target, NONE), f"{figure_of(done)}/{figure_of(target)}"
    said = f"完成率＝{formula}＝{percent_of(ratio)}，未达到指标值"
    rule = f"{rule}：未达成按完成率计分"
    return Share(ratio, False, rule, (said,), formula=formula if ratio else "")


def _zero(done: Fraction, unit: str, rule: str) -> Share:
    met = done == 0
    said = f"指标值为 0，实际完成值 {figure_of(done)}{unit}，{'得满分' if met else '不得分'}"
    return Share(ONE if met else NONE, met, f"{rule}：指标值为 0", (said,))


def _over(share: Share, done: Fraction, target: Fraction, rules: ScoringRules) -> Share:
    """D12: full points; far above the target must be explained, and may cost points by a rule."""
    over = rules.over
    if target <= 0 or done * WHOLE_BP <= target * over.explain_above_bp:
        return share
    ratio = done / target
    limit = Fraction(over.explain_above_bp, WHOLE_BP)
    flag = f"实际完成值是指标值的 {percent_of(ratio)}，高于 {percent_of(limit)}，须说明原因"
    most = Fraction(over.deduct_most_bp, WHOLE_BP)
    cost = min((ratio - limit) * over.deduct_bp / WHOLE_BP, most)
    if not cost:
        return Share(share.of_weight, True, share.rule, share.steps, (flag,))
    said = (
        f"超出 {percent_of(limit)} 的部分为 {percent_of(ratio - limit)}，"
        f"按偏离度扣分值的 {percent_of(cost)}（最多 {percent_of(most)}）"
    )
    steps = (*share.steps, said)
    return Share(ONE - cost, True, f"{share.rule}，超额扣分", steps, (flag,))


def at_most(
    done: Fraction, target: Fraction, unit: str, rules: ScoringRules, *, strict: bool = False
) -> Share | None:
    """D9 (≤): met is full; else 1 − (actual − target)/target, from twice the target on 0.

    By the variant target/actual. A target of 0: 0 is full, else 0. None for a negative target
    that is missed.
    """
    sign = "<" if strict else "≤"
    rule = f"定量指标（{sign}）"
    if done < target or (done == target and not strict):
        said = f"{figure_of(done)}{unit} 符合指标值 {sign}{figure_of(target)}{unit}，得满分"
        return Share(ONE, True, f"{rule}：达成得满分", (said,))
    if target < 0:
        return None
    if target == 0:
        return _zero(done, unit, rule)
    d, t = figure_of(done), figure_of(target)
    if rules.at_most is AtMost.RATIO:
        share, formula = target / done, f"{t}/{d}"
        said = f"指标值/实际完成值＝{formula}＝{percent_of(share)}"
        rule = f"{rule}：超过按指标值/实际完成值计分"
        return Share(share, False, rule, (said,), formula=formula)
    share, formula = max(ONE - (done - target) / target, NONE), f"（1－（{d}－{t}）/{t}）"
    said = f"超出指标值（{d}－{t}）/{t}＝{percent_of((done - target) / target)}"
    rule = f"{rule}：超过按超出比例扣减"
    return Share(share, False, rule, (said,), formula=formula if share else "")


def between(
    done: Fraction, lower: Fraction, upper: Fraction, unit: str, rules: ScoringRules
) -> Share | None:
    """A range: within it is full, below it as ≥ its lower end, above as ≤ its upper end."""
    if done < lower:
        return at_least(done, lower, unit, rules)
    if done > upper:
        return at_most(done, upper, unit, rules)
    said = f"{figure_of(done)}{unit} 在 {figure_of(lower)}～{figure_of(upper)}{unit} 之内，得满分"
    return Share(ONE, True, "定量指标（范围）：达成得满分", (said,))


def passed(share: Share, rules: ScoringRules) -> Share:
    """及格门槛 (财预〔2021〕101号): what is missed by more than the pass mark counts nothing."""
    if share.met or share.of_weight * WHOLE_BP >= rules.pass_bp:
        return share
    mark = percent_of(Fraction(rules.pass_bp, WHOLE_BP))
    said = f"{percent_of(share.of_weight)} 低于及格门槛 {mark}，不得分"
    return Share(NONE, False, f"{share.rule}，未过及格门槛", (*share.steps, said))


def by_bands(value: TargetValue, group: Group | None) -> bool:
    """Whether a target is a rate of satisfaction, for which a rule set may have bands."""
    is_rate = value.unit == "%" and value.comparison in ("≥", ">", "=")
    return group is Group.SATISFACTION and is_rate


def satisfaction(done: Fraction, value: TargetValue, bands: Satisfaction) -> Share:
    """Satisfaction by bands (财预〔2021〕101号): ≥ 90 % full, < 60 % nothing, between by steps.

    `done` is percent. Without steps it is actual / 90 %. Between the two a
    target that is met is full.
    """
    target = Fraction(value.number or 0)
    met = done > target if value.comparison == ">" else done >= target
    figure, rate = f"满意度 {figure_of(done)}%", done * 100  # percent → basis points
    full, none = (
        percent_of(Fraction(bp, WHOLE_BP)) for bp in (bands.full_from_bp, bands.none_below_bp)
    )
    rule = "满意度按区间计分"
    if rate >= bands.full_from_bp:
        return Share(ONE, met, rule, (f"{figure}，不低于 {full}，得满分",))
    if rate < bands.none_below_bp:
        return Share(NONE, met, rule, (f"{figure}，低于 {none}，不得分",))
    if met:
        said = f"{figure}，达到指标值 {figure_of(target)}%，得满分"
        return Share(ONE, True, rule, (said,))
    step = next((each for each in bands.steps if rate >= each.from_bp), None)
    if step:
        share, least = Fraction(step.share_bp, WHOLE_BP), Fraction(step.from_bp, WHOLE_BP)
        said = f"{figure}，不低于 {percent_of(least)}，得分值的 {percent_of(share)}"
        return Share(share, False, rule, (said,))
    share, formula = rate / bands.full_from_bp, f"{figure_of(done)}%/{full}"
    said = f"{figure}，不低于 {none}、低于 {full}，按比例计分"
    return Share(share, False, rule, (said,), formula=formula)


def figure_of(number: Fraction) -> str:
    """An exact decimal as people write it, `248.96`."""
    return weight_text(Decimal(number.numerator) / Decimal(number.denominator))


def percent_of(share: Fraction) -> str:
    """A share for reading, rounded to four decimals of a percent at most: `86.05%`, `100%`."""
    millionths = round_half_up(share.numerator * 10**6, share.denominator)
    return f"{weight_text(Decimal(millionths).scaleb(-4))}%"
