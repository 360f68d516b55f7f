"""`monitor payments conflicts` and `resolve`: two versions of a number, and which of them holds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Monitor
from tests.cli.test_public_interface import CODE, HEADER
from tests.cli.test_settling_payments import line, office, open_numbers, paid

Write = Callable[..., Path]
__all__ = ["office"]


@pytest.fixture
def land(office: Monitor, write: Write) -> Callable[..., Any]:
    def land(name: str, *lines: str) -> Any:
        return office.ok("payments", "import", write(f"{name}.csv", HEADER + "".join(lines)))

    return land


def coded(number: str, amount: str, **more: str) -> str:
    return line(number, amount, code=CODE, **more)


def states(monitor: Monitor) -> list[tuple[str, str]]:
    return [(row["number"], row["state"]) for row in monitor.json("payments", "conflicts")]


def settle(monitor: Monitor, number: str, keep: str, *more: str) -> Any:
    return monitor.ok("payments", "resolve", number, "--keep", keep, "--reason", "核对", *more)


def test_both_versions_stand_side_by_side(office: Monitor, land: Any) -> None:
    land("三月", coded("A1", "10.00"))
    land("四月", coded("A1", "12.00"))

    shown = office.ok("payments", "conflicts")

    assert "2025 年 A1：待裁定" in shown.out
    assert "金额（元）：10.00 → 12.00" in shown.out
    assert "先到：三月.csv 第 2 行" in shown.out
    assert "后来：四月.csv 第 2 行" in shown.out
    assert "1 行待裁定" in shown.err
    assert office("payments", "conflicts", "--strict").status == 3


def test_what_came_first_is_kept(office: Monitor, land: Any) -> None:
    land("三月", coded("A1", "10.00"))
    land("四月", coded("A1", "12.00"))

    settle(office, "A1", "old")

    assert paid(office) == {CODE: 1000}
    assert states(office) == [("A1", "old")]
    assert office.ok("payments", "conflicts", "--strict").status == 0
    assert "核对" in office.ok("payments", "conflicts", "--all").out
    land("五月", coded("A1", "12.00"), coded("A2", "1.00"))
    assert states(office) == [("A1", "old"), ("A1", "old")]
    assert paid(office) == {CODE: 1100}


def test_what_came_later_takes_the_place(office: Monitor, land: Any) -> None:
    land("三月", coded("A1", "10.00"))
    land("四月", coded("A1", "12.00"))

    told = settle(office, "a1", "new")

    assert "不再计入 1 行（10.00 元），改为计入 1 行（12.00 元）" in told.err
    assert paid(office) == {CODE: 1200}
    [row] = office.json("explain", CODE, "--as-of", "2025-12-31")["payments"]
    assert (row["number"], row["file"], row["line"]) == ("A1", "四月.csv", 2)
    assert states(office) == [("A1", "new")]


def test_later_lists_meet_the_version_in_force(office: Monitor, land: Any) -> None:
    land("三月", coded("A1", "10.00"))
    land("四月", coded("A1", "12.00"))
    settle(office, "A1", "new")

    same = land("五月", coded("A1", "12.00"), coded("A2", "1.00"))
    land("六月", coded("A1", "10.00"), coded("A3", "1.00"))
    land("七月", coded("A1", "13.00"))

    assert "以前已导入，不重复计：1 行" in same.err
    assert states(office) == [("A1", "new"), ("A1", "old"), ("A1", "open")]
    assert paid(office) == {CODE: 1400}


def test_a_decision_is_taken_back_and_the_conflict_is_open_again(
    office: Monitor, land: Any
) -> None:
    land("三月", coded("A1", "10.00"), line("B1", "5.00"))
    land("四月", coded("A1", "12.00"), line("B1", "6.00"))
    office.ok("payments", "match", "B1", CODE, "--reason", "合同")
    for number in ("A1", "B1"):
        settle(office, number, "new")
    assert paid(office) == {CODE: 1800}
    assert office("payments", "resolve", "A1", "--keep", "new", "--reason", "x").status == 2

    office.ok("payments", "resolve", "A1", "--undo")
    office.ok("payments", "resolve", "B1", "--undo")

    assert paid(office) == {CODE: 1500}
    assert states(office) == [("A1", "open"), ("B1", "open")]
    settle(office, "A1", "new")
    settle(office, "B1", "old")
    assert paid(office) == {CODE: 1700}
    assert office("payments", "resolve", "C1", "--undo").status == 1


def test_a_persons_match_goes_with_the_number(office: Monitor, land: Any) -> None:
    land("三月", line("A1", "10.00", name=""), coded("A2", "1.00"))
    land("四月", line("A1", "12.00", name=""), coded("A2", "2.00"))
    office.ok("payments", "match", "A1", CODE, "--reason", "合同")
    office.ok("payments", "unmatch", "A2", "--reason", "挂错")

    settle(office, "A1", "new")
    settle(office, "A2", "new")

    assert paid(office) == {CODE: 1200}
    assert open_numbers(office) == {"A2"}
    [row] = office.json("explain", CODE, "--as-of", "2025-12-31")["payments"]
    assert (row["method"], row["reason"]) == ("人工", "合同")


def test_a_document_is_settled_with_all_its_lines(office: Monitor, land: Any) -> None:
    land("三月", coded("A1", "10.00"), coded("A1", "20.00"), coded("A1", "30.00"))
    land("四月", coded("A1", "10.00"), coded("A1", "55.00"))

    told = settle(office, "A1/2", "new")

    assert "不再计入 3 行（60.00 元），改为计入 2 行（65.00 元）" in told.err
    assert paid(office) == {CODE: 6500}
    office.ok("payments", "resolve", "A1", "--undo")
    assert paid(office) == {CODE: 6000}
    assert {state for _, state in states(office)} == {"open"}


def test_a_document_may_have_more_lines_than_before(office: Monitor, land: Any) -> None:
    land("三月", coded("A1", "30.00"))
    land("四月", coded("A1", "10.00"), coded("A1", "25.00"))

    settle(office, "A1", "new")
    land("五月", coded("A1", "25.00"), coded("A1", "10.00"), coded("A2", "1.00"))

    assert paid(office) == {CODE: 3600}
    assert {state for _, state in states(office)} == {"new"}


def test_several_versions_need_to_be_told_apart(office: Monitor, land: Any) -> None:
    land("三月", coded("A1", "10.00"))
    land("四月", coded("A1", "12.00"))
    land("五月", coded("A1", "14.00"), coded("A2", "1.00"))
    land("六月", coded("A1", "14.00"), coded("A3", "1.00"))

    asked = office("payments", "resolve", "A1", "--keep", "new", "--reason", "x")
    settle(office, "A1", "new", "--version", "2")

    assert asked.status == 2
    assert "第 2 种：五月.csv、六月.csv" in asked.err
    assert paid(office) == {CODE: 1600}
    assert states(office) == [("A1", "old"), ("A1", "new"), ("A1", "new")]


def test_a_voided_payment_counts_no_more(office: Monitor, land: Any) -> None:
    land("三月", coded("A1", "10.00"))
    land("四月", coded("A1", "10.00").replace("已支付", "已作废"))

    settle(office, "A1", "new")

    assert paid(office) == {}
    land("五月", coded("A1", "10.00"), coded("A2", "1.00"))
    assert paid(office) == {CODE: 100}
    assert states(office)[-1] == ("A1", "old")


def test_a_voucher_list_meets_the_applications_of_another(office: Monitor, land: Any) -> None:
    """The later list names the voucher alone, and another amount."""
    land("三月", coded("A1", "10.00").replace("A1,,", "A1,V1,"))
    land("四月", coded("A1", "12.00").replace("A1,,", ",V1,"))

    settle(office, "V1", "new")

    assert paid(office) == {CODE: 1200}
    land("五月", coded("A1", "12.00").replace("A1,,", "A1,V1,"), coded("A2", "1.00"))
    assert paid(office) == {CODE: 1300}


def test_the_same_money_under_two_numbers_is_taken_out_once(office: Monitor, land: Any) -> None:
    land("三月", coded("A1", "10.00"))
    land("四月", coded("A1", "10.00").replace("A1,,", ",V1,"))
    assert paid(office) == {CODE: 2000}
    land("五月", coded("A1", "10.00").replace("A1,,", "A1,V1,"))

    assert states(office) == []
    assert paid(office) == {CODE: 1000}
    office.ok("imports", "undo", "2", "--reason", "试")  # the list of the first one
    assert paid(office) == {CODE: 1000}
    office.ok("imports", "undo", "4", "--reason", "试")  # the one that linked them
    assert paid(office) == {CODE: 1000}


@pytest.mark.parametrize(
    "options",
    [
        ("--reason", "x"),
        ("--keep", "new"),
        ("--keep", "old", "--reason", "x", "--version", "1"),
        ("--keep", "old", "--undo"),
    ],
)
def test_a_wrong_call_changes_nothing(office: Monitor, land: Any, options: tuple[str, ...]) -> None:
    land("三月", coded("A1", "10.00"))
    land("四月", coded("A1", "12.00"))

    assert office("payments", "resolve", "A1", *options).status == 2
    assert states(office) == [("A1", "open")]
