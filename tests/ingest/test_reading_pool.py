"""Reading in several processes: the same readings in order, and limits that hold."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.ingest import reading_pool, reading_process
from monitor.ingest.labels import default_labels
from monitor.ingest.reading_pool import Read, looks_heavy, processes_for, read_all
from monitor.ingest.reading_process import Limits, Process
from monitor.ingest.sources import Source
from monitor.ingest.target_reading import read_target_document
from tests.cli.test_public_interface import TARGET

LABELS = default_labels()


def source(name: str, data: bytes) -> Source:
    return Source(name, len(data), lambda: data)


def documents(count: int) -> list[Source]:
    return [source(f"{n}.txt", TARGET.replace("1000.00", f"{n}.00").encode()) for n in range(count)]


def read(sources: list[Source], processes: int, limits: Limits = Limits()) -> list[Read]:
    return list(read_all(sources, year=2025, labels=LABELS, processes=processes, limits=limits))


def ids(found: Read) -> list[str]:
    return [each.id for each in found.reading.diagnostics]


def test_several_processes_read_the_same_in_the_same_order() -> None:
    sources = documents(9)

    here, there = read(sources, 1), read(sources, 2)

    assert there == here
    assert [each.reading.document.projects[0].budget_fen for each in there if each.reading.document
            ] == [n * 100 for n in range(9)]  # fmt: skip


@pytest.fixture
def hanging(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], Source]:
    """A text that keeps the reader busy for ever: its process is stopped by a signal."""
    started: list[int] = []
    begin = Process.read

    def read_stopped(self: Process, data: bytes, file: str) -> object:
        if data.startswith(b"HANG"):
            self._await_start()
            pid = self._process.pid
            assert pid is not None
            started.append(pid)
            os.kill(pid, signal.SIGSTOP if data == b"HANG" else signal.SIGKILL)
        return begin(self, data, file)

    monkeypatch.setattr(Process, "read", read_stopped)
    return lambda data: source("坏.txt", data)


@pytest.mark.skipif(sys.platform == "win32", reason="stops a process by a signal")
def test_a_document_that_takes_too_long_is_given_up_and_the_others_are_read(
    hanging: Callable[[bytes], Source],
) -> None:
    first, last = documents(2)

    found = read([first, hanging(b"HANG"), last], 2, Limits(seconds=1.5))

    assert [ids(each)[:1] == ["T097"] for each in found] == [False, True, False]
    assert "1.5 秒" in str(found[1].reading.diagnostics[0])
    assert all(found[n].reading.document for n in (0, 2))


@pytest.mark.skipif(sys.platform == "win32", reason="stops a process by a signal")
def test_a_process_that_breaks_down_costs_only_its_document(
    hanging: Callable[[bytes], Source],
) -> None:
    first, last = documents(2)

    found = read([first, hanging(b"HANG dead"), last], 2)

    assert ids(found[1]) == ["T090"]
    assert all(found[n].reading.document for n in (0, 2))


@pytest.mark.skipif(sys.platform != "linux", reason="other systems keep no such limit")
def test_a_document_that_needs_too_much_memory_is_given_up() -> None:
    first, last = documents(2)
    huge = source("大.txt", TARGET.encode() + b"\tx\n" * 4_000_000)

    found = read([first, huge, last], 2, Limits(memory=200 * 2**20))

    assert ids(found[1]) == ["T098"]
    assert "200 MB" in str(found[1].reading.diagnostics[0])
    assert all(found[n].reading.document for n in (0, 2))


def test_where_no_process_comes_up_documents_are_read_all_the_same() -> None:
    """As in a program that Python reads from its standard input and so cannot start again."""
    program = (
        "from tests.ingest.test_reading_pool import documents, read\n"
        "print([len(e.reading.document.projects) for e in read(documents(3), 2)])\n"
    )
    run = subprocess.run(
        [sys.executable, "-"],
        input=program,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        timeout=60,
        check=False,
    )

    assert run.stdout == "[1, 1, 1]\n", run.stderr


def test_pdfs_and_large_files_get_a_process_of_their_own() -> None:
    assert looks_heavy(b"%PDF-1.7")
    assert looks_heavy(b"x" * (2 * 2**20 + 1))
    assert not looks_heavy(TARGET.encode())


def test_a_single_small_file_starts_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_pool, "Process", None)

    [found] = read(documents(1), processes_for(1, 3000))

    assert found.reading == read_target_document(
        TARGET.replace("1000.00", "0.00").encode(), "0.txt", year=2025, labels=LABELS
    )


def test_several_processes_are_used_from_five_files_or_two_megabytes_on() -> None:
    assert processes_for(4, 10_000) == 1
    assert processes_for(5, 10_000) >= 2
    assert processes_for(2, 3 * 2**20) >= 2
    assert processes_for(1, 3 * 2**20) == 1


def test_a_file_that_cannot_be_opened_is_told_in_its_turn() -> None:
    def missing() -> bytes:
        raise FileNotFoundError(2, "weg", "x.txt")

    first, last = documents(2)

    found = read([first, Source("x.txt", 1, missing), last], 2)

    assert isinstance(found[1].failure, FileNotFoundError)
    assert [each.failure for each in (found[0], found[2])] == [None, None]


def test_what_the_program_did_not_expect_is_a_diagnostic(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise IndexError

    monkeypatch.setattr(reading_process, "read_target_document", fail)

    [found] = read(documents(1), 1)

    assert ids(found) == ["T090"]
    assert "IndexError" in str(found.reading.diagnostics[0])


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
def test_ctrl_c_ends_all_processes_at_once(tmp_path: Path) -> None:
    script = tmp_path / "long.py"
    script.write_text(
        textwrap.dedent("""
        from monitor.ingest.labels import default_labels
        from monitor.ingest.reading_pool import read_all
        from monitor.ingest.sources import Source

        if __name__ == "__main__":
            data = b"\\tx\\n" * 100_000
            sources = [Source(f"{n}.txt", 1, lambda: data) for n in range(200)]
            print("begun", flush=True)
            for _ in read_all(sources, year=2025, labels=default_labels(), processes=2):
                print("read", flush=True)
        """)
    )
    running = subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert running.stdout is not None
    assert [running.stdout.readline() for _ in range(2)] == ["begun\n", "read\n"]
    children = _children(running.pid)

    running.send_signal(signal.SIGINT)
    begun = time.monotonic()
    _, err = running.communicate(timeout=30)

    assert len(children) >= 2
    assert time.monotonic() - begun < 10
    assert err.count("Traceback") == err.count("KeyboardInterrupt") == 1, err
    until = time.monotonic() + 5  # the tracker of multiprocessing sees the end by itself
    while any(map(_runs, children)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(map(_runs, children))


def _children(pid: int) -> list[int]:
    threads = Path(f"/proc/{pid}/task").iterdir()
    return [int(child) for each in threads for child in (each / "children").read_text().split()]


def _runs(pid: int) -> bool:
    """Whether a process is there and no mere entry that nobody has fetched."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
