"""Report values as JSON has them, and back."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.scoring_rules import ScoringRules
from monitor.reports.assessment.draft import Cell, Draft, Mark
from monitor.reports.assessment.drafting import draft
from monitor.reports.paper.blocks import Paper
from monitor.reports.signed.plain_values import plain, revive
from monitor.reports.unit.papers import unit_paper
from monitor.reports.unit.summary_facts import ProjectLine, project_line
from tests.reports.conftest import MakeFacts


def through_json(value: object) -> Any:
    return json.loads(json.dumps(plain(value)))


def test_a_form_its_line_and_its_report_come_back_as_they_were(
    make_facts: MakeFacts, rules: ScoringRules
) -> None:
    facts = make_facts()
    form = draft(facts, rules)
    line = project_line(facts, form, rules)
    paper = unit_paper([facts], rules)

    assert revive(Draft, through_json(form)) == form
    assert revive(ProjectLine, through_json(line)) == line
    assert revive(Paper, through_json(paper)) == paper


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class Everything:
    number: int
    ratio: float
    exact: Decimal
    day: date | None
    colour: Colour
    pairs: tuple[tuple[str, Decimal], ...]
    known: dict[str, Cell]


@given(
    st.builds(
        Everything,
        number=st.integers(),
        ratio=st.floats(allow_nan=False, allow_infinity=False),
        exact=st.decimals(allow_nan=False, allow_infinity=False),
        day=st.none() | st.dates(),
        colour=st.just(Colour.RED),
        pairs=st.lists(
            st.tuples(st.text(), st.decimals(allow_nan=False, allow_infinity=False))
        ).map(tuple),
        known=st.dictionaries(st.text(), st.builds(Cell, st.text(), st.sampled_from(Mark))),
    )
)
def test_whatever_stands_in_the_fields_comes_back_exactly(value: Everything) -> None:
    back = revive(Everything, through_json(value))

    assert back == value
    assert [str(each) for _, each in back.pairs] == [str(each) for _, each in value.pairs]


def test_a_field_that_a_later_program_adds_takes_its_default() -> None:
    assert revive(Cell, {"text": "4次", "dropped": 1}) == Cell("4次")


@pytest.mark.parametrize(
    ("kind", "data"),
    [(Cell, {"mark": "open"}), (Cell, {"text": 4}), (Cell, {"text": "", "mark": "没有"})],
)
def test_values_of_another_kind_are_refused(kind: type, data: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        revive(kind, data)


def test_what_has_no_exact_plain_form_is_refused() -> None:
    with pytest.raises(TypeError):
        plain(replace(Cell(""), text=object()))  # type: ignore[arg-type]
