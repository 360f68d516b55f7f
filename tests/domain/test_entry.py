"""The names under which people's entries about indicators are remembered."""

from __future__ import annotations

from dataclasses import replace

from monitor.domain.entry import items
from monitor.domain.target import Indicator
from monitor.domain.target_value import parse_target

FIRST = Indicator(
    "产出指标", "数量指标", "培训人数", "全年培训", "≥100人", parse_target("≥100人"), "计划"
)
OTHER = replace(FIRST, level3="培训场次")


def test_a_name_stays_wherever_the_row_stands() -> None:
    assert items([FIRST, OTHER]) == tuple(reversed(items([OTHER, FIRST])))


def test_an_adjusted_target_keeps_its_results() -> None:
    adjusted = replace(FIRST, target="≥80人", value=parse_target("≥80人"))

    assert items([adjusted]) == items([FIRST])


def test_the_layouts_white_space_and_width_make_no_other_name() -> None:
    spaced = replace(FIRST, level3="培训 人数", description="全年培训　")

    assert items([spaced]) == items([FIRST])


def test_equal_indicators_are_numbered() -> None:
    one, two = items([FIRST, FIRST])

    assert two == f"{one}-2"
