"""rules/monitoring.toml: the forms that ship, a form of one's own, and all mistakes at once."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from monitor.domain.adjustment import Fund
from monitor.errors import ConfigError, UsageError
from monitor.ingest.shipped import shipped
from monitor.reports.monitoring.settings import FundColumn, IndicatorColumn, MonitoringRules


def table() -> dict[str, Any]:
    return tomllib.loads(shipped("rules/monitoring.toml"))


def mistakes(changed: dict[str, Any]) -> str:
    with pytest.raises(ConfigError) as caught:
        MonitoringRules.from_toml(changed)
    return str(caught.value)


def test_the_national_form_is_the_default_and_tells_of_july() -> None:
    """财预〔2019〕136号: 1–7月, filed in August."""
    national = MonitoringRules.from_toml(table()).profile()

    assert (national.name, national.month, national.filed_month) == ("national", 7, 8)
    assert national.title == "项目支出绩效目标执行监控表"
    assert [line.name for line in national.fund_lines] == [
        "年度资金总额",
        "其中：本年一般公共预算拨款",
        "　　　其他资金",
    ]
    assert FundColumn.ADJUSTED not in national.fund_columns


def test_hebei_tells_of_june_and_has_the_adjusted_budget() -> None:
    """冀财绩〔2022〕4号: 1–6月, filed in July, 《预算项目绩效监控情况表》."""
    hebei = MonitoringRules.from_toml(table()).profile("hebei")

    assert (hebei.month, hebei.filed_month, hebei.title) == (6, 7, "预算项目绩效监控情况表")
    assert FundColumn.ADJUSTED in hebei.fund_columns
    assert [set(line.funds) for line in hebei.fund_lines[1:]] == [{fund} for fund in Fund]


def test_headings_name_the_months_and_can_be_changed() -> None:
    changed = table()
    changed["profiles"][0]["titles"] = {"estimate": "{month}月预计全年数"}
    national = MonitoringRules.from_toml(changed).profile()

    assert national.heading(FundColumn.EXECUTED, 7) == "1–7月执行数"
    assert national.heading(IndicatorColumn.ACHIEVED, 1) == "1月执行情况"
    assert national.heading(FundColumn.ESTIMATE, 9) == "9月预计全年数"


def test_an_unknown_profile_is_refused_with_those_that_are_there() -> None:
    with pytest.raises(UsageError, match=r"没有名为“henan”的监控表.*national、hebei"):
        MonitoringRules.from_toml(table()).profile("henan")


def test_all_mistakes_come_in_one_message() -> None:
    changed = table()
    changed["default"] = "nowhere"
    changed["likelihood"] = {"sure_percent": 0}
    changed["extra"] = 1
    first, second = changed["profiles"]
    first |= {"month": 13, "fund_columns": ["initial", "initial"], "colour": "red"}
    first["fund_rows"] = [{"name": "总额", "funds": ["当年财政拨款"]}]
    second |= {"title": " ", "indicator_columns": [], "titles": {"nothing": "x"}}
    second["fund_rows"] = [{"name": "总额", "funds": ["别的"]}]

    said = mistakes(changed)

    for each in (
        "不认识 extra",
        "default 应为一节 [[profiles]] 的 name",
        "sure_percent，为 1 至 200 的整数",
        "第 1 节 [[profiles]] 里不认识 colour",
        "第 1 节 [[profiles]] 的 month 应为 1 至 12 的整数",
        "第 1 节 [[profiles]] 的 fund_columns 应从这些中选",
        "第 1 节 [[profiles]] 的 fund_rows 第一行是总额",
        "第 2 节 [[profiles]] 缺少 title",
        "第 2 节 [[profiles]] 的 indicator_columns 应从这些中选",
        "第 2 节 [[profiles]] 的 fund_rows 应写成",
        "第 2 节 [[profiles]] 的 titles 只能改这些列名",
    ):
        assert each in said


def test_a_name_that_stands_twice_and_profiles_of_another_kind_are_refused() -> None:
    doubled = table()
    doubled["profiles"][1]["name"] = "national"

    assert "profiles 的 name national 写了两次" in mistakes(doubled)
    assert "profiles 应写成若干节 [[profiles]]" in mistakes(table() | {"profiles": "national"})
