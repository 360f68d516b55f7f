"""The warnings joined with the names that are in force for what they are about."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, case, func, select

from monitor.domain.finding import Doubt, DoubtKind
from monitor.domain.progress import Grade
from monitor.domain.warning import MailState, Purpose, State, Step
from monitor.store.alert_tables import mail_warnings, mails, warning_events, warnings
from monitor.store.batches import batches
from monitor.store.coverage import units
from monitor.store.payment_tables import wordings
from monitor.store.projects import LATEST_REVISION
from monitor.store.tables import projects, revisions

_MOST_IDS = 5_000  # in one condition; more are sorted out by the caller

UNIT_CODE = case(
    (projects.c.id.is_(None), warnings.c.unit_code),
    else_=func.coalesce(revisions.c.unit_code, ""),
)
"""The unit of a project's latest revision; as found, where the warning is about no project."""


def named(*columns: Any) -> Select[Any]:
    """Warnings by id, with `project_code`, `project_name`, `unit` and `unit_name` in force.

    Project and unit are empty where a project has no revision any more; `unit_name` is that of
    a project's document alone: see `with_unit_names`.
    """
    about_project = and_(
        projects.c.year == warnings.c.year, projects.c.project_code == warnings.c.subject
    )
    code = case((warnings.c.subject == warnings.c.unit_code, ""), else_=warnings.c.subject)
    return (
        select(
            *columns,
            case((projects.c.id.is_not(None), warnings.c.subject), else_=code).label(
                "project_code"
            ),
            UNIT_CODE.label("unit"),
            func.coalesce(revisions.c.unit_name, "").label("unit_name"),
            func.coalesce(revisions.c.project_name, "").label("project_name"),
        )
        .join_from(warnings, projects, about_project, isouter=True)
        .outerjoin(revisions, LATEST_REVISION)
        .order_by(warnings.c.id)
    )


def chosen(
    *,
    year: int | None = None,
    unit: str | None = None,
    project: str | None = None,
    severity: Grade | None = None,
    state: State | None = None,
    rule: str | None = None,
    as_of: date | None = None,
    ids: Iterable[int] | None = None,
) -> list[Any]:
    """The conditions of a query made by `named`; None chooses nothing out."""
    wanted: Mapping[Any, Any] = {
        warnings.c.year: year,
        UNIT_CODE: unit,
        warnings.c.subject: project,
        warnings.c.severity: severity,
        warnings.c.state: state,
        warnings.c.rule: rule,
        warnings.c.as_of: as_of,
    }
    conditions = [column == value for column, value in wanted.items() if value is not None]
    if ids is not None and len(listed := sorted(set(ids))) <= _MOST_IDS:
        conditions.append(warnings.c.id.in_(listed))
    return conditions


class UnitNames:
    """Names for warnings that are about no project of a document; read once, if at all.

    Where no document has a name, it is the one that payment lists give.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._names: dict[int, dict[str, str]] | None = None
        self._listed: dict[str, dict[str, str]] = {}

    def of(self, row: Row[Any]) -> str:
        """The unit's name for a row of `named`."""
        if row.unit_name or not row.unit:
            return str(row.unit_name)
        if self._names is None:
            self._names = units(self._connection)
        found = self._names.get(row.year, {}).get(row.unit, "")
        return found or self._by_the_lists("unit", row.unit)

    def of_project(self, row: Row[Any]) -> str:
        """The project's name for a row of `named`, also of one that was paid without a document."""
        if row.project_name or not row.project_code:
            return str(row.project_name)
        return self._by_the_lists("project", row.project_code)

    def _by_the_lists(self, what: str, code: str) -> str:
        if what not in self._listed:
            of, name = wordings.c[f"{what}_code"], wordings.c[f"{what}_name"]
            query = select(of, func.max(name)).where(of != "").group_by(of)
            self._listed[what] = {row[0]: row[1] for row in self._connection.execute(query)}
        return self._listed[what].get(code, "")


def doubts_of(stored: Iterable[Any]) -> tuple[Doubt, ...]:
    """Doubts as they are stored: [[kind, lines, fen, cures]]."""
    return tuple(Doubt(DoubtKind(kind), lines, fen, cures) for kind, lines, fen, cures in stored)


def doubts_as_stored(doubts: Iterable[Doubt]) -> list[list[Any]]:
    return [[each.kind.value, each.lines, each.fen, each.cures] for each in doubts]


def told_stages(connection: Connection) -> dict[int, list[Row[Any]]]:
    """By warning id, what sent mails told of it as such: why, at which severity, and when."""
    query: Select[Any] = (
        select(
            mail_warnings.c.warning_id,
            mail_warnings.c.purpose,
            mail_warnings.c.severity,
            mails.c.sent_at,
        )
        .join(mails, mails.c.id == mail_warnings.c.mail_id)
        .where(
            mails.c.state == MailState.SENT,
            mail_warnings.c.purpose.in_([Purpose.TELL, Purpose.OFFICE]),
        )
    )
    told: dict[int, list[Row[Any]]] = {}
    for row in connection.execute(query):
        told.setdefault(row.warning_id, []).append(row)
    return told


def untold_since(connection: Connection) -> dict[int, datetime]:
    """By warning id, when its answer last expired, or it was last withdrawn."""
    query = (
        select(warning_events.c.warning_id, func.max(warning_events.c.at).label("at"))
        .where(warning_events.c.event.in_([Step.EXPIRED, Step.WITHDRAWN]))
        .group_by(warning_events.c.warning_id)
    )
    return {row.warning_id: row.at for row in connection.execute(query)}


def last_raised(connection: Connection, ids: Collection[int]) -> dict[int, date]:
    """By warning id, the as-of date for which it was last raised, or reopened by the facts.

    An answer that a person takes back reopens it too, but without figures.
    """
    query = (
        select(warning_events.c.warning_id, warning_events.c.as_of, warning_events.c.figures)
        .where(warning_events.c.event.in_([Step.RAISED, Step.REOPENED]))
        .order_by(warning_events.c.id)
    )
    return {
        row.warning_id: row.as_of
        for some in batches(sorted(ids))
        for row in connection.execute(query.where(warning_events.c.warning_id.in_(some)))
        if row.as_of and row.figures
    }
