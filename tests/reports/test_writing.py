"""A batch of documents: whole files, one manifest, the same from one process and from many."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest

from monitor.errors import MonitorError
from monitor.reports.assessment import layout as self_layout
from monitor.reports.assessment.draft import Cell
from monitor.reports.paper.blocks import Paper, Paragraph
from monitor.reports.paper.manifest import Written
from monitor.reports.paper.writing import Job, document_path, write_papers
from tests.reports.papers import a_draft

DAY = date(2025, 12, 31)
MANIFEST = "manifest-test.csv"


def text(words: str) -> Paper:
    return Paper(words, DAY, (Paragraph(Cell(words)),))


def form(name: str) -> Paper:
    return self_layout.paper(a_draft(project_name=Cell(name)))


def fail() -> Paper:
    raise ValueError("坏表")


def die() -> Paper:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def slow(words: str) -> Paper:
    time.sleep(0.2)
    return text(words)


def long_batch(folder: str) -> None:
    """What the process does that the tests below kill."""
    batch = [Job(Path(f"2025/623001/{n:03d}"), partial(slow, "字"), DAY) for n in range(400)]
    write_papers(batch, Path(folder), ("docx",), manifest=MANIFEST)


def jobs(count: int, first: int = 0) -> Iterator[Job]:
    for n in range(first, first + count):
        yield Job(
            Path(f"2025/6230{n % 3:02d}/{n:03d}"), partial(text, f"第{n}份"), DAY, f"P{n:03d}"
        )


def listed(folder: Path) -> dict[str, str]:
    with (folder / MANIFEST).open(encoding="utf-8-sig", newline="") as file:
        return {each["path"]: each["sha256"] for each in csv.DictReader(file)}


def on_disk(folder: Path) -> dict[str, str]:
    found = (path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest() for path in found
    }


def test_the_manifest_names_every_file_with_its_checksum(tmp_path: Path) -> None:
    written = write_papers(jobs(5), tmp_path, ("docx", "xlsx"), manifest=MANIFEST)

    assert listed(tmp_path) == on_disk(tmp_path)
    assert len(written) == 10
    size = (tmp_path / "2025/623000/000.docx").stat().st_size
    first = on_disk(tmp_path)["2025/623000/000.docx"]
    assert written[0] == Written("2025/623000/000.docx", first, size, "P000", DAY)


def test_many_processes_write_the_same_bytes_as_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []
    write_papers(jobs(40), tmp_path / "many", ("docx",), manifest=MANIFEST, told=told.append)
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    write_papers(jobs(40), tmp_path / "one", ("docx",), manifest=MANIFEST)

    assert len(on_disk(tmp_path / "one")) == 40
    assert on_disk(tmp_path / "many") == on_disk(tmp_path / "one")
    assert listed(tmp_path / "many") == listed(tmp_path / "one")
    assert told == sorted(told)
    assert told[-1] == 40


def test_forms_are_the_same_in_every_run_and_every_format(tmp_path: Path) -> None:
    batch = [Job(Path(f"2025/{n}"), partial(form, f"项目{n}"), DAY) for n in range(3)]
    for folder in ("甲", "乙"):
        write_papers(batch, tmp_path / folder, ("docx", "xlsx", "pdf"), manifest=MANIFEST)

    assert on_disk(tmp_path / "甲") == on_disk(tmp_path / "乙")
    assert len(on_disk(tmp_path / "甲")) == 9


def test_jobs_are_taken_as_they_are_needed_not_all_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    taken, ahead = 0, []

    def counted() -> Iterator[Job]:
        nonlocal taken
        for job in jobs(120):
            taken += 1
            yield job

    write_papers(
        counted(),
        tmp_path,
        ("docx",),
        manifest=MANIFEST,
        told=lambda done: ahead.append(taken - done),
    )

    assert max(ahead) <= 2 * 3 * 4
    assert taken == 120


def test_an_interrupted_run_leaves_no_manifest_and_no_half_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_papers(jobs(3), tmp_path, ("docx",), manifest=MANIFEST)
    before = on_disk(tmp_path)

    def interrupted(_number: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_papers(jobs(3), tmp_path, ("docx",), manifest=MANIFEST)

    assert not (tmp_path / MANIFEST).exists()
    assert on_disk(tmp_path) == before


def test_a_batch_that_is_interrupted_between_documents_leaves_only_whole_files(
    tmp_path: Path,
) -> None:
    whole = tmp_path / "whole"
    write_papers(jobs(40), whole, ("docx",), manifest=MANIFEST)

    def interrupt(_done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_papers(jobs(40), tmp_path / "cut", ("docx",), manifest=MANIFEST, told=interrupt)

    assert not (tmp_path / "cut" / MANIFEST).exists()
    assert 0 < len(on_disk(tmp_path / "cut")) <= 40
    assert on_disk(tmp_path / "cut").items() <= on_disk(whole).items()


def test_a_document_that_cannot_be_made_ends_the_batch_without_a_manifest(tmp_path: Path) -> None:
    batch = [*jobs(20), Job(Path("2025/bad"), fail, DAY)]

    with pytest.raises(ValueError, match="坏表"):
        write_papers(batch, tmp_path, ("docx",), manifest=MANIFEST)

    assert not (tmp_path / MANIFEST).exists()


def test_a_batch_waits_for_another_in_the_same_folder_and_keeps_what_it_has_listed(
    tmp_path: Path,
) -> None:
    def rest() -> None:
        write_papers(jobs(5, first=5), tmp_path, ("docx",), manifest=MANIFEST, whole=False)

    other = threading.Thread(target=rest)

    def begin_the_other(done: int) -> None:
        if done == 1:
            other.start()
            other.join(0.3)
            assert other.is_alive()

    write_papers(jobs(5), tmp_path, ("docx",), manifest=MANIFEST, told=begin_the_other)
    other.join(30)

    assert len(listed(tmp_path)) == 10
    assert listed(tmp_path) == on_disk(tmp_path)


def test_a_process_that_is_killed_ends_the_batch_with_words_and_without_a_manifest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    batch = [*jobs(20), Job(Path("2025/623001/bad"), die, DAY)]

    with pytest.raises(MonitorError, match="内存不足"):
        write_papers(batch, tmp_path, ("docx",), manifest=MANIFEST)

    assert not (tmp_path / MANIFEST).exists()


def test_a_killed_batch_leaves_no_process_and_no_half_file_and_the_next_clears_up(
    tmp_path: Path,
) -> None:
    command = f"from tests.reports.test_writing import long_batch; long_batch({str(tmp_path)!r})"
    batch = subprocess.Popen([sys.executable, "-c", command])
    until(lambda: bool(list(tmp_path.rglob("*.docx"))))
    (tmp_path / "2025/623001/.1-2.part").write_bytes(b"half")
    writers = children(batch.pid)
    batch.kill()
    batch.wait()
    until(lambda: not any(is_running(each) for each in writers))
    names = {path.suffix for path in tmp_path.rglob("*") if path.is_file()}

    assert len(writers) >= 2
    assert names <= {".docx", ".part"}
    whole = on_disk(tmp_path)
    write_papers(jobs(3), tmp_path, ("docx",), manifest=MANIFEST)
    assert not list(tmp_path.rglob("*.part"))
    assert {path for path in whole if path.endswith(".docx")} <= on_disk(tmp_path).keys()


def until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def children(pid: int) -> list[int]:
    """The processes that a process has started, as /proc has them."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(each) for each in listed.split()]


