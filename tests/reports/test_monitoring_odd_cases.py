"""The monitoring form of other months, of refunds, and of payments above the budget."""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from typing import Any

import pytest

from monitor.domain.adjustment import Fund
from monitor.domain.calendar import CHINA
from monitor.domain.entry import Entry, Field, Form, Key
from monitor.domain.scoring_rules import ScoringRules
from monitor.ingest.shipped import shipped
from monitor.reports.assessment.drafting import draft
from monitor.reports.assessment.facts import FundFigures
from monitor.reports.assessment.fund_split import NO_COLUMN
from monitor.reports.monitoring.form import MonitoringForm, form
from monitor.reports.monitoring.settings import IndicatorColumn as Column
from monitor.reports.monitoring.settings import MonitoringRules
from tests.reports.conftest import MakeFacts, indicator, project
from tests.reports.test_monitoring_form import entries

RULES = MonitoringRules.from_toml(tomllib.loads(shipped("rules/monitoring.toml")))


@pytest.fixture
def filled(make_facts: MakeFacts, rules: ScoringRules) -> Any:
    def fill(month: int = 7, **changes: Any) -> MonitoringForm:
        facts = make_facts(**{"as_of": date(2025, 7, 31), "paid": 5_000_000} | changes)
        return form(facts, rules, RULES, RULES.profile("national"), month)

    return fill


def words(made: MonitoringForm, fund: int = 0) -> list[str]:
    return [cell.words for cell in made.funds[fund].cells]


def test_only_the_month_of_the_profile_has_its_month_of_filing(filled: Any) -> None:
    assert "，8月报送；" in filled().notices[0]
    assert "报送" not in filled(month=12, as_of=date(2025, 12, 31)).notices[0]


def test_where_refunds_outweigh_payments_nothing_is_reckoned_from_them(filled: Any) -> None:
    cost = indicator("产出指标", "成本指标", "总成本", "≤100000元")
    made = filled(paid=-20_000, of=project(indicators=(cost,)))

    *_, estimate = words(made)
    assert estimate == "待填（参考：没有净支出，无从推算）"
    [row] = [row for row in made.rows if row.item]
    assert row.likelihood is None
    assert all("确定能" not in text for text in made.remarks)
    assert all(cell.is_open for cell in row.cells[Column.LIKELIHOOD])


def test_more_paid_than_budgeted_is_questioned_beside_the_rate(filled: Any) -> None:
    assert "130.00% 系统测算 超过预算数，请核实" in words(filled(paid=13_000_000))
    assert "超过" not in "".join(words(filled(paid=10_000_000)))


def test_a_fund_that_no_list_holds_says_why_it_is_open(filled: Any) -> None:
    funds = (
        FundFigures(Fund.FISCAL, 8_000_000, 8_000_000, 5_000_000),
        FundFigures(Fund.CARRIED, 0, 0, 0),
        FundFigures(Fund.OTHER, 2_000_000, 2_000_000, None, because_paid="清单没有其他资金"),
    )
    assert "待填（清单没有其他资金）" in words(filled(funds=funds), 2)


def test_words_about_an_indicator_that_is_gone_are_told(filled: Any) -> None:
    said = entries({(Field.ACTUAL, "演出场次"): "7场"})
    gone = project(indicators=(indicator("产出指标", "数量指标", "下乡场次", "≥12场"),))

    [told] = [text for text in filled(of=gone, entries=said).notices if "已不在" in text]
    assert "“7场”（李四）" in told
    assert not [text for text in filled(entries=said).notices if "已不在" in text]


def test_what_a_person_says_of_other_funds_is_taken_off_where_lists_do_not_split(
    make_facts: MakeFacts, rules: ScoringRules
) -> None:
    funds = (
        FundFigures(Fund.FISCAL, 8_000_000, 8_000_000, 8_600_000),
        FundFigures(Fund.CARRIED, 0, 0, 0),
        FundFigures(Fund.OTHER, 2_000_000, 2_000_000, None, because_paid=NO_COLUMN),
    )
    key = Key(Form.SELF_ASSESSMENT, Field.OTHER_PAID)
    at = datetime(2026, 1, 5, 9, tzinfo=CHINA)
    said = {key: Entry(key, "16000.00", "", "李四", at, "李四")}
    before, after = (draft(make_facts(funds=funds, entries=given), rules) for given in ({}, said))

    assert [row.paid.text for row in before.funds] == ["8.60", "8.60", "0.00", "待填"]
    assert [row.paid.text for row in after.funds] == ["8.60", "7.00", "0.00", "1.60"]
    assert any("其他资金的执行数待填" in text for text in before.notices)
    assert not any("其他资金的执行数待填" in text or "不符" in text for text in after.notices)
