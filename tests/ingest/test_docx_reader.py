"""The .docx reader: what Word prints, cell by cell; damaged and hostile files are refused."""

from __future__ import annotations

import io
import zipfile

import pytest

from monitor.errors import InputError
from monitor.ingest.document import Paragraph
from monitor.ingest.readers import docx

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="a" Type="http://x/officeDocument" Target="word/document.xml"/>'
    "</Relationships>"
)


def packed(xml: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("_rels/.rels", RELATIONS)
        archive.writestr("word/document.xml", xml)
    return data.getvalue()


def word(body: str) -> bytes:
    return packed(f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>')


def read(body: str) -> list[str | list[list[str]]]:
    """The blocks: a paragraph as its text, a table as the texts of its cells."""
    return [
        block.text
        if isinstance(block, Paragraph)
        else [[cell.text for cell in row] for row in block.rows]
        for block in docx.read(word(body), "a.docx").blocks
    ]


def run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p>{run(text)}</w:p></w:tc>"


def row(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def field(mark: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{mark}"/></w:r>'


CODE = "<w:r><w:instrText>TC x</w:instrText></w:r>"


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        (f"{run('甲')}<w:ins>{run('乙')}</w:ins>", "甲乙"),
        (f"{run('甲')}<w:del><w:r><w:delText>乙</w:delText></w:r></w:del>", "甲"),
        (f"{run('甲')}<w:moveFrom>{run('乙')}</w:moveFrom>", "甲"),
        (run("甲") + field("begin") + CODE + field("end") + run("乙"), "甲乙"),
        (field("begin") + run("码") + field("separate") + run("果") + field("end"), "果"),
        (f'<w:fldSimple w:instr="PAGE">{run("3")}</w:fldSimple>', "3"),
        (f"<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r>{run('显')}", "显"),
        ("<w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t><w:tab/><w:t>丙</w:t></w:r>", "甲\n乙\t丙"),
        (f'<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>{run("95%")}', "≥95%"),
        (f'<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>{run("甲")}', "\ufffd甲"),
        (f"<w:r><w:drawing><w:p>{run('框')}</w:p></w:drawing></w:r>{run('甲')}", "甲"),
        (f"<w:sdt><w:sdtContent>{run('甲')}</w:sdtContent></w:sdt>", "甲"),
    ],
)
def test_a_paragraph_is_what_word_prints(inside: str, text: str) -> None:
    assert read(f"<w:p>{inside}</w:p>") == [text]


def test_a_field_may_end_in_a_later_paragraph() -> None:
    body = f"<w:p>{field('begin')}{run('码')}</w:p><w:p>{run('码')}{field('end')}{run('甲')}</w:p>"

    assert read(body) == ["甲"]


def test_a_paragraph_whose_end_is_deleted_goes_on_in_the_next() -> None:
    mark = "<w:pPr><w:rPr><w:del/></w:rPr></w:pPr>"

    assert read(f"<w:p>{mark}{run('甲')}</w:p><w:p>{run('乙')}</w:p>") == ["甲乙"]


def test_a_merged_cell_stands_once_and_is_blank_below() -> None:
    wide = '<w:gridSpan w:val="2"/>'
    rows = row(cell("甲", '<w:vMerge w:val="restart"/>'), cell("乙", wide))
    rows += row(cell("旧", "<w:vMerge/>"), cell("丙"), cell("丁"))

    assert read(f"<w:tbl>{rows}</w:tbl>") == [[["甲", "乙"], ["", "丙", "丁"]]]


def test_a_deleted_row_is_left_out() -> None:
    rows = row(cell("甲")) + row(cell("乙"), properties="<w:del/>")

    assert read(f"<w:tbl>{rows}</w:tbl>") == [[["甲"]]]


def test_a_column_left_out_at_the_beginning_is_a_blank_cell() -> None:
    rows = row(cell("甲"), cell("乙")) + row(cell("丙"), properties='<w:gridBefore w:val="1"/>')

    assert read(f"<w:tbl>{rows}</w:tbl>") == [[["甲", "乙"], ["", "丙"]]]


def test_a_table_in_a_cell_follows_the_row_of_the_cell() -> None:
    inner = f"<w:tc><w:p>{run('乙')}</w:p><w:tbl>{row(cell('丙'))}</w:tbl><w:p/></w:tc>"

    assert read(f"<w:tbl>{row(cell('甲'), inner)}{row(cell('丁'))}</w:tbl>") == [
        [["甲", "乙"]],
        [["丙"]],
        [["丁"]],
    ]


def test_a_frame_around_all_is_taken_off() -> None:
    frame = f"<w:tc><w:p>{run('标题')}</w:p><w:tbl>{row(cell('甲'))}</w:tbl></w:tc>"

    assert read(f"<w:tbl>{row(frame)}</w:tbl>") == ["标题", [["甲"]]]


def test_the_strict_form_reads_the_same() -> None:
    strict = word(f"<w:p>{run('甲')}</w:p>")
    xml = zipfile.ZipFile(io.BytesIO(strict)).read("word/document.xml").decode()
    other = xml.replace(W, "http://purl.oclc.org/ooxml/wordprocessingml/main")

    assert docx.read(packed(other), "a.docx") == docx.read(strict, "a.docx")


def test_a_file_cut_anywhere_is_refused() -> None:
    whole = word(f"<w:p>{run('甲')}</w:p>")

    for end in range(4, len(whole), 7):
        with pytest.raises(InputError, match="已损坏或不完整"):
            docx.read(whole[:end], "a.docx")


def test_what_unpacks_beyond_all_measure_is_refused() -> None:
    with pytest.raises(InputError, match="解压后超过 32 MB"):
        docx.read(word(" " * (33 * 2**20)), "a.docx")


def test_an_archive_of_very_many_files_is_refused() -> None:
    data = io.BytesIO(word(""))
    with zipfile.ZipFile(data, "a") as archive:
        for number in range(10_001):
            archive.writestr(f"word/{number}", "")

    with pytest.raises(InputError, match="所含的文件过多"):
        docx.read(data.getvalue(), "a.docx")


def test_declared_entities_are_refused() -> None:
    levels = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 12))
    bomb = f'<!DOCTYPE d [<!ENTITY e0 "x">{levels}]><d>&e11;</d>'

    with pytest.raises(InputError, match="已损坏或不完整"):
        docx.read(packed(bomb), "a.docx")
