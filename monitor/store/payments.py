"""Payments as recorded: what a new list meets there, and what it adds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    String,
    cast,
    delete,
    func,
    insert,
    select,
    union,
    update,
)

from monitor.domain.landing import Documents, Recorded
from monitor.domain.payment import Content
from monitor.store.batches import add_columns, add_many, among, batches, plain_rows
from monitor.store.numberings import ready_for_vouchers
from monitor.store.payment_tables import aliases, numberings, payments, wordings
from monitor.store.rejections import open_by_number
from monitor.store.row_texts import PAYMENT
from monitor.store.tables import imports


class NewPayment(NamedTuple):
    """A payment to be recorded; the names are those of the table's columns."""

    id: int
    import_id: int
    line: int
    year: int
    number: str
    ordinal: int
    named_by: str
    voucher: str
    pay_date: str
    amount_fen: int
    status: str
    wording_id: int
    own_cells: str | None
    project_id: int | None
    method: str


FIRST_LINE = tuple(
    each for each in NewPayment._fields if each not in ("import_id", "year", "ordinal")
)
"""What the first lines of an import's documents differ in."""


class Brief(NamedTuple):
    """What a row of a list is held against at once, where nothing about it is in question.

    The rows of `briefs` have these columns; they are not made into this, there are millions.
    """

    id: int
    number: str
    ordinal: int
    import_id: int
    pay_date: str
    amount_fen: int
    status: str
    wording_id: int
    voucher: str


_LINE = (
    *("id", "number", "ordinal", "named_by", "voucher"),
    *("pay_date", "amount_fen", "status"),
)  # what a line is held against
_KEY = ("year", "number", "ordinal", "undone")


def next_id(connection: Connection) -> int:
    return (connection.scalar(select(func.max(payments.c.id))) or 0) + 1


def add(connection: Connection, new: Iterable[tuple[Any, ...]]) -> None:
    """Records payments, given as `NewPayment` or as tuples like it. Needs the write lock."""
    add_many(connection, payments, NewPayment._fields, new)


def add_unless_known(
    connection: Connection,
    import_id: int,
    year: int,
    ids: range,
    columns: Mapping[str, Sequence[Any]],
) -> set[int]:
    """Records first lines of documents whose number is not in use; gives the ids of the others.

    `columns` are those of FIRST_LINE without the ids, and without the cells where those are
    recorded in texts of many.
    """
    fixed = {"import_id": import_id, "year": year, "ordinal": 1}
    named = {"id": ids, **columns}
    added = add_columns(connection, payments, named, unless=_KEY, fixed=fixed)
    if added == len(ids):
        return set()
    within = payments.c.id.between(ids[0], ids[-1])
    there = connection.scalars(select(payments.c.id).where(within)).all()
    return set(ids).difference(there)


def briefs(connection: Connection, year: int, numbers: Iterable[str]) -> dict[str, list[Any]]:
    """The lines in force under document numbers, each in the order of `Brief`."""
    found: dict[str, list[Any]] = {}
    for row in brief_rows(connection, year, numbers):
        if row[1] in found:
            found[row[1]].append(row)
        else:
            found[row[1]] = [row]
    return found


def brief_rows(connection: Connection, year: int, numbers: Iterable[str]) -> list[tuple[Any, ...]]:
    """The lines in force under document numbers, one after the other; see `Brief`."""
    wanted = among(connection, payments.c.number, numbers)
    return plain_rows(connection, _briefs(year).where(wanted))


def brief_rows_between(
    connection: Connection, year: int, numbers: Sequence[str]
) -> list[tuple[Any, ...]] | None:
    """The lines from the least of the numbers to the greatest; None where most would be others'.

    Of numbers that follow each other, it takes a fraction of the time. For a caller that bears with
    missing ones: a database may sort otherwise than Python, which says what is least.
    """
    most = 2 * len(numbers)
    query = _briefs(year).where(payments.c.number.between(min(numbers), max(numbers)))
    found = plain_rows(connection, query.limit(most + 1))
    return None if len(found) > most else found


def _briefs(year: int) -> Select[Any]:
    columns = (payments.c[name] for name in Brief._fields if name != "pay_date")
    day = cast(payments.c.pay_date, String).label("pay_date")
    named = {column.name: column for column in columns} | {"pay_date": day}
    query = select(*(named[name] for name in Brief._fields))
    return query.where(payments.c.year == year, payments.c.undone == 0)


def take_out(
    connection: Connection, import_id: int, year: int, numbers: Iterable[str]
) -> list[Row[Any]]:
    """Removes rows of an import that is still under way, and gives them with their wordings."""
    said = [wordings.c[n] for n in ("unit_code", "unit_name", "project_code", "project_name")]
    query: Select[Any] = (
        select(*PAYMENT, *said, wordings.c.fund, wordings.c.cells.label("wording_cells"))
        .join(wordings, wordings.c.id == payments.c.wording_id)
        .where(
            payments.c.year == year,
            payments.c.import_id == import_id,
            among(connection, payments.c.number, numbers),
        )
    )
    rows = list(connection.execute(query).all())
    for batch in batches(row.id for row in rows):
        connection.execute(delete(payments).where(payments.c.id.in_(batch)))
    return rows


