"""单位自评报告 and 绩效监控报告 of hand-made facts: every figure, and people's words kept."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from monitor.domain.adjustment import Adjustment, AdjustmentKind, Fund
from monitor.domain.calendar import CHINA
from monitor.domain.entry import Entry, Field, Form, Key, items
from monitor.domain.scoring_rules import ScoringRules
from monitor.domain.warning import Acknowledgement
from monitor.ingest.shipped import shipped
from monitor.reports.assessment.draft import Mark
from monitor.reports.assessment.facts import AdjustmentUsed, ProjectFacts, Source
from monitor.reports.monitoring import outline as monitoring_report
from monitor.reports.monitoring.form import form
from monitor.reports.monitoring.settings import MonitoringRules
from monitor.reports.paper.blocks import Paper, Paragraph, Style, Table, grid, tables
from monitor.reports.unit.layout import paper
from monitor.reports.unit.report import UnitReport, unit_report
from tests.reports.conftest import MakeFacts, indicator, project

AT = datetime(2026, 1, 8, 9, tzinfo=CHINA)
FIRST = project(indicators=(indicator("产出指标", "数量指标", "演出场次", "≥12场"),))
SECOND = replace(FIRST, project_code="13030325P00000000002Y", project_name="图书购置经费")
LIST = Source("12月.csv", "cd" * 32, "payments", date(2026, 1, 4), ("2025-12",), 3, 8_600_000)
DELAYED = Acknowledgement(
    "政府采购/招标周期", "", "继续执行", "八月底前验收", date(2025, 8, 31), "张三", AT, "张三"
)


def entry(key: Key, text: str) -> dict[Key, Entry]:
    return {key: Entry(key, text, "", "李四", AT, "李四")}


def complete(of: Any) -> dict[Key, Entry]:
    """What fills a project's form: the result, the goal, the reason of a low rate."""
    [name] = items(of.indicators)
    own = Form.SELF_ASSESSMENT
    return (
        entry(Key(own, Field.ACTUAL, name), "12场")
        | entry(Key(own, Field.ACHIEVED), "全部完成。")
        | entry(Key(own, Field.EXECUTION_REASON), "尾款未到期")
    )


def words(field: Field, text: str) -> dict[Key, Entry]:
    return entry(Key(Form.UNIT_REPORT, field), text)


@pytest.fixture
def reported(make_facts: MakeFacts, rules: ScoringRules) -> Any:
    """The report of two projects: the first 86 % paid, the second all of it."""

    def report(first: dict[str, Any] | None = None, **both: Any) -> UnitReport:
        facts = [
            make_facts(**({"of": FIRST, "paid": 8_600_000} | both | (first or {}))),
            make_facts(**({"of": SECOND, "paid": 10_000_000} | both)),
        ]
        return unit_report(facts, rules)

    return report


def said(parts: list[Paragraph]) -> str:
    return "\n".join(part.cell.words for part in parts)


def cells(table: Table) -> list[list[str]]:
    return [[box.cells[0].words for box, _ in row if box.cells] for row in grid(table)]


def test_the_first_chapter_counts_projects_and_budgets(reported: Any) -> None:
    added = Adjustment(
        AdjustmentKind.ADD, 2_000_000, Fund.FISCAL, date(2025, 6, 1), "财预〔2025〕9号", "", "P"
    )
    report = reported({"budget": 12_000_000, "adjustments": (AdjustmentUsed(added, 2_000_000),)})

    assert said(report.general()) == (
        "测试县文化馆2025年度纳入绩效自评的项目2个，年初批复20.00万元，调整后22.00万元，年中增加0个。\n"
        "年中预算调整：追加1笔2.00万元。"
    )


def test_a_move_between_two_projects_of_the_unit_is_told_once(reported: Any) -> None:
    moved = Adjustment(
        AdjustmentKind.MOVE,
        *(1_000_000, Fund.FISCAL, date(2025, 6, 1), "", FIRST.project_code, SECOND.project_code),
    )
    report = reported(adjustments=(AdjustmentUsed(moved, -1_000_000),))

    assert "年中预算调整：调剂1笔1.00万元。" in said(report.general())


def test_a_project_that_came_in_mid_year_is_counted(reported: Any, make_facts: MakeFacts) -> None:
    report = reported()
    late = replace(report.projects[0].line, initial_fen=0, added=True)
    grown = replace(report, projects=(replace(report.projects[0], line=late), report.projects[1]))

    assert "年初批复10.00万元，调整后20.00万元，年中增加1个" in said(grown.general())


def test_the_execution_chapter_names_low_rates_and_leaves_the_reason_open(reported: Any) -> None:
    assert said(reported().execution()) == (
        "2个项目年初批复预算20.00万元，调整后预算20.00万元，全年执行18.60万元，执行率93.00%。\n"
        "执行率低于90%的项目1个：文化下乡经费（86.00%）。\n"
        "待填（执行率偏低的原因：文化下乡经费）"
    )


