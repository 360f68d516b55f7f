"""Use case: adjustments of budgets are recorded, one by hand or a whole list, or taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine

from monitor.domain.calendar import CHINA, day_name
from monitor.domain.matchable import MatchSettings
from monitor.domain.money import yuan
from monitor.errors import NotFound, UsageError
from monitor.ingest import adjustment_kinds as kinds
from monitor.ingest.adjustment_lines import Entry, read_adjustments
from monitor.ingest.adjustment_record import AdjustReceipt, record, refuse
from monitor.ingest.importing import Incoming, archive
from monitor.store import adjustments, imports, projects
from monitor.store.engine import writing


def adjust(
    engine: Engine,
    entry: Entry,
    *,
    at: datetime,
    actor: str,
    again: bool = False,
    matching: MatchSettings = MatchSettings(),
) -> AdjustReceipt:
    """Records one adjustment; what is recorded before stays single, unless `again`.

    Raises NotFound, UsageError or InputError for what cannot be.
    """
    with writing(engine) as connection:
        known = _recorded(connection, [entry]).get(entry.adjustment.same_as)
        if known is not None and not again:
            return AdjustReceipt((known,), (), (), (), 0, ())
        return record(connection, [entry], at=at, actor=actor, import_id=None, matching=matching)


def adjust_file(
    engine: Engine,
    incoming: Incoming,
    *,
    folder: Path,
    year: int | None = None,
    again: bool = False,
    dry_run: bool = False,
    matching: MatchSettings = MatchSettings(),
) -> AdjustReceipt:
    """Records a list of adjustments, whole or not at all; `folder` is the archive.

    Raises InputError with a diagnostic for every line that cannot be.
    """
    entries = read_adjustments(incoming.data, incoming.name, year=year)
    with writing(engine) as connection:
        source = incoming.source("adjustments")
        if imports.find(connection, source) is not None:
            known = _recorded(connection, entries)
            numbers = (known.get(each.adjustment.same_as) for each in entries)
            return AdjustReceipt(tuple(n for n in numbers if n), (), (), (), 0, ())
        if not again:
            _refuse_repeated(connection, entries, incoming.name)
        import_id = imports.record(
            connection,
            source,
            at=incoming.at,
            actor=incoming.actor,
            receipt={"adjustments": (len(entries), sum(e.adjustment.amount_fen for e in entries))},
        )
        receipt = record(
            connection,
            entries,
            at=incoming.at,
            actor=incoming.actor,
            import_id=import_id,
            file=incoming.name,
            dry_run=dry_run,
            matching=matching,
        )
        if dry_run:
            connection.rollback()
        else:
            archive(folder, incoming)
    return receipt


def undo_adjustment(
    engine: Engine, number: int, *, reason: str, at: datetime, actor: str
) -> adjustments.Recorded:
    """Takes an adjustment back. Raises NotFound, or UsageError where budgets would fall below 0."""
    with writing(engine) as connection:
        found = adjustments.find(connection, number)
        if found is None:
            raise NotFound(
                f"没有编号为 {number} 的调整。", "用 monitor targets history 项目编码 查看编号。"
            )
        if found.undone_at is not None:
            raise UsageError(
                f"调整 {number} 已于{day_name(found.undone_at.astimezone(CHINA).date())}撤销。"
            )
        adjustments.undo(connection, number, reason=reason, at=at, actor=actor)
        adjustment = found.adjustment
        codes = [code for code, _ in adjustment.signed]
        ids = {projects.find(connection, found.year, code) for code in codes} - {None}
        for history in adjustments.histories(connection, found.year, ids).values():
            short = history.first_shortfall(adjustment.effective)
            if short:
                raise UsageError(
                    f"撤销后，{day_name(short[0])}的预算数将为 {yuan(short[1])} 元，成了负数。",
                    "请先撤销其后的调减、收回或调剂。",
                )
    return found


def _recorded(connection: Connection, entries: Sequence[Entry]) -> dict[tuple[object, ...], int]:
    """What tells an adjustment → the number of the one in force, in the entries' years."""
    return {
        each.adjustment.same_as: each.id
        for year in {entry.adjustment.effective.year for entry in entries}
        for each in adjustments.load(connection, year=year)
        if each.undone_at is None
    }


def _refuse_repeated(connection: Connection, entries: Sequence[Entry], file: str) -> None:
    numbers = _recorded(connection, entries)
    seen = {key: f"以前已登记，编号 {number}" for key, number in numbers.items()}
    found = []
    for entry in entries:
        key = entry.adjustment.same_as
        if key in seen:
            text = entry.adjustment.document_number
            found.append(kinds.REPEATED.at(entry.place, text, why=seen[key]))
        seen.setdefault(key, f"与{entry.place.spot}相同")
    refuse(file, found)
