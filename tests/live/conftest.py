"""`monitor` as a process of its own, in a workspace that knows nothing of the developer's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from monitor.bootstrap import china_now
from tests.cli.test_public_interface import TARGET

# Ends last year, so that on every day of this year one checkpoint of it is past and unjudged.
LAST_YEAR = china_now().year - 1
SUBJECT_END = "月底】某办公室本级：1个项目支出进度滞后（红色1）"
CONTACTS = "unit_code,name,email,role,valid_from,valid_to\n434001,张三㙍,zhang@example.cn,lead,,\n"


class Process:
    """Starts `monitor` in one workspace."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        clean = {key: value for key, value in os.environ.items() if not key.startswith("MONITOR_")}
        self.environment = clean | {"MONITOR_WORKSPACE": str(folder)}

    def start(self, *args: str | Path) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "monitor", *map(str, args)],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def ok(self, *args: str | Path) -> str:
        """Its results; what it said besides, where it printed none."""
        process = self.start(*args)
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        return out or err

    def json(self, *args: str | Path) -> Any:
        return json.loads(self.ok(*args, "--format", "json"))


@pytest.fixture
def late_office(tmp_path: Path) -> Process:
    """A workspace with one project of last year, for which nothing has ever been paid."""
    office = Process(tmp_path / "office")
    office.ok("init", office.folder)
    (office.folder / "contacts.csv").write_text(CONTACTS, encoding="utf-8")
    document = tmp_path / "目标.txt"
    document.write_text(TARGET, encoding="utf-8")
    office.ok("targets", "import", "--year", str(LAST_YEAR), document)
    return office
