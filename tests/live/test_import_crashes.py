"""An import that is killed, finds the disk full or meets another: as before or as after it.

MONITOR_KILLS=200 makes a campaign of it, MONITOR_KILL_SEED another one, MONITOR_KILL_ROWS a longer
or shorter list.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from monitor.bootstrap import open_workspace
from tests.cli.test_public_interface import CODE, HEADER, TARGET, row
from tests.live.conftest import Process

pytestmark = pytest.mark.live

ROWS = int(os.environ.get("MONITOR_KILL_ROWS", "60000"))
KILLS = int(os.environ.get("MONITOR_KILLS", "8"))
SEED = int(os.environ.get("MONITOR_KILL_SEED", "5"))
MIB = 2**20


@dataclass(frozen=True)
class Office:
    """A workspace to copy: it knows a first list; `big` is the list that is imported next."""

    folder: Path
    big: Path
    before: Any
    after: Any
    seconds: float  # that a whole import of the big list takes

    def copy(self, to: Path) -> Path:
        return Path(shutil.copytree(self.folder, to))


def big_rows(numbers: range) -> str:
    """Payments of a year: some known, some unmatched, some unreadable, some in conflict."""
    return "".join(
        row(
            f"A{n}",
            "待核" if n % 100 == 3 else f"{n}.00" if n % 1000 else "1.00",
            code=CODE if n % 50 else "X",
            day=f"2025-{n % 12 + 1:02}-{n % 28 + 1:02}",
        )
        for n in numbers
    )


def write(path: Path, rows: str) -> Path:
    path.write_text(HEADER + rows, encoding="utf-8")
    return path


def start(folder: Path, *args: str | Path) -> subprocess.Popen[str]:
    """`monitor` with a process group of its own, for itself and its workers."""
    return subprocess.Popen(
        [sys.executable, "-m", "monitor", *map(str, args)],
        env=Process(folder).environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )


def import_(folder: Path, path: Path) -> tuple[int, str]:
    process = start(folder, "payments", "import", path)
    _, said = process.communicate(timeout=120)
    return process.returncode, said


def state(folder: Path) -> dict[str, Any]:
    """What the database holds: whole, the rows of every table, and every sum of fen."""
    with closing(sqlite3.connect(folder / "monitor.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        found = {}
        names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in names:
            columns = [each[1] for each in database.execute(f"PRAGMA table_info({table})")]
            sums = ", ".join(f"sum({name})" for name in columns if name.endswith("_fen"))
            rows = f"SELECT count(*){', ' + sums if sums else ''} FROM {table}"
            found[table] = database.execute(rows).fetchone()
    return found


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    folder = tmp_path_factory.mktemp("crashes")
    made = Process(folder / "office")
    made.ok("init", made.folder)
    (folder / "目标.txt").write_text(TARGET, encoding="utf-8")
    made.ok("targets", "import", "--year", "2025", folder / "目标.txt")
    made.ok("payments", "import", write(folder / "先.csv", big_rows(range(1, 2001))))
    big = write(folder / "大.csv", big_rows(range(500, ROWS)).replace(",501.00,", ",502.00,", 1))
    whole = Path(shutil.copytree(made.folder, folder / "whole"))
    began = time.monotonic()
    status, said = import_(whole, big)
    seconds = time.monotonic() - began
    assert status == 0, said
    before, after = state(made.folder), state(whole)
    assert before != after
    return Office(made.folder, big, before, after, seconds)


def left_of(group: int) -> list[str]:
    """The processes of a session that still run, as their command lines."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                if int(fields[3]) == group and fields[0] != "Z":
                    found.append((entry / "cmdline").read_text().replace("\0", " "))
            except OSError:
                continue  # it ended meanwhile
    return found


def wait_for_end(group: int) -> None:
    """A killed process takes a moment to go."""
    until = time.monotonic() + 20
    while left := left_of(group):
        assert time.monotonic() < until, left
        time.sleep(0.05)


def moments(count: int) -> list[float]:
    """Moments of an import from its start to its end, as shares: random, but all over it."""
    chance = random.Random(SEED)
    return [(n + chance.random()) / count for n in range(count)]


@pytest.mark.parametrize("share", moments(KILLS), ids=lambda share: f"{share:.3f}")
def test_an_import_killed_at_any_moment_is_as_before_or_as_after_and_can_be_run_again(
    office: Office, tmp_path: Path, share: float
) -> None:
    folder = office.copy(tmp_path / "office")
    process = start(folder, "payments", "import", office.big)
    time.sleep(share * office.seconds)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)

    wait_for_end(process.pid)
    assert state(folder) in (office.before, office.after)

    status, said = import_(folder, office.big)
    assert status == 0, said
    assert state(folder) == office.after