def test_a_rate_of_exactly_the_limit_is_not_low(reported: Any) -> None:
    assert "没有执行率低于90%的项目。" in said(reported(paid=9_000_000).execution())


def test_without_all_totals_grade_and_score_are_open(reported: Any) -> None:
    report = reported()
    *_, scores = tables(paper(report))

    assert "绩效指标共2个，已评分0个，其中得满分0个；待填2个。" in said(report.results())
    assert "待填（尚有2个项目没有总分，等级汇总待填）" in said(report.results())
    assert cells(scores)[1][-2:] == ["待填", "待填"]


def test_filled_forms_give_points_grades_and_the_paragraph_to_be_published(reported: Any) -> None:
    report = reported(entries=complete(FIRST), explanations=(DELAYED,))
    *_, scores = tables(paper(report))
    published = report.published()[0].cell

    assert cells(scores) == [
        ["项目名称", "预算执行", "产出", "总分", "等级"],
        ["文化下乡经费", "8.60", "90.00", "98.60", "优"],
        ["图书购置经费", "10.00", "90.00", "100.00", "优"],
    ]
    assert "自评等级为“优”2个" in said(report.results())
    assert published.text == (
        "文化下乡经费绩效自评得分为98.60分。全年预算数为10.00万元，执行数为8.60万元，"
        "完成预算的86.00%。项目绩效目标完成情况：全部完成。发现的主要问题及原因：尾款未到期。"
        "下一步改进措施：八月底前验收。"
    )
    assert published.mark is Mark.PROPOSED


def test_a_paragraph_with_something_open_is_open(reported: Any) -> None:
    published = reported().published()[0].cell

    assert published.is_open
    assert "绩效自评得分待填。" in published.text
    assert "完成预算的86.00%" in published.text


def test_the_money_table_has_every_project_and_the_sum(reported: Any) -> None:
    money, _ = tables(paper(reported()))

    assert cells(money)[1:] == [
        ["文化下乡经费", "10.00", "10.00", "8.60", "86.00%"],
        ["图书购置经费", "10.00", "10.00", "10.00", "100.00%"],
        ["合计", "20.00", "20.00", "18.60", "93.00%"],
    ]


def test_a_blank_budget_is_open_and_not_counted_as_nothing(reported: Any) -> None:
    blank = replace(FIRST, budget_fen=None, fiscal_fen=None)
    report = reported({"of": blank})
    money, _ = tables(paper(report))

    assert cells(money)[1] == ["文化下乡经费", "待填", "待填", "8.60", "—"]
    assert "其中1个项目的目标文本没有预算数，未计入合计。" in said(report.general())


def test_what_people_wrote_is_kept_word_for_word(reported: Any) -> None:
    own = (
        words(Field.WORK_DONE, "成立了工作组。\n逐项核对。")
        | words(Field.PROBLEMS, "年初计划偏紧。")
        | words(Field.MEASURES, "提前开展采购。")
    )
    report = reported(unit_entries=own, explanations=(DELAYED,))

    assert [part.cell.text for part in report.work_done()] == ["成立了工作组。", "逐项核对。"]
    assert [part.cell.text for part in report.problems()] == ["年初计划偏紧。"]
    assert [part.cell.text for part in report.measures()] == ["提前开展采购。"]
    assert report.measures()[0].cell.mark is Mark.ENTERED


def test_the_units_own_measures_stand_for_those_of_its_projects(reported: Any) -> None:
    filled = {"entries": complete(FIRST)}
    asked = reported(**filled).published()[0]
    told = reported(**filled, unit_entries=words(Field.MEASURES, "提前采购。")).published()[0]

    assert asked.cell.text.endswith("下一步改进措施：待填。")
    assert asked.cell.is_open
    assert told.cell.text.endswith("下一步改进措施：见本报告第六部分。")
    assert not told.cell.is_open


def test_without_words_the_years_answers_are_the_draft(reported: Any) -> None:
    report = reported({"explanations": (DELAYED,)})

    assert "原因有：政府采购/招标周期（1次）。" in said(report.problems())
    assert "文化下乡经费：偏差说明（2026年1月8日，张三）：政府采购/招标周期" in said(
        report.problems()
    )
    assert said(report.measures()) == (
        "文化下乡经费：八月底前验收。 草稿\n待填（改进措施和结果应用）"
    )


def test_with_neither_words_nor_answers_the_chapters_are_open(reported: Any) -> None:
    report = reported()

    for part in (report.work_done(), report.problems(), report.measures()):
        assert [paragraph.cell.is_open for paragraph in part] == [True]


