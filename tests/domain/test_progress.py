"""What a project's figures mean at a date: design notes, section 5."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.progress import Account, Grade, Standing, severity, share_fen, stand
from monitor.domain.target import PlanPoint

YUAN = 100
QUARTERS = {3: 2500, 6: 5000, 10: 7500, 12: 10_000}


def account(
    paid_fen: int, budget_fen: int | None = 1_000 * YUAN, plan: dict[int, int | None] | None = None
) -> Account:
    shares = QUARTERS if plan is None else plan
    return Account(
        year=2025,
        unit_code="434001",
        unit_name="某办公室",
        project_code="P",
        project_name="某项目",
        initial_budget_fen=budget_fen,
        budget_fen=budget_fen,
        paid_fen=paid_fen,
        payments=1,
        plan=tuple(PlanPoint(month, share) for month, share in shares.items()),
    )


def at(day: str, paid_fen: int, **kwargs: object) -> Standing:
    return stand(account(paid_fen, **kwargs), date.fromisoformat(day))  # type: ignore[arg-type]


def test_before_the_first_checkpoint_nothing_is_due() -> None:
    standing = at("2025-03-30", 0)

    assert (standing.checkpoint, standing.due_fen, standing.severity) == (None, None, None)
    assert (standing.next_checkpoint, standing.needed_fen) == (3, 250 * YUAN)


def test_a_checkpoint_is_due_on_its_last_day() -> None:
    standing = at("2025-03-31", 200 * YUAN)

    assert standing.checkpoint == 3
    assert (standing.due_fen, standing.gap_fen) == (250 * YUAN, 50 * YUAN)
    assert (standing.rate_bp, standing.lag_bp) == (2000, 500)


def test_the_latest_checkpoint_is_the_due_one() -> None:
    assert at("2025-12-31", 0).checkpoint == 12
    assert at("2026-11-21", 0).checkpoint == 12
    assert at("2025-12-31", 0).next_checkpoint is None


def test_a_blank_share_is_not_due_and_not_the_neighbours() -> None:
    plan: dict[int, int | None] = {3: 2500, 6: None, 12: 10_000}

    standing = at("2025-07-01", 0, plan=plan)

    assert standing.checkpoint == 6
    assert (standing.planned_bp, standing.due_fen, standing.gap_fen) == (None, None, None)
    assert standing.severity is None


def test_a_project_without_a_plan_has_no_checkpoint() -> None:
    standing = at("2025-07-01", 100, plan={})

    assert (standing.checkpoint, standing.next_checkpoint, standing.severity) == (None, None, None)


def test_a_blank_budget_leaves_all_that_rests_on_it_blank() -> None:
    standing = at("2025-07-01", 100, budget_fen=None)

    assert (standing.rate_bp, standing.due_fen, standing.lag_bp, standing.needed_fen) == (None,) * 4


def test_a_budget_of_nothing_has_no_rate_and_no_lag() -> None:
    standing = at("2025-07-01", 0, budget_fen=0)

    assert (standing.rate_bp, standing.lag_bp, standing.severity) == (None, None, None)
    assert standing.due_fen == 0


def test_being_ahead_shows_as_negative_figures() -> None:
    standing = at("2025-03-31", 300 * YUAN)

    assert (standing.gap_fen, standing.lag_bp, standing.severity) == (-50 * YUAN, -500, None)


def test_half_a_fen_is_rounded_up_in_print_and_not_in_the_comparison() -> None:
    budget = 51_654_109  # half of it ends in half a fen

    assert share_fen(budget, 5000) == 25_827_055
    assert severity(25_827_054, budget, 5000) is Grade.NOTICE
    assert severity(25_827_055, budget, 5000) is None


@pytest.mark.parametrize(
    ("paid", "expected"),
    [
        (500_00, None),
        (499_99, Grade.NOTICE),
        (400_00, Grade.NOTICE),  # 80 % and 10 points exactly
        (399_99, Grade.YELLOW),
        (300_00, Grade.YELLOW),  # 60 % exactly
        (299_99, Grade.RED),
        (0, Grade.RED),
        (-1, Grade.RED),
    ],
)
def test_severity_turns_exactly_at_its_limits(paid: int, expected: Grade | None) -> None:
    assert severity(paid, 1_000_00, 5000) is expected


def test_more_than_ten_points_behind_is_yellow_though_over_four_fifths_are_paid() -> None:
    assert severity(850_00, 1_000_00, 10_000) is Grade.YELLOW
    assert severity(900_00, 1_000_00, 10_000) is Grade.NOTICE


def test_where_nothing_is_due_a_refund_raises_nothing() -> None:
    assert severity(-100, 1_000_00, 0) is None


@given(
    budget=st.integers(0, 10**13),
    planned=st.integers(0, 10_000),
    paid=st.integers(-(10**12), 10**13),
    more=st.integers(0, 10**12),
)
def test_paying_more_never_makes_a_lag_more_serious(
    budget: int, planned: int, paid: int, more: int
) -> None:
    def weight(grade: Grade | None) -> int:
        return grade.weight if grade else 0

    before, after = severity(paid, budget, planned), severity(paid + more, budget, planned)

    assert weight(after) <= weight(before)


@given(budget=st.integers(1, 10**13), planned=st.integers(1, 10_000), paid=st.integers(0, 10**13))
def test_a_lag_is_raised_exactly_where_paid_falls_short_of_the_share(
    budget: int, planned: int, paid: int
) -> None:
    assert (severity(paid, budget, planned) is not None) == (paid * 10_000 < budget * planned)


@given(budget=st.integers(1, 10**13), planned=st.integers(0, 10_000), paid=st.integers(0, 10**13))
def test_printed_figures_are_within_half_a_unit_of_the_exact_ones(
    budget: int, planned: int, paid: int
) -> None:
    standing = stand(account(paid, budget, {3: planned}), date(2025, 4, 1))

    assert standing.due_fen is not None
    assert standing.lag_bp is not None
    assert abs(2 * (standing.due_fen * 10_000 - budget * planned)) <= 10_000
    assert abs(2 * (standing.lag_bp * budget - (planned * budget - paid * 10_000))) <= budget
    assert standing.gap_fen == standing.due_fen - paid
