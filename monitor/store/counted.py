"""Single payments: those that a project's sum is made of, and what has become of one by number."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from monitor.domain.payment import line_label
from monitor.store.batches import batches
from monitor.store.payment_tables import payments
from monitor.store.sums import COUNTED
from monitor.store.tables import imports, projects

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Counted:
    """A payment that counts for a project, and where it stands: file, line, the file's SHA-256.

    `number` is as users name the line; a refund's `amount_fen` is negative.
    """

    number: str
    pay_date: date
    amount_fen: int
    file: str
    line: int
    sha256: str


def counted(
    connection: Connection, *, year: int, as_of: date, codes: Collection[str]
) -> dict[str, tuple[Counted, ...]]:
    """By project code, the payments of the year up to `as_of` that count, as the ledger does.

    By day and number. A project without any is not in it.
    """
    found: dict[str, list[Counted]] = {}
    for batch in batches(sorted(codes), _AT_ONCE):
        query = _rows().where(
            payments.c.pay_date.between(date(year, 1, 1), min(as_of, date(year, 12, 31))),
            payments.c.status.in_(COUNTED),
            projects.c.project_code.in_(batch),
            projects.c.year == year,
        )
        for row in connection.execute(query):
            found.setdefault(row.project_code, []).append(_counted(row))
    return {code: tuple(rows) for code, rows in found.items()}


def by_number(
    connection: Connection, year: int, numbers: Collection[str]
) -> Iterator[tuple[str, Row[Any]]]:
    """The payments in force of these application or voucher numbers, by how users name them."""
    for batch in batches(sorted({_document(each) for each in numbers}), _AT_ONCE):
        query = _rows().where(payments.c.year == year, payments.c.number.in_(batch))
        for row in connection.execute(query):
            yield line_label(row.number, row.ordinal), row


def _document(label: str) -> str:
    """`N/2` is a line of document N; a number may have a stroke of its own."""
    number, stroke, ordinal = label.rpartition("/")
    return number if stroke and ordinal.isdigit() else label


def _rows() -> Select[Any]:
    columns = ("number", "ordinal", "pay_date", "amount_fen", "status", "method", "line")
    return (
        select(
            *(payments.c[name] for name in columns),
            projects.c.project_code,
            imports.c.file,
            imports.c.sha256,
        )
        .join_from(payments, imports, imports.c.id == payments.c.import_id)
        .outerjoin(projects, projects.c.id == payments.c.project_id)
        .where(payments.c.undone == 0)
        .order_by(payments.c.pay_date, payments.c.number, payments.c.ordinal)
    )


def _counted(row: Row[Any]) -> Counted:
    number = line_label(row.number, row.ordinal)
    return Counted(number, row.pay_date, row.amount_fen, row.file, row.line, row.sha256)
