"""What a reviewer strikes out (domain notes, section 2)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitor.domain.advice import AdviceRules, Filled, advise
from monitor.domain.target import Indicator
from monitor.domain.target_value import parse_target

RULES = AdviceRules(
    payment=("(资金|预算|经费).{0,4}(支付率|执行率|完成率)",),
    paid=("支付", "发放"),
    payment_exceptions=("及时", "准确", "人员"),
    vague=("进一步", "按要求", "推动"),
    survey=("问卷", "回访"),
    level2=(("数量", ("人数$",)), ("时效", ("及时率$",)), ("满意度", ("满意度",))),
    ignored=("的", "提升", "提高"),
    same_least=4,
    copied_least=30,
)


def filled(
    level2: str, level3: str, target: str, actual: str = "", evidence: str = "", about: str = ""
) -> Filled:
    value = parse_target(target)
    return Filled(Indicator("", level2, level3, about, target, value, ""), actual, evidence)


@pytest.mark.parametrize(
    ("level2", "level3", "target"),
    [("数量指标", "支付经费数量", "100%"), ("成本指标", "预算资金完成率", "≥95%")],
)
def test_an_indicator_that_repeats_the_payment_is_named(
    level2: str, level3: str, target: str
) -> None:
    (said,) = advise([filled(level2, level3, target)], RULES)

    assert said.startswith(f"只重复资金支付：“{level3}”。")


@pytest.mark.parametrize(
    ("level2", "level3", "target"),
    [
        ("时效指标", "资金支付及时率", "100%"),
        ("数量指标", "支付工资人员", "16人"),
        ("质量指标", "支付经费准确率", "100%"),
        ("数量指标", "培训人数", "≥30人"),
        ("成本指标", "不超出预算金额", "不超出预算金额"),
        ("可持续影响指标", "长期使用", "是/否"),
    ],
)
def test_a_sound_indicator_is_left_alone(level2: str, level3: str, target: str) -> None:
    assert advise([filled(level2, level3, target)], RULES) == ()


@pytest.mark.parametrize("target", ["进一步推动", "按要求支出", "提高生活质量"])
def test_a_vague_target_is_named(target: str) -> None:
    (said,) = advise([filled("社会效益指标", "提高生活质量", target)], RULES)

    assert said.startswith("指标值空泛")


def test_words_with_a_figure_are_not_vague() -> None:
    assert advise([filled("社会效益指标", "带动就业", "推动3个村就业")], RULES) == ()


@pytest.mark.parametrize(
    ("level2", "target"), [("质量指标", ""), ("质量指标", "≥95"), ("数量指标", "是/否")]
)
def test_a_target_without_figure_or_unit_is_named(level2: str, target: str) -> None:
    (said,) = advise([filled(level2, "综合保障", target)], RULES)

    assert said.startswith("指标值没有数值或计量单位")


@pytest.mark.parametrize(
    ("level3", "target"), [("赔付次数", "≥90%"), ("工资发放准确率", "16人"), ("次数（次）", "5次")]
)
def test_a_unit_that_does_not_fit_is_named(level3: str, target: str) -> None:
    said = advise([filled("质量指标", level3, target)], RULES)

    assert [each[:10] for each in said] == (["指标值的单位与指标不"] if "（" not in level3 else [])


def test_the_efficiency_of_work_is_no_rate() -> None:
    assert advise([filled("社会效益指标", "提高办事效率", "5天")], RULES) == ()


def test_the_same_indicator_twice_is_named_with_both_levels() -> None:
    pair = [filled("质量指标", "提升办公环境", "是/否"), filled("社会效益指标", "办公环境的", "是")]

    assert advise(pair, RULES) == (
        "指标重复：“提升办公环境”（质量指标）“办公环境的”（社会效益指标）。宜合并或改为不同的指标。",
    )


def test_short_names_may_be_alike() -> None:
    assert advise([filled("质量指标", "完成", "是"), filled("时效指标", "完成", "是")], RULES) == ()


def test_a_level_3_under_the_wrong_level_2_is_named() -> None:
    (said,) = advise([filled("成本指标", "覆盖人数", "≥30人")], RULES)

    assert said == "“覆盖人数”放在成本指标下，像是数量指标。请核对二级指标。"


def test_what_is_filled_in_needs_evidence() -> None:
    bare = filled("数量指标", "培训班", "≥3期", actual="3期")

    assert advise([bare], RULES)[0].startswith("填了实际完成值而没有佐证资料")
    assert advise([replace(bare, evidence="签到表")], RULES) == ()
    assert advise([replace(bare, actual="")], RULES) == ()


def test_satisfaction_needs_a_survey() -> None:
    bare = filled("服务对象满意度指标", "群众满意度", "≥90%", actual="95%", evidence="工作总结")

    assert [each[:12] for each in advise([bare], RULES)] == ["满意度没有写明怎样调查："]
    assert advise([replace(bare, evidence="问卷 120 份")], RULES) == ()
    assert advise([replace(bare, evidence="")], RULES)[0].startswith("满意度没有写明")


def test_rules_without_words_say_nothing_of_that_kind() -> None:
    quiet = replace(RULES, payment=(), paid=(), vague=(), level2=())
    some = [
        filled("数量指标", "支付经费", "100%"),
        filled("社会效益指标", "社会稳定", "进一步推动"),
        filled("成本指标", "覆盖人数", "≥30人"),
    ]

    assert advise(some, quiet) == ()
