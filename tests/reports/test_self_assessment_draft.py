"""What a self-assessment draft fills in, and what it leaves to a person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.domain.adjustment import Adjustment, AdjustmentKind, Fund
from monitor.domain.entry import Entry, Field, Form, Key, items
from monitor.domain.scoring_rules import ScoringRules
from monitor.domain.target import Indicator, Project
from monitor.domain.target_value import parse_target
from monitor.domain.warning import Acknowledgement
from monitor.reports.assessment.draft import Cell, Draft, IndicatorRow, Mark
from monitor.reports.assessment.drafting import draft
from monitor.reports.assessment.facts import AdjustmentUsed, ProjectFacts, RevisionUsed, Source

Make = Callable[..., ProjectFacts]
Filled = Callable[..., Draft]
ProjectOf = Callable[..., Project]

ADDED = Adjustment(
    AdjustmentKind.ADD, 2_000_000, Fund.OTHER, date(2025, 5, 6), "财预〔2025〕7号", "", "甲"
)


def indicator(
    level1: str, level2: str, level3: str, target: str, weight: Decimal | None = None
) -> Indicator:
    return Indicator(level1, level2, level3, level3, target, parse_target(target), "", weight)


SCENES = items(
    (
        indicator("产出指标", "数量指标", "演出场次", "≥12场"),
        indicator("产出指标", "成本指标", "控制在预算资金内", "是/否"),
    )
)[0]


def written(
    field: Field, value: str, item: str = "", shown: str = "", form: Form = Form.SELF_ASSESSMENT
) -> Entry:
    at = datetime(2026, 1, 20, tzinfo=UTC)
    return Entry(Key(form, field, item), value, shown, "张三", at, "张三")


def entries(*each: Entry) -> dict[Key, Entry]:
    return {entry.key: entry for entry in each}


def row(form: Draft, level3: str) -> IndicatorRow:
    return next(each for each in form.indicators if each.level3.text == level3)


def remarks(form: Draft) -> str:
    return "\n".join(form.remarks)


@pytest.fixture
def filled(make_facts: Make, rules: ScoringRules) -> Callable[..., Draft]:
    return lambda **changes: draft(make_facts(**changes), rules)


@pytest.fixture
def project_of(make_facts: Make) -> Callable[..., Project]:
    """The project of the shared facts with other fields."""
    return lambda **changes: replace(make_facts().project, **changes)


def test_the_execution_row_is_computed_from_the_payments(filled: Filled) -> None:
    total = filled(paid=8_600_000).funds[0]

    assert [cell.words for cell in total.cells] == [
        "10.00",
        "10.00",
        "8.60 系统测算",
        "10",
        "86.00% 系统测算",
        "8.60 系统测算",
    ]


def test_without_a_fund_column_all_payments_are_fiscal_and_it_says_so(filled: Filled) -> None:
    form = filled(paid=8_600_000)

    assert [fund.name.strip("　") for fund in form.funds] == [
        "年度资金总额",
        "其中：当年财政拨款",
        "上年结转资金",
        "其他资金",
    ]
    assert [fund.paid.text for fund in form.funds] == ["8.60", "8.60", "0.00", "0.00"]
    assert "全部支付暂列“当年财政拨款”" in "".join(form.notices)


def test_a_blank_amount_of_the_document_is_left_open_and_is_not_zero(
    filled: Filled, project_of: ProjectOf
) -> None:
    form = filled(of=project_of(fiscal_fen=None, other_fen=None))

    assert [fund.initial.text for fund in form.funds] == ["10.00", "待填", "待填", "待填"]
    assert form.funds[3].paid.text == "待填"


def test_an_adjustment_changes_the_budget_of_its_own_fund(filled: Filled) -> None:
    more = AdjustmentUsed(ADDED, 2_000_000)
    form = filled(budget=12_000_000, paid=6_000_000, adjustments=(more,))

    assert [fund.initial.text for fund in form.funds] == ["10.00", "10.00", "0.00", "0.00"]
    assert [fund.budget.text for fund in form.funds] == ["12.00", "10.00", "0.00", "2.00"]
    assert (
        form.funds[3].paid.words == "待填（支付明细没有“资金性质”列，全部支付暂列“当年财政拨款”）"
    )
    assert "其他资金的执行数待填：支付明细没有“资金性质”列" in "".join(form.notices)
    assert form.funds[0].rate.text == "50.00%"
    assert "预算调整：追加 +20,000.00 元（其他资金，财预〔2025〕7号，2025年5月6日起）" in (
        form.provenance
    )


def test_funds_that_do_not_add_up_to_the_total_are_named(filled: Filled) -> None:
    form = filled(budget=12_000_000)

    assert "各类资金的全年预算数合计 10.00 万元，与年度资金总额 12.00 万元不符" in "".join(
        form.notices
    )


def test_a_budget_wholly_taken_back_has_no_rate_and_asks_for_a_decision(filled: Filled) -> None:
    recall = replace(ADDED, kind=AdjustmentKind.RECALL, giver="甲", taker="", fund=Fund.FISCAL)
    form = filled(budget=0, paid=0, adjustments=(AdjustmentUsed(recall, -10_000_000),))
    total = form.funds[0]

    assert (total.budget.text, total.rate.text) == ("0.00", "—")
    assert total.points.words == "待填（预算已全部收回，请决定如何计分）"
    assert "年初预算 10.00 万元已全部收回，全年预算数为 0" in "".join(form.notices)
    assert form.funds[1].budget.text == "0.00"


def test_the_decision_about_a_budget_taken_back_is_entered_as_points(filled: Filled) -> None:
    form = filled(budget=0, paid=0, entries=entries(written(Field.POINTS, "10")))

    assert form.funds[0].points.words == "10"


@pytest.mark.parametrize(
    ("paid", "asked"), [(8_999_999, True), (9_000_000, False), (8_999_950, True)]
)
def test_a_rate_below_ninety_percent_needs_a_reason_unrounded(
    filled: Filled, paid: int, asked: bool
) -> None:
    reason = filled(paid=paid).execution_reason

    assert (reason is not None) is asked
    assert reason is None or reason.words == "待填（执行率低于90%，须说明原因）"


def test_what_the_unit_answered_to_warnings_is_the_draft_of_the_reason(filled: Filled) -> None:
    at = datetime(2025, 7, 31, 17, tzinfo=UTC)  # 1 August in China
    ack = Acknowledgement("其他", "天气。", "继续执行", "", date(2025, 9, 1), "张三", at, "李四")
    second = replace(ack, cause="资料/验收未完成", text="", promised=None, author="王五")

    reason = filled(paid=8_600_000, explanations=(ack, second)).execution_reason

    assert reason is not None
    assert not reason.is_open
    assert reason.mark is Mark.PROPOSED
    assert reason.text == (
        "偏差说明（2025年8月1日，张三）：其他；天气；继续执行；承诺日期 2025-09-01。"
        "偏差说明（2025年8月1日，王五）：资料/验收未完成；继续执行。"
    )
    assert filled(paid=9_900_000, explanations=(ack,)).execution_reason is not None


@pytest.mark.parametrize("budget", [None, 0])
def test_without_a_budget_there_is_no_rate_and_no_division(
    filled: Filled, project_of: ProjectOf, budget: int | None
) -> None:
    form = filled(of=project_of(budget_fen=budget), paid=500)

    assert form.funds[0].rate.text == "—"
    assert form.funds[0].points.is_open
    assert form.execution_reason is None
    assert row(form, "控制在预算资金内").points.is_open
    assert form.scored == "已评 0.00 / 0 分"


def test_cost_within_the_budget_is_filled_and_scored_in_full(filled: Filled) -> None:
    cost = row(filled(paid=8_600_000), "控制在预算资金内")

    assert cost.actual.words == "是 系统测算 支出8.60万元，预算10.00万元"
    assert cost.points.words == f"{cost.weight.text} 系统测算"
    assert cost.reason.text == "—"


def test_cost_above_the_budget_is_left_open_with_the_evidence(filled: Filled) -> None:
    form = filled(paid=10_000_001)
    cost = row(form, "控制在预算资金内")

    assert cost.actual.words == "待填（系统测算：支出10.000001万元，超出0.000001万元，请核实）"
    assert cost.points.is_open
    assert form.funds[0].points.text == "10.00"
    assert "全年执行数超过全年预算数 0.000001 万元" in remarks(form)


@pytest.mark.parametrize("paid", [0, -100])
def test_where_nothing_was_paid_cost_is_not_declared_met(filled: Filled, paid: int) -> None:
    form = filled(paid=paid)

    assert "尚无支出" in row(form, "控制在预算资金内").actual.note
    assert form.funds[0].points.text == "0.00"


def test_payments_decide_no_other_indicator(filled: Filled) -> None:
    scenes = row(filled(), "演出场次")

    assert [cell.words for cell in (scenes.actual, scenes.points, scenes.reason)] == ["待填"] * 3


def test_the_total_stays_open_and_says_what_is_scored(filled: Filled) -> None:
    form = filled(paid=8_600_000)

    assert (form.total_weight.text, form.total_points.text) == ("100", "待填")
    assert form.scored == "已评 53.60 / 55 分"  # execution 8.60 of 10, cost 45 of 90


def test_the_total_is_filled_once_every_row_is(filled: Filled, project_of: ProjectOf) -> None:
    cost = indicator("产出指标", "成本指标", "项目成本", "≤10万元")
    form = filled(of=project_of(indicators=(cost,)), paid=8_600_000)

    assert form.total_points.words == "98.60 系统测算"


def test_the_groups_stand_in_the_official_order_with_their_empty_rows(
    filled: Filled, project_of: ProjectOf
) -> None:
    form = filled(
        of=project_of(
            indicators=(
                indicator("满意度指标", "服务对象满意度", "群众满意度", "≥90%"),
                indicator("效益指标", "社会效益指标", "知晓率", "≥90%"),
                indicator("产出指标", "质量指标", "合格率", "100%"),
            )
        )
    )

    assert [(each.level1, each.level2, each.level3.text) for each in form.indicators] == [
        ("产出指标(50分)", "数量指标", "—"),
        ("产出指标(50分)", "质量指标", "合格率"),
        ("产出指标(50分)", "时效指标", "—"),
        ("产出指标(50分)", "成本指标", "—"),
        ("效益指标(30分)", "经济效益指标", "—"),
        ("效益指标(30分)", "社会效益指标", "知晓率"),
        ("效益指标(30分)", "生态效益指标", "—"),
        ("效益指标(30分)", "可持续影响指标", "—"),
        ("满意度指标(10分)", "服务对象满意度", "群众满意度"),
    ]


def test_cost_as_a_level_of_its_own_comes_first_and_leaves_the_output(
    filled: Filled, project_of: ProjectOf
) -> None:
    form = filled(
        of=project_of(
            indicators=(
                indicator("产出指标", "数量指标", "场次", "≥9场"),
                indicator("成本指标", "经济成本指标", "项目总成本", "≤10万元"),
            )
        )
    )

    assert [each.level1 for each in form.indicators][:3] == ["成本指标(20分)"] * 3
    assert row(form, "项目总成本").points.text == "20"
    assert ("产出指标(70分)", "成本指标") not in [(e.level1, e.level2) for e in form.indicators]


def test_the_documents_own_weights_are_taken_and_named(
    filled: Filled, project_of: ProjectOf
) -> None:
    form = filled(
        of=project_of(
            indicators=(
                indicator("产出指标", "数量指标", "场次", "≥9场", Decimal("62.50")),
                indicator("效益指标", "社会效益指标", "知晓率", "≥9%", Decimal("27.5")),
            )
        )
    )

    assert [row(form, "场次").weight.text, row(form, "知晓率").weight.text] == ["62.5", "27.5"]
    assert form.indicators[0].level1 == "产出指标(62.5分)"
    assert "指标分值取自目标文本" in remarks(form)


def test_weights_that_make_no_hundred_are_named_and_not_taken(
    filled: Filled, project_of: ProjectOf
) -> None:
    weighed = indicator("产出指标", "数量指标", "场次", "≥9场", Decimal(110))
    form = filled(of=project_of(indicators=(weighed,)))

    assert row(form, "场次").weight.text == "90"
    assert "合计 110 分，不是全部指标合计 90 分，未采用" in remarks(form)


def test_an_unknown_level_1_leaves_the_weights_open_and_is_named(
    filled: Filled, project_of: ProjectOf
) -> None:
    form = filled(of=project_of(indicators=(indicator("管理指标", "过程", "规范性", "是/否"),)))

    assert row(form, "规范性").level1 == "管理指标(待填)"
    assert form.total_weight.is_open
    assert "无法归类的一级指标：管理指标" in remarks(form)


def test_a_project_without_goals_and_indicators_gives_the_empty_form(
    filled: Filled, project_of: ProjectOf
) -> None:
    form = filled(of=project_of(goals=(), indicators=()))

    assert form.expected[0].words == "待填（目标文本未列绩效目标）"
    assert len(form.indicators) == 9
    assert all(cell.is_open for each in form.indicators for cell in each.cells)


def test_goals_are_numbered_and_their_achievement_is_open(filled: Filled) -> None:
    form = filled()

    assert [goal.text for goal in form.expected] == ["1. 演出十二场", "2. 观众满意"]
    assert form.achieved.is_open


def test_the_unit_is_named_and_of_the_department_only_the_code_is_known(filled: Filled) -> None:
    form = filled()

    assert form.unit.text == "623001-测试县文化馆"
    assert form.department.words == "待填（部门编码 623）"


def test_the_first_page_says_what_is_open_unmatched_and_waiting(filled: Filled) -> None:
    form = filled(
        unmatched_rows=3, unmatched_fen=123456, rejected=2, missing_months=("2025-02", "2025-03")
    )
    said = "".join(form.notices)

    assert f"尚有 {form.open_items} 处待填" in said
    assert "另有 3 笔支付（合计 1,234.56 元）未与项目匹配" in said
    assert "写有本项目编码的有 2 行被拒收" in said
    assert "本单位2月至3月的支付明细没有导入或不全" in said
    assert "数据截至2025年12月31日，本项目最后一笔支付日期为2025年6月20日" in form.remarks[0]


def test_a_draft_of_an_open_year_is_stamped_and_says_until_when(filled: Filled) -> None:
    form = filled(as_of=date(2025, 6, 30))

    assert form.stamp == "阶段数据，截至6月30日"
    assert "数据截至2025年6月30日，7月至12月的支付尚未到齐" in form.notices[0]
    assert (filled().stamp, filled(missing_months=("2025-11",)).stamp) == (
        "",
        "阶段数据，截至12月31日",
    )


def test_the_sources_end_with_rules_date_and_program(filled: Filled, rules: ScoringRules) -> None:
    lists = (
        Source("2.csv", "cd" * 32, "payments", date(2025, 3, 1), ("2025-02",), 3, 123456),
        Source("1.csv", "ef" * 32, "payments", date(2025, 4, 1), ("2025-01",), 1, 100),
        Source("目标.txt", "ab" * 32, "targets", date(2025, 1, 10)),
    )
    form = filled(sources=lists, revisions=(RevisionUsed(date(2025, 1, 1), "", "目标.txt", 10),))

    assert form.provenance[:4] == (
        "绩效目标文本：目标.txt（SHA-256 abababababab）",
        "支付明细：1.csv（SHA-256 efefefefefef，计入 1 笔、1.00 元）",
        "支付明细：2.csv（SHA-256 cdcdcdcdcdcd，计入 3 笔、1,234.56 元）",
        "目标文本版本：目标.txt，第 10 行，自2025年1月1日起",
    )
    assert rules.name in form.provenance[-1]
    assert "数据截至：2025年12月31日；程序：monitor " in form.provenance[-1]


def test_what_a_person_entered_stands_and_its_points_follow_by_the_rule(filled: Filled) -> None:
    form = filled(entries=entries(written(Field.ACTUAL, "9场", SCENES)))
    scenes = row(form, "演出场次")

    assert scenes.actual == Cell("9场", Mark.ENTERED, "", "")
    assert scenes.points.words == "33.75 系统测算"  # 9/12 of 45, D8
    assert scenes.reason.words == "待填（未达成年度指标值，须说明原因及改进措施）"
    assert any("9/12" in step for step in scenes.explained)


def test_a_reason_is_asked_for_only_where_the_target_is_missed(filled: Filled) -> None:
    met = row(filled(entries=entries(written(Field.ACTUAL, "12", SCENES))), "演出场次")
    missed = entries(written(Field.ACTUAL, "9", SCENES), written(Field.REASON, "下雨", SCENES))

    assert (met.points.text, met.reason.text) == ("45", "—")
    assert row(filled(entries=missed), "演出场次").reason.text == "下雨"


def test_points_above_the_weight_or_the_rule_are_kept_and_named(filled: Filled) -> None:
    above = entries(written(Field.POINTS, "50", SCENES))
    other = entries(written(Field.ACTUAL, "9场", SCENES), written(Field.POINTS, "40", SCENES))

    assert row(filled(entries=above), "演出场次").points.text == "50"
    assert "“演出场次”填报得分 50 分，高于分值 45 分" in "".join(filled(entries=above).notices)
    assert "填报得分 40 分，按“定量指标（≥）：未达成按完成率计分”测算为 33.75 分" in "".join(
        filled(entries=other).notices
    )


def test_a_level_proposes_the_band_and_leaves_the_points_open(
    filled: Filled, project_of: ProjectOf
) -> None:
    smooth = indicator("产出指标", "质量指标", "服务质量", "进一步提升")
    [item] = items((smooth,))
    partly = written(Field.ACTUAL, "部分达成并具有一定效果", item)
    form = filled(of=project_of(indicators=(smooth,)), entries=entries(partly))

    assert row(form, "服务质量").points.words == "待填（54～71.99 分内由人评分）"
    assert form.total_points.is_open


def test_entries_whose_figures_have_changed_tell_both(filled: Filled) -> None:
    reason = written(Field.EXECUTION_REASON, "尾款未付", shown="70.00%")
    form = filled(entries=entries(reason))

    assert form.execution_reason is not None
    assert form.execution_reason.words == "尾款未付 填报时为70.00%，现为86.00%"
    assert "有 1 处填报所依据的数据后来有变" in "".join(form.notices)
    same = filled(entries=entries(replace(reason, shown="86.00%")))
    assert same.execution_reason is not None
    assert same.execution_reason.words == "尾款未付"


def test_money_department_weight_and_achievement_are_taken_as_entered(filled: Filled) -> None:
    form = filled(
        entries=entries(
            written(Field.CARRIED_PAID, "12345.67", shown="0.00"),
            written(Field.WEIGHT, "50", SCENES, shown="45"),
            written(Field.ACHIEVED, "演出十二场"),
        ),
        unit_entries=entries(written(Field.DEPARTMENT, "文化局", form=Form.UNIT_REPORT)),
    )

    assert form.funds[2].paid.words == "1.234567 系统测算为0.00"
    assert (row(form, "演出场次").weight.text, form.total_weight.text) == ("50", "105")
    assert "各行分值合计 105 分，不是 100 分（其中 1 个分值由人填报）" in "".join(form.notices)
    assert (form.achieved.text, form.department.text) == ("演出十二场", "文化局")


@pytest.mark.parametrize("text", ["很多", "NaN", "-3", "1e999999", "4.005"])
def test_points_that_are_no_number_leave_the_cell_open(filled: Filled, text: str) -> None:
    form = filled(entries=entries(written(Field.POINTS, text, SCENES)))

    assert row(form, "演出场次").points.is_open
    assert form.total_points.is_open


_FEN = st.one_of(st.none(), st.just(0), st.integers(1, 10**12))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    stated=st.tuples(_FEN, _FEN, _FEN),
    paid=st.integers(-(10**9), 10**12),
    actual=st.sampled_from(["", "12场", "9", "-1", "很多", "1/0", "达成年度指标", "9" * 300]),
    points=st.sampled_from(["", "45", "0", "45.005", "999", "NaN", "九"]),
)
def test_whatever_the_figures_a_draft_is_made_and_its_total_is_the_sum_of_its_rows(
    filled: Filled,
    project_of: ProjectOf,
    stated: tuple[int | None, int | None, int | None],
    paid: int,
    actual: str,
    points: str,
) -> None:
    budget, fiscal, other = stated
    of = project_of(budget_fen=budget, fiscal_fen=fiscal, other_fen=other)
    written_ = (written(Field.ACTUAL, actual, SCENES), written(Field.POINTS, points, SCENES))
    form = filled(of=of, paid=paid, entries=entries(*written_))
    cells = [form.funds[0].points, *(each.points for each in form.indicators if each.item)]

    assert form.total_points.is_open is any(each.is_open for each in cells)
    if not form.total_points.is_open:
        assert Decimal(form.total_points.text) == sum(Decimal(each.text) for each in cells)


def test_every_sample_project_gives_a_form_whose_weights_make_a_hundred(
    sample_projects: list[Project], make_facts: Make, rules: ScoringRules
) -> None:
    forms = [draft(make_facts(of=each, paid=100), rules) for each in sample_projects]
    weights = [
        [int(r.weight.text) for r in form.indicators if r.weight.text.isdigit()] for form in forms
    ]

    assert [sum(each) for each in weights] == [90] * 34
    assert sum(len(each) for each in weights) == 296


def test_of_the_samples_the_payments_decide_twenty_cost_indicators(
    sample_projects: list[Project], make_facts: Make, rules: ScoringRules
) -> None:
    forms = [draft(make_facts(of=each, paid=100), rules) for each in sample_projects]
    decided = [
        r.level3.text for form in forms for r in form.indicators if r.points.mark == "computed"
    ]

    assert len(decided) == 20
    assert {"当年项目支出", "控制在预算资金内", "项目控制预算数"} <= set(decided)
    assert not {"人均补助成本", "政府大楼保险金额", "预算资金完成率"} & set(decided)
