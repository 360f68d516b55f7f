"""Warnings as recorded: loading them, applying what a check decided, listing them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select, update

from monitor.domain.calendar import china_time
from monitor.domain.progress import Grade
from monitor.domain.warning import Change, MailState, Recorded, State, Step
from monitor.errors import MonitorError
from monitor.store.projects import LATEST_REVISION
from monitor.store.tables import (
    mail_warnings,
    mails,
    projects,
    revisions,
    warning_events,
    warnings,
)


def load(
    connection: Connection, *, year: int | None = None, state: State | None = None
) -> list[Recorded]:
    """The warnings of a year, in a state (of all, without one), in the order of their ids.

    Names are those of the latest revision; empty where a project has none any more.
    """
    judged = (
        select(warning_events.c.warning_id, func.max(warning_events.c.as_of).label("judged"))
        .group_by(warning_events.c.warning_id)
        .subquery()
    )
    query = _with_names(warnings, judged.c.judged).outerjoin(
        judged, judged.c.warning_id == warnings.c.id
    )
    if year is not None:
        query = query.where(projects.c.year == year)
    if state is not None:
        query = query.where(warnings.c.state == state)
    told = _told(connection)
    return [_recorded(row, told.get(row.id)) for row in connection.execute(query)]


def _with_names(*columns: Any) -> Select[Any]:
    return (
        select(
            *columns,
            projects.c.year,
            projects.c.project_code,
            func.coalesce(revisions.c.unit_code, "").label("unit_code"),
            func.coalesce(revisions.c.unit_name, "").label("unit_name"),
            func.coalesce(revisions.c.project_name, "").label("project_name"),
        )
        .join_from(warnings, projects, warnings.c.project_id == projects.c.id)
        .outerjoin(revisions, LATEST_REVISION)
        .order_by(warnings.c.id)
    )


def _told(connection: Connection) -> dict[int, Grade]:
    """By warning id, the highest severity that a sent mail told."""
    query = (
        select(mail_warnings.c.warning_id, mail_warnings.c.severity)
        .join(mails, mails.c.id == mail_warnings.c.mail_id)
        .where(mails.c.state == MailState.SENT)
    )
    highest: dict[int, Grade] = {}
    for warning_id, severity in connection.execute(query):
        grade = Grade(severity)
        highest[warning_id] = max(highest.get(warning_id, grade), grade, key=lambda g: g.weight)
    return highest


def _recorded(row: Row[Any], told: Grade | None) -> Recorded:
    return Recorded(
        id=row.id,
        rule=row.rule,
        year=row.year,
        unit_code=row.unit_code,
        unit_name=row.unit_name,
        project_code=row.project_code,
        project_name=row.project_name,
        checkpoint=row.checkpoint,
        severity=Grade(row.severity),
        state=State(row.state),
        as_of=row.as_of,
        figures=row.figures,
        judged=max(row.as_of, row.judged or row.as_of),
        told=told,
    )


def apply(connection: Connection, changes: Sequence[Change], *, at: datetime, actor: str) -> None:
    """Records the changes with one event each. Raises MonitorError where a state has moved on."""
    raised = [change for change in changes if change.before is None]
    steps = list(zip(_insert(connection, raised, at), raised, strict=True))
    for change in changes:
        if change.before is not None:
            _update(connection, change, change.before)
            steps.append((change.before.id, change))
    if steps:
        events = [_event(warning_id, change, at, actor) for warning_id, change in steps]
        connection.execute(insert(warning_events), events)


def _insert(connection: Connection, changes: Iterable[Change], at: datetime) -> list[int]:
    """The ids of the new warnings, in the order of the changes."""
    found = [(change, change.finding) for change in changes if change.finding is not None]
    if not found:
        return []
    subjects = _project_ids(connection, {finding.year for _, finding in found})
    rows = [
        {
            "rule": finding.rule,
            "project_id": subjects[finding.year, finding.project_code],
            "checkpoint": finding.checkpoint,
            "severity": finding.severity,
            "state": change.state,
            "as_of": finding.as_of,
            "figures": dict(finding.figures),
            "raised_at": at,
        }
        for change, finding in found
    ]
    statement = insert(warnings).returning(warnings.c.id, sort_by_parameter_order=True)
    return list(connection.scalars(statement, rows))


def _project_ids(connection: Connection, years: Iterable[int]) -> dict[tuple[int, str], int]:
    query = select(projects.c.year, projects.c.project_code, projects.c.id)
    rows = connection.execute(query.where(projects.c.year.in_(years)))
    return {(row.year, row.project_code): row.id for row in rows}


def _update(connection: Connection, change: Change, before: Recorded) -> None:
    values: dict[str, Any] = {"state": change.state}
    if change.finding is not None:
        values["severity"] = change.finding.severity
        values["as_of"] = change.finding.as_of
        values["figures"] = dict(change.finding.figures)
    moved = connection.execute(
        update(warnings)
        .where(warnings.c.id == before.id, warnings.c.state == before.state)
        .values(values)
    )
    if moved.rowcount != 1:
        raise MonitorError(f"预警 {before.id} 已被别处更改，本次核查未作任何改动。", "请重新核查。")


def _event(warning_id: int, change: Change, at: datetime, actor: str) -> dict[str, Any]:
    source = change.finding or change.before
    assert source is not None  # noqa: S101 - a change has one or the other
    return {
        "warning_id": warning_id,
        "at": at,
        "actor": actor,
        "event": change.step,
        "severity": source.severity,
        "as_of": change.as_of,
        "figures": dict(change.finding.figures) if change.finding else {},
        "note": change.note,
    }


def record_sent(connection: Connection, mail_id: int, *, at: datetime, actor: str) -> None:
    """Notes at every warning that the mail told it; a raised one is sent, unless it rose since."""
    query = (
        select(warnings.c.id, warnings.c.severity, mail_warnings.c.severity.label("told"))
        .join(mail_warnings, mail_warnings.c.warning_id == warnings.c.id)
        .where(mail_warnings.c.mail_id == mail_id)
    )
    told = connection.execute(query).all()
    for row in told:
        if Grade(row.told).weight >= Grade(row.severity).weight:
            connection.execute(
                update(warnings)
                .where(warnings.c.id == row.id, warnings.c.state == State.RAISED)
                .values(state=State.SENT)
            )
    common = {
        "at": at,
        "actor": actor,
        "event": Step.SENT,
        "figures": {},
        "note": f"邮件 {mail_id}",
    }
    events = [{**common, "warning_id": row.id, "severity": row.told} for row in told]
    connection.execute(insert(warning_events), events)


def rows(
    connection: Connection,
    *,
    unit: str | None = None,
    severity: str | None = None,
    state: str | None = None,
    year: int | None = None,
    as_of: date | None = None,
) -> list[dict[str, Any]]:
    """The rows of `warnings list`, ready for JSON; `as_of` is the warning's own."""
    wanted = {
        revisions.c.unit_code: unit,
        warnings.c.severity: severity,
        warnings.c.state: state,
        projects.c.year: year,
        warnings.c.as_of: as_of,
    }
    chosen = [column == value for column, value in wanted.items() if value is not None]
    query = _with_names(warnings).where(*chosen)
    events = _events_of(connection, query)
    return [_as_json(row, events[row.id]) for row in connection.execute(query)]


