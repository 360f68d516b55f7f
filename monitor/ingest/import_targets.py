"""Use case: a target document lands, or it is refused with all that is wrong in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine

from monitor.domain.revision import Change, changes
from monitor.domain.target import Project, TargetDocument
from monitor.errors import Diagnostic, InputError, has_errors
from monitor.ingest.importing import Incoming, archive, match_waiting
from monitor.ingest.labels import Labels
from monitor.ingest.target_form import Reading
from monitor.ingest.target_reading import read_target_document
from monitor.store import documents, imports, projects
from monitor.store.engine import writing


@dataclass(frozen=True, slots=True)
class Revised:
    """A project that was recorded before and reads otherwise now."""

    project: Project
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class TargetReceipt:
    """What became of a target document. `matched` counts payments that had waited for it."""

    file: str
    known: bool
    document: TargetDocument
    new: int
    same: int
    revised: tuple[Revised, ...]
    matched: int
    diagnostics: tuple[Diagnostic, ...]


def import_targets(
    engine: Engine,
    incoming: Incoming,
    *,
    folder: Path,
    labels: Labels,
    year: int | None = None,
    all_or_nothing: bool = False,
) -> TargetReceipt:
    """Reads a target document and records its projects; `folder` is the archive.

    Projects with errors are left out, the others land; `all_or_nothing` refuses the document
    instead. Raises InputError, with all diagnostics, for a document that cannot be read, has no
    year, or has no project without errors.
    """
    reading = read_target_document(incoming.data, incoming.name, year=year, labels=labels)
    document = _usable(reading, incoming.name, all_or_nothing=all_or_nothing)
    source = incoming.source("targets", str(document.year))
    with writing(engine) as connection:
        if imports.find(connection, source) is not None:
            return TargetReceipt(
                incoming.name, True, document, 0, len(document.projects), (), 0, reading.diagnostics
            )
        archive(folder, incoming)
        import_id = imports.record(
            connection,
            source,
            at=incoming.at,
            actor=incoming.actor,
            receipt={"projects": (len(document.projects), _budget(document))},
            diagnostics=reading.diagnostics,
        )
        documents.record(connection, document, import_id=import_id)
        new, revised = _record(connection, document, import_id, incoming)
        matched = match_waiting(connection, [document.year], at=incoming.at, actor=incoming.actor)
    return TargetReceipt(
        file=incoming.name,
        known=False,
        document=document,
        new=new,
        same=len(document.projects) - new - len(revised),
        revised=revised,
        matched=matched,
        diagnostics=reading.diagnostics,
    )


def _usable(reading: Reading, file: str, *, all_or_nothing: bool) -> TargetDocument:
    document = reading.document
    refused = all_or_nothing and has_errors(reading.diagnostics)
    if document is None or not document.projects or refused:
        raise InputError(
            f"{file} 没有导入。", "请按以下各条改正后重新导入。", None, reading.diagnostics
        )
    return document


def _budget(document: TargetDocument) -> int:
    return sum(project.budget_fen or 0 for project in document.projects)


def _record(
    connection: Connection, document: TargetDocument, import_id: int, incoming: Incoming
) -> tuple[int, tuple[Revised, ...]]:
    """Adds new projects and revisions; what is recorded the same already stays untouched."""
    recorded = {
        stored.project.project_code: stored
        for stored in projects.load(connection, year=document.year)
    }
    new, revised = 0, []
    for project in document.projects:
        before = recorded.get(project.project_code)
        differences = changes(before.project, project) if before else []
        if before and not differences:
            continue
        projects.record(
            connection,
            project,
            replacing=before,
            import_id=import_id,
            at=incoming.at,
            actor=incoming.actor,
        )
        if before:
            revised.append(Revised(project, tuple(differences)))
        else:
            new += 1
    return new, tuple(revised)
