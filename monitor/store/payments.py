"""Payments as recorded: what a new list meets there, and what it adds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select, union, update

from monitor.domain.landing import Documents, Recorded
from monitor.domain.payment import Content, Numbered
from monitor.store.batches import batches
from monitor.store.rejections import open_by_number
from monitor.store.tables import aliases, conflicts, imports, payments, sightings

_BATCH = 5_000  # rows in one insert: a long list need not stand in memory twice
_COMPARED = tuple(
    payments.c[name]
    for name in (
        "id", "number", "ordinal", "application", "voucher",
        "pay_date", "amount_fen", "status", "project_code", "unit_code",
    )
)  # fmt: skip


def recorded(connection: Connection, year: int, numbers: Iterable[str]) -> Documents:
    """The lines in force that carry one of `numbers`, as document number or as voucher."""
    by_number: defaultdict[str, list[Recorded]] = defaultdict(list)
    by_voucher: defaultdict[str, list[Recorded]] = defaultdict(list)
    for batch in batches(sorted(set(numbers))):
        wanted = set(batch)
        for line in map(_recorded, connection.execute(_recorded_query(year, batch))):
            for number in wanted & {line.number, line.application}:
                by_number[number].append(line)
            if line.voucher in wanted:
                by_voucher[line.voucher].append(line)
    # Rejected lines matter only to a document of which others are recorded.
    rejected = open_by_number(connection, year) if by_number else {}
    return Documents(by_number, by_voucher, rejected)


def _recorded_query(year: int, numbers: Sequence[str]) -> Select[Any]:
    """The lines with their alias. By ids, so that each of the three ways has its index."""
    ids = union(
        select(payments.c.id).where(payments.c.year == year, payments.c.number.in_(numbers)),
        select(payments.c.id).where(payments.c.year == year, payments.c.voucher.in_(numbers)),
        select(aliases.c.payment_id).where(aliases.c.year == year, aliases.c.number.in_(numbers)),
    )
    alias_in_force = (
        select(aliases.c.payment_id, aliases.c.number.label("alias"), aliases.c.meaning)
        .join(imports, imports.c.id == aliases.c.import_id)
        .where(imports.c.undone == 0)
        .subquery()
    )
    return (
        select(*_COMPARED, alias_in_force.c.alias, alias_in_force.c.meaning)
        .outerjoin(alias_in_force, alias_in_force.c.payment_id == payments.c.id)
        .where(payments.c.id.in_(ids), payments.c.undone == 0)
        .order_by(payments.c.number, payments.c.ordinal)
    )


def _recorded(row: Row[Any]) -> Recorded:
    return Recorded(
        id=row.id,
        number=row.number,
        ordinal=row.ordinal,
        application=row.alias if row.meaning == "application" else row.application,
        voucher=row.alias if row.meaning == "voucher" else row.voucher,
        content=Content(
            pay_date=row.pay_date.isoformat(),
            amount_fen=str(row.amount_fen),
            status=row.status,
            project_code=row.project_code,
            unit_code=row.unit_code,
        ),
    )


def add(connection: Connection, import_id: int, numbered: Sequence[Numbered]) -> list[int]:
    """Records new lines and gives their ids, in the same order. Needs the write lock."""
    if not numbered:
        return []
    first = (connection.scalar(select(func.max(payments.c.id))) or 0) + 1
    ids = range(first, first + len(numbered))
    for batch in batches(zip(ids, numbered, strict=True), _BATCH):
        connection.execute(insert(payments), [_row(each, id_, import_id) for id_, each in batch])
    return list(ids)


def _row(each: Numbered, payment_id: int, import_id: int) -> dict[str, Any]:
    payment = each.payment
    return {
        "id": payment_id,
        "import_id": import_id,
        "line": payment.line,
        "year": payment.pay_date.year,
        "number": each.number,
        "ordinal": each.ordinal,
        "application": payment.application,
        "voucher": payment.voucher,
        "pay_date": payment.pay_date,
        "amount_fen": payment.amount_fen,
        "status": payment.status.value,
        "unit_code": payment.unit_code,
        "unit_name": payment.unit_name,
        "project_code": payment.project_code,
        "project_name": payment.project_name,
        "payee": payment.payee,
        "account": payment.account,
        "purpose": payment.purpose,
        "fund": payment.fund,
        "cells": payment.cells,
        "undone": 0,
    }


def replace(connection: Connection, ids: Iterable[int], *, at: datetime, by: str) -> None:
    """Takes back lines that were only in transit, now that a list shows what became of them."""
    for batch in batches(ids):
        connection.execute(
            update(payments)
            .where(payments.c.id.in_(batch), payments.c.undone == 0)
            .values(undone=payments.c.id, undone_at=at, undone_by=by)
        )


def add_sightings(connection: Connection, import_id: int, seen: Mapping[int, int]) -> None:
    """Records, by line of the new list, which recorded payment it repeats."""
    rows = [{"import_id": import_id, "line": at, "payment_id": id_} for at, id_ in seen.items()]
    if rows:
        connection.execute(insert(sightings), rows)


def add_aliases(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        connection.execute(insert(aliases), list(rows))


def add_conflicts(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        connection.execute(insert(conflicts), list(rows))


def find(connection: Connection, number: str, ordinal: int, year: int | None) -> list[Row[Any]]:
    """The payments in force under this number and place, of one year or of all."""
    query = select(payments).where(
        payments.c.number == number, payments.c.ordinal == ordinal, payments.c.undone == 0
    )
    if year is not None:
        query = query.where(payments.c.year == year)
    return list(connection.execute(query).all())


def conflicting(connection: Connection, *, year: int | None = None) -> list[Row[Any]]:
    """Rows in conflict with a recorded line, with both files, in order of arrival."""
    first, later = imports.alias("kept_imports"), imports
    query = (
        select(
            conflicts,
            later.c.file,
            first.c.file.label("kept_file"),
            payments.c.line.label("kept_line"),
            payments.c.cells.label("kept_cells"),
        )
        .join(later, later.c.id == conflicts.c.import_id)
        .join(payments, payments.c.id == conflicts.c.payment_id)
        .join(first, first.c.id == payments.c.import_id)
        .where(later.c.undone == 0, payments.c.undone == 0)
        .order_by(conflicts.c.import_id, conflicts.c.line)
    )
    if year is not None:
        query = query.where(payments.c.year == year)
    return list(connection.execute(query).all())
