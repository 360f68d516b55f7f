from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.work_calendar import official
from monitor.domain.calendar import CHINA
from monitor.domain.working_days import SendingHours, WorkCalendar

PLAIN = WorkCalendar()
DAYS = st.dates(date(2004, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2025, 1, 26), True),  # Sunday, worked for the Spring Festival
        (date(2025, 1, 28), False),  # its eve
        (date(2025, 2, 8), True),  # Saturday, worked
        (date(2025, 10, 8), False),  # a Wednesday of the National Day week
        (date(2025, 10, 9), True),
        (date(2025, 9, 27), False),  # a plain Saturday
        (date(2026, 2, 16), False),
    ],
)
def test_the_official_days_are_those_of_the_state_council(day: date, works: bool) -> None:
    assert official().is_working(day) is works


def test_beyond_the_known_years_monday_to_friday_are_worked() -> None:
    assert official().is_working(date(2099, 10, 1))  # a Thursday
    assert not official().is_working(date(2099, 10, 3))


def test_the_offices_own_lists_stand_above_the_official_ones() -> None:
    mended = official().with_own([date(2027, 1, 4), date(2025, 2, 8)], [date(2025, 10, 8)])

    assert not mended.is_working(date(2027, 1, 4))
    assert not mended.is_working(date(2025, 2, 8))
    assert mended.is_working(date(2025, 10, 8))


def test_working_days_are_counted_over_a_holiday() -> None:
    # 30 September to 9 October 2025: the eight days off are skipped.
    assert official().add(date(2025, 9, 30), 1) == date(2025, 10, 9)
    assert official().add(date(2025, 10, 9), -1) == date(2025, 9, 30)
    assert official().days_between(date(2025, 9, 30), date(2025, 10, 9)) == 1
    assert PLAIN.add(date(2025, 6, 6), 0) == date(2025, 6, 6)


@given(day=DAYS, n=st.integers(1, 40))
def test_the_nth_working_day_is_n_working_days_away(day: date, n: int) -> None:
    calendar = official()
    later = calendar.add(day, n)

    assert calendar.is_working(later)
    assert calendar.days_between(day, later) == n
    assert calendar.add(calendar.on_or_after(later), -n) <= calendar.on_or_after(later)


def test_nothing_lies_between_a_day_and_an_earlier_one() -> None:
    assert PLAIN.days_between(date(2025, 6, 6), date(2025, 6, 5)) == 0


def test_a_calendar_without_working_days_is_refused() -> None:
    never = WorkCalendar(frozenset(date.fromordinal(n) for n in range(739_000, 740_000)))

    with pytest.raises(ValueError, match="no working day"):
        never.add(date.fromordinal(739_010), 1)


HOURS = SendingHours(official())


@pytest.mark.parametrize(
    ("at", "then"),
    [
        ("2025-06-05 08:00", "2025-06-05 08:00"),
        ("2025-06-05 17:59", "2025-06-05 17:59"),
        ("2025-06-05 07:59", "2025-06-05 08:00"),
        ("2025-06-05 18:00", "2025-06-06 08:00"),
        ("2025-06-06 20:00", "2025-06-09 08:00"),
        ("2025-09-30 18:00", "2025-10-09 08:00"),
        ("2025-01-25 12:00", "2025-01-26 08:00"),
    ],
)
def test_mails_wait_for_the_next_hours_of_a_working_day(at: str, then: str) -> None:
    moment = datetime.fromisoformat(f"{at}+08:00")

    assert HOURS.next_moment(moment) == datetime.fromisoformat(f"{then}+08:00")


def test_the_hours_are_chinas_wherever_the_clock_runs() -> None:
    early = datetime(2025, 6, 4, 23, 0, tzinfo=ZoneInfo("UTC"))  # 7:00 of 5 June in China

    assert HOURS.next_moment(early) == datetime(2025, 6, 5, 8, tzinfo=CHINA)
    assert SendingHours(PLAIN, time(6), time(7, 30)).is_open(early)
