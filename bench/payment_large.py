"""The cases on a whole province's year: a month more, and progress of all projects and of a unit.

The database is built by importing so many lists of one year, January to November; then lists of
December are imported one after another (each adds to it). In a folder that is kept, the database
is used again with all that was added (delete its `large` after the schema has changed).
Progress: the SQL statements that `App.standings` sends, once more on a bare sqlite3 connection,
executed and fetched whole (with no garbage collection meanwhile, as `timeit` does it). What a
machine takes to read the projects' rows alone is the peer: the limit of 100 ms was set where that
took 23 ms, so it is less on a faster machine, and no more on a slower one.
"""

from __future__ import annotations

import gc
import json
import sqlite3
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event

from bench.payment_lists import YEAR, Spec, Truth, unit_code, write
from bench.payment_runs import (
    Run,
    Wrong,
    check_receipt,
    check_standing,
    monitor,
    run,
    workspace,
)
from monitor.bootstrap import App, open_workspace

CHECKPOINT = date(YEAR, 10, 31)
_MONTH_SECONDS, _MONTH_MEGABYTES, _UNIT_MS = 3.0, 400, 2.0
_ALL_MS, _ALL_OF_ROWS_ALONE = 100.0, 100 / 23
_LOOKS = 9
_OF_MONEY = ("payments", "monthly_sums")
_FLOOR = "SELECT project_id, unit_code, unit_name, project_name FROM revisions WHERE undone = 0"
Statement = tuple[str, Any]


def large_cases(
    folder: Path, year: Spec, lists: int, month_rows: int, rounds: int
) -> tuple[list[str], bool]:
    """The lines of a Markdown table, and whether all limits hold."""
    large = _built(folder, year, lists)
    seconds, megabytes = _decembers(folder, large, year, lists, month_rows, rounds)
    month = statistics.median(seconds)
    app = open_workspace(large.workspace, actor="bench")
    try:
        check_standing(app, large.truth, CHECKPOINT)
        check_standing(app, large.truth)
        everything, unit = _progress(app, None), _progress(app, unit_code(1))
        floor = _replayed(app, [(_FLOOR, ())])
    finally:
        app.engine.dispose()
    held = month <= _MONTH_SECONDS and megabytes <= _MONTH_MEGABYTES
    all_ms = min(_ALL_MS, floor * _ALL_OF_ROWS_ALONE)
    held &= everything[0] <= all_ms and unit[0] <= _UNIT_MS
    size = (large.workspace / "monitor.db").stat().st_size / 1e9
    return [
        f"{lists} lists of {year.rows:,} rows, {year.projects:,} projects; {size:.1f} GB;"
        f" first list {large.seconds[0]:.1f} s, last list {large.seconds[-1]:.1f} s\n",
        "| case | measured | limit | |",
        "|---|--:|--:|---|",
        f"| a month of {month_rows:,} rows more | {month:.2f} s"
        f" ({min(seconds):.2f}–{max(seconds):.2f}), {megabytes:.0f} MB |"
        f" {_MONTH_SECONDS:.0f} s, {_MONTH_MEGABYTES} MB |"
        f" {_verdict(month <= _MONTH_SECONDS and megabytes <= _MONTH_MEGABYTES)} |",
        _line(f"progress of {year.projects:,} projects at {CHECKPOINT}", everything, all_ms),
        _line("progress of one unit", unit, _UNIT_MS),
        f"| the projects' rows alone, without sums | {floor:.1f} ms (progress"
        f" {everything[0] / floor:.1f} ×, limit {_ALL_OF_ROWS_ALONE:.1f} ×) | | |",
    ], held


def _line(name: str, found: tuple[float, float, float], limit: float) -> str:
    sums, all_sql, standings = found
    return (
        f"| {name} | {sums:.1f} ms the sums' SQL, {all_sql:.1f} ms all SQL,"
        f" {standings:.0f} ms App.standings | {limit:.0f} ms the sums' SQL |"
        f" {_verdict(sums <= limit)} |"
    )


def _verdict(fits: bool) -> str:
    return "ok" if fits else "TOO MUCH"


