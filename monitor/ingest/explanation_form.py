"""The 偏差说明表 as both its writer and its reader know it: headers, keys, what is compared.

Every row has a hidden key: which row of the sheet it was, which warning it is about, and a
digest of each locked cell as it was shown, so that a change is found by cell.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

SHEET, CHOICES = "偏差说明表", "选项"
AUTHOR = "填报人"
KEY = "识别码"
CAUSE, TEXT, ANSWER, MEASURE, PROMISED = (
    "偏差原因",
    "情况说明",
    "处理意见",
    "改进措施",
    "承诺日期",
)
OPEN = (CAUSE, TEXT, ANSWER, MEASURE, PROMISED)
NEEDED, REST = "下一检查点前\n需支付（元）", "尚未支付（元）"
_LOCKED = (
    "项目编码",
    "项目名称",
    "预警",
    "预算数（元）",
    "应支数（元）",
    "已支数（元）",
    "差额（元）",
    "滞后",
)
FIRST = _LOCKED[0]
_WIDE = len(_LOCKED) + 1
Shown = str | Decimal | None
"""What a locked cell shows: a text, an amount in 元 with two decimals, or nothing."""
_PREFIX = "answers/1"
_ROUND = re.compile(rf"{_PREFIX}/(soft|plain)/(\d{{1,6}})/(.+)")
_KEY = re.compile(
    rf"(\d{{1,6}})\|(\d{{1,15}})\|([^|]+)\|(\d{{4}})\|([^|]*)\|([^|]+)\|([0-9a-f]{{6}})"
    rf"\|([0-9a-f]{{{4 * _WIDE}}})",
    re.ASCII,
)


def locked(soft: bool) -> tuple[str, ...]:
    """The headers of what cannot be edited. Late in the year nothing may read as an order to
    spend: then the last of them says what is unspent, not what is to be paid."""
    return (*_LOCKED, REST if soft else NEEDED)


def figures(soft: bool) -> tuple[str, ...]:
    """The locked headers below which figures stand."""
    return locked(soft)[3:]


@dataclass(frozen=True, slots=True)
class Round:
    """Which sheet it is: the run that it was written in, how many rows it had, and whether it
    asks for the answers of the year's end."""

    id: str
    rows: int
    soft: bool

    @property
    def property(self) -> str:
        """The document property by which the workbook is known."""
        return f"{_PREFIX}/{'soft' if self.soft else 'plain'}/{self.rows}/{self.id}"

    @classmethod
    def from_property(cls, said: str) -> Round | None:
        found = _ROUND.fullmatch(said)
        return Round(found[3], int(found[2]), found[1] == "soft") if found else None


@dataclass(frozen=True, slots=True)
class RowKey:
    """What a row is about: its number in the sheet, counted from 1, and its warning."""

    number: int
    warning_id: int
    rule: str
    year: int
    subject: str
    period: str

    def sealed(self, round_id: str, shown: Mapping[str, Shown]) -> str:
        """The hidden key of the row, with the digests of what is shown in it."""
        digests = "".join(self._digest(round_id, name, shown[name]) for name in shown)
        parts = (self.number, self.warning_id, self.rule, self.year, self.subject, self.period)
        return "|".join(map(str, (*parts, _short(round_id, 6), digests)))

    def changed(self, key: str, round_id: str, shown: Mapping[str, Shown]) -> list[str]:
        """The headers of the cells that no longer show what they did."""
        kept = key.rsplit("|", 1)[1]
        return [
            name
            for place, name in enumerate(shown)
            if self._digest(round_id, name, shown[name]) != kept[4 * place : 4 * place + 4]
        ]

    def _digest(self, round_id: str, name: str, shown: Shown) -> str:
        return _short("\x1f".join((round_id, str(self.warning_id), name, plain(shown))), 4)


def parse_key(key: str, round_id: str) -> RowKey | str:
    """The key of a row of this round; else, in Chinese, why it is none."""
    found = _KEY.fullmatch(key)
    if found is None:
        return "隐藏的识别码已被改动或清除"
    if found[7] != _short(round_id, 6):
        return "识别码属于另一份偏差说明表"
    return RowKey(int(found[1]), int(found[2]), found[3], int(found[4]), found[5], found[6])


def plain(shown: object) -> str:
    """A cell's content as it is compared: an amount with two decimals, a text in one line."""
    if shown is None:
        return ""
    if isinstance(shown, int | float | Decimal) and not isinstance(shown, bool):
        return f"{Decimal(f'{shown:.15g}'):.2f}"  # the digits that a spreadsheet keeps
    return " ".join(str(shown).split())


def _short(text: str, digits: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:digits]
