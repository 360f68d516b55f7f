"""Files land whole or not at all, and a refusal names the file that was asked for."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from monitor.files import alone_in, clear_unfinished, write_whole


def test_a_file_that_cannot_be_replaced_is_named_and_leaves_nothing_beside_it(
    tmp_path: Path,
) -> None:
    taken = tmp_path / "总览.html"
    taken.mkdir()

    with pytest.raises(OSError, match="总览") as refused:
        write_whole(taken, b"<html>")

    assert refused.value.filename == str(taken)
    assert list(tmp_path.iterdir()) == [taken]


def test_two_writers_of_one_file_at_once_both_succeed_and_one_of_them_is_there_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, sync = tmp_path / "总览.html", os.fsync

    def meanwhile(descriptor: int) -> None:
        """Another writer comes and goes while the first has not put its file in place yet."""
        monkeypatch.setattr(os, "fsync", sync)
        other = threading.Thread(target=write_whole, args=(target, b"second"))
        other.start()
        other.join()
        assert target.read_bytes() == b"second"
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", meanwhile)
    write_whole(target, b"the first")

    assert target.read_bytes() == b"the first"
    assert list(tmp_path.iterdir()) == [target]


def test_what_a_killed_writer_left_is_cleared_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / ".123-456.part").write_bytes(b"half")
    (tmp_path / ".someone.part").write_bytes(b"not ours")
    clear_unfinished(tmp_path)

    assert [each.name for each in tmp_path.iterdir()] == [".someone.part"]


def test_who_wants_to_be_alone_in_a_folder_waits_for_the_one_who_is(tmp_path: Path) -> None:
    entered = threading.Event()

    def enter() -> None:
        with alone_in(tmp_path):
            entered.set()

    other = threading.Thread(target=enter)
    with alone_in(tmp_path):
        other.start()
        assert not entered.wait(0.3)
    other.join(10)

    assert entered.is_set()
    assert list(tmp_path.iterdir()) == []
