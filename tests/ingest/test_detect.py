"""Encoding and kind of a file from its bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import InputError
from monitor.ingest.detect import decode


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("预算数，甲".encode(), "utf-8"),
        (b"\xef\xbb\xbf" + "预算数，甲".encode(), "utf-8-sig"),
        ("预算数，甲".encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + "预算数，甲".encode("utf-16-be"), "utf-16"),
        ("预算数，甲".encode("gb18030"), "gb18030"),
        (b"\x84\x31\x95\x33" + "预算数，甲".encode("gb18030"), "gb18030"),
    ],
)
def test_the_text_comes_without_its_bom(data: bytes, encoding: str) -> None:
    assert decode(data, "a.txt") == ("预算数，甲", encoding)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"PK\x03\x04....word/document.xml", "Word 文档（.docx）"),
        (b"PK\x03\x04....xl/workbook.xml", "Excel 工作簿（.xlsx）"),
        (b"PK\x03\x04....", "ZIP 压缩文件"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版 Office 文档"),
        (b"%PDF-1.7", "PDF 文件"),
    ],
)
def test_a_file_that_is_no_text_is_refused_by_name(data: bytes, kind: str) -> None:
    with pytest.raises(InputError, match=kind) as refusal:
        decode(data, "a.txt")

    assert "UTF-8" in str(refusal.value)


def test_bytes_of_no_known_encoding_are_refused_with_their_offset() -> None:
    with pytest.raises(InputError, match="第 3 字节"):
        decode(b"abc\xff\xff", "a.txt")


def test_bytes_that_break_the_promise_of_their_bom_are_refused() -> None:
    with pytest.raises(InputError, match="utf-16"):
        decode(b"\xff\xfea\x00b", "a.txt")


def test_utf_16_without_a_bom_is_refused_for_its_nul_bytes() -> None:
    with pytest.raises(InputError, match="第 1 字节处有空字符"):
        decode("3月底".encode("utf-16-le"), "a.txt")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", ["支付日期,金额\n2025-01-02,1\n", "日期\t金额\r\n甲\t￥１\r\n"])
def test_a_list_in_utf_16_without_a_bom_is_read(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), "a.csv") == (text, encoding)


@pytest.mark.parametrize(
    "data",
    [
        "甲,乙\n".encode("utf-16-le") + b"\0",
        "甲,乙\n".encode("utf-16-le") + b"\x00\xd8",
        b"\0" * 40 + "甲,乙\n".encode("utf-16-le"),
        b"a,b\0\n" * 8,
        bytes(range(256)) * 4,
    ],
)
def test_bytes_with_zeros_that_are_no_certain_utf_16_are_refused(data: bytes) -> None:
    with pytest.raises(InputError):
        decode(data, "a.csv")


@given(st.text(st.characters(codec="utf-8", max_codepoint=0x9FFF), min_size=1, max_size=40))
def test_a_list_in_utf_16_without_a_bom_is_read_right_or_refused(text: str) -> None:
    for encoding in ("utf-16-le", "utf-16-be"):
        data = f"{text},金额\n".encode(encoding)
        try:
            read = decode(data, "a.csv")[0]
        except InputError:
            continue
        assert read == f"{text},金额\n"


@given(st.binary(max_size=60))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    try:
        text, encoding = decode(data, "a.txt")
    except InputError:
        return
    assert text.encode(encoding) is not None
    assert "\0" not in text


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff"), max_size=60))
def test_what_is_written_in_utf_8_is_read_as_written(text: str) -> None:
    assert decode(b"\xef\xbb\xbf" + text.encode(), "a.txt")[0] == text