@pytest.mark.parametrize("share", [0.6, 0.8])
def test_workers_end_when_the_importing_process_alone_is_killed(
    office: Office, tmp_path: Path, share: float
) -> None:
    folder = office.copy(tmp_path / "office")
    process = start(folder, "payments", "import", office.big)
    time.sleep(share * office.seconds)
    process.kill()
    process.wait(timeout=60)

    wait_for_end(process.pid)
    process.communicate()
    assert state(folder) in (office.before, office.after)


@pytest.mark.parametrize("share", [0.6, 0.8])
def test_ctrl_c_leaves_nothing_half_done(office: Office, tmp_path: Path, share: float) -> None:
    folder = office.copy(tmp_path / "office")
    process = start(folder, "payments", "import", office.big)
    time.sleep(share * office.seconds)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)

    wait_for_end(process.pid)
    assert "Traceback" not in said
    found = state(folder)
    assert found in (office.before, office.after)  # it may come while the receipt is printed
    assert found == office.after or process.returncode != 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 MiB; where this machine mounts none, the test does not run."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(folder)]
    mounted = subprocess.run(command, capture_output=True, text=True, check=False)
    if mounted.returncode != 0:
        if os.environ.get("CI") == "true":
            pytest.fail(f"no small disk can be mounted: {mounted.stderr}")
        pytest.skip(f"no small disk can be mounted: {mounted.stderr}")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("free", ["archive", "database", "a little more"])
def test_a_full_disk_changes_nothing_says_so_and_the_import_completes_once_there_is_room(
    office: Office, small_disk: Path, free: str
) -> None:
    folder = office.copy(small_disk / "office")
    kept = office.big.stat().st_size
    room = {"archive": kept // 2, "database": kept + MIB, "a little more": kept + 4 * MIB}[free]
    ballast = small_disk / "ballast"
    with ballast.open("wb") as file:
        file.write(b"\0" * (shutil.disk_usage(small_disk).free - room))

    status, said = import_(folder, office.big)

    assert status == 1, said
    assert "磁盘已满" in said
    assert "Traceback" not in said
    ballast.unlink()
    assert state(folder) == office.before
    assert list(folder.rglob("*.part")) == []
    assert import_(folder, office.big)[0] == 0
    assert state(folder) == office.after


def test_the_same_list_from_two_processes_at_once_counts_once(
    office: Office, tmp_path: Path
) -> None:
    folder = office.copy(tmp_path / "office")
    both = [start(folder, "payments", "import", office.big) for _ in range(2)]
    said = [process.communicate(timeout=120)[1] for process in both]

    assert [process.returncode for process in both] == [0, 0], said
    assert sum("以前已导入过" in each for each in said) == 1
    assert state(folder) == office.after


def test_two_overlapping_lists_at_once_count_each_payment_once(
    office: Office, tmp_path: Path
) -> None:
    folder = office.copy(tmp_path / "office")
    halves = [
        write(tmp_path / f"{first}.csv", big_rows(range(first, last)))
        for first, last in ((2000, 20_000), (10_000, 30_000))
    ]
    both = [start(folder, "payments", "import", each) for each in halves]
    said = [process.communicate(timeout=120)[1] for process in both]

    assert [process.returncode for process in both] == [0, 0], said
    [progress] = Process(folder).json("progress", "--as-of", "2025-12-31")
    counted = [n for n in range(1, 30_000) if n % 100 != 3 and n % 50]
    assert progress["payments"] == len(counted)
    assert progress["paid_fen"] == sum(100 * n for n in counted)


def test_a_reader_during_an_import_sees_it_before_or_after(office: Office, tmp_path: Path) -> None:
    folder = office.copy(tmp_path / "office")
    app = open_workspace(folder)

    def asked() -> list[tuple[int, int]]:
        standings = app.standings(as_of=date(2025, 12, 31))
        return [(each.account.paid_fen, each.account.payments) for each in standings]

    try:
        before = asked()
        process = start(folder, "payments", "import", office.big)
        seen = []
        while process.poll() is None:
            seen.append(asked())
        process.communicate()
        after = asked()
    finally:
        app.engine.dispose()

    assert before != after
    assert before in seen
    assert [each for each in seen if each not in (before, after)] == []
    assert seen == sorted(seen, key=lambda each: each != before)
