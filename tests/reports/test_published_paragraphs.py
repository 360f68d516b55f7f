"""The paragraph of a project in 单位自评报告 reads as an official writes it, whatever is open."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from monitor.domain.calendar import CHINA
from monitor.domain.entry import Entry, Field, Form, Key, items
from monitor.domain.scoring_rules import ScoringRules
from monitor.reports.assessment.draft import Cell
from monitor.reports.unit.report import unit_report
from tests.reports.conftest import MakeFacts, indicator, project

AT = datetime(2026, 1, 8, 9, tzinfo=CHINA)
SHOWS = project(
    indicators=(
        indicator("产出指标", "数量指标", "演出场次", "≥12场"),
        indicator("效益指标", "社会效益指标", "群众满意", "≥90%"),
    )
)


@pytest.fixture
def published(make_facts: MakeFacts, rules: ScoringRules) -> Any:
    def publish(said: dict[tuple[Field, str], str] | None = None, **changes: Any) -> Cell:
        keys = {Key(Form.SELF_ASSESSMENT, *each): text for each, text in (said or {}).items()}
        entries = {key: Entry(key, text, "", "李四", AT, "李四") for key, text in keys.items()}
        facts = make_facts(**{"of": SHOWS, "entries": entries} | changes)
        [paragraph] = unit_report([facts], rules).published()
        return paragraph.cell

    return publish


def test_reasons_that_are_given_stand_there_while_others_are_open(published: Any) -> None:
    first, _ = items(SHOWS.indicators)
    cell = published({(Field.ACTUAL, first): "9场", (Field.REASON, first): "场地检修。"})

    assert cell.is_open
    assert "发现的主要问题及原因：场地检修；其余待填。" in cell.text


def test_lines_of_a_text_become_one_sentence(published: Any) -> None:
    cell = published({(Field.ACHIEVED, ""): "演出全部完成。\n观众满意。\n"})

    assert "项目绩效目标完成情况：演出全部完成；观众满意。发现" in cell.text


def test_without_a_budget_no_share_of_it_is_told(published: Any) -> None:
    blank = replace(SHOWS, budget_fen=None, fiscal_fen=None)
    assert "全年预算数待填，执行数为8.60万元。" in published(of=blank).text

    taken = published(budget=0, paid=0).text
    assert "全年预算数为0.00万元，执行数为0.00万元，执行率不适用。" in taken


def test_without_indicators_nobody_can_say_that_there_are_no_problems(published: Any) -> None:
    cell = published(of=replace(SHOWS, indicators=()))

    assert cell.is_open
    assert "发现的主要问题及原因：待填。" in cell.text
