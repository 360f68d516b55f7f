"""What is outside monitoring: by the office's rules, by a decision, never a project's own code."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.outside import (
    OutsideDecision,
    OutsideDecisions,
    OutsideRules,
    words_of,
)
from monitor.errors import ConfigError
from monitor.ingest.outside_settings import read_outside
from monitor.ingest.shipped import shipped

PROJECT = "13022925P00JXC4198855"
WHEN = datetime(2025, 4, 1, 8, tzinfo=UTC)
SHIPPED = read_outside(tomllib.loads(shipped("rules/outside.toml")))


@dataclass(frozen=True)
class Said:
    """A row's wording."""

    unit_code: str = "434001"
    project_code: str = "GZ0001"
    project_name: str = "在职人员工资"
    category: str = ""
    economic: str = ""


def rules(text: str) -> OutsideRules:
    return read_outside(tomllib.loads(text))


def one(conditions: str) -> OutsideRules:
    return rules(f'[[rules]]\nid = "r"\ntext = "说明"\n{conditions}\n')


@pytest.mark.parametrize(
    "category",
    [
        "基本支出",
        " 基本 支出 ",
        "1 基本支出",
        "[1]基本支出",
        "基本支出-人员经费",
        "１１－人员类项目",
        "运转类：公用经费项目",
        "人员经费（统发）",
    ],
)
def test_a_category_of_basic_spending_is_outside_by_the_shipped_rules(category: str) -> None:
    assert SHIPPED.reason(Said(category=category)) == "支出类别为基本支出（规则 category）"


@pytest.mark.parametrize(
    "category",
    ["", "项目支出", "非基本支出", "项目支出-人员经费", "运转类/其他运转类项目", "特定目标类", "2"],
)
def test_a_category_of_project_spending_is_not_outside(category: str) -> None:
    assert SHIPPED.reason(Said(category=category)) is None


def test_by_the_shipped_rules_only_the_category_decides() -> None:
    names = ("劳务派遣人员经费", "基本支出", "公用经费")
    for name in names:
        assert SHIPPED.rule(Said(project_name=name, economic="30101-基本工资")) is None
    assert SHIPPED.rule(Said(project_code="13022925R00JXC4198855")) is None


def test_the_code_of_a_project_is_never_outside() -> None:
    written = Said(project_code=" 13022925p00jxc4198855", category="基本支出")

    assert SHIPPED.rule(written) is not None
    assert SHIPPED.rule(written, known={PROJECT}) is None


@given(st.sampled_from(["", "基本支出", "人员类"]), st.sampled_from(["", "30101", "303"]))
def test_no_rule_at_all_wins_over_a_known_code(category: str, economic: str) -> None:
    everything = rules(
        f"""
        [[rules]]
        id = "a"
        text = "编码"
        code = ["{PROJECT}"]
        [[rules]]
        id = "b"
        text = "开头"
        code_prefix = ["130"]
        [[rules]]
        id = "c"
        text = "类别位"
        code_class = {{ length = 21, position = 9, characters = ["P"] }}
        """
    )
    said = Said(project_code=PROJECT, category=category, economic=economic)

    assert everything.rule(said) is not None
    assert everything.rule(said, known={PROJECT}) is None


def test_codes_are_compared_whole_or_by_their_beginning() -> None:
    both = one('code = ["130-1"]\ncode_prefix = ["gz", "GW"]')

    for code in ("130-1", "GZ0001", "ｇｗ 2"):
        assert both.rule(Said(project_code=code)) is not None, code
    for code in ("", "130-11", "0GZ"):
        assert both.rule(Said(project_code=code)) is None, code


@pytest.mark.parametrize(
    "cell", ["30101", "301", "30101-基本工资", "[30101]基本工资", "３０１０１"]
)
def test_an_economic_class_is_known_by_the_beginning_of_its_code(cell: str) -> None:
    assert one('economic = ["301"]').rule(Said(economic=cell)) is not None


@pytest.mark.parametrize("cell", ["", "30201", "50101", "23010", "工资福利支出", "302-301"])
def test_another_economic_class_is_not_outside(cell: str) -> None:
    assert one('economic = ["301"]').rule(Said(economic=cell)) is None


def test_an_economic_class_written_without_its_code_is_known_by_its_whole_name() -> None:
    by_name = one('economic = ["工资福利支出"]')

    assert by_name.rule(Said(economic="301 工资福利支出")) is not None
    assert by_name.rule(Said(economic="工资福利支出")) is not None
    assert by_name.rule(Said(economic="其他工资福利支出")) is None


def test_a_class_in_the_code_counts_for_codes_of_that_length_only() -> None:
    by_class = one('code_class = { length = 21, position = 9, characters = ["r", "Y"] }')

    assert by_class.rule(Said(project_code="13022925R00JXC4198855")) is not None
    assert by_class.rule(Said(project_code="13022925P00JXC4198855")) is None
    assert by_class.rule(Said(project_code="13022925R00JXC419885")) is None
    assert by_class.rule(Said(project_code="")) is None


def test_a_slip_in_the_place_of_the_class_of_a_known_code_is_not_outside() -> None:
    by_class = one('code_class = { length = 21, position = 9, characters = ["R"] }')
    slipped = Said(project_code="13022925R00JXC4198855")

    assert by_class.rule(slipped, known={PROJECT}) is None
    assert by_class.rule(slipped, known={"13022925P00JXC4198951"}) is not None


