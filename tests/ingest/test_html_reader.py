"""The .html reader: what a browser shows, cell by cell; cut and hostile pages are refused."""

from __future__ import annotations

import pytest

from monitor.errors import InputError
from monitor.ingest.document import Paragraph
from monitor.ingest.readers import html


def read(body: str | bytes) -> list[str | list[list[str]]]:
    """The blocks: a paragraph as its text, a table as the texts of its cells."""
    data = body if isinstance(body, bytes) else f"<html><body>{body}</body></html>".encode()
    return [
        block.text
        if isinstance(block, Paragraph)
        else [[cell.text for cell in row] for row in block.rows]
        for block in html.read(data, "a.html").blocks
    ]


@pytest.mark.parametrize(
    ("body", "blocks"),
    [
        ("<p>甲<b>乙</b></p><div>丙</div>", ["甲乙", "丙"]),
        ("甲<br>乙", ["甲\n乙"]),
        ("<p>甲\n  乙 a\n b&nbsp;</p>", ["甲乙 a b"]),
        (
            "<script>x</script><style>y</style><p hidden>z</p><p style='display: none'>w</p>甲",
            ["甲"],
        ),
        ("<nav><ul><li>首页</li></ul></nav><p>≥95%&lt;</p>", ["首页", "≥95%<"]),
        ("<p>甲<o:p></o:p></p>", ["甲"]),
    ],
)
def test_a_page_is_what_a_browser_shows(body: str, blocks: list[str]) -> None:
    assert read(body) == blocks


def test_merged_cells_stand_once_and_are_blank_below() -> None:
    rows = (
        "<tr><td rowspan=3>甲<td colspan=2>乙<td rowspan='2'>丙</tr>"
        "<tr><td>丁<td>戊</tr><tr><td>己<td>庚<td>辛</tr>"
    )

    assert read(f"<table>{rows}</table>") == [
        [["甲", "乙", "丙"], ["", "丁", "戊", ""], ["", "己", "庚", "辛"]]
    ]


def test_a_span_that_is_no_number_counts_as_one() -> None:
    assert read("<table><tr><td rowspan=x>甲<tr><td>乙</table>") == [[["甲"], ["乙"]]]


def test_a_span_beyond_all_measure_costs_nothing() -> None:
    rows = "<tr><td rowspan=999999999 colspan=999999999>甲<tr><td>乙"

    assert read(f"<table>{rows}</table>") == [[["甲"], ["", "乙"]]]


def test_tables_that_arrange_the_page_are_taken_off() -> None:
    body = "<table><tr><td>标题<table><tr><td>甲</table></table>"

    assert read(body) == ["标题", [["甲"]]]


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("gb2312", "gb18030"), ("gb2312", "utf-8"), ("big5", "big5"), ("none", "gb18030")],
)
def test_the_encoding_is_the_one_that_fits(declared: str, encoding: str) -> None:
    page = f"<html><head><meta charset={declared}></head><body>預算數</body></html>"

    assert read(page.encode(encoding)) == ["預算數"]


@pytest.mark.parametrize(
    "page",
    [
        "<html><body><table><tr><td>甲",
        "<html><body><table><tr><td>甲</td></tr></table>",
        "<html><body><!-- <p>甲</p></body></html>",
        "<html><body><script>x</body></html>",
    ],
)
def test_a_page_that_breaks_off_is_refused(page: str) -> None:
    with pytest.raises(InputError, match="不完整"):
        read(page.encode())


@pytest.mark.parametrize("body", ["<div>" * 5_000, "甲" * 10_100_000])
def test_a_page_that_cannot_be_read_to_its_end_is_refused(body: str) -> None:
    with pytest.raises(InputError, match="无法读完"):
        read(f"{body}<table></table>")


def test_an_empty_page_is_refused() -> None:
    with pytest.raises(InputError, match="没有内容"):
        read(b" ")


def test_entities_that_a_page_declares_are_not_expanded() -> None:
    page = b'<!DOCTYPE html [<!ENTITY a "xx"><!ENTITY b "&a;&a;">]><html><body>&b;</body></html>'

    assert read(page) == ["]>&b;"]


def test_two_pages_in_one_file_are_refused_and_not_read_by_half() -> None:
    page = "<html><body><table><tr><td>一</td></tr></table></body></html>"

    with pytest.raises(InputError, match="2 个网页"):
        html.read((page + page).encode(), "a.html")
