"""Names: which can mean the same project, and which cannot at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.likeness import name_score
from monitor.domain.name_fit import name_misfits, same_name

NAMES = st.text("城乡居民医疗保险补助资金经费项目第一二批期2025年（）() ", max_size=20)


@pytest.mark.parametrize(
    ("listed", "project"),
    [
        ("医保补助", "城乡居民基本医疗保险补助资金"),
        ("残保金", "残疾人就业保障金"),
        ("公车运维", "公务用车运行维护费"),
        ("2025年办公设备购置", "办公设备购置"),
        ("办公设备购置（第二批）", "办公设备购置"),
        ("玉田县教育和体育局教师培训经费", "教师培训经费"),
        ("教师轮训", "教师培训经费"),
        ("河道治理一期工程", "河道治理二期工程"),
        ("租金", "租赁费"),
        ("关于下达残保金的通知", "残疾人就业保障金"),
        ("", "政府业务费"),
        ("专项经费", "政府业务费"),
        ("项目支出", "水库维修养护"),
    ],
)
def test_what_may_be_the_same_project_is_no_misfit(listed: str, project: str) -> None:
    assert not name_misfits(listed, project)


@pytest.mark.parametrize(
    ("listed", "project"),
    [
        ("农村厕所改造项目", "政府业务费"),
        ("校舍维修", "残疾人就业保障金"),
        ("车辆保险费", "社区党组织服务群众专项经费"),
        ("法律顾问服务费", "政务服务便民热线外包服务"),  # 服务 is in every second name
    ],
)
def test_what_has_nothing_in_common_is_a_misfit(listed: str, project: str) -> None:
    assert name_misfits(listed, project)


@given(NAMES, NAMES)
def test_fitting_is_mutual_and_a_name_always_fits_itself(one: str, other: str) -> None:
    assert name_misfits(one, other) == name_misfits(other, one)
    assert name_score(one, other) == name_score(other, one)
    assert not name_misfits(one, one)


@given(NAMES, NAMES)
def test_only_the_same_name_scores_a_hundred(one: str, other: str) -> None:
    assert (name_score(one, other) == 100) == same_name(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("第十二批补助资金", "第12批补助"),
        ("维修费（第1季度）", "维修费(第一季度)"),
        ("人居环境-整治项目", "人居环境整治经费"),
    ],
)
def test_marks_numerals_and_generic_words_make_no_other_name(one: str, other: str) -> None:
    assert same_name(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("办公设备购置", "办公设备购置（第二批）"),
        ("办公设备购置", "2025年办公设备购置"),
        ("一中维修", "二中维修"),
        ("维修（1-6月）", "维修（7-12月）"),
        ("", ""),
    ],
)
def test_a_batch_a_year_or_a_number_makes_another_name(one: str, other: str) -> None:
    assert not same_name(one, other)


def test_an_abbreviation_is_more_alike_than_a_name_with_a_word_in_common() -> None:
    project = "城乡居民基本医疗保险补助资金"

    assert name_score("医保补助", project) > name_score("优抚对象补助", project)


def test_words_kept_together_are_more_alike_than_the_same_words_apart() -> None:
    assert name_score("校舍维修", "第一中学校舍维修改造") > name_score(
        "校舍维修", "第一中学校园宿舍维护修缮"
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [("2025年维修", "维修"), ("维修（第二批）", "维修"), ("维修（3月）", "维修一期")],
)
def test_a_number_on_one_side_alone_lowers_the_score_but_does_not_contradict(
    one: str, other: str
) -> None:
    assert 80 < name_score(one, other) < 100
