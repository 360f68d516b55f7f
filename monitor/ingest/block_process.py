"""A process that reads pieces of a long list while this one records what was read before."""

from __future__ import annotations

import gc
import marshal
import pickle
import signal
import struct
import subprocess
import sys
from array import array
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import fields
from operator import attrgetter
from pathlib import Path
from typing import IO, Any, NamedTuple

from monitor.errors import InputError
from monitor.ingest.list_block import Block, Joined, ListRow, TotalLine
from monitor.ingest.payment_block import BlockReader
from monitor.ingest.payment_header import Header
from monitor.ingest.payment_pieces import Piece, pieces, read_rows
from monitor.ingest.profiles import Columns
from monitor.ingest.reader_program import end
from monitor.ingest.rejection import Rejection

_BETWEEN = "\x1e"  # the sign between texts
_PARTS = attrgetter(*(each.name for each in fields(Rejection)))
_HEAD = struct.Struct("!QQQ")


class Job(NamedTuple):
    """What is to be read: a list from this byte and line on. `file` is how messages call it."""

    path: Path
    file: str
    encoding: str
    delimiter: str
    header: Header
    columns: Columns
    start: int
    line: int


class BlockProcess:
    """A reading process that is told what to read. It reads ahead of what is taken.

    `rest` is where the list goes on behind the blocks that it has given: the byte and the line.
    """

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self.rest = (0, 1)

    def tell(self, job: Job) -> None:
        """Says what to read."""
        self.rest = (job.start, job.line)
        with suppress(OSError):
            if self._process.stdin:
                pickle.dump(job, self._process.stdin)
                self._process.stdin.close()

    def result(self) -> Block | None:
        """The next block; None where the list ends, or is to be read in another way from there."""
        try:
            *rest, packed = _take(self._process.stdout)
        except (EOFError, OSError):  # the process has ended
            return None
        self.rest = (rest[0], rest[1])
        return unpack(packed) if packed else None

    def end(self) -> None:
        """Ends the process, whatever it is doing."""
        end(self._process)


def serve() -> None:
    """The process: reads the list that it is told of, block by block."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one that started it says when to end
    gc.disable()  # blocks hold no cycles, and looking for them takes half of the time
    from monitor.ingest import arrow_block  # noqa: F401 - takes long; done before the job comes

    with suppress(EOFError, OSError):  # the other end is gone
        job: Job = pickle.load(sys.stdin.buffer)  # noqa: S301 - from our own process
        reader, rest = _PieceReader(job), (job.start, job.line)
        for piece in pieces(job.path, *rest):
            packed = reader.read(piece)
            if packed is None:
                break
            rest = (piece.end, piece.next_line)
            _put(sys.stdout.buffer, rest, packed)
        _put(sys.stdout.buffer, rest, b"")


def _put(pipe: IO[bytes], rest: tuple[int, int], packed: bytes) -> None:
    pipe.write(_HEAD.pack(*rest, len(packed)))
    pipe.write(packed)
    pipe.flush()


def _take(pipe: IO[bytes] | None) -> tuple[int, int, bytes]:
    head = pipe.read(_HEAD.size) if pipe else b""
    if pipe is None or len(head) < _HEAD.size:
        raise EOFError
    start, line, length = _HEAD.unpack(head)
    packed = pipe.read(length)
    if len(packed) < length:
        raise EOFError
    return start, line, packed


class _PieceReader:
    """Reads the pieces of one list: by Arrow where that is certain to be right, else by rows."""

    def __init__(self, job: Job) -> None:
        from monitor.ingest.arrow_block import ArrowReader

        self._job, self._width = job, len(job.header.names)
        self._rows = BlockReader(job.header, job.columns, job.file)
        self._arrow = ArrowReader(self._rows, self._width)

    def read(self, piece: Piece) -> bytes | None:
        """The piece as a block, packed; None where it is not plain or refuses the list."""
        try:
            parts = self._parts(piece)
            return None if parts is None else pack(self._rows.join(parts))
        except (InputError, UnicodeDecodeError):
            return None

    def _parts(self, piece: Piece) -> list[Block] | None:
        job, data = self._job, piece.data
        part = self._arrow.part(data, job.encoding, job.delimiter, piece.line)
        if part is not None:
            return [part]
        read = read_rows(data, piece.line, job.encoding, job.delimiter, self._width)
        return read and self._rows.parts(*read)


def pack(block: Block) -> bytes:
    """The block as bytes: `marshal` knows plain values alone, and is quick."""
    plain = block._replace(
        lines=_in_bytes("q", block.lines),
        numbers=_in_one(block.numbers),
        named_by=_coded(block.named_by),
        vouchers=_in_one(block.vouchers),
        cells=_in_few(block.cells),
        dates=_coded(block.dates),
        amounts=_in_bytes("q", block.amounts),
        statuses=_coded(block.statuses),
        wordings=_in_bytes("i", block.wordings),
        said=[tuple(each) for each in block.said],
        rejections=[_PARTS(each) for each in block.rejections],  # type: ignore[misc]
        totals=[tuple(each) for each in block.totals],  # type: ignore[misc]
        further=[tuple(each) for each in block.further],  # type: ignore[misc]
    )
    return marshal.dumps(tuple(plain))  # type: ignore[arg-type]


def unpack(packed: bytes) -> Block:
    block = Block(*marshal.loads(packed))  # noqa: S302 - from our own process
    return block._replace(
        lines=_of_bytes("q", block.lines),
        numbers=_apart(block.numbers),
        named_by=_decoded(block.named_by),
        vouchers=_apart(block.vouchers),
        cells=_as_few(block.cells),
        dates=_decoded(block.dates),
        amounts=_of_bytes("q", block.amounts),
        statuses=_decoded(block.statuses),
        wordings=_of_bytes("i", block.wordings),
        rejections=[Rejection(*each) for each in block.rejections],  # type: ignore[misc]
        totals=[TotalLine(*each) for each in block.totals],
        further=[ListRow(*each) for each in block.further],
    )


def _coded(column: Sequence[str]) -> Sequence[Any]:
    """A column of few texts: the texts, and a byte a row; any other as it is."""
    texts = list(dict.fromkeys(column))
    if len(texts) > 256:
        return column
    code = {text: n for n, text in enumerate(texts)}
    return texts, bytes(map(code.__getitem__, column))


def _decoded(coded: Sequence[Any]) -> list[str]:
    if isinstance(coded, list):
        return coded
    texts, codes = coded
    return list(map(texts.__getitem__, codes))


def _in_bytes(kind: str, column: Sequence[int]) -> Any:
    return array(kind, column).tobytes()


def _of_bytes(kind: str, packed: Any) -> list[int]:
    column = array(kind)
    column.frombytes(packed)
    return column.tolist()


def _in_few(column: Sequence[str]) -> Sequence[Any]:
    joined = Joined.of(column)
    return column if joined is None else [len(joined), joined.packed]


def _as_few(packed: Sequence[Any]) -> Sequence[str]:
    """What `_in_few` packed: a list that begins with a number is one of texts of many."""
    return Joined(*packed) if packed and isinstance(packed[0], int) else packed


def _in_one(column: Sequence[str]) -> str | Sequence[str]:
    """A column of texts as one, which is packed in a fifth of the time; else as it is."""
    joined = _BETWEEN.join(column)
    return joined if column and joined.count(_BETWEEN) == len(column) - 1 else column


def _apart(column: str | Sequence[str]) -> Sequence[str]:
    return column.split(_BETWEEN) if isinstance(column, str) else column
