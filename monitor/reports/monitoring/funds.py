"""The money of a monitoring form: budget, executed, rate, and a person's estimate of the year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from monitor.domain.adjustment import Fund
from monitor.domain.entry import Entry, Field, Form, Key
from monitor.domain.likelihood import run_rate
from monitor.domain.money import (
    WHOLE_BP,
    NotAnAmount,
    parse_fen,
    percent,
    round_half_up,
    ten_thousand_yuan,
)
from monitor.reports.assessment.draft import NOTHING, Cell, Mark, computed, to_fill
from monitor.reports.assessment.facts import FundFigures, ProjectFacts
from monitor.reports.monitoring.settings import FundColumn, FundLine, Profile

_PREFIX = {Fund.FISCAL: "fiscal", Fund.CARRIED: "carried", Fund.OTHER: "other"}
_NO_SPLIT = "未按资金性质拆分"


@dataclass(frozen=True, slots=True)
class MonitoredFunds:
    """A row of the form's funds, a cell for each of the profile's columns."""

    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class _Sum:
    """An amount in fen, None where it is not known; whether a person gave it, or why it lacks."""

    fen: int | None
    entered: bool = False
    because: str = ""

    def cell(self, mark: Mark) -> Cell:
        if self.fen is None:
            return to_fill(self.because)
        return Cell(ten_thousand_yuan(self.fen), Mark.ENTERED if self.entered else mark)


@dataclass(frozen=True, slots=True)
class _Money:
    """The three sums of one row."""

    initial: _Sum
    budget: _Sum
    paid: _Sum

    @property
    def is_nothing(self) -> bool:
        """Whether the row is known to have no money at all."""
        return all(each.fen == 0 for each in (self.initial, self.budget, self.paid))


def fund_rows(facts: ProjectFacts, profile: Profile, period: str) -> tuple[MonitoredFunds, ...]:
    """The rows of the profile. The first is the total; the others are its parts by 资金性质."""
    sums = [_money(facts, line, period) for line in profile.fund_lines]
    estimates = _estimates(facts, sums, period)
    return tuple(
        MonitoredFunds(
            line.name,
            tuple(_cell(column, money, estimate) for column in profile.fund_columns),
        )
        for line, money, estimate in zip(profile.fund_lines, sums, estimates, strict=True)
    )


def _cell(column: FundColumn, money: _Money, estimate: Cell) -> Cell:
    match column:
        case FundColumn.INITIAL:
            return money.initial.cell(Mark.STATED)
        case FundColumn.ADJUSTED:
            return money.budget.cell(Mark.STATED)
        case FundColumn.EXECUTED:
            return money.paid.cell(Mark.COMPUTED)
        case FundColumn.RATE:
            return _rate(money)
        case FundColumn.ESTIMATE:
            return estimate


def _rate(money: _Money) -> Cell:
    """Paid over the budget in force (D1); where the form has no column for that, it is said."""
    budget, paid = money.budget.fen, money.paid.fen
    if budget is None or paid is None:
        return to_fill()
    if not budget:
        return NOTHING
    adjusted = money.initial.fen is not None and money.initial.fen != budget
    note = f"按调整后预算数{ten_thousand_yuan(budget)}" if adjusted else ""
    if paid > budget:
        note = "；".join(filter(None, (note, "超过预算数，请核实")))
    return computed(percent(round_half_up(paid * WHOLE_BP, budget)), note)


def _money(facts: ProjectFacts, line: FundLine, period: str) -> _Money:
    if set(line.funds) == set(Fund):
        account = facts.standing.account
        return _Money(
            _Sum(account.initial_budget_fen), _Sum(account.budget_fen), _Sum(account.paid_fen)
        )
    figures = {each.fund: each for each in facts.funds}
    parts = [_part(facts, fund, figures.get(fund), period) for fund in line.funds]
    return _Money(
        _add(each.initial for each in parts),
        _add(each.budget for each in parts),
        _add(each.paid for each in parts),
    )


def _part(facts: ProjectFacts, fund: Fund, known: FundFigures | None, period: str) -> _Money:
    """One fund: what facts give, else what people wrote, else unknown with the reason."""
    of_budget = known.because if known and known.because else _NO_SPLIT
    of_paid = known.because_paid if known and known.because_paid else of_budget

    def one(name: str, fen: int | None, because: str = of_budget) -> _Sum:
        if fen is not None:
            return _Sum(fen)
        entry = entered(facts, Field(f"{_PREFIX[fund]}_{name}"), period)
        given = None if entry is None else _fen(entry)
        return _Sum(None, because=because) if given is None else _Sum(given, entered=True)

    return _Money(
        one("initial", known.initial_fen if known else None),
        one("budget", known.budget_fen if known else None),
        one("paid", known.paid_fen if known else None, of_paid),
    )


def _add(parts: Iterable[_Sum]) -> _Sum:
    listed = list(parts)
    lacking = next((each for each in listed if each.fen is None), None)
    if lacking is not None:
        return lacking
    total = sum(each.fen for each in listed if each.fen is not None)
    return _Sum(total, any(each.entered for each in listed))


def entered(facts: ProjectFacts, field: Field, period: str, item: str = "") -> Entry | None:
    """What somebody wrote into that cell of the form of that month."""
    return facts.entries.get(Key(Form.MONITORING, field, item, period))


def estimate_fen(facts: ProjectFacts, period: str) -> int | None:
    """全年预计执行数 as a person gave it, in fen."""
    entry = entered(facts, Field.YEAR_ESTIMATE, period)
    return None if entry is None else _fen(entry)


def _fen(entry: Entry) -> int | None:
    try:
        return parse_fen(entry.value)
    except NotAnAmount:
        return None


def _estimates(facts: ProjectFacts, sums: list[_Money], period: str) -> list[Cell]:
    """全年预计执行数 is a person's number; arithmetic stands beside the open cell as a hint.

    A part takes it over where it alone has money, and has none where it never had any.
    """
    fen = estimate_fen(facts, period)
    total = to_fill(_hint(facts)) if fen is None else _estimate(fen, facts)
    parts = sums[1:]
    alone = sum(not each.is_nothing for each in parts) == 1
    cells = [total]
    for each in parts:
        if each.is_nothing:
            cells.append(computed(ten_thousand_yuan(0)))
        elif alone and fen is not None:
            cells.append(total)
        else:
            cells.append(to_fill())
    return cells


def _hint(facts: ProjectFacts) -> str:
    if facts.standing.account.paid_fen <= 0:  # refunds can outweigh payments (D16)
        return "参考：没有净支出，无从推算"
    pace = ten_thousand_yuan(run_rate(facts.standing).estimate_fen)
    return f"参考：按目前支付速度推算全年{pace}"


def _estimate(fen: int, facts: ProjectFacts) -> Cell:
    account = facts.standing.account
    note = ""
    if fen < account.paid_fen:
        note = "小于已执行数，请核实"
    elif account.budget_fen is not None and fen > account.budget_fen:
        note = "大于预算数，请核实"
    return Cell(ten_thousand_yuan(fen), Mark.ENTERED, note)
