"""The 偏差说明表: exact, locked where it must be, the same bytes again, and kept by LibreOffice."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from monitor.domain.answers import CAUSES
from monitor.ingest.explanation_form import (
    ANSWER,
    AUTHOR,
    CAUSE,
    CHOICES,
    KEY,
    OPEN,
    PROMISED,
    SHEET,
    TEXT,
    locked,
)
from monitor.ingest.explanation_return import read_explanations
from monitor.reports.explanation_sheet import write

FIGURES: dict[str, int | None] = {
    "budget_fen": 999_999_999_999_999,
    "due_fen": 29,
    "paid_fen": -5,
    "gap_fen": 34,
    "lag_bp": 5_001,
    "needed_fen": None,
}
ROW: dict[str, Any] = {
    "id": 7,
    "rule": "W01",
    "rule_name": "滞后",
    "year": 2025,
    "period": "06",
    "unit_code": "623001",
    "unit_name": "测试县文化馆",
    "project_code": "13030325P00000000001X",
    "project_name": "=文化\x07下乡",
    "severity": "red",
    "as_of": "2025-06-30",
    "figures": FIGURES,
}
SECOND = ROW | {"id": 8, "project_code": "13030325P00000000002X", "project_name": "免费开放"}


LOCKED = locked(soft=False)


def sheet_of(data: bytes) -> tuple[Workbook, Worksheet, dict[str, Any]]:
    """The workbook, its sheet, and the cells of the first row by header."""
    book = load_workbook(io.BytesIO(data))
    sheet: Worksheet = book[SHEET]
    headers = {str(cell.value): int(cell.column or 0) for cell in sheet[5]}
    return book, sheet, {name: sheet.cell(6, column) for name, column in headers.items()}


def plain(*rows: dict[str, Any], **options: Any) -> bytes:
    return write(rows or (ROW,), round_id="甲", soft=False, **options)


def test_the_same_rows_give_the_same_bytes_whenever_they_are_written() -> None:
    first = plain(ROW, SECOND)
    time.sleep(1.1)  # the second that a workbook would note

    assert plain(ROW, SECOND) == first
    assert plain(SECOND, ROW) != first


def test_figures_are_exact_and_no_text_is_a_formula() -> None:
    _, _, cells = sheet_of(plain())

    assert {name: cells[name].value for name in LOCKED} == dict(
        zip(
            LOCKED,
            (
                "13030325P00000000001X",
                "=文化 下乡",
                "滞后 6月底 红色",
                9_999_999_999_999.99,
                0.29,
                -0.05,
                0.34,
                "50.01%",
                None,
            ),
            strict=True,
        )
    )
    assert cells["项目名称"].data_type == "s"
    assert read_explanations(plain(), "x.xlsx").wrong == ()


def test_only_the_answers_and_the_name_can_be_edited() -> None:
    _, sheet, _ = sheet_of(plain(ROW, SECOND, author="张三"))
    open_ = {
        cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked
    }

    assert sheet.protection.sheet
    assert open_ == {"C4", *(f"{column}{row}" for column in "KLMNO" for row in (6, 7))}
    assert (sheet["B4"].value, sheet["C4"].value) == (f"{AUTHOR}：", "张三")
    assert [sheet[f"{column}5"].value for column in "KLMNO"] == list(OPEN)
    assert (sheet["A5"].value, sheet.column_dimensions["A"].hidden) == (KEY, True)


@pytest.mark.parametrize(
    ("soft", "listed"),
    [(False, ["继续执行", "调剂", "取消"]), (True, ["可支付", "申请调减", "结转", "结余收回"])],
)
def test_causes_and_answers_are_chosen_from_a_hidden_sheet(soft: bool, listed: list[str]) -> None:
    book, sheet, cells = sheet_of(write([ROW, SECOND], round_id="甲", soft=soft))
    rules = {
        name: rule
        for rule in sheet.data_validations.dataValidation
        for name in OPEN
        if cells[name].coordinate in rule.sqref
    }

    assert book[CHOICES].sheet_state == "hidden"
    assert [cell.value for cell in book[CHOICES]["A"]] == list(CAUSES)
    assert [c.value for c in book[CHOICES]["B"] if c.value] == listed
    assert rules[CAUSE].formula1 == f"{CHOICES}!$A$1:$A${len(CAUSES)}"
    assert rules[ANSWER].formula1 == f"{CHOICES}!$B$1:$B${len(listed)}"
    assert (rules[TEXT].type, rules[PROMISED].type) == ("textLength", "date")
    assert str(rules[CAUSE].sqref) == "K6:K7"


def test_it_says_whose_it_is_how_to_fill_it_and_until_when() -> None:
    data = plain(ROW, SECOND, deadline=date(2025, 7, 14), contact="预算股 0312-1234567")
    _, sheet, _ = sheet_of(data)
    soft = sheet_of(write([ROW], round_id="甲", soft=True))[1]["B3"].value

    assert sheet["B1"].value == "偏差说明表"
    assert sheet["B2"].value == (
        "单位：623001 测试县文化馆　　数据截至：2025年6月30日　　金额单位：元"
        "　　请于 2025年7月14日 前交回　　联系：预算股 0312-1234567"
    )
    assert "不要删行" in str(sheet["B3"].value)
    assert "不要求加快支付" in str(soft)
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.print_title_rows == "$5:$5"


def test_late_in_the_year_it_shows_what_is_unspent_not_what_is_to_be_paid() -> None:
    data = write([ROW], round_id="甲", soft=True)
    _, sheet, cells = sheet_of(data)
    words = "".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)

    assert cells["尚未支付（元）"].value == 10_000_000_000_000.04
    assert "需支付" not in words
    assert read_explanations(data, "x.xlsx").wrong == ()


def test_a_sheet_without_rows_is_still_a_sheet() -> None:
    returned = read_explanations(write([], round_id="甲", soft=False), "x.xlsx")

    assert (returned.rows, returned.wrong) == ((), ())


@pytest.mark.live
def test_a_sheet_saved_by_libreoffice_comes_back(tmp_path: Path) -> None:
    soffice = shutil.which("soffice")
    if soffice is None:
        if os.environ.get("CI") == "true":
            pytest.fail("LibreOffice is missing: apt-get install libreoffice-calc-nogui")
        pytest.skip("LibreOffice is not on this machine")
    book, _, cells = sheet_of(plain(ROW, SECOND, author="张三"))
    cells[CAUSE].value, cells[PROMISED].value = "资料/验收未完成", date(2025, 8, 31)
    source, saved = tmp_path / "说明.xlsx", tmp_path / "saved"
    book.save(source)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [soffice, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(saved)]
    subprocess.run([*command, str(source)], check=True, timeout=120, capture_output=True)
    if not (saved / source.name).exists():
        if os.environ.get("CI") == "true":
            pytest.fail("LibreOffice has no Calc: apt-get install libreoffice-calc-nogui")
        pytest.skip("this LibreOffice has no Calc")

    returned = read_explanations((saved / source.name).read_bytes(), source.name)

    assert returned.wrong == ()
    assert (returned.author, len(returned.rows)) == ("张三", 2)
    assert returned.rows[0].cause == "资料/验收未完成"
    assert returned.rows[0].promised == date(2025, 8, 31)
    assert returned.rows[1].is_blank