def _events_of(
    connection: Connection, query: Select[Any]
) -> defaultdict[int, list[dict[str, Any]]]:
    """By warning id, the events of the warnings that the query chooses, oldest first."""
    chosen = query.with_only_columns(warnings.c.id).order_by(None)
    events: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in connection.execute(
        select(warning_events)
        .where(warning_events.c.warning_id.in_(chosen))
        .order_by(warning_events.c.id)
    ):
        events[row.warning_id].append(
            {
                "event": row.event,
                "at": china_time(row.at),
                "actor": row.actor,
                "severity": row.severity,
                "as_of": row.as_of and row.as_of.isoformat(),
                "note": row.note,
            }
        )
    return events


def _as_json(row: Row[Any], events: list[dict[str, Any]]) -> dict[str, Any]:
    upcoming = row.figures.get("next_checkpoint")
    return {
        "id": row.id,
        "rule": row.rule,
        "severity": row.severity,
        "state": row.state,
        "unit_code": row.unit_code,
        "project_code": row.project_code,
        "checkpoint": f"{row.checkpoint:02d}",
        "as_of": row.as_of.isoformat(),
        "figures": {**row.figures, "next_checkpoint": upcoming and f"{upcoming:02d}"},
        "raised_at": china_time(row.raised_at),
        "events": events,
        "year": row.year,
        "unit_name": row.unit_name,
        "project_name": row.project_name,
    }
