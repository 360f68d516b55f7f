"""`monitor targets plan-review`: the list, the workbook, and its way back as 勘误."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from monitor.ingest.plan_sheet import KEY, REASON, SHEET, new_header
from tests.cli.conftest import Monitor

CODE, UNIT = "项目编码", "单位"
LIST = "targets", "plan-review"


@pytest.fixture
def office(monitor: Monitor, samples: Path) -> Monitor:
    monitor.ok("targets", "import", samples / "targets", "--year", "2025")
    return monitor


@pytest.fixture
def workbook(office: Monitor, tmp_path: Path) -> Path:
    path = tmp_path / "清单.xlsx"
    office.ok(*LIST, "--out", path)
    return path


def columns(sheet: Worksheet) -> tuple[dict[str, int], int]:
    for row in sheet.iter_rows():
        headers = {str(cell.value): int(cell.column or 0) for cell in row}
        if KEY in headers:
            return headers, int(row[0].row or 0)
    raise AssertionError("no headers")


def row_of(sheet: Worksheet, code: str) -> int:
    headers, top = columns(sheet)
    found = [
        row
        for row in range(top + 1, sheet.max_row + 1)
        if sheet.cell(row, headers[CODE]).value == code
    ]
    assert len(found) == 1
    return found[0]


def fill(path: Path, code: str, shares: dict[int, Any], reason: str = "合同约定") -> Path:
    """As a user does: opens the workbook, fills a row, saves it."""
    book = load_workbook(path)
    sheet = book[SHEET]
    headers, _ = columns(sheet)
    row = row_of(sheet, code)
    for month, value in shares.items():
        sheet.cell(row, headers[new_header(month)]).value = value
    sheet.cell(row, headers[REASON]).value = reason
    book.save(path)
    return path


def plan(office: Monitor, code: str) -> dict[str, int | None]:
    rows = json.loads(office.ok("targets", "export").out)
    [found] = [row["plan_bp"] for row in rows if row["project_code"] == code]
    return dict(found)


def code_of(office: Monitor, name: str) -> str:
    [found] = [r["project_code"] for r in office.json(*LIST) if r["project_name"] == name]
    return str(found)


def test_the_one_off_purposes_of_the_samples_are_listed_by_unit(office: Monitor) -> None:
    rows = office.json(*LIST)

    assert {row["project_name"] for row in rows} == {
        "车辆保险",
        "车辆保险费",
        "古城社区居民清洁取暖补贴",
        "残疾人保障金",
    }
    assert [row["unit_code"] for row in rows] == sorted(row["unit_code"] for row in rows)
    assert {reason["rule"] for row in rows for reason in row["reasons"]} == {"one_off"}
    assert office.json(*LIST, "--year", "2024") == []


def test_a_corrected_plan_becomes_the_record_and_is_said(office: Monitor, workbook: Path) -> None:
    code = code_of(office, "残疾人保障金")

    said = office.ok(*LIST, "--in", fill(workbook, code, {3: 0, 6: "0%", 10: "100"})).err

    months = plan(office, code)
    assert months["03"] == months["06"] == 0
    assert months["12"] == 10_000
    assert "3月底 25.00%" in said
    assert "3月底 0.00%" in said
    assert "合同约定" in said
    assert code not in {row["project_code"] for row in office.json(*LIST)}


def test_a_dry_run_shows_the_same_and_changes_nothing(office: Monitor, workbook: Path) -> None:
    code = code_of(office, "残疾人保障金")
    before = plan(office, code)

    said = office.ok(*LIST, "--in", fill(workbook, code, {3: 0.1}), "--dry-run").err

    assert "3月底 10.00%" in said
    assert "没有登记" in said
    assert plan(office, code) == before
    assert office.ok(*LIST, "--in", workbook).err.count("没有登记") == 0
    assert plan(office, code)["03"] == 1000


def test_the_same_workbook_again_changes_nothing(office: Monitor, workbook: Path) -> None:
    code = code_of(office, "残疾人保障金")
    office.ok(*LIST, "--in", fill(workbook, code, {3: 0.1}))

    assert "以前已交回过" in office.ok(*LIST, "--in", workbook).err


def test_an_untouched_workbook_changes_nothing(office: Monitor, workbook: Path) -> None:
    assert "都没有更正" in office.ok(*LIST, "--in", workbook).err


def test_one_wrong_row_refuses_the_whole_workbook(office: Monitor, workbook: Path) -> None:
    good, bad = code_of(office, "残疾人保障金"), code_of(office, "车辆保险费")
    before = plan(office, good)
    fill(fill(workbook, good, {3: 0.1}), bad, {6: 0.2})

    refused = office(*LIST, "--in", workbook)

    assert refused.status == 1
    assert "T087" in refused.err
    assert "由高到低" in refused.err
    assert plan(office, good) == before


def test_a_workbook_older_than_the_record_is_refused(
    office: Monitor, workbook: Path, tmp_path: Path
) -> None:
    code = code_of(office, "残疾人保障金")
    second = tmp_path / "再交.xlsx"
    second.write_bytes(workbook.read_bytes())
    office.ok(*LIST, "--in", fill(workbook, code, {3: 0.1}))

    refused = office(*LIST, "--in", fill(second, code, {3: 0.2}))

    assert refused.status == 1
    assert "T088" in refused.err
    assert plan(office, code)["03"] == 1000


def test_last_years_payments_speak_against_a_plan(
    monitor: Monitor, samples: Path, write: Callable[[str, str], Path]
) -> None:
    for year in ("2024", "2025"):
        monitor.ok("targets", "import", samples / "targets", "--year", year)
    [row] = [
        r
        for r in monitor.json("targets", "list")
        if r["project_name"] == "接待管理经费" and r["year"] == 2024
    ]
    head = "支付申请编号,支付日期,单位编码,项目编码,支付金额,状态\n"
    line = f"1,2024-12-05,{row['unit_code']},{row['project_code']},900000.00,已支付\n"
    months = [arg for m in range(1, 13) for arg in ("--month", f"2024-{m:02d}")]
    monitor.ok("payments", "import", write("支付.csv", head + line), *months)

    rows = monitor.json(*LIST, "--year", "2025")

    [reasons] = [r["reasons"] for r in rows if r["project_code"] == row["project_code"]]
    assert [each["rule"] for each in reasons] == ["last_year"] * 3
    assert "3月底计划 25.00%，2024 年同期实际支付 0.00%" in reasons[0]["text"]


def test_calls_that_mean_nothing_are_refused(office: Monitor, workbook: Path) -> None:
    assert office(*LIST, "--dry-run").status == 2
    assert office(*LIST, "--in", workbook, "--year", "2025").status == 2


def test_no_plan_in_doubt_writes_no_workbook(office: Monitor, tmp_path: Path) -> None:
    said = office.ok(*LIST, "--unit", "999999", "--out", tmp_path / "空.xlsx").err

    assert "没有需要核对的支出计划" in said
    assert not (tmp_path / "空.xlsx").exists()
