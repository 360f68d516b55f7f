"""Text form → paragraphs and tables, each cell with its line."""

from __future__ import annotations

import time

import pytest

from monitor.ingest.document import Paragraph, Table, joined, prose
from monitor.ingest.readers.text import read


def rows(text: str) -> list[list[str]]:
    tables = [block for block in read(text, "a.txt").blocks if isinstance(block, Table)]
    return [[cell.text for cell in row] for table in tables for row in table.rows]


def paragraphs(text: str) -> list[str]:
    blocks = read(text, "a.txt").blocks
    return [block.text for block in blocks if isinstance(block, Paragraph)]


def test_a_tab_at_the_start_of_a_line_begins_a_cell_and_a_blank_line_ends_the_row() -> None:
    assert rows("\t甲\n\t乙\n\n\t丙\n") == [["甲", "乙"], ["丙"]]


def test_a_line_without_a_tab_goes_on_with_the_cell() -> None:
    assert rows("\t1.甲\n2.乙\t\t\n\t丙") == [["1.甲\n2.乙\t\t", "丙"]]


def test_a_line_with_only_blanks_is_blank() -> None:
    assert rows("\t甲\n 　 \n\t乙") == [["甲"], ["乙"]]


def test_a_cell_knows_its_line_after_every_kind_of_line_end() -> None:
    document = read("第一部分\r\n\r\n\t甲\r\t乙\n", "a.txt")

    table = document.blocks[1]
    assert isinstance(table, Table)
    assert [cell.place.line for cell in table.rows[0]] == [3, 4]
    assert str(table.rows[0][1].place) == "a.txt 第 4 行"


@pytest.mark.parametrize(
    "line",
    [
        "[bookmark: _Toc_2_2_0000000001][bookmark: _GoBack]一、总体绩效目标",
        "一、总体绩效目标 TC 总体绩效目标 \\f A \\l 1 ",
        '一、总体绩效目标 TC "总体绩效目标" \\f C \\l "1"',
    ],
)
def test_marks_of_the_table_of_contents_are_left_out(line: str) -> None:
    assert paragraphs(line) == ["一、总体绩效目标"]


def test_a_heading_with_such_a_mark_never_goes_on_with_a_cell() -> None:
    text = "\t年度工作计划\n[bookmark: _Toc_4]2.车辆保险费绩效目标表\n\t单位：元"

    assert paragraphs(text) == ["2.车辆保险费绩效目标表"]
    assert rows(text) == [["年度工作计划"], ["单位：元"]]


def test_a_name_with_tc_in_it_stays() -> None:
    assert paragraphs("购置 TC 平台") == ["购置 TC 平台"]


def test_a_line_break_or_page_break_inside_a_line_is_no_new_line() -> None:
    assert rows("\x0c\t甲\x0b乙\n\t丙") == [["甲\n乙", "丙"]]


def test_prose_has_no_blanks_at_chinese_punctuation() -> None:
    assert prose("清洁取暖工作\t、改善\n环境 。 ") == "清洁取暖工作、改善 环境。"
    assert joined("玉田县人民\n 政府办公室") == "玉田县人民政府办公室"


@pytest.mark.parametrize("piece", [" \\f A", "TC ", "[bookmark: ", "\t\n", "x\n\n", " \\f C TC "])
def test_reading_takes_time_in_step_with_length(piece: str) -> None:
    began = time.perf_counter()
    read(piece * (180_000 // len(piece)), "a.txt")

    assert time.perf_counter() - began < 5
