"""A process that reads pieces of a long list while this one records what was read before."""

from __future__ import annotations

import gc
import marshal
import os
import pickle
import signal
import struct
import subprocess
import sys
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
from monitor.ingest.payment_pieces import Piece, read_rows
from monitor.ingest.profiles import Columns
from monitor.ingest.rejection import Rejection

_NOT_PLAIN = b""
_BETWEEN = "\x1e"  # the sign between texts
_PARTS = attrgetter(*(each.name for each in fields(Rejection)))
_LITTLE_MEMORY = {"ARROW_DEFAULT_MEMORY_POOL": "system"}
_LENGTH = struct.Struct("!Q")


class Job(NamedTuple):
    """What all pieces of one list share. `file` is how messages call it."""

    path: Path
    file: str
    encoding: str
    delimiter: str
    header: Header
    columns: Columns


class BlockProcess:
    """A reading process, started at once. It ends by itself when this process is gone.

    It is a program of its own: whatever program this is, no part of it runs twice. What it is to
    read is told later, so that it can make ready meanwhile. Once it has ended, it takes whatever
    is told, and gives no result.
    """

    def __init__(self) -> None:
        command = [sys.executable, "-c", f"from {__name__} import serve; serve()"]
        paths = os.pathsep.join(filter(None, sys.path))
        self._process = subprocess.Popen(  # noqa: S603 - this very program
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": paths, **_LITTLE_MEMORY},
        )

    def tell(self, job: Job) -> None:
        """Says once what all pieces share."""
        self._give(pickle.dumps(job))

    def begin(self, piece: Piece) -> None:
        """Lets it read a piece as a block; results come in order."""
        self._give(marshal.dumps((piece.start, piece.end, piece.line)))

    def result(self) -> Block | None:
        """The next block; None where a piece is not plain or refuses the list.

        Raises EOFError where the process has ended.
        """
        packed = _take(self._process.stdout)
        return unpack(packed) if packed != _NOT_PLAIN else None

    def end(self) -> None:
        """Ends the process, whatever it is doing."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                if pipe:
                    pipe.close()
        self._process.wait()

    def _give(self, packed: bytes) -> None:
        with suppress(EOFError, OSError):
            _put(self._process.stdin, packed)


def serve() -> None:
    """The process: reads what comes, until the other end is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one that started it says when to end
    gc.disable()  # blocks hold no cycles, and looking for them takes half of the time
    from monitor.ingest import arrow_block  # noqa: F401 - takes long; done before the job comes

    with suppress(EOFError, OSError):
        job: Job = pickle.loads(_take(sys.stdin.buffer))  # noqa: S301 - from our own process
        reader = _PieceReader(job)
        while True:
            given = marshal.loads(_take(sys.stdin.buffer))  # noqa: S302
            _put(sys.stdout.buffer, reader.read(Piece(*given)))


def _put(pipe: IO[bytes] | None, packed: bytes) -> None:
    if pipe is None:
        raise EOFError
    pipe.write(_LENGTH.pack(len(packed)))
    pipe.write(packed)
    pipe.flush()


def _take(pipe: IO[bytes] | None) -> bytes:
    head = pipe.read(_LENGTH.size) if pipe else b""
    if pipe is None or len(head) < _LENGTH.size:
        raise EOFError
    (length,) = _LENGTH.unpack(head)
    packed = pipe.read(length)
    if len(packed) < length:
        raise EOFError
    return packed


class _PieceReader:
    """Reads the pieces of one list: by Arrow where that is certain to be right, else by rows."""

    def __init__(self, job: Job) -> None:
        from monitor.ingest.arrow_block import ArrowReader

        self._job, self._width = job, len(job.header.names)
        self._rows = BlockReader(job.header, job.columns, job.file)
        self._arrow = ArrowReader(self._rows, self._width)

    def read(self, piece: Piece) -> bytes:
        """The piece as a block, packed."""
        try:
            parts = self._parts(piece)
            return _NOT_PLAIN if parts is None else pack(self._rows.join(parts))
        except (InputError, UnicodeDecodeError):
            return _NOT_PLAIN

    def _parts(self, piece: Piece) -> list[Block] | None:
        job = self._job
        data = piece.bytes_of(job.path)
        part = self._arrow.part(data, job.encoding, job.delimiter, piece.line)
        if part is not None:
            return [part]
        read = read_rows(data, piece.line, job.encoding, job.delimiter, self._width)
        return read and self._rows.parts(*read)


def pack(block: Block) -> bytes:
    """The block as bytes: `marshal` knows plain values alone, and is quick."""
    plain = block._replace(
        numbers=_in_one(block.numbers),
        named_by=_coded(block.named_by),
        vouchers=_in_one(block.vouchers),
        cells=_in_few(block.cells),
        dates=_coded(block.dates),
        statuses=_coded(block.statuses),
        said=[tuple(each) for each in block.said],
        rejections=[_PARTS(each) for each in block.rejections],  # type: ignore[misc]
        totals=[tuple(each) for each in block.totals],  # type: ignore[misc]
        further=[tuple(each) for each in block.further],  # type: ignore[misc]
    )
    return marshal.dumps(tuple(plain))  # type: ignore[arg-type]


def unpack(packed: bytes) -> Block:
    block = Block(*marshal.loads(packed))  # noqa: S302 - from our own process
    return block._replace(
        numbers=_apart(block.numbers),
        named_by=_decoded(block.named_by),
        vouchers=_apart(block.vouchers),
        cells=_as_few(block.cells),
        dates=_decoded(block.dates),
        statuses=_decoded(block.statuses),
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
