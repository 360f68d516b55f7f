"""Payments as recorded: what a new list meets there, and what it adds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, or_, select, update

from monitor.domain.landing import Documents, Recorded
from monitor.domain.payment import Numbered, Payment
from monitor.store.tables import (
    conflicts,
    imports,
    payments,
    sightings,
)


def recorded(connection: Connection, year: int, numbers: Iterable[str]) -> Documents:
    """The lines in force that carry one of `numbers`, as document number or as voucher."""
    by_number: defaultdict[str, list[Recorded]] = defaultdict(list)
    by_voucher: defaultdict[str, list[Recorded]] = defaultdict(list)
    listed = sorted(set(numbers))
    for start in range(0, len(listed), 400):
        chunk = listed[start : start + 400]
        query = (
            select(payments, imports.c.file)
            .join(imports, imports.c.id == payments.c.import_id)
            .where(payments.c.year == year, payments.c.undone == 0)
            .where(or_(payments.c.number.in_(chunk), payments.c.voucher.in_(chunk)))
            .order_by(payments.c.number, payments.c.ordinal)
        )
        wanted = set(chunk)
        for line in map(_recorded, connection.execute(query)):
            if line.number in wanted:
                by_number[line.number].append(line)
            if line.voucher in wanted:
                by_voucher[line.voucher].append(line)
    return Documents(by_number, by_voucher)


def _recorded(row: Row[Any]) -> Recorded:
    return Recorded(
        id=row.id,
        number=row.number,
        ordinal=row.ordinal,
        application=row.application,
        voucher=row.voucher,
        content=(
            row.pay_date.isoformat(),
            str(row.amount_fen),
            row.status,
            row.project_code,
            row.unit_code,
        ),
        place=f"{row.file} 第 {row.line} 行",
    )


def add(connection: Connection, import_id: int, numbered: Sequence[Numbered]) -> list[int]:
    """Records new lines and gives their ids, in the same order. Needs the write lock."""
    if not numbered:
        return []
    first = (connection.scalar(select(func.max(payments.c.id))) or 0) + 1
    rows = [_row(each, payment_id, import_id) for payment_id, each in enumerate(numbered, first)]
    connection.execute(insert(payments), rows)
    return [row["id"] for row in rows]


def _row(each: Numbered, payment_id: int, import_id: int) -> dict[str, Any]:
    payment: Payment = each.payment
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
        "cells": [list(cell) for cell in payment.cells],
        "undone": 0,
    }


def replace(connection: Connection, ids: Iterable[int], *, at: datetime, by: str) -> None:
    """Takes back lines that were only in transit, now that a list shows what became of them."""
    connection.execute(
        update(payments)
        .where(payments.c.id.in_(list(ids)), payments.c.undone == 0)
        .values(undone=payments.c.id, undone_at=at, undone_by=by)
    )


def add_sightings(connection: Connection, import_id: int, seen: Mapping[int, int]) -> None:
    """Records, by line of the new list, which recorded payment it repeats."""
    rows = [{"import_id": import_id, "line": at, "payment_id": id_} for at, id_ in seen.items()]
    if rows:
        connection.execute(insert(sightings), rows)


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
