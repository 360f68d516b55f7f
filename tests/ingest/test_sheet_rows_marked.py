"""Lists in web pages and in XML that merely call themselves .xls."""

from __future__ import annotations

import pytest

from monitor.errors import InputError
from monitor.ingest.readers.sheet_rows import SheetRows, form_of, read_sheet_rows
from tests.ingest import sheet_files


def _page(body: str, encoding: str = "utf-8") -> list[tuple[int, list[str]]]:
    page = f"<html><head><title>不算</title><style>td{{}}</style></head><body>{body}</body></html>"
    (sheet,) = read_sheet_rows(page.encode(encoding), "清单.xls")
    return sheet.rows


def test_the_texts_of_a_page_around_its_table_are_rows_in_their_order() -> None:
    rows = _page(
        "<p>2025年3月</p><div>单位：<b>元</b><table><caption>明细</caption>"
        "<tr><th>日期<th>金额</tr><tr><td>1<td>2</tr></table>制表人：张三</div><p>完</p>"
    )

    assert [cells for _, cells in rows] == [
        ["2025年3月"],
        ["单位：元"],
        ["明细"],
        ["日期", "金额"],
        ["1", "2"],
        ["制表人：张三"],
        ["完"],
    ]


def test_cells_of_a_page_that_reach_over_others_keep_the_columns() -> None:
    rows = _page(
        "<table><tr><td rowspan=2>序号<td colspan=2>收款人<td rowspan=2>金额</tr>"
        "<tr><td>全称<td>账号</tr><tr><td>1<td>甲<td>&nbsp;<td>5</tr></table>"
    )

    assert rows == [
        (1, ["序号", "收款人", "", "金额"]),
        (2, ["", "全称", "账号"]),
        (3, ["1", "甲", "", "5"]),
    ]


def test_a_table_inside_a_layout_table_is_read() -> None:
    rows = _page(
        "<table><tr><td><table><tr><td>日期<td>金额</tr><tr><td>1<td>2</tr></table></td></tr></table>"
    )

    assert rows == [(1, ["日期", "金额"]), (2, ["1", "2"])]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_page_is_read_in_its_encoding(encoding: str) -> None:
    assert _page("<table><tr><td>支付金额<td>１</tr></table>", encoding) == [
        (1, ["支付金额", "１"])
    ]


def test_a_page_that_was_cut_is_refused() -> None:
    page = "<html><body><table><tr><td>甲</td></tr>"

    with pytest.raises(InputError, match="已损坏"):
        read_sheet_rows(page.encode(), "清单.xls")


def test_xml_of_several_sheets_with_cells_left_out_keeps_rows_and_columns() -> None:
    xml = """<?xml version="1.0" encoding="GB2312"?>
<ss:Workbook xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:x="urn:schemas-microsoft-com:office:excel">
<ss:Worksheet ss:Name="空"><ss:Table/></ss:Worksheet>
<ss:Worksheet ss:Name="一"><ss:Table>
 <ss:Row ss:Index="2"><ss:Cell ss:MergeAcross="1"><ss:Data ss:Type="String">收款人</ss:Data>
  <ss:Comment><ss:Data>注</ss:Data></ss:Comment></ss:Cell>
  <ss:Cell><ss:Data ss:Type="Boolean">1</ss:Data></ss:Cell></ss:Row>
 <ss:Row><ss:Cell ss:Index="2">
  <ss:Data ss:Type="DateTime">2025-03-17T09:05:00.000</ss:Data></ss:Cell>
  <ss:Cell ss:Formula="=1"><ss:Data ss:Type="Number">1.1E4</ss:Data></ss:Cell></ss:Row>
</ss:Table></ss:Worksheet>
<ss:Worksheet ss:Name="二"><ss:Table><ss:Row><ss:Cell>
<ss:Data ss:Type="String">㑇</ss:Data></ss:Cell>
</ss:Row></ss:Table><x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions>
</ss:Worksheet></ss:Workbook>"""

    assert read_sheet_rows(xml.encode("gb18030"), "清单.xls") == [
        SheetRows("一", [(2, ["收款人", "", "TRUE"]), (3, ["", "2025-03-17 09:05:00", "11000"])]),
        SheetRows("二", [(1, ["㑇"])], is_hidden=True),
    ]


def test_entities_in_xml_are_refused() -> None:
    xml = sheet_files.as_xml_2003([["甲"]]).replace(
        b"<Workbook", b'<!DOCTYPE w [<!ENTITY a "aaaa">]><Workbook'
    )

    with pytest.raises(InputError):
        read_sheet_rows(xml, "清单.xls")


@pytest.mark.parametrize("text", ["支付日期,金额\n2025-01-02,1\n", "日期\t<金额>\n"])
def test_plain_text_has_no_sheets(text: str) -> None:
    assert form_of(text.encode()) is None
    with pytest.raises(InputError, match="不是电子表格"):
        read_sheet_rows(text.encode(), "清单.xls")
