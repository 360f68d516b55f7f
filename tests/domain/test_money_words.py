"""Funds as lists call them, and the part of the money that an indicator speaks of."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from monitor.domain.adjustment import Fund
from monitor.domain.money_words import MoneyWords
from monitor.errors import ConfigError

SHIPPED = Path(__file__).parents[2] / "config" / "rules" / "funds.toml"
WORDS = MoneyWords.from_toml(tomllib.loads(SHIPPED.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("said", "fund"),
    [
        ("一般公共预算拨款", Fund.FISCAL),
        ("上年结转的一般公共预算拨款", Fund.CARRIED),
        ("非同级财政拨款", Fund.OTHER),
        ("", None),
        ("某种新的资金", None),
    ],
)
def test_a_fund_is_known_by_the_offices_words_the_narrower_first(
    said: str, fund: Fund | None
) -> None:
    assert WORDS.fund_of(said) is fund


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("印刷费控制数", "印刷费"),
        ("项目总成本", None),
        ("收费标准", None),  # what is taken in is no part of what is spent
        ("", None),
    ],
)
def test_an_indicator_names_a_part_of_the_money_or_none(text: str, part: str | None) -> None:
    found = MoneyWords().part_of(text)

    assert (found[0] if found else None) == part


def test_a_configured_name_goes_before_any_other() -> None:
    words = MoneyWords.from_toml({"purposes": {"培训费": ["培训", "授课"]}})

    assert words.part_of("教师培训费用") == ("培训费", ("培训", "授课"))


def test_all_mistakes_come_in_one_message() -> None:
    wrong = {"found": {}, "funds": {"fiscal": "财政", "others": []}, "purposes": 1}

    with pytest.raises(ConfigError) as error:
        MoneyWords.from_toml(wrong)

    message = str(error.value)
    for said in ("不认识 found", "funds.others", "funds.fiscal", "purposes 应为一节"):
        assert said in message
