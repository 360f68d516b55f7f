"""The form that the sample unit fills in: plausible, and answered in words that the form takes."""

from __future__ import annotations

from decimal import Decimal

import pytest

from monitor.demo.dice import Dice
from monitor.demo.filling import reached
from monitor.domain.actual import parse_actual
from monitor.domain.target_value import parse_target


@pytest.mark.parametrize("target", ["≥95%", "≥100比率", "≤7工作日", "≤25小时", "28个", "小于35.0"])
@pytest.mark.parametrize("short", [True, False])
def test_what_is_reached_meets_the_target_unless_it_is_to_fall_short(
    target: str, short: bool
) -> None:
    value = parse_target(target, 2025)
    number = value.number or Decimal(0)
    for throw in range(20):
        actual = parse_actual(reached(value, 2025, Dice(f"{throw}"), short=short), value)
        assert actual is not None
        assert actual.number is not None
        assert not actual.doubt
        at_most = value.comparison in ("≤", "<")
        met = actual.number <= number if at_most else actual.number >= number
        assert met is not short


def test_a_date_is_within_the_year_and_words_are_those_of_the_lists() -> None:
    dice = Dice("")
    day, yes, free = (parse_target(text, 2025) for text in ("2025年年底", "是/否", "进一步推动"))

    assert reached(day, 2025, dice, short=True).startswith("2025年12月")
    assert reached(yes, 2025, dice, short=False) == "是"
    assert reached(free, 2025, dice, short=True) == "部分达成并具有一定效果"
