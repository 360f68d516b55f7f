"""What a person decided holds for a payment that comes again, and later ones see its last word."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Monitor
from tests.cli.test_public_interface import CODE
from tests.cli.test_settling_payments import OTHER, land, line, office, open_numbers, paid

Write = Callable[..., Path]
__all__ = ["land", "office"]


@pytest.fixture
def returned(office: Monitor, land: Any) -> Monitor:
    """A payment was matched by hand; its list was taken back and came in again."""
    land(line("A1"))
    office.ok("payments", "match", "A1", CODE)
    [landed] = [row for row in office.json("imports", "list") if row["kind"] == "payments"]
    office.ok("imports", "undo", str(landed["id"]), "--reason", "试")
    land(line("A1"))
    assert paid(office) == {CODE: 1000}
    return office


def test_a_match_taken_back_after_the_return_is_remembered_no_more(
    returned: Monitor, land: Any
) -> None:
    returned.ok("payments", "unmatch", "A1", "--reason", "不是这个项目")

    land(line("A2"), name="2025-04.csv")

    assert open_numbers(returned) == {"A1", "A2"}
    assert paid(returned) == {}


def test_a_match_changed_after_the_return_is_what_is_remembered(
    returned: Monitor, land: Any
) -> None:
    returned.ok("payments", "match", "A1", OTHER)

    land(line("A2"), name="2025-04.csv")

    assert paid(returned) == {OTHER: 2000}


def test_outcomes_of_a_list_are_whole_after_a_decision_about_another(
    office: Monitor, land: Any, tmp_path: Path
) -> None:
    land(line("A1", "10.00", code=CODE), name="2025-03.csv")
    land(line("A1", "12.00", code=CODE), name="2025-04.csv")
    land(line("A3", "1.00", code=CODE), name="2025-05.csv")
    office.ok("payments", "resolve", "A1", "--keep", "new", "--reason", "核对")

    told = tmp_path / "结果.csv"
    office.ok("payments", "import", tmp_path / "2025-05.csv", "--outcomes", told)

    [_, row] = told.read_text(encoding="utf-8-sig").splitlines()
    assert row.startswith("2,计入并已匹配项目,A3,")


def test_a_rule_takes_nothing_that_was_said_to_be_outside(office: Monitor, land: Any) -> None:
    land(line("B1", code="JB01"), line("C1"))
    office.ok("payments", "ignore", "--code", "JB01", "--reason", "基本支出")
    rule = ("--unit", "434001", "--purpose", "电费", "--project", CODE)

    shown = office.ok("payments", "rule", "add", *rule, "--dry-run")
    office.ok("payments", "rule", "add", *rule, "--reason", "电表")
    land(line("B2", code="JB01"), line("C2"), name="2025-04.csv")

    assert "B1" not in shown.out
    assert "另有 1 笔字样也符合" in shown.err
    assert paid(office) == {CODE: 2000}
    office.ok("payments", "ignore", "1", "--undo")
    assert paid(office) == {CODE: 4000}


def test_a_decision_about_a_code_goes_before_a_rule_whichever_came_first(
    office: Monitor, land: Any
) -> None:
    rule = ("--unit", "434001", "--purpose", "电费", "--project", CODE, "--reason", "电表")
    office.ok("payments", "rule", "add", *rule)
    land(line("B1", code="JB01"), line("C1"))
    assert paid(office) == {CODE: 2000}

    told = office.ok("payments", "ignore", "--code", "JB01", "--reason", "基本支出")

    assert "1 笔，10.00 元" in told.err
    assert paid(office) == {CODE: 1000}
    landed = [each for each in office.json("imports", "list") if each["kind"] == "payments"]
    office.ok("imports", "undo", str(landed[0]["id"]), "--reason", "试")
    land(line("B1", code="JB01"), line("C1"))
    assert paid(office) == {CODE: 1000}
    assert "不符" not in office.ok("doctor").out
    office.ok("payments", "ignore", "1", "--undo")
    assert paid(office) == {CODE: 2000}


def test_a_decision_for_one_unit_leaves_to_rules_what_other_units_paid(
    office: Monitor, land: Any
) -> None:
    rule = ("--unit", "434001", "--purpose", "电费", "--project", CODE, "--reason", "电表")
    office.ok("payments", "rule", "add", *rule)
    land(line("B1", code="JB01"), line("B2", code="JB02"))

    office.ok("payments", "ignore", "--code", "JB01", "--unit", "434002", "--reason", "基本支出")
    office.ok("payments", "ignore", "--code", "JB02", "--year", "2024", "--reason", "基本支出")

    assert paid(office) == {CODE: 2000}
