"""`monitor form import` refuses what it cannot land whole, and names every cell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from sqlalchemy import insert

import monitor as package
from monitor.domain.entry import Field
from monitor.ingest.form_book import FUNDS, INDICATORS, NAME, PROJECTS, TOP
from monitor.store.engine import writing
from monitor.store.form_tables import finalizations
from tests.cli.conftest import Monitor
from tests.cli.form_office import (
    ACTUAL,
    FILLED,
    PEOPLE,
    PLEASED,
    POINTS,
    RATE,
    TIMES,
    UNIT,
    WHEN,
    cell_at,
    export,
    fill,
    recorded,
    refused,
    row_of,
)
from tests.cli.small_office import CODE

WRONG: list[tuple[str, str, str, Any, str]] = [
    (INDICATORS, PEOPLE, POINTS, "很好", "F211"),
    (INDICATORS, PEOPLE, POINTS, datetime.fromisoformat("2025-08-09"), "F211"),
    (INDICATORS, PEOPLE, POINTS, -1, "F212"),
    (INDICATORS, PEOPLE, POINTS, 60, "F213"),
    (INDICATORS, PEOPLE, POINTS, 8.125, "F214"),
    (INDICATORS, PEOPLE, POINTS, "=1+1", "F208"),
    (INDICATORS, PEOPLE, POINTS, "#N/A", "F209"),
    (INDICATORS, PEOPLE, ACTUAL, "好" * 1001, "F216"),
    (INDICATORS, PLEASED, ACTUAL, True, "F229"),
    (INDICATORS, PEOPLE, ACTUAL, "（待填）", "F230"),
    (INDICATORS, TIMES, ACTUAL, "不少", "F219"),
    (INDICATORS, TIMES, ACTUAL, datetime.fromisoformat("2025-05-01"), "F217"),
    (INDICATORS, TIMES, ACTUAL, "5天", "F219"),
    (INDICATORS, RATE, ACTUAL, 0.95, "F219"),
    (INDICATORS, WHEN, ACTUAL, 45990, "F218"),
    (INDICATORS, WHEN, ACTUAL, "早就好了", "F219"),
    (INDICATORS, PLEASED, ACTUAL, "大概", "F219"),
    (INDICATORS, TIMES, "年度指标值", "≥3次", "F207"),
    (INDICATORS, TIMES, POINTS, 10, "F207"),
    (INDICATORS, TIMES, NAME, "别的项目", "F207"),
    (PROJECTS, CODE, "全年执行数（元）", 990, "F207"),
]


def test_a_wrong_cell_is_named_by_sheet_and_cell(
    office: Monitor, form: Path, tmp_path: Path
) -> None:
    for sheet, named, header, value, id_ in WRONG:
        path = fill(form, {(sheet, named, header): value}, tmp_path / "错.xlsx")
        where = cell_at(form, sheet, named, header).coordinate
        assert f"错误 {id_} 错.xlsx 工作表“{sheet}”{where}" in refused(office, path, id_)


def test_all_that_is_wrong_is_told_at_once(office: Monitor, form: Path) -> None:
    wrong = {
        (INDICATORS, PEOPLE, POINTS): 99,
        (INDICATORS, TIMES, ACTUAL): "很多",
        (PROJECTS, CODE, "执行率"): "99.00%",
    }
    refused(office, fill(form, FILLED | wrong), "F213", "F219", "F207")


def test_a_deleted_row_is_missed_by_its_number(office: Monitor, form: Path) -> None:
    book = load_workbook(form)
    row = row_of(book[INDICATORS], RATE)
    book[INDICATORS].delete_rows(row)
    book.save(form)
    assert f"第 {row} 行不见了" in refused(office, form, "F205")


def test_a_doubled_row_and_a_row_of_our_own_are_refused(office: Monitor, form: Path) -> None:
    book = load_workbook(form)
    sheet = book[INDICATORS]
    last = sheet.max_row
    for column in range(1, sheet.max_column + 1):
        sheet.cell(last + 1, column).value = sheet.cell(last, column).value
    sheet.cell(last + 2, 3).value = "补充说明"
    book.save(form)
    refused(office, form, "F204", "F203")


def test_a_moved_row_is_read_by_its_key_and_said(office: Monitor, form: Path) -> None:
    fill(form, FILLED)
    book = load_workbook(form)
    sheet = book[INDICATORS]
    first, second = ([c.value for c in sheet[row]] for row in (TOP + 2, TOP + 3))
    for column, (a, b) in enumerate(zip(second, first, strict=True), 1):
        sheet.cell(TOP + 2, column).value = a
        sheet.cell(TOP + 3, column).value = b
    book.save(form)

    assert "F206" in office.ok("form", "import", form, "--yes").err
    assert recorded(office)[CODE, Field.REASON].value.startswith("设备检修")


def test_a_row_moved_without_its_key_is_refused(office: Monitor, form: Path) -> None:
    book = load_workbook(form)
    sheet = book[INDICATORS]
    first, second = ([c.value for c in sheet[row]] for row in (TOP + 2, TOP + 3))
    for column in range(2, sheet.max_column + 1):
        sheet.cell(TOP + 2, column).value = second[column - 1]
        sheet.cell(TOP + 3, column).value = first[column - 1]
    book.save(form)
    refused(office, form, "F207")


def test_merged_cells_and_a_lost_sheet_are_refused(office: Monitor, form: Path) -> None:
    book = load_workbook(form)
    book[PROJECTS].merge_cells(start_row=TOP + 2, start_column=9, end_row=TOP + 2, end_column=10)
    del book[FUNDS]
    book.save(form)
    refused(office, form, "F210", "F201")


def test_a_sheet_with_another_header_is_refused(office: Monitor, form: Path) -> None:
    book = load_workbook(form)
    book[PROJECTS].cell(TOP + 1, 3).value = "名称"
    book.save(form)
    refused(office, form, "F202")


def test_a_column_that_stands_twice_is_refused(office: Monitor, form: Path) -> None:
    book = load_workbook(form)
    sheet = book[INDICATORS]
    sheet.cell(TOP + 1, sheet.max_column + 1).value = ACTUAL
    book.save(form)
    refused(office, form, "F202")


def test_lines_of_another_book_are_not_taken(office: Monitor, form: Path, tmp_path: Path) -> None:
    month = export(office, tmp_path / "m.xlsx", "--month", "6")
    book, other = load_workbook(form), load_workbook(month)
    for row in range(TOP + 2, book[INDICATORS].max_row + 1):
        book[INDICATORS].cell(row, 1).value = other[INDICATORS].cell(row, 1).value
    book.save(form)
    refused(office, form, "F203")


def test_the_form_of_another_year_or_unit_is_refused(office: Monitor, form: Path) -> None:
    fill(form, FILLED)
    for more in (("--year", "2024"), ("--unit", "434002")):
        result = office("form", "import", form, "--yes", *more)
        assert result.status == 1
        assert "F226" in result.err
        assert "2025 年度单位 434001 的自评填报表" in result.err
    assert not recorded(office)


def test_a_workbook_of_a_unit_that_is_not_here_is_refused(
    office: Monitor, form: Path, tmp_path: Path, write: Callable[..., Path]
) -> None:
    fill(form, FILLED)
    office.ok("targets", "retire", CODE, "--year", "2025", "--reason", "取消")
    refused(office, form, "F227")


def test_nothing_lands_after_the_year_is_signed(office: Monitor, form: Path) -> None:
    app = package.open(office.folder)
    signed = {"year": 2025, "unit_code": UNIT, "as_of": date(2025, 12, 31), "digest": "ab" * 32}
    more = {"documents": {}, "report": {}, "actor": "李四", "undone": 0}
    with writing(app.engine) as connection:
        connection.execute(insert(finalizations).values(**signed, **more, recorded_at=app.now()))
    app.engine.dispose()
    assert "已于 2026年1月10日 定稿（校验码 abab-abab-abab）" in refused(
        office, fill(form, FILLED), "F228"
    )


def test_any_other_file_is_refused(office: Monitor, tmp_path: Path) -> None:
    path = tmp_path / "别的.xlsx"
    path.write_bytes(b"PK")
    assert "不是可读取的 .xlsx" in refused(office, path)
