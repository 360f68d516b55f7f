"""`monitor explain`: every figure of a project leads to a file and line, a person, or a rule."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from monitor.domain.money import yuan
from tests.cli.conftest import Monitor
from tests.cli.form_office import FILLED, TARGETS, TIMES, UNIT, export, fill
from tests.cli.small_office import CODE, HEADER, line

Write = Callable[..., Path]
KEPT = {"as_of", "progress", "plan_bp", "source", "payments", "in_transit"}


@pytest.fixture
def office(monitor: Monitor, write: Write) -> Monitor:
    """A unit with one project of 1,000.00 yuan, of which 400.00 were paid in March."""
    monitor.ok("targets", "import", write("目标.txt", TARGETS), "--year", "2025")
    monitor.ok("payments", "import", write("2025年3月.csv", HEADER + line("A1", "400.00")))
    return monitor


def told(office: Monitor, *more: str) -> dict[str, Any]:
    found: dict[str, Any] = office.json("explain", CODE, "--year", "2025", *more)
    return found


def test_on_every_day_payments_months_and_steps_add_up_to_the_figures_of_the_sample_year(
    monitor: Monitor, samples: Path
) -> None:
    folder = samples / "payments" / "yutian-2025"
    monitor.ok("targets", "import", *sorted((samples / "targets").glob("*.txt")))
    monitor.ok("payments", "import", *sorted(folder.glob("*.csv")))
    day = ("--document", "财预12号", "--on")
    codes = [row["project_code"] for row in monitor.json("targets", "list", "--year", "2025")]
    monitor.ok(
        *("targets", "adjust", codes[0], "--year", "2025"),
        *("--kind", "追加", "--amount", "1234.56", *day, "2025-07-15"),
    )
    monitor.ok(
        *("targets", "adjust", "--from", codes[0], "--to", codes[1], "--year", "2025"),
        *("--kind", "调剂", "--amount", "0.01", *day, "2025-09-01"),
    )

    for code in codes:
        for as_of in ("2025-03-31", "2025-08-15", "2025-12-31"):
            chain = monitor.json("explain", code, "--as-of", as_of)
            progress = chain["progress"]
            counted = [each for each in chain["payments"] if each["counted"]]
            assert sum(each["amount_fen"] for each in counted) == progress["paid_fen"]
            assert len(counted) == progress["payments"]
            assert sum(each["paid_fen"] for each in chain["months"]) == progress["paid_fen"]
            assert sum(s["amount_fen"] for s in chain["budget_steps"]) == progress["budget_fen"]
            assert chain["budget_steps"][0]["amount_fen"] == progress["initial_budget_fen"]
            funds = [each["paid_fen"] for each in chain["funds"]]
            assert None in funds or sum(funds) == progress["paid_fen"]
            assert all(each["file"] and each["line"] for each in (*counted, *chain["plan"]))
            assert {each["checkpoint"] for each in chain["plan"]} == set(chain["plan_bp"])
            listed = sum(each["rows"] or 0 for each in chain["sources"])
            assert listed == progress["payments"]


def test_the_keys_of_before_are_still_there(office: Monitor) -> None:
    assert told(office).keys() >= KEPT


def test_a_budget_is_told_step_by_step_with_document_file_and_person(
    office: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONITOR_ACTOR", "王五")
    paper = ("--on", "2025-07-15", "--document", "财预〔2025〕12号")
    add = ("targets", "adjust", CODE, "--year", "2025", "--kind", "追加", "--amount", "100")
    office.ok(*add, *paper)
    first, second = told(office)["budget_steps"]
    before = told(office, "--as-of", "2025-07-14")

    assert (first["what"], first["amount_fen"], first["file"]) == (
        "年初预算数",
        1000_00,
        "目标.txt",
    )
    assert first["line"] == before["source"]["line"] > 1
    assert (second["what"], second["amount_fen"], second["budget_fen"]) == ("追加", 100_00, 1100_00)
    assert (second["document_number"], second["actor"]) == ("财预〔2025〕12号", "王五")
    assert len(before["budget_steps"]) == 1


def test_the_due_sum_is_told_as_share_of_its_budget(office: Monitor) -> None:
    due = told(office, "--as-of", "2025-06-30")["due"]

    assert (due["checkpoint"], due["planned_bp"], due["base_fen"]) == ("06", 5000, 1000_00)
    assert due["base_fen"] * due["planned_bp"] // 10_000 == due["due_fen"] == 500_00
    assert due["due_fen"] - due["paid_fen"] == due["gap_fen"] == 100_00


def test_points_are_those_that_report_score_explains(office: Monitor) -> None:
    rows = office.json("report", "score", CODE, "--year", "2025")
    chain = told(office)

    assert chain["points"] == rows
    assert chain["rules"]["key"] == "national-2020"
    assert {row["rule"] for row in rows} != {""}


def test_what_people_entered_is_told_with_who_when_and_which_workbook(
    office: Monitor, tmp_path: Path
) -> None:
    form = fill(export(office, tmp_path / "f.xlsx"), FILLED)
    office.ok("form", "import", form, "--yes", "--author", "李四")
    entries = told(office)["entries"]
    text = office.ok("explain", CODE, "--year", "2025").out

    [times] = [e for e in entries if e["indicator"] == TIMES and e["field"] == "actual"]
    [department] = [e for e in entries if e["field"] == "department"]
    assert (times["value"], times["author"], times["project_code"]) == ("4次", "李四", CODE)
    assert len(times["source"]) == 64
    assert department["project_code"] is None
    assert "自评表 实际完成值“次数”：4次（李四，" in text
    assert "单位报告 主管部门（单位）：434-某办公室（李四，" in text


def test_months_that_have_not_come_are_told_and_those_that_have_by_their_file(
    office: Monitor,
) -> None:
    coverage = {row["month"]: row for row in told(office)["coverage"]}

    assert coverage["2025-03"]["files"] == ["2025年3月.csv"]
    assert [month for month, row in coverage.items() if row["state"] == "missing"] == [
        f"2025-{n:02d}" for n in (1, 2, *range(4, 13))
    ]


def test_the_table_has_every_part_of_the_chain(office: Monitor) -> None:
    text = office.ok("explain", CODE, "--as-of", "2025-06-30").out

    parts = (
        "预算：",
        "支出计划：",
        "各类资金：",
        "计入的支付",
        "各月支付：",
        "应支：",
        "自评得分（",
    )
    places = [text.index(part) for part in (*parts, "数据到达：", "数据来源：")]
    assert places == sorted(places)
    assert f"6月底应支 = 50.00% × {yuan(1000_00)} 元 = {yuan(500_00)} 元" in text


def test_of_a_signed_year_it_says_so(office: Monitor) -> None:
    months = [word for n in range(1, 13) for word in ("--month", f"2025-{n:02d}")]
    office.ok("payments", "coverage", "confirm", "--unit", UNIT, *months, "--note", "已核对")
    assert told(office)["finalized"] is None
    office.ok("report", "finalize", "--year", "2025", "--allow-open")

    [row] = office.json("report", "finalize", "--year", "2025", "--list")
    assert told(office)["finalized"]["seal"] == row["seal"]
    assert row["seal"] in office.ok("explain", CODE, "--year", "2025").out
