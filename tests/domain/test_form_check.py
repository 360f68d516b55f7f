"""Contradictions in filled forms (domain notes, 1a: a reviewer's checks, and real mistakes)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.filled_form import FilledForm, FormCell, number
from monitor.domain.form_check import check, is_money_sentence
from monitor.domain.form_kinds import FORM_KINDS
from monitor.domain.money import round_half_up
from monitor.domain.scoring_rules import Step
from monitor.errors import Place, Severity
from tests.domain.filled_forms import RULES, cell, changed, form
from tests.ingest.filled_form_files import FUNDS, GOALS, INDICATORS


def ids(of: FilledForm) -> list[str]:
    return sorted({each.id for each in check(of, RULES)})


def test_a_correct_form_has_no_contradiction() -> None:
    assert check(form(), RULES) == []


def test_an_empty_form_says_all_that_is_missing() -> None:
    found = check(FilledForm(form().place), RULES)

    assert {each.id for each in found} == {"F102"}
    assert len(found) == 6


TOTAL = 0
WATER, QUALITY, TIME, BLANK, PEOPLE, CONTENT = range(6)


@pytest.mark.parametrize(
    ("row", "column", "text", "expected"),
    [
        pytest.param(TOTAL, 6, "99", ["F117", "F132"], id="99 on the 10-point row"),
        pytest.param(TOTAL, 6, "9", ["F116", "F132"], id="9 for 96 %"),
        pytest.param(TOTAL, 6, "9.5", [], id="half up to one tenth is tolerated"),
        pytest.param(TOTAL, 6, "9.49", ["F116", "F132"], id="beyond the tolerance"),
        pytest.param(TOTAL, 6, "", ["F135"], id="no points"),
        pytest.param(TOTAL, 5, "86.00%", ["F112"], id="a rate that is not B/A"),
        pytest.param(TOTAL, 5, "96 %", [], id="a rate with a blank"),
        pytest.param(TOTAL, 5, "96", [], id="a rate without a sign"),
        pytest.param(TOTAL, 5, "0.96", [], id="a rate as a share"),
        pytest.param(TOTAL, 5, "九成", ["F104"], id="a rate in words"),
        pytest.param(TOTAL, 1, "0", ["F111"], id="a total of 0 over parts"),
        pytest.param(TOTAL, 1, "", ["F111"], id="a blank total over parts"),
        pytest.param(1, 3, "-96", ["F110", "F111"], id="a negative part"),
        pytest.param(1, 3, "89.974", ["F111"], id="parts that are not the total"),
        pytest.param(1, 3, "待填", ["F105"], id="a part that is open"),
        pytest.param(TOTAL, 3, "10x", ["F104"], id="an amount that is none"),
    ],
)
def test_mistakes_in_the_funds(row: int, column: int, text: str, expected: list[str]) -> None:
    assert ids(form(funds=changed(FUNDS, row, column, text))) == expected


@pytest.mark.parametrize(
    ("row", "column", "text", "expected"),
    [
        pytest.param(WATER, 6, "21", ["F117", "F132"], id="points above the weight"),
        pytest.param(WATER, 4, "18座", ["F136", "F137"], id="missed, full points, no reason"),
        pytest.param(WATER, 4, "", ["F134"], id="points without an actual"),
        pytest.param(WATER, 4, "水窖", [], id="an actual that nobody can compare"),
        pytest.param(PEOPLE, 7, "", ["F136"], id="missed without a reason"),
        pytest.param(PEOPLE, 6, "30", ["F132", "F137"], id="full points for a missed target"),
        pytest.param(PEOPLE, 6, "28", ["F132", "F138"], id="more than in proportion"),
        pytest.param(PEOPLE, 6, "26", ["F132"], id="less than in proportion, with a reason"),
        pytest.param(QUALITY, 6, "15", ["F132", "F139"], id="points lost without a reason"),
        pytest.param(QUALITY, 5, "30", ["F130", "F139", "F143"], id="weights of 110"),
        pytest.param(QUALITY, 5, "", ["F131"], id="no weight"),
        pytest.param(QUALITY, 5, "二十", ["F104"], id="a weight in words"),
        pytest.param(QUALITY, 6, "", ["F135"], id="no points"),
        pytest.param(QUALITY, 6, "待填", ["F105"], id="points that are open"),
        pytest.param(QUALITY, 2, "", ["F141"], id="no level 3"),
        pytest.param(QUALITY, 3, "", ["F142"], id="no target"),
        pytest.param(QUALITY, 2, "指标1：修建水窖", [], id="one name with two targets"),
        pytest.param(TIME, 4, "2022年12月", ["F136", "F137"], id="too late"),
    ],
)
def test_mistakes_in_the_indicators(row: int, column: int, text: str, expected: list[str]) -> None:
    assert ids(form(indicators=changed(INDICATORS, row, column, text))) == expected


def test_the_same_indicator_twice_is_told_with_both_places() -> None:
    again = changed(changed(INDICATORS, QUALITY, 2, "指标1：修建水窖"), QUALITY, 3, "≥20座")
    found = check(form(indicators=changed(again, QUALITY, 4, "20座")), RULES)

    assert [each.id for each in found] == ["F140"]
    assert "第 1 行" in found[0].meaning


@pytest.mark.parametrize(
    ("total", "expected"),
    [
        (("100", "96.70"), []),
        (("100", "96.71"), ["F132"]),
        (("100", "106.60"), ["F132", "F133"]),
        (("100", ""), ["F151"]),
        (("100", "待填"), ["F105"]),
        (("100", "优"), ["F104"]),
    ],
)
def test_mistakes_in_the_total(total: tuple[str, str], expected: list[str]) -> None:
    assert ids(form(total=total)) == expected


@pytest.mark.parametrize(
    ("goals", "expected"),
    [
        (("", GOALS[1]), ["F120"]),
        ((GOALS[0], "—"), ["F121"]),
        (("完成项目资金支付89.974万元", GOALS[1]), ["F122"]),
        ((GOALS[0], "农村饮水工程全年支出 100 万元"), ["F122"]),
    ],
)
def test_mistakes_in_the_goals(goals: tuple[str, str], expected: list[str]) -> None:
    assert ids(form(goals=goals)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("89.974万元", True),
        ("2022年度项目预算资金100%支付", True),
        ("及时足额发放补助资金", True),
        ("投入100万元，硬化道路3公里", False),
        ("完成教师培训300人次，支出20万元", False),
        ("保障机关正常运转", False),
    ],
)
def test_a_money_sentence_says_nothing_but_money(text: str, expected: bool) -> None:
    assert is_money_sentence(text) is expected


def with_funds(*total: str, **others: Any) -> FilledForm:
    rows = [total, *[(name, "", "", "", "", "", "") for name, *_ in FUNDS[1:]]]
    return form(funds=rows, **others)


def test_a_budget_of_0_is_an_error() -> None:
    assert ids(with_funds("年度资金总额", "0", "0", "0", "10", "", "待填")) == ["F105", "F113"]


def test_a_budget_wholly_taken_back_asks_for_a_decision() -> None:
    found = check(with_funds("年度资金总额", "100", "0", "0", "10", "—", "待填"), RULES)

    assert [(each.id, each.severity) for each in found] == [
        ("F114", Severity.WARNING),
        ("F105", Severity.NOTE),
    ]


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("32\n30～36 分内由人评分", "32"),
        ("下雨停工\n未达成年度指标值，须说明原因及改进措施", "下雨停工"),
        ("未达成年度指标值，须说明原因及改进措施", ""),
        ("执行率低于90%，须说明原因", ""),
        ("执行率低于90%，须说明原因\n尾款未到期", "执行率低于90%，须说明原因\n尾款未到期"),
        ("教育局\n部门编码 205", "教育局"),
        ("8.60 系统测算", "8.60"),
        ("草稿已送审", "草稿已送审"),
    ],
)
def test_hints_left_under_what_a_person_wrote_are_no_part_of_it(text: str, content: str) -> None:
    assert cell(text).content == content


def test_a_cost_below_a_sum_without_a_sign_is_within_its_limit() -> None:
    cost = ["产出指标(50分)", "成本指标", "预算控制数", "100万元", "96万元", "10", "10", ""]
    rows = [list(row) for row in INDICATORS]
    rows[1][5] = rows[1][6] = "10"
    rows[3] = cost

    assert ids(form(indicators=rows)) == []
    assert ids(form(indicators=changed(rows, 3, 4, "104万元"))) == ["F136", "F137"]


def test_a_budget_wholly_taken_back_needs_no_points_of_its_execution() -> None:
    taken = with_funds("年度资金总额", "100", "0", "0", "10", "—", "—", total=("100", "87.00"))

    assert ids(taken) == ["F114"]


def test_a_reason_that_may_not_be_needed_is_not_counted_as_open() -> None:
    waiting = changed(changed(changed(INDICATORS, 0, 5, "待填"), 0, 6, "待填"), 0, 7, "待填")
    [found] = check(form(indicators=[*waiting], total=("100", "待填")), RULES)

    assert (found.id, found.meaning) == ("F105", "还有 3 处待填。")


def test_a_budget_said_to_be_taken_back_needs_no_initial_one() -> None:
    told = {"execution_reason": cell("预算已由财政收回")}

    assert "F114" in ids(with_funds("总额", "", "0", "0", "10", "—", "待填", **told))


def test_more_paid_than_budgeted_is_a_question() -> None:
    over = with_funds("年度资金总额", "100", "100", "101", "10", "101%", "10")

    assert ids(over) == ["F115", "F132"]


@pytest.mark.parametrize(("paid", "expected"), [("89.99", ["F118"]), ("90.00", [])])
def test_a_rate_below_90_percent_asks_for_a_reason(paid: str, expected: list[str]) -> None:
    low = with_funds("年度资金总额", "100.00", "100.00", paid, "10", f"{paid}%", "9",
                     total=("100", "96.00"))  # fmt: skip

    assert ids(low) == expected
    assert ids(replace(low, execution_reason=cell("招标流标"))) == []
    assert ids(replace(low, texts=(cell("招标流标"),))) == []


@pytest.mark.parametrize(
    ("column", "expected"),
    [("存在问题", []), ("存在问题及改进措施", []), ("改进措施", ["F118"]), ("评价结论", ["F118"])],
)
def test_measures_and_conclusions_are_no_reason_of_a_low_rate(
    column: str, expected: list[str]
) -> None:
    low = with_funds("年度资金总额", "100.00", "100.00", "80.00", "10", "80.00%", "8",
                     total=("100", "95.00"))  # fmt: skip
    said = FormCell("加强项目管理", Place("自评表.docx", 1, column=column))

    assert ids(replace(low, texts=(said,))) == expected


@pytest.mark.parametrize(
    ("printed", "expected"), [("110", ["F144"]), ("100", []), ("90", []), ("", [])]
)
def test_the_weight_printed_at_the_total_is_the_sum_of_the_rows(
    printed: str, expected: list[str]
) -> None:
    assert ids(form(total=(printed, "96.60"))) == expected


@pytest.mark.parametrize("amount", ["0.00000001", "-0.00000001"])
def test_amounts_next_to_nothing_are_compared_too(amount: str) -> None:
    tiny = with_funds("年度资金总额", "", "0.00000001", amount, "10", "100%", "10")

    assert check(tiny, RULES)


def test_points_by_steps_are_right_where_the_rule_set_says_so() -> None:
    by_steps = replace(RULES, execution_steps=(Step(9_500, 10_000), Step(8_000, 8_000)))
    full = form(funds=changed(FUNDS, 0, 6, "10"), total=("100", "97"))

    assert check(full, by_steps) == []
    assert ids(full) == ["F116"]


def test_one_indicator_may_have_all_the_weight() -> None:
    one = [("产出指标", "数量指标", "修建水窖", "≥20座", "20座", "90", "90", "")]

    assert ids(form(indicators=one, total=("100", "99.6"))) == []


def test_a_form_without_a_weight_of_execution_may_make_90_or_100() -> None:
    rows = changed(changed(FUNDS, 0, 4, "－"), 0, 6, "－")

    assert ids(form(funds=rows, total=("90", "87"))) == []


@pytest.mark.parametrize(("printed", "expected"), [("优", []), ("良好", ["F150"]), ("通过", [])])
def test_a_printed_grade_is_that_of_the_total(printed: str, expected: list[str]) -> None:
    assert ids(form(grade=cell(printed))) == expected


def test_marks_and_evidence_of_our_own_drafts_are_not_part_of_a_figure() -> None:
    marked = changed(FUNDS, 0, 3, "96.00\n系统测算：据支付明细")

    assert ids(form(funds=marked)) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("１，２３４．５", "1234.5"),
        ("￥12.30", "12.3"),
        ("(5.00)", "-5"),
        ("−5", "-5"),
        ("86 %", "86"),
        (".5", "0.5"),
        ("8.60分", "8.6"),
    ],
)
def test_numbers_as_people_type_them(text: str, value: str) -> None:
    found = number(text)

    assert found is not None
    assert found.value == Decimal(value)


@pytest.mark.parametrize("text", ["", "十", "1,23", "12..3", "10²", "5-6", "(-5)", "12人", "1e5"])
def test_what_is_no_number(text: str) -> None:
    assert number(text) is None


def test_the_catalogue_has_each_id_once() -> None:
    listed = [kind.id for kind in FORM_KINDS]

    assert len(set(listed)) == len(listed) > 30


# Generated forms: correct in themselves, then with one mistake.

fen = st.integers(1, 10**9)


@st.composite
def correct(draw: st.DrawFn) -> FilledForm:
    """A form whose figures follow from each other, printed to two to six decimals of 万元."""
    fiscal, other = draw(fen), draw(st.integers(0, 10**9))
    budget = fiscal + other
    paid_fiscal = draw(st.integers(0, fiscal))
    paid_other = draw(st.integers(0, other))
    paid = paid_fiscal + paid_other
    rate = round_half_up(paid * 10_000, budget)
    execution = Decimal(round_half_up(paid * 1000, budget)).scaleb(-2)
    weights = draw(st.lists(st.integers(1, 30), min_size=1, max_size=8))
    weights.append(90 - sum(weights) % 90)
    scale = sum(weights)
    rows: list[list[str]] = []
    total = execution
    for n, weight in enumerate(weights):
        full = Decimal(weight * 90) / scale
        full = full.quantize(Decimal("0.0001"))
        if n == len(weights) - 1:
            full = 90 - sum((Decimal(row[5]) for row in rows), Decimal(0))
        share = draw(st.integers(0, 100))
        points = (full * share / 100).quantize(Decimal("0.01"), rounding="ROUND_DOWN")
        total += points if share < 100 else full
        shown = f"{points}" if share < 100 else f"{full}"
        reason = "" if share == 100 else "见说明"
        target, actual = "≥100%", f"{share}%"
        rows.append(
            ["产出指标", "质量指标", f"合格率{n}", target, actual, f"{full}", shown, reason]
        )
    money = [
        ["年度资金总额", wan(budget), wan(budget), wan(paid), "10",
         f"{rate / 100:.2f}%", f"{execution}"],
        ["其中：当年财政拨款", wan(fiscal), wan(fiscal), wan(paid_fiscal), "－", "", "－"],
        ["其他资金", wan(other), wan(other), wan(paid_other), "－", "", "－"],
    ]  # fmt: skip
    return form(funds=money, indicators=rows, total=("100", f"{total}"),
                execution_reason=cell("按进度支付"))  # fmt: skip


def wan(amount: int) -> str:
    """In 万元, without idle zeros beyond two decimals."""
    whole, rest = divmod(amount, 1_000_000)
    return f"{whole}." + f"{rest:06d}".rstrip("0").ljust(2, "0")


@given(correct())
def test_a_generated_correct_form_has_no_contradiction(of: FilledForm) -> None:
    assert [str(each) for each in check(of, RULES)] == []


@given(correct(), st.data())
def test_a_point_moved_in_a_generated_form_is_found(of: FilledForm, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(of.indicators) - 1))
    row = of.indicators[at]
    more = Decimal(row.points.text) + data.draw(st.integers(1, 50))
    rows = list(of.indicators)
    rows[at] = replace(row, points=cell(f"{more}"))

    assert "F132" in ids(replace(of, indicators=tuple(rows)))


@given(correct(), st.integers(2, 1000))
def test_a_total_that_its_parts_do_not_make_is_found(of: FilledForm, more: int) -> None:
    stated = number(of.funds[0].paid.text) if of.funds[0].paid else None
    assert stated is not None
    first = replace(of.funds[0], paid=cell(f"{stated.value + more:.2f}"))

    assert "F111" in ids(replace(of, funds=(first, *of.funds[1:])))
