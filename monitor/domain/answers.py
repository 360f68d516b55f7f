"""What a unit may answer to a warning: causes, what it will do, and until when.

The causes are those of the domain notes, section 6, each with the one of the monitoring form's
five (财预〔2019〕136号, domain notes, section 1c) that it counts as there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from monitor.domain.warning import Acknowledgement


class FormCause(StrEnum):
    """The five causes of the monitoring form."""

    FUNDS = "经费保障"
    RULES = "制度保障"
    STAFF = "人员保障"
    HARDWARE = "硬件条件保障"
    OTHER = "其他"


OTHER_CAUSE = "其他"
FINANCE_CAUSES = ("指标未下达", "用款计划未批", "库款调度")
"""Causes of the finance side: they stop escalation, and the unit can promise no date."""
CAUSES: Mapping[str, FormCause] = MappingProxyType(
    {
        "前期准备不足": FormCause.OTHER,
        "政府采购/招标周期": FormCause.RULES,
        "预算批复或指标下达晚": FormCause.FUNDS,
        "上级资金到位晚": FormCause.FUNDS,
        "据实结算在年底": FormCause.OTHER,
        "质保金/尾款未到期": FormCause.OTHER,
        "预算编制偏高": FormCause.OTHER,
        "资料/验收未完成": FormCause.OTHER,
        "项目取消或调整": FormCause.OTHER,
        **dict.fromkeys(FINANCE_CAUSES, FormCause.FUNDS),
        OTHER_CAUSE: FormCause.OTHER,
    }
)
"""Every cause that can be chosen, in the order of the list → its place in the monitoring form."""

GO_ON, PAYABLE = "继续执行", "可支付"
ANSWERS = (GO_ON, "调剂", "取消")
YEAR_END_ANSWERS = (PAYABLE, "申请调减", "结转", "结余收回")
"""From 1 November nobody is urged to spend: it is asked what becomes of the money."""
LONGEST = 1_000
"""Characters of a text or measure."""


class Fault(StrEnum):
    """What can be wrong with an answer."""

    CAUSE_MISSING = "cause-missing"
    CAUSE_UNKNOWN = "cause-unknown"
    TEXT_MISSING = "text-missing"
    TEXT_LONG = "text-long"
    ANSWER_MISSING = "answer-missing"
    ANSWER_UNKNOWN = "answer-unknown"
    MEASURE_LONG = "measure-long"
    DATE_MISSING = "date-missing"
    DATE_PAST = "date-past"
    DATE_AFTER_YEAR = "date-after-year"


def offered(soft: bool) -> tuple[str, ...]:
    """The answers to choose from; `soft` once no text may urge to spend the year's money."""
    return YEAR_END_ANSWERS if soft else ANSWERS


def tidy(ack: Acknowledgement) -> Acknowledgement:
    """The same answer without what cannot be printed, and without blanks at the ends."""
    return replace(
        ack,
        cause=_tidy(ack.cause),
        text=_tidy(ack.text),
        answer=_tidy(ack.answer),
        measure=_tidy(ack.measure),
        author=_tidy(ack.author),
    )


def _tidy(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c if c.isprintable() or c == "\n" else " " for c in lines).strip()


def check(ack: Acknowledgement, *, year: int, on: date, soft: bool) -> list[Fault]:
    """All that is wrong with an answer given on a day to a warning of that budget year.

    Required are the cause and, unless it is one of the finance side, what will be done; a date
    where the work or the payment goes on; words where the cause is 其他.
    """
    return [*_cause_faults(ack), *_answer_faults(ack, soft), *_date_faults(ack, year, on)]


def _cause_faults(ack: Acknowledgement) -> Iterator[Fault]:
    if not ack.cause:
        yield Fault.CAUSE_MISSING
    elif ack.cause not in CAUSES:
        yield Fault.CAUSE_UNKNOWN
    if ack.cause == OTHER_CAUSE and not ack.text:
        yield Fault.TEXT_MISSING
    if len(ack.text) > LONGEST:
        yield Fault.TEXT_LONG


def _answer_faults(ack: Acknowledgement, soft: bool) -> Iterator[Fault]:
    if not ack.answer:
        if ack.cause not in FINANCE_CAUSES:
            yield Fault.ANSWER_MISSING
    elif ack.answer not in offered(soft):
        yield Fault.ANSWER_UNKNOWN
    if len(ack.measure) > LONGEST:
        yield Fault.MEASURE_LONG


def _date_faults(ack: Acknowledgement, year: int, on: date) -> Iterator[Fault]:
    if ack.promised is None:
        if ack.answer in (GO_ON, PAYABLE) and ack.cause not in FINANCE_CAUSES:
            yield Fault.DATE_MISSING
    elif ack.promised < on:
        yield Fault.DATE_PAST
    elif ack.promised > date(year, 12, 31):
        yield Fault.DATE_AFTER_YEAR


def same_answer(ack: Acknowledgement, other: Acknowledgement | None) -> bool:
    """Whether two answers say the same, whoever gave or recorded them."""
    return other is not None and _said(ack) == _said(other)


def _said(ack: Acknowledgement) -> tuple[str, str, str, str, date | None]:
    return ack.cause, ack.text, ack.answer, ack.measure, ack.promised


def in_words(ack: Acknowledgement) -> str:
    """The answer in one line: cause, text, what will be done, measure, date."""
    until = f"承诺日期 {ack.promised}" if ack.promised else ""
    parts = (ack.cause, ack.text, ack.answer, ack.measure, until)
    return "；".join(" ".join(part.split()).rstrip("。；") for part in parts if part)
