"""What imports cover, by month and unit, and what was confirmed by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, insert, select, update

from monitor.domain.calendar import CHINA
from monitor.domain.coverage import WHOLE_OFFICE, Confirmation, Cover, Coverage, Span
from monitor.store.coverage_tables import confirmations, coverage
from monitor.store.projects import REVISION_IN_FORCE
from monitor.store.tables import imports, projects, revisions


def record(
    connection: Connection,
    import_id: int,
    spans: Iterable[Span],
    units: Collection[str] | None = None,
) -> None:
    """Notes what an import covers; `units` None: the whole office."""
    codes = [WHOLE_OFFICE] if units is None else sorted(units)
    rows = [
        {
            "import_id": import_id,
            "month": each.month,
            "unit_code": code,
            "since": each.since,
            "through": each.through,
        }
        for each in spans
        for code in codes
    ]
    if rows:
        connection.execute(insert(coverage), rows)


def load(connection: Connection, year: int | None = None) -> Coverage:
    """What the imports in force and the confirmations in force cover, of a year or of all."""
    covers = (
        select(coverage, imports.c.file, imports.c.imported_at)
        .join_from(coverage, imports, imports.c.id == coverage.c.import_id)
        .where(imports.c.undone == 0, *_of_year(coverage, year))
    )
    confirmed = select(confirmations).where(
        confirmations.c.undone == 0, *_of_year(confirmations, year)
    )
    return Coverage.of(
        map(_cover, connection.execute(covers)),
        map(_confirmation, connection.execute(confirmed)),
    )


def _of_year(table: Table, year: int | None) -> list[Any]:
    return [] if year is None else [table.c.month.between(f"{year}-01", f"{year}-12")]


def _cover(row: Row[Any]) -> Cover:
    return Cover(
        import_id=row.import_id,
        file=row.file,
        unit_code=row.unit_code,
        span=Span(row.month, row.since, row.through),
        landed=row.imported_at.astimezone(CHINA).date(),
    )


def _confirmation(row: Row[Any]) -> Confirmation:
    return Confirmation(
        unit_code=row.unit_code,
        month=row.month,
        nil=row.nil,
        note=row.note,
        recorded_at=row.recorded_at,
        actor=row.actor,
    )


def confirm(
    connection: Connection,
    unit_code: str,
    month: str,
    *,
    nil: bool,
    note: str,
    at: datetime,
    actor: str,
) -> bool:
    """Records that a unit's month is complete; False where the same is in force already.

    Another word on the same month takes the place of the former, which stays on record.
    """
    same = select(confirmations.c.id).where(
        *_in_force(unit_code, month), confirmations.c.nil == nil, confirmations.c.note == note
    )
    if connection.scalar(same) is not None:
        return False
    withdraw(connection, unit_code, month, at=at, actor=actor)
    connection.execute(
        insert(confirmations).values(
            unit_code=unit_code, month=month, nil=nil, note=note, recorded_at=at, actor=actor
        )
    )
    return True


def withdraw(
    connection: Connection, unit_code: str, month: str, *, at: datetime, actor: str
) -> bool:
    """Takes a confirmation back; False where none is in force."""
    taken = connection.execute(
        update(confirmations)
        .where(*_in_force(unit_code, month))
        .values(undone=confirmations.c.id, undone_at=at, undone_by=actor)
    )
    return taken.rowcount == 1


def _in_force(unit_code: str, month: str) -> list[Any]:
    return [
        confirmations.c.unit_code == unit_code,
        confirmations.c.month == month,
        confirmations.c.undone == 0,
    ]


def units(connection: Connection, year: int | None = None) -> dict[int, dict[str, str]]:
    """The units with projects in force, by year: code → name, in the order of the codes.

    Where the documents name one unit in several ways, the longest name.
    """
    query = (
        select(projects.c.year, revisions.c.unit_code, revisions.c.unit_name)
        .join_from(projects, revisions, REVISION_IN_FORCE)
        .distinct()
        .order_by(projects.c.year, revisions.c.unit_code, revisions.c.unit_name)
    )
    if year is not None:
        query = query.where(projects.c.year == year)
    found: defaultdict[int, dict[str, str]] = defaultdict(dict)
    for of_year, code, name in connection.execute(query):
        found[of_year][code] = max(found[of_year].get(code, ""), name, key=len)
    return dict(found)


def unit_names(connection: Connection) -> dict[str, str]:
    """The names of all units with projects in force, of the latest year that has the unit."""
    names: dict[str, str] = {}
    for _, of_year in sorted(units(connection).items()):
        names.update(of_year)
    return names
