"""The cells of an .xls of Excel 97 to 2003, by its records (BIFF8).

No library at hand tells the number format of a cell, and without it 25% is 0.25.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from decimal import Decimal

from monitor.ingest.readers.sheet_values import (
    AS_PRINTED,
    Locked,
    Manner,
    RawSheet,
    Unsure,
    built_in,
    reference,
)

_CONTINUE, _EOF, _BOF = 0x3C, 0x0A, 0x809
_EXCEL_97 = 0x0600
_EMPTY_TEXT, _NO_NUMBER = 3, b"\xff\xff"
_FORMULA = 0x06
_CELLS = frozenset((_FORMULA, 0xFD, 0x204, 0xD6, 0x203, 0x27E, 0xBD, 0x205, 0x201, 0xBE))
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!"}


class Workbook97:
    """The records of an .xls of Excel 97 to 2003. Raises ValueError or the like if damaged."""

    def __init__(self, stream: bytes, is_saved: bool, manner: Manner = AS_PRINTED) -> None:
        """`is_saved`: by a program that calculates, so that an empty result is one."""
        self._stream, self._is_saved, self._manner = stream, is_saved, manner
        self._strings: list[str] = []
        self._parts: list[tuple[str, int, bool]] = []
        self._borders: list[bool] = []
        self._styles: list[int] = []
        self._codes: dict[int, str] = {}
        self._from_1904 = False
        for kind, pieces in _records(stream, 0):
            self._take_global(kind, pieces)
        codes = [self._codes.get(i, built_in(i)) for i in self._styles]
        self._formats = manner.formats(codes, self._from_1904)

    def _take_global(self, kind: int, pieces: list[bytes]) -> None:
        data = pieces[0]
        match kind:
            case 0x809 if _word(data, 0) != _EXCEL_97:
                raise Unsure("它是 Excel 95 或更早的格式")
            case 0x2F:
                raise Locked
            case 0x85 if not data[5] and (self._manner.with_hidden or not data[4] & 3):
                name = _Text([data[6:7] + b"\0" + data[7:]]).string()  # a sheet of cells
                self._parts.append((name, int.from_bytes(data[:4], "little"), bool(data[4] & 3)))
            case 0xFC:
                text = _Text(pieces)
                text.number(4)
                self._strings = [text.string() for _ in range(text.number(4))]
            case 0x41E:
                self._codes[_word(data, 0)] = _Text([data[2:]]).string()
            case 0xE0:
                self._styles.append(_word(data, 2))
                self._borders.append(bool(_word(data, 10)))
            case 0x22:
                self._from_1904 = bool(data[0])

    def sheets(self) -> Iterator[RawSheet]:
        """The sheets that are asked for, in order."""
        for name, start, is_hidden in self._parts:
            sheet = self._manner.sheet(name, is_hidden)
            waiting: tuple[int, int] | None = None
            for kind, pieces in _records(self._stream, start):
                if kind == 0x207 and waiting:
                    sheet.put(*waiting, _Text(pieces).string())
                    continue
                found = self._take_cell(sheet, kind, pieces)
                waiting = found or (waiting if kind not in _CELLS else None)
            yield sheet

    def _take_cell(self, sheet: RawSheet, kind: int, pieces: list[bytes]) -> tuple[int, int] | None:
        """Takes a record; gives the cell of a formula whose text comes in a later record."""
        data = pieces[0]
        if kind in _CELLS:
            row, column, style = struct.unpack_from("<HHH", data)
            if style < len(self._borders) and self._borders[style]:
                sheet.bordered.add(row)
            if kind == _FORMULA:
                return self._take_formula(sheet, (row, column, style), data[6:])
            for offset, text in enumerate(self._texts(kind, style, data, pieces)):
                sheet.put(row, column + offset, text)
        elif kind == 0x208 and data[12] & 0x20:
            sheet.hidden_rows.add(_word(data, 0))
        elif kind == 0x7D and data[8] & 1:
            sheet.hidden_columns.append((_word(data, 0), _word(data, 2)))
        elif kind == 0xE5:
            areas = struct.iter_unpack("<HHHH", data[2 : 2 + 8 * _word(data, 0)])
            sheet.merges += [(first, left, last, right) for first, last, left, right in areas]
        return None

    def _texts(self, kind: int, style: int, data: bytes, pieces: list[bytes]) -> Iterator[str]:
        match kind:
            case 0xFD:
                yield self._strings[int.from_bytes(data[6:10], "little")]
            case 0x204 | 0xD6:
                yield _Text([data[6:], *pieces[1:]]).string()
            case 0x203:
                yield self._formats.shown(repr(struct.unpack_from("<d", data, 6)[0]), style)
            case 0x27E:
                yield self._formats.shown(_short_number(data[6:10]), style)
            case 0xBD:
                for at in range(4, len(data) - 2, 6):
                    style = _word(data, at)
                    yield self._formats.shown(_short_number(data[at + 2 : at + 6]), style)
            case 0x205:
                yield _ERRORS.get(data[6], "#N/A") if data[7] else ("FALSE", "TRUE")[data[6]]

    def _take_formula(
        self, sheet: RawSheet, cell: tuple[int, int, int], result: bytes
    ) -> tuple[int, int] | None:
        row, column, style = cell
        if result[6:8] != _NO_NUMBER:
            number = repr(struct.unpack_from("<d", result)[0])
            sheet.put(row, column, self._formats.shown(number, style))
        elif result[0] == 0:
            return row, column
        elif result[0] == _EMPTY_TEXT and not self._is_saved:
            raise Unsure(f"工作表“{sheet.name}”{reference(row, column)} 的公式没有结果")
        elif result[0] == 1:
            sheet.put(row, column, ("FALSE", "TRUE")[result[2]])
        elif result[0] == 2:
            sheet.put(row, column, _ERRORS.get(result[2], "#N/A"))
        return None


def _word(data: bytes, at: int) -> int:
    return int(struct.unpack_from("<H", data, at)[0])


def _short_number(data: bytes) -> str:
    """An RK number: an integer or the upper half of a double, perhaps in hundredths."""
    bits = int.from_bytes(data, "little", signed=True)
    number = bits >> 2 if bits & 2 else struct.unpack("<d", bytes(4) + _masked(data))[0]
    return repr(float(Decimal(repr(number)) / 100) if bits & 1 else number)


def _masked(data: bytes) -> bytes:
    return bytes((data[0] & 0xFC,)) + data[1:]


def _records(stream: bytes, start: int) -> Iterator[tuple[int, list[bytes]]]:
    """The records of a part, each in its pieces; a chart inside a sheet is passed over."""
    depth, at = 0, start
    pieces: list[bytes] | None = None
    found = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        piece, at = stream[at + 4 : at + 4 + size], at + 4 + size
        if kind == _CONTINUE:
            if pieces:
                pieces.append(piece)
            continue
        if pieces:
            yield found, pieces
        depth += (kind == _BOF) - (kind == _EOF)
        if depth < 1:
            if depth or not start <= at:
                break
            return
        found, pieces = kind, ([piece] if depth == 1 else None)
    raise ValueError("cut")


class _Text:
    """Reads strings from a record and the pieces that continue it."""

    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces, self._piece, self._at = pieces, 0, 0

    def number(self, size: int) -> int:
        return int.from_bytes(self._bytes(size), "little")

    def string(self) -> str:
        """A string, without the runs of its fonts and its phonetic text."""
        length, flags = self.number(2), self.number(1)
        runs = self.number(2) if flags & 8 else 0
        extra = self.number(4) if flags & 4 else 0
        wide, parts = flags & 1, []
        while length:
            if self._at == len(self._pieces[self._piece]):
                self._next()
                wide = self.number(1) & 1
            left = len(self._pieces[self._piece]) - self._at
            count = min(length, left // (1 + wide))
            if not count:
                raise ValueError("cut")
            part = self._bytes(count * (1 + wide))
            parts.append(part.decode("utf-16-le" if wide else "latin-1", "surrogatepass"))
            length -= count
        self._bytes(4 * runs + extra)
        return "".join(parts)

    def _next(self) -> None:
        self._piece, self._at = self._piece + 1, 0

    def _bytes(self, size: int) -> bytes:
        found = b""
        while len(found) < size:
            piece = self._pieces[self._piece]
            taken = piece[self._at : self._at + size - len(found)]
            self._at += len(taken)
            found += taken
            if len(found) < size:
                self._next()
        return found
