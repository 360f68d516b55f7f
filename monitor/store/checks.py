"""When each year's checkpoints were last judged, and with what on record."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, Table, and_, delete, func, insert, or_, select

from monitor.store.alert_tables import checks, indicator_results
from monitor.store.coverage_tables import confirmations, coverage
from monitor.store.payment_tables import matches, resolutions
from monitor.store.tables import adjustments, imports, projects, retirements, revisions


@dataclass(frozen=True, slots=True)
class Check:
    """The latest judgement while `month` was the last checkpoint due (0: none was).

    `known` names what was on record. `held_back` units were not judged: lists are missing.
    """

    year: int
    month: int
    as_of: date
    known: str
    held_back: frozenset[str] = frozenset()


def of(connection: Connection, year: int, month: int) -> Check | None:
    """The judgement of a year's checkpoint, None where there was none."""
    query = select(checks).where(checks.c.year == year, checks.c.month == month)
    row = connection.execute(query).one_or_none()
    return _check(row) if row else None


def latest(connection: Connection, year: int) -> Check | None:
    """The judgement of a year as of the latest day."""
    query = select(checks).where(checks.c.year == year)
    row = connection.execute(query.order_by(checks.c.as_of.desc(), checks.c.month.desc())).first()
    return _check(row) if row else None


def cause(connection: Connection, year: int) -> int | None:
    """The import that came, or was taken back, last since the year was judged; None without."""
    judged = connection.scalar(select(func.max(checks.c.judged_at)).where(checks.c.year == year))
    if judged is None:
        return None
    since = or_(imports.c.imported_at > judged, imports.c.undone_at > judged)
    found: int | None = connection.scalar(select(func.max(imports.c.id)).where(since))
    return found


def _check(row: Row[Any]) -> Check:
    return Check(row.year, row.month, row.as_of, row.known, frozenset(row.held_back))


def record(connection: Connection, check: Check, *, at: datetime) -> None:
    """Notes a judgement; one as of an earlier day than the one noted only fills its gaps."""
    former = of(connection, check.year, check.month)
    if former and former.as_of > check.as_of:
        held_back = former.held_back & check.held_back
        check = Check(check.year, check.month, former.as_of, former.known, held_back)
    connection.execute(
        delete(checks).where(checks.c.year == check.year, checks.c.month == check.month)
    )
    connection.execute(
        insert(checks).values(
            year=check.year,
            month=check.month,
            as_of=check.as_of,
            judged_at=at,
            known=check.known,
            held_back=sorted(check.held_back),
        )
    )


def known(connection: Connection, year: int) -> str:
    """Names what is on record of a year; another name after anything that came or went.

    What people decide about single payments (matches, conflicts) counts for every year.
    """
    of_year = projects.c.year == year
    months = (f"{year}-01", f"{year}-12")
    queries = [
        _marks(coverage, imports, coverage.c.import_id == imports.c.id).where(
            coverage.c.month.between(*months)
        ),
        _marks(confirmations).where(confirmations.c.month.between(*months)),
        _marks(revisions, projects, revisions.c.project_id == projects.c.id).where(of_year),
        _marks(retirements, projects, retirements.c.project_id == projects.c.id).where(of_year),
        _marks(adjustments).where(adjustments.c.year == year),
        _marks(resolutions),
        _marks(indicator_results),
        select(func.max(matches.c.id)),
    ]
    marks = [list(connection.execute(query).one()) for query in queries]
    return sha256(json.dumps(marks, default=int).encode()).hexdigest()


def _marks(table: Table, other: Table | None = None, on: Any = None) -> Any:
    """How many rows, the last one, how many were taken back, and the last of those."""
    marked = imports if other is imports else table
    id_ = imports.c.id if other is imports else table.c.id
    undone = marked.c.undone
    query: Any = select(
        func.count(), func.max(id_), func.count().filter(undone != 0), func.sum(undone)
    )
    return query.select_from(table.join(other, and_(on)) if other is not None else table)
