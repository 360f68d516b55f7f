"""Payments find their project by code or by unit and name; the rest gets proposals, no more."""

from __future__ import annotations

from datetime import date

import pytest

from monitor.domain.codes import check_character
from monitor.domain.likeness import name_score, slip
from monitor.domain.matching import (
    Directory,
    Known,
    Match,
    MatchSettings,
    PayeeHistory,
    Remembered,
)
from monitor.domain.payment import Payment, Status

CODE = "13022925P00JXC4198951"
OTHER_UNIT = "暑服中心秦皇岛市山海关区暑期工作服务中心本级"


def _known(
    key: int = 1,
    code: str = CODE,
    name: str = "政府业务费",
    unit: str = "434001",
    unit_name: str = "玉田县人民政府办公室本级",
    year: int = 2025,
) -> Known:
    return Known(key, year, unit, unit_name, code, name)


def _payment(
    code: str = "", name: str = "", unit: str = "434001", unit_name: str = "", year: int = 2025
) -> Payment:
    return Payment(1, "", "", date(year, 3, 5), unit, unit_name, code, name, 100, Status.PAID)


def _checked(body: str) -> str:
    return body + str(check_character(body))


@pytest.mark.parametrize(
    "code", [CODE, CODE.lower(), f"\t{CODE}", "１３０２２９２５Ｐ００ＪＸＣ４１９８９５１"]
)
def test_a_code_matches_however_it_is_typed(code: str) -> None:
    assert Directory([_known()]).match(_payment(code)) == Match(1, "code")


def test_a_code_matches_in_the_year_of_the_payment_alone() -> None:
    directory = Directory([_known(1, year=2024), _known(2, year=2025)])

    assert directory.match(_payment(CODE, year=2024)) == Match(1, "code")
    assert directory.match(_payment(CODE, year=2025)) == Match(2, "code")
    assert directory.match(_payment(CODE, year=2026)) is None


def test_an_unknown_code_never_falls_back_to_the_name() -> None:
    assert Directory([_known()]).match(_payment("13022925P00JXC4198999", "政府业务费")) is None


def test_a_blank_code_matches_by_unit_and_name() -> None:
    assert Directory([_known()]).match(_payment(name=" 政府 业务费")) == Match(1, "name")


@pytest.mark.parametrize("name", ["“创意之家”租赁费", '"创意之家"租赁费', "＂创意之家＂租赁费"])
def test_quotation_marks_are_all_alike_in_names(name: str) -> None:
    assert Directory([_known(name="“创意之家”租赁费")]).match(_payment(name=name))


@pytest.mark.parametrize("name", ["政府业务", "政府业务费用", "", "政府业务费(第1季度)"])
def test_a_name_matches_whole_or_not_at_all(name: str) -> None:
    assert Directory([_known()]).match(_payment(name=name)) is None


def test_two_projects_of_one_name_in_a_unit_are_a_question() -> None:
    directory = Directory([_known(1, "A1"), _known(2, "A2")])

    assert directory.match(_payment(name="政府业务费")) is None
    assert [each.project_code for each in directory.candidates(_payment(name="政府业务费"))] == [
        "A1",
        "A2",
    ]


def test_one_name_in_two_units_is_told_apart_by_the_unit() -> None:
    directory = Directory([_known(1, "A1"), _known(2, "A2", unit="434002", unit_name="乙")])

    assert directory.match(_payment(name="政府业务费", unit="434002")) == Match(2, "name")


@pytest.mark.parametrize("unit_name", [OTHER_UNIT, "秦皇岛市山海关区暑期工作服务中心本级"])
def test_without_a_unit_code_the_units_name_or_its_ending_in_the_glued_name_decides(
    unit_name: str,
) -> None:
    directory = Directory([_known(1), _known(2, "A2", unit="623001", unit_name=OTHER_UNIT)])

    found = directory.match(_payment(name="政府业务费", unit="", unit_name=unit_name))
    assert found == Match(2, "name")


