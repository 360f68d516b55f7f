"""`monitor payments import`, whole process, beside `sqlite3 .import` of the same file.

    python -m bench.payments [--rows 1000000] [--rounds 3] [--lists 10] [--folder FOLDER]

The peer reads the file into a table of 13 text columns, WAL, synchronous=FULL, checkpointed at
the end. Its unique key is (支付申请编号, 序号): documents of several lines need more than the
number, and a key that some line violates makes the shell print an error for each; so it has a
unique index of the same size as ours and no conflict. It decodes, checks, matches and sums nothing.

All cases run in turn, round after round; medians of the clock, and of the processors' time. The
first run of each is a warm-up, whose memory is looked at (PSS of the process and its children).
After every run the receipt and every project's sum and lines are held against the truth.
`--lists 10` adds the cases on ten such lists of one year and 50,000 projects; it takes minutes.
"""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from bench.payment_large import large_cases
from bench.payment_lists import COLUMNS, YEAR, Spec, Truth, write
from bench.payment_runs import Run, Wrong, check, copied, monitor, run, workspace

_TELLING = 500_000  # rows; with fewer, the start of the processes decides
_MEGABYTES = 400


@dataclass(slots=True)
class Case:
    """One command, measured again and again. `against` names the case that it is compared with."""

    name: str
    prepare: Callable[[], list[str]]
    verify: Callable[[], None]
    against: str = ""
    limit: float = 0.0
    runs: list[Run] = field(default_factory=list)
    megabytes: float = 0.0

    def once(self, *, memory: bool = False) -> None:
        done = run(self.prepare(), memory=memory)
        self.verify()
        if memory:
            self.megabytes = done.megabytes
        else:
            self.runs.append(done)

    @property
    def wall(self) -> float:
        return statistics.median(each.wall for each in self.runs)

    @property
    def cpu(self) -> float:
        return statistics.median(each.cpu for each in self.runs)


class Peer:
    """The table that `sqlite3 .import` fills."""

    def __init__(self, folder: Path, listed: Path, rows: int) -> None:
        self._database, self._script = folder / "peer.db", folder / "peer.sql"
        self._listed, self._lines = listed, rows + 1  # the total line is a line to it

    def prepare(self) -> list[str]:
        for end in ("", "-wal", "-shm"):
            self._database.with_name(self._database.name + end).unlink(missing_ok=True)
        columns = ", ".join(f'"{name}" TEXT' for name in COLUMNS)
        self._script.write_text(
            "PRAGMA journal_mode=WAL;\nPRAGMA synchronous=FULL;\n"
            f'CREATE TABLE list({columns}, UNIQUE("支付申请编号", "序号"));\n'
            f'.mode csv\n.import --skip 3 "{self._listed}" list\n'
            "PRAGMA wal_checkpoint(TRUNCATE);\n"
        )
        return ["sqlite3", "-bail", str(self._database), f'.read "{self._script}"']

    def verify(self) -> None:
        with sqlite3.connect(self._database) as connection:
            (found,) = connection.execute("SELECT count(*) FROM list").fetchone()
        connection.close()
        if found != self._lines:
            raise Wrong(f"sqlite3 .import has {found} lines of {self._lines}")


class Ours:
    """An import into a copy of a workspace, which is spoiled by it."""

    def __init__(self, made: Path, listed: Path, truth: Truth, *, again: bool = False) -> None:
        self._made, self._listed, self._truth, self._again = made, listed, truth, again
        self._copy = made.with_name("copy")

    def prepare(self) -> list[str]:
        copied(self._made, self._copy)
        return monitor(self._copy, "payments", "import", str(self._listed))

    def verify(self) -> None:
        check(self._copy, self._truth, again=self._again)


class SameBytes(Ours):
    """The very file that has landed: nothing is recorded, the receipt stays the first one."""

    def verify(self) -> None:
        check(self._copy, self._truth)


