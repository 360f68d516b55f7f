"""Warnings as recorded: loading them, applying what was decided, noting that they were told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, insert, select, update

from monitor.domain.calendar import CHINA
from monitor.domain.progress import Grade
from monitor.domain.warning import (
    OPEN_STATES,
    Acknowledgement,
    Change,
    Purpose,
    Recorded,
    State,
    Step,
)
from monitor.errors import MonitorError
from monitor.store import acknowledgements
from monitor.store.alert_tables import mail_warnings, warning_events, warnings
from monitor.store.batches import add_all, batches
from monitor.store.inherited import inherit
from monitor.store.tables import projects
from monitor.store.warning_query import (
    UnitNames,
    chosen,
    doubts_as_stored,
    doubts_of,
    named,
    told_stages,
    untold_since,
)

_STEP_OF = {
    Purpose.REMIND: Step.REMINDED,
    Purpose.DEADLINE: Step.REMINDED,
    Purpose.ESCALATE: Step.ESCALATED,
}
"""What a sent mail means for a warning; every other purpose tells it: `sent`."""


def load(
    connection: Connection,
    *,
    year: int | None = None,
    state: State | None = None,
    ids: Collection[int] | None = None,
) -> list[Recorded]:
    """The warnings of a year, in a state, with these ids (each: all, without), by id.

    Names are those of the latest revision; empty where a project has none any more.
    """
    judged = (
        select(warning_events.c.warning_id, func.max(warning_events.c.as_of).label("judged"))
        .group_by(warning_events.c.warning_id)
        .subquery()
    )
    query = (
        named(warnings, judged.c.judged)
        .outerjoin(judged, judged.c.warning_id == warnings.c.id)
        .where(*chosen(year=year, state=state, ids=ids))
    )
    rows = [row for row in connection.execute(query) if ids is None or row.id in ids]
    told, since = told_stages(connection), untold_since(connection)
    answered, names = acknowledgements.load(connection), UnitNames(connection)
    return [
        _recorded(row, names, told.get(row.id, ()), since.get(row.id), answered.get(row.id))
        for row in rows
    ]


def any_open(connection: Connection, year: int, *, besides: str) -> bool:
    """Whether a warning of a year, but those of one rule, can still end: open and not quiet."""
    query = select(warnings.c.id).where(
        warnings.c.year == year,
        warnings.c.rule != besides,
        warnings.c.state.in_(OPEN_STATES),
        warnings.c.quiet.is_(False),
    )
    return connection.scalar(query.limit(1)) is not None


def _recorded(
    row: Row[Any],
    names: UnitNames,
    told: Iterable[Row[Any]],
    since: datetime | None,
    answer: Acknowledgement | None,
) -> Recorded:
    doubts = doubts_of(row.doubts)
    counting = [each for each in told if since is None or (each.sent_at or since) > since]
    lead = [Grade(each.severity) for each in counting if each.purpose == Purpose.TELL]
    both = [Grade(each.severity) for each in counting]
    if not row.for_office and not any(doubt.cures for doubt in doubts):
        both = [
            Grade(each.severity)
            for each in counting
            if each.purpose == Purpose.TELL or _is_over(row.year, each.sent_at or row.raised_at)
        ]
    return Recorded(
        id=row.id,
        rule=row.rule,
        year=row.year,
        subject=row.subject,
        period=row.period,
        unit_code=row.unit,
        unit_name=names.of(row),
        project_code=row.project_code,
        project_name=names.of_project(row),
        severity=Grade(row.severity),
        state=State(row.state),
        as_of=row.as_of,
        figures=row.figures,
        doubts=doubts,
        details=tuple(row.details),
        quiet=row.quiet,
        raised_at=row.raised_at,
        judged=max(row.as_of, row.judged or row.as_of),
        told=max(both, key=_weight, default=None),
        told_lead=max(lead, key=_weight, default=None),
        untold_since=since,
        for_office=row.for_office,
        answer=answer,
    )


def _is_over(year: int, at: datetime) -> bool:
    """Whether a budget year is over: from then on the office is told in the leads' place."""
    return at.astimezone(CHINA).year > year


def _weight(grade: Grade) -> int:
    return grade.weight


def apply(
    connection: Connection,
    changes: Sequence[Change],
    *,
    at: datetime,
    actor: str,
    import_id: int | None = None,
) -> None:
    """Records the changes with one event each; `import_id` is the import that caused them.

    Raises MonitorError where a state has moved on. Call it in a writing transaction.
    """
    raised = [change for change in changes if change.before is None]
    later = [(change.before, change) for change in changes if change.before is not None]
    steps = list(zip(_insert(connection, raised, at), raised, strict=True))
    steps = inherit(connection, steps)
    _update(connection, later)
    steps += [(before.id, change) for before, change in later]
    if steps:
        common = {"at": at, "actor": actor, "import_id": import_id}
        add_all(connection, warning_events, [{**common, **_event(*step)} for step in steps])


