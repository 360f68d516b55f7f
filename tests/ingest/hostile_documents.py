"""Whole files made to hurt a reader: a tool of the tests and of bench/fuzz_targets.py."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_ENTITIES = (
    "<!DOCTYPE a [<!ENTITY a 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'>"
    + "".join(f"<!ENTITY {b} '{f'&{a};' * 40}'>" for a, b in zip("abcdef", "bcdefg", strict=True))
    + "]>"
)
_MANY = 1_000_000
_CODE = "130304213LHGD879DWSLU"


def word(body: str | bytes, before: str = "") -> bytes:
    """A .docx with this in its body."""
    inner = body.encode() if isinstance(body, str) else body
    begins = f'{before}<w:document xmlns:w="{_WORD}"><w:body>'.encode()
    return _package("word/document.xml", begins + inner + b"</w:body></w:document>")


def workbook(sheet: str | bytes, before: str = "") -> bytes:
    """An .xlsx of one sheet with this in it."""
    inner = sheet.encode() if isinstance(sheet, str) else sheet
    book = (
        f'<workbook xmlns="{_SHEETS}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/'
        'vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/'
        'vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
    )
    begins = f'{before}<worksheet xmlns="{_SHEETS}">'.encode()
    return _package(
        "xl/workbook.xml",
        book.encode(),
        {
            "[Content_Types].xml": types.encode(),
            "xl/_rels/workbook.xml.rels": _relation("worksheet", "worksheets/sheet1.xml"),
            "xl/worksheets/sheet1.xml": begins + inner + b"</worksheet>",
        },
    )


def _relation(kind: str, target: str) -> bytes:
    return (
        f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="rId1" Type="{_OFFICE}/{kind}"'
        f' Target="{target}"/></Relationships>'
    ).encode()


def _package(main: str, data: bytes, more: dict[str, bytes] | None = None) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("_rels/.rels", _relation("officeDocument", main))
        archive.writestr(main, data)
        for name, part in (more or {}).items():
            archive.writestr(name, part)
    return written.getvalue()


def page(body: str) -> bytes:
    return f"<!DOCTYPE html><html><body>{body}</body></html>".encode()


def _word_cell(text: str) -> str:
    return f"<w:tc><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"


def _word_row(*texts: str) -> str:
    return f"<w:tr>{''.join(map(_word_cell, texts))}</w:tr>"


def _nested(begins: str, ends: str, depth: int) -> str:
    return begins * depth + ends * depth


def _zip_of_many() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for number in range(30_000):
            archive.writestr(f"word/{number}.xml", b"")
    return written.getvalue()


_RICH_ROW = "<tr><td rowspan=1000 colspan=1000>a</td></tr>"
_SPREAD = "<td rowspan=9999 colspan=9999>a</td>"
_FORMS = f"<tr><td>项目编码</td><td>{_CODE}</td></tr>"

HOSTILE: dict[str, Callable[[], bytes]] = {
    "txt: a line of 100 MB": lambda: b"\t" + b"a" * 100_000_000,
    "txt: a Chinese line of 100 MB": lambda: "项目编码".encode() * 8_500_000,
    "txt: a line of 30 MB in a cell": lambda: (
        f"\t项目编码\n\t{_CODE}\n\t".encode() + b"9" * 30_000_000
    ),
    "txt: 10 million tabs": lambda: b"\t" * 10_000_000,
    "txt: 10 million cells": lambda: b"\t\n" * 10_000_000,
    "txt: 10 million blank lines": lambda: b"\n" * 10_000_000,
    "txt: a million labels": lambda: "\t项目编码\n".encode() * _MANY,
    "txt: a million headers in a row": lambda: "\t项目编码\n\t一级指标\n".encode() * 300_000,
    "txt: 300,000 headings": lambda: "1.某某绩效目标表\n\t项目编码\n\n".encode() * 100_000,
    "txt: a million marks": lambda: b"[bookmark: _Toc1][hyperlink: " * _MANY,
    "txt: a million field ends": lambda: b"TC \\f C \\l 1 " * _MANY,
    "txt: 30 million brackets": lambda: b"\t" + b"(" * 15_000_000 + b")" * 15_000_000,
    "txt: a million wide blanks": lambda: "\t单位：".encode() + "\u3000".encode() * _MANY,
    "txt: an amount of a million digits": (
        f"1.a绩效目标表\n\t430001a\n\t单位：万元\n\n\t项目编码\n\t{_CODE}\n\t项目名称\n\ta\n\n"
        f"\t预算数\n\t{'9' * 90_000}\n\t其中：财政资金\n\t1e999999999\n\n"
    ).encode,
    "txt: an exponent of a billion": (
        f"1.a绩效目标表\n\t430001a\n\t单位：万元\n\n\t项目编码\n\t{_CODE}\n\t项目名称\n\ta\n\n"
        "\t预算数\n\t1e999999999\n\n\t资金支出计划\n\t12月底\n\n\t\n\t1E+99999999%\n\n"
        "\t一级指标\n\t二级指标\n\t三级指标\n\t指标值\n\n\ta\n\tb\n\tc\n\t≥1e99999999\n\n"
    ).encode,
    "docx: a part of 2 GB of zeros": lambda: _bomb("word/document.xml", 2_000),
    "docx: entities that swell": lambda: word("<w:p><w:r><w:t>&g;</w:t></w:r></w:p>", _ENTITIES),
    "docx: entities in an attribute": lambda: word('<w:p w:a="&g;"/>', _ENTITIES),
    "docx: a file of this machine": lambda: word(
        "<w:p><w:r><w:t>&x;</w:t></w:r></w:p>",
        "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>",
    ),
    "docx: tables in tables, 60 deep": lambda: word(
        _nested("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>", 60)
    ),
    "docx: tables in tables, 100,000 deep": lambda: word(
        _nested("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>", 100_000)
    ),
    "docx: content controls, 100,000 deep": lambda: word(_nested("<w:sdt>", "</w:sdt>", 100_000)),
    "docx: 30 MB of one run": lambda: word(
        b"<w:p><w:r><w:t>" + b"a" * 30_000_000 + b"</w:t></w:r></w:p>"
    ),
    "docx: 9 MB of one run": lambda: word(
        b"<w:tbl><w:tr><w:tc><w:p><w:r><w:t>"
        + b"(" * 9_000_000
        + b"</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    ),
    "docx: 5 million empty paragraphs": lambda: word(b"<w:p/>" * 5_000_000),
    "docx: a row of a million cells": lambda: word(
        "<w:tbl><w:tr>" + "<w:tc><w:p/></w:tc>" * _MANY + "</w:tr></w:tbl>"
    ),
    "docx: 300,000 tables": lambda: word(
        "<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>" * 300_000
    ),
    "docx: a field opened 300,000 times": lambda: word(
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/><w:t>a</w:t></w:r></w:p>' * 100_000
    ),
    "docx: a span of a billion": lambda: word(
        '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr><w:p/></w:tc>'
        "</w:tr></w:tbl>"
    ),
    "docx: a row of codes": lambda: word(f"<w:tbl>{_word_row('项目编码', _CODE) * 60_000}</w:tbl>"),
    "docx: 30,000 members": _zip_of_many,
    "html: 100 MB of one line": lambda: page("a" * 100_000_000),
    "html: 30 MB of one line": lambda: page("a" * 30_000_000),
    "html: 30 MB of one cell": lambda: page(f"<table><tr><td>{'(' * 30_000_000}</td></tr></table>"),
    "html: 30 MB of blanks": lambda: page(f"宽{' ' * 15_000_000}{chr(10) * 15_000_000}a"),
    "html: tables in tables, 50 deep": lambda: page(
        _nested("<table><tr><td>", "</td></tr></table>", 50)
    ),
    "html: tables in tables, 100,000 deep": lambda: page(
        _nested("<table><tr><td>", "</td></tr></table>", 100_000)
    ),
    "html: a million open tags": lambda: page("<div><b>" * 500_000),
    "html: entities that swell": lambda: _ENTITIES.encode() + page("&g;"),
    "html: spans of a thousand by a thousand": lambda: page(f"<table>{_RICH_ROW * 3_000}</table>"),
    "html: rows of a million spans": lambda: page(
        f"<table>{('<tr>' + _SPREAD * 1_000 + '</tr>') * 500}</table>"
    ),
    "html: a million rows": lambda: page(f"<table>{'<tr><td>a</td></tr>' * _MANY}</table>"),
    "html: a row of a million cells": lambda: page(
        f"<table><tr>{'<td>a</td>' * _MANY}</tr></table>"
    ),
    "html: a million scripts": lambda: page("<script></script>" * _MANY),
    "html: a million comments begun": lambda: page("<!--" * _MANY),
    "html: a million codes": lambda: page(f"<table>{_FORMS * 200_000}</table>"),
    "html: a million breaks": lambda: page(f"<p>{'<br>' * _MANY}</p>"),
    "xlsx: a part of 2 GB of zeros": lambda: _bomb("xl/workbook.xml", 2_000),
    "xlsx: entities that swell": lambda: workbook(
        '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&g;</t></is></c></row></sheetData>',
        _ENTITIES,
    ),
    "xlsx: one cell at the far corner": lambda: workbook(
        '<sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    ),
    "xlsx: two cells far apart": lambda: workbook(
        '<sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    ),
    "xlsx: the whole sheet merged": lambda: workbook(
        '<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>'
        '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    ),
    "xlsx: 100,000 merged regions": lambda: workbook(
        '<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData><mergeCells>'
        + "".join(f'<mergeCell ref="A{r}:Z{r}"/>' for r in range(1, 100_000))
        + "</mergeCells>"
    ),
    "xlsx: regions over one another": lambda: workbook(
        '<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData><mergeCells>'
        + "".join(f'<mergeCell ref="A{r}:XFD1048576"/>' for r in range(1, 2_000))
        + "</mergeCells>"
    ),
    "xlsx: a cell of 30 MB": lambda: workbook(
        b'<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>'
        + b"a" * 30_000_000
        + b"</t></is></c></row></sheetData>"
    ),
    "xlsx: a million rows": lambda: workbook(
        "<sheetData>" + "<row><c><v>1</v></c></row>" * _MANY + "</sheetData>"
    ),
    "doc: a mark and nothing": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504),
    "doc: all bytes 255": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 1_000_000,
    "pdf: a mark and nothing": lambda: b"%PDF-1.7\n",
    "pdf: a million objects": lambda: (
        b"%PDF-1.7\n"
        + b"".join(b"%d 0 obj<<>>endobj\n" % i for i in range(200_000))
        + b"trailer<</Root 1 0 R>>"
    ),
    "pdf: pages that are their own parents": lambda: (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9>>endobj\ntrailer<</Root 1 0 R>>"
    ),
}


def _bomb(name: str, mebibytes: int) -> bytes:
    """A member that is small packed and unpacks to so much."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("_rels/.rels", _relation("officeDocument", name))
        archive.writestr("word/a.xml" if name.startswith("word") else "xl/a.xml", b"")
        with archive.open(name, "w", force_zip64=True) as member:
            for _ in range(mebibytes):
                member.write(bytes(2**20))
    return written.getvalue()
