"""Which files landed: by whom, when, what they cover and what became of their rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from monitor.errors import Diagnostic
from monitor.store.batches import batches
from monitor.store.tables import imports

Receipt = Mapping[str, tuple[int, int]]
"""Outcome → rows, and their fen where the amount is readable."""


@dataclass(frozen=True, slots=True)
class Source:
    """The file behind an import. `scope` tells imports of one file apart: the year for targets."""

    kind: str
    scope: str
    file: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Import:
    """A file that landed. `months` are those that a payment list covers, such as `2025-03`."""

    id: int
    kind: str
    scope: str
    file: str
    sha256: str
    imported_at: datetime
    actor: str
    months: tuple[str, ...]
    receipt: dict[str, tuple[int, int]]
    layout: dict[str, Any]


def find(connection: Connection, source: Source) -> Import | None:
    """The import in force of the same bytes, if there is one."""
    same = (
        imports.c.kind == source.kind,
        imports.c.scope == source.scope,
        imports.c.sha256 == source.sha256,
    )
    row = connection.execute(select(imports).where(*same, imports.c.undone == 0)).one_or_none()
    return None if row is None else as_import(row)


def record(
    connection: Connection,
    source: Source,
    *,
    at: datetime,
    actor: str,
    months: Sequence[str] = (),
    receipt: Receipt | None = None,
    diagnostics: Sequence[Diagnostic] = (),
) -> int:
    """Adds an import and gives its id. The same bytes twice in force break a unique key."""
    added = (
        insert(imports)
        .values(
            kind=source.kind,
            scope=source.scope,
            file=source.file,
            sha256=source.sha256,
            size=source.size,
            imported_at=at,
            actor=actor,
            months=list(months),
            receipt={outcome: list(sums) for outcome, sums in (receipt or {}).items()},
            diagnostics=_diagnostics(diagnostics),
            layout={},
        )
        .returning(imports.c.id)
    )
    return int(connection.scalars(added).one())


def begin(connection: Connection, source: Source, *, at: datetime, actor: str) -> int:
    """Adds an import of which nothing is known yet, and gives its id; see `complete`."""
    return record(connection, source, at=at, actor=actor)


def complete(
    connection: Connection,
    import_id: int,
    *,
    months: Sequence[str],
    receipt: Receipt,
    diagnostics: Sequence[Diagnostic],
    layout: Mapping[str, Any],
) -> None:
    """Fills in what became of an import, in the transaction that began it."""
    connection.execute(
        update(imports)
        .where(imports.c.id == import_id)
        .values(
            months=list(months),
            receipt={outcome: list(sums) for outcome, sums in receipt.items()},
            diagnostics=_diagnostics(diagnostics),
            layout=dict(layout),
        )
    )


def _diagnostics(found: Sequence[Diagnostic]) -> list[dict[str, Any]]:
    return [{"id": d.id, "line": d.place.line, "text": str(d)} for d in found]


def load(connection: Connection, *, kind: str | None = None) -> list[Import]:
    """The imports in force, in the order in which they landed."""
    query = select(imports).where(imports.c.undone == 0).order_by(imports.c.id)
    if kind is not None:
        query = query.where(imports.c.kind == kind)
    return [as_import(row) for row in connection.execute(query)]


def as_import(row: Row[Any]) -> Import:
    """An import out of a row of its table."""
    return Import(
        id=row.id,
        kind=row.kind,
        scope=row.scope,
        file=row.file,
        sha256=row.sha256,
        imported_at=row.imported_at,
        actor=row.actor,
        months=tuple(row.months),
        receipt={outcome: (sums[0], sums[1]) for outcome, sums in row.receipt.items()},
        layout=row.layout,
    )


def layouts(connection: Connection, import_ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """The layouts of imports by id."""
    found: dict[int, dict[str, Any]] = {}
    for batch in batches(sorted(set(import_ids))):
        query = select(imports.c.id, imports.c.layout).where(imports.c.id.in_(batch))
        found |= {row.id: row.layout for row in connection.execute(query)}
    return found
