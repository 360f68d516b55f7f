"""The weights of the indicators (D7; 财预〔2020〕10号, with cost 财预〔2021〕101号)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.scoring_rules import Group, ScoringRules
from monitor.domain.target import Indicator
from monitor.domain.target_value import parse_target
from monitor.domain.weights import group_of, spread, weigh
from tests.domain.scoring_book import LOCAL, NATIONAL_2020, NATIONAL_2021

LEVEL1 = ("产出指标", "效益指标", "满意度指标", "成本指标")


def indicator(level1: str, level2: str = "", weight: str | None = None) -> Indicator:
    points = None if weight is None else Decimal(weight)
    return Indicator(level1, level2, "三级", "", "是/否", parse_target("是/否"), "", points)


def weights(*level1: str) -> list[int]:
    found = weigh([indicator(each) for each in level1], NATIONAL_2020).weights
    assert found is not None
    return [int(weight) for weight in found]


@given(
    st.lists(st.sampled_from(LEVEL1), min_size=1, max_size=120),
    st.sampled_from([NATIONAL_2020, NATIONAL_2021, LOCAL]),
)
def test_all_weights_make_a_hundred_with_the_execution(
    level1: list[str], rules: ScoringRules
) -> None:
    """D7: 预算执行率 and the indicators make 100, in whole points."""
    weighing = weigh([indicator(each) for each in level1], rules)

    assert weighing.weights is not None
    assert sum(weighing.weights) + 10 == 100
    assert all(weight == int(weight) >= 0 for weight in weighing.weights)
    assert weighing.assigned == (True,) * len(level1)


@given(st.integers(0, 100), st.integers(1, 200))
def test_a_group_is_spread_as_evenly_as_whole_points_allow(points: int, count: int) -> None:
    """D7: whole points, by the largest remainder."""
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
    """D7: 满意度 → 效益, 效益 → 产出, 产出 → 效益; 成本 20, 产出 40, 效益 20 by 101号."""
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


def test_where_no_group_has_indicators_nobody_can_take_the_points() -> None:
    with pytest.raises(ValueError, match="no group"):
        NATIONAL_2020.group_weights(frozenset())


def test_one_indicator_of_an_unknown_group_leaves_all_weights_open() -> None:
    weighing = weigh([indicator("产出指标"), indicator("管理指标")], NATIONAL_2020)

    assert weighing.weights is None
    assert "管理指标" in weighing.remarks[0]


def test_the_documents_weights_hold_where_each_indicator_has_one() -> None:
    """D7: weights from the document where it has them."""
    indicators = [indicator("产出指标", weight="62.5"), indicator("管理指标", weight="27.5")]

    weighing = weigh(indicators, NATIONAL_2020)

    assert weighing.weights == (Decimal("62.5"), Decimal("27.5"))
    assert weighing.from_document
    assert weighing.assigned == (False, False)


@pytest.mark.parametrize("second", ["50", "-10"])
def test_weights_that_do_not_make_the_whole_are_not_taken_and_it_is_said(second: str) -> None:
    first = "100" if second == "-10" else "50"
    indicators = [indicator("产出指标", weight=first), indicator("效益指标", weight=second)]

    weighing = weigh(indicators, NATIONAL_2020)

    assert list(weighing.weights or ()) == [50, 40]
    assert weighing.assigned == (True, True)
    assert "未采用" in weighing.remarks[0]


def test_where_only_some_have_a_weight_the_others_share_what_their_group_has_left() -> None:
    indicators = [
        indicator("产出指标", weight="20"),
        indicator("产出指标"),
        indicator("产出指标"),
        indicator("效益指标", weight="30"),
        indicator("满意度指标"),
    ]

    weighing = weigh(indicators, NATIONAL_2020)

    assert list(weighing.weights or ()) == [20, 15, 15, 30, 10]
    assert weighing.assigned == (False, True, True, False, True)
    assert not weighing.from_document
    assert "2 个指标的分值，照用" in weighing.remarks[0]


@pytest.mark.parametrize(
    ("first", "benefit"),
    [
        ("50", None),  # nothing left for the second output indicator
        ("49.5", None),  # half a point left
        ("20", "25"),  # the benefit group would keep 5 points to itself
    ],
)
def test_where_the_rest_does_not_fit_all_weights_are_assigned(
    first: str, benefit: str | None
) -> None:
    indicators = [
        indicator("产出指标", weight=first),
        indicator("产出指标"),
        indicator("效益指标", weight=benefit),
        indicator("满意度指标"),
    ]

    weighing = weigh(indicators, NATIONAL_2020)

    assert list(weighing.weights or ()) == [25, 25, 30, 10]
    assert weighing.assigned == (True,) * 4
    assert "未采用" in weighing.remarks[0]


def test_a_project_without_indicators_has_no_weights() -> None:
    assert weigh([], NATIONAL_2020).weights is None
