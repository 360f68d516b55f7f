"""Who waits for more than a second sees that the program works; a file or a pipe never does."""

from __future__ import annotations

import io
import sys
import time

import pytest

from monitor.cli import row_bar
from tests.cli.terminal import Terminal


def shown(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, *, seconds: float) -> str:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(row_bar, "_PATIENCE", 0.05)
    monkeypatch.setattr(sys, "stderr", stream)
    with row_bar.row_bar("检查", None) as done:
        time.sleep(seconds)
        done(7)
    return stream.getvalue()


def test_a_bar_comes_when_the_work_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "检查" in shown(monkeypatch, Terminal(), seconds=0.5)


def test_quick_work_shows_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, Terminal(), seconds=0) == ""


def test_a_pipe_gets_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, io.StringIO(), seconds=0.2) == ""
