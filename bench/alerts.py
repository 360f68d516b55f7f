"""Warnings and their mails for 50,000 projects of 2,500 units, from 1,000,000 payments.

    python -m bench.alerts [--folder /var/tmp/bench_alerts] [--projects 50000] [--quick]

A check of 30 June judges all projects, records what it finds and writes the facts of one mail for
each unit's lead; the same check again; the mails are rendered and stored; the stored mails leave
for a local SMTP server that never takes the mail of one recipient. What is found is held against
the truth of the payment list. The peer does no more than what the database must do for the first
check: sqlite3 alone runs its SELECT statements again, fetches all rows, and inserts the same rows
of warnings, events and mails into an empty database. Each step is a process of its own; exit
status 1 if a limit is passed. `--quick` leaves rendering and sending out. The wall clock counts:
run it on a quiet machine.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import event

from bench.alert_runs import AS_OF, NOON, STUBBORN
from bench.payment_lists import YEAR, Spec, Truth, project_code, unit_code, write
from bench.payment_runs import Wrong, budget_fen, copied, monitor, run, workspace
from monitor.bootstrap import make_workspace, open_workspace

CHECK_SECONDS, AGAIN_SECONDS, RENDERED, SENT = 15.0, 1.0, 20, 50
_WRITTEN = ("warnings", "warning_events", "mails", "mail_warnings")
_PLANNED_BP = 5_000  # of the budget, by 30 June
_COLUMNS = "unit_code,name,email,role,valid_from,valid_to"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--folder", type=Path, default=Path("/var/tmp/bench_alerts"))
    parser.add_argument("--projects", type=int, default=50_000)
    parser.add_argument("--quick", action="store_true")
    args = parser.parse_args()
    spec = Spec(args.projects * 20, args.projects, args.projects // 20)
    args.folder.mkdir(parents=True, exist_ok=True)
    base, truth = _base(args.folder, spec)
    work = copied(base, args.folder / "run")
    lines, held = _checked(work, truth, spec)
    if not args.quick:
        more, fine = _mailed(work, spec.units + 1)
        lines, held = lines + more, held and fine
    print("\n".join(["| step | measured | limit | |", "|---|--:|--:|---|", *lines]))
    return 0 if held else 1


def _base(folder: Path, spec: Spec) -> tuple[Path, Truth]:
    """A workspace with projects, payments and contacts; one that is there is used again."""
    truth = write(spec, folder / "list.csv")
    base, mark = folder / "base", folder / "base.json"
    made_of = repr(spec)
    if not mark.exists() or json.loads(mark.read_text()) != made_of:
        mark.unlink(missing_ok=True)
        workspace(base, spec)
        run(monitor(base, "payments", "import", str(folder / "list.csv")))
        leads = (
            f"{unit_code(i)},负责人{i},lead{i}@example.cn,lead,{YEAR}-01-01,"
            for i in range(spec.units)
        )
        office = f",财政科,office@example.cn,office,{YEAR}-01-01,"
        text = "\n".join([_COLUMNS, *leads, office, ""])
        (base / "contacts.csv").write_text(text, encoding="utf-8")
        mark.write_text(json.dumps(made_of))
    return base, truth


def _checked(work: Path, truth: Truth, spec: Spec) -> tuple[list[str], bool]:
    reads = _reads(copied(work, work.with_name("reads")))
    peer_cpu, peer = _cpu(partial(_fetched, work, reads))
    first = _step("check", work)
    _hold_against(truth, spec, work)
    more_cpu, more = _cpu(partial(_inserted, work))
    again = _step("check", work)
    if again["changes"] or again["rules"] != first["rules"]:
        raise Wrong(f"the second check gave {again}, the first {first}")
    ratio = first["cpu"] / (peer_cpu + more_cpu)
    fits = first["wall"] <= CHECK_SECONDS, again["wall"] <= AGAIN_SECONDS
    found = sum(first["rules"].values())
    return [
        f"| check of {spec.projects:,} projects: {found:,} findings, {spec.units + 1:,} mails |"
        f" {_seconds(first)}, {ratio:.1f} × the peer's cpu, {first['megabytes']:.0f} MB |"
        f" {CHECK_SECONDS:.0f} s | {_verdict(fits[0])} |",
        f"| the peer: the same rows read, and written, by sqlite3 alone | {peer + more:.2f} s,"
        f" cpu {peer_cpu:.2f} + {more_cpu:.2f} s | | |",
        f"| the same check again, nothing new | {_seconds(again)}, {again['megabytes']:.0f} MB |"
        f" {AGAIN_SECONDS:.0f} s | {_verdict(fits[1])} |",
    ], all(fits)


def _mailed(work: Path, mails: int) -> tuple[list[str], bool]:
    rendered = _step("render", work)
    if rendered["waiting"] != mails:
        raise Wrong(f"not all of {mails} mails were rendered: {rendered}")
    sent = _step("later", work)
    if (sent["sent"], sent["put_off"]) != (mails - 1, [STUBBORN]):
        raise Wrong(f"all but one of {mails} mails should have left: {sent}")
    speeds = mails / rendered["cpu"], (mails - 1) / sent["wall"]
    fits = speeds[0] >= RENDERED, speeds[1] >= SENT
    return [
        f"| {mails:,} mails leased, rendered and stored | {_seconds(rendered)}:"
        f" {speeds[0]:.0f} a second of cpu, {rendered['megabytes']:.0f} MB | {RENDERED} a second |"
        f" {_verdict(fits[0])} |",
        f"| {mails - 1:,} stored mails sent, one refused for a time | {_seconds(sent)}:"
        f" {speeds[1]:.0f} a second, {sent['megabytes']:.0f} MB | {SENT} a second |"
        f" {_verdict(fits[1])} |",
    ], all(fits)


def _step(name: str, work: Path) -> dict[str, Any]:
    done = run([sys.executable, "-m", "bench.alert_runs", name, str(work)])
    found: dict[str, Any] = json.loads(done.output)
    print(f"{name}: {found}", flush=True)
    return found


def _seconds(of: dict[str, Any]) -> str:
    return f"{of['wall']:.2f} s, cpu {of['cpu']:.2f} s"


def _verdict(fits: bool) -> str:
    return "ok" if fits else "TOO MUCH"


def _cpu(act: Callable[[], None]) -> tuple[float, float]:
    """Seconds of the processor and of the clock."""
    cpu, wall = time.process_time(), time.perf_counter()
    act()
    return time.process_time() - cpu, time.perf_counter() - wall


def _reads(spoiled: Path) -> Sequence[tuple[str, Any]]:
    """The SELECT statements of a first check, which spoils this copy of the workspace."""
    sent: list[tuple[str, Any]] = []

    def note(*args: Any) -> None:
        if args[2].lstrip().upper().startswith(("SELECT", "WITH")) and not args[5]:
            sent.append((args[2], args[3]))

    app = open_workspace(spoiled, now=lambda: NOON, actor="bench")
    event.listen(app.engine, "before_cursor_execute", note)
    app.check(as_of=AS_OF, year=YEAR)
    app.engine.dispose()
    return sent


def _fetched(work: Path, statements: Sequence[tuple[str, Any]]) -> None:
    bare = sqlite3.connect(work / "monitor.db")
    for statement in statements:
        bare.execute(*statement).fetchall()
    bare.close()


def _inserted(work: Path) -> None:
    """The rows that the check wrote, read and inserted by one statement a table."""
    empty = work.with_name("empty")
    if empty.exists():
        for path in (empty / f"monitor.db{end}" for end in ("", "-wal", "-shm")):
            path.unlink(missing_ok=True)
    make_workspace(empty)
    bare = sqlite3.connect(empty / "monitor.db", isolation_level=None)
    bare.execute("ATTACH ? AS judged", (str(work / "monitor.db"),))
    bare.execute("BEGIN")
    for table in _WRITTEN:
        rows = bare.execute(f"SELECT * FROM judged.{table}").fetchall()
        signs = ", ".join("?" * len(rows[0]))
        bare.executemany(f"INSERT INTO main.{table} VALUES ({signs})", rows)
    bare.execute("COMMIT")
    bare.close()
    os.sync()


def _hold_against(truth: Truth, spec: Spec, work: Path) -> None:
    """Every project behind its plan has its warning, no other one; every lead has one mail."""
    paid = truth.standing(AS_OF.month)
    behind = {
        code
        for index in range(spec.projects)
        if paid.get(code := project_code(index), (0, 0))[0] * 10_000
        < _PLANNED_BP * budget_fen(index)
    }
    bare = sqlite3.connect(work / "monitor.db")
    rows = bare.execute("SELECT subject FROM warnings WHERE rule IN ('W01', 'W02')")
    found = [row[0] for row in rows]
    mails = bare.execute("SELECT count(*), count(DISTINCT recipient) FROM mails").fetchone()
    bare.close()
    if len(found) != len(behind) or set(found) != behind:
        raise Wrong(f"{len(found)} lags are on record, {len(behind)} projects are behind")
    if mails != (spec.units + 1, spec.units + 1):
        raise Wrong(f"mails and recipients: {mails}")


if __name__ == "__main__":
    sys.exit(main())
