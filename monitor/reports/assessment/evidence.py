"""What payments and answers show of an indicator: a value to be confirmed, or facts beside it.

Cost and days of payment: evidence_money. Yes or no is held against what was answered during the
year. Of anything else, 支付及时率 and the like included, facts stand beside the cell and are never
written into it (domain notes, sections 1a and 2).
"""

from __future__ import annotations

import re

from monitor.domain.actual import parse_actual
from monitor.domain.calendar import CHINA, checkpoint_name, day_name, month_end
from monitor.domain.codes import normalise_name
from monitor.domain.entry import Entry, Field, Form
from monitor.domain.money import WHOLE_BP, percent, round_half_up, ten_thousand_yuan
from monitor.domain.target import Indicator
from monitor.domain.target_value import ValueKind
from monitor.reports.assessment.evidence_money import Evidence, of_money
from monitor.reports.assessment.facts import ProjectFacts

_TIMELY = re.compile("及时|时效|时限|期限|按时|按期|进度")
_DONE = re.compile("已(?:经|全部|按期|按时|如期)*(?:完成|达到|达成|实现|达标|落实|做到)")
_NOT = re.compile("未|没|尚|不|无法|难以|预计|计划|将")
_RESULT = (Form.MONITORING, Field.ACTUAL)


def evidence(indicator: Indicator, item: str, facts: ProjectFacts) -> Evidence:
    """All that the facts show of an indicator; `item` is its name in `entry.items`."""
    if (found := of_money(indicator, facts)) is not None:
        return found
    reported = _reported(item, facts)
    if indicator.value.kind is ValueKind.YES_NO:
        said = _of_answers(indicator, reported, facts)
        if said is not None:
            return said
    told = [_as_told(reported)] if reported else []
    if _is_timely(indicator):
        told.append(_course(facts))
    return Evidence(aside="；".join(told))


def _is_timely(indicator: Indicator) -> bool:
    return "时效" in indicator.level2 or bool(_TIMELY.search(indicator.level3))


def _course(facts: ProjectFacts) -> str:
    """The payments over the year, for whoever judges whether they were in time."""
    account = facts.standing.account
    if not account.payments or facts.last_payment is None:
        return "支付明细：尚无支付"
    parts = [
        f"{checkpoint_name(point.month)}{_so_far(facts, point.month)}"
        for point in account.plan
        if month_end(account.year, point.month) <= facts.as_of
    ]
    course = f"，累计{'、'.join(parts)}" if parts else ""
    return f"支付明细：{account.payments} 笔，最后一笔{day_name(facts.last_payment)}{course}"


def _so_far(facts: ProjectFacts, month: int) -> str:
    paid, budget = sum(facts.paid_by_month[:month]), facts.standing.account.budget_fen
    if not budget:
        return f" {ten_thousand_yuan(paid)}万元"
    return f" {percent(round_half_up(paid * WHOLE_BP, budget))}"


def _reported(item: str, facts: ProjectFacts) -> Entry | None:
    """What the latest monitoring form of the year says of an indicator's fulfilment."""
    entries = (
        entry
        for key, entry in facts.entries.items()
        if key.item == item and (key.form, key.field) == _RESULT and entry.value.strip()
    )
    return max(entries, key=lambda entry: entry.key.period, default=None)


def _as_told(entry: Entry) -> str:
    on = day_name(entry.at.astimezone(CHINA).date())
    months = f"1至{int(entry.key.period)}月" if entry.key.period.isdecimal() else ""
    return f"{months}监控表填报“{entry.value}”（{entry.author or entry.actor}，{on}）"


def _of_answers(
    indicator: Indicator, reported: Entry | None, facts: ProjectFacts
) -> Evidence | None:
    """A yes that somebody gave: in a monitoring form, or in so many words to a warning."""
    if reported:
        said = parse_actual(reported.value, indicator.value)
        if said is not None and said.answer:
            return Evidence("是", _as_told(reported), "是", indicator.value)
        return None
    name = normalise_name(indicator.level3)
    for ack in reversed(facts.explanations):
        for sentence in re.split(r"[。；;！!？?\n]", f"{ack.text}。{ack.measure}"):
            plain = normalise_name(sentence)
            if len(name) > 2 and name in plain and _says_done(plain.replace(name, "")):
                on = day_name(ack.at.astimezone(CHINA).date())
                told = f"预警答复：“{sentence.strip()}”（{ack.author}，{on}）"
                return Evidence("是", told, "是", indicator.value)
    return None


def _says_done(rest: str) -> bool:
    return bool(_DONE.search(rest)) and not _NOT.search(rest)