def _list(year: Spec, index: int, lists: int) -> Spec:
    """The part of the year that one list has."""
    days = (year.end - year.start).days + 1
    starts = [year.start + timedelta(days * at // lists) for at in (index, index + 1)]
    return replace(
        year, before=year.rows * index, start=starts[0], end=starts[1] - timedelta(days=1)
    )


@dataclass(slots=True)
class _Large:
    """The workspace, what it was made of, its truth, its Decembers, seconds of each import."""

    workspace: Path
    made_of: str
    truth: Truth
    decembers: int = 0
    seconds: list[float] = field(default_factory=list)

    def add(self, listed: Path, spec: Spec, *words: str, memory: bool = False) -> Run:
        """Makes a list, imports it, holds its receipt against its truth, and removes it."""
        part = write(spec, listed)
        done = run(
            monitor(self.workspace, "payments", "import", str(listed), *words), memory=memory
        )
        app = open_workspace(self.workspace, actor="bench")
        try:
            check_receipt(app, part)
        finally:
            app.engine.dispose()
        for file in (listed, listed.with_name(f"{listed.name}.truth.json")):
            file.unlink()
        self.truth.merge(part)
        return done

    def save(self) -> None:
        truth = {part: getattr(self.truth, part) for part in ("rows", "fen", "sums", "lines")}
        state = {"of": self.made_of, "decembers": self.decembers, "seconds": self.seconds, **truth}
        _state(self.workspace).write_text(json.dumps(state))


def _state(made: Path) -> Path:
    return made / "bench.json"


def _built(folder: Path, year: Spec, lists: int) -> _Large:
    made, made_of = folder / "large", repr((year, lists))
    if _state(made).exists():
        found = json.loads(_state(made).read_text())
        if found["of"] == made_of:
            truth = Truth.load(_state(made))
            return _Large(made, made_of, truth, found["decembers"], found["seconds"])
    large = _Large(workspace(made, year), made_of, Truth())
    for index in range(lists):
        done = large.add(folder / f"part{index}.csv", _list(year, index, lists))
        large.seconds.append(done.wall)
        print(f"list {index + 1} of {lists}: {done.wall:.1f} s", flush=True)
    large.save()
    return large


def _decembers(
    folder: Path, large: _Large, year: Spec, lists: int, rows: int, rounds: int
) -> tuple[list[float], float]:
    """Seconds of so many imports of December's payments, and MB of one more."""
    runs = []
    for at in range(rounds + 1):
        spec = replace(
            year, rows=rows, before=year.rows * lists + rows * large.decembers,
            start=date(YEAR, 12, 1), end=date(YEAR, 12, 31),
        )  # fmt: skip
        listed = folder / f"december{large.decembers}.csv"
        _state(large.workspace).unlink(missing_ok=True)  # until it is true again
        runs.append(large.add(listed, spec, "--month", f"{YEAR}-12", memory=at == 0))
        large.decembers += 1
        large.save()
    return [each.wall for each in runs[1:]], runs[0].megabytes


def _progress(app: App, unit: str | None) -> tuple[float, float, float]:
    """Milliseconds: statements that sum payments; all statements; App.standings as a whole."""
    sent: list[Statement] = []

    def note(*args: Any) -> None:
        sent.append((args[2], args[3]))

    event.listen(app.engine, "before_cursor_execute", note)
    app.standings(as_of=CHECKPOINT, unit=unit)
    event.remove(app.engine, "before_cursor_execute", note)
    asked = [each for each in sent if each[0].lstrip().upper().startswith(("SELECT", "WITH"))]
    of_money = [each for each in asked if any(name in each[0] for name in _OF_MONEY)]
    if not of_money:
        raise Wrong(f"none of {len(sent)} statements sums payments")
    whole = _median(lambda: app.standings(as_of=CHECKPOINT, unit=unit))
    return _replayed(app, of_money), _replayed(app, asked), whole


def _replayed(app: App, statements: list[Statement]) -> float:
    bare = sqlite3.connect(app.engine.url.database or "")
    gc.disable()
    try:
        return _median(lambda: [bare.execute(*each).fetchall() for each in statements])
    finally:
        gc.enable()
        bare.close()


def _median(act: Callable[[], object]) -> float:
    """Milliseconds, after one run that warms the caches."""
    act()
    taken = []
    for _ in range(_LOOKS):
        start = time.perf_counter()
        act()
        taken.append(1000 * (time.perf_counter() - start))
    return statistics.median(taken)
