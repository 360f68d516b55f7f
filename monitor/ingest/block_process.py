"""A process that reads pieces of a long list while this one records what was read before."""

from __future__ import annotations

import gc
import marshal
import multiprocessing
import signal
from contextlib import suppress
from dataclasses import astuple
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from monitor.errors import InputError
from monitor.ingest.payment_block import Block, BlockReader, TotalLine
from monitor.ingest.payment_header import Header
from monitor.ingest.payment_pieces import Piece, read_piece
from monitor.ingest.profiles import Columns
from monitor.ingest.rejection import Rejection

_NOT_PLAIN = b""


class Job(NamedTuple):
    """What all pieces of one list share. `file` is how messages call it."""

    path: Path
    file: str
    encoding: str
    delimiter: str
    header: Header
    columns: Columns


class BlockProcess:
    """A reading process, started at once. It ends by itself when this process is gone."""

    def __init__(self, job: Job) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs, job), daemon=True)
        self._process.start()
        theirs.close()

    def begin(self, piece: Piece) -> None:
        """Lets it read a piece; results come in the order of the pieces. Raises OSError."""
        self._pipe.send(piece)

    def result(self) -> Block | None:
        """The next block; None where the piece is not plain or refuses the list.

        Raises EOFError or OSError where the process has ended.
        """
        packed = self._pipe.recv_bytes()
        return unpack(packed) if packed != _NOT_PLAIN else None

    def end(self) -> None:
        """Ends the process, whatever it is doing."""
        self._process.kill()
        self._process.join()
        self._pipe.close()


def _work(pipe: Connection, job: Job) -> None:
    """The process: reads what comes, until the other end is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one that started it says when to end
    gc.disable()  # blocks hold no cycles, and looking for them takes half of the time
    reader = BlockReader(job.header, job.columns, job.file)
    with suppress(EOFError, OSError):
        while True:
            pipe.send_bytes(_read(reader, job, pipe.recv()))


def _read(reader: BlockReader, job: Job, piece: Piece) -> bytes:
    try:
        width = len(job.header.names)
        read = read_piece(job.path, piece, job.encoding, job.delimiter, width)
        return _NOT_PLAIN if read is None else pack(reader.read(*read))
    except (InputError, UnicodeDecodeError):
        return _NOT_PLAIN


def pack(block: Block) -> bytes:
    """The block as bytes: `marshal` knows plain values alone, and is quick."""
    plain = block._replace(
        said=[tuple(each) for each in block.said],
        rejections=[astuple(each) for each in block.rejections],  # type: ignore[misc]
        totals=[tuple(each) for each in block.totals],  # type: ignore[misc]
    )
    return marshal.dumps(tuple(plain))  # type: ignore[arg-type]


def unpack(packed: bytes) -> Block:
    block = Block(*marshal.loads(packed))  # noqa: S302 - from our own process
    return block._replace(
        rejections=[Rejection(*each) for each in block.rejections],  # type: ignore[misc]
        totals=[TotalLine(*each) for each in block.totals],
    )
