"""The rows of 项目资金 of a self-assessment, and the points of the budget's execution (D6)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from monitor.domain.adjustment import Fund
from monitor.domain.entry import Entry, Field, Form, Key
from monitor.domain.money import NotAnAmount, parse_fen, percent, ten_thousand_yuan
from monitor.domain.scoring import execution
from monitor.domain.scoring_rules import ScoringRules
from monitor.domain.weights import weight_text
from monitor.reports.assessment.draft import (
    NOTHING,
    Cell,
    FundRow,
    Mark,
    computed,
    entered,
    to_fill,
)
from monitor.reports.assessment.facts import FundFigures, ProjectFacts
from monitor.reports.assessment.fund_split import NO_COLUMN
from monitor.reports.assessment.indicator_row import points_of

_NAMES = {
    Fund.FISCAL: "其中：当年财政拨款",
    Fund.CARRIED: "　　　上年结转资金",
    Fund.OTHER: "　　　其他资金",
}
_COLUMNS = ("年初预算数", "全年预算数", "全年执行数")
_FIELDS = {
    Fund.FISCAL: (Field.FISCAL_INITIAL, Field.FISCAL_BUDGET, Field.FISCAL_PAID),
    Fund.CARRIED: (Field.CARRIED_INITIAL, Field.CARRIED_BUDGET, Field.CARRIED_PAID),
    Fund.OTHER: (Field.OTHER_INITIAL, Field.OTHER_BUDGET, Field.OTHER_PAID),
}
_UNKNOWN = tuple(FundFigures(fund, None, None, None) for fund in Fund)


@dataclass(frozen=True, slots=True)
class FundPart:
    """The four rows, and where the parts do not add up to the total."""

    rows: tuple[FundRow, ...]
    notices: tuple[str, ...]


def fund_part(facts: ProjectFacts, rules: ScoringRules) -> FundPart:
    """年度资金总额 and its parts by 资金性质; what a person entered goes before what is known."""
    account = facts.standing.account
    total = FundRow(
        "年度资金总额",
        _money(account.initial_budget_fen),
        _money(account.budget_fen),
        computed(ten_thousand_yuan(account.paid_fen)),
        Cell(str(rules.execution_points)),
        rate_cell(facts),
        _points(facts, rules),
    )
    totals = (account.initial_budget_fen, account.budget_fen, account.paid_fen)
    parts = [_part(each, facts) for each in _less_entered(facts)]
    notices = tuple(_sums(totals, [amounts for _, amounts in parts]))
    return FundPart((total, *(row for row, _ in parts)), notices)


def _less_entered(facts: ProjectFacts) -> tuple[FundFigures, ...]:
    """Lists without 资金性质 count all as fiscal: what a person says that other funds paid of it
    is taken off there, so that the parts stay the total (domain notes, section 4)."""
    funds = facts.funds or _UNKNOWN
    guessed = [f for f in funds if f.paid_fen is None and f.because_paid == NO_COLUMN]
    given = sum(paid_entered(facts, each.fund) or 0 for each in guessed)
    return tuple(
        replace(each, paid_fen=each.paid_fen - given)
        if given and each.fund is Fund.FISCAL and each.paid_fen is not None
        else each
        for each in funds
    )


def paid_entered(facts: ProjectFacts, fund: Fund) -> int | None:
    """全年执行数 of a fund as a person gave it, in fen."""
    entry = _entry(facts, _FIELDS[fund][2])
    try:
        return None if entry is None else parse_fen(entry.value)
    except NotAnAmount:
        return None


def rate_cell(facts: ProjectFacts) -> Cell:
    """执行率 with two decimals; — where there is no budget to hold the payments against."""
    rate = facts.standing.rate_bp
    return NOTHING if rate is None else computed(percent(rate))


def taken_back(facts: ProjectFacts) -> str:
    """By what kinds of adjustment the whole budget was taken away; '' where it was not."""
    if facts.standing.account.budget_fen != 0:
        return ""
    kinds = (each.adjustment.kind.value for each in facts.adjustments if each.signed_fen < 0)
    return "、".join(dict.fromkeys(kinds))


def yuan_plain(fen: int) -> str:
    """元 with two decimals as entries keep amounts: `100000.00`."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def _points(facts: ProjectFacts, rules: ScoringRules) -> Cell:
    """The points of the execution; without a budget a person decides (entry POINTS, no item)."""
    account = facts.standing.account
    if account.budget_fen:
        scored = execution(account.paid_fen, account.budget_fen, rules)
        return to_fill() if scored.points is None else computed(str(scored.points))
    entry = _entry(facts, Field.POINTS)
    points = points_of(entry.value) if entry is not None else None
    if entry is not None and points is not None:
        return entered(entry, weight_text(points), "")
    taken = taken_back(facts)
    return to_fill(f"预算已全部{taken}，请决定如何计分" if taken else "无预算数")


def _entry(facts: ProjectFacts, field: Field) -> Entry | None:
    found = facts.entries.get(Key(Form.SELF_ASSESSMENT, field))
    return found if found is not None and found.value.strip() else None


def _money(fen: int | None, why: str = "") -> Cell:
    """An amount of the document in 万元; a blank there is not zero, and is left to be filled."""
    return to_fill(why) if fen is None else Cell(ten_thousand_yuan(fen))


def _part(figures: FundFigures, facts: ProjectFacts) -> tuple[FundRow, list[int | None]]:
    """A row of one fund with its three amounts. 分值 and 得分 are dashes, as the form has it."""
    known = (figures.initial_fen, figures.budget_fen, figures.paid_fen)
    same_reason = figures.initial_fen is None and figures.budget_fen is None
    reasons = (figures.because, "" if same_reason else figures.because, figures.because_paid)
    cells: list[Cell] = []
    amounts: list[int | None] = []
    names = ("initial", "budget", "paid")
    for name, fen, why, field in zip(names, known, reasons, _FIELDS[figures.fund], strict=True):
        is_computed = name == "paid" or name in figures.derived
        own = _money(fen, why) if fen is None or not is_computed else computed(_money(fen).text)
        cell, amount = _entered(_entry(facts, field), own, fen)
        cells.append(cell)
        amounts.append(amount)
    dash = Cell("－")
    initial, budget, paid = cells
    return FundRow(_NAMES[figures.fund], initial, budget, paid, dash, Cell(""), dash), amounts


def _entered(entry: Entry | None, own: Cell, fen: int | None) -> tuple[Cell, int | None]:
    against = "" if fen is None else yuan_plain(fen)
    if entry is None:
        return replace(own, against=against), fen
    try:
        amount = parse_fen(entry.value)
    except NotAnAmount as error:
        return to_fill(f"填报的“{entry.value}”{error.reason}"), fen
    cell = entered(entry, ten_thousand_yuan(amount), against)
    if cell.note:
        return cell, amount
    if fen is not None and amount != fen:
        source = "系统测算" if own.mark is Mark.COMPUTED else "登记的"
        return replace(cell, note=f"{source}为{ten_thousand_yuan(fen)}"), amount
    return cell, amount


def _sums(totals: Sequence[int | None], parts: Sequence[Sequence[int | None]]) -> Iterator[str]:
    for name, total, column in zip(_COLUMNS, totals, zip(*parts, strict=True), strict=True):
        known = [fen for fen in column if fen is not None]
        if total is None or len(known) < len(column) or sum(known) == total:
            continue
        yield (
            f"各类资金的{name}合计 {ten_thousand_yuan(sum(known))} 万元，"
            f"与年度资金总额 {ten_thousand_yuan(total)} 万元不符，请核对。"
        )
