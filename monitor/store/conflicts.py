"""Rows whose number is recorded with other content, and what the office decided about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, and_, insert, select

from monitor.store.payment_tables import conflicts, payments, resolutions, wordings
from monitor.store.tables import imports


def add(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        connection.execute(insert(conflicts), list(rows))


def load(connection: Connection, *, year: int | None = None) -> list[Row[Any]]:
    """Conflicts with both versions of the row, and the decision in force, in order of arrival.

    `kept_…` is the row that came first. Those of an import that was taken back are left out.
    """
    first, its_words = imports.alias("kept_imports"), wordings.alias("kept_wordings")
    query = (
        select(
            conflicts,
            wordings.c.cells.label("wording_cells"),
            imports.c.file,
            imports.c.layout,
            payments.c.line.label("kept_line"),
            payments.c.cells.label("kept_cells"),
            payments.c.undone.label("kept_undone"),
            its_words.c.cells.label("kept_wording_cells"),
            first.c.file.label("kept_file"),
            first.c.layout.label("kept_layout"),
            resolutions.c.id.label("resolution_id"),
            resolutions.c.keep,
            resolutions.c.reason,
            resolutions.c.recorded_at,
            resolutions.c.actor,
        )
        .join_from(conflicts, imports, imports.c.id == conflicts.c.import_id)
        .join(wordings, wordings.c.id == conflicts.c.wording_id)
        .join(payments, payments.c.id == conflicts.c.payment_id)
        .join(its_words, its_words.c.id == payments.c.wording_id)
        .join(first, first.c.id == payments.c.import_id)
        .outerjoin(
            resolutions,
            and_(resolutions.c.conflict_id == conflicts.c.id, resolutions.c.undone == 0),
        )
        .where(imports.c.undone == 0)
        .order_by(conflicts.c.import_id, conflicts.c.line)
    )
    if year is not None:
        query = query.where(conflicts.c.year == year)
    rows = connection.execute(query).all()
    # The kept row may be taken back by a decision; taken back with its import, nothing conflicts.
    return [row for row in rows if not row.kept_undone or row.resolution_id is not None]
