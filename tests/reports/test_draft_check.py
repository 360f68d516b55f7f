"""Our own drafts under the checks for forms that others filled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from monitor.domain.entry import Entry, Field, Form, Key, items
from monitor.domain.filled_form import FilledForm
from monitor.domain.scoring_rules import Satisfaction, ScoringRules, Step
from monitor.ingest.filled_form_reading import read_forms
from monitor.reports.assessment.draft import Cell, Draft, Mark, computed
from monitor.reports.assessment.draft_check import (
    SelfContradiction,
    as_form,
    check_draft,
    contradictions,
)
from monitor.reports.assessment.drafting import draft
from monitor.reports.assessment.layout import paper
from monitor.reports.paper.docx import docx
from monitor.reports.paper.xlsx import xlsx
from tests.ingest.filled_form_files import texts
from tests.reports.conftest import MakeFacts, indicator, project

PAID = [0, 5_000_000, 8_600_000, 10_000_000]


def only(data: bytes) -> FilledForm:
    read = read_forms(data, "自评表")
    assert read.diagnostics == ()
    assert len(read.forms) == 1
    return read.forms[0]


def with_points(of: Draft, points: Cell, weight: Cell) -> Draft:
    row = replace(of.indicators[0], points=points, weight=weight)
    return replace(of, indicators=(row, *of.indicators[1:]))


@pytest.mark.parametrize("write", [docx, xlsx])
@pytest.mark.parametrize("paid", PAID)
def test_a_draft_is_read_back_equal(
    make_facts: MakeFacts, rules: ScoringRules, write: Callable[..., bytes], paid: int
) -> None:
    ours = draft(make_facts(paid=paid), rules)

    assert texts(only(write(paper(ours)))) == texts(as_form(ours))


def test_a_remark_beside_what_was_entered_is_not_read_as_a_part_of_it(
    make_facts: MakeFacts, rules: ScoringRules
) -> None:
    ours = draft(make_facts(), rules)
    row = ours.indicators[0]
    cell = replace(row.actual, text="12场", mark=Mark.ENTERED, note="填报时为10场，现为12场")
    ours = replace(ours, indicators=(replace(row, actual=cell), *ours.indicators[1:]))

    assert only(docx(paper(ours))).indicators[0].actual.content == "12场"


@pytest.mark.parametrize("paid", PAID)
def test_a_draft_with_open_cells_does_not_contradict_itself(
    make_facts: MakeFacts, rules: ScoringRules, paid: int
) -> None:
    ours = draft(make_facts(paid=paid), rules)

    assert [each.id for each in check_draft(ours, rules)] == ["F105"]
    assert contradictions(ours, rules) == ()


@pytest.mark.parametrize(
    ("paid", "budget"),
    [(0, 0), (-5, 1), (-5, 0), (1, 3), (2, 3), (10**12 + 1, 10**12), (99, 10**8), (333_333, 10**6)],
)
def test_our_own_figures_never_contradict_each_other(
    make_facts: MakeFacts, rules: ScoringRules, paid: int, budget: int
) -> None:
    for each in (rules, replace(rules, execution_steps=(Step(9_000, 10_000), Step(0, 5_000)))):
        contradictions(draft(make_facts(paid=paid, budget=budget), each), each)


def test_points_lost_although_the_target_is_met_ask_for_a_reason(
    make_facts: MakeFacts, rules: ScoringRules
) -> None:
    by_bands = replace(rules, satisfaction=Satisfaction(9_000, 6_000))
    low = indicator("满意度指标", "服务对象满意度指标", "群众满意度", "≥50%")
    key = Key(Form.SELF_ASSESSMENT, Field.ACTUAL, items((low,))[0])
    entry = Entry(key, "55%", "", "张三", datetime(2026, 1, 20, tzinfo=UTC), "张三")
    facts = make_facts(of=project(indicators=(low,)), entries={entry.key: entry})
    form = draft(facts, by_bands)
    row = next(each for each in form.indicators if each.item)

    assert (row.points.text, row.reason.words) == ("0", "待填（得分低于分值，须说明原因）")
    assert [each.id for each in check_draft(form, by_bands)] == ["F105"]


def test_what_people_entered_against_the_rules_is_named(
    make_facts: MakeFacts, rules: ScoringRules
) -> None:
    entered = with_points(draft(make_facts(), rules), Cell("60", Mark.ENTERED), Cell("50"))

    told = [each for each in contradictions(entered, rules) if "F117" in each]

    assert told == ["“演出场次”得分：得分 60 高于分值 50。得分不能高于分值，请改正。（F117）"]


def test_figures_of_our_own_that_contradict_each_other_are_not_written(
    make_facts: MakeFacts, rules: ScoringRules
) -> None:
    wrong = with_points(draft(make_facts(), rules), computed("60"), Cell("50"))

    with pytest.raises(SelfContradiction, match="F117"):
        contradictions(wrong, rules)
