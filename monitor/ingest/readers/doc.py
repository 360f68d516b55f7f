"""Word 97-2003 documents (.doc): bytes → Document. What is printed counts, as in .docx: insertions
and the results of fields, but no deletions, hidden text, field codes, notes or text boxes.

Read as [MS-DOC] says, without guesses: what contradicts itself is refused.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import olefile

from monitor.ingest.document import Document
from monitor.ingest.readers import kinds
from monitor.ingest.readers.doc_binary import (
    BrokenError,
    LockedError,
    Piece,
    Prl,
    UnsureError,
    WordFile,
    opened,
)
from monitor.ingest.readers.doc_rows import WordRow, grid_of, shape_of
from monitor.ingest.readers.layout import Content, Grid, lay_out

_WHAT = "Word 文档"
_MOST_CHARACTERS, _DEEPEST = 16 * 2**20, 20
_OTHERS = {
    "PowerPoint Document": "这是演示文稿（.ppt），不是绩效目标文档。",
    "__properties_version1.0": "这是邮件（.msg），不是绩效目标文档。",
    "Workbook": "这个文件既不是 Word 文档，也不是完整的 Excel 工作簿，无法识别。",
}
_UNKNOWN = "这不是 Word 文档，也不是 Excel 工作簿，无法识别。"

_DELETED, _HIDDEN, _PLAIN, _SPECIAL, _SYMBOL = 0x0800, 0x083C, 0x2A33, 0x0855, 0x6A09
_FONT = 0x4A4F
_IN_TABLE, _ROW_END, _DEPTH, _DEEPER = 0x2416, 0x2417, 0x6649, 0x664A
_INNER_CELL_END, _INNER_ROW_END = 0x244B, 0x244C

_PART = re.compile("[^\r\x07\x0c\x13\x14\x15]+|[\r\x07\x0c\x13\x14\x15]")
_SIGNS = {0x0B: "\n", 0x0E: "\n", 0x1E: "-"}
_DROPPED = {each: None for each in range(0x20) if each not in (0x09, *_SIGNS)}
_SHOWN_AS = str.maketrans({**_DROPPED, **_SIGNS})
_NARROW = str.maketrans(
    dict(
        zip(
            [chr(code) for code in (*range(0x82, 0x8D), *range(0x91, 0x9D), 0x9F)],
            "‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œŸ",
            strict=True,
        )
    )
)
_SYMBOL_FONT = {0xB3: "≥", 0xA3: "≤", 0xB9: "≠", 0xB1: "±", 0xB4: "×", 0x25: "%"}
_OF_SYMBOL_FONT = re.compile("[\uf020-\uf0ff]")
_UNREADABLE_SIGN = "\ufffd"


def read(data: bytes, file: str) -> Document:
    """Raises InputError for a file that is damaged, locked, too large, or not read for sure."""
    try:
        with opened(data) as ole:
            _check_kind(ole, file)
            word = WordFile(ole)
            if word.characters > _MOST_CHARACTERS:
                size = f"的文字超过 {_MOST_CHARACTERS // 10**4} 万字"
                raise kinds.TOO_LARGE.refusal(file, what=_WHAT, size=size)
            content = _Reading(word).content()
    except LockedError as error:
        raise kinds.LOCKED.refusal(file, what=_WHAT) from error
    except UnsureError as error:
        raise kinds.UNSURE.refusal(file, what=_WHAT, why=str(error)) from error
    except (BrokenError, struct.error, LookupError, UnicodeError, OSError, ValueError) as error:
        why = "内容不合 .doc 的格式"
        raise kinds.DAMAGED.refusal(file, what=_WHAT, why=why) from error
    return lay_out(content, file)


def _check_kind(ole: olefile.OleFileIO, file: str) -> None:
    if ole.exists("EncryptedPackage"):
        raise kinds.LOCKED.refusal(file, what="Office 文档")
    if not ole.exists("WordDocument"):
        why = next((why for name, why in _OTHERS.items() if ole.exists(name)), _UNKNOWN)
        raise kinds.NOT_A_DOCUMENT.refusal(file, why=why)


@dataclass(frozen=True, slots=True)
class _Style:
    """What the properties of characters say of whether and how they show."""

    is_hidden: bool = False
    is_deleted: bool = False
    is_special: bool = False
    symbol: bytes = b""
    font: bytes = b""


@lru_cache(maxsize=4096)
def _style(prls: tuple[Prl, ...]) -> _Style:
    found = {_HIDDEN: b"", _DELETED: b"", _SPECIAL: b"", _SYMBOL: b"", _FONT: b""}
    for sprm, operand in prls:
        if sprm == _PLAIN:
            found[_HIDDEN] = b""
        elif sprm in found:
            found[sprm] = operand
    hidden, deleted, special = (
        found[each] in (b"\x01", b"\x81") for each in (_HIDDEN, _DELETED, _SPECIAL)
    )
    return _Style(hidden, deleted, special, found[_SYMBOL], found[_FONT])


@dataclass(frozen=True, slots=True)
class _Mark:
    """The end of a paragraph: the sign, whether it is deleted, what the paragraph is."""

    sign: str
    is_deleted: bool
    depth: int
    ends_cell: bool
    ends_row: bool
    prls: tuple[Prl, ...]


def _mark(sign: str, is_deleted: bool, prls: tuple[Prl, ...]) -> _Mark:
    flags = {_IN_TABLE: 0, _ROW_END: 0, _DEPTH: 0, _INNER_CELL_END: 0, _INNER_ROW_END: 0}
    for sprm, operand in prls:
        if sprm in flags:
            flags[sprm] = int.from_bytes(operand, "little", signed=True)
        elif sprm == _DEEPER:
            flags[_DEPTH] += int.from_bytes(operand, "little", signed=True)
    depth = max(flags[_DEPTH], 1) if flags[_IN_TABLE] else 0
    if not 0 <= flags[_DEPTH] <= _DEEPEST or (flags[_DEPTH] and not depth):
        raise BrokenError
    is_row = bool(flags[_INNER_ROW_END] if depth > 1 else flags[_ROW_END])
    is_cell = bool(flags[_INNER_CELL_END]) if depth > 1 else sign == "\x07"
    if (sign == "\x07") != (depth == 1 and is_cell) or (is_row and depth == 1 and not is_cell):
        raise BrokenError
    return _Mark(sign, is_deleted, depth, is_cell and not is_row, is_row, prls)


class _Reading:
    """Walks the text, piece by piece and run by run."""

    def __init__(self, word: WordFile) -> None:
        self._word = word
        self._fields: list[bool] = []
        """Open fields, the inner ones last: whether their result has begun."""

    def content(self) -> Content:
        story, begun = _Story(), ""
        last = "\r"
        for text, mark in self._parts():
            begun += text
            last = mark.sign if mark else ""
            if mark:
                begun = story.add(_whole(begun), mark)
        if last not in ("\r", "\x0c") or self._fields:
            raise BrokenError
        return story.finished()

    def _parts(self) -> Iterator[tuple[str, _Mark | None]]:
        """Texts as they show, and the marks that end paragraphs."""
        for piece in self._word.pieces():
            at = piece.start
            while at < piece.end:
                run = self._word.characters_by_place.at(at)
                end = min(run.end, piece.end)
                if (end - at) % piece.size:
                    raise BrokenError
                style = _style(run.prls + piece.prls)
                yield from self._run(_decoded(self._word.main[at:end], piece), at, piece, style)
                at = end

    def _run(
        self, text: str, at: int, piece: Piece, style: _Style
    ) -> Iterator[tuple[str, _Mark | None]]:
        for part in _PART.findall(text):
            after = at + _size(part, piece)
            if part in ("\r", "\x07", "\x0c"):
                yield self._end(part, after, piece, style)
            elif part in ("\x13", "\x14", "\x15"):
                self._turn(part)
            elif not (style.is_hidden or style.is_deleted) and all(self._fields):
                yield self._shown(part, style), None
            at = after

    def _end(self, sign: str, after: int, piece: Piece, style: _Style) -> tuple[str, _Mark | None]:
        """A page break is the end of a paragraph only where it ends a section."""
        run = self._word.paragraphs_by_place.at(after - 1)
        if run.end != after:
            if sign == "\x0c":
                return "\n", None
            raise BrokenError
        return "", _mark(sign, style.is_deleted, run.prls + piece.prls)

    def _turn(self, sign: str) -> None:
        if sign == "\x13":
            self._fields.append(False)
        elif not self._fields:
            raise BrokenError
        elif sign == "\x14":
            self._fields[-1] = True
        else:
            self._fields.pop()

    def _shown(self, text: str, style: _Style) -> str:
        if style.symbol:
            font, code = struct.unpack("<HH", style.symbol)
            return self._sign(font, code) * len(text)
        if style.is_special:
            return ""
        shown = text.translate(_SHOWN_AS)
        font = int.from_bytes(style.font, "little")
        return _OF_SYMBOL_FONT.sub(lambda sign: self._sign(font, ord(sign[0])), shown)

    def _sign(self, font: int, code: int) -> str:
        """A sign of a symbol font; one whose meaning is not known shows as unreadable."""
        is_symbol = self._word.fonts[font].casefold() == "symbol"
        return _SYMBOL_FONT.get(code & 0xFF, _UNREADABLE_SIGN) if is_symbol else _UNREADABLE_SIGN


def _decoded(data: bytes, piece: Piece) -> str:
    if piece.is_wide:
        return data.decode("utf-16-le", "surrogatepass")
    return data.decode("latin-1").translate(_NARROW)


def _size(text: str, piece: Piece) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) if piece.is_wide else len(text)


def _whole(text: str) -> str:
    """Halves of a character that two runs had parted come together; one alone is an error."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le")


