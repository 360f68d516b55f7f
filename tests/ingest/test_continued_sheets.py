"""A sheet without header that goes on with another's rows is never left out in silence."""

from __future__ import annotations

import io
import tomllib
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from monitor.errors import InputError
from monitor.ingest.payment_files import ListFile, lists_in, lists_of
from monitor.ingest.profiles import Columns
from monitor.ingest.shipped import shipped

COLUMNS = Columns.from_toml(tomllib.loads(shipped("rules/columns.toml")))
HEADER = ["支付凭证号", "支付日期", "项目编码", "支付金额（元）", "用途"]
Cells = Sequence[str | int | float | date | None]


def _lists(folder: Path, **sheets: Sequence[Cells]) -> list[ListFile | InputError]:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    data = io.BytesIO()
    book.save(data)
    path = folder / "明细.xlsx"
    path.write_bytes(data.getvalue())
    return list(lists_in([path], COLUMNS))


def _row(number: str, day: str | date = "2025-03-05", fen: str | float = "10.00") -> Cells:
    return [number, day, "P1", fen, "货款"]


@pytest.mark.parametrize(
    "rows",
    [
        [_row("V2"), _row("V3")],
        [_row("V2", date(2025, 3, 6), 10.5), _row("V3", date(2025, 3, 7), 3)],
        [["（续）"], _row("V2"), _row("V3"), ["合计", None, None, "20.00"]],
    ],
    ids=["texts", "numbers and days", "title and total"],
)
def test_a_continued_sheet_refuses_the_file_and_is_named(tmp_path: Path, rows: list[Cells]) -> None:
    [found] = _lists(tmp_path, 三月=[HEADER, _row("V1")], 续表=rows)

    assert isinstance(found, InputError)
    assert [each.id for each in found.diagnostics] == ["P208"]
    said = str(found)
    assert "明细.xlsx［续表］" in said
    assert "工作表“续表”没有表头，却有 2 行像是工作表“三月”的续表" in said
    assert "并入同一张工作表" in said
    assert "补上表头" in said


def test_the_continuation_of_any_list_of_the_file_is_seen(tmp_path: Path) -> None:
    other = ["支付金额（元）", "支付日期", "项目编码"]

    [found] = _lists(
        tmp_path,
        三月=[HEADER, _row("V1")],
        四月=[other, ["1.00", "2025-04-01", "P1"]],
        续表=[["2.00", "2025-04-02", "P1"]],
    )

    assert isinstance(found, InputError)
    assert "“四月”的续表" in str(found)


def test_sheets_that_hold_something_else_are_left_out_as_before(tmp_path: Path) -> None:
    [found] = _lists(
        tmp_path,
        三月=[HEADER, _row("V1")],
        说明=[["打印日期", "2025-04-01"], ["联系人", "张三", "电话", "5551234"]],
        汇总=[
            ["单位", "笔数", "科目", "金额"],
            ["某局", 3, "30201", 10.5],
            ["合计", 3, None, 10.5],
        ],
    )

    assert isinstance(found, ListFile)
    assert found.left_out == ("说明", "汇总")


def test_a_continued_sheet_with_a_header_of_its_own_is_a_list(tmp_path: Path) -> None:
    found = _lists(tmp_path, 三月=[HEADER, _row("V1")], 续表=[HEADER, _row("V2")])

    assert [each.part for each in found if isinstance(each, ListFile)] == ["三月", "续表"]


def test_a_copy_in_the_archive_is_read_as_it_was(tmp_path: Path) -> None:
    _lists(tmp_path, 三月=[HEADER, _row("V1")], 续表=[_row("V2")])

    [found] = lists_of(tmp_path / "明细.xlsx", "明细.xlsx", COLUMNS)

    assert [line for line, _ in found.rows.head] == [1, 2] if found.rows else False
