"""A project's story: every revision, adjustment and retirement, in the order of recording."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from monitor.domain.budget import BudgetHistory, Line, Stated
from monitor.domain.calendar import china_time
from monitor.domain.codes import normalise_code
from monitor.domain.money import yuan
from monitor.domain.revision import changes
from monitor.errors import NotFound, Place
from monitor.reports.explaining.explanation import other_years
from monitor.store import adjustments, projects, retirements
from monitor.store.adjustments import Recorded
from monitor.store.projects import Stored


class _Revision:
    """A revision with the time in which it was in force."""

    def __init__(self, row: Any, stored: Stored) -> None:
        self.stored, self.actor = stored, row.actor
        self.recorded_at: datetime = row.recorded_at
        self.undone_at: datetime | None = row.undone_at

    def was_in_force(self, at: datetime) -> bool:
        return self.recorded_at <= at and (self.undone_at is None or self.undone_at > at)


def history(connection: Connection, code: str, *, year: int | None) -> list[dict[str, Any]]:
    """The rows of `targets history`; `budget_fen` is the budget after each, on its own day.

    Without `year` all years of the project. Raises NotFound.
    """
    project_code = normalise_code(code)
    retired = [
        row.year for row in retirements.in_force(connection) if row.project_code == project_code
    ]
    years = sorted({*projects.years(connection, project_code), *retired})
    wanted = years if year is None else [year]
    rows = [row for each in wanted for row in _of_year(connection, each, project_code)]
    if not rows:
        of_year = f"{year} 年" if year else ""
        raise NotFound(f"{of_year}没有项目 {project_code}。", other_years(connection, project_code))
    return rows


def _of_year(connection: Connection, year: int, code: str) -> list[dict[str, Any]]:
    project_id = projects.find(connection, year, code)
    if project_id is None:
        return []
    revised = [_Revision(*each) for each in projects.ever(connection, project_id)]
    adjusted = adjustments.load(connection, year=year, project_id=project_id)
    rows = [
        *_revisions(year, revised, adjusted, code),
        *_adjustments(year, revised, adjusted, code),
        *_retirements(connection, project_id),
    ]
    in_order = sorted(rows, key=lambda row: row[0])
    return [
        {"year": year, "project_code": code, "at": china_time(at), **row} for at, row in in_order
    ]


Timed = tuple[datetime, dict[str, Any]]


def _budget(
    year: int,
    revised: Sequence[_Revision],
    adjusted: Sequence[Recorded],
    code: str,
    *,
    on: date,
    at: datetime,
) -> int | None:
    """The budget of a day as it was known at a time."""
    stated = {
        each.stored.effective: Stated(each.stored.effective, each.stored.project.budget_fen)
        for each in revised
        if each.was_in_force(at)
    }
    lines = [
        Line(each.adjustment.effective, dict(each.adjustment.signed)[code])
        for each in adjusted
        if each.recorded_at <= at and (each.undone_at is None or each.undone_at > at)
    ]
    return BudgetHistory(year, tuple(stated.values()), tuple(lines)).at(on)


def _revisions(
    year: int, revised: Sequence[_Revision], adjusted: Sequence[Recorded], code: str
) -> Iterator[Timed]:
    for place, each in enumerate(revised):
        before = revised[:place]
        same_day = [e for e in before if e.stored.effective == each.stored.effective]
        earlier_day = [e for e in before if e.stored.effective <= each.stored.effective]
        against = next(iter([*reversed(same_day), *reversed(earlier_day), *reversed(before)]), None)
        dated = each.stored.effective > date(year, 1, 1)
        project = each.stored.project
        yield (
            each.recorded_at,
            {
                "event": _name(each, first=not place, dated=dated, again=bool(same_day)),
                "effective": each.stored.effective.isoformat(),
                "amount_fen": None,
                "budget_fen": _budget(
                    year, revised, adjusted, code, on=each.stored.effective, at=each.recorded_at
                ),
                "changes": [
                    {"field": c.field, "old": c.old, "new": c.new}
                    for c in (changes(against.stored.project, project) if against else [])
                ],
                "document": each.stored.document_number,
                "file": project.place.file if each.stored.import_id else "",
                "spot": each.stored.spot,
                "actor": each.actor,
                "note": "",
                "number": None,
            },
        )


def _name(revision: _Revision, *, first: bool, dated: bool, again: bool) -> str:
    if revision.stored.import_id is None:
        return "年中追加的新项目"
    if dated:
        return "调整的勘误" if again else "调整文本"
    return "导入" if first else "勘误"


def _adjustments(
    year: int, revised: Sequence[_Revision], adjusted: Sequence[Recorded], code: str
) -> Iterator[Timed]:
    for each in adjusted:
        adjustment = each.adjustment
        signed = dict(adjustment.signed)[code]
        other = adjustment.taker if signed < 0 else adjustment.giver
        common = {
            "effective": adjustment.effective.isoformat(),
            "changes": [],
            "document": adjustment.document_number,
            "file": each.file,
            "spot": Place(each.file, each.line).spot,
            "number": each.id,
        }
        moved = f"{'调给' if signed < 0 else '调自'} {other}" if other else ""
        words = [adjustment.fund.value, moved, adjustment.note]
        yield (
            each.recorded_at,
            {
                **common,
                "event": adjustment.kind.value,
                "amount_fen": signed,
                "budget_fen": _budget(
                    year, revised, adjusted, code, on=adjustment.effective, at=each.recorded_at
                ),
                "actor": each.actor,
                "note": "；".join(word for word in words if word),
            },
        )
        if each.undone_at is not None:
            yield (
                each.undone_at,
                {
                    **common,
                    "event": f"撤销{adjustment.kind.value}",
                    "amount_fen": -signed,
                    "budget_fen": _budget(
                        year, revised, adjusted, code, on=adjustment.effective, at=each.undone_at
                    ),
                    "actor": each.undone_by,
                    "note": f"撤销理由：{each.undone_reason}",
                },
            )


def _retirements(connection: Connection, project_id: int) -> Iterator[Timed]:
    blank: dict[str, Any] = {
        "effective": None,
        "amount_fen": None,
        "budget_fen": None,
        "changes": [],
    }
    rest = {"document": "", "file": "", "spot": "", "number": None}
    for row in retirements.of_project(connection, project_id):
        yield (
            row.recorded_at,
            {**blank, **rest, "event": "退出", "actor": row.actor, "note": row.reason},
        )
        if row.undone_at is not None:
            words = {"event": "恢复", "actor": row.undone_by, "note": row.undone_reason}
            yield row.undone_at, {**blank, **rest, **words}


def told(row: dict[str, Any]) -> str:
    """What a row changed, for people."""
    fields = [f"{c['field']}：{c['old']} → {c['new']}" for c in row["changes"]]
    amount = row["amount_fen"]
    if amount is not None:
        fields.insert(0, f"{'+' if amount > 0 else ''}{yuan(amount)} 元")
    return "；".join([*fields, *([row["note"]] if row["note"] else [])])
