"""What the latest lists changed: which projects were paid or stand otherwise, which warnings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection

from monitor.domain.calendar import CHINA
from monitor.domain.progress import Limits, Standing, stand
from monitor.reports.states import state_of
from monitor.store import warning_counts
from monitor.store.imports import Import
from monitor.store.ledger import Contribution


@dataclass(frozen=True, slots=True)
class ProjectChange:
    """A project of which the latest lists brought payments: lines, fen, its state before and now.

    Before: as of the same day, without these lists.
    """

    standing: Standing
    lines: int
    paid_fen: int
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class WarningStep:
    """What happened to a warning: `event` and `severity` as on record."""

    event: str
    severity: str
    rule: str
    unit_code: str
    unit_name: str
    project_code: str
    project_name: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What has changed since the lists before the latest; all those of one day count as one."""

    day: date
    files: tuple[str, ...]
    projects: tuple[ProjectChange, ...]
    warnings: tuple[WarningStep, ...]


def changes(
    connection: Connection,
    standings: Sequence[Standing],
    given: Iterable[Contribution],
    landed: Iterable[Import],
    *,
    limits: Limits,
) -> Changes | None:
    """What the payment lists of the latest day brought, of those that count for the year.

    None where no list does.
    """
    of_project: defaultdict[str, dict[int, Contribution]] = defaultdict(dict)
    counting = set()
    for each in given:
        of_project[each.project_code][each.import_id] = each
        counting.add(each.import_id)
    lists = [each for each in landed if each.kind == "payments" and each.id in counting]
    if not lists:
        return None
    day = max(map(_day, lists))
    latest = [each for each in lists if _day(each) == day]
    ids = {each.id for each in latest}
    changed = []
    for standing in standings:
        given_now = of_project.get(standing.account.project_code, {})
        parts = [part for import_id, part in given_now.items() if import_id in ids]
        if parts:
            changed.append(_change(standing, parts, limits))
    since = min(each.imported_at for each in latest)
    return Changes(
        day=day,
        files=tuple(each.file for each in latest),
        projects=tuple(changed),
        warnings=_steps(connection, standings[0].account.year, since),
    )


def _day(landed: Import) -> date:
    return landed.imported_at.astimezone(CHINA).date()


def _change(standing: Standing, parts: Sequence[Contribution], limits: Limits) -> ProjectChange:
    fen, lines = sum(part.paid_fen for part in parts), sum(part.lines for part in parts)
    account = standing.account
    before = replace(account, paid_fen=account.paid_fen - fen, payments=account.payments - lines)
    return ProjectChange(
        standing=standing,
        lines=lines,
        paid_fen=fen,
        before=state_of(stand(before, standing.as_of, limits)),
        now=state_of(standing),
    )


def _steps(connection: Connection, year: int, since: datetime) -> tuple[WarningStep, ...]:
    return tuple(
        WarningStep(
            event=row.event,
            severity=row.severity,
            rule=row.rule,
            unit_code=row.unit,
            unit_name=row.unit_name,
            project_code=row.project_code,
            project_name=row.project_name,
        )
        for row in warning_counts.steps_since(connection, year, since)
    )
