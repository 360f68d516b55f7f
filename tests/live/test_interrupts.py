"""Ctrl-C at moments that a signal from outside seldom meets: brought about inside the process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.live.conftest import Process

pytestmark = pytest.mark.live

ABORTED = 130
AT_THE_START = """
import sys
class Pressed:
    def find_spec(self, name, *_):
        if name == "monitor.cli.main":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Pressed())
"""
WHILE_A_CONNECTION_IS_CLOSED = """
from sqlalchemy.engine.default import DefaultDialect
def pressed(self, connection):
    connection.close()
    raise KeyboardInterrupt
DefaultDialect.do_close = pressed
"""
WHILE_A_VALUE_IS_CLEANED_AWAY = """
import time
from monitor.bootstrap import App
class Value:
    def __del__(self):
        raise KeyboardInterrupt
def standings(self, **_):
    Value()
    for _ in range(1000):
        time.sleep(0.01)
App.standings = standings
"""


@pytest.mark.parametrize(
    "moment", [AT_THE_START, WHILE_A_CONNECTION_IS_CLOSED, WHILE_A_VALUE_IS_CLEANED_AWAY]
)
def test_an_interrupt_is_told_once_and_never_lost(tmp_path: Path, moment: str) -> None:
    office = Process(tmp_path / "office")
    office.ok("init", office.folder)
    process = subprocess.run(
        [sys.executable, "-c", f"{moment}\nfrom monitor.__main__ import main\nmain()", "progress"],
        env=office.environment,
        capture_output=True,
        encoding="utf-8",
        timeout=20,
        check=False,
    )

    assert process.returncode == ABORTED
    assert process.stderr.strip().splitlines()[-1] == "已中止。"
    assert "Traceback" not in process.stderr
