"""Delimited text → rows with the line where each starts."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import InputError
from monitor.ingest.readers.delimited import read_delimited

CELLS = st.text(st.characters(codec="utf-8", exclude_characters='\0\ufeff="'), max_size=8)


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_the_delimiter_is_the_sign_that_divides_most(delimiter: str) -> None:
    text = f"甲|乙|丙\n1|{'2.5'}|3\n".replace("|", delimiter)

    assert read_delimited(text.encode(), "a.csv").rows == [
        (1, ["甲", "乙", "丙"]),
        (2, ["1", "2.5", "3"]),
    ]


def test_amounts_with_commas_do_not_make_a_semicolon_file_a_comma_file() -> None:
    text = "编号;日期;金额\n1;2025-01-02;1,234,567.00\n"

    assert read_delimited(text.encode(), "a.csv").rows[1] == (
        2,
        ["1", "2025-01-02", "1,234,567.00"],
    )


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_row_has_the_line_where_it_starts_after_a_quoted_line_break(end: str) -> None:
    text = f'甲,乙{end}1,"第一行{end}第二行"{end}{end}3,4{end}'

    lines = [line for line, _ in read_delimited(text.encode(), "a.csv").rows]
    assert lines == [1, 2, 4, 5]


def test_an_open_quote_is_refused_with_its_line() -> None:
    with pytest.raises(InputError, match="第 2 行"):
        read_delimited('甲,乙\n1,"二\n3,4\n'.encode(), "a.csv")


def test_an_open_quote_that_a_later_one_closes_does_not_swallow_the_rows_between() -> None:
    with pytest.raises(InputError, match="第 2 行"):
        read_delimited('甲,乙\n1,"二\n3,4\n5,六"\n'.encode(), "a.csv")


def test_a_number_kept_as_text_by_a_formula_is_its_text() -> None:
    assert read_delimited('甲,乙\n="001",2\n'.encode(), "a.csv").rows[1] == (2, ["001", "2"])


def test_a_gb18030_file_says_its_encoding() -> None:
    assert read_delimited("甲,乙\n一,二\n".encode("gb18030"), "a.csv").encoding == "gb18030"


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=8))
def test_what_the_csv_module_writes_is_read_back(rows: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([["表", "头", "行"], *rows])
    swallowed = any(cell.count(",") >= 2 for row in rows for cell in row)

    if not swallowed:
        read = read_delimited(out.getvalue().encode(), "a.csv")
        kept = [[cell.replace("\x1f", " ") for cell in row] for row in rows]
        assert [cells for _, cells in read.rows] == [["表", "头", "行"], *kept]


def test_the_sign_that_parts_cells_in_the_database_becomes_a_blank() -> None:
    read = read_delimited("甲,乙\n一\x1f二,三\n".encode(), "a.csv")
    assert read.rows[1] == (2, ["一 二", "三"])
