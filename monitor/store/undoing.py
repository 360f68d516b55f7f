"""What an import touched, and what lists that stay show of the same payment documents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    String,
    and_,
    cast,
    func,
    or_,
    select,
    union,
    update,
)

from monitor.store import numberings, sightings
from monitor.store.batches import among, batches
from monitor.store.imports import Import, as_import
from monitor.store.payment_tables import (
    aliases,
    conflicts,
    payments,
    rejections,
    resolutions,
)
from monitor.store.row_texts import PAYMENT
from monitor.store.tables import imports, projects

Place = tuple[int, int]
"""A row of a list: import id and line."""


_CONTENT = ("amount_fen", "status", "wording_id")


class Seen(NamedTuple):
    """A row that says what a recorded payment says."""

    payment_id: int
    number: str


@dataclass(slots=True)
class Evidence:
    """What the lists in force show of some documents: their rows, as they are kept.

    `rows` are payments (in force or not) and conflicts by the place of the list's row, `seen` the
    rows that only repeat another one. `payments` are all recorded ones of the documents.
    """

    rows: dict[Place, Row[Any]] = field(default_factory=dict)
    seen: dict[Place, Seen] = field(default_factory=dict)
    payments: dict[int, Row[Any]] = field(default_factory=dict)
    conflicts: dict[int, Row[Any]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


def every(connection: Connection) -> list[Import]:
    """The imports in force and those that were taken back, in the order in which they landed."""
    return [as_import(row) for row in connection.execute(select(imports).order_by(imports.c.id))]


def landed(connection: Connection, import_id: int) -> Row[Any] | None:
    """An import by its number, in force or not."""
    return connection.execute(select(imports).where(imports.c.id == import_id)).one_or_none()


def mark(connection: Connection, import_id: int, *, at: datetime, actor: str, reason: str) -> None:
    """Takes an import out of force; nothing else changes by that."""
    connection.execute(
        update(imports)
        .where(imports.c.id == import_id, imports.c.undone == 0)
        .values(undone=import_id, undone_at=at, undone_by=actor, undone_reason=reason)
    )


def facts(connection: Connection, ids: Iterable[int]) -> list[Row[Any]]:
    """Payments by id, in force or not."""
    found: list[Row[Any]] = []
    for batch in batches(ids):
        found += connection.execute(select(*PAYMENT).where(payments.c.id.in_(batch))).all()
    return found


def projects_of(connection: Connection, ids: Iterable[int]) -> set[tuple[int, str]]:
    """Year and code of projects by id."""
    found: set[tuple[int, str]] = set()
    for batch in batches(sorted(ids)):
        query = select(projects.c.year, projects.c.project_code).where(projects.c.id.in_(batch))
        found.update((year, code) for year, code in connection.execute(query))
    return found


def take_back_all(connection: Connection, import_id: int, *, at: datetime, by: str) -> int:
    """Takes back the payments of an import that are in force: how many; the sums are others'."""
    done = connection.execute(
        update(payments)
        .where(payments.c.import_id == import_id, payments.c.undone == 0)
        .values(undone=payments.c.id, undone_at=at, undone_by=by)
    )
    return done.rowcount


def shared_names(connection: Connection, import_id: int) -> set[str]:
    """The names of the documents that this import and others have to do with.

    The import is no longer in force, so that its own sightings are left out.
    """
    mine, others = payments.alias("mine"), payments.alias("others")
    of_mine = and_(mine.c.import_id == import_id, others.c.import_id != import_id)
    same_year = mine.c.year == others.c.year
    pairs = [and_(mine.c.number == others.c.number, same_year, of_mine)]
    if numberings.by_voucher(connection):  # else no number is another one's voucher
        numberings.ready_for_vouchers(connection)
        pairs += [
            and_(mine.c.voucher == others.c.number, mine.c.voucher != "", same_year, of_mine),
            and_(mine.c.number == others.c.voucher, same_year, of_mine),
        ]
    named_by = select(payments.c.number).join(aliases, aliases.c.payment_id == payments.c.id)
    contradicted = select(payments.c.number).join(
        conflicts, conflicts.c.payment_id == payments.c.id
    )
    queries: Iterable[Select[Any]] = (
        *(select(mine.c.number).join_from(mine, others, pair) for pair in pairs),
        named_by.where(aliases.c.import_id == import_id),
        select(aliases.c.number).where(aliases.c.import_id == import_id),
        contradicted.where(
            or_(conflicts.c.import_id == import_id, payments.c.import_id == import_id)
        ),
        select(payments.c.number).where(payments.c.undone_by == f"import {import_id}"),
        select(rejections.c.number).where(rejections.c.import_id == import_id),
    )
    found = set(chain.from_iterable(connection.scalars(query.distinct()) for query in queries))
    found.update(_seen_by_others(connection, import_id))
    return found - {""}


def _seen_by_others(connection: Connection, import_id: int) -> Iterator[str]:
    mine = select(payments.c.id, payments.c.number).where(payments.c.import_id == import_id)
    numbers = {row.id: row.number for row in connection.execute(mine)}
    return (numbers[id_] for id_ in sightings.of_payments(connection, numbers))


