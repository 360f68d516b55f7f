"""The rows of `warnings list` and `warnings show`, ready for JSON."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Connection, Row, Select, select

from monitor.domain.calendar import china_time
from monitor.domain.finding import CHECKPOINT_PERIODS
from monitor.domain.warning import Acknowledgement
from monitor.store import acknowledgements
from monitor.store.alert_tables import mail_warnings, mails, warning_events, warnings
from monitor.store.tables import imports
from monitor.store.warning_query import UnitNames, chosen, named


def rows(
    connection: Connection, *, ids: Collection[int] | None = None, **wanted: Any
) -> list[dict[str, Any]]:
    """The warnings by id, chosen by year, unit, project, severity, state, rule, as_of, ids.

    `as_of` is the warning's own.
    """
    query = named(warnings).where(*chosen(ids=ids, **wanted))
    events, names = _events_of(connection, query), UnitNames(connection)
    answered = acknowledgements.load(connection)
    return [
        _as_json(row, names, events[row.id], answered.get(row.id))
        for row in connection.execute(query)
        if ids is None or row.id in ids
    ]


def _events_of(
    connection: Connection, query: Select[Any]
) -> defaultdict[int, list[dict[str, Any]]]:
    """By warning id, the events of the warnings that the query chooses, oldest first."""
    of_query = query.with_only_columns(warnings.c.id).order_by(None)
    events: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in connection.execute(
        select(warning_events, imports.c.file)
        .join_from(
            warning_events, imports, imports.c.id == warning_events.c.import_id, isouter=True
        )
        .where(warning_events.c.warning_id.in_(of_query))
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
                "import_id": row.import_id,
                "file": row.file,
            }
        )
    return events


def _as_json(
    row: Row[Any],
    names: UnitNames,
    events: list[dict[str, Any]],
    answer: Acknowledgement | None,
) -> dict[str, Any]:
    upcoming = row.figures.get("next_checkpoint")
    figures = dict(row.figures)
    if "next_checkpoint" in figures:
        figures["next_checkpoint"] = upcoming and f"{upcoming:02d}"
    return {
        "id": row.id,
        "rule": row.rule,
        "severity": row.severity,
        "state": row.state,
        "unit_code": row.unit,
        "project_code": row.project_code,
        "checkpoint": row.period if row.period in CHECKPOINT_PERIODS else None,
        "as_of": row.as_of.isoformat(),
        "figures": figures,
        "raised_at": china_time(row.raised_at),
        "events": events,
        "year": row.year,
        "unit_name": names.of(row),
        "project_name": names.of_project(row),
        "period": row.period,
        "doubts": [
            {"kind": kind, "lines": lines, "fen": fen, "cures": cures}
            for kind, lines, fen, cures in row.doubts
        ],
        "details": row.details,
        "quiet": row.quiet,
        "for_office": row.for_office,
        "answer": answer and _answer(answer),
    }


def _answer(answer: Acknowledgement) -> dict[str, Any]:
    return {
        "cause": answer.cause,
        "text": answer.text,
        "answer": answer.answer,
        "measure": answer.measure,
        "promised": answer.promised and answer.promised.isoformat(),
        "author": answer.author,
        "at": china_time(answer.at),
        "actor": answer.actor,
    }


def answer_rows(answers: Iterable[Acknowledgement]) -> list[dict[str, Any]]:
    """Answers as rows for JSON, in their order."""
    return [_answer(each) for each in answers]


def mails_of(connection: Connection, warning_id: int) -> list[dict[str, Any]]:
    """The mails that speak of a warning: to whom, why, and what became of each."""
    query = (
        select(
            mails.c.id,
            mails.c.recipient,
            mails.c.kind,
            mails.c.state,
            mails.c.created_at,
            mails.c.sent_at,
            mail_warnings.c.purpose,
            mail_warnings.c.severity,
        )
        .join(mail_warnings, mail_warnings.c.mail_id == mails.c.id)
        .where(mail_warnings.c.warning_id == warning_id)
        .order_by(mails.c.id)
    )
    return [
        {
            "id": row.id,
            "to": row.recipient,
            "kind": row.kind,
            "purpose": row.purpose,
            "severity": row.severity,
            "state": row.state,
            "created_at": china_time(row.created_at),
            "sent_at": row.sent_at and china_time(row.sent_at),
        }
        for row in connection.execute(query)
    ]
