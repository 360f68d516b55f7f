"""Points of the execution (D6) and weights of the indicators (D7)."""

from __future__ import annotations

import tomllib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.scoring import (
    Group,
    ScoringRules,
    execution_points,
    group_of,
    rule_weights,
    spread,
    stated_weights,
)
from monitor.domain.target import Indicator
from monitor.domain.target_value import parse_target
from monitor.errors import ConfigError
from monitor.ingest.shipped import shipped

RULES = ScoringRules.from_toml(tomllib.loads(shipped("rules/scoring.toml")))
LEVEL1 = ("产出指标", "效益指标", "满意度指标", "成本指标")


def indicator(level1: str, level2: str = "", weight: str | None = None) -> Indicator:
    points = None if weight is None else Decimal(weight)
    return Indicator(level1, level2, "三级", "", "是/否", parse_target("是/否"), "", points)


def weights(*level1: str) -> list[int]:
    found = rule_weights([indicator(each) for each in level1], RULES)
    assert found is not None
    return [int(weight) for weight in found]


@pytest.mark.parametrize(
    ("paid", "budget", "points"),
    [
        (8600, 10000, "8.60"),
        (10000, 10000, "10.00"),
        (12000, 10000, "10.00"),
        (0, 10000, "0.00"),
        (-500, 10000, "0.00"),
        (1, 3, "3.33"),
        (2, 3, "6.67"),
        (8655, 100_000, "0.87"),  # 0.8655: half up
        (10**17 - 1, 10**17, "10.00"),  # beyond what a float could tell
    ],
)
def test_execution_points_have_two_decimals_half_up(paid: int, budget: int, points: str) -> None:
    assert str(execution_points(paid, budget, 10)) == points


def test_a_budget_of_zero_has_no_points() -> None:
    with pytest.raises(ZeroDivisionError):
        execution_points(1, 0, 10)


@given(st.integers(0, 10**15), st.integers(1, 10**15))
def test_execution_points_never_leave_their_range(paid: int, budget: int) -> None:
    assert 0 <= execution_points(paid, budget, 10) <= 10


@given(st.lists(st.sampled_from(LEVEL1), min_size=1, max_size=120))
def test_all_weights_make_a_hundred_with_the_execution(level1: list[str]) -> None:
    assert sum(weights(*level1)) + RULES.execution_points == 100


@given(st.integers(0, 100), st.integers(1, 200))
def test_a_group_is_spread_as_evenly_as_whole_points_allow(points: int, count: int) -> None:
    parts = spread(points, count)

    assert sum(parts) == points
    assert max(parts) - min(parts) <= 1


@given(st.permutations(["产出指标"] * 7 + ["效益指标"] * 4 + ["满意度指标"]))
def test_a_group_keeps_its_weight_in_whatever_order_the_document_has_it(level1: list[str]) -> None:
    found = weights(*level1)

    assert sum(w for w, name in zip(found, level1, strict=True) if name == "产出指标") == 50


@pytest.mark.parametrize(
    ("level1", "expected"),
    [
        (("产出指标", "效益指标", "满意度指标"), [50, 30, 10]),
        (("产出指标", "效益指标"), [50, 40]),
        (("产出指标", "满意度指标"), [80, 10]),
        (("效益指标", "满意度指标"), [80, 10]),
        (("产出指标",), [90]),
        (("满意度指标",), [90]),
        (("成本指标", "产出指标", "效益指标", "满意度指标"), [20, 40, 20, 10]),
        (("成本指标", "产出指标"), [20, 70]),
        (("成本指标",), [90]),
        (("产出指标",) * 4 + ("效益指标",) * 4 + ("满意度指标",), [13, 13, 12, 12, 8, 8, 7, 7, 10]),
    ],
)
def test_an_absent_group_gives_its_weight_away(
    level1: tuple[str, ...], expected: list[int]
) -> None:
    assert weights(*level1) == expected


@pytest.mark.parametrize(
    ("level1", "level2", "group"),
    [
        ("产出指标", "成本指标", Group.OUTPUT),
        ("成本指标", "经济成本指标", Group.COST),
        ("效果指标", "", Group.BENEFIT),
        ("产出（含成本）", "", Group.OUTPUT),
        ("", "服务对象满意度指标", Group.SATISFACTION),
        ("", "可持续影响", Group.BENEFIT),
        ("管理指标", "过程指标", None),
    ],
)
def test_the_group_follows_level_1_and_else_level_2(
    level1: str, level2: str, group: Group | None
) -> None:
    assert group_of(indicator(level1, level2)) is group


def test_one_indicator_of_an_unknown_group_leaves_all_weights_open() -> None:
    assert rule_weights([indicator("产出指标"), indicator("管理指标")], RULES) is None


def test_the_documents_weights_hold_where_each_indicator_has_one() -> None:
    indicators = [indicator("产出指标", weight="62.5"), indicator("效益指标", weight="27.5")]

    assert stated_weights(indicators, RULES) == [Decimal("62.5"), Decimal("27.5")]


@pytest.mark.parametrize("second", [None, "50", "-10"])
def test_weights_that_lack_or_do_not_make_the_whole_are_not_taken(second: str | None) -> None:
    first = "100" if second == "-10" else "50"
    indicators = [indicator("产出指标", weight=first), indicator("效益指标", weight=second)]

    assert stated_weights(indicators, RULES) is None


def test_all_mistakes_of_a_rule_set_come_together() -> None:
    text = """
        name = ""
        extra = 1
        [execution]
        points = "10"
        reason_below_percent = 90
        [weights]
        output = 50
        benefit = 30
        satisfaction = true
        [weights_with_cost]
        cost = 20
        output = 40
        benefit = 20
        satisfaction = 11
    """
    with pytest.raises(ConfigError) as caught:
        ScoringRules.from_toml(tomllib.loads(text))

    for words in (
        "不认识 extra",
        "name 应为",
        "execution.points 应为",
        "weights.satisfaction 应为",
    ):
        assert words in str(caught.value)


def test_weights_that_do_not_make_a_hundred_are_refused_with_their_sum() -> None:
    table = tomllib.loads(shipped("rules/scoring.toml").replace("benefit = 30", "benefit = 31"))

    with pytest.raises(ConfigError, match=r"weights 与 execution\.points 合计为 101，应为 100"):
        ScoringRules.from_toml(table)
