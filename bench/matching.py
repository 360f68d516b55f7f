"""Automatic matches and proposals on dirty rows with known truth, beside plain rapidfuzz.

    python -m bench.matching [--rows 10000] [--seed 1]

Precision and recall of what is matched without a person: with slips proposed, with slips taken,
and where every second open row has been decided by hand. The rank of the right project among the
proposals for what stays open, beside what `rapidfuzz.process.extract` proposes by name: among all
projects of the year, and among those of the row's unit. Exit status 1 if an automatic match is
wrong.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from rapidfuzz import process, utils

from bench.dirty_matches import HUNG, Row, World, dirty
from bench.dirty_projects import YEAR
from monitor.domain.matching import Directory, Known, Remembered, name_misfits

Propose = Callable[[Row], Sequence[int]]
_SHOWN = 5


@dataclass(slots=True)
class Automatic:
    """What was matched without a person."""

    right: int = 0
    wrong: list[Row] = field(default_factory=list)
    with_truth: int = 0
    methods: Counter[str] = field(default_factory=Counter)
    open: list[Row] = field(default_factory=list)

    @property
    def matched(self) -> int:
        return self.right + len(self.wrong)


@dataclass(slots=True)
class Ranks:
    """Where the right project stood among the proposals; 0: not among them."""

    ranks: list[int] = field(default_factory=list)

    def top(self, most: int) -> float:
        return 100 * sum(0 < rank <= most for rank in self.ranks) / max(1, len(self.ranks))

    @property
    def mrr(self) -> float:
        return sum(1 / rank for rank in self.ranks if rank) / max(1, len(self.ranks))


def automatic(directory: Directory, rows: Iterable[Row]) -> Automatic:
    said = Automatic()
    for row in rows:
        match = directory.match(row)
        said.with_truth += row.truth is not None
        if match is None:
            said.open.append(row)
        elif match.key == row.truth:
            said.right += 1
            said.methods[match.method] += 1
        else:
            said.wrong.append(row)
    return said


def ranks(rows: Iterable[Row], propose: Propose) -> Ranks:
    """Only over rows whose project is among ours: the others have no right answer."""
    found = Ranks()
    for row in rows:
        if row.truth is not None:
            keys = list(propose(row))[:_SHOWN]
            found.ranks.append(keys.index(row.truth) + 1 if row.truth in keys else 0)
    return found


def ours(world: World, directory: Directory, *, by_wording_alone: bool) -> Propose:
    keys = {each.project_code: each.key for each in world.monitored}
    history = world.history()

    def propose(row: Row) -> Sequence[int]:
        if by_wording_alone:
            found = directory.candidates(row)
        else:
            paid = history.of(row.unit_code, row.payee)
            found = directory.candidates(row, row.purpose, paid)
        return [keys[each.project_code] for each in found]

    return propose


def plain(projects: Iterable[Known]) -> Propose:
    """Rapidfuzz as one would use it at once: extract over all names."""
    names = {each.key: each.project_name for each in projects}
    return lambda row: _extracted(row.project_name or row.purpose, names)


def plain_in_unit(projects: Iterable[Known]) -> Propose:
    """The same among the projects of the row's unit, where the unit is known."""
    units: defaultdict[str, dict[int, str]] = defaultdict(dict)
    names = {}
    for each in projects:
        units[each.unit_code][each.key] = names[each.key] = each.project_name
    return lambda row: _extracted(row.project_name or row.purpose, units.get(row.unit_code, names))


def _extracted(name: str, names: dict[int, str]) -> list[int]:
    found = process.extract(name, names, processor=utils.default_process, limit=_SHOWN)
    return [key for _, _, key in found]


def report_automatic(label: str, said: Automatic) -> None:
    precision = 100 * said.right / max(1, said.matched)
    recall = 100 * said.right / max(1, said.with_truth)
    methods = ", ".join(f"{method} {count}" for method, count in sorted(said.methods.items()))
    print(f"{label:16} {said.matched:6} {precision:9.3f} {recall:8.1f}   {methods}")
    for row in said.wrong[:5]:
        print("  WRONG", row)


def report_ranks(label: str, found: Ranks, seconds: float) -> None:
    shown = f"{found.top(1):7.1f} {found.top(_SHOWN):7.1f} {found.mrr:7.3f} {seconds:7.1f}"
    print(f"{label:34} {shown}")


def report_kinds(rows: Sequence[Row], proposers: dict[str, Propose]) -> None:
    kinds = sorted({row.kind for row in rows if row.truth is not None})
    for kind in kinds:
        alike = [row for row in rows if row.kind == kind and row.truth is not None]
        shown = "  ".join(
            f"{label} {ranks(alike, propose).top(1):5.1f}" for label, propose in proposers.items()
        )
        print(f"  {kind} ({len(alike)}): {shown}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", action="store_true", help="top-1 for each kind of dirt")
    args = parser.parse_args()
    world = dirty(args.rows, args.seed)
    kinds = Counter(row.kind for row in world.rows)
    print(f"{len(world.monitored)} projects, {len(world.rows)} rows:")
    print("  " + ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items())))
    print(f"\n{'automatic':16} {'taken':>6} precision  recall   how")
    wary = automatic(Directory(world.monitored), world.rows)
    report_automatic("slips proposed", wary)
    taking = automatic(Directory(world.monitored, take_slips=True), world.rows)
    report_automatic("slips taken", taking)
    _report_remembered(world, wary.open)
    _report_misfits(world)
    directory = Directory(world.monitored)
    proposers = {
        "ours": ours(world, directory, by_wording_alone=False),
        "ours, by wording alone": ours(world, directory, by_wording_alone=True),
        "rapidfuzz": plain(world.monitored),
        "rapidfuzz in unit": plain_in_unit(world.monitored),
    }
    print(f"\n{'proposals for what is open':34} {'top-1':>7} {'top-5':>7} {'MRR':>7} {'s':>7}")
    for label, propose in proposers.items():
        start = time.perf_counter()
        found = ranks(wary.open, propose)
        report_ranks(label, found, time.perf_counter() - start)
    if args.kinds:
        report_kinds(wary.open, proposers)
    _report_needless(wary.open, proposers["ours"])
    return 1 if wary.wrong or taking.wrong else 0


def _report_remembered(world: World, left: Sequence[Row]) -> None:
    """What decisions by hand for every second open row do for the other half."""
    decided = [row for row in left[::2] if row.truth is not None]
    said = automatic(Directory(world.monitored, remembered=map(_decision, decided)), left[1::2])
    report_automatic("half by hand", said)


def _decision(row: Row) -> Remembered:
    wording = (row.unit_code, row.unit_name, row.project_code, row.project_name)
    return Remembered(YEAR, *wording, key=row.truth or 0)


def _report_misfits(world: World) -> None:
    names = {each.key: each.project_name for each in world.monitored}
    hung = [row for row in world.rows if row.kind == HUNG]
    fine = [row for row in world.rows if row.truth is not None and row.kind != HUNG]
    warned = sum(name_misfits(row.project_name, names[row.truth or 0]) for row in hung)
    false = sum(name_misfits(row.project_name, names[row.truth or 0]) for row in fine)
    print(f"names that do not fit the code: {warned} of {len(hung)} warned of; ", end="")
    print(f"{false} of {len(fine)} fitting names warned of by mistake")


def _report_needless(rows: Iterable[Row], propose: Propose) -> None:
    foreign = [row for row in rows if row.truth is None]
    bare = sum(not propose(row) for row in foreign)
    print(f"\nrows of projects not monitored: {bare} of {len(foreign)} get no proposal at all")


if __name__ == "__main__":
    sys.exit(main())
