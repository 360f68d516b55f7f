"""Reads documents in processes of their own, where that pays or where a document may be heavy.

A process that takes too long, needs too much memory or breaks down is replaced; what it was
reading gets a diagnostic, and the others go on. Readings come in the order of the sources.
"""

from __future__ import annotations

import io
import os
import queue
import zipfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

from monitor.errors import InputError, Place
from monitor.ingest.detect import Kind as FileKind
from monitor.ingest.detect import kind_of
from monitor.ingest.labels import Labels
from monitor.ingest.readers import kinds
from monitor.ingest.reading_process import Limits, NotStarted, Process, read_safely
from monitor.ingest.sources import Source
from monitor.ingest.target_form import Reading

MANY_FILES = 4
MUCH = 2 * 2**20
"""More files than this, or more bytes in all, are read by several processes."""
_MUCH_UNPACKED = 32 * 2**20
_MOST_PROCESSES = 8


@dataclass(frozen=True, slots=True)
class Read:
    """A source as it was read; `failure` is why its bytes could not be had, then `data` is b""."""

    name: str
    data: bytes
    reading: Reading
    failure: OSError | None = None


def pays(files: int, size: int) -> bool:
    """Whether several processes are done sooner than one that need not be started."""
    return files > MANY_FILES or (files > 1 and size > MUCH)


def read_all(
    sources: Iterable[Source],
    *,
    year: int | None,
    labels: Labels,
    processes: int,
    limits: Limits = Limits(),
) -> Iterator[Read]:
    """Reads the sources in order; with one process, small ones in this process itself.

    However this ends, by Ctrl-C too, no process stays.
    """
    with _Pool(max(1, processes), year, labels, limits) as pool:
        waiting: deque[Callable[[], Read]] = deque()
        for source in sources:
            waiting.append(_begun(source, pool, alone=processes <= 1))
            if len(waiting) >= (2 * processes if processes > 1 else 1):
                yield waiting.popleft()()
        while waiting:
            yield waiting.popleft()()


def looks_heavy(data: bytes) -> bool:
    """Whether a single document is read in a process of its own: PDFs, and what is large."""
    return len(data) > MUCH or kind_of(data) is FileKind.PDF or _unpacked(data) > _MUCH_UNPACKED


def _unpacked(data: bytes) -> int:
    """What an Office document says that it unpacks to."""
    if not data.startswith(b"PK"):
        return 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return sum(each.file_size for each in archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return 0


def processes_for(files: int, size: int) -> int:
    """How many processes such work is worth on this machine."""
    if not pays(files, size):
        return 1
    usable = getattr(os, "sched_getaffinity", None)
    cores = len(usable(0)) if usable else os.cpu_count() or 1
    return max(2, min(cores, files, _MOST_PROCESSES))


def _begun(source: Source, pool: _Pool, *, alone: bool) -> Callable[[], Read]:
    """Takes the bytes now, while they can be had; the reading may come later."""
    try:
        data = source.read()
    except InputError as error:
        refused = Reading(None, error.diagnostics)
        return lambda: Read(source.name, b"", refused)
    except OSError as error:
        failure = error
        return lambda: Read(source.name, b"", Reading(None, ()), failure)
    if alone and not looks_heavy(data):
        return lambda: Read(source.name, data, pool.read_here(data, source.name))
    reading = pool.submit(data, source.name)
    return lambda: Read(source.name, data, reading.result())


class _Pool:
    """Threads that each wait for a process; the processes do the work."""

    def __init__(self, size: int, year: int | None, labels: Labels, limits: Limits) -> None:
        self._year, self._labels, self._limits = year, labels, limits
        self._threads = ThreadPoolExecutor(size)
        self._idle: queue.SimpleQueue[Process] = queue.SimpleQueue()
        self._all: list[Process] = []
        self._is_closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._is_closed = True
        self._threads.shutdown(wait=False, cancel_futures=True)
        for process in list(self._all):
            process.end()
        self._threads.shutdown()

    def read_here(self, data: bytes, file: str) -> Reading:
        return read_safely(data, file, year=self._year, labels=self._labels)

    def submit(self, data: bytes, file: str) -> Future[Reading]:
        return self._threads.submit(self._read, data, file)

    def _read(self, data: bytes, file: str) -> Reading:
        process = self._an_idle_one()
        try:
            reading = process.read(data, file)
        except NotStarted:  # as in a program that cannot be started twice: it is read here
            process.end()
            return self.read_here(data, file)
        except TimeoutError:
            found = kinds.TOO_LONG.at(Place(file), seconds=f"{self._limits.seconds:g}")
        except MemoryError:
            found = kinds.TOO_MUCH_MEMORY.at(Place(file), size=self._limits.size)
        except (EOFError, OSError):
            found = kinds.DAMAGED.at(Place(file), what="文件", why="读取它的程序中途停止")
        else:
            self._idle.put(process)
            return reading
        process.end()  # it is not to be trusted any more; the next document gets a new one
        return Reading(None, (found,))

    def _an_idle_one(self) -> Process:
        with suppress(queue.Empty):
            return self._idle.get_nowait()
        process = Process(self._year, self._labels, self._limits)
        self._all.append(process)
        if self._is_closed:
            process.end()
        return process
