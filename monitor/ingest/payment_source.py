"""The rows of a payment list, whatever its form and size: first its head, then block by block."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Self

from monitor.errors import InputError, Place
from monitor.ingest import row_counts
from monitor.ingest.block_process import BlockProcess, Job
from monitor.ingest.detect import decode
from monitor.ingest.list_block import Block
from monitor.ingest.payment_block import BlockReader
from monitor.ingest.payment_header import Header
from monitor.ingest.payment_pieces import Piece, pieces, read_rows
from monitor.ingest.profiles import Columns, Forced
from monitor.ingest.reader_program import LONG, Launcher
from monitor.ingest.readers.delimited import Row, delimiter_of, rows_in

TEXT = "分隔文本（CSV）"
_VERY_LONG = 2**25  # bytes: more rows than `row_counts` counts one by one
_ROWS = 2_000
_IN_PIECES = ("gb18030", "gbk", "gb2312")  # line end and quote are bytes of their own there

Numbered = tuple[int, Block]
"""A block, and which reader's wordings it speaks of."""


@dataclass(frozen=True, slots=True)
class ListRows:
    """The rows of one list. `head` are the first ones, all of them if `rest` is None.

    `rest` are the blocks after the head; Raises InputError as `BlockReader.read` does.
    """

    form: str
    encoding: str
    head: Sequence[Row]
    rest: Callable[[Header, Columns], Iterator[Numbered]] | None = None
    again: Callable[[set[int]], Iterator[Row]] | None = None
    sheet: str = ""

    def at(self, lines: set[int]) -> list[Row]:
        """The rows at these lines once more."""
        found = [row for row in self.head if row[0] in lines]
        return [*found, *self.again(lines)] if self.again else found


class EncodingChanges(Exception):
    """The beginning of a long list was of another encoding than what follows."""


def open_list(content: bytes | Path, file: str, forced: Forced) -> ListRows:
    """The rows of delimited text, all of them at hand; see `open_text`."""
    data = content if isinstance(content, bytes) else content.read_bytes()
    text, encoding, delimiter = read_whole(data, file, forced)
    rows = rows_in(io.StringIO(text, newline=""), delimiter, file)
    return ListRows(TEXT, encoding, list(rows))


def open_text(
    path: Path,
    file: str,
    forced: Forced = Forced(),
    *,
    whole: bool = False,
    reader: Reader | None = None,
) -> ListRows:
    """The rows of delimited text; a long file is not read as a whole, unless asked for.

    `reader` may have been started; it ends with the list. Raises InputError as `read_whole`
    does; `rest` raises EncodingChanges.
    """
    size = path.stat().st_size
    first = next(pieces(path), None) if size > LONG and not whole else None
    opened = (
        _open_long(path, file, first, forced, reader or Reader(Launcher()))
        if first and first.end < size
        else None
    )
    if opened is None:
        return open_list(path, file, forced)
    return opened


def read_whole(data: bytes, file: str, forced: Forced = Forced()) -> tuple[str, str, str]:
    """The text of a file, its encoding and its delimiter; `forced` are those of a saved profile.

    Raises InputError for text in another encoding, and in none that is known.
    """
    if forced.encoding:
        text, encoding = _decoded(data, forced.encoding, file), forced.encoding
    else:
        text, encoding = decode(data, file)
    return text, encoding, forced.delimiter or delimiter_of(text)


def _decoded(data: bytes, encoding: str, file: str) -> str:
    """The text in the encoding that a saved profile states. Raises InputError."""
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise InputError(
            f"文字编码不是方案里写的 {encoding}（第 {error.start} 字节处不符）。",
            "请改正或删去方案里的 encoding。",
            Place(file),
        ) from error


