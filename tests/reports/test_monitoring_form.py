"""The monitoring form of hand-made facts, cell by cell (domain notes, section 1c)."""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
from docx import Document

from monitor.domain.adjustment import Fund
from monitor.domain.calendar import CHINA
from monitor.domain.entry import Entry, Field, Form, Key, items
from monitor.domain.scoring_rules import ScoringRules
from monitor.domain.warning import Acknowledgement
from monitor.ingest.shipped import shipped
from monitor.reports.assessment.draft import Mark
from monitor.reports.assessment.facts import FundFigures, ProjectFacts
from monitor.reports.monitoring.form import MonitoringForm, form
from monitor.reports.monitoring.layout import paper
from monitor.reports.monitoring.rows import TICK, MonitoredRow
from monitor.reports.monitoring.settings import IndicatorColumn as Column
from monitor.reports.monitoring.settings import MonitoringRules
from monitor.reports.paper.blocks import grid, tables
from monitor.reports.paper.docx import docx
from tests.reports.conftest import MakeFacts, project

JULY = date(2025, 7, 31)
RULES = MonitoringRules.from_toml(tomllib.loads(shipped("rules/monitoring.toml")))
SHOWS, COST = project().indicators


def entries(said: dict[tuple[Field, str], str], period: str = "07") -> dict[Key, Entry]:
    """What a person wrote into the form of a month: by field and the indicator's name."""
    at = datetime(2025, 8, 5, 9, tzinfo=CHINA)
    names = dict(zip((SHOWS.level3, COST.level3), items((SHOWS, COST)), strict=True))
    keys = (Key(Form.MONITORING, f, names.get(name, ""), period) for f, name in said)
    return {
        key: Entry(key, text, "", "李四", at, "李四")
        for key, text in zip(keys, said.values(), strict=True)
    }


def answer(cause: str, measure: str = "") -> Acknowledgement:
    at = datetime(2025, 7, 10, tzinfo=CHINA)
    return Acknowledgement(cause, "", "继续执行", measure, date(2025, 9, 30), "张三", at, "张三")


@pytest.fixture
def filled(make_facts: MakeFacts, rules: ScoringRules) -> Any:
    """The form of July by the national profile, of these facts."""

    def fill(profile: str = "national", month: int = 7, **changes: Any) -> MonitoringForm:
        facts: ProjectFacts = make_facts(**{"as_of": JULY, "paid": 5_000_000} | changes)
        return form(facts, rules, RULES, RULES.profile(profile), month)

    return fill


def row(made: MonitoringForm, name: str) -> MonitoredRow:
    [found] = [each for each in made.rows if each.level3.text == name]
    return found


def texts(made: MonitoringForm, name: str, column: Column) -> list[str]:
    return [cell.words for cell in row(made, name).cells[column]]


def test_money_is_that_of_the_month_end_and_the_estimate_is_a_persons(filled: Any) -> None:
    made = filled()

    assert [[c.words for c in each.cells] for each in made.funds] == [
        [
            "10.00",
            "5.00 系统测算",
            "50.00% 系统测算",
            "待填（参考：按目前支付速度推算全年8.608491）",
        ],
        ["10.00", "5.00 系统测算", "50.00% 系统测算", "待填"],
        ["0.00", "0.00 系统测算", "—", "0.00 系统测算"],
    ]


def test_an_estimate_that_was_entered_stands_in_total_and_in_the_only_fund(filled: Any) -> None:
    said = entries({(Field.YEAR_ESTIMATE, ""): "99999.99"})
    total, fiscal, other = filled(entries=said).funds

    assert (total.cells[-1].text, total.cells[-1].mark) == ("9.999999", Mark.ENTERED)
    assert fiscal.cells[-1] == total.cells[-1]
    assert other.cells[-1].text == "0.00"


@pytest.mark.parametrize(
    ("yuan", "note"), [("49999.99", "小于已执行数"), ("50000", ""), ("100000.01", "大于预算数")]
)
def test_an_odd_estimate_is_kept_and_questioned(filled: Any, yuan: str, note: str) -> None:
    made = filled(entries=entries({(Field.YEAR_ESTIMATE, ""): yuan}))

    assert made.funds[0].cells[-1].note.startswith(note)
    assert bool(made.funds[0].cells[-1].note) == bool(note)


def test_an_entry_of_another_month_does_not_count(filled: Any) -> None:
    made = filled(entries=entries({(Field.YEAR_ESTIMATE, ""): "99999.99"}, period="06"))

    assert made.funds[0].cells[-1].is_open


def test_the_rate_is_of_the_budget_in_force_and_says_so_without_that_column(filled: Any) -> None:
    national, hebei = (filled(name, budget=20_000_000) for name in ("national", "hebei"))

    assert national.funds[0].cells[2].words == "25.00% 系统测算 按调整后预算数20.00"
    assert [cell.text for cell in hebei.funds[0].cells[:4]] == ["10.00", "20.00", "5.00", "25.00%"]


