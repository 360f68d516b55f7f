"""How likely a target is met by the end of the year: 确定能, 有可能, 完全不可能 (完成目标可能性).

The three words are those of the monitoring form (财预〔2019〕136号, domain notes, section 1c). What
is proposed here is a draft for a person: the form binds nobody to a formula. 完全不可能 is
proposed for facts alone (a limit that is passed, a day that is over, an answer 取消), never for
slowness. All comparisons are products; nothing is rounded but in print.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from monitor.domain.calendar import checkpoint_name, day_name, month_end
from monitor.domain.forecast import RunRate
from monitor.domain.money import WHOLE_BP, percent, ten_thousand_yuan
from monitor.domain.progress import Standing
from monitor.domain.target_value import TargetValue, ValueKind
from monitor.domain.warning import Acknowledgement

_MONTHS = 12
_GIVEN_UP = "取消"
_LEVELS = ("%", "‰", "天", "日", "工作日", "小时", "分钟", "分", "分贝", "℃", "百分点")


class Likelihood(StrEnum):
    """The three columns of 完成目标可能性, in the order of the form."""

    SURE = "确定能"
    MAYBE = "有可能"
    NEVER = "完全不可能"

    @property
    def needs_reason(self) -> bool:
        """Whether reason and measure must be given beside it."""
        return self is not Likelihood.SURE


@dataclass(frozen=True, slots=True)
class Proposal:
    """A word proposed, and the facts that it rests on, in Chinese."""

    likelihood: Likelihood
    because: str


@dataclass(frozen=True, slots=True)
class Reached:
    """What is known of an indicator at the cut-off; all None where nobody has reported yet.

    `number` is in the target's unit, `day` when it was done, `met` what was reported of a target
    without a number.
    """

    number: Decimal | None = None
    day: date | None = None
    met: bool | None = None


def propose(
    value: TargetValue,
    reached: Reached,
    standing: Standing,
    *,
    cap_fen: int | None = None,
    answers: Sequence[Acknowledgement] = (),
    sure_bp: int = WHOLE_BP,
) -> Proposal | None:
    """What the facts at `standing.as_of` speak for; None where they say nothing.

    `cap_fen` is what the whole project may cost by this indicator, `answers` the year's, oldest
    first. A quantity that grows over the year is likely met from `sure_bp` of time progress on.
    """
    if answers and answers[-1].answer == _GIVEN_UP:
        return Proposal(Likelihood.NEVER, "单位已答复取消")
    if cap_fen is not None:
        return _within(cap_fen, standing)
    if value.number is not None and reached.number is not None:
        return _by_number(value, value.number, reached.number, standing.as_of.month, sure_bp)
    if value.kind is ValueKind.DATE and value.date is not None:
        if reached.day is not None:
            return _by_day(value.date, reached.day)
        if value.date <= standing.as_of:
            return None  # it may have been done, and only a person knows
    if reached.met is not None:
        return _by_word(met=reached.met)
    return _by_money(standing)


def run_rate(standing: Standing) -> RunRate:
    """The pace of payment up to `as_of`, until the last day of the year."""
    as_of = standing.as_of
    return RunRate(standing.account.paid_fen, as_of, month_end(as_of.year, _MONTHS))


def _within(cap_fen: int, standing: Standing) -> Proposal | None:
    """A limit of the whole cost: passed, passed at this pace, or kept; None for nothing paid."""
    paid, estimate = standing.account.paid_fen, run_rate(standing).estimate_fen
    if paid <= 0:
        return None
    spent = f"已支出{ten_thousand_yuan(paid)}万元"
    limit = f"上限{ten_thousand_yuan(cap_fen)}万元"
    if paid > cap_fen:
        return Proposal(Likelihood.NEVER, f"{spent}，已超过{limit}")
    pace = f"按支付速度推算全年{ten_thousand_yuan(estimate)}万元"
    if estimate > cap_fen:
        return Proposal(Likelihood.MAYBE, f"{spent}，{pace}，将超过{limit}")
    return Proposal(Likelihood.SURE, f"{spent}，{pace}，不超过{limit}")


def _by_number(
    value: TargetValue, target: Decimal, number: Decimal, month: int, sure_bp: int
) -> Proposal:
    if value.kind is ValueKind.RANGE:
        return _by_range(value, target, number, month, sure_bp)
    if value.comparison in ("≤", "<"):
        return _at_most(value, target, number, month)
    return _at_least(value, target, number, month, sure_bp)


def _at_least(
    value: TargetValue, target: Decimal, number: Decimal, month: int, sure_bp: int
) -> Proposal:
    above = number > target if value.comparison == ">" else number >= target
    if above:
        return Proposal(Likelihood.SURE, f"已达到指标值（{_text(number, value)}）")
    if is_level(value.unit):
        return Proposal(Likelihood.MAYBE, f"目前为{_text(number, value)}，未达到指标值")
    keeps_pace = number > 0 and number * _MONTHS * WHOLE_BP >= target * month * sure_bp
    against = (
        f"完成{_text(number, value)}，{'达到' if keeps_pace else '低于'}时间进度{_time(month)}"
    )
    return Proposal(Likelihood.SURE if keeps_pace else Likelihood.MAYBE, against)


def _at_most(value: TargetValue, target: Decimal, number: Decimal, month: int) -> Proposal:
    now = f"目前为{_text(number, value)}"
    kept = number < target if value.comparison == "<" else number <= target
    if is_level(value.unit):
        return (
            Proposal(Likelihood.SURE, f"{now}，符合指标值")
            if kept
            else Proposal(Likelihood.MAYBE, f"{now}，不符合指标值")
        )
    if not kept:
        return Proposal(Likelihood.NEVER, f"{now}，已超过指标值")
    if number * _MONTHS > target * month:
        return Proposal(Likelihood.MAYBE, f"{now}，高于时间进度{_time(month)}，全年将超过指标值")
    return Proposal(Likelihood.SURE, f"{now}，未超过时间进度{_time(month)}")


def _by_range(
    value: TargetValue, lower: Decimal, number: Decimal, month: int, sure_bp: int
) -> Proposal:
    upper = lower if value.upper is None else value.upper
    if number > upper:
        ended = not is_level(value.unit)
        word = Likelihood.NEVER if ended else Likelihood.MAYBE
        return Proposal(word, f"目前为{_text(number, value)}，超出指标值范围")
    if number >= lower:
        return Proposal(Likelihood.SURE, f"目前为{_text(number, value)}，在指标值范围内")
    return _at_least(value, lower, number, month, sure_bp)


def _by_day(target: date, done: date) -> Proposal:
    if done <= target:
        return Proposal(Likelihood.SURE, f"已于{day_name(done)}完成")
    return Proposal(Likelihood.NEVER, f"{day_name(done)}完成，晚于指标值")


def _by_word(*, met: bool) -> Proposal:
    if met:
        return Proposal(Likelihood.SURE, "已填报完成")
    return Proposal(Likelihood.MAYBE, "填报为尚未完成")


def _by_money(standing: Standing) -> Proposal | None:
    """Where nobody has reported, the plan of payment is the best sign; else there is none."""
    if standing.checkpoint is None or standing.planned_bp is None or standing.due_fen is None:
        return None
    plan = f"{checkpoint_name(standing.checkpoint)}计划{percent(standing.planned_bp)}"
    if standing.rate_bp is None or not standing.planned_bp:
        return None
    rate = f"执行率{percent(standing.rate_bp)}"
    if standing.severity is None:
        return Proposal(Likelihood.SURE, f"尚无填报；{rate}，达到{plan}")
    return Proposal(
        Likelihood.MAYBE, f"尚无填报；{rate}，低于{plan}（{standing.severity.label}滞后）"
    )


def is_level(unit: str) -> bool:
    """Whether a figure in this unit is a level, not a sum that grows over the year."""
    return "/" in unit or "／" in unit or unit.removeprefix("个") in _LEVELS


def _text(number: Decimal, value: TargetValue) -> str:
    return f"{number:f}{value.unit}"


def _time(month: int) -> str:
    return f"（{month}/{_MONTHS}）"
