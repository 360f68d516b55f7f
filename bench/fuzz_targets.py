"""Damaged and hostile target documents in every form: what becomes of each is counted.

    python -m bench.fuzz_targets [--cases 2000] [--seed 1] [--forms txt docx] [--keep FOLDER]

Each case is read in a process of its own limits: 1 GiB, 20 seconds (60 for the hostile files).
Every project read must equal the truth, or a diagnostic must be there that the undamaged
document has not. Exit status 1 if any case is WRONG, lost, a traceback, a timeout or memory.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import resource
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

from bench.forms import MAKERS, READERS, can_be_made, has_reader, projects, sample_truth
from monitor.domain.target import Project
from monitor.errors import Diagnostic
from monitor.ingest.labels import default_labels
from monitor.ingest.target_form import Reading
from monitor.ingest.target_reading import read_target_document
from tests.ingest.document_damage import damages
from tests.ingest.form_documents import Truth, documents
from tests.ingest.hostile_documents import HOSTILE

MEMORY = 2**30
BAD = ("WRONG", "lost", "traceback", "timeout", "memory")
_FORMS = ("txt", *READERS)
_SECONDS, _LONG_SECONDS = 20, 60


@dataclass(frozen=True)
class Sound:
    """What the undamaged document says: the projects' figures, whole projects, its diagnostics."""

    figures: frozenset[object] = frozenset()
    whole: frozenset[object] = frozenset()
    said: Counter[object] = field(default_factory=Counter)


def figures(project: Project) -> object:
    """What money is judged by; a wrong one must never pass without a word."""
    return (
        project.unit_code,
        project.project_code,
        project.money_unit,
        project.budget_fen,
        project.fiscal_fen,
        project.other_fen,
        project.plan,
    )


def said(diagnostics: tuple[Diagnostic, ...]) -> Counter[object]:
    return Counter((each.id, each.text, each.meaning) for each in diagnostics)


def whole(project: Project) -> object:
    texts = (project.unit_name, project.project_name, project.purpose, project.goals)
    return (figures(project), texts, tuple(map(repr, project.indicators)))


def read(data: bytes, year: int) -> Reading:
    return read_target_document(data, "a", year=year, labels=default_labels())


def sound(data: bytes, year: int, truth: Truth) -> Sound:
    """Raises where the undamaged document itself is not read as the truth has it."""
    reading = read(data, year)
    found = reading.document.projects if reading.document else ()
    codes = {(each.project_code, each.budget_fen) for each in found}
    if codes != {(each["project_code"], each["budget_fen"]) for each in truth}:
        raise RuntimeError(f"the undamaged document is not the truth: {reading.diagnostics[:3]}")
    return Sound(
        frozenset(map(figures, found)), frozenset(map(whole, found)), said(reading.diagnostics)
    )


def judged(reading: Reading, known: Sound) -> str:
    """The outcome of one case."""
    found = reading.document.projects if reading.document else ()
    if said(reading.diagnostics) - known.said:
        return "diagnostic"
    if not {figures(each) for each in found} <= known.figures:
        return "WRONG"
    if len(found) < len(known.figures):
        return "lost"
    return "truth" if {whole(each) for each in found} == known.whole else "texts differ"


def _serve(wire: Connection) -> None:
    """Reads the files that it is sent, one after the other, under the limit of memory."""
    default_labels()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    while True:
        path, year, known = wire.recv()
        try:
            wire.send((judged(read(Path(path).read_bytes(), year), known), ""))
        except MemoryError:
            wire.send(("memory", traceback.format_exc(limit=-4)))
        except BaseException:
            wire.send(("traceback", traceback.format_exc(limit=-6)))


class Reader:
    """A process that reads; it is begun anew after a case that it did not survive."""

    def __init__(self) -> None:
        self._context = multiprocessing.get_context("spawn")
        self._begin()

    def _begin(self) -> None:
        self._wire, inner = self._context.Pipe()
        self._process = self._context.Process(target=_serve, args=(inner,), daemon=True)
        self._process.start()
        inner.close()

    def outcome(self, path: Path, year: int, known: Sound, seconds: int) -> tuple[str, str]:
        self._wire.send((str(path), year, known))
        if self._wire.poll(seconds):
            try:
                result: tuple[str, str] = self._wire.recv()
            except EOFError:
                result = ("memory", "the process was ended")
        else:
            result = ("timeout", "")
        if result[0] in ("timeout", "memory"):
            self.close()
            self._begin()
        return result

    def close(self) -> None:
        self._process.kill()
        self._process.join()
        self._wire.close()


Case = tuple[str, bytes, int, Sound]


def hostile(forms: list[str]) -> Iterator[Case]:
    for name, make in HOSTILE.items():
        if name.partition(":")[0] in forms:
            yield name, make(), 2025, Sound()
    for form in ("txt", "html"):
        if form in forms:
            many = projects(10_000)
            known = Sound(frozenset(range(len(many))))  # none of them: all must be told or true
            yield f"{form}: 10,000 projects", MAKERS[form](many), 2025, known


def damaged(form: str, cases: int, seed: int) -> Iterator[Case]:
    """Every sample in this form, damaged in every way in turn."""
    bases = []
    for source, found in documents(sample_truth()).items():
        data, year = MAKERS[form](found), found[0]["year"]
        bases.append((source[:3], data, year, sound(data, year, found)))
    dice = random.Random(f"{form} {seed}")
    ways = damages(form)
    for number in range(cases):
        way = list(ways)[number % len(ways)]
        source, data, year, known = dice.choice(bases)
        yield f"{form}: {number} {way} of {source}", ways[way](data, dice), year, known


def campaign(cases: Iterator[Case], seconds: int, keep: Path | None) -> Counter[str]:
    counts: Counter[str] = Counter()
    reader = Reader()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "case")
        for name, data, year, known in cases:
            may_be_shorter = name.startswith("txt:") and " cut of " in name
            path.write_bytes(data)
            start = time.monotonic()
            result, why = reader.outcome(path, year, known, seconds)
            taken = time.monotonic() - start
            if result == "lost" and may_be_shorter:
                result = "shorter"  # cut in the last cell of a project: nothing shows it
            counts[result] += 1
            if result in BAD:
                print(f"{result}: {name} ({taken:.1f} s)\n{why}", flush=True)
                if keep:
                    keep.mkdir(parents=True, exist_ok=True)
                    (keep / name.replace(":", "").replace(" ", "_")[:60]).write_bytes(data)
            elif taken > seconds / 2:
                print(f"slow: {name} ({taken:.1f} s)", flush=True)
    reader.close()
    return counts


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cases", type=int, default=2_000, help="damaged documents a form")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--forms", nargs="*", default=list(_FORMS), choices=_FORMS)
    parser.add_argument("--no-hostile", action="store_true")
    parser.add_argument("--keep", type=Path, help="folder for the files that went wrong")
    asked = parser.parse_args()
    forms = [each for each in asked.forms if has_reader(each) and can_be_made(each)]
    total: Counter[str] = Counter()
    if not asked.no_hostile:
        total += (counts := campaign(hostile(forms), _LONG_SECONDS, asked.keep))
        print(f"hostile {counts.total():6}  {dict(counts)}", flush=True)
    for form in forms if asked.cases else ():
        total += (counts := campaign(damaged(form, asked.cases, asked.seed), _SECONDS, asked.keep))
        print(f"{form:7} {counts.total():6}  {dict(counts)}", flush=True)
    print(f"all     {total.total():6}  {dict(total)}")
    return int(any(total[each] for each in BAD))


if __name__ == "__main__":
    sys.exit(main())
