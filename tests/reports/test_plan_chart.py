"""The chart of a project: true to plan and payments, no label over another, always the same."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from math import isnan
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image

from monitor.domain.budget import BudgetHistory, Line, Stated
from monitor.domain.target import PlanPoint
from monitor.reports.assessment.facts import Curve
from monitor.reports.charts.curves import bases, checkpoints
from monitor.reports.charts.drawing import png
from monitor.reports.charts.plan_chart import plan_chart, plan_png
from tests.reports.figures import cut_or_meeting, words

PLAN = (PlanPoint(3, 2500), PlanPoint(6, None), PlanPoint(9, 7500), PlanPoint(12, 10000))
WAN = 1_000_000


def curve(
    budget: int | None = 10_000_000,
    plan: tuple[PlanPoint, ...] = PLAN,
    paid: tuple[int, ...] = (100,) * 12,
    as_of: date = date(2025, 12, 31),
    **more: Any,
) -> Curve:
    return Curve(2025, as_of, budget, plan, paid, **more)


CURVES = (
    curve(),
    curve(None, ()),
    curve(0),
    curve(1, paid=(0,) * 12, as_of=date(2025, 3, 31)),
    curve(10**14, paid=(-(10**13),) * 12),
    curve(12_345_678_900, tuple(PlanPoint(m, m * 833) for m in range(1, 13)), (5, -3) * 6),
)

any_curve = st.builds(
    curve,
    budget=st.none() | st.integers(0, 10**14),
    plan=st.lists(st.integers(1, 12), unique=True, max_size=12).flatmap(
        lambda months: st.tuples(
            *(
                st.builds(PlanPoint, st.just(m), st.none() | st.integers(0, 10000))
                for m in sorted(months)
            )
        )
    ),
    paid=st.lists(st.integers(-(10**13), 10**13), min_size=12, max_size=12).map(tuple),
    as_of=st.dates(date(2024, 12, 1), date(2026, 2, 1)),
)


def grey(picture: bytes) -> NDArray[np.int_]:
    return np.asarray(Image.open(BytesIO(picture)).convert("L")).astype(int)


def line(figure: Figure, label: str) -> tuple[list[float], list[float]]:
    found = next(each for each in figure.axes[0].lines if each.get_label() == label)
    return list(found.get_xdata()), list(found.get_ydata())  # type: ignore[arg-type]


def test_the_line_of_payments_adds_the_months_up_and_ends_at_the_date() -> None:
    figure = plan_chart(curve(paid=(WAN, 0, 2 * WAN) + (0,) * 9, as_of=date(2025, 3, 15)))
    at, sums = line(figure, "actual")

    assert sums == [0, WAN, WAN, 3 * WAN]
    assert at == pytest.approx([0, 1, 2, 2 + 15 / 31])


def test_a_blank_share_breaks_the_plan_off_and_is_said_below() -> None:
    figure = plan_chart(curve())
    at, steps = line(figure, "plan")

    assert at == [0, 3, 6, 9, 12, 12]
    assert [None if isnan(step) else step for step in steps] == [
        *(0, 2_500_000, None, 7_500_000),
        *(10_000_000, 10_000_000),
    ]
    assert "6月底未填计划比例，未绘" in words(figure)


def test_without_a_budget_no_plan_is_drawn_and_it_says_so() -> None:
    figure = plan_chart(curve(budget=None))

    assert "无预算数，未绘计划" in words(figure)
    assert not [each for each in figure.axes[0].lines if each.get_label() == "plan"]


def test_each_checkpoint_says_its_share_and_how_the_project_stood() -> None:
    figure = plan_chart(
        curve(
            plan=(PlanPoint(3, 2500), PlanPoint(6, 5000), PlanPoint(9, 7550), PlanPoint(12, 10000)),
            paid=(0, 0, 2_500_000, 0, 0, 1_900_000, 0, 0, 0, 0, 0, 0),
            as_of=date(2025, 11, 30),
        )
    )

    assert {"25%\n不滞后", "50%\n提示", "75.50%\n红色", "100%\n未到期"} <= set(words(figure))


def test_the_severity_of_a_checkpoint_has_a_shape_of_its_own() -> None:
    plan = tuple(PlanPoint(m, b) for m, b in ((3, 2500), (6, 5000), (9, 7500)))
    drawn = curve(plan=plan, paid=(0, 0, 2_000_000, 0, 0, 1_900_000) + (0,) * 6)
    figure = plan_chart(drawn)
    markers = [each.get_marker() for each in figure.axes[0].lines if each.get_linestyle() == "None"]

    assert [point.state for point in checkpoints(drawn)] == ["notice", "yellow", "red"]
    assert markers == ["D", "^", "X"]


def test_money_that_came_after_a_checkpoint_makes_no_lag_there() -> None:
    history = BudgetHistory(
        2025,
        (Stated(date(2025, 1, 1), 4_000_000, PLAN),),
        (Line(date(2025, 8, 1), 6_000_000),),
    )
    as_of = date(2025, 12, 31)
    paid = (0, 0, 1_000_000) + (0,) * 9
    added = curve(paid=paid, bases=bases(history, PLAN, as_of))

    assert added.bases == ((3, 4_000_000), (6, 4_000_000))
    assert checkpoints(added)[0].state == "none"
    assert checkpoints(curve(paid=paid))[0].state == "red"


def test_a_cut_of_the_budget_counts_at_every_checkpoint() -> None:
    history = BudgetHistory(
        2025, (Stated(date(2025, 1, 1), 10_000_000, PLAN),), (Line(date(2025, 8, 1), -4_000_000),)
    )

    assert bases(history, PLAN, date(2025, 12, 31)) == ()


@example(curve(10**8, paid=(9_000_000,) * 11 + (0,)))
@example(curve(10**8, PLAN[:3], (9_000_000,) * 12, date(2025, 11, 30)))
@example(CURVES[5])
@given(any_curve)
@settings(max_examples=30)
def test_no_two_labels_meet_and_none_is_cut_whatever_the_figures(drawn: Curve) -> None:
    assert cut_or_meeting(plan_chart(drawn)) == []


def test_a_chart_is_the_same_whatever_was_drawn_before() -> None:
    first = [plan_png(each) for each in CURVES]

    assert [plan_png(each) for each in reversed(CURVES)] == first[::-1]
    assert len(set(first)) == len(CURVES)


def test_the_figure_drawn_again_and_again_shows_what_a_new_one_shows() -> None:
    for each in CURVES:
        again, new = (
            grey(data).reshape(60, 10, 130, 10).mean(axis=(1, 3))  # a label stands on whole dots
            for data in (plan_png(each), png(plan_chart(each)))
        )

        assert abs(again - new).max() < 35


def test_the_picture_says_that_it_has_200_dots_an_inch() -> None:
    assert Image.open(BytesIO(plan_png(curve()))).info["dpi"] == pytest.approx((200, 200), abs=0.1)
