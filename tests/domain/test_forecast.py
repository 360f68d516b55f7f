from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.forecast import RunRate

MAY, JUNE, YEAR_END = date(2025, 5, 31), date(2025, 6, 30), date(2025, 12, 31)


def test_the_pace_so_far_is_carried_on_by_days() -> None:
    pace = RunRate(151_00, MAY, JUNE)

    assert (pace.days, pace.days_until, pace.estimate_fen) == (151, 181, 181_00)


@pytest.mark.parametrize(("planned_bp", "misses"), [(1_810, False), (1_811, True), (1_809, False)])
def test_an_estimate_exactly_as_planned_does_not_miss(planned_bp: int, misses: bool) -> None:
    assert RunRate(151_00, MAY, JUNE).misses(1_000_00, planned_bp) is misses


@pytest.mark.parametrize(("share_bp", "leaves"), [(6_349, True), (6_350, False), (6_351, False)])
def test_a_rest_of_exactly_the_share_is_not_more_than_it(share_bp: int, leaves: bool) -> None:
    # 151.00 by 31 May give 365.00 by the year's end; 635.00 of 1,000.00 are left.
    assert RunRate(151_00, MAY, YEAR_END).leaves_more_than(1_000_00, share_bp) is leaves


def test_what_is_known_later_than_the_day_asked_for_is_all_there_is() -> None:
    assert RunRate(500, JUNE, MAY).estimate_fen == 500


def test_net_refunds_are_not_carried_on() -> None:
    pace = RunRate(-100_00, MAY, YEAR_END)

    assert pace.estimate_fen == -100_00
    assert pace.misses(1_000_00, 1)


@given(
    paid=st.integers(-(10**9), 10**12),
    more=st.integers(1, 10**9),
    budget=st.integers(1, 10**12),
    planned=st.integers(1, 10_000),
    known=st.dates(date(2025, 1, 1), date(2025, 12, 31)),
)
def test_more_paid_never_makes_an_estimate_miss(
    paid: int, more: int, budget: int, planned: int, known: date
) -> None:
    before, after = RunRate(paid, known, YEAR_END), RunRate(paid + more, known, YEAR_END)

    assert before.misses(budget, planned) or not after.misses(budget, planned)
    assert before.leaves_more_than(budget, planned) or not after.leaves_more_than(budget, planned)
    assert before.estimate_fen <= after.estimate_fen