def _open_long(
    path: Path, file: str, first: Piece, forced: Forced, reader: Reader
) -> ListRows | None:
    """The list in pieces; None where it must be read as a whole."""
    data = first.data
    if b"\0" in data:  # UTF-16 has line ends of another kind
        return None
    _, encoding, delimiter = read_whole(data, file, forced)
    if encoding.startswith("utf-8"):
        encoding = "utf-8"
    elif encoding not in _IN_PIECES:
        return None
    read = read_rows(data, first.line, encoding, delimiter, 0)
    if read is None:
        return None
    rows, lines = read

    after = (first.end, first.next_line)

    def rest(header: Header, columns: Columns) -> Iterator[Numbered]:
        return _read_pieces(Job(path, file, encoding, delimiter, header, columns, *after), reader)

    def again(wanted: set[int]) -> Iterator[Row]:
        for piece in pieces(path, *after):
            found = read_rows(piece.data, piece.line, encoding, delimiter, 0)
            if found is None:
                left = _rest(path, file, encoding, delimiter, (piece.start, piece.line))
                yield from (row for row in left if row[0] in wanted)
                return
            yield from ((n, row) for row, n in zip(*found, strict=True) if n in wanted)

    return ListRows(TEXT, encoding, list(zip(lines, rows, strict=True)), rest, again)


def blocks(
    rows: ListRows, position: int, header: Header, columns: Columns, file: str
) -> Iterator[Numbered]:
    """The blocks of the rows after `position`, in order."""
    reader = BlockReader(header, columns, file)
    body = rows.head[position + 1 :]
    for start in range(0, len(body), _ROWS):
        part = body[start : start + _ROWS]
        yield 0, reader.read([cells for _, cells in part], [line for line, _ in part])
    if rows.rest:
        yield from rows.rest(header, columns)


class Reader:
    """The process that reads a long list. However this ends, by Ctrl-C too, it does not stay.

    `early`: it is started before it is known what it is to read.
    """

    def __init__(self, launcher: Launcher, *, early: bool = False) -> None:
        self._launcher, self._early = launcher, early
        self._process: BlockProcess | None = None

    def __enter__(self) -> Self:
        if self._early:
            self.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._process:
            self._process.end()
        self._process = None

    def start(self) -> BlockProcess:
        """The process, started if it was not."""
        self._process = self._process or BlockProcess(self._launcher.take())
        return self._process


def _read_pieces(job: Job, reader: Reader) -> Iterator[Numbered]:
    """The blocks of the rest of a list, in order."""
    with reader:
        process = reader.start()
        process.tell(job)
        if job.path.stat().st_size > _VERY_LONG:
            row_counts.make_ready()
        while block := process.result():
            yield 1, block
        yield from _read_on(job, process.rest)  # nothing, if that is the end of the file


def _read_on(job: Job, at: tuple[int, int]) -> Iterator[Numbered]:
    """Everything from this byte and line on, row by row, in this process.

    Raises InputError for what makes the list unreadable, and EncodingChanges.
    """
    reader = BlockReader(job.header, job.columns, job.file)
    width = len(job.header.names)
    rows = _rest(job.path, job.file, job.encoding, job.delimiter, at, width)
    while part := list(islice(rows, _ROWS)):
        yield -1, reader.read([cells for _, cells in part], [line for line, _ in part])


def _rest(
    path: Path, file: str, encoding: str, delimiter: str, at: tuple[int, int], width: int = 0
) -> Iterator[Row]:
    """All rows from a byte and line on. Raises as `_read_on` does."""
    with path.open("rb") as opened, io.TextIOWrapper(opened, encoding, newline="") as text:
        opened.seek(at[0])
        try:
            lines = _without_nul(text)
            yield from rows_in(lines, delimiter, file, first_line=at[1], widest=width)
        except UnicodeDecodeError as error:
            raise EncodingChanges from error


def _without_nul(text: Iterable[str]) -> Iterator[str]:
    for line in text:
        if "\0" in line:
            raise EncodingChanges  # read as a whole, the file is refused for it
        yield line
