"""`monitor` as a process of its own, in a workspace that knows nothing of the developer's."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.bootstrap import china_now
from tests.cli.test_public_interface import TARGET

# Ends last year, so that on every day of this year one checkpoint of it is past and unjudged.
LAST_YEAR = china_now().year - 1
CONTACTS = (
    "unit_code,name,email,role,valid_from,valid_to\n"
    "434001,张三㙍,zhang@example.cn,lead,,\n"
    ",王五㙍,wang@example.cn,office,,\n"
)


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

    def set(self, file: str, key: str, value: str) -> None:
        """Changes the only line of a settings file that begins with the key."""
        path = self.folder / file
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        [place] = [number for number, line in enumerate(lines) if line.startswith(f"{key} = ")]
        lines[place] = f"{key} = {value}\n"
        path.write_text("".join(lines), encoding="utf-8")

    def json(self, *args: str | Path) -> Any:
        return json.loads(self.ok(*args, "--format", "json"))


@pytest.fixture(scope="session")
def _late_office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once; each test works in a copy."""
    folder = tmp_path_factory.mktemp("template")
    office = Process(folder / "office")
    office.ok("init", office.folder)
    (office.folder / "contacts.csv").write_text(CONTACTS, encoding="utf-8")
    document = folder / "目标.txt"
    document.write_text(TARGET.replace("1000.00", "500000.00"), encoding="utf-8")
    office.ok("targets", "import", "--year", str(LAST_YEAR), document)
    months = [word for n in range(1, 13) for word in ("--month", f"{LAST_YEAR}-{n:02d}")]
    nil = ("--unit", "434001", *months, "--nil", "--note", "电话确认")
    office.ok("payments", "coverage", "confirm", *nil)
    today = china_now().date()
    days = json.dumps([str(today + timedelta(days=n)) for n in range(2)])
    office.set("rules/alerts.toml", "release", '"auto"')
    office.set("rules/calendar.toml", "from", '"00:00"')
    office.set("rules/calendar.toml", "until", '"23:59"')
    office.set("rules/calendar.toml", "workdays", days)
    return office.folder


@pytest.fixture
def late_office(tmp_path: Path, _late_office: Path) -> Process:
    """A workspace with one project of last year, for which nothing has ever been paid.

    Mails go out at once, on whatever day and at whatever hour this runs.
    """
    return Process(shutil.copytree(_late_office, tmp_path / "office"))
