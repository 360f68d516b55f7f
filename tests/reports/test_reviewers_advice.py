"""rules/advice.toml, and a reviewer's advice and shared texts in a draft."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from typing import Any

import pytest

from monitor.domain.advice import Filled, advise
from monitor.domain.entry import Entry, Field, Form, Key, items
from monitor.domain.scoring_rules import ScoringRules
from monitor.domain.target import Project
from monitor.errors import ConfigError
from monitor.ingest.shipped import shipped
from monitor.reports.assessment.advice_settings import read_advice, shipped_advice
from monitor.reports.assessment.copied_texts import copied_notes
from monitor.reports.assessment.draft_check import advice
from monitor.reports.assessment.drafting import draft
from tests.reports.conftest import MakeFacts, indicator, project

LONG = "因项目前期手续办理时间较长，招标工作推迟到第三季度，导致资金支付进度滞后于计划。"
TABLE: dict[str, Any] = tomllib.loads(shipped("rules/advice.toml"))


def entry(field: Field, value: str, item: str = "", form: Form = Form.SELF_ASSESSMENT) -> Entry:
    at = datetime(2026, 1, 5, tzinfo=UTC)
    return Entry(Key(form, field, item), value, "", "张三", at, "office")


def test_what_the_samples_say_is_judged_as_a_reviewer_would(sample_projects: list[Project]) -> None:
    """Counted and read by eye: 8 projects repeat a payment, 17 have vague targets, …"""
    said = [
        line
        for each in sample_projects
        for line in advise([Filled(i) for i in each.indicators], shipped_advice())
    ]
    starts = ("只重复资金支付", "指标值空泛", "指标值没有数值", "指标值的单位", "指标重复", "“")

    assert [sum(line.startswith(start) for line in said) for start in starts] == [8, 17, 3, 8, 1, 6]
    assert len(said) == 43


def test_advice_stands_in_the_draft(make_facts: MakeFacts, rules: ScoringRules) -> None:
    paying = (indicator("产出指标", "数量指标", "支付经费数量", "100%"),)
    form = draft(make_facts(project(indicators=paying)), rules)

    assert [each for each in form.advice if "“支付经费数量”" in each]


def test_evidence_is_asked_for_what_people_entered(make_facts: MakeFacts) -> None:
    facts = make_facts()
    item = items(facts.project.indicators)[0]
    actual = entry(Field.ACTUAL, "12场", item)
    proof = entry(Field.EVIDENCE, "演出登记表", item)

    assert any("佐证" in each for each in advice(make_facts(entries={actual.key: actual})))
    both = {actual.key: actual, proof.key: proof}
    assert advice(make_facts(entries=both)) == ()


def test_a_text_shared_with_another_unit_is_noted_at_both() -> None:
    mine, theirs = entry(Field.EXECUTION_REASON, LONG), entry(Field.ACHIEVED, LONG)
    notes = copied_notes({("430001", "A"): {mine.key: mine}, ("430002", "B"): {theirs.key: theirs}})

    assert notes == {
        ("430001", "A"): (
            "“执行率偏低的原因”与 430002 单位项目 B 的文字相同，请按本单位的实际情况填写。",
        ),
        ("430002", "B"): (
            "“实际完成情况”与 430001 单位项目 A 的文字相同，请按本单位的实际情况填写。",
        ),
    }


def test_many_others_are_counted_and_monitoring_forms_left_out() -> None:
    text = entry(Field.MEASURES, LONG, form=Form.UNIT_REPORT)
    monthly = entry(Field.REASON, LONG, "x", Form.MONITORING)
    units = {(f"43000{n}", ""): {text.key: text} for n in range(1, 7)}

    notes = copied_notes(units | {("430009", "A"): {monthly.key: monthly}})

    assert len(notes) == 6
    assert "430002 单位、430003 单位、430004 单位等 5 处" in notes["430001", ""][0]


def test_notes_on_shared_texts_stand_in_the_draft(
    make_facts: MakeFacts, rules: ScoringRules
) -> None:
    assert draft(make_facts(copied=("文字相同",)), rules).advice[-1] == "文字相同"


def test_all_mistakes_of_the_file_are_told_together() -> None:
    wrong = {
        **TABLE,
        "vague": {"words": "进一步"},
        "survey": {"words": ["("]},
        "same": {"ignored": [], "least": 0},
        "copied": {"least": 30, "most": 1},
        "others": {},
        "level2": {"数量": ["人数$"], "效率": []},
    }

    with pytest.raises(ConfigError) as caught:
        read_advice(wrong)

    told = str(caught.value)
    for part in ("vague.words", "“(”", "same.least", "copied.most", "others", "level2.效率"):
        assert part in told
