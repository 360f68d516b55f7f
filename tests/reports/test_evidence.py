"""What payments and answers show of an indicator, and what they never decide."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from monitor.domain.entry import Entry, Field, Form, Key, items
from monitor.domain.money_words import MoneyWords
from monitor.domain.scoring_rules import ScoringRules
from monitor.domain.target import Indicator
from monitor.domain.target_value import parse_target
from monitor.domain.warning import Acknowledgement
from monitor.ingest.shipped import shipped
from monitor.reports.assessment.draft import IndicatorRow, Mark
from monitor.reports.assessment.drafting import draft
from monitor.reports.assessment.evidence_money import asks_for_lines
from monitor.reports.assessment.facts import PaidLine, ProjectFacts

Make = Callable[..., ProjectFacts]
RowOf = Callable[..., IndicatorRow]

WORDS = MoneyWords.from_toml(tomllib.loads(shipped("rules/funds.toml")))
AT = datetime(2025, 8, 5, 8, tzinfo=UTC)


def indicator(level2: str, level3: str, target: str, description: str = "") -> Indicator:
    value = parse_target(target)
    return Indicator("产出指标", level2, level3, description or level3, target, value, "")


def line(day: date, fen: int, purpose: str = "") -> PaidLine:
    return PaidLine(day, fen, purpose, "清单.csv", 5)


def answer(text: str) -> Acknowledgement:
    return Acknowledgement("其他", text, "继续执行", "", None, "王五", AT, "王五")


def reported(of: Indicator, value: str, period: str = "07") -> dict[Key, Entry]:
    key = Key(Form.MONITORING, Field.ACTUAL, items((of,))[0], period)
    return {key: Entry(key, value, "", "张三", AT, "张三")}


@pytest.fixture
def row_of(make_facts: Make, rules: ScoringRules) -> RowOf:
    """The row of a project's only indicator, of 90 points."""

    def made(only: Indicator, **changes: Any) -> IndicatorRow:
        of = replace(make_facts().project, indicators=(only,))
        form = draft(make_facts(of=of, words=WORDS, **changes), rules)
        return next(row for row in form.indicators if row.item)

    return made


MARCH, NOVEMBER = date(2025, 3, 5), date(2025, 11, 20)
PRINTING = indicator("成本指标", "印刷费", "≤5万元")


def test_a_cost_of_a_part_is_held_against_the_payments_that_name_it(row_of: RowOf) -> None:
    paid = (
        line(MARCH, 3_000_000, "宣传册印制"),
        line(NOVEMBER, 1_800_000, "支付印刷费"),
        line(NOVEMBER, 3_800_000, "演出服装"),
    )
    row = row_of(PRINTING, lines=paid)

    assert (row.actual.text, row.actual.mark) == ("4.80万元", Mark.COMPUTED)
    assert "支付 2 笔，合计 4.80 万元（宣传册印制、支付印刷费）" in row.actual.note
    assert row.points.words == "90 系统测算"


def test_a_part_that_costs_more_than_its_limit_is_left_open(row_of: RowOf) -> None:
    row = row_of(PRINTING, lines=(line(MARCH, 5_000_001, "印刷"),))

    assert row.actual.is_open
    assert "合计 5.000001 万元（印刷），超出 0.000001 万元，请核实" in row.actual.note
    assert row.points.is_open


def test_payments_without_a_purpose_leave_the_points_of_a_part_open(row_of: RowOf) -> None:
    row = row_of(PRINTING, lines=(line(MARCH, 100, "印刷"), line(MARCH, 100)))

    assert row.actual.text == "0.0001万元"
    assert "另有 1 笔支付没有用途" in row.actual.note
    assert row.points.is_open


def test_a_part_that_no_purpose_names_is_left_open(row_of: RowOf) -> None:
    row = row_of(PRINTING, lines=(line(MARCH, 100, "演出"),))

    assert row.actual.is_open
    assert "没有用途含“印刷”“印制”“排版”的支付，印刷费请据实填写" in row.actual.note


def test_a_fee_that_is_not_configured_goes_by_its_own_name(row_of: RowOf) -> None:
    stage = indicator("成本指标", "舞台搭建费用", "≤2万元")
    row = row_of(stage, lines=(line(MARCH, 1_500_000, "舞台搭建尾款"),))

    assert row.actual.text == "1.50万元"


@pytest.mark.parametrize(
    "only",
    [
        indicator("成本指标", "人均印刷费", "≤5元"),
        indicator("成本指标", "项目经费", "≤5万元"),
        indicator("成本指标", "印刷费", "≥5万元"),
        indicator("成本指标", "印刷费执行率", "≤95%"),
        indicator("数量指标", "印刷费", "≤5万元"),
    ],
)
def test_prices_ratios_and_whole_projects_are_no_part(make_facts: Make, only: Indicator) -> None:
    assert not asks_for_lines(replace(make_facts().project, indicators=(only,)), WORDS)