@dataclass(slots=True)
class _OpenTable:
    rows: list[WordRow] = field(default_factory=list)
    cells: list[Content] = field(default_factory=list)
    cell: list[str | Grid] = field(default_factory=list)
    deleted: list[bool] = field(default_factory=list)
    """Of each of the cells, whether its end is deleted."""


class _Story:
    """Puts paragraphs into cells, cells into rows, tables into the cells around them."""

    def __init__(self) -> None:
        self._body: list[str | Grid] = []
        self._open: list[_OpenTable] = []

    def add(self, text: str, mark: _Mark) -> str:
        """What is left for the next paragraph: the text, where the end of this one is deleted."""
        while len(self._open) > mark.depth:
            self._close()
        while len(self._open) < mark.depth:
            self._open.append(_OpenTable())
        if mark.ends_row:
            self._end_row(text, mark)
        elif mark.ends_cell:
            self._here().append(text)
            self._open[-1].cells.append(self._open[-1].cell)
            self._open[-1].cell = []
            self._open[-1].deleted.append(mark.is_deleted)
        elif mark.is_deleted:
            return text
        else:
            self._here().append(text)
        return ""

    def finished(self) -> Sequence[str | Grid]:
        while self._open:
            self._close()
        return self._body

    def _here(self) -> list[str | Grid]:
        return self._open[-1].cell if self._open else self._body

    def _end_row(self, text: str, mark: _Mark) -> None:
        table = self._open[-1]
        shape = shape_of(mark.prls)
        if text.strip() or table.cell or len(table.cells) != len(shape.across):
            raise UnsureError("表格中一行的单元格数与列宽的定义不符")
        if mark.is_deleted != all(table.deleted):
            raise UnsureError("表格中有一行以修订方式删除，删到哪里不明确")
        if not mark.is_deleted:
            table.rows.append(WordRow(table.cells, shape))
        table.cells, table.deleted = [], []

    def _close(self) -> None:
        table = self._open.pop()
        if table.cells or table.cell:
            raise UnsureError("表格的一行没有结束")
        if table.rows:
            self._here().append(grid_of(table.rows))