def cases(folder: Path, spec: Spec) -> list[Case]:
    """Makes the lists, an empty workspace and one where the list has landed."""
    listed, gb, respelled = (folder / f"{name}.csv" for name in ("utf8", "gb18030", "respelled"))
    truth = write(spec, listed)
    write(spec, gb, encoding="gb18030")
    write(spec, respelled, respelled=True)
    empty = workspace(folder / "empty", spec)
    landed = copied(empty, folder / "landed")
    run(monitor(landed, "payments", "import", str(listed)))
    check(landed, truth)
    peer, ours = Peer(folder, listed, spec.rows), Ours(empty, listed, truth)
    in_gb, same = Ours(empty, gb, truth), SameBytes(landed, listed, truth)
    again = Ours(landed, respelled, truth, again=True)
    theirs, mine = "sqlite3 .import", "import, UTF-8"
    return [
        Case(theirs, peer.prepare, peer.verify),
        Case(mine, ours.prepare, ours.verify, theirs, 1.6),
        Case("import, GB18030", in_gb.prepare, in_gb.verify, mine, 1.1),
        Case("same bytes again", same.prepare, same.verify, theirs, 0.8),
        Case("re-spelled, all known", again.prepare, again.verify, theirs, 0.8),
    ]


def measure(found: Sequence[Case], rounds: int) -> None:
    for case in found:
        case.once(memory=True)
    for _ in range(rounds):  # in turn: a busy machine slows all
        for case in found:
            case.once()


def table(found: Sequence[Case], *, telling: bool) -> tuple[list[str], bool]:
    """The lines of a Markdown table, and whether all limits hold."""
    by_name, held = {case.name: case for case in found}, True
    lines = ["| case | s | cpu s | ratio | limit | MB | |", "|---|--:|--:|--:|--:|--:|---|"]
    for case in found:
        ratio = case.wall / by_name[case.against].wall if case.against else 0.0
        fits = ratio <= case.limit and case.megabytes <= _MEGABYTES
        verdict = "" if not case.against else _verdict(fits, telling=telling)
        held &= fits or not case.against
        compared = f"{ratio:.2f} × {case.against} | {case.limit}" if case.against else " | "
        spread = "–".join(f"{end(r.wall for r in case.runs):.2f}" for end in (min, max))
        lines.append(
            f"| {case.name} | {case.wall:.2f} ({spread}) | {case.cpu:.2f} | {compared} |"
            f" {case.megabytes:.0f} | {verdict} |"
        )
    return lines, held or not telling


def _verdict(fits: bool, *, telling: bool) -> str:
    if not telling:
        return "too few rows to tell"
    return "ok" if fits else "TOO MUCH"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--projects", type=int, default=5_000)
    parser.add_argument("--units", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--lists", type=int, default=0, help="lists of so many rows in one year")
    parser.add_argument("--large-projects", type=int, default=50_000)
    parser.add_argument("--month-rows", type=int, default=70_000)
    parser.add_argument("--only-large", action="store_true")
    parser.add_argument("--folder", type=Path, help="kept, and its lists used again")
    asked = parser.parse_args()
    folder = asked.folder or Path(tempfile.mkdtemp(prefix="bench."))
    folder.mkdir(parents=True, exist_ok=True)
    held = True
    try:
        print(_versions(), flush=True)
        if not asked.only_large:
            found = cases(folder, Spec(asked.rows, asked.projects, asked.units))
            measure(found, asked.rounds)
            lines, held = table(found, telling=asked.rows >= _TELLING)
            print(f"\n{asked.rows:,} rows, {asked.projects:,} projects, {asked.rounds} rounds\n")
            print("\n".join(lines), flush=True)
        if asked.lists:
            year = Spec(
                asked.rows, asked.large_projects, max(1, asked.large_projects // 25),
                end=date(YEAR, 11, 30),
            )  # fmt: skip
            lines, fits = large_cases(
                folder, year, asked.lists, asked.month_rows, max(3, asked.rounds)
            )
            print("\n".join(["", *lines]))
            held &= fits
    finally:
        if asked.folder is None:
            shutil.rmtree(folder)
    return int(not held)


def _versions() -> str:
    shell = subprocess.run(["sqlite3", "-version"], capture_output=True, text=True, check=True)
    return (
        f"sqlite3 shell {shell.stdout.split()[0]}, Python {sys.version.split()[0]}"
        f" with SQLite {sqlite3.sqlite_version}"
    )


if __name__ == "__main__":
    sys.exit(main())
