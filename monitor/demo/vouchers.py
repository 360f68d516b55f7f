"""Payments as the county means them, before any list spells them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from monitor.demo.dice import Dice
from monitor.demo.layouts import Column
from monitor.domain.calendar import month_end


class Fate(StrEnum):
    """What must become of a row when its list is read."""

    COUNTED = "counted"
    UNMATCHED = "unmatched"
    VOIDED = "voided"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Line:
    """One row. The amount is signed fen; `counts_for` is the code of the project it counts for.

    `project_code` and `project_name` are what the row shows, a code may be blank. `misspelt`
    holds the words that stand in a column in place of the true ones.
    """

    pay_date: date
    unit_code: str
    unit_name: str
    project_code: str
    project_name: str
    amount_fen: int
    payee: str
    purpose: str
    function: str
    economic: str
    status: str = "已支付"
    fate: Fate = Fate.COUNTED
    counts_for: str = ""
    misspelt: tuple[tuple[Column, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Voucher:
    """One payment document: lines that share its number, of the same month."""

    lines: tuple[Line, ...]
    number: str = ""

    @property
    def pay_date(self) -> date:
        return self.lines[0].pay_date

    @property
    def labels(self) -> tuple[str, ...]:
        """How its lines are named: `N`, `N/2`, `N/3`."""
        further = (f"{self.number}/{i}" for i in range(2, len(self.lines) + 1))
        return (self.number, *further)


def number_vouchers(vouchers: Iterable[Voucher]) -> list[Voucher]:
    """Numbered YYYYMM000001 … in each month, in the order of their days."""
    counts: dict[str, int] = {}
    numbered = []
    for voucher in sorted(vouchers, key=lambda each: each.pay_date):
        month = f"{voucher.pay_date:%Y%m}"
        counts[month] = counts.get(month, 0) + 1
        numbered.append(replace(voucher, number=f"{month}{counts[month]:06d}"))
    return numbered


def draw_workday(year: int, month: int, dice: Dice) -> date:
    """A day of the month on which the treasury pays: Monday to Friday."""
    last = month_end(year, month)
    days = [last - timedelta(days=back) for back in range(last.day)]
    return dice.pick([day for day in days if day.weekday() < 5])
