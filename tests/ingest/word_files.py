"""Small Word 97-2003 files made part by part, as [MS-DOC] says: a tool of the tests."""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Self

TEXT_AT = 2048
HIDDEN, DELETED = b"\x3c\x08\x01", b"\x00\x08\x01"
IN_TABLE = b"\x16\x24\x01" + b"\x49\x66" + struct.pack("<i", 1)


@dataclass(frozen=True)
class Part:
    """A stretch of text and the properties of its characters."""

    text: str
    prls: bytes = b""


@dataclass(frozen=True)
class Made:
    """A paragraph: its parts, the mark at its end included, and its properties."""

    parts: tuple[Part, ...]
    prls: bytes = b""


def line(*parts: str | Part, prls: bytes = b"", end: str = "\r", mark: bytes = b"") -> Made:
    made = (part if isinstance(part, Part) else Part(part) for part in parts if part)
    return Made((*made, Part(end, mark)), prls)


def row(*cells: str, edges: Sequence[int], flags: Sequence[int] = (), **more: bytes) -> list[Made]:
    """The cells of a row and its end mark; `more` as in `row_end`."""
    made = [line(cell, prls=IN_TABLE, end="\x07") for cell in cells]
    return [*made, row_end(edges, flags, **more)]


def row_end(
    edges: Sequence[int], flags: Sequence[int] = (), *, after: bytes = b"", mark: bytes = b""
) -> Made:
    number = len(edges) - 1
    operand = bytes((number,)) + struct.pack(f"<{number + 1}h", *edges)
    operand += b"".join(struct.pack("<H18x", each) for each in flags)
    definition = b"\x08\xd6" + struct.pack("<H", len(operand) + 1) + operand
    return line(prls=IN_TABLE + b"\x17\x24\x01" + definition + after, end="\x07", mark=mark)


@dataclass
class Streams:
    """The streams of a file, in place of the file that olefile opens."""

    streams: dict[str, bytes] = field(default_factory=dict)

    def exists(self, name: str) -> bool:
        return name in self.streams

    def openstream(self, name: str) -> io.BytesIO:
        return io.BytesIO(self.streams[name])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None


@dataclass(frozen=True)
class Options:
    """How the text is kept: `pieces` as (length, prm), one of everything by default."""

    narrow: bool = False
    pieces: Sequence[tuple[int, int]] = ()
    lists: Sequence[bytes] = ()
    fonts: Sequence[str] = ("Symbol", "宋体")
    data: bytes = b""


def streams(paragraphs: Sequence[Made], options: Options | None = None) -> Streams:
    options = options or Options()
    codec = "cp1252" if options.narrow else "utf-16-le"
    size = 1 if options.narrow else 2
    parts = [part for paragraph in paragraphs for part in paragraph.parts]
    text = "".join(part.text for part in parts)
    units = len(text.encode(codec, "surrogatepass")) // size
    runs = _fkp([part.text for part in parts], [_chpx(part.prls) for part in parts], size, 1)
    whole = ["".join(part.text for part in each.parts) for each in paragraphs]
    papx = _fkp(whole, [_papx(each.prls) for each in paragraphs], size, 13)
    body = text.encode(codec, "surrogatepass")
    body += bytes(-len(body) % 512)
    end = TEXT_AT + units * size
    first = (TEXT_AT + len(body)) // 512
    tables = {
        12: struct.pack("<III", TEXT_AT, end, first),
        13: struct.pack("<III", TEXT_AT, end, first + 1),
        15: _fonts(options.fonts),
        33: _clx(replace(options, pieces=options.pieces or [(units, 0)])),
    }
    header = bytearray(TEXT_AT)
    struct.pack_into("<HH", header, 0, 0xA5EC, 0xC1)
    struct.pack_into("<H", header, 10, 0x1200)
    struct.pack_into("<H", header, 32, 14)
    struct.pack_into("<H", header, 62, 22)
    struct.pack_into("<i", header, 76, units)
    table = b""
    for index, content in tables.items():
        struct.pack_into("<II", header, 154 + 8 * index, len(table), len(content))
        table += content
    main = bytes(header) + body + runs + papx
    return Streams({"WordDocument": main, "1Table": table, "Data": options.data})


def _fkp(texts: Sequence[str], entries: Sequence[bytes], size: int, step: int) -> bytes:
    places = [TEXT_AT]
    for text in texts:
        places.append(places[-1] + (len(text.encode("utf-16-le", "surrogatepass")) // 2) * size)
    page = bytearray(512)
    struct.pack_into(f"<{len(places)}I", page, 0, *places)
    page[511] = len(texts)
    at = 510
    for index, entry in enumerate(entries):
        at -= len(entry) + len(entry) % 2
        page[at : at + len(entry)] = entry
        page[4 * len(places) + step * index] = at // 2
    assert at >= 4 * len(places) + step * len(texts), "more than a page"
    return bytes(page)


def _chpx(prls: bytes) -> bytes:
    return bytes((len(prls),)) + prls


def _papx(prls: bytes) -> bytes:
    kept = bytes(2) + prls
    half, odd = divmod(len(kept), 2)
    return (bytes((half + 1,)) if odd else bytes((0, half))) + kept


def _fonts(names: Sequence[str]) -> bytes:
    made = struct.pack("<HH", len(names), 0)
    for name in names:
        kept = bytes(39) + (name + "\0").encode("utf-16-le")
        made += bytes((len(kept),)) + kept
    return made


def _clx(options: Options) -> bytes:
    lists = b"".join(b"\1" + struct.pack("<H", len(each)) + each for each in options.lists)
    positions, pieces, size = [0], b"", 1 if options.narrow else 2
    for length, prm in options.pieces:
        place = TEXT_AT + positions[-1] * size
        pieces += struct.pack("<HIH", 0, place * 2 | 1 << 30 if options.narrow else place, prm)
        positions.append(positions[-1] + length)
    table = struct.pack(f"<{len(positions)}I", *positions) + pieces
    return lists + b"\2" + struct.pack("<I", len(table)) + table
