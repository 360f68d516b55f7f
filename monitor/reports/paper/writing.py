"""Documents into a folder: in parallel processes, each whole or not at all, with a manifest.

Whoever has documents gives Jobs: where each goes, and a function with its values that lays it
out as a Paper. It is called in another process, so that both must be picklable.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from itertools import islice
from multiprocessing import get_context, parent_process
from pathlib import Path

from monitor.errors import MonitorError
from monitor.files import alone_in, clear_unfinished, safe_name, write_whole
from monitor.reports.paper.blocks import Paper
from monitor.reports.paper.manifest import Written, read_manifest, write_manifest

FORMATS = ("docx", "xlsx", "pdf")
_WORTH_A_PROCESS = 16  # documents; starting a process takes as long as some thirty of them
_CHUNK = 4  # documents that go to a process at once
_AHEAD = 3  # chunks a process may have waiting: what is in memory does not grow with the batch
_LONGEST_NAME = 40  # characters; three bytes each, and some file systems take 255

Told = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Job:
    """A document to be written. `path` is in the folder, without the ending of a format."""

    path: Path
    make: Callable[[], Paper]
    as_of: date
    project_code: str = ""


def write_papers(
    jobs: Iterable[Job],
    folder: Path,
    formats: Sequence[str],
    *,
    manifest: str,
    whole: bool = True,
    told: Told = lambda _done: None,
) -> list[Written]:
    """Writes each document in each format, and last the manifest that names them all.

    `whole`: the manifest names these alone; else they take their places in the one that is
    there. While this runs there is none: after an interruption nothing vouches for a mixture.
    Where another batch writes into the same folder, it waits for it. `told` is given the number
    of documents done. Raises OSError, which names the file; MonitorError where a process was
    killed; ValueError for a table that cannot be drawn.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with alone_in(folder):
        _clear(folder)
        path = folder / manifest
        before = () if whole else read_manifest(path)
        path.unlink(missing_ok=True)
        written: list[Written] = []
        done = 0
        for documents, files in _run(_numbered(jobs), folder, tuple(formats)):
            done += documents
            written += files
            told(done)
        write_manifest(path, written, before)
    return sorted(written, key=lambda each: each.path)


def _clear(folder: Path) -> None:
    """Away with what a batch that was killed left of the files it was at: YEAR/UNIT/."""
    for unit in folder.glob("[0-9]*/*/"):
        clear_unfinished(unit)


def document_path(year: int, unit_code: str, code: str, name: str) -> Path:
    """Where a project's document goes, in a folder of its own for year and unit: no ending."""
    short = safe_name(name)[:_LONGEST_NAME].strip("._") or "项目"
    return Path(str(year), _safe(unit_code), f"{_safe(code)}-{short}")


def unit_path(year: int, unit_code: str, name: str) -> Path:
    """Where a unit's own document goes: beside those of its projects."""
    path = document_path(year, unit_code, "", name)
    return path.with_name(path.name.removeprefix("_-"))


def _safe(code: str) -> str:
    return safe_name(code).strip(".") or "_"


def _numbered(jobs: Iterable[Job]) -> Iterator[Job]:
    """No two in one place, also where a file system does not tell a from A."""
    taken: set[str] = set()
    for job in jobs:
        path, number = job.path, 1
        while str(path).casefold() in taken:
            number += 1
            path = job.path.with_name(f"{job.path.name}-{number}")
        taken.add(str(path).casefold())
        yield job if number == 1 else replace(job, path=path)


def _run(
    jobs: Iterator[Job], folder: Path, formats: tuple[str, ...]
) -> Iterator[tuple[int, list[Written]]]:
    """How many documents have just been done, and their files."""
    first = list(islice(jobs, _WORTH_A_PROCESS))
    workers = os.cpu_count() or 1
    if len(first) < _WORTH_A_PROCESS or workers < 2:
        for job in _chained(first, jobs):
            yield 1, _write([job], folder, formats)
        return
    pool = ProcessPoolExecutor(workers, get_context("spawn"), _prepare)
    try:
        yield from _spread(pool, workers, _chained(first, jobs), (folder, formats))
    finally:  # what runs is finished, what waits is dropped: no half file stays
        pool.shutdown(cancel_futures=True)


def _chained(first: list[Job], others: Iterator[Job]) -> Iterator[Job]:
    yield from first
    yield from others


def _spread(
    pool: ProcessPoolExecutor,
    workers: int,
    jobs: Iterator[Job],
    where: tuple[Path, tuple[str, ...]],
) -> Iterator[tuple[int, list[Written]]]:
    running: dict[Future[list[Written]], int] = {}
    while True:
        while len(running) < workers * _AHEAD and (chunk := list(islice(jobs, _CHUNK))):
            running[pool.submit(_write, chunk, *where)] = len(chunk)
        if not running:
            return
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            try:
                yield running.pop(future), future.result()
            except BrokenProcessPool as error:
                raise MonitorError(
                    "写文件的一个进程被系统中止（多半是内存不足），没有写完，也没有写清单。",
                    "请关闭其他程序，或用 --unit 分批写出，再运行一次。",
                ) from error


def _prepare() -> None:
    """Ctrl-C is for the process that waits; the others finish the file they are at.

    None of them outlives it: without it they would wait for work for ever.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    if parent := parent_process():
        parent.join()
        os._exit(1)


def _write(jobs: list[Job], folder: Path, formats: tuple[str, ...]) -> list[Written]:
    return [each for job in jobs for each in _write_one(job, folder, formats)]


def _write_one(job: Job, folder: Path, formats: tuple[str, ...]) -> Iterator[Written]:
    paper = job.make()
    for form in formats:
        content = writer_of(form)(paper)
        path = job.path.with_name(f"{job.path.name}.{form}")
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        write_whole(target, content)
        digest = sha256(content).hexdigest()
        yield Written(path.as_posix(), digest, len(content), job.project_code, job.as_of)


def writer_of(form: str) -> Callable[[Paper], bytes]:
    """What writes a Paper as `docx`, `xlsx` or `pdf`; each is read in only where it is wanted."""
    if form == "docx":
        from monitor.reports.paper.docx import docx

        return docx
    if form == "xlsx":
        from monitor.reports.paper.xlsx import xlsx

        return xlsx
    if form == "pdf":
        from monitor.reports.paper.pdf import pdf

        return pdf
    raise ValueError(form)
