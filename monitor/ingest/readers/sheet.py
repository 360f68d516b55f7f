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
from contextlib import contextmanager
from typing import IO, cast

import olefile
from lxml import etree

from monitor.errors import InputError
from monitor.ingest.document import Document
from monitor.ingest.readers import kinds
from monitor.ingest.readers.sheet_97 import Workbook97
from monitor.ingest.readers.sheet_layout import TooLarge, lay_out
from monitor.ingest.readers.sheet_values import (
    AS_PRINTED,
    Locked,
    Manner,
    RawSheet,
    Unsure,
    built_in,
)
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
_MOST_MEMBERS = 10_000
_MOST_TAGS = 4_000_000
_BROKEN = (
    zipfile.BadZipFile, zlib.error, KeyError, EOFError, OSError, ValueError, IndexError,
    OverflowError, struct.error, etree.XMLSyntaxError,
)  # fmt: skip


def read(data: bytes, file: str) -> Document:
    """Raises InputError for a file that is damaged, locked, too large or unclear."""
    with refusing(file):
        document = lay_out(raw_sheets(data), file)
    if not document.blocks:
        raise kinds.NOTHING_INSIDE.refusal(file, what=f"{_WHAT}（隐藏的工作表、行和列不计）")
    return document


def raw_sheets(data: bytes, manner: Manner = AS_PRINTED) -> Iterator[RawSheet]:
    """The sheets of a workbook; raises what `refusing` makes refusals of."""
    return _Package(data, manner).sheets() if data.startswith(b"PK") else _sheets_97(data, manner)


@contextmanager
def refusing(file: str) -> Iterator[None]:
    """Makes an InputError of whatever goes wrong with a workbook."""
    try:
        yield
    except Unsure as error:
        raise kinds.UNSURE.refusal(file, what=_WHAT, why=str(error)) from error
    except TooLarge as error:
        raise kinds.TOO_LARGE.refusal(file, what=_WHAT, size=str(error)) from error
    except _BROKEN as error:
        raise _damaged(file) from error
    except (Locked, RuntimeError, NotImplementedError) as error:
        raise kinds.LOCKED.refusal(file, what=_WHAT) from error


def _damaged(file: str) -> InputError:
    return kinds.DAMAGED.refusal(file, what=_WHAT, why="内容不合 .xlsx 或 .xls 的格式")


def _sheets_97(data: bytes, manner: Manner) -> Iterator[RawSheet]:
    if len(data) > manner.largest:
        raise TooLarge(f"超过 {manner.largest // 2**20} MB")
    with olefile.OleFileIO(io.BytesIO(data)) as container:
        if container.exists("EncryptedPackage"):
            raise Locked
        if not container.exists("Workbook") and container.exists("Book"):
            raise Unsure("它是 Excel 95 或更早的格式")
        stream = container.openstream("Workbook").read()
        is_saved = container.exists("\x05SummaryInformation")
    yield from Workbook97(stream, is_saved, manner).sheets()


class _Metered:
    """A part of a package that is unpacked as it is read."""

    def __init__(self, member: IO[bytes], package: _Package) -> None:
        self._member, self._package = member, package

    def read(self, size: int = -1) -> bytes:
        data = self._member.read(size)
        self._package.spend(len(data))
        return data


class _Package:
    """An .xlsx: its sheets, and what they share. No more is unpacked than the limit, in all."""

    def __init__(self, data: bytes, manner: Manner) -> None:
        self._archive = zipfile.ZipFile(io.BytesIO(data))
        self._manner = manner
        self._left = manner.largest
        count = len(self._archive.infolist())
        if count > _MOST_MEMBERS:
            raise TooLarge(f"所含的文件过多（{count} 个）")
        self._names = {name.casefold(): name for name in self._archive.namelist()}

    def sheets(self) -> Iterator[RawSheet]:
        """The sheets of cells that are asked for, in order."""
        main = self._related("")["officeDocument"][0][1]
        book = parsed(self._bytes(main))
        related = self._related(main)
        targets = dict(related["worksheet"])
        is_1904 = any(each.get("date1904") in TRUE for each in every(book, "workbookPr"))
        is_unsaved = any(each.get("fullCalcOnLoad") in TRUE for each in every(book, "calcPr"))
        formats, borders = self._styles(related)
        common = Common(
            list(self._strings(related)),
            self._manner.formats(formats, is_1904),
            borders,
            is_unsaved,
            self._manner,
        )
        for each in every(book, "sheet"):
            target = targets.get(next((v for k, v in each.items() if k.endswith("}id")), ""))
            is_hidden = each.get("state", "visible") != "visible"
            if target and (self._manner.with_hidden or not is_hidden):
                reading = SheetReading(common, each.get("name", ""), is_hidden)
                yield reading.read(self._long(target))

    def _bytes(self, name: str) -> bytes:
        with self._archive.open(self._names[name.casefold()]) as member:
            data = member.read(self._left + 1)
        self._left -= len(data)
        self._check_left()
        if data.count(b"<") > _MOST_TAGS:
            raise TooLarge(f"单元格过多（{name}）")
        return data

    def _long(self, name: str) -> bytes | IO[bytes]:
        """A part that may be long: piece by piece where not all of it is a document."""
        if self._manner is AS_PRINTED:
            return self._bytes(name)
        return cast("IO[bytes]", _Metered(self._archive.open(self._names[name.casefold()]), self))

    def spend(self, size: int) -> None:
        """Counts bytes that were unpacked. Raises TooLarge."""
        self._left -= size
        self._check_left()

    def _check_left(self) -> None:
        if self._left < 0:
            raise TooLarge(f"解压后超过 {self._manner.largest // 2**20} MB")

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
            for item in streamed(self._long(name), "{*}si"):
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
