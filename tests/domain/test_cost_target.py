"""Which cost indicators payments can decide: those about the whole project's cost, no others."""

from __future__ import annotations

import pytest

from monitor.domain.cost_target import cost_cap_fen
from monitor.domain.money import MoneyUnit
from monitor.domain.target import Indicator, Project
from monitor.domain.target_value import parse_target
from monitor.errors import Place

BUDGET = 24_896_0000


def cap(
    level3: str,
    target: str,
    description: str = "",
    level2: str = "成本指标",
    fiscal_fen: int = BUDGET,
    in_force: int = BUDGET,
) -> int | None:
    project = Project(
        2025,
        "1",
        "单位",
        "2",
        "项目",
        MoneyUnit.YUAN,
        BUDGET,
        fiscal_fen,
        0,
        "",
        (),
        (),
        (),
        Place("x"),
    )
    value = parse_target(target)
    indicator = Indicator("产出指标", level2, level3, description or level3, target, value, "")
    return cost_cap_fen(indicator, project, in_force)


@pytest.mark.parametrize(
    ("level3", "target"),
    [
        ("当年项目支出", "≤248.96万元"),
        ("项目总成本", "248.96万元"),
        ("项目成本", "=2489600元"),
        ("控制在预算资金内", "是/否"),
        ("控制在预算金额内", "支出不超出预算"),
        ("不超出预算金额", "不超出预算金额"),
        ("项目支出", "控制在预算范围内"),
    ],
)
def test_a_limit_of_the_whole_cost_is_the_budget(level3: str, target: str) -> None:
    assert cap(level3, target) == BUDGET


@pytest.mark.parametrize(
    ("level3", "target"),
    [
        ("人均补助成本", "15元/人"),
        ("人均补助标准", "248.96万元"),
        ("设备购置成本", "≤100万元"),
        ("项目成本", "≥248.96万元"),
        ("项目成本", "<248.96万元"),
        ("预算控制数", "100%"),
        ("预算资金完成率", "≥95%"),
        ("会议费控制在预算内", "是/否"),
        ("每人成本控制在预算内", "是/否"),
        ("工资福利等发放标准", "是/否"),
        ("预算超支率不超过预算10%", "是/否"),
        ("控制在预算资金内", ""),
        ("", "是/否"),
        ("项目支出", "按要求支出"),
    ],
)
def test_a_part_a_price_a_ratio_or_vague_words_are_not_decided(level3: str, target: str) -> None:
    assert cap(level3, target) is None


def test_other_indicators_than_those_of_cost_are_not_decided() -> None:
    assert cap("控制在预算资金内", "是/否", level2="质量指标") is None
    assert cap("控制在预算资金内", "是/否", level2="生态环境成本指标") is None


def test_the_fiscal_funds_are_a_limit_only_where_they_are_the_whole_budget() -> None:
    words = ("项目控制预算数", "是/否", "不超过财政支持经费")

    assert cap(*words) == BUDGET
    assert cap(*words, fiscal_fen=BUDGET // 2) is None


def test_after_an_adjustment_words_mean_the_budget_in_force_and_a_sum_means_itself() -> None:
    assert cap("控制在预算资金内", "是/否", in_force=BUDGET + 1) == BUDGET + 1
    assert cap("项目成本", "≤248.96万元", in_force=BUDGET + 1) == BUDGET


def test_a_long_text_is_read_in_no_time() -> None:
    assert cap("控制数的项目预算" * 400 + "！", "是/否") is None
