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
from dataclasses import astuple
from pathlib import Path
from typing import IO, NamedTuple

from monitor.errors import InputError
from monitor.ingest.list_block import Block, ListRow, TotalLine
from monitor.ingest.payment_block import BlockReader
from monitor.ingest.payment_header import Header
from monitor.ingest.payment_pieces import Piece, read_piece
from monitor.ingest.profiles import Columns
from monitor.ingest.rejection import Rejection

_NOT_PLAIN = b""
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

    It is a program of its own: whatever program this is, no part of it runs twice.
    """

    def __init__(self, job: Job) -> None:
        command = [sys.executable, "-c", f"from {__name__} import serve; serve()"]
        paths = os.pathsep.join(filter(None, sys.path))
        self._process = subprocess.Popen(  # noqa: S603 - this very program
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": paths},
        )
        self._give(pickle.dumps(job))

    def begin(self, pieces: Sequence[Piece]) -> None:
        """Lets it read consecutive pieces as one block; results come in order. Raises OSError."""
        self._give(marshal.dumps([(each.start, each.end, each.line) for each in pieces]))

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
        _put(self._process.stdin, packed)


def serve() -> None:
    """The process: reads what comes, until the other end is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one that started it says when to end
    gc.disable()  # blocks hold no cycles, and looking for them takes half of the time
    with suppress(EOFError, OSError):
        job: Job = pickle.loads(_take(sys.stdin.buffer))  # noqa: S301 - from our own process
        reader = BlockReader(job.header, job.columns, job.file)
        while True:
            given = marshal.loads(_take(sys.stdin.buffer))  # noqa: S302
            _put(sys.stdout.buffer, _read(reader, job, [Piece(*each) for each in given]))


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


def _read(reader: BlockReader, job: Job, pieces: Sequence[Piece]) -> bytes:
    width = len(job.header.names)
    parts = []
    try:
        for piece in pieces:
            read = read_piece(job.path, piece, job.encoding, job.delimiter, width)
            if read is None:
                return _NOT_PLAIN
            parts.append(reader.part(*read))
        return pack(reader.join(parts))
    except (InputError, UnicodeDecodeError):
        return _NOT_PLAIN


def pack(block: Block) -> bytes:
    """The block as bytes: `marshal` knows plain values alone, and is quick."""
    plain = block._replace(
        said=[tuple(each) for each in block.said],
        rejections=[astuple(each) for each in block.rejections],  # type: ignore[misc]
        totals=[tuple(each) for each in block.totals],  # type: ignore[misc]
        further=[tuple(each) for each in block.further],  # type: ignore[misc]
    )
    return marshal.dumps(tuple(plain))  # type: ignore[arg-type]


def unpack(packed: bytes) -> Block:
    block = Block(*marshal.loads(packed))  # noqa: S302 - from our own process
    return block._replace(
        rejections=[Rejection(*each) for each in block.rejections],  # type: ignore[misc]
        totals=[TotalLine(*each) for each in block.totals],
        further=[ListRow(*each) for each in block.further],
    )
