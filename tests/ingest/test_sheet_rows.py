"""Lists in sheets → rows of exact text, in whatever form they come."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from importlib import import_module
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet

from monitor.domain.codes import is_mangled
from monitor.errors import InputError
from monitor.ingest.readers.delimited import read_delimited
from monitor.ingest.readers.sheet_rows import Form, SheetRows, form_of, read_sheet_rows
from tests.ingest import sheet_files

SHARED = Path(os.environ.get("MONITOR_SHARED", Path(__file__).parents[3] / "shared"))
LISTS = sorted((SHARED / "samples/payments").glob("*/*.csv"))
EVERY_FORM = pytest.mark.parametrize("form", sheet_files.FORMS)


def _cells(*values: object) -> list[str]:
    """What comes back of the first row of a workbook with these values."""
    return _read(lambda sheet: sheet.append(list(values)))[0].rows[0][1]


def _read(fill: Callable[[Worksheet], object]) -> list[SheetRows]:
    book = openpyxl.Workbook()
    assert book.active is not None
    fill(book.active)
    out = io.BytesIO()
    book.save(out)
    return read_sheet_rows(out.getvalue(), "清单.xlsx")


def _normal(rows: list[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """Amounts as decimals and dates as days, blank cells at the end and blank rows left out."""
    valued = sheet_files.valued([cells for _, cells in rows])
    texts = [[str(cell).strip() for cell in cells] for cells in valued]
    for cells in texts:
        while cells and not cells[-1]:
            cells.pop()
    return [(n, cells) for n, cells in enumerate(texts, 1) if cells]


@pytest.mark.skipif(not LISTS, reason="the shared samples are not on this machine")
@EVERY_FORM
@pytest.mark.parametrize("path", LISTS[12:16], ids=lambda path: f"{path.parent.name} {path.stem}")
def test_a_sample_list_is_the_same_in_every_form(path: Path, form: str) -> None:
    listed = read_delimited(path.read_bytes(), path.name).rows
    data = sheet_files.FORMS[form](sheet_files.valued([cells for _, cells in listed]))

    (sheet,) = read_sheet_rows(data, "清单.xls")

    normal = _normal(listed)
    assert len(normal) > 5
    assert [(n, [c.strip() for c in cells]) for n, cells in sheet.rows] == normal


@EVERY_FORM
@settings(max_examples=25)
@given(
    rows=st.lists(
        st.lists(
            st.text(st.characters(categories=("L", "N", "P")), max_size=6)
            | st.integers(-(10**14), 10**14).map(lambda fen: Decimal(fen) / 100)
            | st.dates(date(1905, 1, 1), date(2099, 12, 31)),
            min_size=1,
            max_size=4,
        ),
        min_size=1,
        max_size=5,
    )
)
def test_text_amounts_and_days_come_back_exactly(
    rows: list[list[sheet_files.Value]], form: str
) -> None:
    rows = [["甲"], *([c for c in row if not str(c).startswith("=")] for row in rows)]

    (sheet,) = read_sheet_rows(sheet_files.FORMS[form](rows), "清单.xls")

    for line, cells in sheet.rows:
        written = [_written(cell) for cell in rows[line - 1]]
        assert cells == written[: len(cells)]
        assert not any(written[len(cells) :])


def _written(cell: sheet_files.Value) -> str:
    if not isinstance(cell, Decimal):
        return str(cell)
    text = f"{cell:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def test_a_number_has_no_more_than_the_digits_that_a_spreadsheet_keeps() -> None:
    assert _cells(11000.92, 0.1 + 0.2, 1.1e4, 123456789012.34, -5500.46, 100, 0.0) == [
        "11000.92",
        "0.3",
        "11000",
        "123456789012.34",
        "-5500.46",
        "100",
        "0",
    ]


@pytest.mark.parametrize(
    "code", ["0%", "0.00%", "#,##0.00", "¥#,##0", "0.00E+00", "#,##0,", "0!.0,"]
)
def test_how_an_amount_is_printed_does_not_change_it(code: str) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["A1"] = 11000.92
        sheet["A1"].number_format = code

    assert _read(fill)[0].rows == [(1, ["11000.92"])]


def test_the_leading_zeros_of_a_code_that_is_a_number_come_back() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["A1"] = 43001
        sheet["A1"].number_format = "000000"

    assert _read(fill)[0].rows == [(1, ["043001"])]


@EVERY_FORM
def test_a_number_that_has_lost_digits_looks_mangled(form: str) -> None:
    data = sheet_files.FORMS[form]([["账号"], [Decimal(6222029792492372827)]])
    data = data.replace(b">6,222,029,792,492,372,827<", b">6.22203E+18<")

    (_, (account,)) = read_sheet_rows(data, "清单.xls")[0].rows[1]

    assert is_mangled(account)


def test_dates_and_times_are_written_the_plain_way() -> None:
    assert _cells(date(2025, 3, 17), datetime.fromisoformat("2025-03-17T09:05:01"), time(9, 5)) == [
        "2025-03-17",
        "2025-03-17 09:05:01",
        "09:05:00",
    ]


@pytest.mark.parametrize(
    "code",
    [
        'yyyy"年"m"月"d"日"',
        "m/d",
        "yyyy/m/d h:mm",
        "[$-804]yyyy年m月d日;@",
        "d-mmm-yy",
        "aaaa yyyy",
    ],
)
def test_a_day_is_one_whatever_its_format_shows_of_it(code: str) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["A1"] = 45733
        sheet["A1"].number_format = code

    assert _read(fill)[0].rows == [(1, ["2025-03-17"])]


def test_the_days_of_an_old_macintosh_count_from_1904() -> None:
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    assert book.active is not None
    book.active.append([date(2025, 3, 17)])
    out = io.BytesIO()
    book.save(out)

    assert read_sheet_rows(out.getvalue(), "清单.xlsx")[0].rows == [(1, ["2025-03-17"])]


def test_truth_and_errors_are_text() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append([True, False, "#N/A"])
        sheet["C1"].data_type = "e"

    assert _read(fill)[0].rows == [(1, ["TRUE", "FALSE", "#N/A"])]


def test_a_merged_cell_stands_once() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(["收款人", None, None, "金额"])
        sheet.append(["全称", "账号", None, None])
        sheet.merge_cells("A1:C1")
        sheet.merge_cells("D1:D2")

    assert _read(fill)[0].rows == [(1, ["收款人", "", "", "金额"]), (2, ["全称", "账号"])]


def test_what_is_stored_below_a_merged_cell_is_not_read() -> None:
    data = sheet_files.as_xlsx([["甲", Decimal(1), "乙"], ["丙", Decimal(2), "丁"]])
    merged = _with_part(
        data,
        "xl/worksheets/sheet1.xml",
        b"</sheetData>",
        b'</sheetData><mergeCells count="1"><mergeCell ref="A1:B1048576"/></mergeCells>',
    )

    assert read_sheet_rows(merged, "清单.xlsx")[0].rows == [
        (1, ["甲", "", "乙"]),
        (2, ["", "", "丁"]),
    ]


def test_hidden_rows_and_columns_are_read_since_they_were_paid() -> None:
    def fill(sheet: Worksheet) -> None:
        for n in range(3):
            sheet.append([n, n + 10])
        sheet.row_dimensions[2].hidden = True
        sheet.column_dimensions["A"].hidden = True

    assert _read(fill)[0].rows == [(1, ["0", "10"]), (2, ["1", "11"]), (3, ["2", "12"])]


def test_hidden_rows_of_an_old_workbook_are_read_too() -> None:
    book = import_module("xlwt").Workbook()
    sheet = book.add_sheet("一")
    for n in range(3):
        sheet.write(n, 0, n)
    sheet.row(1).hidden = True
    out = io.BytesIO()
    book.save(out)

    assert [line for line, _ in read_sheet_rows(out.getvalue(), "清单.xls")[0].rows] == [1, 2, 3]


def test_empty_sheets_are_left_out_and_hidden_ones_say_so() -> None:
    book = openpyxl.Workbook()
    book.create_sheet("二").append(["甲"])
    hidden = book.create_sheet("三")
    hidden.append(["乙"])
    hidden.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)

    sheets = read_sheet_rows(out.getvalue(), "清单.xlsx")

    assert [(each.name, each.is_hidden) for each in sheets] == [("二", False), ("三", True)]


def test_lines_are_the_rows_of_the_sheet_where_rows_between_are_blank() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["B3"], sheet["A7"] = "甲", "乙"

    assert _read(fill)[0].rows == [(3, ["", "甲"]), (7, ["乙"])]


def test_a_formula_gives_the_result_that_was_saved_with_it() -> None:
    data = sheet_files.as_xlsx([["甲", Decimal("11000.92")]])
    with_formula = _with_part(
        data,
        "xl/worksheets/sheet1.xml",
        b"<v>11000.92</v>",
        b"<f>A2*2</f><v>11000.920000000001</v>",
    )

    assert read_sheet_rows(with_formula, "清单.xlsx")[0].rows == [(1, ["甲", "11000.92"])]


def test_a_formula_without_a_result_refuses_the_file() -> None:
    with pytest.raises(InputError, match="A1 的公式没有保存结果"):
        _cells("=1+1")


def _with_part(data: bytes, name: str, old: bytes, new: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w") as after:
        for each in before.namelist():
            part = before.read(each)
            assert each != name or old in part
            after.writestr(each, part.replace(old, new) if each == name else part)
    return out.getvalue()


@pytest.mark.parametrize("cut", [200, 500, -700])
@EVERY_FORM
def test_a_damaged_file_is_refused_in_words(form: str, cut: int) -> None:
    data = sheet_files.FORMS[form]([["日期", "金额"], *([["甲", "乙"]] * 40)])[:cut]

    with pytest.raises(InputError):
        read_sheet_rows(data, "清单.xls")


@pytest.mark.parametrize(
    ("form", "expected"),
    list(zip(sheet_files.FORMS, Form, strict=True)),
)
def test_the_form_is_told_by_content_not_by_name(form: str, expected: Form) -> None:
    assert form_of(sheet_files.FORMS[form]([["甲"]])) is expected
