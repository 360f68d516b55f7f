"""Use case: the finance office says which of two versions of a payment document holds.

Nothing is overwritten, so that the decision can be taken back.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from monitor.ingest.assigning import Assigner
from monitor.ingest.conflict_versions import chosen_of, decided_rows, open_rows, versions
from monitor.ingest.ignoring import Deciding
from monitor.ingest.profiles import Columns
from monitor.ingest.reconciling import gather, reconcile
from monitor.ingest.replacing import Keep, Replacing, ResolveReceipt, counted
from monitor.ingest.rereading import Rereader
from monitor.store import conflicts, undoing
from monitor.store.engine import writing

__all__ = ["Keep", "ResolveReceipt", "resolve", "undo_resolution"]


def resolve(
    engine: Engine,
    label: str,
    *,
    keep: Keep,
    version: int | None,
    year: int | None,
    reason: str,
    by: Deciding,
) -> ResolveReceipt:
    """Settles all open conflicts of a document. `version` counts the new ones from 1.

    Raises NotFound where nothing is open, UsageError where it is not clear what is meant.
    """
    with writing(engine) as connection:
        number, rows = open_rows(connection, label, year)
        if keep == "old":
            told = [(row.id, "old", None) for row in rows]
            conflicts.resolve(connection, told, reason=reason, at=by.at, actor=by.actor)
            return ResolveReceipt(number, keep, len(rows))
        chosen = chosen_of(versions(rows), version, number)
        return Replacing(connection, number, reason, by).replace(rows, chosen)


def undo_resolution(
    engine: Engine,
    label: str,
    *,
    year: int | None,
    by: Deciding,
    folder: Path,
    columns: Columns,
) -> ResolveReceipt:
    """Takes back what was decided about a document: its conflicts are open again.

    Raises NotFound where nothing was. `folder` is the archive.
    """
    with writing(engine) as connection:
        number, rows = decided_rows(connection, label, year)
        undoing.lapse(connection, (row.id for row in rows), at=by.at, by=by.actor)
        names = {name for row in rows for name in (row.number, row.kept_number)}
        found = gather(connection, names, Rereader(connection, folder, columns))
        assigner = Assigner(connection, outside=by.outside, matching=by.matching)
        mark = f"resolution {rows[0].id} undone"
        done = reconcile(connection, found, assigner, at=by.at, by=mark)
        gone, came = undoing.facts(connection, done.gone), undoing.facts(connection, done.came)
    return ResolveReceipt(number, "old", len(rows), counted(gone), counted(came))
