"""The money of a project by 资金性质: 年初预算数, 全年预算数 and 全年执行数 of each fund.

What the document states is of 财政资金 and 其他资金 (domain notes, section 5), what changes it
are adjustments with a fund each (section 4); payments go by the lists' own words for the fund,
and without that column everything is 当年财政拨款. What follows from none of these stays None.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from monitor.domain.adjustment import Fund
from monitor.domain.money import ten_thousand_yuan
from monitor.domain.money_words import MoneyWords
from monitor.reports.assessment.facts import AdjustmentUsed, FundFigures

NO_COLUMN = "支付明细没有“资金性质”列，全部支付暂列“当年财政拨款”"


@dataclass(frozen=True, slots=True)
class StatedFunds:
    """What a document states from its day on, in fen; None where the cell is blank."""

    effective: date
    budget_fen: int | None
    fiscal_fen: int | None
    other_fen: int | None


@dataclass(frozen=True, slots=True)
class ListedSum:
    """Counted payments of one list with one wording; `named` is False without such a column."""

    fund: str
    named: bool
    lines: int
    paid_fen: int


@dataclass(frozen=True, slots=True)
class PaidByFund:
    """What was paid by fund, in fen. `unnamed_fen` came without the column and counts as fiscal;
    `unknown` is what a list says that no rule knows: (word, lines, fen)."""

    sums: Mapping[Fund, int] = field(default_factory=dict)
    unnamed_lines: int = 0
    unnamed_fen: int = 0
    unknown: tuple[tuple[str, int, int], ...] = ()

    @classmethod
    def of(cls, listed: Iterable[ListedSum], words: MoneyWords) -> PaidByFund:
        sums: Counter[Fund] = Counter()
        unknown: dict[str, tuple[int, int]] = {}
        unnamed_lines = unnamed_fen = 0
        for each in listed:
            fund = words.fund_of(each.fund) if each.named else Fund.FISCAL
            if fund is None:
                rows, fen = unknown.get(each.fund, (0, 0))
                unknown[each.fund] = (rows + each.lines, fen + each.paid_fen)
                continue
            sums[fund] += each.paid_fen
            if not each.named:
                unnamed_lines, unnamed_fen = unnamed_lines + each.lines, unnamed_fen + each.paid_fen
        return cls(
            sums, unnamed_lines, unnamed_fen, tuple((w, *unknown[w]) for w in sorted(unknown))
        )


@dataclass(frozen=True, slots=True)
class FundSplit:
    """The rows of the three funds, in the order of the form, and what is to be said of them."""

    figures: tuple[FundFigures, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Base:
    """The funds of a document: values, which of them are derived, and why one is not known."""

    fen: Mapping[Fund, int | None]
    derived: frozenset[Fund] = frozenset()
    because: Mapping[Fund, str] = field(default_factory=dict)


def split(
    *,
    year: int,
    as_of: date,
    stated: Sequence[StatedFunds],
    adjustments: Sequence[AdjustmentUsed],
    paid: PaidByFund,
    held: frozenset[Fund] | None,
) -> FundSplit:
    """The three rows below 年度资金总额. `stated` are the documents in force, by their day;
    `adjustments` those effective by `as_of`. `held` are the funds that any list of the year
    names, None where none has the column 资金性质.
    """
    first_day = date(year, 1, 1)
    first, now = _in_force(stated, first_day), _in_force(stated, max(as_of, first_day))
    initial, base = _base(first), _base(now)
    since = now.effective if now is not None and now.effective > first_day else None
    figures = tuple(
        _figures(fund, initial, base, _changes(adjustments, fund, since), paid, held)
        for fund in Fund
    )
    return FundSplit(figures, tuple(_remarks(paid, held)))


def _in_force(stated: Sequence[StatedFunds], day: date) -> StatedFunds | None:
    by_then = [each for each in stated if each.effective <= day]
    return max(by_then, key=lambda each: each.effective, default=None)


def _changes(adjustments: Sequence[AdjustmentUsed], fund: Fund, since: date | None) -> int:
    """A 调整 document holds the adjustments up to its own day; only later ones are added."""
    return sum(
        each.signed_fen
        for each in adjustments
        if each.adjustment.fund is fund and (since is None or each.adjustment.effective > since)
    )


def _base(stated: StatedFunds | None) -> _Base:
    """A project without a document by then had nothing: what it has came by adjustments."""
    if stated is None:
        return _Base(dict.fromkeys(Fund, 0))
    budget, fiscal, other = stated.budget_fen, stated.fiscal_fen, stated.other_fen
    if budget is not None and fiscal is not None and fiscal + (other or 0) == budget:
        derived = {Fund.CARRIED} | ({Fund.OTHER} if other is None else set())
        why = "目标文本未单列，财政资金与其他资金已合计等于预算数"
        return _Base(
            {Fund.FISCAL: fiscal, Fund.CARRIED: 0, Fund.OTHER: other or 0},
            frozenset(derived),
            dict.fromkeys(derived, why),
        )
    because = {Fund.CARRIED: "目标文本未单列上年结转资金" + _difference(budget, fiscal, other)}
    if fiscal is None:
        because[Fund.FISCAL] = "目标文本“财政资金”一栏空白"
    if other is None:
        because[Fund.OTHER] = "目标文本“其他资金”一栏空白"
    return _Base({Fund.FISCAL: fiscal, Fund.CARRIED: None, Fund.OTHER: other}, because=because)


def _difference(budget: int | None, fiscal: int | None, other: int | None) -> str:
    if budget is None or fiscal is None or other is None:
        return ""
    rest = budget - fiscal - other
    side = "少于" if rest > 0 else "多于"
    return f"，财政资金与其他资金合计{side}预算数 {ten_thousand_yuan(abs(rest))} 万元"


def _figures(
    fund: Fund,
    initial: _Base,
    base: _Base,
    change: int,
    paid: PaidByFund,
    held: frozenset[Fund] | None,
) -> FundFigures:
    before, stated = initial.fen[fund], base.fen[fund]
    budget = None if stated is None else stated + change
    paid_fen, why, is_derived = _paid(fund, budget, paid, held)
    because = initial.because.get(fund) or base.because.get(fund, "")
    if budget is None and change:
        because += f"；年中调整 {ten_thousand_yuan(change)} 万元"
    derived = {
        "initial": fund in initial.derived,
        "budget": fund in base.derived and not change,
        "paid": is_derived,
    }
    names = frozenset(name for name, is_so in derived.items() if is_so)
    return FundFigures(fund, before, budget, paid_fen, because, why, names)


def _paid(
    fund: Fund, budget: int | None, paid: PaidByFund, held: frozenset[Fund] | None
) -> tuple[int | None, str, bool]:
    """What was paid of a fund, why that is not known, and whether it is only derived."""
    sum_fen = paid.sums.get(fund, 0)
    if paid.unknown:
        fen = sum(each[2] for each in paid.unknown)
        known = f"已认定 {ten_thousand_yuan(sum_fen)} 万元"
        return None, f"{known}，另有 {ten_thousand_yuan(fen)} 万元资金性质未认定", False
    if fund in paid.sums or fund is Fund.FISCAL or fund in (held or ()):
        return sum_fen, "", False
    if budget == 0:
        return 0, "", True
    if held is None:
        return None, NO_COLUMN, False
    return None, f"已导入的支付明细中没有资金性质为“{fund.value}”的支付", False


def _remarks(paid: PaidByFund, held: frozenset[Fund] | None) -> Iterable[str]:
    if held is None and not paid.unknown:
        yield f"{NO_COLUMN}；如有上年结转资金或其他资金支出，请据实调整。"
    elif paid.unnamed_lines:
        yield (
            f"有 {paid.unnamed_lines} 笔支付（{ten_thousand_yuan(paid.unnamed_fen)} 万元）"
            "所在的清单没有“资金性质”列，暂列“当年财政拨款”。"
        )
    for word, lines, fen in paid.unknown:
        said = f"资金性质“{word}”不认识" if word else "资金性质空白"
        yield (
            f"有 {lines} 笔支付（{ten_thousand_yuan(fen)} 万元）{said}，没有归入任何一类；"
            "可在 rules/funds.toml 中登记该词后重新生成。"
        )