def test_the_paper_has_notices_six_chapters_and_sources(reported: Any) -> None:
    laid = paper(
        reported(sources=(LIST,), missing_months=("2025-12",), unmatched_rows=1, unmatched_fen=99)
    )

    assert headings(laid) == [
        *("一、基本情况", "二、绩效自评工作开展情况", "三、预算执行情况"),
        *("四、绩效目标完成情况", "五、存在问题及原因", "六、改进措施和结果应用"),
    ]
    texts = all_text(laid)
    assert "2025-12 的支付明细尚未到齐" in texts
    assert "另有 1 笔支付（合计 0.99 元）未与项目匹配" in texts
    assert texts.count("支付明细：12月.csv（SHA-256 cdcdcdcdcdcd，计入 6 笔、172,000.00 元）") == 1
    assert texts.rstrip().splitlines()[-1].split(". ")[1].startswith("计分规则：")


def test_a_report_of_an_open_year_is_stamped(reported: Any) -> None:
    laid = paper(reported(as_of=date(2025, 10, 31)))

    assert laid.stamp == "阶段数据，截至10月31日"
    assert isinstance(laid.blocks[0], Paragraph)
    assert laid.blocks[0].cell.text == laid.stamp


def test_a_finalized_report_carries_its_digest_on_the_page_to_be_signed(
    make_facts: MakeFacts, rules: ScoringRules
) -> None:
    laid = paper(unit_report([make_facts(of=FIRST)], rules, digest="a1b2-c3d4"))

    assert "定稿校验码：a1b2-c3d4" in all_text(laid)
    assert laid.foot.endswith("校验码 a1b2-c3d4")


def test_a_text_that_stands_in_another_units_report_is_noted(reported: Any) -> None:
    laid = paper(reported(unit_copied=("“改进措施”与单位 623002 的文字相同",)))

    assert "1. “改进措施”与单位 623002 的文字相同" in all_text(laid)


def headings(laid: Paper) -> list[str]:
    return [
        block.cell.text
        for block in laid.blocks
        if isinstance(block, Paragraph) and block.style is Style.CHAPTER
    ]


def all_text(laid: Paper) -> str:
    return "\n".join(b.cell.words for b in laid.blocks if isinstance(b, Paragraph))


@pytest.fixture
def outlined(make_facts: MakeFacts, rules: ScoringRules) -> Any:
    """The July monitoring report of two projects: one behind its plan, one not."""
    monitoring = MonitoringRules.from_toml(tomllib.loads(shipped("rules/monitoring.toml")))

    def outline(**both: Any) -> Paper:
        july: dict[str, Any] = {"as_of": date(2025, 7, 31)} | both
        facts: list[ProjectFacts] = [
            make_facts(**({"of": FIRST, "paid": 2_000_000} | july)),
            make_facts(**({"of": SECOND, "paid": 5_000_000} | july)),
        ]
        forms = [form(each, rules, monitoring, monitoring.profile(), 7) for each in facts]
        return monitoring_report.paper(facts, forms, rules)

    return outline


def test_the_monitoring_report_has_its_five_chapters_and_figures(outlined: Any) -> None:
    laid = outlined()
    texts = all_text(laid)

    assert headings(laid) == [
        *("一、监控工作开展情况", "二、预算执行情况", "三、绩效目标完成情况"),
        *("四、偏差原因", "五、改进措施"),
    ]
    assert "纳入绩效监控的项目2个，绩效指标2个，监控期间截至2025年7月31日" in texts
    assert "1–7月执行7.00万元，执行率35.00%" in texts
    assert "支出落后于计划的项目1个（红色1个）：" in texts
    assert "文化下乡经费：6月底应支5.00万元，实支2.00万元，差额3.00万元。" in texts
    assert "确定能的1个、有可能的1个、完全不可能的0个（其中2个为系统草稿，须核实）" in texts
    assert "文化下乡经费：有可能完成的1个（演出场次）。" in texts


def test_the_years_estimate_is_told_only_when_every_project_has_one(outlined: Any) -> None:
    estimate = entry(Key(Form.MONITORING, Field.YEAR_ESTIMATE, "", "07"), "90000.00")

    assert "待填（全年预计执行数：尚有2个项目未填报）" in all_text(outlined())
    assert "全年预计执行18.00万元。" in all_text(outlined(entries=estimate))


def test_where_nothing_lags_the_report_says_so(outlined: Any) -> None:
    texts = all_text(outlined(paid=5_000_000))

    assert "没有项目的支出落后于到期的支出计划。" in texts
    assert "待填（偏差原因）" in texts


def test_the_total_of_a_line_is_the_sum_of_its_groups(reported: Any) -> None:
    line = reported(entries=complete(FIRST)).lines[0]
    groups = [each.points for each in line.groups.values()]

    assert line.execution.points + sum(groups, Decimal(0)) == line.total == Decimal("98.60")
