"""Coverage: which months of which units have come, whole or in part, and by what."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.coverage import (
    WHOLE_OFFICE,
    Cell,
    Confirmation,
    Cover,
    Coverage,
    Period,
    Span,
    State,
    month_period,
    spans,
)

WHEN = datetime(2025, 4, 8, 8, tzinfo=UTC)


def march(first: int, last: int) -> Period:
    return Period(date(2025, 3, first), date(2025, 3, last))


def cover(
    span: Span, *, id_: int = 1, unit: str = WHOLE_OFFICE, landed: date | None = None
) -> Cover:
    return Cover(id_, f"{id_}.csv", unit, span, landed)


def confirmation(unit: str, month: str, *, nil: bool = False) -> Confirmation:
    return Confirmation(unit, month, nil, "", WHEN, "王某")


def test_an_office_wide_list_covers_every_unit_of_its_month() -> None:
    coverage = Coverage.of([cover(Span("2025-03"))])

    for unit in ("434001", "434002"):
        assert coverage.cell(unit, "2025-03") == Cell(
            unit, "2025-03", State.COMPLETE, ("1.csv",), ()
        )
        assert coverage.complete(unit, "2025-03")
        assert not coverage.complete(unit, "2025-02")


def test_a_unit_s_list_covers_that_unit_alone() -> None:
    coverage = Coverage.of([cover(Span("2025-03"), unit="434001")])

    assert coverage.complete("434001", "2025-03")
    assert coverage.cell("434002", "2025-03") == Cell(
        "434002", "2025-03", State.MISSING, (), (march(1, 31),)
    )


def test_a_list_that_ends_within_the_month_covers_it_in_part() -> None:
    coverage = Coverage.of([cover(Span("2025-03", through=date(2025, 3, 20)))])

    cell = coverage.cell("434001", "2025-03")
    assert cell.state is State.PARTIAL
    assert cell.files == ("1.csv",)
    assert cell.uncovered == (march(21, 31),)


def test_lists_of_parts_make_a_month_complete_whatever_their_order() -> None:
    first = cover(Span("2025-03", through=date(2025, 3, 15)), id_=1)
    second = cover(Span("2025-03", since=date(2025, 3, 16)), id_=2, unit="434001")
    for covers in ([first, second], [second, first]):
        coverage = Coverage.of(covers)
        assert coverage.cell("434001", "2025-03").files == ("1.csv", "2.csv")
        assert coverage.complete("434001", "2025-03")
        assert coverage.cell("434002", "2025-03").uncovered == (march(16, 31),)


def test_a_day_between_two_lists_is_told() -> None:
    coverage = Coverage.of(
        [
            cover(Span("2025-03", date(2025, 3, 2), date(2025, 3, 15)), id_=1),
            cover(Span("2025-03", since=date(2025, 3, 17)), id_=2),
        ]
    )

    assert coverage.cell("434001", "2025-03").uncovered == (march(1, 1), march(16, 16))


def test_days_after_a_list_came_are_not_covered_by_it() -> None:
    coverage = Coverage.of([cover(Span("2025-03"), landed=date(2025, 3, 20))])

    assert coverage.cell("434001", "2025-03").uncovered == (march(21, 31),)
    assert Coverage.of([cover(Span("2025-03"), landed=date(2025, 3, 31))]).complete(
        "434001", "2025-03"
    )


def test_a_list_of_a_month_that_had_not_begun_covers_no_day_but_is_named() -> None:
    coverage = Coverage.of([cover(Span("2025-03"), landed=date(2025, 2, 28))])

    assert coverage.cell("434001", "2025-03") == Cell(
        "434001", "2025-03", State.PARTIAL, ("1.csv",), (march(1, 31),)
    )


@pytest.mark.parametrize("nil", [False, True])
def test_a_confirmation_completes_what_no_list_shows_for_that_unit_alone(nil: bool) -> None:
    said = confirmation("434001", "2025-03", nil=nil)
    coverage = Coverage.of([cover(Span("2025-03", through=date(2025, 3, 20)))], [said])

    cell = coverage.cell("434001", "2025-03")
    assert (cell.state, cell.confirmed) == (State.COMPLETE, said)
    assert cell.uncovered == (march(21, 31),)
    assert coverage.cell("434002", "2025-03").state is State.PARTIAL


def test_what_is_missing_is_asked_up_to_a_month_of_that_year() -> None:
    coverage = Coverage.of(
        [
            cover(Span("2024-12")),
            cover(Span("2025-01")),
            cover(Span("2025-03", through=date(2025, 3, 20))),
        ],
        [confirmation("434002", "2025-02")],
    )

    assert coverage.missing("434001", "2025-03") == ("2025-02", "2025-03")
    assert coverage.missing("434002", "2025-02") == ()
    assert coverage.months == ("2024-12", "2025-01", "2025-02", "2025-03")


def test_the_grid_has_a_cell_for_each_month_of_each_unit() -> None:
    coverage = Coverage.of([cover(Span("2025-01")), cover(Span("2025-02"), unit="434002")])

    grid = coverage.grid(["434001", "434002"], ["2025-01", "2025-02"])

    assert [(cell.unit_code, cell.month, cell.state.label) for cell in grid] == [
        ("434001", "2025-01", "全"),
        ("434001", "2025-02", "缺"),
        ("434002", "2025-01", "全"),
        ("434002", "2025-02", "全"),
    ]


@given(
    st.lists(
        st.tuples(
            st.sampled_from([WHOLE_OFFICE, "434001", "434002"]),
            st.integers(1, 29),
            st.integers(0, 20),
        ),
        max_size=6,
    ),
    st.integers(1, 31),
)
def test_the_days_that_are_left_are_those_that_no_list_shows(
    listed: list[tuple[str, int, int]], landed: int
) -> None:
    came = date(2025, 3, landed)
    covers = []
    shown = set()
    for n, (unit, first, length) in enumerate(listed):
        last = min(first + length, 31)
        span = Span("2025-03", date(2025, 3, first), date(2025, 3, last))
        covers.append(cover(span, id_=n, unit=unit, landed=came))
        if unit != "434002":
            shown |= set(range(first, min(last, landed) + 1))

    cell = Coverage.of(covers).cell("434001", "2025-03")

    left = {
        (each.first + timedelta(days=n)).day
        for each in cell.uncovered
        for n in range((each.last - each.first).days + 1)
    }
    assert left == set(range(1, 32)) - shown
    assert (cell.state is State.COMPLETE) == (not left)
    assert (cell.state is State.MISSING) == (not cell.files)


def test_a_list_without_days_covers_its_months_whole() -> None:
    assert spans(("2025-01", "2025-02")) == (Span("2025-01"), Span("2025-02"))


def test_a_list_s_days_cut_its_first_and_its_last_month() -> None:
    period = Period(date(2025, 1, 11), date(2025, 3, 20))

    assert spans(("2025-01", "2025-02", "2025-03"), period) == (
        Span("2025-01", since=date(2025, 1, 11)),
        Span("2025-02"),
        Span("2025-03", through=date(2025, 3, 20)),
    )


def test_months_after_a_list_s_last_day_are_not_covered() -> None:
    half_year = tuple(f"2025-{month:02d}" for month in range(1, 7))
    up_to = Period(date(2025, 1, 1), date(2025, 2, 28))

    assert spans(half_year, up_to) == (Span("2025-01"), Span("2025-02"))
    assert spans(("2025-04",), up_to) == (Span("2025-01"), Span("2025-02"))


def test_a_period_touches_months_over_the_turn_of_the_year() -> None:
    period = Period(date(2025, 11, 5), date(2026, 1, 10))

    assert period.months == ("2025-11", "2025-12", "2026-01")
    assert month_period("2024-02") == Period(date(2024, 2, 1), date(2024, 2, 29))
