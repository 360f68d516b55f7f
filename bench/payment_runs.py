"""Workspaces to import into, whole processes measured, and results held against the truth."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bench.payment_lists import KINDS, YEAR, Spec, Truth, project_code, project_name, unit_code
from bench.payment_lists import unit_name as named_unit
from monitor.bootstrap import App, make_workspace, open_workspace
from monitor.domain.money import MoneyUnit
from monitor.domain.target import OverallGoals, PlanPoint, Project, TargetDocument
from monitor.errors import Place
from monitor.ingest.import_targets import land
from monitor.ingest.importing import Incoming
from monitor.ingest.target_form import Reading
from monitor.store import imports

_PLAN = ((3, 2_500), (6, 5_000), (10, 7_500), (12, 10_000))
_EVERY = 0.05  # seconds between two looks at the memory
YEAR_END = date(YEAR, 12, 31)


class Wrong(Exception):
    """What was measured gave another result than the truth, or none."""


@dataclass(frozen=True, slots=True)
class Run:
    """One whole process with its children: seconds of the clock and of processors, peak MB."""

    wall: float
    cpu: float
    megabytes: float = 0.0
    output: str = ""


def monitor(workspace: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "monitor", *words, "--workspace", str(workspace)]


def run(command: Sequence[str], *, memory: bool = False) -> Run:
    """Runs a command on a quiet disk. Looking at the memory costs time: not in timed runs.

    Python keeps what it has compiled, as an installed program has it, whatever this shell says.
    """
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    os.sync()
    with tempfile.TemporaryFile() as printed, tempfile.TemporaryFile() as said:
        before, start = os.times(), time.perf_counter()
        with subprocess.Popen(command, stdout=printed, stderr=said, env=environment) as process:
            peak = _peak(process) if memory else 0.0
        wall, after = time.perf_counter() - start, os.times()
        for file in (printed, said):
            file.seek(0)
        output, told = printed.read().decode(), said.read().decode(errors="replace")
    if process.returncode:
        raise Wrong(f"{' '.join(command)} ended with {process.returncode}:\n{told[-2_000:]}")
    cpu = sum(after[2:4]) - sum(before[2:4])  # of children that have ended, and of theirs
    return Run(wall, cpu, peak, output)


def _peak(process: subprocess.Popen[bytes]) -> float:
    """The most that the process and all below it held at once: PSS, shared pages once."""
    peak = 0
    while process.poll() is None:
        peak = max(peak, sum(map(_held, _tree(process.pid))))
        time.sleep(_EVERY)
    return peak / 1024


def _tree(pid: int) -> list[int]:
    found = [pid]
    for parent in found:  # grows while it is walked
        for task in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                found += map(int, task.read_text().split())
            except OSError:
                continue
    return found


def _held(pid: int) -> int:
    """KiB of one process; 0 when it has ended meanwhile."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def copied(folder: Path, target: Path) -> Path:
    """A copy of a workspace that may be spoiled."""
    shutil.rmtree(target, ignore_errors=True)
    subprocess.run(["cp", "-r", "--reflink=auto", str(folder), str(target)], check=True)
    return target


def workspace(folder: Path, spec: Spec) -> Path:
    """A new workspace with the projects of a list."""
    shutil.rmtree(folder, ignore_errors=True)
    make_workspace(folder)
    app = open_workspace(folder, actor="bench")
    try:
        load_projects(app, spec.projects, spec.units)
    finally:
        app.engine.dispose()
    return folder


def load_projects(app: App, count: int, units: int) -> None:
    """Lands the projects of the lists in a workspace, by the way of every target document."""
    name = f"{count} projects.txt"
    projects = tuple(_project(i, i % units, Place(name, i + 1)) for i in range(count))
    document = TargetDocument(name, YEAR, "made for a bench", OverallGoals(), projects)
    reading = Reading(document, (), frozenset(each.project_code for each in projects))
    incoming = Incoming(name, f"{count}/{units}".encode(), app.now(), app.actor)
    land(app.engine, incoming, reading, folder=app.settings.archive)


def _project(index: int, unit: int, place: Place) -> Project:
    budget = budget_fen(index)
    return Project(
        year=YEAR,
        unit_code=unit_code(unit),
        unit_name=named_unit(unit),
        project_code=project_code(index),
        project_name=project_name(index),
        money_unit=MoneyUnit.TEN_THOUSAND_YUAN,
        budget_fen=budget,
        fiscal_fen=budget,
        other_fen=0,
        purpose=KINDS[index % len(KINDS)],
        plan=tuple(PlanPoint(month, share) for month, share in _PLAN),
        goals=("按计划完成",),
        indicators=(),
        place=place,
    )


def budget_fen(index: int) -> int:
    return 100_000_000 + index * 100


def check(folder: Path, truth: Truth, *, again: bool = False) -> None:
    """Holds the last import's receipt and all sums by project against the truth.

    `again`: all of it was known before, so that nothing may be counted and no sum may change.
    """
    app = open_workspace(folder, actor="bench")
    try:
        check_receipt(app, truth, again=again)
        check_standing(app, truth)
    finally:
        app.engine.dispose()


def check_receipt(app: App, truth: Truth, *, again: bool = False) -> None:
    """The last import's rows and fen by outcome."""
    with app.reading() as connection:
        receipt = imports.load(connection, kind="payments")[-1].receipt
    found = {name: rows for name, (rows, _) in receipt.items() if rows}
    rejected = found.pop("rejected", 0) + found.pop("rejected_before", 0)
    wanted = {name: rows for name, rows in truth.rows.items() if name != "rejected"}
    if again:
        wanted = {"known": sum(wanted.values())}
    if found != wanted or rejected != truth.rows["rejected"]:
        raise Wrong(f"receipt {receipt}, truth {dict(truth.rows)}")
    if not again and any(receipt[name][1] != truth.fen[name] for name in wanted):
        raise Wrong(f"receipt {receipt}, truth {dict(truth.fen)}")


def check_standing(app: App, truth: Truth, as_of: date = YEAR_END) -> None:
    """Every project's paid sum and lines at the end of a month."""
    accounts = [each.account for each in app.standings(as_of=as_of)]
    found = {a.project_code: (a.paid_fen, a.payments) for a in accounts if a.payments}
    wanted = truth.standing(as_of.month)
    if found != wanted:
        differing = sorted(c for c in found.keys() | wanted if found.get(c) != wanted.get(c))
        first = differing[0]
        raise Wrong(
            f"{len(differing)} projects differ; {first}: {found.get(first)}, truth"
            f" {wanted.get(first)}"
        )
