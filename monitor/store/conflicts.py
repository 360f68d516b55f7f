"""Rows whose number is recorded with other content, and what the office decided about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    func,
    insert,
    or_,
    select,
)

from monitor.store.payment_tables import (
    aliases,
    conflicts,
    mendings,
    payments,
    resolutions,
    wordings,
)
from monitor.store.row_texts import CELLS, PAYMENT
from monitor.store.tables import imports

_DECIDED = and_(resolutions.c.conflict_id == conflicts.c.id, resolutions.c.undone == 0)


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
            payments.c.number.label("kept_number"),
            payments.c.line.label("kept_line"),
            CELLS.label("kept_cells"),
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
        .outerjoin(resolutions, _DECIDED)
        .where(imports.c.undone == 0)
        .order_by(conflicts.c.import_id, conflicts.c.line)
    )
    if year is not None:
        query = query.where(conflicts.c.year == year)
    rows = connection.execute(query).all()
    # The kept row may be taken back by a decision; taken back with its import, nothing conflicts.
    return [row for row in rows if not row.kept_undone or row.resolution_id is not None]


def of_import(connection: Connection, import_id: int) -> list[Row[Any]]:
    """The conflicts of one import, with the codes that they name."""
    query = (
        select(conflicts, wordings.c.project_code, wordings.c.unit_code)
        .join(wordings, wordings.c.id == conflicts.c.wording_id)
        .where(conflicts.c.import_id == import_id)
        .order_by(conflicts.c.line, conflicts.c.id)
    )
    return list(connection.execute(query).all())


def open_of(connection: Connection, number: str, *, year: int | None) -> list[Row[Any]]:
    """The undecided rows of a document, or of lists that call it otherwise, with their layout."""
    names = or_(conflicts.c.number == number, payments.c.number == number)
    query = (
        select(
            conflicts,
            wordings.c.unit_code,
            wordings.c.project_code,
            imports.c.file,
            imports.c.layout,
        )
        .join_from(conflicts, imports, imports.c.id == conflicts.c.import_id)
        .join(wordings, wordings.c.id == conflicts.c.wording_id)
        .join(payments, payments.c.id == conflicts.c.payment_id)
        .outerjoin(resolutions, _DECIDED)
        .where(names, imports.c.undone == 0, payments.c.undone == 0, resolutions.c.id.is_(None))
        .order_by(conflicts.c.import_id, conflicts.c.line)
    )
    if year is not None:
        query = query.where(conflicts.c.year == year)
    return list(connection.execute(query).all())


def decided_of(connection: Connection, number: str, *, year: int | None) -> list[Row[Any]]:
    """The decisions in force about a document, with the numbers that it goes by."""
    kept = payments.alias("kept")
    query = (
        select(
            resolutions,
            conflicts.c.year,
            conflicts.c.number.label("number"),
            kept.c.number.label("kept_number"),
        )
        .join(conflicts, conflicts.c.id == resolutions.c.conflict_id)
        .join(imports, imports.c.id == conflicts.c.import_id)
        .join(kept, kept.c.id == conflicts.c.payment_id)
        .where(or_(conflicts.c.number == number, kept.c.number == number))
        .where(resolutions.c.undone == 0, imports.c.undone == 0)
        .order_by(resolutions.c.id)
    )
    if year is not None:
        query = query.where(conflicts.c.year == year)
    return list(connection.execute(query).all())


def history(connection: Connection) -> list[Row[Any]]:
    """All decisions, in force or not, in the order in which they were taken.

    Each with the later list's row, and with the number and the import of the recorded one.
    """
    kept = payments.alias("kept")
    query = (
        select(
            conflicts,
            wordings.c.project_code,
            wordings.c.unit_code,
            kept.c.number.label("kept_number"),
            kept.c.import_id.label("kept_import_id"),
            resolutions.c.id.label("resolution_id"),
            resolutions.c.keep,
            resolutions.c.reason,
            resolutions.c.recorded_at,
            resolutions.c.actor,
            resolutions.c.undone,
            resolutions.c.undone_by,
        )
        .join_from(resolutions, conflicts, conflicts.c.id == resolutions.c.conflict_id)
        .join(wordings, wordings.c.id == conflicts.c.wording_id)
        .join(kept, kept.c.id == conflicts.c.payment_id)
        .order_by(resolutions.c.id)
    )
    return list(connection.execute(query).all())


def put_aside(connection: Connection, year: int, resolution_id: int) -> list[Row[Any]]:
    """The payments in whose place a decision put others, by the first of its rows."""
    return _payments(
        connection,
        payments.c.year == year,
        payments.c.undone_by == f"resolution {resolution_id}",
    )


def recorded_by(
    connection: Connection, year: int, numbers: Iterable[str], import_ids: Iterable[int]
) -> list[Row[Any]]:
    """The lines of a document as these imports brought them, in force or not, each line once."""
    rows = _payments(
        connection,
        payments.c.year == year,
        payments.c.number.in_(sorted(numbers)),
        payments.c.import_id.in_(sorted(import_ids)),
    )
    return list({(row.import_id, row.line): row for row in rows}.values())


def by_id(connection: Connection, payment_ids: Iterable[int]) -> list[Row[Any]]:
    """Payments with the codes that they name."""
    return _payments(connection, payments.c.id.in_(sorted(payment_ids)))


def _payments(connection: Connection, *which: ColumnElement[bool]) -> list[Row[Any]]:
    query: Select[Any] = (
        select(*PAYMENT, wordings.c.project_code, wordings.c.unit_code)
        .join(wordings, wordings.c.id == payments.c.wording_id)
        .where(*which)
        .order_by(payments.c.id)
    )
    return list(connection.execute(query).all())


def resolve(
    connection: Connection,
    decided: Sequence[tuple[int, str, int | None]],
    *,
    reason: str,
    at: datetime,
    actor: str,
    first: int | None = None,
) -> None:
    """Records decisions, given as conflict id, what is kept, and the payment that came in.

    `first` is the reserved id of the first of them (see `reserve_resolution`).
    """
    for place, (conflict_id, keep, payment_id) in enumerate(decided):
        given = {"id": first} if first is not None and place == 0 else {}
        connection.execute(
            insert(resolutions).values(
                **given,
                conflict_id=conflict_id,
                keep=keep,
                payment_id=payment_id,
                reason=reason,
                recorded_at=at,
                actor=actor,
                undone=0,
            )
        )


def returned(connection: Connection, import_id: int) -> set[int]:
    """The lines of an import that came back for rejected rows: each stands for itself."""
    query = select(mendings.c.line).where(mendings.c.import_id == import_id)
    return set(connection.scalars(query))


def reserve_resolution(connection: Connection) -> int:
    """An id for a decision that is recorded later. Needs the write lock.

    PostgreSQL's own count runs ahead of the rows after a crash or a rollback, so it is asked.
    """
    if connection.dialect.name == "postgresql":
        counted = func.nextval(func.pg_get_serial_sequence("resolutions", "id"))
        return int(connection.scalars(select(counted)).one())
    return (connection.scalar(select(func.max(resolutions.c.id))) or 0) + 1


def second_numbers(connection: Connection, payment_ids: Sequence[int]) -> list[dict[str, Any]]:
    """The second numbers that later lists gave these payments, as rows by column."""
    query = select(aliases).where(aliases.c.payment_id.in_(payment_ids))
    rows = connection.execute(query.order_by(aliases.c.import_id)).mappings()
    return [dict(row) for row in rows]