BY_NOVEMBER = indicator("时效指标", "补助资金发放", "2025年11月底前支付")


def test_a_day_of_payment_is_held_against_the_last_payment(row_of: RowOf) -> None:
    paid = (line(MARCH, 4_000_000), line(NOVEMBER, 6_000_000))
    row = row_of(BY_NOVEMBER, paid=10_000_000, lines=paid)

    assert row.actual.text == "2025年11月20日"
    assert row.actual.note == "最后一笔支付2025年11月20日，累计10.00万元"
    assert row.points.words == "90 系统测算"


def test_while_money_is_left_the_day_is_shown_without_points(row_of: RowOf) -> None:
    row = row_of(BY_NOVEMBER, paid=4_000_000, lines=(line(MARCH, 4_000_000),))

    assert row.actual.text == "2025年3月5日"
    assert "全年预算尚余6.00万元，请确认是否已付清" in row.actual.note
    assert row.points.is_open


def test_a_payment_after_the_day_leaves_the_cell_open(row_of: RowOf) -> None:
    paid = (line(MARCH, 4_000_000), line(date(2025, 12, 1), 6_000_000))
    row = row_of(BY_NOVEMBER, paid=10_000_000, lines=paid)

    assert row.actual.is_open
    assert "其中 2025年11月30日 以后 1 笔、6.00万元" in row.actual.note


def test_a_refund_is_no_last_payment(row_of: RowOf) -> None:
    paid = (line(MARCH, 10_000_000), line(date(2025, 12, 1), -5))
    row = row_of(BY_NOVEMBER, paid=10_000_000, lines=paid)

    assert row.actual.text == "2025年3月5日"


@pytest.mark.parametrize("target", ["100%", "≥95%", "是/否"])
def test_payments_stand_beside_a_timeliness_indicator_and_never_in_it(
    row_of: RowOf, target: str
) -> None:
    row = row_of(indicator("时效指标", "资金支付及时率", target), paid=8_600_000)

    assert row.actual.words == "待填"
    assert row.points.is_open
    assert row.evidence.mark is Mark.COMPUTED
    assert (
        "支付明细：1 笔，最后一笔2025年6月20日，累计3月底 0.00%、6月底 86.00%" in row.evidence.text
    )


ASKED = indicator("质量指标", "设备安装验收", "是/否")


def test_a_yes_of_the_monitoring_form_is_the_answer_to_be_confirmed(row_of: RowOf) -> None:
    row = row_of(ASKED, entries=reported(ASKED, "已完成"))

    assert (row.actual.text, row.actual.mark) == ("是", Mark.COMPUTED)
    assert row.actual.note == "1至7月监控表填报“已完成”（张三，2025年8月5日）"
    assert row.points.words == "90 系统测算"


@pytest.mark.parametrize("said", ["否", "预计完成", "进行中"])
def test_any_other_word_of_the_monitoring_form_only_stands_beside(row_of: RowOf, said: str) -> None:
    row = row_of(ASKED, entries=reported(ASKED, said))

    assert row.actual.is_open
    assert f"监控表填报“{said}”" in row.evidence.text


@pytest.mark.parametrize(
    ("text", "is_said"),
    [
        ("发票缺失。设备安装验收已完成，待付款", True),
        ("设备安装验收已按期完成", True),
        ("设备安装验收尚未完成", False),
        ("设备安装验收预计6月完成", False),
        ("设备采购已完成", False),
        ("设备安装验收", False),
    ],
)
def test_an_answer_to_a_warning_counts_only_where_it_really_says_it(
    row_of: RowOf, text: str, is_said: bool
) -> None:
    row = row_of(ASKED, explanations=(answer(text),))

    assert (row.actual.text == "是") is is_said
    assert ("（王五，2025年8月5日）" in row.actual.note) is is_said


def test_answers_are_the_draft_of_the_reason_where_money_or_time_is_missed(row_of: RowOf) -> None:
    late = indicator("时效指标", "完成率", "100%")
    [item] = items((late,))
    key = Key(Form.SELF_ASSESSMENT, Field.ACTUAL, item)
    written = {key: Entry(key, "80%", "", "张三", AT, "张三")}
    row = row_of(late, entries=written, explanations=(answer("等天气"),))

    assert row.reason.mark is Mark.PROPOSED
    assert row.reason.text == "偏差说明（2025年8月5日，王五）：其他；等天气；继续执行。"
