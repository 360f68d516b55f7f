"""Kind and encoding of a file, from its bytes, whatever it is called."""

from __future__ import annotations

import codecs
import io
import re
import zipfile
from enum import StrEnum

from monitor.errors import InputError, Place

_REMEDY = (
    "请另存后再导入：绩效目标文本存为 .docx、.xlsx、.html 或文本文件（.txt），"
    "支付明细存为 UTF-8 编码的 CSV 文件（.csv）。"
)

_ZIP, _WORD, _EXCEL = b"PK\x03\x04", b"word/", b"xl/"
_OLE, _PDF = b"\xd0\xcf\x11\xe0", b"%PDF"
_OLE_WORD = "WordDocument".encode("utf-16-le")
_OLE_EXCEL = ("Workbook".encode("utf-16-le"), "Book\0".encode("utf-16-le"))
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*"
    r"<(?:!doctype\s+html|html|head|meta|title|body|div|p|h[1-6]|table)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (_OLE, "旧版 Office 文档（.doc 或 .xls）或加了密码的文档"),
    (_PDF, "PDF 文件"),
    (b"{\\rtf", "RTF 文档"),
    (b"\x1f\x8b", "GZIP 压缩文件"),
    (b"Rar!", "RAR 压缩文件"),
    (b"7z\xbc\xaf", "7Z 压缩文件"),
    (b"\x89PNG", "PNG 图片"),
    (b"\xff\xd8\xff", "JPEG 图片"),
)
_SEEN = 100_000
_PIECE = 2**20
_LISTED = re.compile(r"[^\n]*[,;\t][^\n]*\r?\n")
_NO_TEXT = re.compile(r"[^\t\n\r -~\u00a0-\u00ff\u2000-\u33ff\u3400-\u9fff\uf900-\uffef\ufeff]")
"""What Chinese lists do not hold; bytes read in the wrong order do."""
_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class Kind(StrEnum):
    """The kinds of files that can be read as documents; `TEXT` is whatever is not another.

    `ARCHIVE` is a .zip of documents.
    """

    TEXT = "text"
    DOCX = "docx"
    DOC = "doc"
    HTML = "html"
    XLSX = "xlsx"
    XLS = "xls"
    PDF = "pdf"
    ARCHIVE = "zip"


def kind_of(data: bytes) -> Kind:
    if data.startswith(_ZIP):
        return _kind_of_zip(data)
    if data.startswith(_OLE):
        is_excel = _OLE_WORD not in data and any(name in data for name in _OLE_EXCEL)
        return Kind.XLS if is_excel else Kind.DOC
    if _PDF in data[:1024]:
        return Kind.PDF
    return Kind.HTML if _HTML.match(beginning(data)) else Kind.TEXT


def _kind_of_zip(data: bytes) -> Kind:
    """By its members; a damaged archive by what is left of their names."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        names = [each.decode() for each in (_WORD, _EXCEL) if each in data]
    if any(name.startswith("xl/") for name in names):
        return Kind.XLSX
    return Kind.DOCX if any(name.startswith("word/") for name in names) else Kind.ARCHIVE


def beginning(data: bytes) -> str:
    """The first signs of a file that may be marked-up text; what is not ASCII does not count."""
    encoding = next((name for bom, name in _BOMS if data.startswith(bom)), "ascii")
    return data[:2000].decode(encoding, "replace")


def is_utf_8(data: bytes) -> bool:
    """Whether all of it is UTF-8, told piece by piece: a list may be long."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    view = memoryview(data)
    try:
        for start in range(0, len(data), _PIECE):
            decoder.decode(view[start : start + _PIECE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def decode(data: bytes, file: str) -> tuple[str, str]:
    """The text of a file, without its BOM, and the name of its encoding.

    A BOM decides; else strict UTF-8, else GB18030: a rule, where detectors guess.
    Raises InputError for binary files, naming what they seem to be, and for text in any other
    encoding, naming the offset of the first byte that does not fit.
    """
    kind = _binary_kind(data)
    if kind is not None:
        raise InputError(f"这是{kind}，不是文本文件。", _REMEDY, Place(file))
    text, encoding = _unmarked_utf_16(data) or _decode(data, file)
    text = text.removeprefix("\ufeff")
    if "\0" in text:
        offset = data.find(b"\0")
        problem = f"第 {offset} 字节处有空字符（NUL），似为二进制文件或无标记的 UTF-16 文本。"
        raise InputError(problem, _REMEDY, Place(file))
    return text, encoding


def _unmarked_utf_16(data: bytes) -> tuple[str, str] | None:
    """UTF-16 without a BOM, where it is certain; None for whatever is not.

    Certain: line breaks and signs between columns with zeros on one side, and nothing but text.
    """
    if b"\0" not in data[:_SEEN] or len(data) % 2:
        return None
    for encoding, line_break in (("utf-16-le", b"\n\0"), ("utf-16-be", b"\0\n")):
        if line_break not in data:
            continue
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _LISTED.search(text) and not _NO_TEXT.search(text):
            return text, encoding
    return None


def _decode(data: bytes, file: str) -> tuple[str, str]:
    marked = next((name for bom, name in _BOMS if data.startswith(bom)), None)
    failure: UnicodeDecodeError | None = None
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError as error:
            failure = failure if failure and failure.start > error.start else error
    assert failure is not None  # noqa: S101 - one encoding at least was tried
    expected = marked or "UTF-8，也不是 GB18030"
    problem = f"文字编码无法识别：不是 {expected}（第 {failure.start} 字节处不符）。"
    raise InputError(problem, _REMEDY, Place(file))


def _binary_kind(data: bytes) -> str | None:
    if data.startswith(_ZIP):
        return _zip_kind(data)
    return next((kind for magic, kind in _MAGIC if data.startswith(magic)), None)


def _zip_kind(data: bytes) -> str:
    if _WORD in data:
        return "Word 文档（.docx）"
    if b"xl/" in data:
        return "Excel 工作簿（.xlsx）"
    return "ZIP 压缩文件"
