"""The words of payment lists (rules/columns.toml): header names, statuses, kinds, total lines.

Which words mean what is the office's to say; nothing here knows a file.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple, TypeVar

from monitor.domain.money import MoneyUnit
from monitor.domain.payment import Status
from monitor.errors import ConfigError

_FILE = "rules/columns.toml"
_Group = TypeVar("_Group")


class Meaning(StrEnum):
    """What a column of a payment list tells."""

    INDEX = "index"
    APPLICATION = "application"
    VOUCHER = "voucher"
    PAY_DATE = "pay_date"
    UNIT_CODE = "unit_code"
    UNIT_NAME = "unit_name"
    UNIT = "unit"  # code and name in one cell
    PROJECT_CODE = "project_code"
    PROJECT_NAME = "project_name"
    PROJECT = "project"  # code and name in one cell
    AMOUNT = "amount"
    REFUND = "refund"
    PAYEE = "payee"
    ACCOUNT = "account"
    PURPOSE = "purpose"
    FUND = "fund"
    KIND = "kind"
    STATUS = "status"
    VOID_MARK = "void_mark"
    CATEGORY = "category"
    ECONOMIC = "economic"
    FUNCTION = "function"
    BANK = "bank"
    METHOD = "method"
    ORIGINAL = "original"  # the number of the payment that a refund returns
    REJECTION = "rejection"  # which rejected row comes back mended: our own word

    @property
    def label(self) -> str:
        return _LABELS[self.value]


_LABELS = {
    "index": "序号",
    "application": "支付申请编号",
    "voucher": "支付凭证号",
    "pay_date": "支付日期",
    "unit_code": "单位编码",
    "unit_name": "单位名称",
    "unit": "预算单位",
    "project_code": "项目编码",
    "project_name": "项目名称",
    "project": "预算项目",
    "amount": "支付金额",
    "refund": "退款金额",
    "payee": "收款人",
    "account": "收款人账号",
    "purpose": "用途",
    "fund": "资金性质",
    "kind": "业务类型",
    "status": "支付状态",
    "void_mark": "是否作废",
    "category": "支出类别",
    "economic": "支出经济分类",
    "function": "支出功能分类",
    "bank": "开户银行",
    "method": "支付方式",
    "original": "原支付编号",
    "rejection": "拒收编号",
}
DESCRIBING = frozenset(
    (
        Meaning.CATEGORY,
        Meaning.ECONOMIC,
        Meaning.FUNCTION,
        Meaning.BANK,
        Meaning.METHOD,
        Meaning.ORIGINAL,
        Meaning.REJECTION,
    )
)
"""What only describes a payment: a list is never refused for it, nor a row rejected."""

REJECTION_COLUMNS = ("原因", "怎样处理", "文件", "行", Meaning.REJECTION.label)
"""What a list of rejected rows says of each before its own cells; not part of the row."""

_OF_THE_OFFICE = tuple(each for each in Meaning if each is not Meaning.REJECTION)
_SECTIONS = {
    "columns": _OF_THE_OFFICE,
    "status": ("paid", "refunded", "in_transit", "voided"),
    "kind": ("refund", "correction", "doubtful"),
    "void_mark": ("yes", "no"),
    "words": ("total", "remark", "blank", "earlier_year", "carried_over", "red_letter"),
}
_STATUSES = {
    "paid": Status.PAID,
    "refunded": Status.REFUNDED,
    "in_transit": Status.IN_TRANSIT,
    "voided": Status.VOIDED,
}
_MONEY_UNIT = re.compile(r"(.+?)[(\[]?(?:单位:?)?(?:人民币)?(万元|千元|元)[)\]]?")


@lru_cache(4096)
def plain(text: str) -> str:
    """Text for comparing: half-width, without blanks, line breaks, invisible signs and `*`."""
    half = unicodedata.normalize("NFKC", text)
    if half.isprintable() and " " not in half and "*" not in half:
        return half
    return "".join(
        c for c in half if not c.isspace() and c != "*" and unicodedata.category(c)[0] != "C"
    )


class Forced(NamedTuple):
    """What an office says of a list's form (a saved profile); None is found out."""

    encoding: str | None = None
    delimiter: str | None = None
    header_line: int | None = None
    unit: MoneyUnit | None = None


