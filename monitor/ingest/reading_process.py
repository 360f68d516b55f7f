"""One process that reads documents, one after the other, within limits of time and memory."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection

from monitor.errors import Place
from monitor.ingest.labels import Labels
from monitor.ingest.readers import kinds
from monitor.ingest.target_form import Reading
from monitor.ingest.target_reading import read_target_document

_log = logging.getLogger(__name__)
_TO_START = 60
"""Seconds that a process may take to come up, whatever a document may take."""
_STARTED, _OUT_OF_MEMORY = "started", "out of memory"


@dataclass(frozen=True, slots=True)
class Limits:
    """What the reading of one document may take. `memory` in bytes, where the system has a say."""

    seconds: float = 120
    memory: int = 2**30

    @property
    def size(self) -> str:
        return f"{self.memory // 2**20:,} MB"


class NotStarted(Exception):
    """A process did not come up; the document that it was to read has no part in that."""


class Process:
    """A reading process, started at once."""

    def __init__(self, year: int | None, labels: Labels, limits: Limits) -> None:
        context = multiprocessing.get_context("spawn")
        self._seconds = limits.seconds
        self._pipe, theirs = context.Pipe()
        work = (theirs, year, labels, limits.memory)
        self._process = context.Process(target=_work, args=work, daemon=True)
        self._process.start()
        theirs.close()
        self._has_started = False

    def read(self, data: bytes, file: str) -> Reading:
        """Raises NotStarted, TimeoutError, MemoryError; EOFError or OSError where it ended."""
        self._await_start()
        self._pipe.send(file)
        self._pipe.send_bytes(data)
        answer = self._answer(self._seconds)
        if not isinstance(answer, Reading):
            raise MemoryError
        return answer

    def _await_start(self) -> None:
        try:
            self._has_started = self._has_started or self._answer(_TO_START) == _STARTED
        except (EOFError, OSError) as error:
            raise NotStarted from error

    def _answer(self, seconds: float) -> object:
        if not self._pipe.poll(seconds):
            raise TimeoutError
        answer: object = self._pipe.recv()
        return answer

    def end(self) -> None:
        """Ends the process, whatever it is doing."""
        self._process.kill()
        self._process.join()


def read_safely(data: bytes, file: str, *, year: int | None, labels: Labels) -> Reading:
    """Reads a document; a fault of ours in doing so is a diagnostic too, and in the log."""
    try:
        return read_target_document(data, file, year=year, labels=labels)
    except MemoryError:
        raise
    except Exception as error:
        _log.debug("reading %s", file, exc_info=True)
        why = f"程序没有料到的内容：{type(error).__name__}"
        return Reading(None, (kinds.DAMAGED.at(Place(file), what="文件", why=why),))


def _work(pipe: Connection, year: int | None, labels: Labels, memory: int) -> None:
    """The process: reads what comes, until the other end is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one that started it says when to end
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123 - what libraries say in their distress
        os.dup2(nowhere.fileno(), 2)
    _limit(memory)
    pipe.send(_STARTED)
    with suppress(EOFError, OSError):
        while True:
            _answer_one(pipe, year, labels)


def _answer_one(pipe: Connection, year: int | None, labels: Labels) -> None:
    file = str(pipe.recv())
    try:
        pipe.send(read_safely(pipe.recv_bytes(), file, year=year, labels=labels))
    except MemoryError:
        pipe.send(_OUT_OF_MEMORY)


def _limit(memory: int) -> None:
    """What the process may hold in all, where the system keeps such limits."""
    try:
        import resource
    except ImportError:  # Windows
        return
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    allowed = memory if most == resource.RLIM_INFINITY else min(memory, most)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_DATA, (allowed, most))
