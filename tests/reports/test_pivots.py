"""The tables of the overview: their sums and their order."""

from __future__ import annotations

from datetime import date

import pytest

from monitor.domain.target import PlanPoint
from monitor.reports.overview.facts import OverviewFacts
from monitor.reports.overview.pivots import leads, ranked, totals, units_by_severity, whole
from monitor.reports.states import state_of
from tests.reports.overview_case import PLAN, curve, small_office, standing


@pytest.fixture
def facts() -> OverviewFacts:
    return small_office()


def test_totals_count_the_rate_of_those_projects_that_have_a_budget(facts: OverviewFacts) -> None:
    sums = totals(facts.standings)

    assert (sums.projects, sums.budget_fen, sums.paid_fen) == (5, 4_000_000, 1_330_100)
    assert sums.rate_bp == 3325
    assert sums.counts == (1, 1, 1, 1, 1)


def test_units_with_the_worst_lags_come_first(facts: OverviewFacts) -> None:
    assert [(unit.code, unit.counts) for unit in units_by_severity(facts.standings)] == [
        ("623001", (1, 1, 0, 0, 0)),
        ("623002", (0, 0, 1, 1, 1)),
    ]


def test_projects_are_ranked_by_severity_and_gap(facts: OverviewFacts) -> None:
    rows = ranked(reversed(facts.standings))

    assert [row.account.project_code for row in rows] == ["P1", "P2", "P3", "P4", "P5"]
    assert [state_of(row) for row in rows] == ["red", "yellow", "notice", "none", "undue"]


def test_projects_of_one_plan_are_drawn_as_one_and_the_others_counted() -> None:
    alike = [curve(standing("A", 100_000)), curve(standing("B", 300_000, budget=3_000_000))]
    blank = curve(standing("C", 5, plan=(PlanPoint(3, None), *PLAN[1:])))
    other = curve(standing("D", 5, plan=PLAN[1:]))
    drawn = whole([*alike, blank, other, curve(standing("E", 5, budget=None))])

    assert drawn is not None
    assert (drawn.included, drawn.projects) == (2, 5)
    assert (drawn.curve.budget_fen, sum(drawn.curve.paid_by_month)) == (4_000_000, 400_000)
    assert drawn.curve.plan == PLAN
    assert whole([blank]) is None


def test_the_heat_map_holds_paid_less_planned_of_what_was_due(facts: OverviewFacts) -> None:
    table = leads(facts.at_checkpoints, ["623001", "623002", "623003"])

    assert table == [[-2500, -5000], [None, 2000], [None, None]]


def test_a_project_without_that_checkpoint_is_no_part_of_its_column() -> None:
    later = standing("P1", 0, plan=PLAN[1:], as_of=date(2025, 9, 30))

    assert leads({9: [later]}, ["623001"]) == [[None]]


def test_large_sums_stay_exact() -> None:
    rows = [standing(f"P{i}", 10**16 + 1, budget=10**16 + 3) for i in range(3)]

    assert totals(rows).paid_fen == 3 * 10**16 + 3
