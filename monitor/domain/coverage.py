"""Coverage (数据到达): which months of which units the payment lists have shown, whole or in part.

A list covers months, each from a first to a last day where it says so, of the whole office or
of the units that it is titled with. A unit that is absent from an office-wide list is covered,
with nothing paid. What no list shows, somebody may confirm by hand. Days that have not come
yet when a list lands are not covered by it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from monitor.domain.calendar import month_end

WHOLE_OFFICE = ""
_DAY = timedelta(days=1)


class State(StrEnum):
    """How much of a unit's month has come."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    MISSING = "missing"

    @property
    def label(self) -> str:
        return {"complete": "全", "partial": "部分", "missing": "缺"}[self.value]


@dataclass(frozen=True, slots=True)
class Period:
    """Days from a first to a last one, both included."""

    first: date
    last: date

    @property
    def months(self) -> tuple[str, ...]:
        """The months that it touches, as `2025-03`."""
        begin, end = (day.year * 12 + day.month - 1 for day in (self.first, self.last))
        return tuple(f"{n // 12}-{n % 12 + 1:02d}" for n in range(begin, end + 1))

    def within(self, other: Period) -> Period | None:
        """What both have in common."""
        first, last = max(self.first, other.first), min(self.last, other.last)
        return Period(first, last) if first <= last else None


@dataclass(frozen=True, slots=True)
class Span:
    """A month as a list covers it: from its first day, where `since` is None, to its last."""

    month: str
    since: date | None = None
    through: date | None = None

    @property
    def period(self) -> Period:
        whole = month_period(self.month)
        return Period(self.since or whole.first, self.through or whole.last)


def month_period(month: str) -> Period:
    """All days of a month written as `2025-03`."""
    year, number = map(int, month.split("-"))
    return Period(date(year, number, 1), month_end(year, number))


def spans(months: Sequence[str], period: Period | None = None) -> tuple[Span, ...]:
    """What a list covers of the months that it is for, where it says from when or until when.

    Months wholly outside the period are not covered; if they all are, the period alone counts.
    """
    if period is None:
        return tuple(map(Span, months))
    own = [month for month in months if month_period(month).within(period)] or period.months
    return tuple(_cut(month, period) for month in own)


def _cut(month: str, period: Period) -> Span:
    whole = month_period(month)
    return Span(
        month,
        since=period.first if period.first > whole.first else None,
        through=period.last if period.last < whole.last else None,
    )


@dataclass(frozen=True, slots=True)
class Cover:
    """A month that an import covers, of one unit or of the whole office (a blank code).

    `landed` is the day in China on which it came; None where that is not to count.
    """

    import_id: int
    file: str
    unit_code: str
    span: Span
    landed: date | None = None

    @property
    def period(self) -> Period | None:
        """The days that it shows; None for a month that had not begun when the list came."""
        shown = self.span.period
        if self.landed is None or self.landed >= shown.last:
            return shown
        return Period(shown.first, self.landed) if self.landed >= shown.first else None


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Somebody's word that a unit's month is complete; `nil`: that nothing was paid in it."""

    unit_code: str
    month: str
    nil: bool
    note: str
    recorded_at: datetime
    actor: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A unit's month: how much of it has come, by which files, and which days are not covered."""

    unit_code: str
    month: str
    state: State
    files: tuple[str, ...]
    uncovered: tuple[Period, ...]
    confirmed: Confirmation | None = None


@dataclass(slots=True)
class Coverage:
    """All that has come, to be asked by unit and month."""

    _covers: Mapping[tuple[str, str], Sequence[Cover]]
    _confirmed: Mapping[tuple[str, str], Confirmation]
    _cells: dict[tuple[str, str], Cell] = field(default_factory=dict)

    @classmethod
    def of(cls, covers: Iterable[Cover], confirmations: Iterable[Confirmation] = ()) -> Coverage:
        by_cell: defaultdict[tuple[str, str], list[Cover]] = defaultdict(list)
        for each in covers:
            by_cell[each.unit_code, each.span.month].append(each)
        confirmed = {(each.unit_code, each.month): each for each in confirmations}
        return cls(dict(by_cell), confirmed)

    @property
    def months(self) -> tuple[str, ...]:
        """The months of which anything has come or been confirmed."""
        return tuple(sorted({month for _, month in (*self._covers, *self._confirmed)}))

    def cell(self, unit: str, month: str) -> Cell:
        key = unit, month
        if key not in self._cells:
            self._cells[key] = self._cell(unit, month)
        return self._cells[key]

    def _cell(self, unit: str, month: str) -> Cell:
        codes = {unit, WHOLE_OFFICE}
        covers = [each for code in codes for each in self._covers.get((code, month), ())]
        covers.sort(key=lambda each: each.import_id)
        uncovered = tuple(_gaps(month_period(month), [each.period for each in covers]))
        confirmed = self._confirmed.get((unit, month))
        if confirmed or not uncovered:
            state = State.COMPLETE
        else:
            state = State.PARTIAL if covers else State.MISSING
        files = tuple(dict.fromkeys(each.file for each in covers))
        return Cell(unit, month, state, files, uncovered, confirmed)

    def complete(self, unit: str, month: str) -> bool:
        return self.cell(unit, month).state is State.COMPLETE

    def missing(self, unit: str, up_to_month: str) -> tuple[str, ...]:
        """The months of the year up to this one that are not complete, partial ones too."""
        year, last = up_to_month.split("-")
        months = (f"{year}-{month:02d}" for month in range(1, int(last) + 1))
        return tuple(month for month in months if not self.complete(unit, month))

    def grid(self, units: Collection[str], months: Sequence[str]) -> tuple[Cell, ...]:
        """The cells of these units and months, unit by unit."""
        return tuple(self.cell(unit, month) for unit in units for month in months)


def _gaps(whole: Period, shown: Iterable[Period | None]) -> Iterator[Period]:
    """The days of a period that none of the others has."""
    nearest = whole.first
    for each in sorted(filter(None, shown), key=lambda period: period.first):
        if each.first > nearest:
            yield Period(nearest, each.first - _DAY)
        nearest = max(nearest, each.last + _DAY)
    if nearest <= whole.last:
        yield Period(nearest, whole.last)
