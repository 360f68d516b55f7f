"""The reader of workbooks: what Excel prints, cell by cell; hostile files are refused."""

from __future__ import annotations

import io
import time
import zipfile
from datetime import date

import pytest
import xlsxwriter

from monitor.errors import InputError
from monitor.ingest.document import Document, Paragraph, Table
from monitor.ingest.readers import sheet
from monitor.ingest.readers.sheet_values import Formats, Unsure

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def relations(*found: tuple[str, str, str]) -> str:
    items = "".join(
        f'<Relationship Id="{name}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for name, kind, target in found
    )
    return f'<Relationships xmlns="{PACKAGE}">{items}</Relationships>'


def workbook(
    *sheets: str, states: tuple[str, ...] = (), book: str = "", more: dict[str, str] | None = None
) -> bytes:
    """An .xlsx of sheets given as what is in `worksheet`."""
    names = "".join(
        f'<sheet name="表{i}" sheetId="{i}" r:id="s{i}" state="{state}"/>'
        for i, state in enumerate((states or ("visible",) * len(sheets)), 1)
    )
    parts = {
        "_rels/.rels": relations(("a", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{book}'
        f"<sheets>{names}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": relations(
            *((f"s{i}", "worksheet", f"worksheets/s{i}.xml") for i in range(1, len(sheets) + 1)),
            ("t", "sharedStrings", "/xl/sharedStrings.xml"),
            ("y", "styles", "styles.xml"),
        ),
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}"><si><r><t>甲</t></r><r><t>乙</t></r>'
        "<rPh><t>yi</t></rPh></si><si><t>上_x000D_\n下</t></si></sst>",
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><borders><border/><border>'
        '<left style="thin"/></border></borders><cellXfs><xf numFmtId="0" borderId="0"/>'
        '<xf numFmtId="0" borderId="1"/><xf numFmtId="9" borderId="0"/></cellXfs></styleSheet>',
        **{f"xl/worksheets/s{i}.xml": worksheet(each) for i, each in enumerate(sheets, 1)},
        **(more or {}),
    }
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return data.getvalue()


def worksheet(inside: str) -> str:
    return f'<worksheet xmlns="{MAIN}">{inside}</worksheet>'


def rows(*given: list[str], style: int = 0) -> str:
    """Rows of texts from A1; blank ones are no cells unless they have a style."""
    found = ""
    for r, texts in enumerate(given, 1):
        found += f'<row r="{r}">'
        for c, text in enumerate(texts):
            inside = f"<is><t>{text}</t></is>" if text else ""
            found += f'<c r="{chr(65 + c)}{r}" t="inlineStr" s="{style}">{inside}</c>'
        found += "</row>"
    return f"<sheetData>{found}</sheetData>"


def merged(*areas: str) -> str:
    return f"<mergeCells>{''.join(f'<mergeCell ref={each!r}/>' for each in areas)}</mergeCells>"


def one_cell(cell: str) -> str:
    return f'<sheetData><row r="3">{cell}</row></sheetData>'


def texts(document: Document) -> list[str | list[list[str]]]:
    """The blocks: a paragraph as its text, a table as the texts of its cells."""
    return [
        block.text
        if isinstance(block, Paragraph)
        else [[cell.text for cell in row] for row in block.rows]
        for block in document.blocks
    ]


def read(inside: str, **more: str) -> list[str | list[list[str]]]:
    return texts(sheet.read(workbook(inside, **more), "a.xlsx"))  # type: ignore[arg-type]


def refused(data: bytes) -> str:
    with pytest.raises(InputError) as caught:
        sheet.read(data, "a.xlsx")
    assert len(caught.value.diagnostics) == 1
    return caught.value.diagnostics[0].id


def test_a_merged_cell_stands_once_and_goes_on_below() -> None:
    inside = rows(["甲", "", "乙"], ["", "", "丙"]) + merged("A1:B2")

    table = sheet.read(workbook(inside), "a.xlsx").blocks[0]

    assert isinstance(table, Table)
    found = [[(c.text, c.column, c.width, c.continued) for c in row] for row in table.rows]
    assert found == [
        [("甲", 0, 2, False), ("乙", 2, 1, False)],
        [("", 0, 2, True), ("丙", 2, 1, False)],
    ]
    assert str(table.rows[1][1].place) == "a.xlsx 工作表“表1”C2"


def test_a_row_that_a_merged_label_reaches_into_stays_though_it_is_blank() -> None:
    inside = rows(["用途", "预算"], ["", ""], ["目标", "有"]) + merged("A1:A2")

    assert read(inside) == [[["用途", "预算"], ["", ""], ["目标", "有"]]]


def test_text_that_a_merged_cell_covers_is_not_shown() -> None:
    assert read(rows(["甲", "隐"], ["乙", "丙"]) + merged("A1:B1")) == ["甲", [["乙", "丙"]]]


def test_a_title_is_a_paragraph_and_blank_rows_are_dropped() -> None:
    inside = rows(["标题"], [], ["甲", "乙"], [], ["丙", "丁"])

    assert read(inside) == ["标题", [["甲", "乙"], ["丙", "丁"]]]


def test_a_label_without_a_value_is_no_title() -> None:
    bordered = rows(["甲", "乙"], ["绩效目标", ""], ["丙", "丁"], style=1)
    merged_value = rows(["甲", "乙", "丙"], ["绩效目标"]) + merged("B2:C2")

    assert read(bordered) == [[["甲", "乙"], ["绩效目标", ""], ["丙", "丁"]]]
    assert read(merged_value) == [[["甲", "乙", "丙"], ["绩效目标", ""]]]


def test_sheets_come_in_order_and_hidden_ones_do_not_come() -> None:
    data = workbook(
        *(rows([each]) for each in "甲乙丙丁"),
        states=("visible", "hidden", "veryHidden", "visible"),
    )

    document = sheet.read(data, "a.xlsx")

    assert texts(document) == ["甲", "丁"]
    assert [each.place.line for each in document.blocks if isinstance(each, Paragraph)] == [1, 2]


def test_hidden_rows_and_columns_are_not_read_but_a_merged_cell_shows_its_text() -> None:
    plain = rows(["甲", "乙", "丙"], ["丁", "戊", "己"])
    hidden = plain.replace('<row r="2">', '<row r="2" hidden="1">')
    columns = '<cols><col min="1" max="1" hidden="1"/></cols>'

    assert read(hidden) == [[["甲", "乙", "丙"]]]
    assert read(columns + plain) == [[["乙", "丙"], ["戊", "己"]]]
    assert read(columns + plain + merged("A1:B1")) == [[["甲", "丙"], ["戊", "己"]]]


def test_text_comes_in_all_its_fonts_without_phonetic_text() -> None:
    assert read(one_cell('<c r="B3" t="s"><v>0</v></c>')) == ["甲乙"]
    assert read(one_cell('<c r="B3" t="s"><v>1</v></c>')) == ["上\n下"]


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ('<c r="B3"><v>594100</v></c>', "594100"),
        ('<c r="B3" s="2"><v>0.25</v></c>', "25%"),
        ('<c r="B3"><f>A1</f><v>1804.23</v></c>', "1804.23"),
        ('<c r="B3" t="b"><v>1</v></c>', "TRUE"),
        ('<c r="B3" t="e"><f>A9</f><v>#REF!</v></c>', "#REF!"),
        ('<c r="B3" t="str"><f>A1</f><v>≥95%</v></c>', "≥95%"),
        ("<c><v>7</v></c>", "7"),
    ],
)
def test_a_cell_shows_its_value(cell: str, shown: str) -> None:
    assert read(one_cell(cell)) == [shown]