def test_all_conditions_of_a_rule_must_hold_and_the_first_rule_speaks() -> None:
    two = rules(
        """
        [[rules]]
        id = "narrow"
        text = "教育局工资"
        unit = ["360"]
        economic = ["301"]
        [[rules]]
        id = "wide"
        text = "统发工资"
        code_prefix = ["GZ"]
        """
    )

    school = Said(unit_code="360001", economic="30101")
    assert two.reason(school) == "教育局工资（规则 narrow）"
    assert two.reason(replace(school, economic="30201")) == "统发工资（规则 wide）"
    assert two.reason(Said(economic="30101")) == "统发工资（规则 wide）"
    assert two.reason(Said(project_code="X", economic="30101")) is None


def test_the_commented_examples_of_the_shipped_file_are_rules_that_can_be_read() -> None:
    lines = shipped("rules/outside.toml").splitlines()
    start = lines.index("[[rules]]")
    begun = ("# [[rules]]", "# id =", "# text =", "# code", "# economic =")
    plain = [line.removeprefix("# ") if line.startswith(begun) else line for line in lines[start:]]

    read = rules("\n".join(plain))

    assert [rule.id for rule in read.rules] == [
        "category",
        "codes",
        "prefix",
        "code-class",
        "economic",
    ]


def test_without_rules_nothing_is_outside() -> None:
    assert rules("").reason(Said(category="基本支出")) is None


def test_all_mistakes_of_the_file_come_in_one_message() -> None:
    with pytest.raises(ConfigError) as refused:
        rules(
            """
            rule = 1
            [[rules]]
            id = "一"
            category = []
            [[rules]]
            id = "same"
            text = "说明"
            unit = ["360"]
            [[rules]]
            id = "same"
            text = "说明"
            economic = ["3", "301工资"]
            code_class = { length = 21, position = 22, characters = ["R"] }
            categories = ["基本支出"]
            [[rules]]
            id = "d"
            text = "说明"
            category = ["基本支出-人员"]
            code = "GZ"
            """
        )

    assert str(refused.value) == (
        "rules/outside.toml 有误：不认识 rule；"
        "第 1 条规则的 id 应为字母、数字和 - 组成的编号；"
        "第 1 条规则缺少 text（一行说明）；"
        "第 1 条规则的 category 应为一列加引号的文字，不能是空的；"
        "第 2 条规则没有条件，至少写 category、economic、code、code_prefix、code_class 之一；"
        "第 3 条规则不认识 categories；"
        "第 3 条规则的 economic 中“3”应为三位以上的编码，或单独的名称；"
        "第 3 条规则的 economic 中“301工资”应为三位以上的编码，或单独的名称；"
        '第 3 条规则的 code_class 应写成 { length = 21, position = 9, characters = ["R"] }，'
        "位数从 1 数起，不超过总长度；"
        "第 4 条规则的 category 中“基本支出-人员”应写成一个词，不带编码和分隔符；"
        "第 4 条规则的 code 应为一列加引号的文字，不能是空的；"
        "编号 same 写了两次。"
    )


@pytest.mark.parametrize(
    "table",
    [
        "{ length = 21, position = 9 }",
        "{ length = true, position = 1, characters = ['R'] }",
        "{ length = 21, position = 0, characters = ['R'] }",
        "{ length = 21, position = 9, characters = [] }",
        "{ length = 21, position = 9, characters = ['RY'] }",
        "{ length = 21, position = 9, characters = ['人'] }",
        "[21, 9, 'R']",
    ],
)
def test_an_unclear_class_in_the_code_is_refused(table: str) -> None:
    with pytest.raises(ConfigError, match="code_class 应写成"):
        one(f"code_class = {table}")


def test_rules_that_are_no_list_are_refused() -> None:
    with pytest.raises(ConfigError, match="若干节"):
        rules("rules = 3")


@given(st.text(st.characters(categories=["Lo"]), min_size=1), st.sampled_from("-:/()[]、"))
def test_the_words_of_a_cell_are_what_stands_between_its_signs(word: str, sign: str) -> None:
    alone = words_of(word)

    assert words_of(f"21 {word}{sign}{word}") == alone


def decision(id_: int, code: str, *, unit: str = "", year: int | None = None) -> OutsideDecision:
    return OutsideDecision(id_, code, "代管资金", WHEN, "王某", year=year, unit_code=unit)


def test_a_decision_for_a_code_holds_for_all_its_later_payments() -> None:
    decisions = OutsideDecisions.of([decision(1, "dg 01")])

    for year in (2024, 2025):
        found = decisions.find(Said(project_code="ＤＧ01"), year)
        assert found is not None
        assert found.reason == "代管资金"
    assert decisions.find(Said(project_code="DG02"), 2025) is None
    assert decisions.find(Said(project_code=""), 2025) is None


def test_a_decision_does_not_win_over_a_project_with_that_code() -> None:
    decisions = OutsideDecisions.of([decision(1, PROJECT)])

    assert decisions.find(Said(project_code=PROJECT), 2025, known={PROJECT}) is None


def test_the_decision_for_the_very_unit_and_year_goes_first() -> None:
    listed = [
        decision(1, "DG"),
        decision(2, "DG", year=2025),
        decision(3, "DG", unit="434001", year=2025),
        decision(4, "DG", unit="434002", year=2025),
    ]
    for order in (listed, listed[::-1]):
        decisions = OutsideDecisions.of(order)
        for unit, year, wanted in [
            ("434001", 2025, 3),
            ("434001", 2024, 1),
            ("434003", 2025, 2),
            ("434003", 2024, 1),
        ]:
            found = decisions.find(Said(unit, "DG"), year)
            assert found is not None
            assert found.id == wanted
