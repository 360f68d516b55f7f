"""What units answered to warnings. A newer answer takes the place of the former, which stays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from monitor.domain.warning import Acknowledgement, State
from monitor.store.alert_tables import acknowledgements, warnings
from monitor.store.batches import batches
from monitor.store.tables import projects


def record(connection: Connection, warning_id: int, ack: Acknowledgement, source: str = "") -> int:
    """Records an answer in place of the one in force, if any; its id.

    `source` is the returned workbook that it came in, see `source_of`; empty for one by hand.
    """
    undo(connection, warning_id, at=ack.at, actor=ack.actor)
    added = insert(acknowledgements).values(
        warning_id=warning_id,
        cause=ack.cause,
        text=ack.text,
        answer=ack.answer,
        measure=ack.measure,
        promised=ack.promised,
        author=ack.author,
        source=source,
        recorded_at=ack.at,
        actor=ack.actor,
    )
    id_: int = connection.scalars(added.returning(acknowledgements.c.id)).one()
    return id_


def undo(connection: Connection, warning_id: int, *, at: datetime, actor: str) -> bool:
    """Takes the answer in force back; False where there is none."""
    taken = connection.execute(
        update(acknowledgements)
        .where(acknowledgements.c.warning_id == warning_id, acknowledgements.c.undone == 0)
        .values(undone=acknowledgements.c.id, undone_at=at, undone_by=actor)
    )
    return taken.rowcount > 0


def load(connection: Connection, ids: Collection[int] | None = None) -> dict[int, Acknowledgement]:
    """The answers in force by warning id: of these warnings, else of all."""
    query = select(acknowledgements).where(acknowledgements.c.undone == 0)
    queries = [query]
    if ids is not None:
        of = acknowledgements.c.warning_id
        queries = [query.where(of.in_(batch)) for batch in batches(sorted(set(ids)))]
    return {row.warning_id: _answer(row) for each in queries for row in connection.execute(each)}


def history(connection: Connection, warning_id: int) -> list[Acknowledgement]:
    """All answers that a warning ever had, in the order of recording; the last may be in force."""
    query = select(acknowledgements).where(acknowledgements.c.warning_id == warning_id)
    return [_answer(row) for row in connection.execute(query.order_by(acknowledgements.c.id))]


def of_projects(
    connection: Connection, *, year: int, as_of: date
) -> dict[str, list[Acknowledgement]]:
    """By project code, the answers in force to a year's warnings as of that day or before.

    Oldest first. Answers to warnings that were withdrawn, because they were wrong, are left out.
    """
    query = (
        select(acknowledgements, projects.c.project_code)
        .join_from(acknowledgements, warnings, warnings.c.id == acknowledgements.c.warning_id)
        .join(projects, projects.c.id == warnings.c.project_id)
        .where(
            acknowledgements.c.undone == 0,
            warnings.c.year == year,
            warnings.c.as_of <= as_of,
            warnings.c.state != State.WITHDRAWN,
        )
        .order_by(acknowledgements.c.recorded_at, acknowledgements.c.id)
    )
    found: defaultdict[str, list[Acknowledgement]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.project_code].append(_answer(row))
    return dict(found)


def source_of(file: str, sha256: str) -> str:
    """How a returned workbook is noted at the answers that it brought."""
    return f"{file} sha256:{sha256}"


def has_come(connection: Connection, sha256: str) -> bool:
    """Whether a workbook of these bytes has brought answers before, in force or not."""
    query = select(acknowledgements.c.id).where(
        acknowledgements.c.source.endswith(f" sha256:{sha256}")
    )
    return connection.execute(query.limit(1)).first() is not None


def _answer(row: Row[Any]) -> Acknowledgement:
    return Acknowledgement(
        cause=row.cause,
        text=row.text,
        answer=row.answer,
        measure=row.measure,
        promised=row.promised,
        author=row.author,
        at=row.recorded_at,
        actor=row.actor,
    )
