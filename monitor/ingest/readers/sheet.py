"""Workbooks (.xlsx, .xls): bytes → Document. What is printed counts: no hidden sheets, rows and
columns, and of numbers what their format makes of them, though with all their digits.

The XML of an .xlsx is read as it is: openpyxl takes twice as long, and loses the digits.
"""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator

import olefile
from lxml import etree

from monitor.errors import InputError
from monitor.ingest.document import Document
from monitor.ingest.readers import kinds
from monitor.ingest.readers.sheet_97 import Workbook97
from monitor.ingest.readers.sheet_layout import TooLarge, lay_out
from monitor.ingest.readers.sheet_values import Formats, Locked, RawSheet, Unsure, built_in
from monitor.ingest.readers.sheet_xml import (
    TRUE,
    Common,
    SheetReading,
    every,
    parsed,
    rich_text,
    streamed,
)

_WHAT = "工作簿"
_LARGEST = 32 * 2**20
"""Bytes, unpacked, of all parts that are read."""
_MOST_MEMBERS = 10_000
_MOST_TAGS = 4_000_000
_BROKEN = (
    zipfile.BadZipFile, zlib.error, KeyError, EOFError, OSError, ValueError, IndexError,
    OverflowError, struct.error, etree.XMLSyntaxError,
)  # fmt: skip


def read(data: bytes, file: str) -> Document:
    """Raises InputError for a file that is damaged, locked, too large or unclear."""
    try:
        is_zip = data.startswith(b"PK")
        document = lay_out(_Package(data).sheets() if is_zip else _sheets_97(data), file)
    except Unsure as error:
        raise kinds.UNSURE.refusal(file, what=_WHAT, why=str(error)) from error
    except TooLarge as error:
        raise kinds.TOO_LARGE.refusal(file, what=_WHAT, size=str(error)) from error
    except _BROKEN as error:
        raise _damaged(file) from error
    except (Locked, RuntimeError, NotImplementedError) as error:
        raise kinds.LOCKED.refusal(file, what=_WHAT) from error
    if not document.blocks:
        raise kinds.NOTHING_INSIDE.refusal(file, what=f"{_WHAT}（隐藏的工作表、行和列不计）")
    return document


def _damaged(file: str) -> InputError:
    return kinds.DAMAGED.refusal(file, what=_WHAT, why="内容不合 .xlsx 或 .xls 的格式")


def _sheets_97(data: bytes) -> Iterator[RawSheet]:
    if len(data) > _LARGEST:
        raise TooLarge(f"超过 {_LARGEST // 2**20} MB")
    with olefile.OleFileIO(io.BytesIO(data)) as container:
        if container.exists("EncryptedPackage"):
            raise Locked
        if not container.exists("Workbook") and container.exists("Book"):
            raise Unsure("它是 Excel 95 或更早的格式")
        stream = container.openstream("Workbook").read()
        is_saved = container.exists("\x05SummaryInformation")
    yield from Workbook97(stream, is_saved).sheets()


class _Package:
    """An .xlsx: its sheets, and what they share. No more is unpacked than the limit, in all."""

    def __init__(self, data: bytes) -> None:
        self._archive = zipfile.ZipFile(io.BytesIO(data))
        self._left = _LARGEST
        count = len(self._archive.infolist())
        if count > _MOST_MEMBERS:
            raise TooLarge(f"所含的文件过多（{count} 个）")
        self._names = {name.casefold(): name for name in self._archive.namelist()}

    def sheets(self) -> Iterator[RawSheet]:
        """The sheets of cells that are not hidden, in order."""
        main = self._related("")["officeDocument"][0][1]
        book = parsed(self._bytes(main))
        related = self._related(main)
        targets = dict(related["worksheet"])
        is_1904 = any(each.get("date1904") in TRUE for each in every(book, "workbookPr"))
        is_unsaved = any(each.get("fullCalcOnLoad") in TRUE for each in every(book, "calcPr"))
        formats, borders = self._styles(related)
        common = Common(
            list(self._strings(related)), Formats(formats, is_1904), borders, is_unsaved
        )
        for each in every(book, "sheet"):
            target = targets.get(next((v for k, v in each.items() if k.endswith("}id")), ""))
            if target and each.get("state", "visible") == "visible":
                yield SheetReading(common, each.get("name", "")).read(self._bytes(target))

    def _bytes(self, name: str) -> bytes:
        with self._archive.open(self._names[name.casefold()]) as member:
            data = member.read(self._left + 1)
        self._left -= len(data)
        if self._left < 0:
            raise TooLarge(f"解压后超过 {_LARGEST // 2**20} MB")
        if data.count(b"<") > _MOST_TAGS:
            raise TooLarge(f"单元格过多（{name}）")
        return data

    def _related(self, part: str) -> dict[str, list[tuple[str, str]]]:
        """The parts that a part names, by their kind: each its id and name."""
        folder, base = posixpath.split(part)
        found: dict[str, list[tuple[str, str]]] = {}
        for each in parsed(self._bytes(posixpath.join(folder, "_rels", f"{base}.rels"))):
            target = each.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
            kind = posixpath.basename(each.get("Type", ""))
            found.setdefault(kind, []).append((each.get("Id", ""), posixpath.normpath(path)))
        return found

    def _strings(self, related: dict[str, list[tuple[str, str]]]) -> Iterator[str]:
        for _, name in related.get("sharedStrings", ()):
            for item in streamed(self._bytes(name), "{*}si"):
                yield rich_text(item)

    def _styles(self, related: dict[str, list[tuple[str, str]]]) -> tuple[list[str], list[bool]]:
        """The number format of each style of cells, and whether it has a border."""
        for _, name in related.get("styles", ()):
            root = parsed(self._bytes(name))
            codes = {
                each.get("numFmtId"): each.get("formatCode", "") for each in every(root, "numFmt")
            }
            lines = [
                any(side.get("style", "none") != "none" for side in each)
                for each in root.iterfind("{*}borders/{*}border")
            ]
            styles = root.findall("{*}cellXfs/{*}xf")
            numbers = [each.get("numFmtId", "0") for each in styles]
            return (
                [codes.get(number) or built_in(int(number)) for number in numbers],
                [lines[int(each.get("borderId", "0"))] if lines else False for each in styles],
            )
        return [], []
