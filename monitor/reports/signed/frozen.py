"""What was frozen when a unit's year was signed (定稿): values, their seal, and the documents.

The seal (校验码) is over figures, payments and texts, not over the documents that show it; their
SHA-256 stand beside it. Reports of a signed year are made of these values alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row

from monitor.domain.calendar import CHINA
from monitor.domain.sealing import seal, short_seal
from monitor.reports.assessment import layout as self_layout
from monitor.reports.assessment.draft import Cell, Draft
from monitor.reports.paper.blocks import Paper, Paragraph, Style
from monitor.reports.paper.writing import Job, document_path, unit_path
from monitor.reports.signed.plain_values import plain, revive
from monitor.reports.unit.summary_facts import ProjectLine
from monitor.store import finalizations
from monitor.store.counted import Counted

SEAL_HERE = "〔定稿校验码〕"
"""Stands in a frozen unit report where the seal is printed, which is over the report itself."""


@dataclass(frozen=True, slots=True)
class FrozenProject:
    """A project as signed: its form, its line of the summary, and each payment that counted."""

    draft: Draft
    line: ProjectLine
    payments: tuple[Counted, ...]


@dataclass(frozen=True, slots=True)
class FrozenReport:
    """What the unit's own documents say: the report laid out, and what a summary tells of it.

    `unmatched` are the unit's rows without a project, and their fen.
    """

    unit_name: str
    paper: Paper
    sources: tuple[str, ...]
    unmatched: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Frozen:
    """A unit's year as values, without seal: what the seal is over. `projects` by their codes."""

    year: int
    unit_code: str
    as_of: date
    projects: Mapping[str, FrozenProject]
    report: FrozenReport

    @property
    def digest(self) -> str:
        return seal(plain(self))


@dataclass(frozen=True, slots=True)
class Signed:
    """A finalization in force. `documents` are SHA-256 by path in the folder of the reports."""

    frozen: Frozen
    digest: str
    at: datetime
    actor: str
    documents: Mapping[str, str]
    id: int = 0

    @property
    def unit_code(self) -> str:
        return self.frozen.unit_code

    @property
    def short(self) -> str:
        return short_seal(self.digest)

    @property
    def day(self) -> date:
        return self.at.astimezone(CHINA).date()

    @property
    def words(self) -> str:
        """The line of 数据来源 that says that this is the signed version."""
        return f"定稿：{self.day.isoformat()}，校验码 {self.short}"

    @property
    def is_intact(self) -> bool:
        """Whether what is stored is still what was sealed."""
        return self.frozen.digest == self.digest

    @property
    def drafts(self) -> dict[str, Draft]:
        """The signed forms by project code, as they are printed."""
        return {
            code: replace(
                each.draft, digest=self.short, provenance=(*each.draft.provenance, self.words)
            )
            for code, each in self.frozen.projects.items()
        }

    @property
    def paper(self) -> Paper:
        """The unit's report, as it is printed."""
        paper = self.frozen.report.paper
        blocks = (
            replace(each, cell=self._sealed(each.cell)) if isinstance(each, Paragraph) else each
            for each in paper.blocks
        )
        number = len(self.frozen.report.sources) + 1
        last = Paragraph(Cell(f"{number}. {self.words}"), Style.ITEM)
        foot = paper.foot.replace(SEAL_HERE, self.short)
        return replace(paper, blocks=(*blocks, last), foot=foot)

    def _sealed(self, cell: Cell) -> Cell:
        return replace(cell, text=cell.text.replace(SEAL_HERE, self.short))

    def jobs(self, only: str | None = None) -> Iterator[Job]:
        """The documents of its projects, or of one alone, for `writing.write_papers`."""
        for code, draft in self.drafts.items():
            if only in (None, code):
                path = document_path(draft.year, self.unit_code, code, draft.project_name.text)
                yield Job(path, partial(self_layout.paper, draft), draft.as_of, code)

    @property
    def report_job(self) -> Job:
        """The document of its own report."""
        frozen = self.frozen
        name = f"单位自评报告-{frozen.report.unit_name}"
        path = unit_path(frozen.year, frozen.unit_code, name)
        return Job(path, partial(_itself, self.paper), frozen.as_of)


def _itself(paper: Paper) -> Paper:
    return paper


def drafts(connection: Connection, year: int, unit_code: str) -> dict[str, Draft] | None:
    """The signed forms of a unit's year by project code; None where it is not signed."""
    row = finalizations.of(connection, year, unit_code)
    return None if row is None else _signed(connection, row).drafts


def signed(connection: Connection, year: int, unit_code: str | None = None) -> list[Signed]:
    """The finalizations in force of a year, or of one of its units, by unit."""
    rows = finalizations.in_force(connection, year, unit_code)
    return [_signed(connection, row) for row in rows]


def record(connection: Connection, each: Signed) -> None:
    """Stores a finalization. Raises IntegrityError where the unit's year has one in force."""
    frozen = each.frozen
    projects = {
        code: (
            {"form": plain(of.draft), "line": plain(of.line)},
            [plain(payment) for payment in of.payments],
        )
        for code, of in frozen.projects.items()
    }
    finalizations.record(
        connection,
        year=frozen.year,
        unit_code=frozen.unit_code,
        as_of=frozen.as_of,
        digest=each.digest,
        documents=each.documents,
        report=plain(frozen.report),
        projects=projects,
        at=each.at,
        actor=each.actor,
    )


def _signed(connection: Connection, row: Row[Any]) -> Signed:
    frozen = Frozen(
        row.year,
        row.unit_code,
        row.as_of,
        dict(_projects(finalizations.projects_of(connection, row.id))),
        revive(FrozenReport, row.report),
    )
    return Signed(frozen, row.digest, row.recorded_at, row.actor, row.documents, row.id)


def _projects(rows: Iterable[Row[Any]]) -> Iterator[tuple[str, FrozenProject]]:
    for row in rows:
        form, line = revive(Draft, row.draft["form"]), revive(ProjectLine, row.draft["line"])
        payments = tuple(revive(Counted, each) for each in row.payments)
        yield row.project_code, FrozenProject(form, line, payments)
