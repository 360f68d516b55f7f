"""What people decided about payments that come back as another row: the decision goes with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, select

from monitor.store import matches as matching
from monitor.store.batches import among
from monitor.store.payment_tables import matches, payments
from monitor.store.projects import known


class Decision(NamedTuple):
    """A project (None: none) and method, with who said so and why."""

    project_id: int | None
    method: str
    actor: str
    reason: str


def of_import(connection: Connection, import_id: int) -> dict[int, Decision]:
    """What was decided about payments of this import when another import had brought them."""
    return _decided(connection, lambda row: row.import_id == import_id)


def of_payments(connection: Connection, ids: Collection[int]) -> dict[int, Decision]:
    """The same of single payments."""
    wanted = set(ids)
    return _decided(connection, lambda row: row.id in wanted)


def _decided(connection: Connection, wanted: Callable[[Row[Any]], bool]) -> dict[int, Decision]:
    """The last decision of a person about each payment in force, if nothing came after it.

    A payment is the same where number, date, amount and status are.
    """
    query = (
        select(payments, *(matches.c[name].label(f"to_{name}") for name in Decision._fields))
        .join_from(matches, payments, payments.c.id == matches.c.payment_id)
        .where(matches.c.cause == "", payments.c.undone != 0)
        .order_by(matches.c.id)
    )
    decisions = {
        _same(row): Decision(row.to_project_id, row.to_method, row.to_actor, row.to_reason)
        for row in connection.execute(query)
    }
    numbers: defaultdict[int, set[str]] = defaultdict(set)
    for year, number, *_ in decisions:
        numbers[year].add(number)
    found: dict[int, Decision] = {}
    for year, of_year in numbers.items():
        in_force = {each.key for each in known(connection, year)}
        rows = _rows(connection, year, of_year)
        last = {_same(row): (row.project_id, row.method) for row in rows if row.undone}
        for row in rows:
            each = decisions.get(_same(row))
            if row.undone or each is None or not wanted(row) or each[:2] != last[_same(row)]:
                continue
            if each.project_id is None or each.project_id in in_force:
                found[row.id] = each
    return found


def _rows(connection: Connection, year: int, numbers: Collection[str]) -> list[Row[Any]]:
    query = select(payments).where(
        payments.c.year == year, among(connection, payments.c.number, numbers)
    )
    return list(connection.execute(query.order_by(payments.c.id)).all())


def _same(row: Row[Any]) -> tuple[Any, ...]:
    return row.year, row.number, row.ordinal, row.pay_date, row.amount_fen, row.status


def carry(connection: Connection, decided: dict[int, Decision], *, at: datetime, cause: str) -> int:
    """Applies decisions to payments by id, in the name of who took them; how many change."""
    moved = 0
    for id_, each in sorted(decided.items()):
        change = matching.Change(id_, each.project_id, each.method)
        moved += matching.change(
            connection, [change], at=at, actor=each.actor, cause=cause, reason=each.reason
        )
    return moved