def gather(connection: Connection, names: Iterable[str], evidence: Evidence) -> None:
    """Adds what is recorded under these names of documents: numbers, vouchers, second numbers."""
    wanted = sorted(names)
    found = _payments(connection, _named(connection, wanted))
    _keep(evidence, found)
    in_conflict = _conflicts(connection, wanted, [row.id for row in found])
    missing = {row.payment_id for row in in_conflict}.difference(evidence.payments)
    more = list(
        chain.from_iterable(
            _payments(connection, payments.c.id.in_(batch)) for batch in batches(sorted(missing))
        )
    )
    _keep(evidence, more)
    for row in in_conflict:
        evidence.conflicts[row.id] = row
        evidence.rows.setdefault((row.import_id, row.line), row)
        evidence.names.update({row.number, row.voucher})
    seen = sightings.of_payments(connection, [row.id for row in (*found, *more)])
    for payment_id, places in seen.items():
        for place in places:
            number = evidence.payments[payment_id].number
            evidence.seen.setdefault(place, Seen(payment_id, number))
    evidence.names.update(second.number for second in seconds(connection, evidence.payments))
    evidence.names.discard("")


def _keep(evidence: Evidence, found: Iterable[Row[Any]]) -> None:
    for row in found:
        evidence.payments[row.id] = row
        evidence.names.update({row.number, row.voucher})
        if row.import_in_force:
            evidence.rows[row.import_id, row.line] = row


def _named(connection: Connection, names: Collection[str]) -> ColumnElement[bool]:
    """Payments of any year under these names. With the years there is an index."""
    years = _years(connection)
    of_any_year = payments.c.year.in_(years)
    second = select(aliases.c.payment_id).where(
        aliases.c.year.in_(years), among(connection, aliases.c.number, names)
    )
    first = select(payments.c.id).where(of_any_year, among(connection, payments.c.number, names))
    ways = [first, second]
    if numberings.by_voucher(connection):
        numberings.ready_for_vouchers(connection)
        beside = among(connection, payments.c.voucher, names)
        ways.append(select(payments.c.id).where(of_any_year, beside))
    return payments.c.id.in_(union(*ways))


def _years(connection: Connection) -> range:
    """All years that may have payments."""
    first = connection.scalar(select(func.min(payments.c.year)))
    last = connection.scalar(select(func.max(payments.c.year)))
    return range(first, last + 1) if first and last else range(0)


def _payments(connection: Connection, which: ColumnElement[bool]) -> list[Row[Any]]:
    day = cast(payments.c.pay_date, String).label("day")
    in_force = (imports.c.undone == 0).label("import_in_force")
    query: Select[Any] = select(*PAYMENT, day, in_force).join(
        imports, imports.c.id == payments.c.import_id
    )
    return list(connection.execute(query.where(which).order_by(payments.c.id)).all())


def _conflicts(
    connection: Connection, names: Collection[str], payment_ids: Collection[int]
) -> list[Row[Any]]:
    day = cast(conflicts.c.pay_date, String).label("day")
    query = (
        select(conflicts, day)
        .join(imports, imports.c.id == conflicts.c.import_id)
        .where(imports.c.undone == 0)
        .order_by(conflicts.c.id)
    )
    wanted, ids = set(names), set(payment_ids)
    return [
        row
        for row in connection.execute(query)
        if row.payment_id in ids or row.number in wanted or row.voucher in wanted
    ]


def seconds(connection: Connection, payment_ids: Iterable[int]) -> list[Row[Any]]:
    """The second numbers that lists in force give these payments."""
    found: list[Row[Any]] = []
    for batch in batches(sorted(set(payment_ids))):
        query = (
            select(aliases)
            .join(imports, imports.c.id == aliases.c.import_id)
            .where(imports.c.undone == 0, aliases.c.payment_id.in_(batch))
        )
        found += connection.execute(query).all()
    return found


def rejected(connection: Connection, names: Iterable[str]) -> dict[int, list[Row[Any]]]:
    """The rejected rows of these numbers by import, in force or not."""
    query: Select[Any] = (
        select(
            rejections.c.import_id,
            rejections.c.line,
            rejections.c.number,
            rejections.c.content,
            imports.c.months,
        )
        .join(imports, imports.c.id == rejections.c.import_id)
        .where(among(connection, rejections.c.number, names))
        .order_by(rejections.c.import_id, rejections.c.line)
    )
    found: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.import_id].append(row)
    return dict(found)


def decided(connection: Connection, names: Iterable[str]) -> list[Row[Any]]:
    """The decisions in force about conflicts of these documents: both rows, each with its day."""
    mine = (conflicts.c[name] for name in ("import_id", "line", "year", "number", *_CONTENT))
    query: Select[Any] = (
        select(
            resolutions.c.id,
            resolutions.c.keep,
            *mine,
            cast(conflicts.c.pay_date, String).label("day"),
            payments.c.number.label("kept_number"),
            cast(payments.c.pay_date, String).label("kept_day"),
            *(payments.c[name].label(f"kept_{name}") for name in _CONTENT),
        )
        .join_from(resolutions, conflicts, conflicts.c.id == resolutions.c.conflict_id)
        .join(payments, payments.c.id == conflicts.c.payment_id)
        .where(resolutions.c.undone == 0)
        .order_by(resolutions.c.id)
    )
    wanted = set(names)
    rows = connection.execute(query)
    return [row for row in rows if row.number in wanted or row.kept_number in wanted]


def lapse(connection: Connection, ids: Iterable[int], *, at: datetime, by: str) -> None:
    """Takes decisions about conflicts back, since one of the two sides is no more."""
    for batch in batches(ids):
        connection.execute(
            update(resolutions)
            .where(resolutions.c.id.in_(batch), resolutions.c.undone == 0)
            .values(undone=resolutions.c.id, undone_at=at, undone_by=by)
        )
