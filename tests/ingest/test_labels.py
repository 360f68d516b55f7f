"""Labels of target documents and their synonyms: rules/labels.toml."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from monitor.errors import ConfigError
from monitor.ingest.labels import Labels, default_labels
from monitor.ingest.shipped import shipped


@pytest.fixture
def table() -> dict[str, Any]:
    return tomllib.loads(shipped("rules/labels.toml"))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("其中：财政    资金", "fiscal"),
        ("其中:财政资金：", "fiscal"),
        ("资金支出计划（%）", "plan"),
        ("资金支出计划(％)", "plan"),
        ("项目编码", "code"),
        ("项 目 名 称", "name"),
        ("预算数（万元）", "budget"),
        ("保障机关运转", None),
    ],
)
def test_a_label_is_known_whatever_its_blanks_and_widths(text: str, key: str | None) -> None:
    assert default_labels().field(text) == key


def test_a_level_is_known_with_and_without_the_word_indicator() -> None:
    labels = default_labels()

    assert labels.level_of("产出指标（50分）") == {1}
    assert labels.level_of("成本") == {1, 2}
    assert labels.level_of("规模指标") == frozenset()


def test_a_synonym_added_by_the_office_is_known(table: dict[str, Any]) -> None:
    table["fields"]["budget"].append("批复金额")

    assert Labels.from_toml(table).field("批复金额") == "budget"


def test_all_mistakes_come_in_one_message(table: dict[str, Any]) -> None:
    table["fields"]["other"] = ["其他资金", "预算数"]
    table["columns"]["goal"] = ["目标"]
    table["levels"]["level1"] = "产出"
    del table["sections"]
    table["extra"] = {}

    with pytest.raises(ConfigError) as refusal:
        Labels.from_toml(table)

    said = str(refusal.value)
    for words in ("“预算数”", "goal", "level1", "[sections]", "[extra]"):
        assert words in said