@pytest.mark.parametrize("result", ["", "<v/>"])
def test_a_formula_without_a_result_is_refused_by_its_name(result: str) -> None:
    data = workbook(one_cell(f'<c r="B3"><f>A1+1</f>{result}</c>'))

    with pytest.raises(InputError, match="工作表“表1”B3 的公式没有保存结果") as caught:
        sheet.read(data, "a.xlsx")
    assert caught.value.diagnostics[0].id == "T095"


def test_a_zero_that_nobody_calculated_is_refused() -> None:
    inside = one_cell('<c r="B3"><f>A1+1</f><v>0</v></c>')

    assert refused(workbook(inside, book='<calcPr fullCalcOnLoad="1"/>')) == "T095"
    assert read(inside) == ["0"]


@pytest.mark.parametrize(
    ("number", "code", "shown"),
    [
        ("0.3333", "0.00%", "33.33%"),
        ("0.33333", "0%", "33.333%"),
        ("7.0000000000000007E-2", "0%", "7%"),
        ("0.5", "0.00%", "50.00%"),
        ("0.95", '"≥"0%', "≥95%"),
        ("594100", "#,##0.00", "594100.00"),
        ("1804.23", "", "1804.23"),
        ("0.30000000000000004", "General", "0.3"),
        ("1E-5", "General", "0.00001"),
        ("123456789012345", "General", "123456789012345"),
        ("130229202101000000000", "0", "1.30229202101E+20"),
        ("1.30229E+20", "", "1.30229E+20"),
        ("1", "000000", "000001"),
        ("15", '0"天"', "15天"),
        ("15", "0!元", "15元"),
        ("594100", '"￥"#,##0.00', "594100.00"),
        ("594100", "0.00,", "594.10"),
        ("-3.5", "0.00_);(0.00)", "-3.50"),
        ("0", '#,##0.00;-#,##0.00;"-"', "0"),
        ("0", ";;;", ""),
        ("1", '[=1]"是";[=0]"否"', "是"),
        ("0", '[=1]"是";[=0]"否"', "否"),
        ("0.5", "# ?/8", "0.5"),
        ("46022", "yyyy/m/d", "2025年12月31日"),
        ("46022", '[$-804]yyyy"年"m"月"', "2025年12月"),
        ("46022", 'm"月"d"日"', "12月31日"),
        ("46022.5", "yyyy-mm-dd hh:mm", "2025年12月31日 12:00"),
        ("0.35416666666666669", "h:mm", "08:30"),
        ("-1", "yyyy/m/d", "########"),
        ("5", "[Red]0", "5"),
    ],
)
def test_a_number_shows_as_its_format_has_it(number: str, code: str, shown: str) -> None:
    assert Formats([code]).shown(number, 0) == shown


