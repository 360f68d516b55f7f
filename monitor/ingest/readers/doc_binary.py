"""The streams of a Word 97-2003 file as [MS-DOC] describes them: pieces of text, and properties.

Nothing here knows what a property means; a `Prl` is its number and the bytes of its operand.
"""

from __future__ import annotations

import io
import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import olefile

Prl = tuple[int, bytes]

_MAGIC = 0xA5EC
_WORD_97 = 0xC1
_FKP_SIZE = 512
_DATA_SPRMS = (0x646B, 0x6646)
"""sprmPTableProps, sprmPHugePapx: the properties stand in the data stream."""
_OPERAND_SIZES = (1, 1, 2, 4, 2, 2, 0, 3)
_PRM0 = {0x18: 0x2416, 0x19: 0x2417, 0x41: 0x0800, 0x53: 0x2A33, 0x5C: 0x083C, 0x75: 0x0855}
"""Properties that a piece may name in short, as far as they matter here."""


class LockedError(ValueError):
    """The text is encrypted."""


class BrokenError(ValueError):
    """The file contradicts itself."""


class UnsureError(ValueError):
    """What the file means is not certain; the message says what, in Chinese."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text: `length` characters, from the byte `start` of the main stream."""

    start: int
    length: int
    is_wide: bool
    prls: tuple[Prl, ...]

    @property
    def size(self) -> int:
        return 2 if self.is_wide else 1

    @property
    def end(self) -> int:
        return self.start + self.length * self.size


@dataclass(frozen=True, slots=True)
class Run:
    """Bytes of the main stream that share their properties."""

    start: int
    end: int
    prls: tuple[Prl, ...]


