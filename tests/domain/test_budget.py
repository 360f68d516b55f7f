"""A budget over its year: documents state it, adjustments change it, in any order."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.adjustment import Adjustment, AdjustmentKind, Fund
from monitor.domain.budget import BudgetHistory, Line, Stated
from monitor.domain.target import PlanPoint

FIRST = date(2025, 1, 1)
DAYS = [FIRST + timedelta(days=n) for n in range(365)]
QUARTERS = (PlanPoint(3, 2500), PlanPoint(6, 5000), PlanPoint(12, 10_000))

days = st.sampled_from(DAYS)
lines = st.lists(st.builds(Line, days, st.integers(-(10**9), 10**9).filter(bool)), max_size=8)
later = st.lists(
    st.tuples(days.filter(lambda d: d > FIRST), st.one_of(st.none(), st.integers(0, 10**9))),
    max_size=3,
    unique_by=lambda each: each[0],
)


def day(text: str) -> date:
    return date.fromisoformat(text)


def reckoned(
    first: int | None, dated: list[tuple[date, int | None]], adds: list[Line], on: date
) -> int | None:
    """The budget by walking through the year day by day."""
    budget: int | None = None
    for today in (each for each in DAYS if each <= on):
        for line in adds:
            if line.effective == today and budget is not None:
                budget += line.amount_fen
        if today == FIRST:
            budget = (
                None
                if first is None
                else first + sum(line.amount_fen for line in adds if line.effective == FIRST)
            )
        for effective, stated in dated:
            if effective == today:
                budget = stated
    return budget


@given(st.one_of(st.none(), st.integers(0, 10**9)), later, lines, st.randoms(), days)
def test_the_budget_of_every_day_is_that_of_a_walk_through_the_year_in_any_order(
    first: int | None,
    dated: list[tuple[date, int | None]],
    adds: list[Line],
    dice: Random,
    on: date,
) -> None:
    stated = [Stated(FIRST, first), *(Stated(*each) for each in dated)]
    shuffled_lines, shuffled = list(adds), list(stated)
    dice.shuffle(shuffled_lines)
    dice.shuffle(shuffled)
    history = BudgetHistory(2025, tuple(shuffled), tuple(shuffled_lines))

    assert history.at(on) == reckoned(first, dated, adds, on)
    assert history.initial_fen == first


@given(st.integers(0, 10**9), later, lines, days, st.integers(1, 10**9), days)
def test_a_further_addition_never_lowers_a_budget(
    first: int,
    dated: list[tuple[date, int | None]],
    adds: list[Line],
    when: date,
    fen: int,
    on: date,
) -> None:
    stated = (Stated(FIRST, first), *(Stated(*each) for each in dated))
    before = BudgetHistory(2025, stated, tuple(adds)).at(on)
    after = BudgetHistory(2025, stated, (*adds, Line(when, fen))).at(on)

    assert (before is None) == (after is None)
    if before is not None and after is not None:
        assert after >= before


@given(st.integers(1, 10**9), days, st.integers(1, 10**9), days)
def test_a_later_addition_makes_no_earlier_checkpoint_due_for_more(
    first: int, when: date, fen: int, on: date
) -> None:
    plain = BudgetHistory(2025, (Stated(FIRST, first, QUARTERS),))
    more = BudgetHistory(2025, plain.stated, (Line(when, fen),))
    base = (more.at(on) or 0) - (more.added_since_due(on) or 0)
    due = max(
        (d for d in (day("2025-03-31"), day("2025-06-30"), day("2025-12-31")) if d <= on),
        default=None,
    )

    if due is not None and when > due:
        assert base == first
    elif due is not None:
        assert base == first + fen


def test_a_cut_after_the_checkpoint_counts_at_once() -> None:
    cut = BudgetHistory(2025, (Stated(FIRST, 1000, QUARTERS),), (Line(day("2025-07-10"), -400),))

    assert (cut.at(day("2025-07-20")), cut.added_since_due(day("2025-07-20"))) == (600, 0)


def test_a_dated_revision_states_the_budget_with_the_adjustments_before_it() -> None:
    history = BudgetHistory(
        2025,
        (Stated(FIRST, 1000), Stated(day("2025-08-01"), 1500)),
        (Line(day("2025-07-15"), 500), Line(day("2025-08-01"), 70), Line(day("2025-09-01"), -100)),
    )

    asked = ("2025-07-14", "2025-07-15", "2025-08-01", "2025-09-01")
    assert [history.at(day(each)) for each in asked] == [1000, 1500, 1500, 1400]
    assert history.initial_fen == 1000


def test_earlier_checkpoints_keep_the_share_that_was_in_force_on_their_last_day() -> None:
    history = BudgetHistory(
        2025,
        (
            Stated(FIRST, 1000, QUARTERS),
            Stated(
                day("2025-05-01"), 1000, (PlanPoint(3, 0), PlanPoint(6, 3000), PlanPoint(9, 8000))
            ),
        ),
    )

    assert history.plan_at(day("2025-12-31")) == (
        PlanPoint(3, 2500),
        PlanPoint(6, 3000),
        PlanPoint(9, 8000),
    )
    assert history.plan_at(day("2025-04-30")) == QUARTERS


def test_a_project_that_came_during_the_year_had_nothing_before() -> None:
    history = BudgetHistory(2025, (Stated(day("2025-07-15"), 800, QUARTERS),))

    assert history.initial_fen == 0
    assert [history.at(day(each)) for each in ("2025-07-14", "2025-07-15")] == [0, 800]
    assert history.plan_at(day("2025-07-14")) == ()


def test_a_blank_budget_stays_blank_and_nothing_is_due_of_it() -> None:
    history = BudgetHistory(
        2025, (Stated(FIRST, None, QUARTERS), Stated(day("2025-08-01"), 900, QUARTERS))
    )

    assert history.at(day("2025-04-01")) is None
    assert history.initial_fen is None
    assert history.added_since_due(day("2025-08-02")) is None


def test_the_first_day_below_nothing_is_found() -> None:
    history = BudgetHistory(
        2025,
        (Stated(FIRST, 100),),
        (Line(day("2025-03-01"), -150), Line(day("2025-04-01"), 80)),
    )

    assert history.first_shortfall(FIRST) == (day("2025-03-01"), -50)
    assert history.first_shortfall(day("2025-04-01")) is None


def test_a_transfer_takes_from_one_and_gives_to_another() -> None:
    move = Adjustment(
        AdjustmentKind.MOVE, 50, Fund.FISCAL, day("2025-07-15"), "财预〔2025〕12号", "A", "B"
    )

    assert move.signed == (("A", -50), ("B", 50))
    assert move.is_whole
