"""Target documents as they landed: the first part, the goals of the whole unit."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from monitor.domain.target import OverallGoals, TargetDocument
from monitor.store.tables import documents, imports, projects, revisions


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A target document as it landed, with its first part."""

    file: str
    sha256: str
    imported_at: datetime
    year: int
    year_source: str
    goals: OverallGoals


def load(connection: Connection, *, year: int | None = None) -> list[StoredDocument]:
    """The target documents in force, in the order in which they landed."""
    query = (
        select(documents, imports.c.file, imports.c.sha256, imports.c.imported_at)
        .join(imports, imports.c.id == documents.c.import_id)
        .where(imports.c.undone == 0)
        .order_by(documents.c.id)
    )
    if year is not None:
        query = query.where(documents.c.year == year)
    return [
        StoredDocument(
            file=row.file,
            sha256=row.sha256,
            imported_at=row.imported_at,
            year=row.year,
            year_source=row.year_source,
            goals=OverallGoals(row.overall, row.itemised, row.safeguards),
        )
        for row in connection.execute(query)
    ]


def record(connection: Connection, document: TargetDocument, *, import_id: int) -> None:
    """Keeps the document's first part, the goals of the whole unit."""
    goals = document.goals
    connection.execute(
        insert(documents).values(
            import_id=import_id,
            year=document.year,
            year_source=document.year_source,
            overall=goals.overall,
            itemised=goals.itemised,
            safeguards=goals.safeguards,
        )
    )


def brought(connection: Connection, year: int) -> dict[int, set[str]]:
    """By import, the codes of the projects of a year that its document brought or revised."""
    query = (
        select(revisions.c.import_id, projects.c.project_code)
        .join(projects, projects.c.id == revisions.c.project_id)
        .join(imports, imports.c.id == revisions.c.import_id)
        .where(projects.c.year == year, imports.c.kind == "targets", imports.c.undone == 0)
    )
    found: defaultdict[int, set[str]] = defaultdict(set)
    for row in connection.execute(query):
        found[row.import_id].add(row.project_code)
    return dict(found)