def is_running(pid: int) -> bool:
    """Whether a process is there and not only waiting to be counted out."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False


def test_what_an_earlier_run_wrote_is_left_but_no_longer_listed(tmp_path: Path) -> None:
    write_papers(jobs(3), tmp_path, ("docx",), manifest=MANIFEST)
    write_papers(jobs(2), tmp_path, ("docx",), manifest=MANIFEST)

    assert len(on_disk(tmp_path)) == 3
    assert len(listed(tmp_path)) == 2


def test_a_part_takes_its_places_in_the_manifest_that_is_there(tmp_path: Path) -> None:
    write_papers(jobs(3), tmp_path, ("docx",), manifest=MANIFEST)
    changed = Job(Path("2025/623000/000"), partial(text, "改了"), DAY, "P000")
    write_papers([changed], tmp_path, ("docx",), manifest=MANIFEST, whole=False)

    assert len(listed(tmp_path)) == 3
    assert listed(tmp_path) == on_disk(tmp_path)


def test_two_documents_of_one_name_do_not_overwrite_each_other(tmp_path: Path) -> None:
    batch = [Job(Path(name), partial(text, name), DAY) for name in ("A", "a", "A")]
    write_papers(batch, tmp_path, ("docx",), manifest=MANIFEST)

    assert set(listed(tmp_path)) == {"A.docx", "a-2.docx", "A-3.docx"}


def test_paths_are_names_that_every_system_takes() -> None:
    path = document_path(2025, "623001", "A/B..", '<道 路>:"一期"\n' + "长" * 60)

    assert path.parts[:2] == ("2025", "623001")
    assert path.name.startswith("A_B-道_路_一期_长")
    assert len(path.name) == len("A_B-") + 39  # one underscore less
    assert document_path(2025, "", "X", "///").parts == ("2025", "_", "X-项目")
