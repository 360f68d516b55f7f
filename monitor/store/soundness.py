"""Whether the database is what the program alone would have made of it; `monitor doctor` asks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, extract, func, or_, select, text

from monitor.domain.payment import Wording
from monitor.store import sightings, sums, wordings
from monitor.store.matches import UNMATCHED
from monitor.store.packed_texts import BETWEEN, parts
from monitor.store.payment_tables import (
    conflicts,
    matches,
    payments,
    rejections,
    row_texts,
)
from monitor.store.payment_tables import wordings as wordings_table
from monitor.store.row_texts import IN_MANY
from monitor.store.tables import imports, projects

_TOLD = 100  # of SQLite's own findings


def file_faults(connection: Connection) -> list[str]:
    """What SQLite finds wrong with its file, in its own words; PostgreSQL sees to that itself."""
    if connection.dialect.name != "sqlite":
        return []
    said = connection.execute(text(f"PRAGMA integrity_check({_TOLD})")).scalars().all()
    return [str(each) for each in said if each != "ok"]


def lost_references(connection: Connection) -> list[tuple[str, str, int]]:
    """Table, the table that it refers to, and how many rows of it refer to nothing there."""
    if connection.dialect.name != "sqlite":
        return []  # PostgreSQL holds to its foreign keys at every commit
    found: defaultdict[tuple[str, str], int] = defaultdict(int)
    for table, _, target, _ in connection.execute(text("PRAGMA foreign_key_check")):
        found[table, target] += 1
    return [(*tables, rows) for tables, rows in sorted(found.items())]


@dataclass(frozen=True, slots=True)
class OpenReceipt:
    """An import whose receipt does not add up, or whose rows are not all on record.

    `rows` are those of the list as it was read, `told` those of all outcomes, `kept` the lines
    that the database has as payments, as known, in conflict or rejected.
    """

    import_id: int
    file: str
    rows: int
    told: int
    kept: int


def open_receipts(connection: Connection) -> Iterator[OpenReceipt]:
    """Payment imports, undone ones too, of which not every row has its outcome."""
    paid = _lines_by_import(connection, payments)
    rejected = _lines_by_import(connection, rejections)
    disputed = _lines_by_import(connection, conflicts)
    query = select(imports).where(imports.c.kind == "payments").order_by(imports.c.id)
    for row in connection.execute(query).all():
        rows = int(row.layout.get("rows", -1))
        told = sum(sums_[0] for sums_ in row.receipt.values())
        known = sum(1 for _ in sightings.of_import(connection, row.id))
        kept = paid.get(row.id, 0) + known + rejected.get(row.id, 0) + disputed.get(row.id, 0)
        if kept != rows:
            # A line may be on record twice, such as known first and a payment after an undo.
            kept = len(_lines(connection, row.id))
        if not rows == told == kept:
            yield OpenReceipt(row.id, row.file, rows, told, kept)


def _lines_by_import(connection: Connection, table: Any) -> dict[int, int]:
    query = select(table.c.import_id, func.count(table.c.line.distinct()))
    found = connection.execute(query.group_by(table.c.import_id))
    return {row[0]: row[1] for row in found}


def _lines(connection: Connection, import_id: int) -> set[int]:
    lines = {line for line, _ in sightings.of_import(connection, import_id)}
    for table in (payments, rejections, conflicts):
        lines.update(connection.scalars(select(table.c.line).where(table.c.import_id == import_id)))
    return lines


def lost_texts(connection: Connection) -> Iterator[tuple[int, str]]:
    """Texts of many payments that cannot be read, by the first's id, and what is wrong; payments
    whose cells are in none are told under their own id."""
    texts = connection.execution_options(yield_per=100).execute(select(row_texts))
    for first_id, rows, cells in texts:
        try:
            found = len(parts(cells) if isinstance(cells, bytes) else cells.split(BETWEEN))
        except ValueError:
            found = 0
        if found != rows:
            yield first_id, f"应有 {rows} 行原文，能读出 {found} 行"
    apart = select(payments.c.id).where(payments.c.own_cells.is_(None), ~IN_MANY)
    for id_ in connection.scalars(apart.limit(_TOLD)):
        yield id_, "没有原文"


def altered_wordings(connection: Connection) -> list[int]:
    """The ids of wordings whose key is not that of their texts."""
    names = ("key", *Wording._fields)
    query = select(wordings_table.c.id, *(wordings_table.c[name] for name in names))
    return [
        row[0]
        for row in connection.execute(query.order_by(wordings_table.c.id))
        if row[1] != wordings.key_of(Wording(*row[2:]))
    ]


def odd_payments(connection: Connection) -> list[Row[Any]]:
    """Payments in force that contradict themselves: import, line, number."""
    query: Select[Any] = (
        select(payments.c.import_id, payments.c.line, payments.c.number)
        .join(projects, projects.c.id == payments.c.project_id, isouter=True)
        .where(payments.c.undone == 0)
        .where(
            or_(
                extract("year", payments.c.pay_date) != payments.c.year,
                and_(payments.c.project_id.is_not(None), payments.c.method == ""),
                projects.c.year != payments.c.year,
            )
        )
        .order_by(payments.c.id)
    )
    return list(connection.execute(query).all())


def unlogged_matches(connection: Connection) -> list[Row[Any]]:
    """Payments in force whose project is not the one that the last logged change gave them."""
    last = (
        select(matches.c.payment_id, func.max(matches.c.id).label("id"))
        .group_by(matches.c.payment_id)
        .subquery()
    )
    query: Select[Any] = (
        select(payments.c.import_id, payments.c.line, payments.c.number)
        .join_from(last, matches, matches.c.id == last.c.id)
        .join(payments, payments.c.id == matches.c.payment_id)
        .where(payments.c.undone == 0)
        .where(
            or_(
                payments.c.method != matches.c.method,
                func.coalesce(payments.c.project_id, 0) != func.coalesce(matches.c.project_id, 0),
            )
        )
        .order_by(payments.c.id)
    )
    return list(connection.execute(query).all())


def count_unmatched(connection: Connection) -> int:
    query = select(func.count()).select_from(payments).where(UNMATCHED)
    return int(connection.scalar(query) or 0)


def rebuild_sums(connection: Connection) -> int:
    """Makes the monthly sums follow from the payments; how many differed. Needs the write lock."""
    kept = sums.load(connection)
    derived = sums.of_payments(connection)
    changes = {}
    for key in {*kept, *derived}:
        (old_fen, old_lines), (fen, lines) = kept.get(key, (0, 0)), derived.get(key, (0, 0))
        if (old_fen, old_lines) != (fen, lines):
            changes[key] = (fen - old_fen, lines - old_lines)
    sums.change(connection, changes)
    return len(changes)
