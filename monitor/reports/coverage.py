"""The rows of `monitor payments coverage`: unit by unit and month by month, what has come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from monitor.domain.calendar import china_time, month_end
from monitor.domain.coverage import Cell, Coverage, Period
from monitor.store import coverage as covering


@dataclass(frozen=True, slots=True)
class YearOfCoverage:
    """A year's units and months, and their cells, unit by unit."""

    year: int
    units: Mapping[str, str]  # code → name
    months: tuple[str, ...]
    cells: tuple[Cell, ...]

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [_row(cell, self.units[cell.unit_code]) for cell in self.cells]


def years(
    connection: Connection, today: date, *, year: int | None = None, unit: str | None = None
) -> list[YearOfCoverage]:
    """Of the year, else of all, the months that have ended and those of which anything came."""
    covered = covering.load(connection, year)
    found = []
    for of_year, all_units in covering.units(connection, year).items():
        units = {code: name for code, name in all_units.items() if unit in (None, code)}
        if units:
            months = _months(of_year, covered, today)
            found.append(YearOfCoverage(of_year, units, months, covered.grid(units, months)))
    return found


def _months(year: int, covered: Coverage, today: date) -> tuple[str, ...]:
    ended = [month for month in range(1, 13) if month_end(year, month) < today]
    come = [int(each[5:]) for each in covered.months if each.startswith(f"{year}-")]
    return tuple(f"{year}-{month:02d}" for month in range(1, max([*ended, *come, 0]) + 1))


def _row(cell: Cell, unit_name: str) -> dict[str, Any]:
    said = cell.confirmed
    return {
        "unit_code": cell.unit_code,
        "unit_name": unit_name,
        "month": cell.month,
        "state": cell.state.value,
        "files": list(cell.files),
        "uncovered": [{"first": str(e.first), "last": str(e.last)} for e in cell.uncovered],
        "confirmed": None
        if said is None
        else {
            "nil": said.nil,
            "note": said.note,
            "recorded_at": china_time(said.recorded_at),
            "actor": said.actor,
        },
    }


def days(periods: Iterable[Period]) -> str:
    """`3月21日至31日、…`, as people write days of one month."""
    return "、".join(map(_days, periods))


def _days(period: Period) -> str:
    first = f"{period.first.month}月{period.first.day}日"
    return first if period.first == period.last else f"{first}至{period.last.day}日"
