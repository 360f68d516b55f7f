"""The overview of 2,000 projects of 200 units, from 40,000 payments.

    python -m bench.overview [--projects 2000] [--runs 5] [--folder /var/tmp/bench_overview]

The workspace is made once and used again. Each run is a whole `monitor report overview` in a
process of its own: seconds of the clock, peak memory and size of the file, beside a process that
does no more than import what the command needs. All runs must give the same bytes, and the sums of
the page must be the list's truth. Exit status 1 if a limit is passed. Use a quiet machine.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from statistics import median

from bench.payment_lists import Spec, Truth, write
from bench.payment_runs import YEAR_END, Wrong, check_standing, monitor, run, workspace
from monitor.bootstrap import open_workspace
from monitor.domain.money import round_half_up, yuan

SECONDS, OF_200 = 2.0, 2_000_000
"""After the imports of the program; bytes of the page of 200 projects."""

_IMPORTS = "import monitor.cli.main, monitor.bootstrap, monitor.reports.overview.page"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--folder", type=Path, default=Path("/var/tmp/bench_overview"))
    parser.add_argument("--projects", type=int, default=2_000)
    parser.add_argument("--runs", type=int, default=5)
    args = parser.parse_args()
    held = True
    print("| projects | process | imports alone | after imports | limit | MB of memory | bytes | |")
    print("|--:|--:|--:|--:|--:|--:|--:|---|")
    for projects in (args.projects, 200):
        held &= _measured(args.folder / str(projects), projects, args.runs)
    return 0 if held else 1


def _measured(folder: Path, projects: int, runs: int) -> bool:
    """Prints a line of the table; whether it holds its limits."""
    spec = Spec(projects * 20, projects, max(projects // 10, 1))
    folder.mkdir(parents=True, exist_ok=True)
    base, truth = _base(folder, spec)
    page = folder / "overview.html"
    command = monitor(base, "report", "overview", "--as-of", str(YEAR_END), "--out", str(page))
    whole, bare, pages = [], [], set()
    for _ in range(runs):
        bare.append(run([sys.executable, "-c", _IMPORTS]).wall)
        whole.append(run(command).wall)
        pages.add(page.read_bytes())
    _check(pages, truth)
    memory = run(command, memory=True).megabytes
    seconds, size = median(whole) - median(bare), page.stat().st_size
    fine = seconds <= SECONDS and (projects > 200 or size < OF_200)
    figures = f"{median(whole):.2f} s | {median(bare):.2f} s | {seconds:.2f} s | {SECONDS:.2f} s"
    print(f"| {projects} | {figures} | {memory:.0f} | {size:,} | {'' if fine else '**passed**'} |")
    return fine


def _base(folder: Path, spec: Spec) -> tuple[Path, Truth]:
    """A workspace with projects and payments; one that is there is used again."""
    truth = write(spec, folder / "list.csv")
    base, mark = folder / "base", folder / "base.json"
    made_of = repr(spec)
    if not mark.exists() or json.loads(mark.read_text()) != made_of:
        mark.unlink(missing_ok=True)
        workspace(base, spec)
        run(monitor(base, "payments", "import", str(folder / "list.csv")))
        mark.write_text(json.dumps(made_of))
    app = open_workspace(base, actor="bench")
    try:
        check_standing(app, truth)
    finally:
        app.engine.dispose()
    return base, truth


def _check(pages: set[bytes], truth: Truth) -> None:
    if len(pages) != 1:
        raise Wrong(f"{len(pages)} different pages of the same data")
    text = pages.pop().decode()
    paid = yuan(round_half_up(sum(fen for fen, _ in truth.standing(12).values()), 10_000))
    if f"<dd>{paid}</dd>" not in text:
        raise Wrong(f"the page does not say that {paid} 万元 were paid")


if __name__ == "__main__":
    sys.exit(main())