@dataclass(frozen=True, slots=True)
class Columns:
    """The words in force, all as `plain` leaves them. Tuples are in order of priority."""

    synonyms: Mapping[str, tuple[Meaning, int]]  # header name → meaning and place in its list
    statuses: Mapping[str, Status]
    refund_kinds: frozenset[str]
    correction_kinds: frozenset[str]
    doubtful_kinds: tuple[str, ...]
    void_marks: Mapping[str, bool]
    totals: tuple[str, ...]
    remarks: tuple[str, ...]
    blanks: frozenset[str]
    earlier_year: tuple[str, ...]
    carried_over: tuple[str, ...]
    red_letter: tuple[str, ...]
    unused: frozenset[str] = frozenset()
    """Header names of columns that a saved profile leaves aside."""
    forced: Forced = Forced()

    @classmethod
    def from_toml(cls, table: Mapping[str, object]) -> Columns:
        """The words of a parsed columns.toml. Raises ConfigError that names all its mistakes."""
        mistakes: list[str] = []
        words = _read(table, mistakes)
        synonyms = _invert({m: words["columns", m] for m in _OF_THE_OFFICE}, "[columns]", mistakes)
        statuses = _invert(
            {kind: words["status", name] for name, kind in _STATUSES.items()}, "[status]", mistakes
        )
        marks = _invert(
            {True: words["void_mark", "yes"], False: words["void_mark", "no"]},
            "[void_mark]",
            mistakes,
        )
        if mistakes:
            raise ConfigError(f"{_FILE} 有 {len(mistakes)} 处错误：" + "；".join(mistakes) + "。")
        return cls(
            synonyms=synonyms | {Meaning.REJECTION.label: (Meaning.REJECTION, 0)},
            statuses={word: status for word, (status, _) in statuses.items()},
            refund_kinds=frozenset(words["kind", "refund"]),
            correction_kinds=frozenset(words["kind", "correction"]),
            doubtful_kinds=words["kind", "doubtful"],
            void_marks={word.upper(): mark for word, (mark, _) in marks.items()},
            totals=words["words", "total"],
            remarks=words["words", "remark"],
            blanks=frozenset(words["words", "blank"]) | {""},
            earlier_year=words["words", "earlier_year"],
            carried_over=words["words", "carried_over"],
            red_letter=words["words", "red_letter"],
        )

    def recognise(self, header: str) -> tuple[Meaning, int, str, MoneyUnit | None] | None:
        """What a header cell names: meaning, priority (0 first), name and money unit; or None."""
        name = plain(header)
        if name in self.unused:
            return None
        stated = _MONEY_UNIT.fullmatch(name)
        if name in self.synonyms:  # with its unit in a saved profile alone
            return (*self.synonyms[name], name, MoneyUnit(stated[2]) if stated else None)
        if stated is None or stated[1] not in self.synonyms:
            return None
        return (*self.synonyms[stated[1]], stated[1], MoneyUnit(stated[2]))

    def is_total(self, text: str) -> bool:
        """Whether a cell says that its line is a total: 合计, 本页小计, 合计（大写）, 合计：16.00

        At an end only: 综合计划经费 is the name of a project.
        """
        name = plain(text).strip(":()-")
        label = name.partition(":")[0]
        return name.startswith(self.totals) or any(x.endswith(self.totals) for x in (name, label))

    def is_remark(self, text: str) -> bool:
        """Whether a cell is a remark outside the table: 制表人：张三."""
        label, colon, _ = plain(text).partition(":")
        return bool(colon) and label.strip("(") in self.remarks


def _read(
    table: Mapping[str, object], mistakes: list[str]
) -> dict[tuple[str, str], tuple[str, ...]]:
    mistakes += [f"不认识的一节 [{name}]" for name in table if name not in _SECTIONS]
    words: dict[tuple[str, str], tuple[str, ...]] = {}
    for section, keys in _SECTIONS.items():
        found = table.get(section, {})
        if not isinstance(found, Mapping):
            mistakes.append(f"[{section}] 应是一节")
            found = {}
        mistakes += [f"[{section}] 中不认识的 {name}" for name in found if name not in keys]
        for key in keys:
            if key in DESCRIBING and key not in found:  # a workspace of an earlier version
                words[section, str(key)] = ()
                continue
            words[section, str(key)] = _words(found.get(key), f"[{section}] 的 {key}", mistakes)
    return words


def _words(found: object, where: str, mistakes: list[str]) -> tuple[str, ...]:
    if not isinstance(found, list) or not all(isinstance(word, str) for word in found):
        mistakes.append(f"{where} 缺少，或不是加引号的词的列表")
        return ()
    words = tuple(plain(word) for word in found)
    if not all(words):
        mistakes.append(f"{where} 里有空白的词")
    return words


def _invert(
    groups: Mapping[_Group, Iterable[str]], where: str, mistakes: list[str]
) -> dict[str, tuple[_Group, int]]:
    """Word → its group and place there; a word of two groups is a mistake."""
    found: dict[str, tuple[_Group, int]] = {}
    for group, words in groups.items():
        for place, word in enumerate(words):
            if word in found:
                mistakes.append(f"{where} 中“{word}”写了两次")
            found[word] = (group, place)
    return found
