"""The words of payment lists, and mistakes in their file."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from monitor.domain.money import MoneyUnit
from monitor.errors import ConfigError
from monitor.ingest.profiles import Columns, Meaning
from monitor.ingest.shipped import shipped

COLUMNS = Columns.from_toml(tomllib.loads(shipped("rules/columns.toml")))


def _table() -> dict[str, Any]:
    return tomllib.loads(shipped("rules/columns.toml"))


@pytest.mark.parametrize(
    ("header", "meaning", "unit"),
    [
        ("支付金额", Meaning.AMOUNT, None),
        ("金额（元）", Meaning.AMOUNT, MoneyUnit.YUAN),
        ("金额(万元)", Meaning.AMOUNT, MoneyUnit.TEN_THOUSAND_YUAN),
        ("支付金额\n（单位：元）", Meaning.AMOUNT, MoneyUnit.YUAN),
        ("＊ 支付 日期", Meaning.PAY_DATE, None),
        ("退款金额（元）", Meaning.REFUND, MoneyUnit.YUAN),
        ("支付申请单号", Meaning.APPLICATION, None),
        ("预算单位", Meaning.UNIT, None),
        ("摘要", Meaning.PURPOSE, None),
    ],
)
def test_a_header_is_known_by_its_meaning(
    header: str, meaning: Meaning, unit: MoneyUnit | None
) -> None:
    found = COLUMNS.recognise(header)

    assert found is not None
    assert (found[0], found[3]) == (meaning, unit)


@pytest.mark.parametrize("header", ["", "预算金额", "金额（美元）", "申请日期", "元", "单元"])
def test_an_unknown_header_means_nothing(header: str) -> None:
    assert COLUMNS.recognise(header) is None


@pytest.mark.parametrize(
    "text", ["合计", "合 计", "总计：", "本页小计", "某某局合计", "合计（大写）壹佰元整", "累计"]
)
def test_total_words_are_known_at_either_end(text: str) -> None:
    assert COLUMNS.is_total(text)


@pytest.mark.parametrize("text", ["综合计划经费", "统计局", "会计培训费", ""])
def test_a_name_that_holds_a_total_word_inside_is_no_total(text: str) -> None:
    assert not COLUMNS.is_total(text)


def test_all_mistakes_come_in_one_message() -> None:
    table = _table()
    table["colums"] = {}
    table["columns"]["amount"] = "金额"
    table["columns"]["payee"].append("摘要")
    table["status"]["paid"] = ["已支付", "作废"]
    table["words"]["totals"] = []
    del table["kind"]["refund"]

    with pytest.raises(ConfigError) as caught:
        Columns.from_toml(table)

    for mistake in (
        "6 处",
        "[colums]",
        "[columns] 的 amount",
        "[columns] 中“摘要”",
        "[status] 中“作废”",
        "[words] 中不认识的 totals",
        "[kind] 的 refund",
    ):
        assert mistake in str(caught.value)


def test_an_empty_file_is_a_configuration_error() -> None:
    with pytest.raises(ConfigError, match=r"\[columns\] 的 amount"):
        Columns.from_toml({})


def test_a_section_that_is_no_section_is_a_configuration_error() -> None:
    with pytest.raises(ConfigError, match=r"\[kind\] 应是一节"):
        Columns.from_toml({**_table(), "kind": 1})
