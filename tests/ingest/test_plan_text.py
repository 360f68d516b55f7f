"""资金支出计划: checkpoints in the document's own words, and shares."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import Place
from monitor.ingest.document import Cell, Row
from monitor.ingest.plan_text import checkpoint_month, read_plan

LABEL = Cell("资金支出计划（%）", Place("a.txt", 1))


def row(*texts: str) -> Row:
    return tuple(Cell(text, Place("a.txt", 2)) for text in texts)


def plan(*rows: Row) -> dict[int, int | None]:
    points, _ = read_plan(rows, LABEL)
    return {point.month: point.planned_bp for point in points}


def ids(*rows: Row) -> list[str]:
    return [each.id for each in read_plan(rows, LABEL)[1]]


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("3月底", 3),
        ("3 月底", 3),
        ("３月末", 3),
        ("3月份底", 3),
        ("三月底", 3),
        ("十二月底", 12),
        ("一季度末", 3),
        ("第一季度", 3),
        ("第4季度", 12),
        ("前三季度", 9),
        ("上半年", 6),
        ("年底", 12),
        ("9月底", 9),
        ("截至3月底", 3),
        ("2025年6月底", 6),
        ("截至9月30日", 9),
        ("2月28日", 2),
        ("10月底（%）", 10),
        ("3月", None),
        ("3月15日", None),
        ("13月底", None),
        ("0月底", None),
        ("25%", None),
        ("", None),
        ("3", None),
    ],
)
def test_a_checkpoint_is_a_month_end_said_in_words(text: str, month: int | None) -> None:
    assert checkpoint_month(text) == month


HEADER = row("3月底", "6月底", "10月底", "12月底")


def test_a_blank_share_stays_blank() -> None:
    rows = (HEADER, row("", "", "", "75.00%", "100.00%"))

    assert plan(*rows) == {3: None, 6: None, 10: 7500, 12: 10000}
    assert ids(*rows) == ["T044"]


def test_split_columns_are_passed_over() -> None:
    header = row("3月底", "", "6月底", "10月底", "12月底", "")

    shares = row("", "25%", "", "", "75%", "100%", "")

    assert plan(header, shares) == {3: 2500, 6: None, 10: 7500, 12: 10000}


def test_a_row_of_shares_broken_in_two_is_read_on() -> None:
    assert plan(HEADER, row("", "25%", "50%"), row("75%", "100%"))[12] == 10000


def test_header_and_shares_in_one_row_are_told_apart() -> None:
    assert plan(row("6月底", "12月底", "", "33.33%", "100%")) == {6: 3333, 12: 10000}


@pytest.mark.parametrize(
    ("shares", "kind"),
    [
        (("", "25%", "75%", "100%"), "T043"),
        (("", "", "25%", "", "75%", "100%"), "T043"),
        (("25%", "", "75%", "100%"), "T043"),
        (("", "25%", "50%", "75%", "1O0%"), "T042"),
        (("", "25%", "50%", "75%", "33.333%"), "T042"),
        (("", "50%", "25%", "75%", "100%"), "T045"),
        (("", "", "50%", "", "40%"), "T045"),
        (("", "25%", "50%", "75%", "110%"), "T046"),
        (("", "25%", "50%", "75%", "95%"), "T047"),
        (("", "25%", "25%", "25%", "25%"), "T048"),
        (("", "0.25", "0.5", "0.75", "1"), "T049"),
        (("", "", "", "", ""), "T044"),
    ],
)
def test_doubtful_shares_are_named(shares: tuple[str, ...], kind: str) -> None:
    assert kind in ids(HEADER, row(*shares))


def test_shares_that_cannot_be_placed_make_no_plan() -> None:
    assert plan(row("3月底", "10月底", "12月底"), row("", "", "100%", "100%", "100%")) == {}


@pytest.mark.parametrize(
    "header",
    [("6月底", "3月底"), ("3月底", "3月底"), ("备注", "12月底"), ("甲", "乙")],
)
def test_checkpoints_must_be_known_and_ascend(header: tuple[str, ...]) -> None:
    assert ids(row(*header), row("", "50%", "100%")) == ["T041"]


def test_a_plan_that_ends_before_december_is_named() -> None:
    assert ids(row("3月底", "6月底"), row("", "50%", "100%")) == ["T047"]


def test_an_empty_plan_is_missing() -> None:
    assert ids(row("", ""), row()) == ["T040"]


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=12, unique=True).map(sorted))
def test_shares_are_exact_to_the_basis_point(shares: list[int]) -> None:
    months = range(13 - len(shares), 13)
    header = row(*(f"{month}月底" for month in months))
    cells = row("", *(f"{share // 100}.{share % 100:02}%" for share in shares))

    assert plan(header, cells) in ({}, dict(zip(months, shares, strict=True)))
    if shares[-1] == 10_000 and shares[0] > 0:
        assert plan(header, cells) == dict(zip(months, shares, strict=True))
