"""A self-assessment draft as values: every cell of the national form (项目支出绩效自评表)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from monitor.domain.entry import Entry
from monitor.reports.assessment.facts import Curve


class Mark(StrEnum):
    """Where a cell's content comes from: the document, the payments, or the person to come."""

    STATED = "stated"  # by the document
    COMPUTED = "computed"  # from payments, to be confirmed
    ASSIGNED = "assigned"  # a weight that the rule set gives
    PROPOSED = "proposed"  # words put together from what was answered during the year
    ENTERED = "entered"  # by a person, in a form
    OPEN = "open"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Mark.STATED: "",
    Mark.COMPUTED: "系统测算",
    Mark.ASSIGNED: "系统分配",
    Mark.PROPOSED: "草稿",
    Mark.ENTERED: "",
    Mark.OPEN: "待填",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. `note` is the evidence or hint beside its text.

    `against` is what the program itself holds against what a person writes there: its own text
    for the cell, or the figure that a reason explains; '' where it has none. It is what an
    `Entry.shown` keeps, so that a later draft can tell what has changed.
    """

    text: str
    mark: Mark = Mark.STATED
    note: str = ""
    against: str = ""

    @property
    def is_open(self) -> bool:
        return self.mark is Mark.OPEN

    @property
    def shown(self) -> str:
        """What is to be kept as `Entry.shown` of what somebody writes into this cell."""
        if self.against or self.is_open or self.mark is Mark.ENTERED:
            return self.against
        return "" if self.text in ("", "—") else self.text

    @property
    def words(self) -> str:
        """All that is printed in the cell, in one line."""
        if self.mark is Mark.OPEN:
            return self.text + (f"（{self.note}）" if self.note else "")
        return " ".join(each for each in (self.text, self.mark.label, self.note) if each)


NOTHING = Cell("—")


def to_fill(note: str = "") -> Cell:
    return Cell(Mark.OPEN.label, Mark.OPEN, note)


def computed(text: str, note: str = "") -> Cell:
    return Cell(text, Mark.COMPUTED, note)


def entered(entry: Entry, text: str, against: str) -> Cell:
    """What a person wrote; where the facts that it was written against have changed, both.

    `against` is what the program holds against it today.
    """
    changed = entry.shown != against
    note = f"填报时为{entry.shown or '空白'}，现为{against or '空白'}" if changed else ""
    return Cell(text, Mark.ENTERED, note, against)


@dataclass(frozen=True, slots=True)
class FundRow:
    """A row of 项目资金（万元）; `name` is indented as on the form."""

    name: str
    initial: Cell
    budget: Cell
    paid: Cell
    weight: Cell
    rate: Cell
    points: Cell

    @property
    def cells(self) -> tuple[Cell, ...]:
        return (self.initial, self.budget, self.paid, self.weight, self.rate, self.points)


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """A row of 绩效指标; `level1` carries the weight of its group, `产出指标(50分)`.

    `item` is the indicator's name in entry.items, empty for a row that the form prints without
    one; `explained` says step by step how its points come about, by `rule` of `article`.
    """

    level1: str
    level2: str
    level3: Cell
    target: Cell
    actual: Cell
    weight: Cell
    points: Cell
    reason: Cell
    item: str = ""
    evidence: Cell = NOTHING
    explained: tuple[str, ...] = ()
    rule: str = ""
    article: str = ""

    @property
    def cells(self) -> tuple[Cell, ...]:
        return (self.level3, self.target, self.actual, self.weight, self.points, self.reason)


@dataclass(frozen=True, slots=True)
class Draft:
    """The form filled as far as document, payments and people go. `expected` are the goals.

    `notices` stand on the first page: what is open, unmatched, not in the lists, provisional.
    `advice` are a reviewer's remarks and what contradicts itself; `stamp` stands on every page
    of a draft that is provisional; `digest` on the page to be signed, once it is finalized.
    """

    year: int
    as_of: date
    project_code: str
    project_name: Cell
    department: Cell
    unit: Cell
    funds: tuple[FundRow, ...]
    execution_reason: Cell | None
    expected: tuple[Cell, ...]
    achieved: Cell
    indicators: tuple[IndicatorRow, ...]
    total_weight: Cell
    total_points: Cell
    scored: str
    remarks: tuple[str, ...]
    provenance: tuple[str, ...]
    curve: Curve
    notices: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
    stamp: str = ""
    digest: str = ""

    @property
    def title(self) -> str:
        return "项目支出绩效自评表"

    @property
    def open_items(self) -> int:
        """How many cells must be filled; a reason counts where it is known to be asked for."""
        reasons = sum(row.reason.is_open and not row.reason.note for row in self.indicators)
        return sum(cell.is_open for cell in self.cells()) - reasons

    def cells(self) -> Iterator[Cell]:
        """All cells of the form, in reading order."""
        yield from (self.project_name, self.department, self.unit)
        for fund in self.funds:
            yield from fund.cells
        if self.execution_reason:
            yield self.execution_reason
        yield from (*self.expected, self.achieved)
        for row in self.indicators:
            yield from row.cells
        yield from (self.total_weight, self.total_points)
