"""What payments show of a cost limit or of a day by which money is to be paid.

The limit is held against what was paid, of the whole project or of the payments whose 用途 names
the part (rules/funds.toml); the day against the last payment.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from monitor.domain.calendar import day_name
from monitor.domain.codes import normalise_name
from monitor.domain.cost_target import cost_cap_fen, is_cost
from monitor.domain.money import MoneyUnit, ten_thousand_yuan
from monitor.domain.money_words import MoneyWords
from monitor.domain.target import Indicator, Project
from monitor.domain.target_value import TargetValue, ValueKind, parse_target
from monitor.reports.assessment.facts import PaidLine, ProjectFacts

_ABOUT_MONEY = re.compile("预算|资金|经费|成本|费|金额|支出|投入|元")
_PRICE = re.compile("人均|每|单价|单位|标准|定额|率|比例")
_PAYING = re.compile("支付|拨付|拨款|发放|兑付|缴纳|缴清|付款|付清|下拨")
_PAID_BY = re.compile(
    "(?:全部|完成|及时|足额)*(?:支付|拨付|拨款|发放|兑付|缴纳|付款|下拨)(?:完成|完毕|到位|到账)?$"
)
_MOST_PURPOSES = 3


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the facts show. `actual` is a 实际完成值 to be confirmed, '' where they show none.

    `note` is its evidence, or why there is none. Where points follow from it, `scored_as` is held
    against `value`, the target as it is meant. `aside` stands beside the cell.
    """

    actual: str = ""
    note: str = ""
    scored_as: str = ""
    value: TargetValue | None = None
    aside: str = ""


def of_money(indicator: Indicator, facts: ProjectFacts) -> Evidence | None:
    """What payments show of an indicator of cost, or of a day of payment; None for any other."""
    if is_cost(indicator) and _ABOUT_MONEY.search(_words(indicator)):
        return _of_cost(indicator, facts)
    day = _pay_day(indicator, facts.project.year)
    return _of_payment_day(day, facts) if day else None


def asks_for_lines(project: Project, words: MoneyWords) -> bool:
    """Whether an indicator asks for single payments: their days, or what they were for."""
    return any(
        _pay_day(each, project.year) or _part(each, project, words) for each in project.indicators
    )


def _words(indicator: Indicator) -> str:
    return indicator.level3 + indicator.description + indicator.target


def _of_cost(indicator: Indicator, facts: ProjectFacts) -> Evidence:
    """The whole project's cost, or that of the part which the indicator names."""
    if _part(indicator, facts.project, facts.words):
        return _of_part(indicator, facts)
    account = facts.standing.account
    budget, paid = account.budget_fen, account.paid_fen
    figures = f"支出{ten_thousand_yuan(paid)}万元"
    if not budget:
        return Evidence(note=f"系统测算：{figures}，无预算数")
    cap = cost_cap_fen(indicator, facts.project, budget)
    if cap is None or not 0 < paid <= cap:
        return Evidence(note=f"系统测算：{figures}，{_against(paid, budget, cap)}")
    value, sum_paid = _at_most(cap), f"{ten_thousand_yuan(paid)}万元"
    if indicator.value.kind is ValueKind.NUMBER:
        return Evidence(sum_paid, scored_as=sum_paid, value=value)
    answer = "是" if indicator.value.kind is ValueKind.YES_NO else "未超出预算"
    return Evidence(answer, f"{figures}，预算{ten_thousand_yuan(cap)}万元", sum_paid, value)


def _at_most(cap_fen: int) -> TargetValue:
    """A limit of money, however the document words it, as the ≤ that it means (D9)."""
    return TargetValue(ValueKind.NUMBER, "≤", Decimal(cap_fen).scaleb(-6), unit="万元")


def _against(paid_fen: int, budget_fen: int, cap_fen: int | None) -> str:
    """How payments stand to what the indicator is about, as evidence for the person who fills."""
    if cap_fen is not None and paid_fen > cap_fen:
        return f"超出{ten_thousand_yuan(paid_fen - cap_fen)}万元，请核实"
    if paid_fen <= 0:
        return "尚无支出，无法判断"
    return f"全年预算{ten_thousand_yuan(budget_fen)}万元，供参考"


