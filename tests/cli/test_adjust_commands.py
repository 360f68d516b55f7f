"""`monitor targets adjust`, `retire` and `history`, as users call them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Monitor
from tests.ingest.test_importing import CODE, HEADER, OTHER, document, row

ADD = (
    "--kind",
    "追加",
    "--amount",
    "20万元",
    "--on",
    "2025-07-15",
    "--document",
    "财预〔2025〕12号",
)
NEW = "13022925P00JXC4198999"


@pytest.fixture
def office(monitor: Monitor, tmp_path: Path) -> Monitor:
    monitor.ok("init", tmp_path / "office")
    (tmp_path / "目标.txt").write_text(document(), encoding="utf-8")
    monitor.ok("targets", "import", tmp_path / "目标.txt")
    return monitor


def test_an_adjustment_shows_in_progress_and_history(office: Monitor) -> None:
    said = office.ok("targets", "adjust", CODE, *ADD).err
    assert "201,000.00 元" in said
    assert "以前已登记" in office.ok("targets", "adjust", CODE, *ADD).err

    rows = office.json("progress", "--as-of", "2025-07-20")
    [found] = [each for each in rows if each["project_code"] == CODE]
    assert (found["initial_budget_fen"], found["budget_fen"]) == (100_000, 20_100_000)
    assert (found["due_fen"], found["needed_fen"]) == (50_000, 15_075_000)
    story = office.json("targets", "history", CODE)
    assert [each["event"] for each in story] == ["导入", "追加"]
    assert "财预〔2025〕12号" in office.ok("targets", "history", CODE).out

    number = story[1]["number"]
    assert office("targets", "adjust", "--undo", str(number)).status == 2
    office.ok("targets", "adjust", "--undo", str(number), "--reason", "登错")
    assert office.json("progress", "--as-of", "2025-07-20")[0]["budget_fen"] == 100_000


def test_a_project_can_be_added_without_a_document(office: Monitor, tmp_path: Path) -> None:
    refused = office("targets", "adjust", NEW, *ADD)
    assert refused.status == 1
    assert "--unit-name" in refused.err
    described = ("--name", "抢险", "--unit", "434001", "--unit-name", "某办公室")
    assert "年中追加" in office.ok("targets", "adjust", NEW, *ADD, *described).err

    rows = office.json("targets", "list")
    [found] = [each for each in rows if each["project_code"] == NEW]
    assert found["project_name"] == "抢险"
    out = tmp_path / "自评"
    made = ("report", "self-assessment", "--year", "2025", "--project", NEW, "--provisional")
    office.ok(*made, "--out", out)
    assert out.exists()
    assert office.ok("explain", NEW, "--year", "2025").out


@pytest.mark.parametrize(
    "args",
    [
        (),
        (CODE, "--kind", "追加"),
        (CODE, "--kind", "调剂", *ADD[2:]),
        ("--kind", "调剂", *ADD[2:], "--from", CODE, "--to", CODE),
        (CODE, *ADD, "--to", OTHER),
        (CODE, *ADD, "--year", "2024"),
        (CODE, "--kind", "调减", "--amount", "-5", *ADD[4:]),
    ],
)
def test_a_call_that_cannot_mean_anything_is_refused(
    office: Monitor, args: tuple[str, ...]
) -> None:
    assert office("targets", "adjust", *args).status == 2


def test_a_filled_template_is_recorded(office: Monitor, tmp_path: Path) -> None:
    sheet = tmp_path / "清单.csv"
    office.ok("targets", "adjust", "--template", sheet)
    text = sheet.read_text("utf-8-sig")
    line = f",调剂,300,,2025-07-15,财预〔2025〕12号,{CODE},{OTHER},,,,\r\n"
    sheet.write_text(text + line, encoding="utf-8-sig")
    office.ok("targets", "adjust", "--file", sheet)

    rows = office.json("progress", "--as-of", "2025-12-31")
    assert [each["budget_fen"] for each in rows] == [70_000, 130_000]
    assert "预算调整" in office.ok("imports", "list").out


def test_a_correction_and_a_retirement_withdraw_the_warnings_they_prove_wrong(
    office: Monitor, tmp_path: Path
) -> None:
    payments = tmp_path / "2025年一季度.csv"
    payments.write_text(HEADER + row("A1", "100.00"), encoding="utf-8")
    office.ok("payments", "import", payments)
    office.ok("check", "--as-of", "2025-03-31")
    assert {each["state"] for each in office.json("warnings", "list")} == {"raised"}
    first, _, second = document().partition("2.政府业务费")
    corrected = first.replace("25%", "10%") + "2.政府业务费" + second
    (tmp_path / "勘误.txt").write_text(corrected, encoding="utf-8")
    office.ok("targets", "import", tmp_path / "勘误.txt")

    states = {each["project_code"]: each["state"] for each in office.json("warnings", "list")}
    assert states == {CODE: "withdrawn", OTHER: "raised"}
    assert office("targets", "retire", OTHER).status == 2
    office.ok("targets", "retire", OTHER, "--reason", "取消")
    rows = office.json("warnings", "list")
    assert {each["state"] for each in rows} == {"withdrawn"}
    assert rows[0]["unit_name"]
    [retired] = office.json("targets", "retire", "--list")
    assert (retired["project_code"], retired["reason"]) == (OTHER, "取消")
    assert "已撤回" in office.ok("warnings", "list").out
    office.ok("targets", "retire", OTHER, "--undo")
    office.ok("check", "--as-of", "2025-03-31")
    states = {each["project_code"]: each["state"] for each in office.json("warnings", "list")}
    assert states == {CODE: "withdrawn", OTHER: "raised"}