@pytest.mark.parametrize("unit_name", ["", "本级", "中心本级", "暑服中心"])
def test_a_unit_that_is_not_named_for_sure_matches_nothing(unit_name: str) -> None:
    directory = Directory([_known(2, unit="623001", unit_name=OTHER_UNIT)])

    assert directory.match(_payment(name="政府业务费", unit="", unit_name=unit_name)) is None


def test_a_known_name_under_a_foreign_unit_code_matches_nothing() -> None:
    payment = _payment(name="政府业务费", unit="999001", unit_name="玉田县人民政府办公室本级")

    assert Directory([_known()]).match(payment) is None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("13022925PO0JXC4198951", "第 10 位的 O 应为 0"),
        ("1302292P00JXC4198951", "第 8 位缺了 5"),
        ("130229255P00JXC4198951", "第 9 位多了 5"),
        ("13022925P00JXC4189951", "第 17 位起的 89 前后颠倒"),
        ("13022925P00JXC419895", "第 21 位缺了 1"),
    ],
)
def test_a_slip_in_the_code_is_proposed_and_described(wrong: str, said: str) -> None:
    (candidate,) = Directory([_known()]).candidates(_payment(wrong, "别的"))

    assert candidate.project_code == CODE
    assert said in candidate.reasons[0]


def test_two_slips_are_no_slip() -> None:
    assert slip("13022925PO0JXC4198950", CODE) is None
    assert slip(CODE, CODE) is None


def test_more_signs_of_a_slip_make_a_higher_score() -> None:
    right = _checked("13022925P00JXC419895")
    body = right[:9] + "O" + right[10:]
    other = right[:-1] + ("A" if right[-1] != "A" else "B")
    directory = Directory([_known(1, right)])

    (plain,) = directory.candidates(_payment(other, unit="999001"))
    (typed,) = directory.candidates(_payment(body, "政府业务费"))
    assert plain.score < typed.score <= 100
    assert typed.reasons[-2:] == ("单位相同", "项目名称相同")


def test_like_names_of_the_same_unit_are_proposed_best_first_and_five_at_most() -> None:
    names = ["城乡居民医保补助资金", "城乡居民医疗保险补助资金", "办公设备购置"]
    names += [f"城乡居民{each}医保补助资金" for each in "甲乙丙丁戊"]
    directory = Directory(_known(n, f"A{n}", name) for n, name in enumerate(names))

    found = directory.candidates(_payment(name="城乡居民基本医疗保险补助资金"))
    assert found[0].project_code == "A1"
    assert len(found) == 5
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2024年教师培训经费", "2025年教师培训经费"),
        ("第一中学校舍维修", "第二中学校舍维修"),
        ("一中校舍维修经费", "二中校舍维修经费"),
        ("河道治理一期工程", "河道治理二期工程"),
        ("河道治理工程第十一标段", "河道治理工程第十二标段"),
    ],
)
def test_names_whose_numbers_differ_are_not_alike(one: str, other: str) -> None:
    assert name_score(one, other) == 0


@pytest.mark.parametrize(
    ("one", "other"), [("维修费（第1季度）", "维修费(第一季度)"), ("第十二批补助", "第12批补助")]
)
def test_the_same_number_in_chinese_and_in_digits_is_alike(one: str, other: str) -> None:
    assert name_score(one, other) > 70


def test_what_is_foreign_gets_no_proposals() -> None:
    foreign = _payment("13099925P00X480958087", "政府业务费", unit="999001", unit_name="教育局")

    assert Directory([_known()]).candidates(foreign) == []
    assert Directory([]).candidates(foreign) == []
    assert Directory([_known()]).candidates(_payment(name="工资福利支出")) == []


SIBLING = Known(9, 2025, "434001", "", "13022925P00JXC419610D", "残疾人保障金")