def test_other_funds_of_the_national_form_are_carried_and_other_ones(filled: Any) -> None:
    split = (
        FundFigures(Fund.FISCAL, 7_000_000, 7_000_000, 3_000_000),
        FundFigures(Fund.CARRIED, 0, 2_000_000, 1_500_001),
        FundFigures(Fund.OTHER, 3_000_000, 3_000_000, 499_999),
    )
    _, fiscal, other = filled(funds=split).funds

    assert [cell.text for cell in fiscal.cells[:3]] == ["7.00", "3.00", "42.86%"]
    assert [cell.text for cell in other.cells[:3]] == ["3.00", "2.00", "40.00%"]


def test_what_the_lists_do_not_split_is_open_with_the_reason(filled: Any) -> None:
    unknown = FundFigures(Fund.CARRIED, 0, 0, None, "清单没有资金性质")
    made = filled("hebei", funds=(unknown,))
    carried = made.funds[2]

    assert carried.cells[2].words == "待填（清单没有资金性质）"
    assert carried.cells[3].is_open
    assert "上年结转：清单没有资金性质。" in made.remarks


def test_what_nobody_reported_is_open_and_the_cost_is_computed(filled: Any) -> None:
    made = filled()

    assert texts(made, "演出场次", Column.ACHIEVED) == ["待填"]
    assert texts(made, "演出场次", Column.FORECAST) == ["待填"]
    [cost] = row(made, "控制在预算资金内").cells[Column.ACHIEVED]
    assert (cost.text, cost.mark) == ("是", Mark.COMPUTED)


def test_what_was_reported_decides_the_likelihood(filled: Any) -> None:
    made = filled(entries=entries({(Field.ACTUAL, "演出场次"): "6场"}))

    assert texts(made, "演出场次", Column.ACHIEVED) == ["6场"]
    assert texts(made, "演出场次", Column.LIKELIHOOD) == ["", f"{TICK} 草稿", ""]
    assert row(made, "演出场次").because == "完成6场，低于时间进度（7/12）"
    assert "有可能——“演出场次”：完成6场，低于时间进度（7/12）。" in made.remarks


def test_beside_a_doubt_reason_measure_and_cause_are_mandatory(filled: Any) -> None:
    behind = filled(entries=entries({(Field.LIKELIHOOD, "演出场次"): "有可能"}))
    sure = filled(entries=entries({(Field.LIKELIHOOD, "演出场次"): "确定能"}))

    assert texts(behind, "演出场次", Column.REASON) == ["待填（须说明原因）"]
    assert texts(behind, "演出场次", Column.NOTE) == ["待填（须填写措施）"]
    assert texts(behind, "演出场次", Column.CAUSES) == ["待填"]
    assert texts(behind, "演出场次", Column.LIKELIHOOD) == ["", TICK, ""]
    for column in (Column.REASON, Column.NOTE):
        assert texts(sure, "演出场次", column) == [""]


def test_the_years_answers_are_the_draft_of_cause_reason_and_measure(filled: Any) -> None:
    made = filled(paid=0, explanations=(answer("政府采购/招标周期", "七月底前开标"),))

    assert texts(made, "演出场次", Column.CAUSES) == ["", f"{TICK} 草稿", "", "", ""]
    [reason] = row(made, "演出场次").cells[Column.REASON]
    assert reason.mark is Mark.PROPOSED
    assert "偏差说明（2025年7月10日，张三）：政府采购/招标周期" in reason.text
    assert texts(made, "演出场次", Column.NOTE) == ["七月底前开标 草稿"]


def test_what_people_wrote_comes_before_every_draft(filled: Any) -> None:
    said = {
        (Field.CAUSES, "演出场次"): "人员保障、其他",
        (Field.REASON, "演出场次"): "演员生病",
        (Field.NOTE, "演出场次"): "八月补演",
        (Field.FORECAST, "演出场次"): "12场",
        (Field.LIKELIHOOD, "演出场次"): "完全不可能",
    }
    made = filled(paid=0, entries=entries(said), explanations=(answer("预算编制偏高", "调减"),))

    assert texts(made, "演出场次", Column.CAUSES) == ["", "", TICK, "", TICK]
    assert texts(made, "演出场次", Column.REASON) == ["演员生病"]
    assert texts(made, "演出场次", Column.NOTE) == ["八月补演"]
    assert texts(made, "演出场次", Column.FORECAST) == ["12场"]
    assert texts(made, "演出场次", Column.LIKELIHOOD) == ["", "", TICK]


