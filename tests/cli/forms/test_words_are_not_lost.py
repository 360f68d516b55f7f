"""What people wrote into a 绩效填报表 is either read, or they are told that it was not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from monitor.domain.entry import Field
from monitor.ingest.form_book import HELP, INDICATORS, PROJECTS
from tests.cli.conftest import Monitor
from tests.cli.form_office import (
    ACTUAL,
    FILLED,
    POINTS,
    RATE,
    TARGETS,
    TIMES,
    UNIT,
    WHEN,
    drafted,
    export,
    fill,
    recorded,
    refused,
    row_of,
)
from tests.cli.small_office import CODE


def by(name: str, path: Path) -> Path:
    """The workbook with a name beside 填报人."""
    book = load_workbook(path)
    book[HELP].cell(row_of(book[HELP], "填报人："), 2).value = name
    book.save(path)
    return path


def test_two_people_who_fill_the_same_export_do_not_overwrite_each_other(
    office: Monitor, form: Path, tmp_path: Path
) -> None:
    one = by("甲", fill(form, {(INDICATORS, TIMES, ACTUAL): "4次"}, tmp_path / "甲.xlsx"))
    two = {(INDICATORS, TIMES, ACTUAL): "5次", (INDICATORS, RATE, ACTUAL): "96%"}
    other = by("乙", fill(form, two, tmp_path / "乙.xlsx"))
    office.ok("form", "import", one, "--yes")

    assert "“4次”（甲，" in refused(office, other, "F222")
    mended = by("乙", fill(form, {(INDICATORS, RATE, ACTUAL): "96%"}, tmp_path / "乙.xlsx"))
    assert "F223" in office.ok("form", "import", mended, "--yes").err
    draft = {row.item: row.actual.text for row in drafted(office).indicators if row.item}
    assert {"4次", "96%"} <= set(draft.values())


def test_words_beside_the_table_and_in_a_sheet_of_ones_own_are_told(
    office: Monitor, form: Path
) -> None:
    fill(form, FILLED)
    book = load_workbook(form)
    sheet = book[INDICATORS]
    sheet.cell(row_of(sheet, TIMES), sheet.max_column + 2).value = "另有说明"
    book.create_sheet("补充").append(["本单位的情况"])
    book.save(form)

    said = office.ok("form", "import", form, "--yes").err
    assert "警告 F231" in said
    assert "“另有说明”" in said
    assert "警告 F232" in said
    assert "工作表“补充”" in said
    assert recorded(office)[CODE, Field.ACHIEVED].value == "热线全年运行。"


def test_words_about_an_indicator_that_was_renamed_are_told_on_the_first_page(
    office: Monitor, form: Path, write: Callable[..., Path]
) -> None:
    filled = {(INDICATORS, TIMES, ACTUAL): "4次", (INDICATORS, RATE, ACTUAL): "96%"}
    office.ok("form", "import", fill(form, filled), "--yes", "--author", "甲")
    assert not [text for text in drafted(office).notices if "已不在目标文本中" in text]

    renamed = TARGETS.replace(f"\t{TIMES}\n", "\t服务次数\n")
    office.ok("targets", "import", write("勘误.txt", renamed), "--year", "2025")
    [told] = [text for text in drafted(office).notices if "已不在目标文本中" in text]
    assert told.startswith("有 1 处填报")
    assert "“4次”（甲）" in told


def test_what_is_still_to_be_filled_counts_what_the_answers_ask_for(
    office: Monitor, form: Path, tmp_path: Path
) -> None:
    missed = fill(form, {(INDICATORS, RATE, ACTUAL): "80%"})  # now a reason must be given
    said = office.ok("form", "import", missed, "--yes").err
    again = office.ok(
        "form", "export", "--unit", UNIT, "--year", "2025", "--out", tmp_path / "again.xlsx"
    ).err
    left = said.split("尚有 ")[1].split(" ")[0]
    assert f"待填 {left} 处" in again


@pytest.mark.parametrize(
    ("estimate", "why"), [(9, "小于已执行数 100.00 元"), (1000.5, "大于全年预算数 1,000.00 元")]
)
def test_an_estimate_of_the_year_that_cannot_be_is_questioned(
    office: Monitor, tmp_path: Path, estimate: float, why: str
) -> None:
    path = export(office, tmp_path / "m.xlsx", "--month", "6")
    cell = (PROJECTS, CODE, "全年预计执行数（元）")
    said = office.ok("form", "import", fill(path, {cell: estimate}), "--yes").err
    assert "警告 F233" in said
    assert why in said


@pytest.mark.parametrize(
    ("head", "what"),
    [(bytes.fromhex("d0cf11e0a1b11ae1"), ".xls 格式或加了密码"), (b"PK", "不是可读取的 .xlsx")],
)
def test_a_workbook_of_another_kind_is_named(
    office: Monitor, tmp_path: Path, head: bytes, what: str
) -> None:
    path = tmp_path / "表.xlsx"
    path.write_bytes(head + bytes(600))
    assert what in refused(office, path)


def test_points_of_a_person_stay_beside_a_day_that_was_cleared(
    office: Monitor, form: Path, tmp_path: Path
) -> None:
    both = {(INDICATORS, WHEN, ACTUAL): "2025-12-20", (INDICATORS, WHEN, POINTS): 3}
    office.ok("form", "import", fill(form, both), "--yes")
    again = export(office, tmp_path / "again.xlsx")
    office.ok("form", "import", fill(again, {(INDICATORS, WHEN, ACTUAL): None}), "--yes")
    [row] = [row for row in drafted(office).indicators if row.level3.text == WHEN]
    assert (row.actual.is_open, row.points.text) == (True, "3")
