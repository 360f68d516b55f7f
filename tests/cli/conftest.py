"""A workspace in a temporary folder, and the command line as users call it."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from monitor.cli.main import main


@dataclass(frozen=True)
class Result:
    """What a call printed, and its exit status."""

    status: int
    out: str
    err: str

    @property
    def rows(self) -> Any:
        return json.loads(self.out)


class Monitor:
    """Calls `monitor` in one workspace."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *args: str | Path) -> Result:
        out, err = io.StringIO(), io.StringIO()
        argv = ["monitor", *map(str, args)]
        with mock.patch("sys.argv", argv), redirect_stdout(out), redirect_stderr(err):
            try:
                main()
            except SystemExit as exit_:
                status = exit_.code if isinstance(exit_.code, int) else 0
        return Result(status, out.getvalue(), err.getvalue())

    def ok(self, *args: str | Path) -> Result:
        result = self(*args)
        assert result.status == 0, result.err
        return result

    def json(self, *args: str | Path) -> Any:
        return self.ok(*args, "--format", "json").rows


@pytest.fixture
def monitor(fresh: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Monitor:
    """`monitor` in a fresh workspace, where nothing of the developer's environment counts."""
    for name in ("MONITOR_DATABASE", "MONITOR_MAIL_PASSWORD", "MONITOR_ACTOR"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "office"
    monkeypatch.setenv("MONITOR_WORKSPACE", str(folder))
    return Monitor(Path(shutil.copytree(fresh, folder)))


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    """Writes a file of a user."""

    def write(name: str, text: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding=encoding)
        return path

    return write