def _insert(connection: Connection, changes: Iterable[Change], at: datetime) -> list[int]:
    """The ids of the new warnings, in the order of the changes."""
    found = [(change, change.finding) for change in changes if change.finding is not None]
    if not found:
        return []
    ids = _project_ids(connection, {finding.year for _, finding in found})
    rows = [
        {
            "rule": finding.rule,
            "year": finding.year,
            "subject": finding.subject,
            "period": finding.period,
            "project_id": ids.get((finding.year, finding.project_code)),
            "unit_code": finding.unit_code,
            "state": change.state.value,
            "raised_at": at,
            **_as_judged(change),
        }
        for change, finding in found
    ]
    add_all(connection, warnings, rows)
    keys = warnings.c.rule, warnings.c.year, warnings.c.subject, warnings.c.period
    of_years = warnings.c.year.in_({finding.year for _, finding in found})
    made = connection.execute(select(warnings.c.id, *keys).where(of_years))
    by_key = {(row.rule, row.year, row.subject, row.period): row.id for row in made}
    return [by_key[each.rule, each.year, each.subject, each.period] for _, each in found]


def _as_judged(change: Change) -> dict[str, Any]:
    """The columns that follow each judgement."""
    finding = change.finding
    assert finding is not None  # noqa: S101 - the callers see to it
    return {
        "severity": finding.severity.value,
        "as_of": finding.as_of,
        "figures": dict(finding.figures),
        "doubts": doubts_as_stored(finding.doubts),
        "details": list(finding.details),
        "quiet": finding.quiet,
        "for_office": finding.for_office,
    }


def _project_ids(connection: Connection, years: Iterable[int]) -> dict[tuple[int, str], int]:
    query = select(projects.c.year, projects.c.project_code, projects.c.id)
    rows = connection.execute(query.where(projects.c.year.in_(years)))
    return {(row.year, row.project_code): row.id for row in rows}


def _update(connection: Connection, changes: Sequence[tuple[Recorded, Change]]) -> None:
    """All or nothing: where one state is not as it was seen, the transaction is to end."""
    _expect(connection, {before.id: before.state for before, _ in changes})
    statement = update(warnings).where(
        warnings.c.id == bindparam("of_id"), warnings.c.state == bindparam("seen")
    )
    judged, closed = [], []
    for before, change in changes:
        row = {"of_id": before.id, "seen": before.state, "state": change.state}
        if change.finding is None:
            closed.append(row)
        else:
            judged.append(row | _as_judged(change))
    for rows in (judged, closed):
        if rows:
            connection.execute(statement.values(_bound(rows[0])), rows)


def _bound(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: bindparam(name) for name in row if name not in ("of_id", "seen")}


def _expect(connection: Connection, states: Mapping[int, State]) -> None:
    """Raises MonitorError where a warning is in another state than was seen."""
    query = select(warnings.c.id, warnings.c.state)
    now = {
        row.id: row.state
        for some in batches(states)
        for row in connection.execute(query.where(warnings.c.id.in_(some)))
    }
    for warning_id, state in states.items():
        if now.get(warning_id) != state:
            raise MonitorError(
                f"预警 {warning_id} 已被别处更改，本次核查未作任何改动。", "请重新核查。"
            )


def _event(warning_id: int, change: Change) -> dict[str, Any]:
    source = change.finding or change.before
    assert source is not None  # noqa: S101 - a change has one or the other
    return {
        "warning_id": warning_id,
        "event": change.step.value,
        "severity": source.severity.value,
        "as_of": change.as_of,
        "figures": dict(change.finding.figures) if change.finding else {},
        "note": change.note,
    }


def record_sent(
    connection: Connection, mail_id: int, *, at: datetime, actor: str, note: str = ""
) -> None:
    """Notes at every warning that the mail told it, reminded of it or escalated it.

    `note` says how, where it was no mail. A raised one is sent, unless it rose since, or is a
    lead's and only the office was told, within the year, because of a doubt that has gone.
    """
    query: Select[Any] = (
        select(
            warnings.c.id,
            warnings.c.year,
            warnings.c.severity,
            warnings.c.for_office,
            warnings.c.doubts,
            mail_warnings.c.severity.label("told"),
            mail_warnings.c.purpose,
        )
        .join(mail_warnings, mail_warnings.c.warning_id == warnings.c.id)
        .where(mail_warnings.c.mail_id == mail_id)
        .order_by(warnings.c.id, mail_warnings.c.purpose)
    )
    told = connection.execute(query).all()
    for some in batches(sorted({row.id for row in told if _is_stage_told(row, at)})):
        connection.execute(
            update(warnings)
            .where(warnings.c.id.in_(some), warnings.c.state == State.RAISED)
            .values(state=State.SENT)
        )
    common = {"at": at, "actor": actor, "figures": {}, "note": note or f"邮件 {mail_id}"}
    events = [
        {
            **common,
            "warning_id": row.id,
            "severity": row.told,
            "event": _STEP_OF.get(Purpose(row.purpose), Step.SENT),
        }
        for row in told
    ]
    if events:
        connection.execute(insert(warning_events), events)


def _is_stage_told(row: Row[Any], at: datetime) -> bool:
    if row.purpose == Purpose.OFFICE:
        is_doubtful = any(doubt.cures for doubt in doubts_of(row.doubts))
        if not (row.for_office or is_doubtful or _is_over(row.year, at)):
            return False
    elif row.purpose != Purpose.TELL:
        return False
    return Grade(row.told).weight >= Grade(row.severity).weight
