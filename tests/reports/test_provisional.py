"""A self-assessment of a year that is still open: refused, or made as a provisional one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from monitor.errors import InputError
from monitor.reports.assessment.facts import ProjectFacts
from monitor.reports.assessment.provisional import (
    month_words,
    notice,
    open_months,
    require_closed,
    stamp,
)

Make = Callable[..., ProjectFacts]


def test_a_year_is_closed_when_all_its_months_have_come(make_facts: Make) -> None:
    facts = make_facts()

    assert (open_months(facts), stamp(facts), notice(facts, provisional=True)) == ((), "", "")
    require_closed([facts], provisional=False)


@pytest.mark.parametrize(
    ("as_of", "missing", "expected"),
    [
        (date(2025, 12, 31), ("2025-11",), ("2025-11",)),
        (date(2025, 12, 30), (), ("2025-12",)),
        (date(2025, 10, 31), ("2025-02",), ("2025-02", "2025-11", "2025-12")),
        (date(2026, 3, 1), (), ()),
    ],
)
def test_months_not_covered_and_months_to_come_are_open(
    make_facts: Make, as_of: date, missing: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    assert open_months(make_facts(as_of=as_of, missing_months=missing)) == expected


def test_a_final_draft_of_an_open_year_is_refused_with_both_ways_out(make_facts: Make) -> None:
    facts = make_facts(missing_months=("2025-02", "2025-11"))
    with pytest.raises(InputError) as refused:
        require_closed([make_facts(), facts], provisional=False)

    said = str(refused.value)
    assert "单位 623001 缺 2月、11月" in said
    assert "monitor payments coverage confirm" in said
    assert "--provisional" in said
    require_closed([facts], provisional=True)


def test_a_list_that_comes_after_the_year_is_stamped_with_its_last_day(make_facts: Make) -> None:
    facts = make_facts(as_of=date(2026, 3, 1), missing_months=("2025-12",))

    assert stamp(facts) == "阶段数据，截至12月31日"
    assert notice(facts, provisional=True).startswith(
        "本表为阶段草稿：数据截至2025年12月31日，12月"
    )


def test_months_in_a_row_are_told_as_one_span() -> None:
    months = ("2025-12", "2025-02", "2025-03", "2025-11", "2025-06")

    assert month_words(months) == "2月至3月、6月、11月至12月"