class WordFile:
    """The main stream with its tables. Raises the errors above, struct.error and IndexError."""

    def __init__(self, ole: olefile.OleFileIO) -> None:
        self._ole = ole
        self.main = self._stream("WordDocument")
        magic, version = struct.unpack_from("<HH", self.main)
        (flags,) = struct.unpack_from("<H", self.main, 10)
        if flags & 0x0100:
            raise LockedError
        if magic != _MAGIC:
            old = 0xA500 <= magic <= 0xA5FF
            raise UnsureError("这是 Word 95 或更早版本的文档") if old else BrokenError
        if version < _WORD_97:
            raise UnsureError("这是 Word 95 或更早版本的文档")
        counts = (
            struct.unpack_from("<HH", self.main, 32)[0],
            *struct.unpack_from("<H", self.main, 62),
        )
        if counts != (14, 22):
            raise BrokenError
        self._table = self._stream("1Table" if flags & 0x0200 else "0Table")
        self.characters = self._counted(0)
        self._properties: dict[bytes, tuple[Prl, ...]] = {}

    def _stream(self, name: str) -> bytes:
        if not self._ole.exists(name):
            raise BrokenError
        data: bytes = self._ole.openstream(name).read()
        return data

    def _counted(self, index: int) -> int:
        """The length of a part of the text: 0 the main text, then notes, headers and so on."""
        (count,) = struct.unpack_from("<i", self.main, 76 + 4 * index)
        if count < 0:
            raise BrokenError
        return int(count)

    def table(self, index: int) -> bytes:
        """The part of the table stream that the header lists at this index."""
        start, length = struct.unpack_from("<II", self.main, 154 + 8 * index)
        if start + length > len(self._table):
            raise BrokenError
        return self._table[start : start + length]

    def pieces(self) -> list[Piece]:
        """The pieces of the main text, in the order of the text."""
        clx, lists, at = self.table(33), [], 0
        while clx[at] == 1:
            (length,) = struct.unpack_from("<H", clx, at + 1)
            lists.append(clx[at + 3 : at + 3 + length])
            at += 3 + length
        (length,) = struct.unpack_from("<I", clx, at + 1)
        table = clx[at + 5 :]
        if clx[at] != 2 or length != len(table) or length % 12 != 4:
            raise BrokenError
        return list(self._main_pieces(table, lists))

    def _main_pieces(self, table: bytes, lists: list[bytes]) -> Iterator[Piece]:
        number = len(table) // 12
        positions = struct.unpack_from(f"<{number + 1}I", table)
        others = sum(self._counted(index) for index in (1, 2, 4, 5, 6, 7))
        whole = self.characters + others
        if positions[0] or not self.characters or positions[-1] not in (whole, whole + 1):
            raise BrokenError
        for index, begin in enumerate(positions[:-1]):
            length = positions[index + 1] - begin
            if length <= 0:
                raise BrokenError
            _, place, prm = struct.unpack_from("<HIH", table, 4 * (number + 1) + 8 * index)
            length = min(length, self.characters - begin)
            if length > 0:
                yield self._piece(place, length, self._piece_prls(prm, lists))

    def _piece(self, place: int, length: int, prls: tuple[Prl, ...]) -> Piece:
        is_wide = not place & 0x40000000
        start = place & 0x3FFFFFFF
        piece = Piece(start if is_wide else start // 2, length, is_wide, prls)
        if piece.end > len(self.main):
            raise BrokenError
        return piece

    def _piece_prls(self, prm: int, lists: list[bytes]) -> tuple[Prl, ...]:
        if prm & 1:
            return self.prls(lists[prm >> 1])
        sprm = _PRM0.get(prm >> 1 & 0x7F)
        return ((sprm, bytes((prm >> 8,))),) if sprm else ()

    @cached_property
    def characters_by_place(self) -> Runs:
        """The runs of characters with equal properties."""
        return Runs(self, 12, is_paragraphs=False)

    @cached_property
    def paragraphs_by_place(self) -> Runs:
        """The runs of whole paragraphs."""
        return Runs(self, 13, is_paragraphs=True)

    def prls(self, data: bytes) -> tuple[Prl, ...]:
        """The properties in a list, those kept in the data stream too."""
        known = self._properties.get(data)
        if known is None:
            known = self._properties[data] = tuple(self._all_prls(data))
        return known

    def _all_prls(self, data: bytes) -> Iterator[Prl]:
        for prl in _prls(data):
            if prl[0] in _DATA_SPRMS:
                yield from _prls(self._kept_aside(prl[1]))
            else:
                yield prl

    def _kept_aside(self, operand: bytes) -> bytes:
        (start,) = struct.unpack("<I", operand)
        (length,) = struct.unpack_from("<H", self._aside, start)
        data = self._aside[start + 2 : start + 2 + length]
        if len(data) != length:
            raise BrokenError
        return data

    @cached_property
    def _aside(self) -> bytes:
        return self._stream("Data")

    @cached_property
    def fonts(self) -> list[str]:
        """The names of the fonts, in the order of their numbers."""
        data = self.table(15)
        (number,) = struct.unpack_from("<H", data)
        names, at = [], 4
        for _ in range(number):
            name = data[at + 40 : at + 1 + data[at]].decode("utf-16-le", "replace")
            names.append(name.partition("\0")[0])
            at += 1 + data[at]
        return names


class Runs:
    """The runs of a kind, found by their place in the main stream; pages are read when needed."""

    def __init__(self, word: WordFile, index: int, *, is_paragraphs: bool) -> None:
        self._word = word
        self._is_paragraphs = is_paragraphs
        table = word.table(index)
        number, rest = divmod(len(table) - 4, 8)
        if rest or number < 1:
            raise BrokenError
        self._places = struct.unpack_from(f"<{number + 1}I", table)
        self._numbers = struct.unpack_from(f"<{number}I", table, 4 * (number + 1))
        if any(a >= b for a, b in zip(self._places, self._places[1:], strict=False)):
            raise BrokenError
        self._pages: dict[int, tuple[tuple[int, ...], list[Run]]] = {}

    def at(self, place: int) -> Run:
        """The run that the byte at `place` belongs to; every byte of the text has one."""
        index = bisect_right(self._places, place) - 1
        if not 0 <= index < len(self._numbers):
            raise BrokenError
        starts, runs = self._page(self._numbers[index] & 0x3FFFFF)
        inner = bisect_right(starts, place) - 1
        if inner < 0 or place >= runs[inner].end:
            raise BrokenError
        return runs[inner]

    def _page(self, number: int) -> tuple[tuple[int, ...], list[Run]]:
        if number not in self._pages:
            runs = list(self._runs(number))
            self._pages[number] = tuple(run.start for run in runs), runs
        return self._pages[number]

    def _runs(self, number: int) -> Iterator[Run]:
        page = self._word.main[number * _FKP_SIZE : (number + 1) * _FKP_SIZE]
        count = page[_FKP_SIZE - 1]
        places = struct.unpack_from(f"<{count + 1}I", page)
        if not count or any(a >= b for a, b in zip(places, places[1:], strict=False)):
            raise BrokenError
        step = 13 if self._is_paragraphs else 1
        for index in range(count):
            at = 2 * page[4 * (count + 1) + step * index]
            prls = self._word.prls(self._list(page, at)) if at else ()
            yield Run(places[index], places[index + 1], prls)

    def _list(self, page: bytes, at: int) -> bytes:
        if not self._is_paragraphs:
            start, length = at + 1, page[at]
        elif page[at]:
            start, length = at + 1, 2 * page[at] - 1
        else:
            start, length = at + 2, 2 * page[at + 1]
        if start + length >= _FKP_SIZE:
            raise BrokenError
        return page[start + 2 : start + length] if self._is_paragraphs else page[start:][:length]


def _prls(data: bytes) -> Iterator[Prl]:
    at = 0
    while at + 2 < len(data):
        (sprm,) = struct.unpack_from("<H", data, at)
        at += 2
        start, end = _operand(sprm, data, at)
        if end > len(data):
            raise BrokenError
        yield sprm, data[start:end]
        at = end


def _operand(sprm: int, data: bytes, at: int) -> tuple[int, int]:
    if sprm >> 13 != 6:
        return at, at + _OPERAND_SIZES[sprm >> 13]
    if sprm == 0xD608:
        return at + 2, at + 1 + int(struct.unpack_from("<H", data, at)[0])
    if sprm == 0xC615 and data[at] == 255:
        deleted = data[at + 1]
        added = data[at + 2 + 4 * deleted]
        return at + 1, at + 3 + 4 * deleted + 3 * added
    return at + 1, at + 1 + data[at]


def opened(data: bytes) -> olefile.OleFileIO:
    """The compound file; what olefile would mend by itself is an error."""
    return olefile.OleFileIO(io.BytesIO(data), raise_defects=olefile.DEFECT_INCORRECT)
