"""Plans that can hardly be met: which are named, which are left in peace."""

from __future__ import annotations

import tomllib
from dataclasses import replace

import pytest

from monitor.domain.money import MoneyUnit
from monitor.domain.plan_review import (
    AboveLastYear,
    OneOff,
    Past,
    PastYear,
    PlanRules,
    one_off,
    review,
)
from monitor.domain.target import PlanPoint, Project
from monitor.errors import ConfigError, Place
from monitor.ingest.shipped import shipped

TABLE = tomllib.loads(shipped("rules/plans.toml"))
RULES = PlanRules.from_toml(TABLE)
MONTHS = (3, 6, 9, 12)


def plan(*shares: int | None) -> tuple[PlanPoint, ...]:
    return tuple(map(PlanPoint, MONTHS[-len(shares) :], shares))


PROJECT = Project(
    year=2025,
    unit_code="434001",
    unit_name="某办公室本级",
    project_code="13022925P00JXC4198855",
    project_name="车辆保险",
    money_unit=MoneyUnit.YUAN,
    budget_fen=40_000_00,
    fiscal_fen=40_000_00,
    other_fen=None,
    purpose="公务用车",
    plan=plan(2500, 5000, 7500, 10_000),
    goals=(),
    indicators=(),
    place=Place("目标.txt", 7),
)
PAST = PastYear(2024, "434001", PROJECT.project_code, "车辆保险", 10_000, (0,) * 12, 12)


def paid(*by_month_end: int) -> tuple[int, ...]:
    """The sums by the ends of March, June, September, December, level within a quarter."""
    return tuple(fen for fen in by_month_end for _ in range(3))


def test_a_boilerplate_plan_for_an_insurance_is_named_with_its_word() -> None:
    found = review(PROJECT, RULES)

    assert found is not None
    assert found.reasons == (OneOff("保险", (2500, 5000, 7500, 10_000)),)
    assert "“保险”" in found.why
    assert "25.00%、50.00%、75.00%、100.00%" in found.why


def test_the_word_may_stand_in_the_purpose() -> None:
    project = replace(PROJECT, project_name="补助", purpose="缴纳残疾人就业 保障金")

    assert one_off(project, RULES) == OneOff("保障金", (2500, 5000, 7500, 10_000))


@pytest.mark.parametrize(
    "project",
    [
        replace(PROJECT, project_name="办公经费"),
        replace(PROJECT, plan=plan(0, 10_000, 10_000, 10_000)),
        replace(PROJECT, plan=plan(None, 5000, 7500, 10_000)),
        replace(PROJECT, plan=()),
        replace(PROJECT, purpose="按季支付保险费"),
        replace(PROJECT, project_name="劳务派遣", purpose="工资、保险"),
    ],
    ids=["no word", "own shares", "blank", "no plan", "by quarters", "wages"],
)
def test_other_plans_are_left_in_peace(project: Project) -> None:
    assert review(project, RULES) is None


def test_each_checkpoint_far_above_last_year_is_named() -> None:
    project = replace(PROJECT, project_name="维修费")
    past = replace(PAST, paid_by_month=paid(1249, 2499, 3750, 10_000))

    found = review(project, RULES, past)

    assert found is not None
    assert found.reasons == (
        AboveLastYear(2024, 3, 2500, 1249),
        AboveLastYear(2024, 6, 5000, 2499),
    )


def test_exactly_half_is_no_reason_and_one_fen_less_is() -> None:
    project = replace(PROJECT, project_name="维修费", plan=plan(None, 5000, None, 10_000))

    half = replace(PAST, budget_fen=10**10, paid_by_month=paid(0, 25 * 10**8, 0, 10**10))
    less = replace(half, paid_by_month=paid(0, 25 * 10**8 - 1, 0, 10**10))

    assert review(project, RULES, half) is None
    assert review(project, RULES, less) is not None


@pytest.mark.parametrize(
    "past",
    [
        replace(PAST, paid_by_month=paid(0, 0, 0, 0)),
        replace(PAST, paid_by_month=paid(0, 0, 0, 9000), budget_fen=None),
        replace(PAST, paid_by_month=paid(0, 0, 0, 9000), budget_fen=0),
        replace(PAST, paid_by_month=paid(0, 0, 0, 9000), known_months=2),
    ],
    ids=["nothing paid", "no budget", "budget of 0", "lists missing"],
)
def test_a_last_year_that_is_not_known_says_nothing(past: PastYear) -> None:
    assert review(replace(PROJECT, project_name="维修费"), RULES, past) is None


def test_last_years_project_is_found_by_code_before_name() -> None:
    same_name = replace(PAST, project_code="OLD")

    assert Past.of([same_name, PAST]).same(PROJECT) == PAST
    assert Past.of([same_name]).same(replace(PROJECT, project_name="车辆 保险")) == same_name


def test_two_projects_of_one_name_are_neither() -> None:
    past = Past.of([replace(PAST, project_code="A"), replace(PAST, project_code="B")])

    assert past.same(PROJECT) is None
    assert Past.of([replace(PAST, project_code="A", unit_code="1")]).same(PROJECT) is None


def test_shares_with_decimals_are_written_as_texts() -> None:
    table = {**TABLE, "boilerplate": {"shares": [["33.33", "66.67", 100]]}}

    assert PlanRules.from_toml(table).shares == {(3333, 6667, 10_000)}


def test_all_mistakes_of_the_rules_come_together() -> None:
    table = {
        "boilerplate": {"shares": [[50, 25, 100], [25, 0.5], "25", [50], []]},
        "one_off": {"words": ["", 1], "exceptions": "分期", "word": []},
        "last_year": {"below_percent": True},
        "lastyear": {},
    }

    with pytest.raises(ConfigError) as error:
        PlanRules.from_toml(table)

    message = str(error.value)
    assert message.count("boilerplate.shares 的") == 5
    for said in ("words", "exceptions", "one_off.word；", "below_percent", "lastyear"):
        assert said in message


def test_shares_that_are_no_list_are_a_mistake() -> None:
    with pytest.raises(ConfigError, match="几行比例"):
        PlanRules.from_toml({**TABLE, "boilerplate": {"shares": 25}})
