"""Quantitative indicators: each rule just below, at and above its thresholds."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.actual import Actual
from monitor.domain.scoring import score
from monitor.domain.scoring_rules import Group
from monitor.domain.target_value import TargetValue, ValueKind
from tests.domain.scoring_book import LOCAL, NATIONAL_2021, SETS, points, scored

SAT = Group.SATISFACTION


@pytest.mark.parametrize(
    ("target", "actual", "expected", "met"),
    [
        ("≥95%", "95%", "10.00", True),
        ("≥95%", "94.99%", "10.00", False),  # 9.9989
        ("≥95%", "94%", "9.89", False),
        ("≥95%", "100%", "10.00", True),
        ("≥6次", "5次", "8.33", False),
        ("≥6次", "0次", "0.00", False),
        ("≥5%", "-1%", "0.00", False),
        (">6次", "6次", "10.00", False),
        (">6次", "7次", "10.00", True),
        (">0次", "0次", "0.00", False),
        ("≥0次", "0次", "10.00", True),
    ],
)
def test_at_least_is_full_when_met_and_in_proportion_below(
    target: str, actual: str, expected: str, met: bool
) -> None:
    """D8, 财预〔2020〕10号: 未完成指标值的，按照完成值与指标值的比例计分."""
    found = scored(target, actual)

    assert (str(found.points), found.met) == (expected, met)


@pytest.mark.parametrize(
    ("actual", "expected", "met"),
    [
        ("100万元", "10.00", True),
        ("1000000元", "10.00", True),
        ("100.01万元", "10.00", False),  # 9.999
        ("101万元", "9.90", False),
        ("150万元", "5.00", False),
        ("199万元", "0.10", False),
        ("200万元", "0.00", False),
        ("300万元", "0.00", False),
    ],
)
def test_at_most_loses_by_the_excess_and_is_nothing_from_twice_on(
    actual: str, expected: str, met: bool
) -> None:
    """D9: (1 − (actual − target)/target) × weight, 0 from twice the target on."""
    found = scored("≤100万元", actual)

    assert (str(found.points), found.met) == (expected, met)


@pytest.mark.parametrize(
    ("actual", "expected"), [("100元", "10.00"), ("150元", "6.67"), ("200元", "5.00")]
)
def test_a_local_set_scores_at_most_by_target_over_actual(actual: str, expected: str) -> None:
    """D9, variant target/actual × weight: rules/scoring/local.toml [quantitative] at_most."""
    assert points("≤100元", actual, rules=LOCAL) == expected


@pytest.mark.parametrize(
    ("target", "actual", "expected"),
    [
        ("10人数", "10人", "10.00"),
        ("10人数", "9人", "9.00"),
        ("10人数", "11人", "10.00"),
        ("0次", "0次", "10.00"),
        ("0次", "1次", "0.00"),
        ("≤0次", "0次", "10.00"),
        ("≤0次", "1次", "0.00"),
    ],
)
def test_equal_is_scored_as_at_least_and_a_target_of_zero_is_all_or_nothing(
    target: str, actual: str, expected: str
) -> None:
    """D10: as ≥; target 0: actual 0 full, else 0."""
    assert points(target, actual) == expected


@pytest.mark.parametrize(
    ("actual", "expected"),
    [("3次", "7.50"), ("4次", "10.00"), ("5次", "10.00"), ("6次", "8.00"), ("10次", "0.00")],
)
def test_a_range_is_full_inside_and_follows_its_nearer_end_outside(
    actual: str, expected: str
) -> None:
    """D8 below the lower end, D9 above the upper one."""
    assert points("4-5次", actual) == expected


def test_a_negative_target_that_is_missed_has_no_proportion() -> None:
    found = scored("≥-5%", "-6%")

    assert found.points is None
    assert found.band == (Decimal(0), Decimal(10))
    assert points("≥-5%", "-5%") == "10.00"


@pytest.mark.parametrize(
    ("actual", "flagged"), [("129次", False), ("130次", False), ("131次", True)]
)
def test_far_above_the_target_is_full_and_must_be_explained(actual: str, flagged: bool) -> None:
    """D12: full points; above 130 % flagged for explanation, nothing deducted by itself."""
    found = scored("≥100次", actual)

    assert str(found.points) == "10.00"
    assert any("须说明原因" in flag for flag in found.flags) is flagged


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        ("130次", "10.00"),
        ("140次", "9.80"),
        ("180次", "9.00"),
        ("230次", "8.00"),
        ("999次", "8.00"),
    ],
)
def test_a_local_set_deducts_for_what_is_far_above_the_target(actual: str, expected: str) -> None:
    """D12, deduction as configured (按照偏离度适度调减): rules/scoring/local.toml [over]."""
    assert points("≥100次", actual, rules=LOCAL) == expected


@pytest.mark.parametrize(
    ("actual", "expected"), [("59次", "0.00"), ("60次", "6.00"), ("61次", "6.10")]
)
def test_below_the_pass_mark_nothing_counts(actual: str, expected: str) -> None:
    """财预〔2021〕101号, 及格门槛: a share below 60 % counts nothing."""
    assert points("≥100次", actual, rules=NATIONAL_2021) == expected
    assert points("≥100次", "59次") == "5.90"


@pytest.mark.parametrize(
    ("target", "actual", "expected"),
    [
        ("≥95%", "90%", "10.00"),
        ("≥95%", "89.99%", "10.00"),  # 9.9989
        ("≥95%", "81%", "9.00"),
        ("≥95%", "60%", "6.67"),
        ("≥95%", "59.99%", "0.00"),
        ("≥85%", "85%", "10.00"),
    ],
)
def test_satisfaction_is_scored_by_bands(target: str, actual: str, expected: str) -> None:
    """财预〔2021〕101号: satisfaction ≥ 90 % full, < 60 % none."""
    assert points(target, actual, rules=NATIONAL_2021, group=SAT) == expected


def test_satisfaction_that_earns_all_but_misses_its_target_is_not_met() -> None:
    assert scored("≥95%", "92%", rules=NATIONAL_2021, group=SAT).met is False


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        ("90%", "10.00"),
        ("89%", "8.00"),
        ("80%", "8.00"),
        ("79%", "6.00"),
        ("60%", "6.00"),
        ("59%", "0.00"),
    ],
)
def test_a_local_set_has_steps_between_the_bands_of_satisfaction(
    actual: str, expected: str
) -> None:
    """rules/scoring/local.toml [satisfaction] steps."""
    assert points("≥95%", actual, rules=LOCAL, group=SAT) == expected


def test_by_the_2020_rules_satisfaction_is_a_number_like_others() -> None:
    """D8, 财预〔2020〕10号."""
    assert points("≥95%", "57%", group=SAT) == "6.00"


def test_a_negative_limit_that_is_exceeded_has_no_proportion() -> None:
    assert points("≤-5%", "-5%") == "10.00"
    assert scored("≤-5%", "-4%").points is None


def test_points_are_rounded_once_at_the_end_half_up() -> None:
    """D8: two decimals; 7.5 × 2/3 = 5, and 1 × 0.125 = 0.125 → 0.13."""
    assert points("≥3次", "2次", "7.5") == "5.00"
    assert points("≥1000次", "125次", "1") == "0.13"


WEIGHTS = st.decimals(0, 100, places=1)
FIGURES = st.decimals(0, 10**6, places=2)


def value(comparison: str, number: Decimal) -> TargetValue:
    return TargetValue(ValueKind.NUMBER, comparison, number, unit="%")


@given(
    st.sampled_from(["≥", "≤", "=", ">", "<"]),
    FIGURES,
    FIGURES,
    WEIGHTS,
    st.sampled_from(sorted(SETS)),
    st.sampled_from(Group),
)
def test_points_never_leave_zero_to_the_weight(
    sign: str, target: Decimal, done: Decimal, weight: Decimal, key: str, group: Group
) -> None:
    found = score(value(sign, target), Actual("", done), weight, SETS[key], group=group)

    assert found.points is not None
    assert 0 <= found.points <= weight


@given(
    st.sampled_from(["≥", "≤", "=", ">", "<"]),
    st.decimals("0.01", 10**6, places=2),
    st.lists(FIGURES, min_size=2, max_size=2),
    WEIGHTS,
    st.sampled_from(["national-2020", "national-2021"]),
    st.sampled_from(Group),
)
def test_a_better_figure_never_earns_less(
    sign: str, target: Decimal, done: list[Decimal], weight: Decimal, key: str, group: Group
) -> None:
    better, worse = sorted(done, reverse=sign not in ("≤", "<"))
    more, less = (
        score(value(sign, target), Actual("", each), weight, SETS[key], group=group).points
        for each in (better, worse)
    )

    assert more is not None
    assert less is not None
    assert more >= less
