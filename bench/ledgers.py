"""The same question to plain-text ledgers: paid and budget of every project at a checkpoint.

    python -m bench.ledgers [--rows 100000] [--projects 500] [--rounds 3] [--venv FOLDER]

hledger and ledger come by apt; beancount and beanquery are installed by pip into FOLDER (by
default /tmp/bench.beancount), never into the project's own environment. A tool that is not here
is left out, and said so.

Each is measured as a whole process. The ledgers read journals in their own format, written by us
beforehand (not timed): one transaction for each row that counts, already decoded, checked and
matched; they know nothing of numbers that come twice, of status or of provenance. monitor reads
the treasury's CSV. `again` is the answer asked for once more: they read the journal anew
(beancount from the cache that it wrote), monitor has its database.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from bench.payment_lists import YEAR, Record, Spec, Truth, project_code, records, unit_code, write
from bench.payment_runs import Run, Wrong, budget_fen, copied, monitor, run, workspace
from monitor.domain.money import parse_fen

CHECKPOINT = date(YEAR, 10, 31)
_AFTER = (CHECKPOINT + timedelta(days=1)).isoformat()
_COUNTED = ("paid", "refund", "nameless")
_ROOT = "Expenses"
Answer = dict[str, tuple[int, int]]


@dataclass(slots=True)
class Tool:
    """A way from the list to the answer: `first` and `again` are whole commands, in order."""

    name: str
    fresh: Callable[[], None]
    first: Sequence[Sequence[str]]
    again: Sequence[str]
    read: Callable[[str], Answer]
    firsts: list[Run] = field(default_factory=list)
    agains: list[Run] = field(default_factory=list)
    megabytes: float = 0.0

    def once(self, wanted: Answer, *, memory: bool) -> None:
        self.fresh()
        runs = [run(command, memory=memory) for command in self.first]
        once_more = run(self.again)
        for done in (runs[-1], once_more):
            _compare(self.name, self.read(done.output), wanted)
        if memory:
            self.megabytes = max(each.megabytes for each in runs)
            return
        whole = Run(sum(each.wall for each in runs), sum(each.cpu for each in runs))
        self.firsts.append(whole)
        self.agains.append(once_more)


def _compare(name: str, found: Answer, wanted: Answer) -> None:
    stated = {code: sums for code, sums in found.items() if any(sums)}
    if stated != wanted:
        codes = sorted(c for c in stated.keys() | wanted if stated.get(c) != wanted.get(c))
        first = codes[0]
        raise Wrong(
            f"{name}: {len(codes)} projects differ; {first}: {stated.get(first)}, wanted"
            f" {wanted.get(first)}"
        )


def answer(truth: Truth, spec: Spec) -> Answer:
    paid = truth.standing(CHECKPOINT.month)
    codes = {project_code(i): budget_fen(i) for i in range(spec.projects)}
    return {code: (paid.get(code, (0, 0))[0], budget) for code, budget in codes.items()}


def _account(index: int, spec: Spec, root: str = _ROOT) -> str:
    return f"{root}:U{unit_code(index % spec.units)}:P{project_code(index)}"


def _yuan(fen: int) -> str:
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def _counted(spec: Spec) -> Iterator[Record]:
    return (each for each in records(spec) if each.meaning in _COUNTED)


def _journal(spec: Spec, period: str) -> Iterator[str]:
    """For hledger and ledger: a budget a year and project, and the payments."""
    yield f"~ {period}"
    for i in range(spec.projects):
        yield f"    {_account(i, spec)}  CNY {_yuan(budget_fen(i))}"
    yield "    Assets:Treasury\n"
    for each in _counted(spec):
        yield f"{each.day} ({each.number}) payment"
        yield f"    {_account(each.project, spec)}  CNY {_yuan(each.fen)}\n    Assets:Treasury\n"


def _beancount(spec: Spec) -> Iterator[str]:
    """Beancount has no budgets: they are booked to accounts beside the expenses, on 1 January."""
    yield f"{YEAR}-01-01 open Assets:Treasury\n{YEAR}-01-01 open Equity:Budget"
    for i in range(spec.projects):
        for root in (_ROOT, "Income:Budget"):
            yield f"{YEAR}-01-01 open {_account(i, spec, root)}"
    yield f'{YEAR}-01-01 * "budget"'
    for i in range(spec.projects):
        yield f"  {_account(i, spec, 'Income:Budget')}  {_yuan(budget_fen(i))} CNY"
    yield "  Equity:Budget\n"
    for each in _counted(spec):
        yield f'{each.day} * "{each.number}"'
        yield f"  {_account(each.project, spec)}  {_yuan(each.fen)} CNY\n  Assets:Treasury\n"


def _written(path: Path, lines: Iterable[str]) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _code(account: str) -> str:
    """The project's code at the end of an account's name; '' for an account of a unit."""
    parts = account.strip().split(":")
    return parts[-1][1:] if len(parts) > 2 and parts[-1].startswith("P") else ""


def _fen(text: str) -> int:
    bare = text.replace("CNY", "").strip()
    return parse_fen(bare) if bare else 0


def from_hledger(output: str) -> Answer:
    rows = list(csv.reader(io.StringIO(output)))[1:]
    return {code: (_fen(row[1]), _fen(row[2])) for row in rows if (code := _code(row[0]))}


def from_ledger(output: str) -> Answer:
    rows = [line.replace("CNY", "").split() for line in output.splitlines()]
    return {code: (_fen(r[0]), _fen(r[1])) for r in rows if r and (code := _code(r[-1]))}


def from_beancount(output: str) -> Answer:
    sums: dict[str, list[int]] = {}
    for account, position in list(csv.reader(io.StringIO(output)))[1:]:
        at = 0 if account.startswith(_ROOT) else 1
        sums.setdefault(_code(account), [0, 0])[at] = _fen(position)
    return {code: (paid, budget) for code, (paid, budget) in sums.items()}


def from_monitor(output: str) -> Answer:
    rows = json.loads(output)
    return {row["project_code"]: (row["paid_fen"], row["budget_fen"]) for row in rows}


def _ours(folder: Path, spec: Spec, listed: Path) -> Tool:
    made, copy = workspace(folder / "empty", spec), folder / "copy"
    progress = ("progress", "--as-of", CHECKPOINT.isoformat(), "--format", "json")
    asking = monitor(copy, *progress)
    importing = monitor(copy, "payments", "import", str(listed))
    return Tool("monitor", lambda: _again(made, copy), (importing, asking), asking, from_monitor)


def _again(made: Path, copy: Path) -> None:
    copied(made, copy)


def _theirs(folder: Path, spec: Spec, venv: Path) -> Iterator[Tool]:
    """The ledgers that are on this machine, each with its journal."""
    span = ("-b", f"{YEAR}-01-01", "-e", _AFTER)
    if shutil.which("hledger"):
        path = _written(folder / "h.journal", _journal(spec, f"yearly from {YEAR}-01-01"))
        command = ["hledger", "-f", str(path), "balance", "--budget", _ROOT, *span, "-O", "csv"]
        yield Tool("hledger", lambda: None, (command,), command, from_hledger)
    if shutil.which("ledger"):
        period = f"Yearly from {YEAR}-01-01 to {YEAR + 1}-01-01"
        path = _written(folder / "l.journal", _journal(spec, period))
        command = ["ledger", "-f", str(path), "budget", _ROOT, *span, "--flat", "--no-total"]
        yield Tool("ledger", lambda: None, (command,), command, from_ledger)
    query = venv / "bin" / "bean-query"
    if query.exists():
        path = _written(folder / "b.beancount", _beancount(spec))
        asked = (
            f"SELECT account, sum(position) WHERE account ~ '^({_ROOT}|Income)'"
            f" AND date <= {CHECKPOINT} GROUP BY account"
        )
        command = [str(query), "-f", "csv", str(path), asked]
        yield Tool("beancount", lambda: _forget(folder), (command,), command, from_beancount)


def _forget(folder: Path) -> None:
    """Takes away what beancount keeps of a journal that it has read."""
    for cache in folder.glob(".*picklecache"):
        cache.unlink()


def _versions(venv: Path) -> Iterator[str]:
    for name in ("hledger", "ledger"):
        yield _told(name, "--version")[0] if shutil.which(name) else f"no {name} here"
    pip = venv / "bin/pip"
    listed = _told(str(pip), "list", "--disable-pip-version-check") if pip.exists() else []
    yield from (" ".join(line.split()) for line in listed if line.startswith("bean"))


def _told(*command: str) -> list[str]:
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--projects", type=int, default=500)
    parser.add_argument("--units", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--venv", type=Path, default=Path("/tmp/bench.beancount"))
    asked = parser.parse_args()
    if not asked.venv.exists():
        subprocess.run([sys.executable, "-m", "venv", str(asked.venv)], check=True)
        pip = [str(asked.venv / "bin/pip"), "install", "-q", "beancount", "beanquery"]
        subprocess.run(pip, check=True)
    print("; ".join(_versions(asked.venv)), flush=True)
    spec = Spec(asked.rows, asked.projects, asked.units)
    with tempfile.TemporaryDirectory(prefix="bench.") as name:
        folder = Path(name)
        listed = folder / "list.csv"
        truth = write(spec, listed)
        start = time.perf_counter()
        tools = list(_theirs(folder, spec, asked.venv))
        print(f"journals written in {time.perf_counter() - start:.1f} s, not counted", flush=True)
        tools.append(_ours(folder, spec, listed))
        wanted = answer(truth, spec)
        for at in range(asked.rounds + 1):  # in turn: a busy machine slows all
            for tool in tools:
                tool.once(wanted, memory=at == 0)
    print(f"\n{asked.rows:,} rows ({truth.rows['counted']:,} count), {asked.projects} projects\n")
    print("| | list to answer, s | again, s | MB |\n|---|--:|--:|--:|")
    for tool in tools:
        shown = (tool.name, _shown(tool.firsts), _shown(tool.agains), f"{tool.megabytes:.0f}")
        print(f"| {' | '.join(shown)} |")
    return 0


def _shown(runs: Sequence[Run]) -> str:
    walls = [each.wall for each in runs]
    return (
        f"{statistics.median(walls):.2f} ({min(walls):.2f}–{max(walls):.2f});"
        f" cpu {statistics.median(each.cpu for each in runs):.2f}"
    )


if __name__ == "__main__":
    sys.exit(main())
