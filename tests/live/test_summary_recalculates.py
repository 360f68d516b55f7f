"""The summary workbook recalculated by LibreOffice: its formulas give our figures, to the fen."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import load_workbook

from monitor.reports.unit.summary_workbook import summary_workbook
from tests.live.libreoffice import calc, convert
from tests.reports.summaries import awkward

pytestmark = pytest.mark.live
SHEETS = ("项目汇总", "单位汇总")


def without_values(content: bytes) -> bytes:
    """The workbook with formulas alone, so that nothing of ours can be taken for theirs."""
    made = BytesIO()
    with ZipFile(BytesIO(content)) as source, ZipFile(made, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = source.read(name)
            if name.startswith("xl/worksheets/sheet"):
                part = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", part)
            target.writestr(name, part)
    return made.getvalue()


def values(content: bytes, name: str) -> list[list[Any]]:
    page = load_workbook(BytesIO(content), data_only=True)[name]
    return [["" if v is None else v for v in row] for row in page.iter_rows(3, values_only=True)]


def test_libreoffice_calculates_what_we_wrote(tmp_path: Path) -> None:
    ours = summary_workbook(awkward())
    bare = without_values(ours)
    (tmp_path / "summary.xlsx").write_bytes(bare)
    convert(calc(), [tmp_path / "summary.xlsx"], "xlsx", tmp_path / "out")
    theirs = (tmp_path / "out" / "summary.xlsx").read_bytes()

    for name in SHEETS:
        assert values(theirs, name) == values(ours, name)
    assert values(bare, SHEETS[1])[1:] != values(ours, SHEETS[1])[1:]


def test_a_blank_that_is_filled_gives_total_and_grade(tmp_path: Path) -> None:
    book = load_workbook(BytesIO(summary_workbook(awkward())))
    page = book[SHEETS[0]]
    heads = {str(cell.value): int(cell.column or 0) for cell in page[3]}
    [row] = [r for r in range(4, page.max_row) if page.cell(r, 5).value == "项目6"]
    page.cell(row, heads["预算执行得分"]).value = 10
    page.cell(row, heads["产出指标得分"]).value = 85.55
    book.save(tmp_path / "summary.xlsx")
    convert(calc(), [tmp_path / "summary.xlsx"], "xlsx", tmp_path / "out")
    filled = load_workbook(tmp_path / "out" / "summary.xlsx", data_only=True)

    assert filled[SHEETS[0]].cell(row, heads["总分"]).value == 95.55
    assert filled[SHEETS[0]].cell(row, heads["等级"]).value == "优"
    whole = filled[SHEETS[1]]
    assert [cell.value for cell in whole[whole.max_row]][9:] == [2, 2, 1, 2]
