"""What people write as 实际完成值: exact where it is beyond doubt, else said, never guessed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.actual import Actual, parse_actual
from monitor.domain.scoring_rules import Level
from monitor.domain.target_value import parse_target


def read(target: str, text: str) -> Actual:
    actual = parse_actual(text, parse_target(target))
    assert actual is not None
    return actual


@pytest.mark.parametrize(
    ("target", "text", "number"),
    [
        ("≥95%", "95%", "95"),
        ("≥95%", "95％", "95"),
        ("≥95%", "98.5百分比", "98.5"),
        ("≥95%", "百分之九十六", "96"),
        ("≥95%", "已达到96%。", "96"),
        ("≥95%", "100", "100"),
        ("≥95%", "0", "0"),
        ("≥95%", "-3%", "-3"),
        ("≥6次数", "12次", "12"),
        ("≥6次", "完成12次", "12"),
        ("≥6次", "12", "12"),
        ("≥6", "7次", "7"),
        ("≥1000人次", "1,200人次", "1200"),
        ("≥1000人次", "0.12万人次", "1200"),
        ("≤248.96万元", "2489600元", "248.96"),
        ("≤248.96万元", "0.024896亿元", "248.96"),
        ("≤15元/人", "0.0015万元/人", "15"),
        ("≤180天数", "170日", "170"),
        ("≥100平方米", "120㎡", "120"),
        ("≥3千米", "3500米", "3.5"),
        ("≥3个乡镇", "4个乡镇", "4"),
    ],
)
def test_a_figure_is_read_in_the_unit_of_its_target(target: str, text: str, number: str) -> None:
    actual = read(target, text)

    assert actual.doubt == ""
    assert actual.number == Decimal(number)


@pytest.mark.parametrize(
    ("target", "text", "why"),
    [
        ("≥95%", "0.95", "可能是 0.95%，也可能是 95%"),
        ("≥95%", "1", "可能是 1%，也可能是 100%"),
        ("≥95%", "1.05", "请写明百分号"),
        ("≥95", "96%", "指标值没有单位"),
        ("≥6次", "7场", "单位“场”与指标值的“次”不同"),
        ("≥6次", "90%", "单位“%”与指标值的“次”不同"),
        ("≥6人", "7人次", "单位“人次”"),
        ("≤7工作日", "5天", "单位“天”"),
        ("≥95%", "95%以上", "不带"),
        ("≥95%", "≥95%", "不带"),
        ("≥95%", "90%-95%", "不是一个范围"),
        ("≥95%", "约95%", "读不出数"),
        ("≥6次", "已完成", "读不出数"),
        ("≥6次", "详见附件" * 60, "一段文字"),
        ("≥6次", "９" * 300, "一段文字"),
    ],
)
def test_a_figure_in_doubt_is_refused_with_the_reason(target: str, text: str, why: str) -> None:
    actual = read(target, text)

    assert actual.number is None
    assert why in actual.doubt


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2025年11月30日", date(2025, 11, 30), date(2025, 11, 30)),
        ("2025-11-30", date(2025, 11, 30), date(2025, 11, 30)),
        ("2025.11.30", date(2025, 11, 30), date(2025, 11, 30)),
        ("20251130", date(2025, 11, 30), date(2025, 11, 30)),
        ("2025-11-30 00:00:00", date(2025, 11, 30), date(2025, 11, 30)),
        ("2025年11月30日完成", date(2025, 11, 30), date(2025, 11, 30)),
        ("已于2025年11月30日完成", date(2025, 11, 30), date(2025, 11, 30)),
        ("2025-11", date(2025, 11, 1), date(2025, 11, 30)),
        ("2025年11月", date(2025, 11, 1), date(2025, 11, 30)),
        ("2025年11月30日前", None, date(2025, 11, 30)),
    ],
)
def test_a_day_is_read_and_a_month_is_all_its_days(
    text: str, first: date | None, last: date
) -> None:
    actual = read("2025年12月31日前", text)

    assert (actual.since, actual.date, actual.doubt) == (first, last, "")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("11月30日", "没有写年份"),
        ("已完成", "请写完成的日期"),
        ("2025-13", "没有这个月份"),
        ("2025年2月30日", "读不出日期"),
        ("年底", "读不出日期"),
    ],
)
def test_a_day_in_doubt_is_refused_with_the_reason(text: str, why: str) -> None:
    actual = read("2025年12月31日前", text)

    assert actual.date is None
    assert why in actual.doubt


@pytest.mark.parametrize(
    ("text", "answer"),
    [("是", True), ("已完成", True), ("√", True), ("否", False), ("未完成", False)],
)
def test_a_yes_no_question_is_answered_by_words(text: str, answer: bool) -> None:
    assert read("是/否", text).answer is answer


def test_another_word_for_a_yes_no_question_is_refused() -> None:
    assert read("是/否", "基本完成").answer is None
    assert "应答“是”或“否”" in read("是/否", "基本完成").doubt


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("达成年度指标", Level.MET),
        ("部分达成并具有一定效果", Level.PARTLY),
        ("部分达成年度指标并具有一定效果", Level.PARTLY),
        ("未达成且效果较差", Level.MISSED),
        ("未达成年度指标且效果较差", Level.MISSED),
        ("完成", Level.MET),
        ("否", Level.MISSED),
        ("有明显提升", None),
    ],
)
def test_a_qualitative_target_is_answered_by_one_of_three_levels(
    text: str, level: Level | None
) -> None:
    """D11, 财预〔2020〕10号: 三档."""
    assert read("进一步推动", text).level is level


def test_blank_text_is_nothing() -> None:
    assert parse_actual(" \n　", parse_target("≥95%")) is None


@given(
    st.text(max_size=80),
    st.sampled_from(["≥95%", "≤3万元", "1-2次", "2025年底", "是/否", "推动", "", "满意"]),
)
def test_no_text_breaks_the_reader(text: str, target: str) -> None:
    actual = parse_actual(text, parse_target(target))

    assert actual is None or actual.text == " ".join(text.split())
