"""What the overview is made of: values, and how they are gathered from the store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import Connection

from monitor.domain.budget import BudgetHistory
from monitor.domain.calendar import month_end
from monitor.domain.coverage import State
from monitor.domain.progress import Account, Limits, Standing, stand
from monitor.errors import NotFound
from monitor.reports.assessment.facts import Curve, Source
from monitor.reports.charts.curves import bases
from monitor.reports.explaining.explanation import other_years
from monitor.reports.overview.changes import Changes, changes
from monitor.reports.overview.sources import (
    AdjustmentsUsed,
    VersionUsed,
    adjusted,
    files,
    versions,
)
from monitor.store import adjustments, imports, ledger, projects, warning_counts
from monitor.store import coverage as covering

MONTHS = range(1, 13)


@dataclass(frozen=True, slots=True)
class UnmatchedGroup:
    """Payments without a project that share a project code and a unit, as the lists give them."""

    project_code: str
    unit_code: str
    unit_name: str
    rows: int
    amount_fen: int


@dataclass(frozen=True, slots=True)
class OverviewFacts:
    """A whole office and year at `as_of`.

    `standings` are by unit and code. `at_checkpoints` has them as of the end of each month that
    is some project's checkpoint and not after `as_of`; from it the heat map is made. `curves` are
    by project code. `coverage` has of each unit the year's twelve months, None for a month that
    has not ended by `as_of`. `warnings` counts those open now by (unit code, severity).
    """

    office: str
    year: int
    as_of: date
    standings: tuple[Standing, ...]
    at_checkpoints: Mapping[int, tuple[Standing, ...]]
    curves: Mapping[str, Curve]
    unmatched: tuple[UnmatchedGroup, ...]
    sources: tuple[Source, ...]
    coverage: Mapping[str, tuple[State | None, ...]] = field(default_factory=dict)
    warnings: Mapping[tuple[str, str], int] = field(default_factory=dict)
    changes: Changes | None = None
    limits: Limits = Limits()
    versions: tuple[VersionUsed, ...] = ()
    adjusted: tuple[AdjustmentsUsed, ...] = ()


def overview_facts(
    connection: Connection, *, office: str, year: int, as_of: date, limits: Limits
) -> OverviewFacts:
    """A whole office's year at `as_of`. Raises NotFound for a year without projects."""
    accounts = ledger.accounts(connection, year=year, as_of=as_of)
    if not accounts:
        raise NotFound(f"{year} 年没有项目。", other_years(connection))
    standings = tuple(stand(each, as_of, limits) for each in accounts)
    ids = {each.project_code: each.key for each in projects.known(connection, year)}
    curves, dated = _curves(connection, accounts, ids, as_of, limits)
    given = ledger.contributions(connection, year=year, as_of=as_of)
    landed = imports.load(connection)
    units = dict.fromkeys(each.unit_code for each in accounts)
    return OverviewFacts(
        office=office,
        year=year,
        as_of=as_of,
        standings=standings,
        at_checkpoints={
            month: _standings_at(accounts, curves, dated, month_end(year, month), limits)
            for month in sorted({point.month for each in accounts for point in each.plan})
            if month_end(year, month) <= as_of
        },
        curves=curves,
        unmatched=tuple(
            UnmatchedGroup(g.project_code, g.unit_code, g.unit_name, g.lines, g.amount_fen)
            for g in ledger.waiting(connection, year=year, as_of=as_of)
        ),
        sources=tuple(files(landed, given, year)),
        coverage=_coverage(connection, units, year, as_of),
        warnings=warning_counts.open_by_unit(connection, year),
        changes=changes(connection, standings, given, landed, limits=limits),
        limits=limits,
        versions=versions(connection, ids.values(), year=year, as_of=as_of),
        adjusted=adjusted(connection, year=year, as_of=as_of),
    )


def _curves(
    connection: Connection,
    accounts: Sequence[Account],
    ids: Mapping[str, int],
    as_of: date,
    limits: Limits,
) -> tuple[dict[str, Curve], dict[str, BudgetHistory]]:
    """By project code, the curve and the budget's history."""
    year = accounts[0].year
    paid = ledger.monthly(connection, year=year, as_of=as_of)
    histories = adjustments.histories(connection, year, set(ids.values()))
    dated = {each.project_code: histories[ids[each.project_code]] for each in accounts}
    curves = {
        each.project_code: Curve(
            year=year,
            as_of=as_of,
            budget_fen=each.budget_fen,
            plan=each.plan,
            paid_by_month=paid.get(each.project_code, (0,) * 12),
            bases=bases(dated[each.project_code], each.plan, as_of),
            limits=limits,
        )
        for each in accounts
    }
    return curves, dated


def _standings_at(
    accounts: Iterable[Account],
    curves: Mapping[str, Curve],
    dated: Mapping[str, BudgetHistory],
    end: date,
    limits: Limits,
) -> tuple[Standing, ...]:
    """The projects as they stood at the end of a month, by the months' own sums."""
    found = []
    for each in accounts:
        history = dated[each.project_code]
        then = replace(
            each,
            budget_fen=history.at(end),
            plan=history.plan_at(end),
            paid_fen=sum(curves[each.project_code].paid_by_month[: end.month]),
            added_since_fen=history.added_since_due(end),
        )
        found.append(stand(then, end, limits))
    return tuple(found)


def _coverage(
    connection: Connection, units: Iterable[str], year: int, as_of: date
) -> dict[str, tuple[State | None, ...]]:
    covered = covering.load(connection, year)
    return {
        unit: tuple(
            covered.cell(unit, f"{year}-{month:02d}").state
            if month_end(year, month) <= as_of
            else None
            for month in MONTHS
        )
        for unit in units
    }
