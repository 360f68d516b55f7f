"""Self-assessment drafts into a folder: YEAR/UNIT/CODE-name.docx, each whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from monitor.domain.scoring import ScoringRules
from monitor.files import safe_name, write_whole
from monitor.reports.docx_writer import docx
from monitor.reports.facts import ProjectFacts
from monitor.reports.self_assessment import draft

_WORTH_A_PROCESS = 8  # drafts; starting a process takes as long as some ten of them
_LONGEST_NAME = 40  # characters; three bytes each, and some file systems take 255


def write_drafts(
    facts: Sequence[ProjectFacts], rules: ScoringRules, folder: Path
) -> Iterator[Path]:
    """Writes each project's draft and gives its path as soon as it is there.

    A batch is spread over the machine's processors: charts take most of the time.
    """
    write = partial(_write_draft, rules=rules, folder=folder)
    workers = min(os.cpu_count() or 1, len(facts) // _WORTH_A_PROCESS)
    if workers < 2:
        yield from map(write, facts)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(write, facts, chunksize=4)


def _write_draft(facts: ProjectFacts, *, rules: ScoringRules, folder: Path) -> Path:
    target = folder / draft_path(facts)
    target.parent.mkdir(parents=True, exist_ok=True)
    write_whole(target, docx(draft(facts, rules)))
    return target


def draft_path(facts: ProjectFacts) -> Path:
    """Where a project's draft goes, in a folder of its own for year and unit."""
    project = facts.project
    name = safe_name(project.project_name)[:_LONGEST_NAME].strip("._") or "项目"
    return Path(
        str(project.year), _safe(project.unit_code), f"{_safe(project.project_code)}-{name}.docx"
    )


def _safe(code: str) -> str:
    return safe_name(code).strip(".") or "_"
