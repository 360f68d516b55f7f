"""The reading process that is launched before it is needed."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from monitor.ingest.reader_program import LONG, Launcher, end, launch


@pytest.fixture
def long_text(tmp_path: Path) -> Path:
    file = tmp_path / "明细.CSV"
    file.write_bytes(b"1,2\n" * (LONG // 4 + 1))
    return file


def test_what_was_launched_ahead_is_taken_once(long_text: Path) -> None:
    with Launcher() as launcher:
        launcher.make_ready([long_text])
        launcher.make_ready([long_text])
        first, second = launcher.take(), launcher.take()
        try:
            assert first.pid != second.pid
            assert first.poll() is second.poll() is None
        finally:
            end(first)
            end(second)


def test_nothing_is_launched_for_short_texts_workbooks_and_folders(
    tmp_path: Path, long_text: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    short, workbook = tmp_path / "short.csv", tmp_path / "long.xlsx"
    short.write_bytes(b"1,2\n")
    workbook.write_bytes(long_text.read_bytes())

    def refuse() -> None:
        raise AssertionError("launched")

    monkeypatch.setattr("monitor.ingest.reader_program.launch", refuse)
    with Launcher() as launcher:
        launcher.make_ready([short, workbook, tmp_path])


def test_a_process_that_nobody_took_is_ended(
    long_text: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    launched: list[subprocess.Popen[bytes]] = []

    def noted() -> subprocess.Popen[bytes]:
        launched.append(launch())
        return launched[-1]

    monkeypatch.setattr("monitor.ingest.reader_program.launch", noted)

    with Launcher() as launcher:
        launcher.make_ready([long_text])

    assert [each.poll() is None for each in launched] == [False]
