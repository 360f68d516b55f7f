"""A self-assessment form that somebody filled (项目支出绩效自评表): its cells as texts with places.

What a cell says is told by the cell, not by the place on the page: columns may stand in any
order or lack, as in the layouts of the domain notes 1a and 1b.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from monitor.domain.money import MoneyUnit
from monitor.errors import Place

_NOTHING = frozenset(("", "-", "--", "—", "——", "―", "–", "−", "/", "\\", "无"))
_OPEN = "待填"
_HINTS = (
    r"系统测算|系统分配|填报时为|[\d.]+～[\d.]+ ?分内由人评分|未达成年度指标值，须说明"
    r"|得分低于分值，须说明|执行率低于[\d.]+%，须说明|实际完成值是指标值的[\d. ]+%，高于"
    r"|部门编码 ?\d{3}"
)
_MARKED = re.compile(rf"^(.*?)(?:[ \n]+(?:{_HINTS}|草稿).*|^(?:{_HINTS})[^\n]*)$", re.DOTALL)
_NUMBER = re.compile(r"([+-]?)(\d{1,3}(?:,\d{3})+|\d+|(?=\.\d))(?:\.(\d*))?", re.ASCII)
_MINUS = str.maketrans({"−": "-", "–": "-", "—": "-", "﹣": "-", "‐": "-"})
_MOST_DIGITS = 30
_HALF = Decimal("0.5")
_COARSEST = Decimal("0.005")


@lru_cache(maxsize=16_384)
def squeezed(text: str) -> str:
    """For comparing: half-width, without white space."""
    return "".join(unicodedata.normalize("NFKC", text).split())


@lru_cache(maxsize=16_384)  # a batch of drafts repeats its texts
def _content(text: str) -> str:
    found = _MARKED.match(text)
    return (found[1] if found else text).strip()


@dataclass(frozen=True, slots=True)
class FormCell:
    """A cell's text, without the white space at its ends, and where it stands."""

    text: str
    place: Place

    @property
    def content(self) -> str:
        """What it says, without the mark, the evidence and the hints that our own drafts print
        after it: who fills a draft in by hand may leave them."""
        return _content(self.text)

    @property
    def is_open(self) -> bool:
        """Whether it says 待填: nobody has filled it yet, which is no contradiction."""
        return self.text.startswith(_OPEN)

    @property
    def is_blank(self) -> bool:
        """Whether it is blank, or says so: `—`, `/`, `无`."""
        return squeezed(_content(self.text)) in _NOTHING

    @property
    def says(self) -> bool:
        """Whether somebody has filled it."""
        return not (self.is_open or self.is_blank)


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it is printed. `slack` is how far the true one may be: half of the last place
    shown, never more than 0.005, because zeros at the end are not printed."""

    value: Decimal
    slack: Decimal = Decimal(0)
    suffix: str = ""


@lru_cache(maxsize=16_384)
def number(text: str) -> Number | None:
    """The number that a cell shows, with what follows it (`%`, `万元`, `分`); None for any other.

    Takes full-width digits, thousands separators, ￥, and parentheses for negative ones.
    """
    if any(unicodedata.category(c) == "No" for c in text):  # NFKC would read 10² as 102
        return None
    plain = squeezed(text).translate(_MINUS).lstrip("¥￥")
    negative = plain.startswith("(") and plain.endswith(")")
    plain = plain[1:-1] if negative else plain
    found = _NUMBER.match(plain)
    if found is None or len(found[0]) > _MOST_DIGITS:
        return None
    suffix, decimals = plain[found.end() :], found[3] or ""
    if suffix not in ("", "%", "分", "元", "万元", "千元") or (negative and found[1]):
        return None
    value = Decimal(f"{found[2].replace(',', '') or 0}.{decimals or 0}")
    slack = min(_HALF.scaleb(-len(decimals)), _COARSEST)
    return Number(-value if negative or found[1] == "-" else value, slack, suffix)


@dataclass(frozen=True, slots=True)
class FundLine:
    """A row of 项目资金; None where the form has no such column. `nested`: a part of a part."""

    name: FormCell
    initial: FormCell | None = None
    budget: FormCell | None = None
    paid: FormCell | None = None
    weight: FormCell | None = None
    rate: FormCell | None = None
    points: FormCell | None = None
    reason: FormCell | None = None
    nested: bool = False


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """A row of 绩效指标. `nature` and `unit`: 指标性质 and 度量单位 of the Sichuan form."""

    level1: FormCell
    level2: FormCell
    level3: FormCell
    target: FormCell
    actual: FormCell
    weight: FormCell
    points: FormCell
    reason: FormCell | None = None
    nature: FormCell | None = None
    unit: FormCell | None = None

    @property
    def is_printed_only(self) -> bool:
        """Whether the form prints the row without an indicator in it."""
        cells = (self.level3, self.target, self.actual, self.weight, self.points)
        return all(cell.is_blank for cell in cells)

    @property
    def name(self) -> str:
        return self.level3.content or self.level2.content


@dataclass(frozen=True, slots=True)
class FilledForm:
    """A whole form. `funds` begin with 年度资金总额; `place` is where the form begins.

    `texts` are cells for what went wrong and why, of the project as a whole. `has_gaps`: not all
    rows could be read, so that sums say nothing.
    """

    place: Place
    name: FormCell | None = None
    department: FormCell | None = None
    unit: FormCell | None = None
    year: int | None = None
    money_unit: MoneyUnit = MoneyUnit.TEN_THOUSAND_YUAN
    funds: tuple[FundLine, ...] = ()
    execution_reason: FormCell | None = None
    expected: FormCell | None = None
    achieved: FormCell | None = None
    indicators: tuple[IndicatorLine, ...] = ()
    total_weight: FormCell | None = None
    total_points: FormCell | None = None
    grade: FormCell | None = None
    texts: tuple[FormCell, ...] = ()
    has_gaps: bool = False

    @property
    def title(self) -> str:
        return self.name.content if self.name else ""

    def cells(self) -> Iterator[FormCell]:
        """All cells that are there."""
        yield from _there(self.name, self.department, self.unit, self.execution_reason)
        for fund in self.funds:
            yield from _there(fund.initial, fund.budget, fund.paid, fund.weight, fund.rate)
            yield from _there(fund.points, fund.reason)
        yield from _there(self.expected, self.achieved)
        for row in self.indicators:
            yield from _there(row.level3, row.target, row.actual, row.weight, row.points)
            yield from _there(row.reason)
        yield from _there(self.total_weight, self.total_points, self.grade, *self.texts)


def _there(*cells: FormCell | None) -> Iterator[FormCell]:
    yield from (cell for cell in cells if cell is not None)


def says(cell: FormCell | None) -> bool:
    """Whether the form has the cell, and somebody has filled it."""
    return cell is not None and cell.says
