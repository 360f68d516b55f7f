"""Working days (工作日) with holidays and 调休, and the hours in which mails go out.

The tables of holidays are handed in; without an entry Monday to Friday are working days.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from monitor.domain.calendar import CHINA

_DAY = timedelta(days=1)
_FRIDAY = 4
_LONGEST_PAUSE = 400  # days without one working day: then the tables are wrong


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """`holidays` are days off whatever their weekday, `workdays` the 调休 days that are worked.

    A day in both is worked.
    """

    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()

    def with_own(self, holidays: Iterable[date], workdays: Iterable[date]) -> WorkCalendar:
        """The same calendar, where an office's own lists say otherwise."""
        off, worked = frozenset(holidays), frozenset(workdays)
        return WorkCalendar((self.holidays - worked) | off, (self.workdays - off) | worked)

    def is_working(self, day: date) -> bool:
        if day in self.workdays:
            return True
        return day.weekday() <= _FRIDAY and day not in self.holidays

    def add(self, day: date, n: int) -> date:
        """The n-th working day after `day`, before it for a negative n; `day` itself for 0."""
        step = _DAY if n > 0 else -_DAY
        for _ in range(abs(n)):
            day = self._nearest(day + step, step)
        return day

    def on_or_after(self, day: date) -> date:
        """The day itself if it is a working day, else the next one."""
        return self._nearest(day, _DAY)

    def days_between(self, first: date, last: date) -> int:
        """The working days after `first` up to and with `last`; 0 where `last` is not later."""
        days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
        return sum(map(self.is_working, days))

    def _nearest(self, day: date, step: timedelta) -> date:
        for _ in range(_LONGEST_PAUSE):
            if self.is_working(day):
                return day
            day += step
        raise ValueError(f"no working day for {_LONGEST_PAUSE} days")


@dataclass(frozen=True, slots=True)
class SendingHours:
    """When mails may go out: on working days from `opens` until before `closes`, in China."""

    calendar: WorkCalendar
    opens: time = time(8)
    closes: time = time(18)

    def is_open(self, at: datetime) -> bool:
        here = at.astimezone(CHINA)
        return self.calendar.is_working(here.date()) and self.opens <= here.time() < self.closes

    def next_moment(self, at: datetime) -> datetime:
        """`at` itself within the hours, else the moment at which they begin next."""
        if self.is_open(at):
            return at
        here = at.astimezone(CHINA)
        day = here.date() if here.time() < self.opens else here.date() + _DAY
        return datetime.combine(self.calendar.on_or_after(day), self.opens, CHINA)
