"""Execution, days, yes/no, levels, grades: each rule just below, at and above its thresholds."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.actual import Actual
from monitor.domain.money_note import money_note
from monitor.domain.scoring import band, execution, score
from monitor.domain.scoring_rules import Grade, Group, Level, ScoringRules
from monitor.domain.target_value import parse_target
from tests.domain.scoring_book import LOCAL, NATIONAL_2020, NATIONAL_2021, SETS, points, scored


@pytest.mark.parametrize(
    ("paid", "budget", "expected"),
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
def test_execution_points_follow_the_rate_up_to_their_weight(
    paid: int, budget: int, expected: str
) -> None:
    """D6, 财预〔2020〕10号: min(10, 10 × 全年执行数/全年预算数), two decimals."""
    assert str(execution(paid, budget, NATIONAL_2020).points) == expected


@pytest.mark.parametrize(("paid", "flagged"), [(8_999, True), (9_000, False)])
def test_a_rate_below_ninety_percent_needs_a_reason(paid: int, flagged: bool) -> None:
    """D6: a rate below 90 % needs a reason text."""
    assert bool(execution(paid, 10_000, NATIONAL_2020).flags) is flagged


def test_execution_says_its_arithmetic() -> None:
    steps = execution(86_000_000, 100_000_000, NATIONAL_2020).steps

    assert steps == ("执行率＝86.00/100.00＝86%", "得分＝10×86.00/100.00＝8.60")


def test_more_refunded_than_paid_has_no_points_and_the_true_rate_is_told() -> None:
    found = execution(-2_000_000, 10_000_000, NATIONAL_2020)

    assert found.points == Decimal("0.00")
    assert found.steps == (
        "执行率＝-2.00/10.00＝-20%，退款多于支付，按 0 计",
        "得分＝10×0＝0.00",
    )
    assert found.flags == ("执行率低于 90%，须说明原因",)


def test_a_budget_of_zero_has_no_points() -> None:
    found = execution(1, 0, NATIONAL_2020)

    assert found.points is None
    assert "没有全年预算数" in found.flags[0]


@pytest.mark.parametrize(
    ("paid", "expected"),
    [
        (9_500, "10.00"),
        (9_499, "9.00"),
        (9_000, "9.00"),
        (8_999, "7.00"),
        (6_000, "4.00"),
        (5_999, "0.00"),
    ],
)
def test_a_local_set_scores_the_execution_by_steps(paid: int, expected: str) -> None:
    """D6, curve as configured: rules/scoring/local.toml [execution] steps."""
    assert str(execution(paid, 10_000, LOCAL).points) == expected


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        ("2025年12月30日", "10.00"),
        ("2025年12月31日", "10.00"),
        ("2025-12", "10.00"),
        ("2025年11月", "10.00"),
    ],
)
def test_a_day_on_or_before_the_target_is_full(actual: str, expected: str) -> None:
    """D10 for days: a target day is met on or before it."""
    assert points("2025年12月31日前", actual) == expected


def test_a_late_day_is_for_a_person_by_the_2020_rules_and_nothing_by_direct_scoring() -> None:
    """D11 for what is missed and not measured; 财预〔2021〕101号: 直接赋分."""
    late = scored("2025年12月31日前", "2026年1月1日")

    assert (late.points, late.met, late.band) == (None, False, (Decimal("0.00"), Decimal("8.00")))
    assert points("2025年12月31日前", "2026年1月1日", rules=NATIONAL_2021) == "0.00"


@pytest.mark.parametrize(
    ("actual", "expected"),
    [("2026年1月1日", "9.90"), ("2026年1月10日", "9.00"), ("2026年12月31日", "0.00")],
)
def test_a_local_set_deducts_by_the_day(actual: str, expected: str) -> None:
    """Deduction rule of rules/scoring/local.toml [direct] late_percent_per_day."""
    assert points("2025年12月31日前", actual, rules=LOCAL) == expected


def test_a_month_around_the_target_day_does_not_decide() -> None:
    found = scored("2025年12月15日前", "2025年12月")

    assert (found.points, found.met) == (None, None)
    assert "没有写到日" in found.steps[0]


def test_yes_is_full_and_no_is_nothing_by_direct_scoring() -> None:
    """财预〔2021〕101号: 直接赋分 for yes/no."""
    assert points("是/否", "是", rules=NATIONAL_2021) == "10.00"
    assert points("是/否", "否", rules=NATIONAL_2021) == "0.00"


def test_no_is_for_a_person_by_the_2020_rules() -> None:
    """D11, 财预〔2020〕10号: what is not met lies below 80 %."""
    found = scored("是/否", "否")

    assert (found.points, found.met, found.band) == (
        None,
        False,
        (Decimal("0.00"), Decimal("8.00")),
    )
    assert points("是/否", "是") == "10.00"


@pytest.mark.parametrize(
    ("rules", "level", "expected"),
    [
        (NATIONAL_2020, Level.MET, ("8.00", "10.00")),
        (NATIONAL_2020, Level.PARTLY, ("6.00", "7.99")),
        (NATIONAL_2020, Level.MISSED, ("0.00", "5.99")),
        (LOCAL, Level.PARTLY, ("5.00", "7.99")),
        (LOCAL, Level.MISSED, ("0.00", "4.99")),
    ],
)
def test_a_level_gives_the_band_in_which_a_person_scores(
    rules: ScoringRules, level: Level, expected: tuple[str, str]
) -> None:
    """D11, 财预〔2020〕10号: 100–80 % (both in), under 80–60 % (60 in), under 60–0 %."""
    found = scored("进一步推动", level.label, rules=rules)

    assert found.points is None
    assert (
        found.band
        == (Decimal(expected[0]), Decimal(expected[1]))
        == band(level, Decimal(10), rules)
    )


def test_a_qualitative_answer_without_a_level_leaves_all_points_open() -> None:
    found = scored("进一步推动", "有明显提升")

    assert (found.points, found.band) == (None, (Decimal(0), Decimal(10)))
    assert "先定完成情况属于哪一档" in found.steps[0]


def test_what_cannot_be_compared_has_no_points_but_a_reason() -> None:
    found = scored("≥6次", "7场")

    assert found.points is None
    assert "单位“场”与指标值的“次”不同" in found.steps[0]


@pytest.mark.parametrize("target", ["≥6次", "2025年12月31日前", "是/否"])
def test_an_actual_value_of_another_kind_is_left_to_a_person(target: str) -> None:
    found = score(
        parse_target(target), Actual("另一种"), Decimal(10), NATIONAL_2021, group=Group.OUTPUT
    )

    assert (found.points, found.met, found.band) == (None, None, (Decimal(0), Decimal(10)))
    assert "另一种" in found.steps[0]


def test_a_yes_no_question_answered_in_part_has_the_band_of_its_level() -> None:
    """D11: 部分达成并具有一定效果, 80 to 60 %."""
    found = scored("是/否", "部分达成", rules=NATIONAL_2021)

    assert (found.points, found.band) == (None, (Decimal("6.00"), Decimal("7.99")))


def test_a_month_after_the_target_is_late_by_an_unknown_number_of_days() -> None:
    found = scored("2025年12月31日前", "2026年1月", rules=LOCAL)

    assert found.points is None
    assert "不能计算逾期天数" in found.steps[0]
    assert points("2025年12月31日前", "2026年1月", rules=NATIONAL_2021) == "0.00"


def test_a_row_without_a_target_has_no_points() -> None:
    found = scored("", "7次")

    assert (found.points, found.met) == (None, None)
    assert "没有指标值" in found.steps[0]


@given(st.lists(st.integers(-(10**9), 10**12), min_size=2, max_size=2), st.integers(1, 10**12))
def test_more_paid_never_earns_less(paid: list[int], budget: int) -> None:
    for rules in SETS.values():
        less, more = (execution(each, budget, rules).points for each in sorted(paid))
        assert less is not None
        assert more is not None
        assert 0 <= less <= more <= 10


@pytest.mark.parametrize(
    ("total", "grade"),
    [
        ("100", Grade.EXCELLENT),
        ("90", Grade.EXCELLENT),
        ("89.99", Grade.GOOD),
        ("80", Grade.GOOD),
        ("79.99", Grade.FAIR),
        ("60", Grade.FAIR),
        ("59.99", Grade.POOR),
        ("0", Grade.POOR),
    ],
)
def test_a_total_of_exactly_ninety_is_excellent(total: str, grade: Grade) -> None:
    """D13: ≥ 90 优, ≥ 80 良, ≥ 60 中, else 差."""
    assert NATIONAL_2020.grade(Decimal(total)) is grade


def test_grades_have_the_limits_of_their_set() -> None:
    assert LOCAL.grade(Decimal(75)).label == "良"
    assert NATIONAL_2020.grade(Decimal(75)).label == "中"


@pytest.mark.parametrize(
    ("earned", "paid", "said"),
    [
        ("75.6", 8_000, False),  # 0.84 is exactly 0.8 × 1.05
        ("75.61", 8_000, True),
        ("90", 9_600, False),
        ("90", 9_500, True),
        ("60", 7_999, True),
        ("60", 8_000, False),
    ],
)
def test_money_against_results_is_a_remark_beyond_its_limits(
    earned: str, paid: int, said: bool
) -> None:
    """D14: share of points over 5 % (relative) above the execution's, or over 20 % unspent."""
    note = money_note(Decimal(earned), Decimal(90), paid, 10_000, LOCAL)

    assert bool(note) is said


def test_money_against_results_is_off_by_default() -> None:
    """D14: off by default."""
    assert money_note(Decimal(90), Decimal(90), 0, 10_000, NATIONAL_2020) == ""


def test_each_points_say_rule_paper_and_arithmetic() -> None:
    found = scored("≥6次", "5次")

    assert found.rule == "定量指标（≥）：未达成按完成率计分"
    assert found.article == "财预〔2020〕10号"
    assert found.steps == (
        "完成率＝5/6＝83.3333%，未达到指标值",
        "得分＝10×5/6＝8.33",
    )
