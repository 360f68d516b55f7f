"""Which payment belongs to which project: the present answer, and how it came to change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    insert,
    select,
    update,
)

from monitor.domain.matchable import Remembered
from monitor.store import sums
from monitor.store.batches import batches
from monitor.store.payment_tables import matches, payments, wordings
from monitor.store.projects import LATEST_REVISION
from monitor.store.row_texts import PAYMENT
from monitor.store.sums import COUNTED
from monitor.store.tables import imports, projects, revisions

HELD, EXCLUDED = "held", "excluded"
"""A person took this payment's project away, or said it is outside: only a person changes that."""

UNMATCHED = and_(
    payments.c.undone == 0,
    payments.c.status.in_(COUNTED),
    payments.c.project_id.is_(None),
    payments.c.method.in_(("", HELD)),
)
"""Payments whose money counts for no project yet, and that nobody said to leave out."""
_MANY = 10_000  # wordings at once: each statement looks through all payments

_SAID = tuple(
    wordings.c[name]
    for name in (
        "unit_code", "unit_name", "project_code", "project_name", "fund", "category", "economic",
    )
)  # fmt: skip


def _rows() -> Select[Any]:
    """Payments with what their list says of them: the cells, and which column means what."""
    return (
        select(
            *PAYMENT,
            *_SAID,
            wordings.c.cells.label("wording_cells"),
            imports.c.file,
            imports.c.sha256,
            imports.c.layout,
            imports.c.imported_at,
            imports.c.actor.label("imported_by"),
        )
        .join(imports, imports.c.id == payments.c.import_id)
        .join(wordings, wordings.c.id == payments.c.wording_id)
        .order_by(payments.c.pay_date, payments.c.number, payments.c.ordinal)
    )


def unmatched(
    connection: Connection,
    *,
    year: int | None = None,
    unit_code: str | None = None,
    limit: int | None = None,
) -> list[Row[Any]]:
    """Counted payments that belong to no project yet, with their file, in order of date."""
    query = _rows().where(UNMATCHED).limit(limit)
    if year is not None:
        query = query.where(payments.c.year == year)
    if unit_code is not None:
        query = query.where(wordings.c.unit_code == unit_code)
    return list(connection.execute(query).all())


def of_project(connection: Connection, project_id: int, year: int) -> list[Row[Any]]:
    """The payments of a project whose money counts, with their file and its checksum."""
    query = _rows().where(*in_project(project_id, year), payments.c.status.in_(COUNTED))
    return list(connection.execute(query).all())


def in_project(project_id: int, year: int) -> tuple[ColumnElement[bool], ...]:
    """Payments in force of a project, whatever their status.

    By all days of the year, so that the index of day and project finds them.
    """
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    return (
        payments.c.pay_date.in_([day for day in days if day.year == year]),
        payments.c.project_id == project_id,
        payments.c.undone == 0,
    )


def like(connection: Connection, *which: ColumnElement[bool]) -> list[Row[Any]]:
    """Payments in force for which this holds."""
    return list(connection.execute(_rows().where(payments.c.undone == 0, *which)).all())


def waiting_wordings(connection: Connection, year: int) -> dict[int, tuple[str, ...]]:
    """What the payments of a year without a project say of it, by wording id."""
    query = (
        select(wordings.c.id, *_SAID)
        .where(wordings.c.id.in_(select(payments.c.wording_id).where(*_waiting(year))))
        .order_by(wordings.c.id)
    )
    return {row[0]: tuple(row[1:]) for row in connection.execute(query)}


def waiting_rows(
    connection: Connection, year: int, wording_ids: Iterable[int]
) -> Iterator[Row[Any]]:
    """The payments of a year without a project that have one of these wordings, one by one."""
    for batch in batches(wording_ids, _MANY):
        where = (*_waiting(year), payments.c.wording_id.in_(batch))
        yield from connection.execute(_rows().where(*where).order_by(None))


def _waiting(year: int) -> tuple[ColumnElement[bool], ...]:
    return (
        payments.c.year == year,
        payments.c.undone == 0,
        payments.c.project_id.is_(None),
        payments.c.method.not_in((HELD, EXCLUDED)),
    )


class Change(NamedTuple):
    """A payment's new project and method; None and '' for none."""

    payment_id: int
    project_id: int | None
    method: str