def lines_of_wordings(
    connection: Connection, import_id: int, wanted: Sequence[int], *, since: int
) -> dict[int, tuple[int, int]]:
    """By wording, the first line of an import that has it, and how many have.

    `since` is the first id that the import gave.
    """
    found = {}
    for batch in batches(wanted):
        query = (
            select(payments.c.wording_id, func.min(payments.c.line), func.count())
            .where(payments.c.id >= since, payments.c.import_id == import_id)
            .where(payments.c.wording_id.in_(batch))
            .group_by(payments.c.wording_id)
        )
        found.update({row[0]: (row[1], row[2]) for row in connection.execute(query)})
    return found


def recorded(
    connection: Connection, year: int, numbers: Iterable[str], vouchers: Collection[str]
) -> Documents:
    """The lines in force that carry one of `numbers` as document number, or of `vouchers` beside.

    Needs the write lock.
    """
    if vouchers:
        ready_for_vouchers(connection)
    by_number: defaultdict[str, list[Recorded]] = defaultdict(list)
    by_voucher: defaultdict[str, list[Recorded]] = defaultdict(list)
    wanted, bare = set(numbers), set(vouchers)
    for line in map(_recorded, connection.execute(_recorded_query(connection, year, wanted, bare))):
        for number in wanted & {line.number, line.application}:
            by_number[number].append(line)
        if line.voucher in bare:
            by_voucher[line.voucher].append(line)
    # Rejected lines matter only to a document of which others are recorded.
    rejected = open_by_number(connection, year) if by_number else {}
    return Documents(by_number, by_voucher, rejected)


def _recorded_query(
    connection: Connection, year: int, numbers: Collection[str], vouchers: Collection[str]
) -> Select[Any]:
    """The lines with their alias. By ids, so that each of the three ways has its index."""
    named = [(payments.c.number, numbers), (aliases.c.number, {*numbers, *vouchers})]
    if vouchers:
        named.append((payments.c.voucher, vouchers))
    ids = union(
        *(
            select(column.table.c["id" if column.table is payments else "payment_id"]).where(
                column.table.c.year == year, among(connection, column, sorted(names))
            )
            for column, names in named
        )
    )
    alias_in_force = (
        select(aliases.c.payment_id, aliases.c.number.label("alias"), aliases.c.meaning)
        .join(imports, imports.c.id == aliases.c.import_id)
        .where(imports.c.undone == 0)
        .subquery()
    )
    return (
        select(
            *(payments.c[name] for name in _LINE),
            wordings.c.project_code,
            wordings.c.unit_code,
            alias_in_force.c.alias,
            alias_in_force.c.meaning,
        )
        .join(wordings, wordings.c.id == payments.c.wording_id)
        .outerjoin(alias_in_force, alias_in_force.c.payment_id == payments.c.id)
        .where(payments.c.id.in_(ids), payments.c.undone == 0)
        .order_by(payments.c.number, payments.c.ordinal)
    )


def _recorded(row: Row[Any]) -> Recorded:
    application = row.number if row.named_by == "application" else ""
    voucher = row.number if row.named_by == "voucher" else row.voucher
    return Recorded(
        id=row.id,
        number=row.number,
        ordinal=row.ordinal,
        application=row.alias if row.meaning == "application" else application,
        voucher=row.alias if row.meaning == "voucher" else voucher,
        content=Content(
            pay_date=row.pay_date.isoformat(),
            amount_fen=str(row.amount_fen),
            status=row.status,
            project_code=row.project_code,
            unit_code=row.unit_code,
        ),
    )


def with_ids(ids: Sequence[int]) -> ColumnElement[bool]:
    return payments.c.id.in_(ids)


def take_back(connection: Connection, ids: Iterable[int], *, at: datetime, by: str) -> None:
    """Marks payments as undone; the caller sees to the sums."""
    for batch in batches(ids):
        connection.execute(
            update(payments)
            .where(payments.c.id.in_(batch), payments.c.undone == 0)
            .values(undone=payments.c.id, undone_at=at, undone_by=by)
        )


def add_aliases(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        connection.execute(insert(aliases), list(rows))


def find(connection: Connection, number: str, ordinal: int, year: int | None) -> list[Row[Any]]:
    """The payments in force under this number and place, of one year or of all."""
    query = (
        select(payments, wordings.c.unit_code, wordings.c.project_code, wordings.c.project_name)
        .join(wordings, wordings.c.id == payments.c.wording_id)
        .where(payments.c.number == number, payments.c.ordinal == ordinal, payments.c.undone == 0)
    )
    years = select(numberings.c.year) if year is None else [year]  # with it there is an index
    query = query.where(payments.c.year.in_(years))
    return list(connection.execute(query).all())
