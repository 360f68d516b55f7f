"""Saved rules: they speak last, must agree, and a preview is what they then do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.matching import Directory, Known, Match, MatchRule, Remembered, Wording

UNIT, UNIT_NAME = "430001", "机关事务服务中心"
WATER, POWER = "13022925P00JXC4198951", "13022925P00JXC419610D"
PROJECTS = (
    Known(1, 2025, UNIT, UNIT_NAME, WATER, "水费"),
    Known(2, 2025, UNIT, UNIT_NAME, POWER, "综合办公楼运行"),
)


@dataclass(frozen=True)
class Row:
    purpose: str = ""
    payee: str = ""
    project_code: str = ""
    project_name: str = ""
    unit_code: str = UNIT
    unit_name: str = ""
    pay_date: date = date(2025, 3, 5)


def rule(number: int = 1, project: str = POWER, **says: str) -> MatchRule:
    return MatchRule(number, 2025, UNIT, project, **(says or {"purpose": "电费"}))


def found(row: Row, *rules: MatchRule) -> Match | None:
    return Directory(PROJECTS, rules=rules).match_row(row, row.purpose, row.payee)


def test_a_rule_matches_by_the_words_of_the_purpose_and_says_so() -> None:
    match = found(Row("支付 3 月电　费"), rule())

    assert match == Match(2, "rule")
    assert match.rules == (1,)
    assert match.reason == "规则 1（单位 430001，用途含“电费”）"


@pytest.mark.parametrize(
    "row",
    [
        Row("水费"),
        Row("电费", unit_code="430002"),
        Row("电费", pay_date=date(2024, 3, 5)),
        Row(""),
    ],
)
def test_a_rule_says_nothing_of_other_rows(row: Row) -> None:
    assert found(row, rule()) is None


def test_all_conditions_and_all_words_of_a_condition_are_asked_for() -> None:
    strict = rule(purpose="办公楼 电费", payee="国网", project_name="运行")

    assert found(Row("办公楼3月电费", "国网玉田供电公司", "", "日常运行"), strict)
    assert not found(Row("3月电费", "国网玉田供电公司", "", "日常运行"), strict)
    assert not found(Row("办公楼电费", "玉田自来水公司", "", "日常运行"), strict)
    assert not found(Row("办公楼电费", "国网玉田供电公司", "", "其他"), strict)


def test_rules_that_disagree_leave_the_row_open_and_those_that_agree_match() -> None:
    row = Row("水费电费")

    assert found(row, rule(1), rule(2, WATER, purpose="水费")) is None
    match = found(row, rule(1), rule(2, purpose="水费"))
    assert match == Match(2, "rule")
    assert match.rules == (1, 2)


def test_a_rule_never_overrides_code_name_or_decision() -> None:
    says_power = rule()
    decided = Remembered(2025, UNIT, "", "", "楼宇费用", 1)
    directory = Directory(PROJECTS, rules=[says_power], remembered=[decided])

    for row, match in (
        (Row("电费", project_code=WATER), Match(1, "code")),
        (Row("电费", project_name="水费"), Match(1, "name")),
        (Row("电费", project_name="楼宇费用"), Match(1, "remembered")),
    ):
        assert directory.match_row(row, row.purpose, row.payee) == match


def test_a_rule_without_a_year_holds_in_every_year_that_has_its_project() -> None:
    always = MatchRule(1, None, UNIT, POWER, purpose="电费")
    other = Known(7, 2026, UNIT, UNIT_NAME, POWER, "综合办公楼运行")
    directory = Directory([*PROJECTS, other], rules=[always])

    def key(year: int) -> int | None:
        match = directory.match_row(Row(pay_date=date(year, 1, 5)), "电费", "")
        return match.key if match else None

    assert [key(year) for year in (2024, 2025, 2026)] == [None, 2, 7]


def test_a_rule_finds_the_unit_by_its_name_where_the_list_has_no_code() -> None:
    assert found(Row("电费", unit_code="", unit_name=UNIT_NAME), rule()) == Match(2, "rule")


@pytest.mark.parametrize(
    ("saved", "said"),
    [
        (MatchRule(1, 2025, "", POWER, purpose="电费"), "单位编码"),
        (MatchRule(1, 2025, UNIT, " ", purpose="电费"), "项目编码"),
        (MatchRule(1, 2025, UNIT, POWER, purpose=" ", payee="　"), "用途、收款人、项目名称"),
    ],
)
def test_a_rule_that_would_take_everything_is_refused(saved: MatchRule, said: str) -> None:
    assert [said in fault for fault in saved.faults] == [True]
    assert found(Row("电费"), saved) is None


def test_only_wordings_of_a_rules_unit_and_name_ask_for_their_rows() -> None:
    directory = Directory(PROJECTS, rules=[rule(purpose="电费", project_name="运行")])

    assert directory.asks_rows(2025, Wording(UNIT, "", "", "日常运行"))
    assert not directory.asks_rows(2025, Wording(UNIT, "", "", "其他"))
    assert not directory.asks_rows(2025, Wording("430002", "", "", "日常运行"))
    assert not directory.asks_rows(2025, Wording(UNIT, "", POWER, "日常运行"))
    assert not directory.asks_rows(2024, Wording(UNIT, "", "", "日常运行"))


def test_a_preview_shows_what_is_taken_what_has_a_code_and_what_is_disputed() -> None:
    plain, coded = Row("电费"), Row("电费", project_code="13022925X000000000001")
    disputed, known = Row("水费电费"), Row("电费", project_code=WATER)
    directory = Directory(PROJECTS, rules=[rule(1, WATER, purpose="水费 电费")])

    shown = directory.preview(rule(2), [plain, coded, disputed, known, Row("租金")])
    assert shown.taken == (plain, coded)
    assert shown.coded == (coded,)
    assert shown.disputed == (disputed,)  # the older rule has matched it; both would leave it open


def test_a_preview_of_two_rules_with_different_projects_is_disputed() -> None:
    others = [rule(1, WATER, purpose="水费"), rule(2, purpose="气费")]
    row = Row("水费气费电费")

    shown = Directory(PROJECTS, rules=others).preview(rule(3), [row])
    assert (shown.taken, shown.disputed) == ((), (row,))


WORDS = st.sampled_from(["电费", "水费", "气费", "物业", "楼"])
RULES = st.lists(
    st.builds(
        MatchRule,
        st.integers(1, 99),
        st.just(2025),
        st.just(UNIT),
        st.sampled_from([WATER, POWER]),
        purpose=WORDS,
    ),
    max_size=4,
    unique_by=lambda each: each.id,
)
ROWS = st.lists(st.builds(Row, st.lists(WORDS, max_size=3).map("、".join)), max_size=6)


@given(RULES, ROWS, WORDS)
def test_a_preview_is_what_the_rule_then_does(
    rules: list[MatchRule], rows: list[Row], word: str
) -> None:
    new = MatchRule(100, 2025, UNIT, POWER, purpose=word)
    before, after = Directory(PROJECTS, rules=rules), Directory(PROJECTS, rules=[*rules, new])

    def gained(row: Row) -> bool:
        return not before.match_row(row, row.purpose, "") and bool(
            after.match_row(row, row.purpose, "")
        )

    def opened(row: Row) -> bool:
        return word in row.purpose and after.match_row(row, row.purpose, "") is None

    shown = before.preview(new, rows)
    assert shown.taken == tuple(row for row in rows if gained(row))
    assert shown.disputed == tuple(row for row in rows if opened(row))


@given(RULES, ROWS, st.randoms())
def test_the_order_of_rules_never_matters(
    rules: list[MatchRule], rows: list[Row], chance: Random
) -> None:
    mixed = list(rules)
    chance.shuffle(mixed)
    one, other = Directory(PROJECTS, rules=rules), Directory(PROJECTS, rules=mixed)

    for row in rows:
        assert one.match_row(row, row.purpose, "") == other.match_row(row, row.purpose, "")
