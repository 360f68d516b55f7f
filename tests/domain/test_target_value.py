"""指标值 understood: every distinct one of the samples, reviewed by hand, and others like them."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.target_value import TargetValue, ValueKind, parse_target

TEXT = TargetValue(ValueKind.TEXT)
YES_NO = TargetValue(ValueKind.YES_NO)


def number(comparison: str, figures: str, unit: str) -> TargetValue:
    return TargetValue(ValueKind.NUMBER, comparison, Decimal(figures), unit=unit)


def day(comparison: str, on: date) -> TargetValue:
    return TargetValue(ValueKind.DATE, comparison, date=on)


def between(lower: str, upper: str, unit: str) -> TargetValue:
    return TargetValue(ValueKind.RANGE, "", Decimal(lower), Decimal(upper), unit)


SAMPLES = {
    "100%": number("=", "100", "%"),
    "≥100%": number("≥", "100", "%"),
    "≥98%": number("≥", "98", "%"),
    "≥95%": number("≥", "95", "%"),
    "≥90%": number("≥", "90", "%"),
    "≥85%": number("≥", "85", "%"),
    "≥10%": number("≥", "10", "%"),
    "≥8%": number("≥", "8", "%"),
    "≥7%": number("≥", "7", "%"),
    "≥5%": number("≥", "5", "%"),
    "100比率": number("=", "100", "%"),
    "≥100比率": number("≥", "100", "%"),
    "≥90比率": number("≥", "90", "%"),
    "≥95百分比": number("≥", "95", "%"),
    "22800平方米": number("=", "22800", "平方米"),
    "≥12000平方米": number("≥", "12000", "平方米"),
    "≤248.96万元": number("≤", "248.96", "万元"),
    "2万元": number("=", "2", "万元"),
    "15元/人": number("=", "15", "元/人"),
    "≤35微克/立方米": number("≤", "35", "微克/立方米"),
    "1个": number("=", "1", "个"),
    "14人": number("=", "14", "人"),
    "16人": number("=", "16", "人"),
    "19人": number("=", "19", "人"),
    "≥30人": number("≥", "30", "人"),
    "10人数": number("=", "10", "人数"),
    "≥10人数": number("≥", "10", "人数"),
    "≥2次": number("≥", "2", "次"),
    "≥10次": number("≥", "10", "次"),
    "≥6次数": number("≥", "6", "次数"),
    "≤180天数": number("≤", "180", "天数"),
    "≤7工作日": number("≤", "7", "工作日"),
    "321辆": number("=", "321", "辆"),
    "≥45批": number("≥", "45", "批"),
    "105场": number("=", "105", "场"),
    "2024年年底": day("=", date(2024, 12, 31)),
    "是/否": YES_NO,
    "是\\否": YES_NO,
    "是否": YES_NO,
    "次": TEXT,
    "不超出预算金额": TEXT,
    "促进劳务派遣人员消费水平": TEXT,
    "促进生态文明建设": TEXT,
    "保证机关正常办公": TEXT,
    "保证法制工作有序开展": TEXT,
    "保障县内金融环境稳定性": TEXT,
    "保障残疾人基本权益": TEXT,
    "保障电子政务中心正常运转": TEXT,
    "办公环境明显改善": TEXT,
    "合理支出": TEXT,
    "按要求支出": TEXT,
    "推动经济社会快速发展": TEXT,
    "提升公益服务水平": TEXT,
    "提升应急处置能力": TEXT,
    "提升法制政府管理水平": TEXT,
    "提升社会稳定水平": TEXT,
    "提高办事效率": TEXT,
    "提高劳务派遣人员生活水平": TEXT,
    "提高政务服务水平": TEXT,
    "提高残疾人就业率": TEXT,
    "提高残疾人生活水平": TEXT,
    "提高毕业生就业率": TEXT,
    "提高社会对公益救助活动的重视水平": TEXT,
    "提高被救助人员生活水平": TEXT,
    "支出不超出预算": TEXT,
    "改善办公环境、提高工作效率": TEXT,
    "节能减排改善生态环境": TEXT,
    "解决群众实际问题，维护社会稳定": TEXT,
    "进一步保障": TEXT,
    "进一步推动": TEXT,
}


def test_the_table_holds_every_target_of_the_samples(samples: Path) -> None:
    truth = json.loads((samples / "targets" / "truth.json").read_text(encoding="utf-8"))

    assert {each["target"] for project in truth for each in project["indicators"]} == set(SAMPLES)


@pytest.mark.parametrize(("text", "value"), SAMPLES.items())
def test_a_target_of_the_samples_is_read_as_reviewed(text: str, value: TargetValue) -> None:
    assert parse_target(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("不低于95%。", number("≥", "95", "%")),
        ("不少于３次", number("≥", "3", "次")),
        ("达到90%以上", number("≥", "90", "%")),
        ("90%（含）以上", number("≥", "90", "%")),
        ("小于35.0微克/立方米", number("<", "35.0", "微克/立方米")),
        ("不超过 5 万元", number("≤", "5", "万元")),
        ("控制在5万元以内", number("≤", "5", "万元")),
        ("3年以内", number("≤", "3", "年")),
        ("3个工作日内", number("≤", "3", "个工作日")),
        ("30分钟以下", number("≤", "30", "分钟")),
        ("＞９５％", number(">", "95", "%")),
        (">=90%", number("≥", "90", "%")),
        ("大于等于90%", number("≥", "90", "%")),
        ("百分之九十五", number("=", "95", "%")),
        ("不低于百分之九十九点五", number("≥", "99.5", "%")),
        ("百分之百", number("=", "100", "%")),
        ("百分之十五", number("=", "15", "%")),
        ("百分之85", number("=", "85", "%")),
        ("≥1,200人次", number("≥", "1200", "人次")),
        ("≥3个乡镇", number("≥", "3", "个乡镇")),
        ("22800m2", number("=", "22800", "m2")),
        ("95", number("=", "95", "")),
        ("0", number("=", "0", "")),
        ("1-2次", between("1", "2", "次")),
        ("90%～95%", between("90", "95", "%")),
        ("2024年12月31日前", day("≤", date(2024, 12, 31))),
        ("2024年6月底前完成", day("≤", date(2024, 6, 30))),
        ("2024年2月末", day("=", date(2024, 2, 29))),
        ("2024-12-31", day("=", date(2024, 12, 31))),
        ("基本满意", TargetValue(ValueKind.BAND)),
        ("", TargetValue(ValueKind.BLANK)),
        (" \t\n", TargetValue(ValueKind.BLANK)),
    ],
)
def test_other_spellings_are_understood(text: str, value: TargetValue) -> None:
    assert parse_target(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "不低于100%，完成值100%。",
        "12月31日前",
        "12月",
        "4季度",
        "2024年",
        "2024年内",
        "2024年12月",
        "2023年2月30日",
        "2024.6-30",
        "95%左右",
        "约100人",
        ">95%以下",
        "控制在5万元",
        "控制在预算以内",
        "1-2",
        "5-1次",
        "2023-2024年",
        "3-5月",
        "1，200人",
        "1,2000人",
        "3次培训",
        "30日",
        "-5%",
        "≥",
        "≥95%的",
        "否",
        "。",
        "百分之五六",
        "第3名",
    ],
)
def test_what_leaves_a_doubt_stays_text(text: str) -> None:
    assert parse_target(text) == TEXT


@given(st.text(max_size=80))
def test_no_text_is_too_odd(text: str) -> None:
    value = parse_target(text)

    assert (value.kind is ValueKind.BLANK) == (not text.strip())
    assert (value.number is not None) == (value.kind in (ValueKind.NUMBER, ValueKind.RANGE))


@given(
    st.sampled_from(["≥", "≤", ">", "<", "=", "不低于", "不超过"]),
    st.decimals(0, 10**9, places=2),
    st.sampled_from(["%", "人", "万元", "元/人", "工作日"]),
)
def test_a_number_after_a_sign_is_exact(sign: str, figures: Decimal, unit: str) -> None:
    value = parse_target(f"{sign}{figures}{unit}")

    assert (value.number, value.unit) == (figures, unit)
