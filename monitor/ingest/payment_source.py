"""The rows of a payment list, whatever its form and size: first its head, then block by block."""

from __future__ import annotations

import io
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Self

from monitor.errors import InputError, Place
from monitor.ingest.block_process import BlockProcess, Job
from monitor.ingest.detect import decode
from monitor.ingest.list_block import Block
from monitor.ingest.payment_block import BlockReader
from monitor.ingest.payment_header import Header
from monitor.ingest.payment_pieces import Piece, pieces, read_piece
from monitor.ingest.profiles import Columns, Forced
from monitor.ingest.readers.delimited import Row, delimiter_of, rows_in

LONG = 4 * 2**20
"""Files of more bytes are read by several processes."""
TEXT = "分隔文本（CSV）"
_ROWS = 2_000
_IN_PIECES = ("gb18030", "gbk", "gb2312")  # line end and quote are bytes of their own there
_AHEAD = 2  # blocks that each process is given before its first result is taken
_MOST_PROCESSES = 1  # it keeps up with the process that writes, and each takes 100 MB

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


def is_long(content: bytes | Path) -> bool:
    """Whether a file may be read by several processes. Raises OSError."""
    return isinstance(content, Path) and content.stat().st_size > LONG


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
    readers: Readers | None = None,
) -> ListRows:
    """The rows of delimited text; a long file is not read as a whole, unless asked for.

    `readers` may be at work already; they end with the list. Raises InputError as `read_whole`
    does; `rest` raises EncodingChanges.
    """
    size = path.stat().st_size
    first = next(pieces(path), None) if size > LONG and not whole else None
    opened = (
        _open_long(path, file, first, forced, readers or Readers())
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
    path: Path, file: str, first: Piece, forced: Forced, readers: Readers
) -> ListRows | None:
    """The list in pieces; None where it must be read as a whole."""
    with path.open("rb") as opened:
        data = opened.read(first.end)
    if b"\0" in data:  # UTF-16 has line ends of another kind
        return None
    _, encoding, delimiter = read_whole(data, file, forced)
    if encoding.startswith("utf-8"):
        encoding = "utf-8"
    elif encoding not in _IN_PIECES:
        return None
    read = read_piece(path, first, encoding, delimiter, 0)
    if read is None:
        return None
    rows, lines = read

    def rest(header: Header, columns: Columns) -> Iterator[Numbered]:
        job = Job(path, file, encoding, delimiter, header, columns)
        left = islice(pieces(path), 1, None)
        return _read_pieces(job, left, readers)

    def again(wanted: set[int]) -> Iterator[Row]:
        for piece in islice(pieces(path), 1, None):
            found = read_piece(path, piece, encoding, delimiter, 0)
            if found is None:
                yield from (
                    row for row in _rest(path, file, encoding, delimiter, piece) if row[0] in wanted
                )
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


class Readers:
    """The processes that read a long list. However this ends, by Ctrl-C too, none of them stays.

    `early`: they are started before it is known what they are to read.
    """

    def __init__(self, *, early: bool = False) -> None:
        self._early = early
        self._processes: list[BlockProcess] = []

    def __enter__(self) -> Self:
        if self._early:
            self.start()
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            process.end()
        self._processes.clear()

    def start(self) -> Sequence[BlockProcess]:
        """The processes, started if they were not."""
        while len(self._processes) < min(_MOST_PROCESSES, _cores()):
            self._processes.append(BlockProcess())
        return self._processes


def _read_pieces(job: Job, left: Iterator[Piece], readers: Readers) -> Iterator[Numbered]:
    """The blocks of the pieces, in order."""
    with readers:
        processes = readers.start()
        turns = cycle(range(len(processes)))
        given: deque[tuple[int, Piece]] = deque()

        def give() -> None:
            if piece := next(left, None):
                turn = next(turns)
                processes[turn].begin(piece)
                given.append((turn, piece))

        for process in processes:
            process.tell(job)
        for _ in range(_AHEAD * len(processes)):
            give()
        while given:
            turn, piece = given.popleft()
            block = _result(processes[turn])
            if block is None:
                yield from _read_on(job, piece)
                return
            give()
            yield turn + 1, block


def _result(process: BlockProcess) -> Block | None:
    try:
        return process.result()
    except (EOFError, OSError):
        return None


def _read_on(job: Job, piece: Piece) -> Iterator[Numbered]:
    """Everything from this piece on, row by row, in this process.

    Raises InputError for what makes the list unreadable, and EncodingChanges.
    """
    reader = BlockReader(job.header, job.columns, job.file)
    width = len(job.header.names)
    rows = _rest(job.path, job.file, job.encoding, job.delimiter, piece, width)
    while part := list(islice(rows, _ROWS)):
        yield -1, reader.read([cells for _, cells in part], [line for line, _ in part])


def _rest(
    path: Path, file: str, encoding: str, delimiter: str, piece: Piece, width: int = 0
) -> Iterator[Row]:
    """All rows from a piece on. Raises as `_read_on` does."""
    with path.open("rb") as opened:
        opened.seek(piece.start)
        text = _without_nul(io.TextIOWrapper(opened, encoding, newline=""))
        try:
            yield from rows_in(text, delimiter, file, first_line=piece.line, widest=width)
        except UnicodeDecodeError as error:
            raise EncodingChanges from error


def _without_nul(text: Iterable[str]) -> Iterator[str]:
    for line in text:
        if "\0" in line:
            raise EncodingChanges  # read as a whole, the file is refused for it
        yield line


def _cores() -> int:
    usable = getattr(os, "sched_getaffinity", None)
    return len(usable(0)) if usable else os.cpu_count() or 1
