"""Month-ends and checkpoints."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.calendar import due_month, month_end, next_month

MONTHS = st.sets(st.integers(1, 12))
DAYS = st.dates(date(2024, 1, 1), date(2025, 12, 31))


def test_february_ends_on_the_29th_in_a_leap_year() -> None:
    assert month_end(2024, 2) == date(2024, 2, 29)
    assert month_end(2025, 2) == date(2025, 2, 28)


def test_a_later_year_has_the_last_checkpoint_due() -> None:
    assert due_month([3, 6, 12], 2024, date(2026, 1, 1)) == 12
    assert next_month([3, 6, 12], 2024, date(2026, 1, 1)) is None


def test_an_earlier_year_has_none_due() -> None:
    assert due_month([3, 6, 12], 2025, date(2024, 12, 31)) is None
    assert next_month([3, 6, 12], 2025, date(2024, 12, 31)) == 3


@given(months=MONTHS, day=DAYS)
def test_the_due_and_the_next_checkpoint_are_neighbours(months: set[int], day: date) -> None:
    due, coming = due_month(months, 2025, day), next_month(months, 2025, day)

    between = {m for m in months if (due or 0) < m < (coming or 13)}
    assert not between
    assert due is None or month_end(2025, due) <= day
    assert coming is None or month_end(2025, coming) > day


@given(month=st.integers(1, 12), year=st.integers(2000, 2099))
def test_the_day_after_a_month_end_is_the_first(month: int, year: int) -> None:
    assert (month_end(year, month) + timedelta(days=1)).day == 1