def _part(
    indicator: Indicator, project: Project, words: MoneyWords
) -> tuple[str, tuple[str, ...], int] | None:
    """The part of the money that a cost indicator limits: its name, its words, the limit in fen.

    None where it is about the whole project, a price, or names no part.
    """
    value = indicator.value
    if not is_cost(indicator) or value.kind is not ValueKind.NUMBER or value.number is None:
        return None
    if value.comparison not in ("", "=", "≤", "<") or value.unit not in tuple(MoneyUnit):
        return None
    limit = value.number * MoneyUnit(value.unit).fen
    if limit != int(limit) or limit == project.budget_fen or _PRICE.search(indicator.level3):
        return None
    found = words.part_of(indicator.level3, indicator.description)
    return None if found is None else (*found, int(limit))


def _of_part(indicator: Indicator, facts: ProjectFacts) -> Evidence:
    part = _part(indicator, facts.project, facts.words)
    assert part is not None  # noqa: S101  # asked before
    name, words, limit = part
    found = [
        each for each in facts.lines if any(word in normalise_name(each.purpose) for word in words)
    ]
    named = "".join(f"“{word}”" for word in words)
    blank = sum(not each.purpose for each in facts.lines)
    doubt = f"；另有 {blank} 笔支付没有用途" if blank else ""
    if not found:
        return Evidence(note=f"系统测算：没有用途含{named}的支付{doubt}，{name}请据实填写")
    fen = sum(each.amount_fen for each in found)
    paid = ten_thousand_yuan(fen)
    told = f"用途含{named}的支付 {len(found)} 笔，合计 {paid} 万元（{_purposes(found)}）{doubt}"
    if not 0 < fen <= limit:
        over = f"，超出 {ten_thousand_yuan(fen - limit)} 万元" if fen > limit else ""
        return Evidence(note=f"系统测算：{told}{over}，请核实")
    scored = "" if blank else f"{paid}万元"
    return Evidence(f"{paid}万元", told, scored, _at_most(limit))


def _purposes(lines: Sequence[PaidLine]) -> str:
    names = list(dict.fromkeys(each.purpose for each in lines))
    more = f"等 {len(names)} 种用途" if len(names) > _MOST_PURPOSES else ""
    return "、".join(names[:_MOST_PURPOSES]) + more


def _pay_day(indicator: Indicator, year: int) -> date | None:
    """The day by which money is to be paid, where the target says so: 2025年11月底前支付."""
    plain = "".join(indicator.target.split()).rstrip("。；;")
    value = indicator.value
    if value.kind is ValueKind.TEXT:
        cut = _PAID_BY.sub("", plain)
        value = parse_target(cut, year) if cut != plain else value
    elif not _PAYING.search(indicator.level3 + indicator.description):
        return None
    return value.date if value.kind is ValueKind.DATE else None


def _of_payment_day(day: date, facts: ProjectFacts) -> Evidence:
    """The last payment, if it was by the day; points follow only where nothing is left to pay."""
    paid = [each for each in facts.lines if each.amount_fen > 0]
    if not paid:
        return Evidence(note="系统测算：尚无支付")
    last = paid[-1].day
    late = [each for each in paid if each.day > day]
    account = facts.standing.account
    told = f"最后一笔支付{day_name(last)}，累计{ten_thousand_yuan(account.paid_fen)}万元"
    if late:
        fen = sum(each.amount_fen for each in late)
        after = f"其中 {day_name(day)} 以后 {len(late)} 笔、{ten_thousand_yuan(fen)}万元"
        return Evidence(note=f"系统测算：{told}，{after}，请核实")
    left = (account.budget_fen or 0) - account.paid_fen
    if left > 0 or not account.budget_fen:
        told += f"，全年预算尚余{ten_thousand_yuan(max(left, 0))}万元，请确认是否已付清"
    value = TargetValue(ValueKind.DATE, "≤", date=day)
    settled = left <= 0 and account.budget_fen
    return Evidence(day_name(last), told, day_name(last) if settled else "", value)
