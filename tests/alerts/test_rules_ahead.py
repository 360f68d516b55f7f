"""W03 临近 and W11 底线: what is to come, and floors that a paper sets."""

from __future__ import annotations

from datetime import date

import pytest

from monitor.alerts.facts import Pace, Waiting
from monitor.domain.finding import Doubt, DoubtKind
from monitor.domain.progress import Grade
from tests.alerts.rule_cases import BUDGET, found, judge, project, rules

JUNE_1 = date(2025, 6, 1)


def test_a_checkpoint_that_the_pace_will_miss_is_told_with_method_and_amounts() -> None:
    (finding,) = found("W03", project(151_000_00, JUNE_1, known_until=date(2025, 5, 31)))

    assert (finding.period, finding.severity, finding.for_office) == ("06", Grade.NOTICE, False)
    figures = dict(finding.figures)
    assert figures["due_fen"] == 500_000_00
    assert figures["needed_fen"] == 349_000_00
    assert figures["estimate_fen"] == 181_000_00
    assert figures["shortfall_fen"] == 319_000_00
    assert finding.details == (
        "按今年以来的支付进度推算（已支付 ÷ 已过天数 × 到检查点的天数）：截至2025年5月31日的 "
        "151 天共支付 151,000.00 元，到2025年6月30日约支付 181,000.00 元，"
        "比计划的 500,000.00 元少 319,000.00 元。",
        "到2025年6月30日按计划还需支付 349,000.00 元。",
    )


@pytest.mark.parametrize(
    ("as_of", "severity"),
    [
        (date(2025, 5, 30), None),  # 31 days before
        (date(2025, 5, 31), Grade.NOTICE),  # 30
        (date(2025, 6, 14), Grade.NOTICE),  # 16
        (date(2025, 6, 15), Grade.YELLOW),  # 15
        (date(2025, 6, 20), Grade.YELLOW),  # 6 working days: 23–27 and 30 June
        (date(2025, 6, 23), Grade.RED),  # 5
        (date(2025, 6, 29), Grade.RED),
    ],
)
def test_the_nearer_the_checkpoint_the_more_serious(as_of: date, severity: Grade | None) -> None:
    ahead = found("W03", project(1_000_00, as_of))

    assert [each.severity for each in ahead] == ([severity] if severity else [])


def test_working_days_before_a_checkpoint_skip_the_holidays() -> None:
    # Between 20 and 30 September 2025 lie 7 working days: 28 September is a worked Sunday.
    assert [each.severity for each in found("W03", project(1, date(2025, 9, 22)))] == [Grade.YELLOW]
    assert [each.severity for each in found("W03", project(1, date(2025, 9, 24)))] == [Grade.RED]


@pytest.mark.parametrize(("gained", "cures"), [(638_000_00, True), (638_000_00 - 1, False)])
def test_a_pace_that_misses_only_by_money_added_shortly_before_is_doubtful(
    gained: int, cures: bool
) -> None:
    # 1,000.00 a day are 181,000.00 by 30 June: half of 362,000.00, not of a million.
    pace = Pace(last_payment=JUNE_1, coming_money_fen=gained, coming_additions=1)
    (finding,) = found("W03", project(152_000_00, JUNE_1, pace=pace))

    assert finding.doubts == (Doubt(DoubtKind.RECENT_MONEY, 1, gained, cures),)


@pytest.mark.parametrize(("paid_fen", "misses"), [(760_000_00, False), (760_000_00 - 1, True)])
def test_a_pace_that_reaches_the_plan_exactly_is_no_matter(paid_fen: int, misses: bool) -> None:
    # 1 June is day 152 of the year, 30 June day 181: 5,000.00 a day reach 905,000.00.
    plan = {6: 9_050, 12: 10_000}

    assert bool(found("W03", project(paid_fen, JUNE_1, plan=plan))) is misses


def test_where_lists_are_missing_no_pace_is_judged() -> None:
    judgement = judge(project(1, JUNE_1, missing_months=("2025-05",)))

    assert "W03" not in {each.rule for each in judgement.findings}
    assert ("W03", "P1") in judgement.unjudged


@pytest.mark.parametrize("plan", [{6: None, 12: 10_000}, {6: 0, 12: 10_000}])
def test_a_checkpoint_without_a_share_is_not_near(plan: dict[int, int | None]) -> None:
    assert found("W03", project(0, JUNE_1, plan=plan)) == []


def test_the_closing_day_stands_for_the_years_last_day() -> None:
    closing = rules({"year_end": {"closing_day": "12-19"}})

    (finding,) = found("W03", project(1_000_00, date(2025, 12, 15)), settings=closing)
    assert finding.severity is Grade.RED
    assert "2025年12月19日" in finding.details[0]
    assert found("W03", project(1, date(2025, 12, 20)), settings=closing) == []
    (plain,) = found("W03", project(1_000_00, date(2025, 12, 15)))
    assert plain.severity is Grade.NOTICE


@pytest.mark.parametrize(
    ("as_of", "urges"), [(date(2025, 9, 20), True), (date(2025, 12, 5), False)]
)
def test_from_november_no_word_urges_to_spend(as_of: date, urges: bool) -> None:
    (finding,) = found("W03", project(1_000_00, as_of))

    assert any("还需支付" in line for line in finding.details) is urges


def test_payments_on_their_way_that_would_reach_the_plan_make_it_doubtful() -> None:
    (finding,) = found(
        "W03",
        project(1_000_00, JUNE_1, in_transit=(1, 500_000_00),
                could_be=Waiting(2, 5_00, date(2025, 5, 1))),
    )  # fmt: skip

    assert [(each.kind, each.cures) for each in finding.doubts] == [
        (DoubtKind.UNMATCHED, False), (DoubtKind.IN_TRANSIT, True),
    ]  # fmt: skip


def test_the_year_before_looks_not_ahead_at_its_successor() -> None:
    assert found("W03", project(0, date(2024, 12, 20), plan={1: 5_000})) == []


FLOORS = rules({"W11": {"on": True}})


def test_floors_are_off_until_they_are_switched_on() -> None:
    assert found("W11", project(0, date(2025, 4, 30))) == []


@pytest.mark.parametrize(
    ("as_of", "period", "floor_bp"),
    [
        (date(2025, 4, 30), "04", 2_500),
        (date(2025, 5, 31), "04", 2_500),
        (date(2025, 6, 30), "06", 4_000),
        (date(2025, 8, 31), "08", 6_000),
        (date(2025, 10, 31), "10", 8_000),
    ],
)
def test_the_floors_of_sichuan_are_ready_made(as_of: date, period: str, floor_bp: int) -> None:
    at_the_floor = BUDGET * floor_bp // 10_000

    assert found("W11", project(at_the_floor, as_of), settings=FLOORS) == []
    (finding,) = found("W11", project(at_the_floor - 1, as_of), settings=FLOORS)
    assert (finding.period, finding.severity, finding.for_office) == (period, Grade.NOTICE, False)


def test_before_the_first_floor_there_is_none() -> None:
    assert found("W11", project(0, date(2025, 4, 29)), settings=FLOORS) == []


def test_a_floor_waits_for_the_lists_up_to_its_month() -> None:
    judgement = judge(project(0, date(2025, 4, 30), missing_months=("2025-04",)), settings=FLOORS)

    assert ("W11", "P1") in judgement.unjudged
    assert "W11" not in {each.rule for each in judgement.findings}