def test_a_likelihood_that_the_facts_speak_against_is_kept_and_questioned(filled: Any) -> None:
    said = {(Field.LIKELIHOOD, "演出场次"): "确定能", (Field.ACTUAL, "演出场次"): "1场"}
    made = filled(entries=entries(said))

    assert texts(made, "演出场次", Column.LIKELIHOOD) == [TICK, "", ""]
    assert (
        "“演出场次”：填报为确定能，按规则为有可能（完成1场，低于时间进度（7/12）），请核对。"
        in made.remarks
    )


def test_a_cost_that_was_reported_otherwise_than_paid_is_kept_and_questioned(filled: Any) -> None:
    made = filled(entries=entries({(Field.ACTUAL, "控制在预算资金内"): "否"}))
    [cost] = row(made, "控制在预算资金内").cells[Column.ACHIEVED]

    assert cost.text == "否"
    assert "是" in cost.note


def test_what_was_written_for_the_year_does_not_stand_in_the_months_form(filled: Any) -> None:
    [name, _] = items((SHOWS, COST))
    key = Key(Form.SELF_ASSESSMENT, Field.ACTUAL, name)
    entry = Entry(key, "14场", "", "李四", datetime(2026, 1, 5, tzinfo=CHINA), "李四")

    assert texts(filled(entries={key: entry}), "演出场次", Column.ACHIEVED) == ["待填"]


def test_the_notices_name_open_items_missing_months_and_unmatched_money(filled: Any) -> None:
    made = filled(missing_months=("2025-06", "2025-07"), unmatched_rows=2, unmatched_fen=123_456)
    said = "\n".join(made.notices)

    assert "监控期间为2025年1月1日至2025年7月31日，8月报送" in said
    assert f"尚有 {made.open_items} 处待填" in said
    assert "2025-06、2025-07 的支付明细尚未到齐" in said
    assert "另有 2 笔支付（合计 1,234.56 元）未与项目匹配" in said


def test_a_form_of_a_month_that_is_not_over_says_so(filled: Any) -> None:
    made = filled(as_of=date(2025, 7, 20))

    assert "7月尚未结束，执行数为截至2025年7月20日的阶段数。" in made.notices


def test_the_open_items_are_the_open_cells(filled: Any) -> None:
    made = filled()

    assert made.open_items == sum(cell.is_open for cell in made.cells()) > 0


@pytest.mark.parametrize("profile", ["national", "hebei"])
def test_every_table_is_whole_and_as_wide_as_the_page(filled: Any, profile: str) -> None:
    laid = paper(filled(profile))

    assert laid.landscape
    for table in tables(laid):
        assert len(grid(table)) == len(table.rows)
        assert 266.9 < sum(table.widths_mm) < 267.1


def test_the_word_form_has_the_official_heads_in_their_order(filled: Any) -> None:
    document = Document(BytesIO(docx(paper(filled()))))
    money, results = document.tables
    first, second = ([cell.text for cell in row.cells] for row in results.rows[:2])

    assert [cell.text for cell in money.rows[2].cells][2::2] == [
        *("年初预算数", "1–7月执行数", "1–7月执行率", "全年预计执行数"),
    ]
    assert first == [
        *("一级指标", "二级指标", "三级指标", "年度指标值", "1–7月执行情况", "全年预计完成情况"),
        *(["偏差原因分析"] * 5 + ["原因说明"] + ["完成目标可能性"] * 3 + ["备注"]),
    ]
    assert second[6:15] == [
        *("经费保障", "制度保障", "人员保障", "硬件条件保障", "其他", "原因说明"),
        *("确定能", "有可能", "完全不可能"),
    ]
    assert document.paragraphs[1].text == "项目支出绩效目标执行监控表"
    assert document.paragraphs[2].text == "（2025年1–7月）"


def test_a_profile_without_ticks_has_one_row_of_heads(filled: Any, make_facts: MakeFacts,
                                                      rules: ScoringRules) -> None:  # fmt: skip
    table = tomllib.loads(shipped("rules/monitoring.toml"))
    table["profiles"][0]["indicator_columns"] = ["target", "achieved", "note"]
    changed = MonitoringRules.from_toml(table)
    made = form(make_facts(as_of=JULY), rules, changed, changed.profile(), 7)
    *_, results = tables(paper(made))

    assert results.header_rows == 1
    assert [box.cells[0].text for box in results.rows[0].boxes][3:] == [
        *("年度指标值", "1–7月执行情况", "备注"),
    ]


def test_a_project_without_indicators_gives_the_empty_form(filled: Any) -> None:
    made = filled(of=project(indicators=(), goals=()))

    assert {each.level1 for each in made.rows} == {"产出指标", "效益指标", "满意度指标"}
    assert all(cell.is_open for each in made.rows for cell in each.cells[Column.ACHIEVED])


def test_the_same_facts_give_the_same_bytes(filled: Any) -> None:
    assert docx(paper(filled())) == docx(paper(filled()))
