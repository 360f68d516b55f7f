"""The steps that a budget is explained by add up to the budget itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.adjustment import Adjustment, AdjustmentKind, Fund
from monitor.domain.budget import BudgetHistory, Line, Stated
from monitor.reports.explaining.budget_steps import in_order
from monitor.store.adjustments import Recorded
from monitor.store.projects import Stored
from tests.reports.conftest import project

FIRST = date(2025, 1, 1)
CODE = project().project_code
DAYS = st.integers(0, 364).map(lambda n: FIRST + timedelta(days=n))
FEN = st.integers(1, 10**9)


def stated(effective: date, budget: int | None) -> Stored:
    said = replace(project(), budget_fen=budget)
    return Stored(1, 1, 1, "ab" * 32, said, effective, "", "")


def adjusted(effective: date, fen: int, kind: AdjustmentKind) -> Recorded:
    giver, taker = ("", CODE) if kind.adds else (CODE, "")
    said = Adjustment(kind, fen, Fund.FISCAL, effective, "财预1号", giver, taker)
    at = datetime(2025, 1, 1, tzinfo=UTC)
    return Recorded(1, 2025, said, at, "甲", "", None, None, "", "")


@given(
    documents=st.dictionaries(DAYS, st.none() | FEN, max_size=4),
    changes=st.lists(st.tuples(DAYS, FEN, st.sampled_from(AdjustmentKind)), max_size=6),
    day=DAYS,
)
def test_the_last_step_is_the_budget_of_the_day_and_their_sum_too(
    documents: dict[date, int | None],
    changes: list[tuple[date, int, AdjustmentKind]],
    day: date,
) -> None:
    said = [stated(effective, budget) for effective, budget in sorted(documents.items())]
    recorded = [adjusted(*each) for each in changes if each[2] is not AdjustmentKind.MOVE]
    history = BudgetHistory(
        2025,
        tuple(Stated(effective, budget) for effective, budget in documents.items()),
        tuple(Line(r.adjustment.effective, dict(r.adjustment.signed)[CODE]) for r in recorded),
    )
    steps = in_order(
        [each for each in said if each.effective <= day],
        [each for each in recorded if each.adjustment.effective <= day],
        FIRST,
        CODE,
    )

    assert (steps[-1].budget_fen if steps else 0) == history.at(day)
    if all(step.budget_fen is not None for step in steps):
        assert sum(step.amount_fen or 0 for step in steps) == history.at(day)


def test_a_document_of_the_middle_of_the_year_states_only_what_it_changes() -> None:
    steps = in_order(
        [stated(FIRST, 100), stated(date(2025, 6, 1), 150)],
        [adjusted(date(2025, 5, 1), 30, AdjustmentKind.ADD)],
        FIRST,
        CODE,
    )

    told = [(step.what, step.amount_fen, step.budget_fen) for step in steps]
    assert told == [("年初预算数", 100, 100), ("追加", 30, 130), ("年中调整文本", 20, 150)]
