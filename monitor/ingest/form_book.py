"""The 绩效填报表 as both its writer and its reader know it: sheets, columns, slots, seals.

A workbook of a unit is a list of lines; a line's cells are shown, or slots that people fill. Each
line has a hidden seal: which line it was, what it is about, which cells are open, and a digest
of each cell as it went out, so that a change is found by cell, and a cell that nobody touched is
told from one that says the same as before.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from monitor.domain.answers import FormCause
from monitor.domain.entry import Form, Key
from monitor.domain.target_value import TargetValue

HELP, CHOICES, KEY = "填报说明", "选项", "识别码"
PROJECTS, FUNDS, INDICATORS, UNIT = "项目", "资金", "指标", "单位"
TOP = 3
"""The row of headers in each sheet, counted from 0."""
TICK = "√"
CODE, NAME = "项目编码", "项目名称"
OWN, HINT = "系统测算", "依据和提示"
ACTUAL, POINTS, WEIGHT, REASON, EVIDENCE = (
    "实际完成值",
    "得分",
    "分值",
    "偏差原因分析\n及改进措施",
    "佐证资料",
)
ACHIEVED, SLOW = "年度总体目标\n实际完成情况", "执行率偏低的原因\n及改进措施"
ESTIMATE, ESTIMATE_HINT = "全年预计执行数\n（元）", "按进度推算\n（元）"
DONE, EXECUTED = "执行情况", "执行数（元）"
FORECAST, WHY, LIKELIHOOD, NOTE = "全年预计\n完成情况", "原因说明", "完成目标\n可能性", "备注"
CAUSES = tuple(cause.value for cause in FormCause)
WORDS, DRAFTED = "填写内容", "系统草稿"
INITIAL, BUDGET, PAID = "年初预算数（元）", "全年预算数（元）", "全年执行数（元）"
RATE = "执行率"

Shown = str | Decimal | None
"""What a cell shows: a text, an amount in 元 or points, or nothing."""


class Wants(StrEnum):
    """What may be written into a slot."""

    TEXT = "text"
    VALUE = "value"  # 实际完成值: as the target asks, see Slot.target
    POINTS = "points"  # 0 to Slot.most, two decimals at most
    AMOUNT = "amount"  # 元, two decimals at most
    CHOICE = "choice"  # one of Slot.choices
    TICK = "tick"  # √: this header is one of the entry's choices


@dataclass(frozen=True, slots=True)
class Slot:
    """A cell that people may fill. `value` is the entry in force, in the cell's own words.

    `own` is what the program holds against it (see Entry.shown); a slot that is not `is_open`
    shows `closed` and is locked. `needed`: the form is not whole without it.
    """

    key: Key
    wants: Wants
    value: str = ""
    own: str = ""
    is_open: bool = True
    closed: Shown = None
    needed: bool = True
    choices: tuple[str, ...] = ()
    most: Decimal | None = None
    target: TargetValue | None = None
    target_text: str = ""
    rule: str = ""

    @property
    def shown(self) -> Shown:
        """What the cell shows when it goes out."""
        if not self.is_open:
            return self.closed
        if self.value and self.wants in (Wants.AMOUNT, Wants.POINTS):
            return Decimal(self.value)
        return self.value or None

    @property
    def sealed(self) -> str:
        """As much of `own` as goes out with the line: a cell holds 32,767 characters."""
        return self.own[:_MOST_SEALED]


_MOST_SEALED = 300
Cells = Mapping[str, Shown | Slot]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a sheet: what it is about, and its cells by header. `about` is an indicator's
    item, a fund or a field; `name` is how messages call the line."""

    sheet: str
    project_code: str
    about: str
    name: str
    cells: Cells

    @property
    def subject(self) -> tuple[str, str, str]:
        return self.sheet, self.project_code, self.about

    @property
    def slots(self) -> dict[str, Slot]:
        return {name: cell for name, cell in self.cells.items() if isinstance(cell, Slot)}


@dataclass(frozen=True, slots=True)
class Book:
    """What a unit is asked in one form of one year. `period` is the month of a monitoring form."""

    form: Form
    period: str
    year: int
    unit_code: str
    unit_name: str
    as_of: date
    lines: tuple[Line, ...]
    notes: Mapping[str, str] = field(default_factory=dict)  # header → the rule of its column
    notices: tuple[str, ...] = ()  # what of the figures is not whole yet

    @property
    def title(self) -> str:
        if self.form is Form.MONITORING:
            return f"项目支出绩效目标执行监控填报表（{self.year}年1—{int(self.period)}月）"
        return f"项目支出绩效自评填报表（{self.year}年度）"

    @property
    def waiting(self) -> int:
        """How many cells must be filled and are empty."""
        return sum(slot.is_open and slot.needed and not slot.value for slot in self._slots())

    @property
    def filled(self) -> int:
        """How many entries are in force; several ticks are one."""
        return len(
            {
                (line.project_code, slot.key)
                for line in self.lines
                for slot in line.slots.values()
                if slot.value
            }
        )

    def _slots(self) -> list[Slot]:
        return [slot for line in self.lines for slot in line.slots.values()]

    @property
    def round(self) -> Round:
        about = (self.form.value, self.period, self.year, self.unit_code, self.as_of)
        content = [
            (*line.subject, name, plain(cell.shown if isinstance(cell, Slot) else cell))
            for line in self.lines
            for name, cell in line.cells.items()
        ]
        id_ = short(repr((about, content)), 16)
        lines = tuple(Counter(line.sheet for line in self.lines).items())
        return Round(self.form, self.period, self.year, self.unit_code, self.as_of, lines, id_)


_ROUND = re.compile(
    r"forms/1/(self|monitoring)/(\d\d|-)/(\d{4})/([^/]{1,32})/(\d{4}-\d\d-\d\d)"
    r"/((?:[^/:,]+:\d{1,5},?)*)/([0-9a-f]{16})",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Round:
    """Which workbook it is; `lines` are how many each sheet had, `id` is a digest of all that
    it showed when it went out."""

    form: Form
    period: str
    year: int
    unit_code: str
    as_of: date
    lines: tuple[tuple[str, int], ...]
    id: str

    @property
    def mark(self) -> str:
        """The document property by which the workbook is known."""
        parts = (self.form.value, self.period or "-", self.year, self.unit_code, self.as_of)
        lines = ",".join(f"{sheet}:{count}" for sheet, count in self.lines)
        return "/".join(map(str, ("forms/1", *parts, lines, self.id)))

    @classmethod
    def from_property(cls, said: str) -> Round | None:
        found = _ROUND.fullmatch(said)
        if found is None:
            return None
        form, period, year, unit, as_of, lines, id_ = found.groups()
        try:
            day = date.fromisoformat(as_of)
        except ValueError:
            return None
        counts = (each.split(":") for each in lines.split(",") if each)
        per_sheet = tuple((sheet, int(count)) for sheet, count in counts)
        return cls(Form(form), period.strip("-"), int(year), unit, day, per_sheet, id_)

    @property
    def words(self) -> str:
        what = f"1—{int(self.period)}月监控填报表" if self.period else "自评填报表"
        return f"{self.year} 年度单位 {self.unit_code} 的{what}"


def plain(shown: object) -> str:
    """A cell's content as it is compared: a number with two decimals, a text in one line."""
    if shown is None:
        return ""
    if isinstance(shown, int | float | Decimal) and not isinstance(shown, bool):
        return f"{Decimal(f'{shown:.15g}'):.2f}"  # the digits that a spreadsheet keeps
    return " ".join(str(shown).split())


def short(text: str, digits: int) -> str:
    """So many hexadecimal digits of a text's SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:digits]
