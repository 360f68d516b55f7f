"""W04 超预算, W05 沉淀, W06 突击, W07 年末结余, W10 无计划."""

from __future__ import annotations

from datetime import date

import pytest

from monitor.alerts.facts import Pace
from monitor.domain.progress import Grade
from tests.alerts.rule_cases import BUDGET, found, judge, project, rules


@pytest.mark.parametrize(("paid_fen", "over"), [(BUDGET, False), (BUDGET + 1, True)])
def test_a_fen_over_the_budget_is_told_to_the_office(paid_fen: int, over: bool) -> None:
    above = found("W04", project(paid_fen))

    assert bool(above) is over
    for each in above:
        assert each.for_office
        assert dict(each.figures)["excess_fen"] == 1
        assert "预算调整没有登记" in each.details[1]
        assert "挂到了本项目" in each.details[1]


def test_over_budget_is_told_although_lists_are_missing() -> None:
    assert len(found("W04", project(BUDGET + 1, missing_months=("2025-06",)))) == 1
    assert found("W04", project(5, budget_fen=None)) == []


@pytest.mark.parametrize(("last", "idle"), [(date(2025, 4, 1), True), (date(2025, 4, 2), False)])
def test_ninety_days_without_a_payment_are_idle(last: date, idle: bool) -> None:
    stuck = found("W05", project(600_000_00, pace=Pace(last_payment=last)))

    assert bool(stuck) is idle
    assert all("最近一次支付在2025年4月1日" in each.details[0] for each in stuck)


def test_days_without_a_payment_count_up_to_where_payments_are_known() -> None:
    old = Pace(last_payment=date(2025, 4, 1))
    known = project(5, date(2025, 7, 10), pace=old, known_until=date(2025, 6, 30))
    unknown = project(5, date(2025, 7, 10), pace=old, known_until=date(2025, 6, 29))

    (stuck,) = found("W05", known)
    assert dict(stuck.figures)["idle_days"] == 90
    assert "截至2025年6月30日已有 90 天没有支付" in stuck.details[0]
    assert found("W05", unknown) == []


def test_without_any_payment_days_count_from_the_budgets_first_day() -> None:
    never, added = Pace(), Pace(began=date(2025, 4, 2))

    assert len(found("W05", project(0, date(2025, 4, 1), pace=never))) == 1
    assert found("W05", project(0, date(2025, 3, 31), pace=never)) == []
    assert found("W05", project(0, date(2025, 6, 30), pace=added)) == []


def test_a_plan_that_is_fulfilled_lies_idle_in_peace() -> None:
    old = Pace(last_payment=date(2025, 1, 5))

    assert found("W05", project(BUDGET, pace=old)) == []
    assert found("W05", project(900_000_00, pace=old, plan={12: 9_000})) == []
    assert len(found("W05", project(900_000_00 - 1, pace=old, plan={12: 9_000}))) == 1
    assert found("W05", project(5, pace=old, missing_months=("2025-06",))) == []
    assert found("W05", project(5, date(2025, 12, 31), pace=old)) == []


def months(december: int) -> tuple[int, ...]:
    return (*(0,) * 11, december)


@pytest.mark.parametrize(("fen", "rush"), [(400_000_00, False), (400_000_00 + 1, True)])
def test_more_than_forty_percent_in_december_is_a_rush(fen: int, rush: bool) -> None:
    late = project(BUDGET, date(2025, 12, 31), pace=Pace(months_fen=months(fen)))

    assert [each.severity for each in found("W06", late)] == ([Grade.YELLOW] if rush else [])


@pytest.mark.parametrize(("fen", "rush"), [(400_000_00, False), (400_000_00 + 1, True)])
def test_more_than_forty_percent_in_a_week_is_a_rush(fen: int, rush: bool) -> None:
    quick = project(500_000_00, pace=Pace(busiest_week_fen=fen))

    assert [each.severity for each in found("W06", quick)] == ([Grade.NOTICE] if rush else [])


def test_the_share_of_a_week_can_be_set_apart_from_decembers() -> None:
    only_december = rules({"W06": {"week_share": 100}})

    quick = project(500_000_00, pace=Pace(busiest_week_fen=BUDGET))
    assert found("W06", quick, settings=only_december) == []


def test_from_november_an_estimate_of_much_unspent_is_told() -> None:
    late = project(400_000_00, date(2025, 11, 1), known_until=date(2025, 10, 31))

    (finding,) = found("W07", late)
    assert (finding.severity, finding.for_office) == (Grade.NOTICE, True)
    figures = dict(finding.figures)
    assert figures["estimate_fen"] == 480_263_16  # 400,000.00 × 365 ÷ 304
    assert figures["unspent_fen"] == 519_736_84
    assert "推算仅供参考" in finding.details[0]
    assert found("W07", project(400_000_00, date(2025, 10, 31))) == []


@pytest.mark.parametrize(("paid_fen", "left"), [(668_000_00, False), (668_000_00 - 1, True)])
def test_exactly_a_fifth_unspent_is_not_more_than_a_fifth(paid_fen: int, left: bool) -> None:
    # 30 November is day 334; a budget of 912,500.00 leaves a fifth at 2,000.00 a day.
    late = project(paid_fen, date(2025, 11, 30), budget_fen=912_500_00)

    assert bool(found("W07", late)) is left


def test_the_estimate_reaches_to_the_closing_day() -> None:
    closing = rules({"year_end": {"closing_day": "12-01"}})

    (finding,) = found("W07", project(334_00, date(2025, 11, 30)), settings=closing)
    assert dict(finding.figures)["estimate_fen"] == 335_00


@pytest.mark.parametrize(
    ("paid_fen", "severity", "quiet"),
    [
        (BUDGET, None, None),
        (BUDGET - 1, Grade.NOTICE, True),
        (BUDGET - 1_000_00, Grade.NOTICE, False),
        (800_000_00, Grade.NOTICE, False),
        (800_000_00 - 1, Grade.YELLOW, False),
        (0, Grade.YELLOW, False),
    ],
)
def test_after_the_year_every_rest_is_listed(
    paid_fen: int, severity: Grade | None, quiet: bool | None
) -> None:
    rests = found("W07", project(paid_fen, date(2026, 1, 10)))

    assert [(each.severity, each.quiet) for each in rests] == (
        [(severity, quiet)] if severity else []
    )


def test_the_rest_of_a_year_waits_for_decembers_list() -> None:
    judgement = judge(project(0, date(2026, 1, 10), missing_months=("2025-12",)))

    assert "W07" not in {each.rule for each in judgement.findings}
    assert ("W07", "P1") in judgement.unjudged


def test_a_project_without_any_share_has_no_plan() -> None:
    (finding,) = found("W10", project(0, plan={6: None, 12: None}))

    assert (finding.severity, finding.period) == (Grade.NOTICE, "year")
    assert "没有支出计划" in finding.details[0]
    assert found("W10", project(0, plan={12: 0})) == []


def test_a_project_paid_without_a_document_is_told_when_it_is_paid() -> None:
    assert found("W10", project(0, has_document=False)) == []
    (finding,) = found("W10", project(1, has_document=False))
    assert finding.severity is Grade.YELLOW
    assert "没有绩效目标文本" in finding.details[0]