def change(
    connection: Connection,
    changes: Iterable[Change],
    *,
    at: datetime,
    actor: str,
    cause: str = "",
    reason: str = "",
) -> int:
    """Moves payments, with the sums; how many differ from before. Needs the write lock."""
    moved = 0
    for batch in batches(changes):
        wanted = {each.payment_id: each for each in batch}
        before = select(payments.c.id, payments.c.project_id, payments.c.method).where(
            payments.c.id.in_(list(wanted)), payments.c.undone == 0
        )
        rows = [
            {
                "payment_id": row.id,
                "before_project_id": row.project_id,
                "before_method": row.method,
                "project_id": wanted[row.id].project_id,
                "method": wanted[row.id].method,
                "cause": cause,
                "reason": reason,
                "matched_at": at,
                "actor": actor,
            }
            for row in connection.execute(before)
            if (row.project_id, row.method) != wanted[row.id][1:]
        ]
        _apply(connection, rows)
        moved += len(rows)
    return moved


def _apply(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    if not rows:
        return
    these = payments.c.id.in_([row["payment_id"] for row in rows])
    sums.change(connection, sums.negated(sums.of_payments(connection, these)))
    connection.execute(
        update(payments)
        .where(payments.c.id == bindparam("payment"))
        .values(project_id=bindparam("project"), method=bindparam("found")),
        [
            {"payment": row["payment_id"], "project": row["project_id"], "found": row["method"]}
            for row in rows
        ],
    )
    sums.change(connection, sums.of_payments(connection, these))
    connection.execute(insert(matches), list(rows))


def log(connection: Connection, payment_ids: Iterable[int]) -> list[Row[Any]]:
    """All changes of these payments, in order, with the codes of the projects."""
    before, after = projects.alias("before"), projects.alias("after")
    found: list[Row[Any]] = []
    for batch in batches(sorted(set(payment_ids))):
        query = (
            select(
                matches,
                before.c.project_code.label("before_code"),
                after.c.project_code.label("project_code"),
            )
            .outerjoin(before, before.c.id == matches.c.before_project_id)
            .outerjoin(after, after.c.id == matches.c.project_id)
            .where(matches.c.payment_id.in_(batch))
            .order_by(matches.c.id)
        )
        found += connection.execute(query).all()
    return found


def caused_by(connection: Connection, cause: str) -> list[Row[Any]]:
    """The changes that one cause made, such as `retirement 3`, with the payments as they are."""
    query = (
        select(
            matches,
            payments.c.project_id.label("now_project_id"),
            payments.c.method.label("now_method"),
        )
        .join(payments, payments.c.id == matches.c.payment_id)
        .where(matches.c.cause == cause, payments.c.undone == 0)
        .order_by(matches.c.id)
    )
    return list(connection.execute(query).all())


def project_of(connection: Connection, project_id: int) -> Row[Any]:
    """A project's code and name."""
    query: Select[Any] = (
        select(projects.c.project_code, revisions.c.project_name)
        .join_from(projects, revisions, LATEST_REVISION)
        .where(projects.c.id == project_id)
    )
    found: Row[Any] = connection.execute(query).one()
    return found


def remembered(connection: Connection, year: int) -> list[Remembered]:
    """What people decided by hand, by wording; of one payment the last decision."""
    return [
        Remembered(
            year=year,
            unit_code=row.unit_code,
            unit_name=row.unit_name,
            project_code=row.project_code,
            project_name=row.project_name,
            key=row.project_id,
        )
        for row in decided(connection, year)
    ]


def decided(connection: Connection, year: int) -> list[Row[Any]]:
    """The payments that people matched by hand, by the last decision, with who and why.

    A payment that came again after its import was taken back is the same one by its number: what
    was decided about it since stands above what was decided before.
    """
    query: Select[Any] = (
        select(
            payments.c.id,
            payments.c.year,
            payments.c.number,
            payments.c.ordinal,
            matches.c.project_id,
            matches.c.actor,
            matches.c.reason,
            *_SAID[:4],
        )
        .join_from(matches, payments, payments.c.id == matches.c.payment_id)
        .join(wordings, wordings.c.id == payments.c.wording_id)
        .where(payments.c.year == year, matches.c.cause == "")
        .order_by(matches.c.id)
    )
    last = {(row.number, row.ordinal): row for row in connection.execute(query)}
    return [row for row in last.values() if row.project_id is not None]
