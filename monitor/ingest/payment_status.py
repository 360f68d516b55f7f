"""What the status columns of a row say about its money: paid, refunded, in transit or voided."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from monitor.domain.codes import normalise_name
from monitor.domain.payment import Status
from monitor.errors import Kind
from monitor.ingest import payment_kinds as kinds
from monitor.ingest.profiles import Columns, Meaning, plain

_CHINESE_YEAR = re.compile(r"二[〇零○][〇零○一二三四五六七八九]{2}年")
_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_YEAR = re.compile(r"(20\d\d)年", re.ASCII)
_JOINTS = "()[]-—_/:、,"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A row's status before its amount is looked at; `correction` is a 更正 line."""

    status: Status
    correction: bool = False


@dataclass(frozen=True, slots=True)
class Unclear:
    """A word in the column `meaning` that decides about money and is not known."""

    kind: Kind
    meaning: Meaning


def judge(columns: Columns, status: str, kind: str, void_mark: str) -> Verdict | Unclear:
    """The verdict of the cells 状态, 业务类型 and 是否作废; blank cells say nothing.

    What is voided is voided whatever else it is, and what is not yet paid has not been paid.
    """
    voided = columns.void_marks.get(plain(void_mark).upper())
    if voided is None and plain(void_mark).upper() not in columns.blanks:
        return Unclear(kinds.VOID_MARK_UNKNOWN, Meaning.VOID_MARK)
    word = _without_year(columns, status)
    stated = Status.PAID if word in columns.blanks else columns.statuses.get(word)
    if stated is None:
        return Unclear(kinds.STATUS_UNKNOWN, Meaning.STATUS)
    if voided or stated is Status.VOIDED:
        return Verdict(Status.VOIDED)
    business = _without_year(columns, kind)
    correction = business in columns.correction_kinds or word in columns.correction_kinds
    refund = business in columns.refund_kinds
    if not (correction or refund) and any(sign in business for sign in columns.doubtful_kinds):
        return Unclear(kinds.KIND_UNKNOWN, Meaning.KIND)
    if refund and stated is Status.PAID:
        stated = Status.REFUNDED
    return Verdict(stated, correction)


def names_earlier_year(columns: Columns, text: str, project_name: str, pay_year: int) -> bool:
    """Whether `text` says that a refund is of a payment before `pay_year` (D16: never counts).

    The project's own name is taken out first (a name may hold a year: 2021年生活补贴), and so are
    sources of money such as 上年结转.
    """
    said = normalise_name(text)
    if name := normalise_name(project_name):
        said = said.replace(name, " ")
    for source in columns.carried_over:
        said = said.replace(source, " ")
    said = _CHINESE_YEAR.sub(lambda found: found[0].translate(_DIGITS), said)
    explicit = any(int(year) < pay_year for year in _YEAR.findall(said))
    return explicit or bool(_earlier(columns.earlier_year).search(said))


def _without_year(columns: Columns, text: str) -> str:
    """The status word itself: 退款 of 退款（上年）, 退回 of 以前年度退回 and 2024年退回."""
    word = plain(text)
    if word in columns.statuses:
        return word
    return _YEAR.sub("", _earlier(columns.earlier_year).sub("", word)).strip(_JOINTS)


@lru_cache(maxsize=8)
def _earlier(words: tuple[str, ...]) -> re.Pattern[str]:
    """The words for earlier years, but not within 80岁以上年龄 or 赶上年底."""
    one = "|".join(map(re.escape, words))
    return re.compile(rf"(?<!以)(?:{one})(?![底末龄老轻会货])度?" if words else r"(?!)")
