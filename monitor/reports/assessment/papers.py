"""The self-assessments of a year as documents: what `report self-assessment` and the demo write."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import chain
from pathlib import Path

from monitor.domain.scoring_rules import ScoringRules
from monitor.reports.assessment import layout as self_layout
from monitor.reports.assessment.drafting import draft
from monitor.reports.assessment.facts import ProjectFacts
from monitor.reports.assessment.scoring_settings import ScoringBook
from monitor.reports.paper.blocks import Paper
from monitor.reports.paper.manifest import Written
from monitor.reports.paper.writing import Job, Told, document_path, write_papers
from monitor.reports.signed.frozen import Signed

MANIFEST = "manifest-self-assessment-{year}.csv"


def write_drafts(
    facts: Sequence[ProjectFacts],
    scoring: ScoringBook,
    folder: Path,
    *,
    formats: Sequence[str] = ("docx",),
    provisional: bool = False,
    signed: Sequence[Signed] = (),
    only: str | None = None,
    whole: bool = True,
    told: Told = lambda _done: None,
) -> list[Written]:
    """Writes each project's draft: YEAR/UNIT/CODE-name.docx and so on, and their manifest.

    The projects of `signed`, or of them `only` one, are written as they were frozen. `whole`:
    these are all projects of the year. Raises OSError, which names the file.
    """
    if not (facts or signed):
        return []
    year = facts[0].project.year if facts else signed[0].frozen.year
    frozen = (job for each in signed for job in each.jobs(only))
    return write_papers(
        chain(frozen, _jobs(facts, scoring, provisional=provisional)),
        folder,
        formats,
        manifest=MANIFEST.format(year=year),
        whole=whole,
        told=told,
    )


def _jobs(
    facts: Sequence[ProjectFacts], scoring: ScoringBook, *, provisional: bool
) -> Iterator[Job]:
    for each in facts:
        project, unit = each.project, each.standing.account.unit_code
        rules = scoring.of(project.year, unit)
        yield Job(
            document_path(project.year, unit, project.project_code, project.project_name),
            partial(draft_paper, each, rules, provisional=provisional),
            each.as_of,
            project.project_code,
        )


def draft_paper(
    facts: ProjectFacts, rules: ScoringRules, *, provisional: bool = False, digest: str = ""
) -> Paper:
    """A project's draft, laid out."""
    return self_layout.paper(draft(facts, rules, provisional=provisional, digest=digest))
