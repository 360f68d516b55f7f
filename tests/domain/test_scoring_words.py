"""What a rule set asks of an indicator, said as its sets differ."""

from __future__ import annotations

import pytest

from monitor.domain.scoring_rules import Group, ScoringRules
from monitor.domain.scoring_words import rule_words
from monitor.domain.target_value import parse_target
from tests.domain.scoring_book import LOCAL, NATIONAL_2020, NATIONAL_2021


@pytest.mark.parametrize(
    ("target", "rules", "words"),
    [
        (
            "≥5次",
            NATIONAL_2020,
            "未达到的按实际完成值/指标值计分；高于指标值 130% 的须说明原因，不扣分",
        ),
        ("≥5次", NATIONAL_2021, "低于及格门槛 60% 的不得分"),
        ("≥5次", LOCAL, "并按偏离度扣分"),
        ("≤5次", NATIONAL_2020, "按超出比例扣减，到指标值的两倍为 0"),
        ("≤5次", LOCAL, "按指标值/实际完成值计分"),
        ("4-5次", NATIONAL_2020, "范围内得满分"),
        ("是/否", NATIONAL_2020, "“否”由人在分值的 0～80% 内评分"),
        ("是/否", NATIONAL_2021, "“否”不得分"),
        ("2025年底", NATIONAL_2020, "逾期的由人"),
        ("2025年底", NATIONAL_2021, "逾期不得分"),
        ("2025年底", LOCAL, "逾期每天扣分值的 1%"),
        ("进一步提升", NATIONAL_2020, "部分达成并具有一定效果 80%～60%"),
        ("进一步提升", LOCAL, "部分达成并具有一定效果 80%～50%"),
        ("", NATIONAL_2020, "没有指标值"),
    ],
)
def test_the_words_follow_the_rule_set(target: str, rules: ScoringRules, words: str) -> None:
    assert words in rule_words(parse_target(target), rules, Group.OUTPUT)


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        (NATIONAL_2020, "达到指标值得满分"),
        (NATIONAL_2021, "满意度 90% 以上得满分，两者之间按比例，低于 60% 不得分"),
        (LOCAL, "80% 以上得 80%，60% 以上得 60%，低于 60% 不得分"),
    ],
)
def test_satisfaction_has_words_of_its_own_where_it_has_bands(
    rules: ScoringRules, words: str
) -> None:
    """财预〔2021〕101号: satisfaction by bands."""
    assert words in rule_words(parse_target("≥95%"), rules, Group.SATISFACTION)


def test_a_range_of_satisfaction_is_a_range() -> None:
    words = rule_words(parse_target("85%-95%"), NATIONAL_2021, Group.SATISFACTION)

    assert words.startswith("范围内得满分")
