"""Contradictions in the funds of a filled form: sums, rate, execution points (domain notes, 1a).

Printed figures are rounded: what they can be compared to is as exact as they are, no more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from monitor.domain import form_kinds as kinds
from monitor.domain.filled_form import FilledForm, FormCell, FundLine, Number, number, says
from monitor.domain.money import WHOLE_BP, percent, round_half_up
from monitor.domain.scoring import rounded
from monitor.domain.scoring_rules import ScoringRules
from monitor.errors import Diagnostic

R = TypeVar("R", Decimal, Fraction)
COLUMNS = {
    "initial": "年初预算数",
    "budget": "全年预算数(A)",
    "paid": "全年执行数(B)",
    "weight": "分值",
    "rate": "执行率(B/A)",
    "points": "得分",
}
_AMOUNTS = ("initial", "budget", "paid")
POINTS_TOLERANCE = Decimal("0.1")
"""Points may differ by so much from what they are computed from (domain notes, 1a)."""
_RATE_TOLERANCE = Decimal("0.01")
"""In percent, besides what rounding explains."""
_NO_REASON = re.compile("^(?!.*(?:原因|问题)).*(?:措施|结论|评价|等级|等次)")
"""Labels of what follows from the year, and tells no reason."""


def check_funds(form: FilledForm, rules: ScoringRules) -> Iterator[Diagnostic]:
    """Sums and rates of all rows; points and reason (D6) of 年度资金总额, by the rule set."""
    if not form.funds:
        return
    for row in form.funds:
        yield from _unreadable(row)
    for name in _AMOUNTS:
        yield from _sum(name, form.funds)
    for row in form.funds:
        yield from _rate(row)
    yield from _execution(form, rules)


def value(cell: FormCell | None) -> Number | None:
    """The number in a cell; None where it is missing, blank, open or unreadable."""
    return number(cell.content) if cell is not None and cell.says else None


def unreadable(cell: FormCell | None, column: str) -> Iterator[Diagnostic]:
    """A cell that should hold a number and does not, or a negative one."""
    if cell is None or not cell.says:
        return
    found = number(cell.content)
    if found is None:
        yield kinds.NOT_A_NUMBER.at(cell.place, cell.text, column=column)
    elif found.value < 0:
        yield kinds.NEGATIVE.at(cell.place, cell.text, column=column)


def plain(figure: Decimal) -> str:
    """Without idle zeros: `110`, `8.6`."""
    text = f"{figure:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _unreadable(row: FundLine) -> Iterator[Diagnostic]:
    for name, column in COLUMNS.items():
        yield from unreadable(getattr(row, name), column)


def _sum(name: str, funds: Sequence[FundLine]) -> Iterator[Diagnostic]:
    """年度资金总额 against its parts; parts of parts may be counted or not, as it fits."""
    total: FormCell | None = getattr(funds[0], name)
    cells = [(getattr(row, name), row.nested) for row in funds[1:]]
    stated = value(total)
    if total is None or total.is_open or (total.says and stated is None):
        return
    if any(cell is not None and not cell.is_blank and value(cell) is None for cell, _ in cells):
        return
    parts = [(each, nested) for cell, nested in cells if (each := value(cell)) is not None]
    if not parts:
        return
    whole = stated or Number(Decimal(0))
    sums = [_added(each for each, nested in parts if not nested), _added(p for p, _ in parts)]
    if not any(abs(whole.value - s.value) <= whole.slack + s.slack for s in sums):
        words = {"column": COLUMNS[name], "total": total.content or "空白"}
        yield kinds.FUNDS_SUM.at(total.place, total.text, **words, added=plain(sums[0].value))


def _added(parts: Iterator[Number]) -> Number:
    listed = list(parts)
    values = sum((each.value for each in listed), Decimal(0))
    return Number(values, sum((each.slack for each in listed), Decimal(0)))


def _rate(row: FundLine) -> Iterator[Diagnostic]:
    """执行率 = B/A, as exact as it is printed; 0.86 without a sign may stand for 86 %."""
    budget, paid, rate = value(row.budget), value(row.paid), value(row.rate)
    if budget is None or paid is None or row.budget is None or row.paid is None:
        return
    if paid.value > budget.value + budget.slack + paid.slack and budget.value > 0:
        figures = {"paid": row.paid.content, "budget": row.budget.content}
        yield kinds.PAID_OVER_BUDGET.at(row.paid.place, row.paid.text, **figures)
    if rate is None or row.rate is None or budget.value <= 0:
        return
    least, most = _ratio(paid, budget)
    readings = [(rate.value, rate.slack * 100)]
    if rate.suffix != "%" and rate.value <= 1:
        readings.append((rate.value * 100, rate.slack * 100))
    shown_to = [(r - s - _RATE_TOLERANCE, r + s + _RATE_TOLERANCE) for r, s in readings]
    if not any(low <= most * 100 and high >= least * 100 for low, high in shown_to):
        figures = {"paid": row.paid.content, "budget": row.budget.content}
        figures |= {"rate": row.rate.content, "computed": _percent(paid, budget)}
        yield kinds.RATE_WRONG.at(row.rate.place, row.rate.text, **figures)


def _ratio(paid: Number, budget: Number) -> tuple[Decimal, Decimal]:
    """The least and the most that B/A can be, both rounded as they are printed."""
    smallest = budget.value - budget.slack
    if smallest <= 0:
        return Decimal("-Infinity"), Decimal("Infinity")
    ends = (smallest, budget.value + budget.slack)
    least, most = paid.value - paid.slack, paid.value + paid.slack
    return min(least / end for end in ends), max(most / end for end in ends)


def _percent(paid: Number, budget: Number) -> str:
    return percent(_bp(paid, budget))


def _bp(paid: Number, budget: Number) -> int:
    exact = Fraction(paid.value) / Fraction(budget.value) * WHOLE_BP
    return round_half_up(exact.numerator, exact.denominator)


def _execution(form: FilledForm, rules: ScoringRules) -> Iterator[Diagnostic]:
    """The row of the total: its points, and the reason that a low rate asks for (D6)."""
    row = form.funds[0]
    budget, paid = value(row.budget), value(row.paid)
    for cell, name in ((row.budget, "budget"), (row.paid, "paid")):
        if cell is None or (cell.is_blank and not (budget and budget.value == 0)):
            part = f"年度资金总额的{COLUMNS[name]}"
            yield kinds.PART_MISSING.at((cell or row.name).place, part=part)
    taken_back = budget is not None and budget.value == 0 and _is_taken_back(form, row)
    yield from _above(row, must_score=not taken_back)
    if row.budget is None or budget is None or budget.value < 0:
        return
    if budget.value == 0:
        kind = kinds.TAKEN_BACK if taken_back else kinds.BUDGET_ZERO
        yield kind.at(row.budget.place, row.budget.text)
    elif paid is not None:
        yield from _points(row, paid, budget, rules)
        if _bp(paid, budget) < rules.reason_below_bp and not _explained(form):
            rate = row.rate if row.rate is not None else row.paid
            limits = {"rate": _percent(paid, budget), "limit": percent(rules.reason_below_bp)}
            yield kinds.RATE_LOW.at(rate.place if rate else row.name.place, **limits)


def _above(row: FundLine, *, must_score: bool) -> Iterator[Diagnostic]:
    weight, points = value(row.weight), value(row.points)
    if weight and points and points.value > weight.value and row.points and row.weight:
        figures = {"points": row.points.content, "weight": row.weight.content}
        yield kinds.POINTS_ABOVE_WEIGHT.at(row.points.place, row.points.text, **figures)
    elif must_score and weight and row.points is not None and row.points.is_blank:
        yield kinds.POINTS_MISSING.at(row.points.place, name="预算执行率")


def _points(
    row: FundLine, paid: Number, budget: Number, rules: ScoringRules
) -> Iterator[Diagnostic]:
    weight, points = value(row.weight), value(row.points)
    if weight is None or points is None or row.points is None or points.value > weight.value:
        return
    least, most = (_share(each, rules) * weight.value for each in _ratio(paid, budget))
    if least - POINTS_TOLERANCE <= points.value <= most + POINTS_TOLERANCE:
        return
    exact = Fraction(paid.value) / Fraction(budget.value)
    figures = {
        "points": row.points.content,
        "paid": row.paid.content if row.paid else "",
        "budget": row.budget.content if row.budget else "",
        "weight": plain(weight.value),
        "computed": f"{rounded(Fraction(_share(exact, rules)) * Fraction(weight.value)):.2f}",
    }
    yield kinds.EXECUTION_POINTS.at(row.points.place, row.points.text, **figures)


def _share(rate: R, rules: ScoringRules) -> R | Decimal:
    """The share of the weight that a rate earns: the rate itself up to 1, or by steps (D6)."""
    rate = max(rate, type(rate)(0))
    if rules.execution_steps:
        reached = (s for s in rules.execution_steps if rate * WHOLE_BP >= s.from_bp)
        step = next(reached, None)
        return Decimal(step.share_bp) / WHOLE_BP if step else Decimal(0)
    return min(rate, type(rate)(1))


def _is_taken_back(form: FilledForm, row: FundLine) -> bool:
    """Nothing paid, no rate printed, and money there at first or 收回 in the reasons."""
    paid, initial = value(row.paid), value(row.initial)
    if (paid is not None and paid.value != 0) or value(row.rate) is not None:
        return False
    told = any("收回" in cell.text for cell in _reasons(form))
    return told or (initial is not None and initial.value > 0)


def _reasons(form: FilledForm) -> list[FormCell]:
    cells = [form.execution_reason, *(row.reason for row in form.funds), *form.texts]
    return [cell for cell in cells if cell is not None]


def _explained(form: FilledForm) -> bool:
    """Whether a reason is given, or its cell is still open, which is no contradiction.

    Measures (改进措施) and conclusions (评价结论) are no reasons.
    """
    open_ = form.execution_reason is not None and form.execution_reason.is_open
    return open_ or any(says(cell) and not _NO_REASON.search(_of(cell)) for cell in _reasons(form))


def _of(cell: FormCell) -> str:
    return cell.place.column or ""
