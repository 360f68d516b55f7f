"""From the store to the facts that reports are made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection

from monitor.domain.calendar import CHINA, month_end
from monitor.domain.progress import Limits, Standing, stand
from monitor.errors import NotFound
from monitor.reports.explanation import other_years
from monitor.reports.facts import OverviewFacts, ProjectFacts, Source, UnmatchedGroup
from monitor.reports.rows import progress_frame
from monitor.store import acknowledgements, imports, ledger, projects
from monitor.store.imports import Import
from monitor.store.ledger import Contribution


def project_facts(
    connection: Connection,
    *,
    year: int,
    as_of: date,
    limits: Limits,
    unit_code: str | None = None,
    project_code: str | None = None,
) -> list[ProjectFacts]:
    """The facts of a year's projects at `as_of`, by unit and code. Raises NotFound for none."""
    stored = projects.load(connection, year=year, unit_code=unit_code, project_code=project_code)
    if not stored:
        raise NotFound(f"{year} 年没有这样的项目。", other_years(connection, project_code))
    standings = _standings(connection, year, as_of, limits)
    monthly = ledger.monthly(connection, year=year, as_of=as_of)
    landed = {each.id: each for each in imports.load(connection)}
    given: defaultdict[str, list[Contribution]] = defaultdict(list)
    for each in ledger.contributions(connection, year=year, as_of=as_of):
        given[each.project_code].append(each)
    unmatched = _unmatched_by_unit(connection, year, as_of)
    explained = acknowledgements.of_projects(connection, year=year, as_of=as_of)
    return [
        ProjectFacts(
            project=each.project,
            standing=standings[each.project.project_code],
            paid_by_month=monthly.get(each.project.project_code, (0,) * 12),
            last_payment=max((c.last for c in given[each.project.project_code]), default=None),
            unmatched_rows=unmatched[each.project.unit_code][0],
            unmatched_fen=unmatched[each.project.unit_code][1],
            sources=(
                *([_source(landed[each.import_id])] if each.import_id is not None else []),
                *_lists(given[each.project.project_code], landed),
            ),
            as_of=as_of,
            explanations=tuple(explained.get(each.project.project_code, ())),
        )
        for each in stored
    ]


def _standings(
    connection: Connection, year: int, as_of: date, limits: Limits
) -> dict[str, Standing]:
    accounts = ledger.accounts(connection, year=year, as_of=as_of)
    return {each.project_code: stand(each, as_of, limits) for each in accounts}


def _unmatched_by_unit(
    connection: Connection, year: int, as_of: date
) -> defaultdict[str, tuple[int, int]]:
    sums: defaultdict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for group in ledger.waiting(connection, year=year, as_of=as_of):
        rows, fen = sums[group.unit_code]
        sums[group.unit_code] = (rows + group.lines, fen + group.amount_fen)
    return sums


def _lists(given: Iterable[Contribution], landed: dict[int, Import]) -> Iterable[Source]:
    return (_source(landed[c.import_id], c.lines, c.paid_fen) for c in given)


def _source(landed: Import, rows: int | None = None, amount_fen: int | None = None) -> Source:
    return Source(
        file=landed.file,
        sha256=landed.sha256,
        kind=landed.kind,
        imported=landed.imported_at.astimezone(CHINA).date(),
        months=landed.months,
        rows=rows,
        amount_fen=amount_fen,
    )


def overview_facts(
    connection: Connection, *, office: str, year: int, as_of: date, limits: Limits
) -> OverviewFacts:
    """A whole office's year at `as_of`. Raises NotFound for a year without projects."""
    standings = _standings(connection, year, as_of, limits)
    if not standings:
        raise NotFound(f"{year} 年没有项目。", other_years(connection))
    months = {point.month for each in standings.values() for point in each.account.plan}
    ends = {month: month_end(year, month) for month in sorted(months)}
    return OverviewFacts(
        office=office,
        year=year,
        as_of=as_of,
        progress=progress_frame(standings.values()),
        at_checkpoints={
            month: progress_frame(_standings(connection, year, end, limits).values())
            for month, end in ends.items()
            if end <= as_of
        },
        unmatched=tuple(
            UnmatchedGroup(g.project_code, g.unit_code, g.unit_name, g.lines, g.amount_fen)
            for g in ledger.waiting(connection, year=year, as_of=as_of)
        ),
        sources=tuple(_sources_of_year(connection, year, as_of)),
    )


def _sources_of_year(connection: Connection, year: int, as_of: date) -> Iterable[Source]:
    sums: defaultdict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for each in ledger.contributions(connection, year=year, as_of=as_of):
        lines, fen = sums[each.import_id]
        sums[each.import_id] = (lines + each.lines, fen + each.paid_fen)
    for landed in imports.load(connection):
        if landed.kind == "targets" and landed.scope == str(year):
            yield _source(landed)
        elif landed.kind == "payments" and (landed.id in sums or _covers(landed, year)):
            yield _source(landed, *sums[landed.id])


def _covers(landed: Import, year: int) -> bool:
    return any(month.startswith(f"{year}-") for month in landed.months)
