"""Month-ends, and the plan's checkpoint that is due at a date. No clock: dates are given."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
Now = Callable[[], datetime]
"""A clock, as it is handed to what acts."""


@lru_cache(maxsize=1_024)
def month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def due_month(months: Iterable[int], year: int, as_of: date) -> int | None:
    """The latest of a plan's checkpoint months whose last day is not after `as_of`."""
    return max((m for m in months if month_end(year, m) <= as_of), default=None)


def next_month(months: Iterable[int], year: int, as_of: date) -> int | None:
    """The first of a plan's checkpoint months whose last day is after `as_of`."""
    return min((m for m in months if month_end(year, m) > as_of), default=None)


def checkpoint_name(month: int) -> str:
    return f"{month}月底"


def day_name(day: date) -> str:
    """`2025年6月30日`, as papers write a day."""
    return f"{day.year}年{day.month}月{day.day}日"


def china_time(moment: datetime) -> str:
    """A point in time as all rows give it: ISO 8601 to the second, with +08:00."""
    return moment.astimezone(CHINA).isoformat(timespec="seconds")