@pytest.mark.parametrize(
    "wrong",
    [
        "13022925PO0JXC4198951",
        "1302292P00JXC4198951",
        "130229255P00JXC4198951",
        "13022925P00JXC4189951",
        "13022925P00JXC419895",
        "13022925P00JXC4198957",
    ],
)
def test_a_slip_is_taken_only_where_the_office_wants_it_and_says_why(wrong: str) -> None:
    payment = _payment(wrong, "政府业务费")
    taken = Directory([_known(), SIBLING], take_slips=True).match(payment)

    assert Directory([_known(), SIBLING]).match(payment) is None
    assert taken == Match(1, "slip")
    assert taken.reason.startswith("编码只差一处：第 ")


@pytest.mark.parametrize(
    "payment",
    [
        _payment("13022925P00JXC4198957", "残疾人保障金"),
        _payment("13022925P00JXC4198957", "政府业务费（第二批）"),
        _payment("13022925P00JXC4198957", ""),
        _payment("13022925P00JXC4198957", "政府业务费", unit="434002"),
        _payment("13022925P00JXC4198957", "政府业务费", unit=""),
        _payment("13022925P00JXC4198597", "政府业务费"),
    ],
)
def test_a_slip_is_not_taken_where_name_or_unit_do_not_fit_or_it_takes_two(
    payment: Payment,
) -> None:
    assert Directory([_known(), SIBLING], take_slips=True).match(payment) is None


def test_a_slip_between_two_projects_is_not_taken() -> None:
    other = CODE[:19] + "6" + str(check_character(CODE[:19] + "6"))
    between = CODE[:20] + other[20]
    directory = Directory([_known(1), _known(2, other)], take_slips=True)

    assert directory.match(_payment(between, "政府业务费")) is None
    assert len(directory.candidates(_payment(between, "政府业务费"))) == 2


def test_of_two_codes_the_one_whose_check_character_fails_is_the_mistaken_one() -> None:
    wrong = CODE[:-1] + "7"
    directory = Directory([_known(1, wrong)], take_slips=True)

    assert directory.match(_payment(CODE, "政府业务费")) is None
    (candidate,) = directory.candidates(_payment(CODE, "政府业务费"))
    assert any("可能是绩效目标文本写错" in reason for reason in candidate.reasons)


@pytest.mark.parametrize(
    ("wrong", "taken"),
    [
        ("1302292500001000OO001", False),
        ("130229250000100000O01", True),  # a look-alike
        ("13022925000010000001", True),  # a digit lost
        ("130229240000100000001", False),  # last year's project of the same name
        ("130229250000100000002", False),  # the next project's code
    ],
)
def test_an_older_code_is_taken_for_a_slip_only_if_it_can_be_no_code_of_its_own(
    wrong: str, taken: bool
) -> None:
    directory = Directory([_known(1, "130229250000100000001")], take_slips=True)

    assert bool(directory.match(_payment(wrong, "政府业务费"))) == taken


def _decision(key: int = 1, code: str = "", name: str = "机关运转", year: int = 2025) -> Remembered:
    return Remembered(year, "434001", "", code, name, key)


def test_a_decision_is_remembered_for_the_same_wording() -> None:
    directory = Directory([_known(), SIBLING], remembered=[_decision()])

    assert directory.match(_payment(name="机关　运转")) == Match(1, "remembered")
    assert directory.match(_payment(name="机关运转", unit_name="县府办")) == Match(1, "remembered")
    assert directory.match(_payment(name="机关运转", unit="434002")) is None
    assert directory.match(_payment("13022925X0000000000AB", "机关运转")) is None
    assert directory.match(_payment(name="机关运转", year=2026)) is None


def test_a_code_speaks_louder_than_a_decision_and_a_decision_louder_than_a_name() -> None:
    decided = [_decision(9, CODE, "政府业务费"), _decision(9, "", "政府业务费")]
    directory = Directory([_known(), SIBLING], remembered=decided)

    assert directory.match(_payment(CODE, "政府业务费")) == Match(1, "code")
    assert directory.match(_payment(name="政府业务费")) == Match(9, "remembered")


