"""Adjustments of budgets, and each project's budget over the year with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, select, update

from monitor.domain.adjustment import Adjustment, AdjustmentKind, Fund
from monitor.domain.budget import BudgetHistory, Line, Stated
from monitor.store.revision_parts import plans_of
from monitor.store.tables import adjustment_lines, adjustments, imports, projects, revisions

_FEW = 500  # projects: of more, the whole year is read


@dataclass(frozen=True, slots=True)
class Recorded:
    """An adjustment as recorded. `file` and `line` are those of the list it came by, if any.

    `undone_at` is None while it is in force.
    """

    id: int
    year: int
    adjustment: Adjustment
    recorded_at: datetime
    actor: str
    file: str
    line: int | None
    undone_at: datetime | None
    undone_by: str
    undone_reason: str


def record(
    connection: Connection,
    adjustment: Adjustment,
    ids: Mapping[str, int],
    *,
    at: datetime,
    actor: str,
    import_id: int | None = None,
    line: int | None = None,
) -> int:
    """Adds an adjustment and gives its number; `ids` are its projects' by their codes."""
    added = (
        insert(adjustments)
        .values(
            year=adjustment.effective.year,
            kind=adjustment.kind.value,
            amount_fen=adjustment.amount_fen,
            fund=adjustment.fund.value,
            effective=adjustment.effective,
            document_number=adjustment.document_number,
            note=adjustment.note,
            import_id=import_id,
            line=line,
            recorded_at=at,
            actor=actor,
        )
        .returning(adjustments.c.id)
    )
    adjustment_id = int(connection.scalars(added).one())
    connection.execute(
        insert(adjustment_lines),
        [
            {"adjustment_id": adjustment_id, "project_id": ids[code], "amount_fen": fen}
            for code, fen in adjustment.signed
        ],
    )
    return adjustment_id


def load(
    connection: Connection, *, year: int | None = None, project_id: int | None = None
) -> list[Recorded]:
    """The adjustments of a year, or of a project, undone ones too, in the order of recording."""
    query = _query()
    if year is not None:
        query = query.where(adjustments.c.year == year)
    if project_id is not None:
        concerned = select(adjustment_lines.c.adjustment_id).where(
            adjustment_lines.c.project_id == project_id
        )
        query = query.where(adjustments.c.id.in_(concerned))
    return _recorded(connection.execute(query).all())


def find(connection: Connection, adjustment_id: int) -> Recorded | None:
    """An adjustment by its number, undone or not."""
    found = connection.execute(_query().where(adjustments.c.id == adjustment_id)).all()
    return next(iter(_recorded(found)), None)


def undo(
    connection: Connection, adjustment_id: int, *, reason: str, at: datetime, actor: str
) -> None:
    """Marks an adjustment as taken back; nothing happens to one that is already."""
    connection.execute(
        update(adjustments)
        .where(adjustments.c.id == adjustment_id, adjustments.c.undone == 0)
        .values(undone=adjustment_id, undone_at=at, undone_by=actor, undone_reason=reason)
    )


def _query() -> Select[Any]:
    return (
        select(
            adjustments,
            imports.c.file,
            projects.c.project_code,
            adjustment_lines.c.amount_fen.label("signed_fen"),
        )
        .join_from(adjustments, adjustment_lines)
        .join(projects, projects.c.id == adjustment_lines.c.project_id)
        .outerjoin(imports, imports.c.id == adjustments.c.import_id)
        .order_by(adjustments.c.id)
    )


def _recorded(rows: Iterable[Row[Any]]) -> list[Recorded]:
    """The rows of an adjustment, one a project, put together again."""
    lines: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        lines[row.id].append(row)
    return [_one(group) for group in lines.values()]


def _one(rows: list[Row[Any]]) -> Recorded:
    first = rows[0]
    adjustment = Adjustment(
        kind=AdjustmentKind(first.kind),
        amount_fen=first.amount_fen,
        fund=Fund(first.fund),
        effective=first.effective,
        document_number=first.document_number,
        giver=next((row.project_code for row in rows if row.signed_fen < 0), ""),
        taker=next((row.project_code for row in rows if row.signed_fen > 0), ""),
        note=first.note,
    )
    return Recorded(
        id=first.id,
        year=first.year,
        adjustment=adjustment,
        recorded_at=first.recorded_at,
        actor=first.actor,
        file=first.file or "",
        line=first.line,
        undone_at=first.undone_at,
        undone_by=first.undone_by or "",
        undone_reason=first.undone_reason,
    )


def histories(
    connection: Connection, year: int, only: Collection[int | None] | None = None
) -> dict[int, BudgetHistory]:
    """By project id, the budget over a year of its projects, or of `only` these."""
    few = only is not None and len(only) <= _FEW
    some = [each for each in only or () if each is not None] if few else None
    stated = _stated(connection, year, some)
    lines = _lines(connection, year)
    return {
        project_id: BudgetHistory(year, tuple(each), tuple(lines[project_id]))
        for project_id, each in stated.items()
        if only is None or project_id in only
    }


def _stated(connection: Connection, year: int, some: list[int] | None) -> dict[int, list[Stated]]:
    query = (
        select(
            revisions.c.id, revisions.c.project_id, revisions.c.effective, revisions.c.budget_fen
        )
        .where(revisions.c.undone == 0)
        .order_by(revisions.c.effective)
    )
    if some is None:
        of_year = projects.c.id == revisions.c.project_id
        query = query.join(projects, of_year).where(projects.c.year == year)
    else:  # each of these projects is of the year
        query = query.where(revisions.c.project_id.in_(some))
    rows = connection.execute(query).all()
    plans = plans_of(connection, (row.id for row in rows))
    found: defaultdict[int, list[Stated]] = defaultdict(list)
    for row in rows:
        found[row.project_id].append(Stated(row.effective, row.budget_fen, plans[row.id]))
    return dict(found)


def _lines(connection: Connection, year: int) -> defaultdict[int, list[Line]]:
    query = (
        select(
            adjustment_lines.c.project_id, adjustments.c.effective, adjustment_lines.c.amount_fen
        )
        .join(adjustments, adjustments.c.id == adjustment_lines.c.adjustment_id)
        .where(adjustments.c.year == year, adjustments.c.undone == 0)
    )
    found: defaultdict[int, list[Line]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.project_id].append(Line(row.effective, row.amount_fen))
    return found


def first_addition(connection: Connection, project_id: int) -> date | None:
    """The day of the first adjustment in force that gave a project money."""
    query = (
        select(adjustments.c.effective)
        .join(adjustment_lines, adjustment_lines.c.adjustment_id == adjustments.c.id)
        .where(
            adjustment_lines.c.project_id == project_id,
            adjustment_lines.c.amount_fen > 0,
            adjustments.c.undone == 0,
        )
        .order_by(adjustments.c.effective)
        .limit(1)
    )
    return connection.scalar(query)