def test_dates_may_count_from_1904() -> None:
    assert Formats(["yyyy/m/d"], from_1904=True).shown("44560", 0) == "2025年12月31日"


def test_a_format_that_shows_other_digits_than_the_number_is_not_guessed() -> None:
    with pytest.raises(Unsure):
        Formats(['0!.0,"万"']).shown("594100", 0)


@pytest.mark.parametrize("number", ["1_000", "NaN", "1E999", "１２", "0x10"])
def test_what_is_no_number_is_refused(number: str) -> None:
    assert refused(workbook(one_cell(f'<c r="B3"><v>{number}</v></c>'))) == "T090"


def test_what_xlsxwriter_writes_is_read() -> None:
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data)
    page = book.add_worksheet("项目")
    page.write_row(0, 0, [594100, 1804.23, "文字"])
    page.write_datetime(0, 3, date(2025, 12, 31), book.add_format({"num_format": "yyyy-mm-dd"}))
    page.write_number(0, 4, 0.07, book.add_format({"num_format": "0.00%"}))
    book.close()

    shown = texts(sheet.read(data.getvalue(), "a.xlsx"))

    assert shown == [[["594100", "1804.23", "文字", "2025年12月31日", "7.00%"]]]


def test_a_sheet_without_anything_is_told() -> None:
    assert refused(workbook(rows(["", ""]))) == "T096"


def test_a_file_cut_anywhere_is_damaged() -> None:
    data = workbook(rows(["甲", "乙"]))

    assert {refused(data[:end]) for end in range(4, len(data) - 30, 97)} == {"T090"}


def test_parts_that_declare_entities_are_refused() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    part = bomb + worksheet(rows(["&b;"]))
    strings = f'{bomb}<sst xmlns="{MAIN}"><si><t>&b;</t></si></sst>'

    assert refused(workbook("", more={"xl/worksheets/s1.xml": part})) == "T090"
    assert refused(workbook(rows(["甲"]), more={"xl/sharedStrings.xml": strings})) == "T090"


@pytest.mark.parametrize(
    ("inside", "kind"),
    [
        (rows(["甲", "乙"]) + merged("A1:XFD1048576"), None),
        (rows(["甲"]) + merged("A1:A1048576") + '<dimension ref="A1:XFD1048576"/>', None),
        (rows(["甲", "乙"]) + merged(*["A1:B1048576"] * 10_000), "T090"),
        (
            f'{rows(["甲", "乙"])[:-12]}<row r="1048576"><c t="b"><v>1</v></c></row></sheetData>'
            + merged("A1:A1048576"),
            "T092",
        ),
        ("<sheetData>" + '<row><c s="1"/></row>' * 1_400_000 + "</sheetData>", "T092"),
        ("<sheetData>" + '<row><c s="1"/></row>' * 1_000_000 + "</sheetData>", "T096"),
        (f"<sheetData>{'<row/>' * 6_000_000}</sheetData>", "T092"),
        (rows(["甲" * (33 * 2**20)]), "T092"),
        (rows(["甲"]) + '<cols><col min="1" max="2147483647" hidden="1"/></cols>', "T090"),
    ],
    ids=[
        "huge merge",
        "huge column",
        "overlaps",
        "tall",
        "styled",
        "fewer",
        "rows",
        "long",
        "cols",
    ],
)
def test_hostile_sheets_take_little_time(inside: str, kind: str | None) -> None:
    data = workbook(inside)
    begun = time.process_time()  # whatever else the machine does meanwhile

    if kind:
        assert refused(data) == kind
    else:
        assert texts(sheet.read(data, "a.xlsx")) == ["甲"]

    assert time.process_time() - begun < 10