@pytest.mark.parametrize(
    "decided",
    [
        [_decision(1), _decision(9)],  # decided both ways
        [_decision(77)],  # a project withdrawn since
        [_decision(1, "", "")],  # rows that say nothing are each their own
    ],
)
def test_what_was_decided_differently_or_of_nothing_is_not_remembered(
    decided: list[Remembered],
) -> None:
    directory = Directory([_known(), SIBLING], remembered=decided)

    assert directory.match(_payment(name=decided[0].project_name)) is None


def test_a_unit_code_that_its_unit_name_contradicts_matches_no_name() -> None:
    other = _known(2, "A2", unit="434002", unit_name="玉田县农业农村局")
    directory = Directory([_known(1), other])
    payment = _payment(name="政府业务费", unit="434001", unit_name="玉田县农业农村局")

    assert directory.match(payment) is None
    assert {each.project_code for each in directory.candidates(payment)} == {CODE, "A2"}


def test_a_code_of_two_projects_that_differ_in_case_matches_neither() -> None:
    assert Directory([_known(1, "ab"), _known(2, "AB")]).match(_payment("aB")) is None


def test_purpose_and_payee_move_the_right_project_to_the_top() -> None:
    projects = [
        _known(1, "A1", "机关运行一"),
        Known(2, 2025, "434001", "", "A2", "机关运行二", purpose="保障大院供水供电和绿化"),
    ]
    directory, row = Directory(projects), _payment(name="机关运行")
    history = PayeeHistory()
    history.add("434001", "国网 玉田供电公司", 2, times=3)

    by_purpose = directory.candidates(row, "大院绿化")
    by_payee = directory.candidates(row, "", history.of("434001", "国网玉田供电公司"))
    assert [each.project_code for each in directory.candidates(row)] == ["A1", "A2"]
    assert by_purpose[0].project_code == by_payee[0].project_code == "A2"
    assert "用途“大院绿化”" in by_purpose[0].reasons[-1]
    assert by_payee[0].reasons[-1] == "本单位曾 3 次从该项目付给此收款人"
    assert history.of("434002", "国网玉田供电公司") == {}


def test_a_row_without_a_name_is_proposed_by_its_purpose() -> None:
    directory = Directory([_known(), SIBLING])

    (found,) = directory.candidates(_payment(), "缴纳残疾人保障金款")
    assert found.project_code == SIBLING.project_code


def test_a_purpose_of_another_year_speaks_for_no_project() -> None:
    directory = Directory([_known(1, "A1", "2024年河道治理"), _known(2, "A2", "2025年河道治理")])

    found = directory.candidates(_payment(), "付2025年河道治理款")
    assert [each.project_code for each in found] == ["A2"]


def test_the_same_name_in_another_unit_is_proposed_and_says_so() -> None:
    found = Directory([_known()]).candidates(_payment(name="政府业务费", unit="434010"))

    assert [each.reasons for each in found] == [
        ("单位不同（项目属 434001）", "项目名称相同"),
    ]


def test_a_like_name_is_worth_less_beside_another_code_and_least_beside_a_sound_one() -> None:
    codes = ("", "13099925X00XYZ0000001", _checked("13099925P00XYT000000"))
    found = [Directory([_known()]).candidates(_payment(code, "政府业务费")) for code in codes]

    scores = [each[0].score for each in found]
    assert scores == sorted(set(scores), reverse=True)


def test_the_settings_limit_the_candidates() -> None:
    projects = [_known(n, f"A{n}", f"河道治理{n}标") for n in range(1, 9)]
    few = Directory(projects, settings=MatchSettings(most_candidates=2))
    none = Directory(projects, settings=MatchSettings(least_score=100))

    assert len(few.candidates(_payment(name="河道治理"))) == 2
    assert none.candidates(_payment(name="河道治理")) == []
