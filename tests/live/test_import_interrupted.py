"""Ctrl-C in the midst of an import: told in Chinese, nothing half-done, no process left."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.conftest import Monitor, monitor
from tests.cli.test_public_interface import HEADER, row

__all__ = ["monitor"]
pytestmark = pytest.mark.live
ROWS = 400_000


def _group(leader: int) -> set[int]:
    """The processes of a group that are alive."""
    found = set()
    for each in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, group = each.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(group) == leader and state != "Z":
            found.add(int(each.parent.name))
    return found


def test_ctrl_c_leaves_nothing_and_says_so(
    monitor: Monitor,
    tmp_path: Path,
) -> None:
    big = tmp_path / "2025-03.csv"
    big.write_text(HEADER + "".join(row(f"A{n}", "1.00") for n in range(ROWS)))
    archived = sorted((monitor.folder / "archive").glob("*"))
    master, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "monitor", "payments", "import", str(big)],
        stderr=terminal,
        start_new_session=True,
        env={**os.environ, "TERM": "xterm"},
    )
    os.close(terminal)
    said = b""
    while b"\xe8\xa1\x8c/\xe7\xa7\x92" not in said:  # 行/秒: the bar shows after a second
        said += os.read(master, 4096)
        assert process.poll() is None, said.decode(errors="replace")
    os.killpg(process.pid, signal.SIGINT)
    try:
        while more := os.read(master, 4096):
            said += more
    except OSError:  # the other end is closed
        pass
    status = process.wait(timeout=30)

    words = re.sub(r"\x1b\[[^A-Za-z]*[A-Za-z]", "", said.decode(errors="replace"))
    assert status == 130, words
    assert "不会只导入一部分" in words
    assert words.rstrip().endswith("已中止。")
    assert "Traceback" not in words
    assert "还需" in words
    until = time.monotonic() + 5
    while _group(process.pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert _group(process.pid) == set()
    assert monitor.json("imports", "list") == []
    assert sorted((monitor.folder / "archive").glob("*")) == archived
