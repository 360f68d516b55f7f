"""Use case: a target document lands, or it is refused with all that is wrong in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import Engine

from monitor.domain.matchable import MatchSettings
from monitor.domain.target import Project, TargetDocument
from monitor.errors import Diagnostic, InputError, UsageError, has_errors
from monitor.ingest.importing import Incoming, archive, match_waiting
from monitor.ingest.labels import Labels
from monitor.ingest.revising import Act, Revised, revise, vanished
from monitor.ingest.target_form import Reading
from monitor.ingest.target_reading import read_target_document
from monitor.store import documents, imports
from monitor.store.engine import writing


@dataclass(frozen=True, slots=True)
class TargetReceipt:
    """What became of a target document. `matched` counts payments that had waited for it.

    After a `dry_run` all this is what would have become of it. `effective` is the day from which
    a 调整 holds, None for a 勘误. `vanished` are projects that an earlier document of the same
    units brought and this one does not have. `notes` are further sentences for people.
    """

    file: str
    known: bool
    document: TargetDocument
    new: int
    same: int
    revised: tuple[Revised, ...]
    matched: int
    diagnostics: tuple[Diagnostic, ...]
    effective: date | None = None
    dry_run: bool = False
    vanished: tuple[Project, ...] = ()
    notes: tuple[str, ...] = ()


def import_targets(
    engine: Engine,
    incoming: Incoming,
    *,
    folder: Path,
    labels: Labels,
    year: int | None = None,
    all_or_nothing: bool = False,
    effective: date | None = None,
    document: str = "",
    dry_run: bool = False,
    matching: MatchSettings = MatchSettings(),
) -> TargetReceipt:
    """Reads a target document and records its projects; see `land`."""
    reading = read_target_document(incoming.data, incoming.name, year=year, labels=labels)
    return land(
        engine,
        incoming,
        reading,
        folder=folder,
        all_or_nothing=all_or_nothing,
        effective=effective,
        document=document,
        dry_run=dry_run,
        matching=matching,
    )


def land(
    engine: Engine,
    incoming: Incoming,
    reading: Reading,
    *,
    folder: Path,
    all_or_nothing: bool = False,
    effective: date | None = None,
    document: str = "",
    dry_run: bool = False,
    matching: MatchSettings = MatchSettings(),
) -> TargetReceipt:
    """Records the projects of a document as read; `folder` is the archive.

    Projects with errors are left out, the others land; `all_or_nothing` refuses the document
    instead. With `effective` and `document` (文号) revisions are a 调整 from that day, else a
    勘误. A `dry_run` does all of this and takes it back. Raises InputError, with all
    diagnostics, for a document that cannot be read, has no year, or has no project without
    errors; UsageError for a day without a 文号, or outside the year.
    """
    read = _usable(reading, incoming.name, all_or_nothing=all_or_nothing)
    _check_effective(effective, document, read.year)
    source = incoming.source("targets", str(read.year))
    with writing(engine) as connection:
        if imports.find(connection, source) is not None:
            return TargetReceipt(
                incoming.name, True, read, 0, len(read.projects), (), 0, reading.diagnostics
            )
        if not dry_run:
            archive(folder, incoming)
        import_id = imports.record(
            connection,
            source,
            at=incoming.at,
            actor=incoming.actor,
            receipt={"projects": (len(read.projects), _budget(read))},
            diagnostics=reading.diagnostics,
        )
        documents.record(connection, read, import_id=import_id)
        act = Act(import_id, incoming.at, incoming.actor, effective, document)
        outcome = revise(connection, read, act)
        gone = vanished(connection, read, reading.codes, import_id)
        matched = match_waiting(
            connection,
            [read.year],
            matching=matching,
            at=incoming.at,
            actor=incoming.actor,
            cause=f"import {import_id}",
        )
        if dry_run:
            connection.rollback()
    return TargetReceipt(
        file=incoming.name,
        known=False,
        document=read,
        new=outcome.new,
        same=len(read.projects) - outcome.new - len(outcome.revised),
        revised=tuple(outcome.revised),
        matched=matched,
        diagnostics=reading.diagnostics,
        effective=effective,
        dry_run=dry_run,
        vanished=gone,
        notes=tuple(outcome.notes),
    )


def _check_effective(effective: date | None, document: str, year: int) -> None:
    if (effective is None) != (not document.strip()):
        raise UsageError(
            "调整须同时写明生效日期和文号。", "请同时用 --effective 和 --document；勘误则都不写。"
        )
    if effective is not None and effective.year != year:
        raise UsageError(f"生效日期 {effective} 不在 {year} 年内。", "请核对 --effective。")
    if effective is not None and effective == date(year, 1, 1):
        raise UsageError(
            "自 1 月 1 日起有效的是勘误，不是调整。", "请不写 --effective 和 --document。"
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
