"""What the warning rules need to know beside the ledger, each by as few rows as will do.

Days of single payments are asked only of the projects and months that matter: a seek a project
and day in the index of pay date and project, never a look at all payments.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Connection,
    Row,
    Select,
    and_,
    cast,
    func,
    select,
    union,
)

from monitor.domain.calendar import month_end
from monitor.store.alert_tables import indicator_results
from monitor.store.batches import batches
from monitor.store.matches import UNMATCHED
from monitor.store.payment_tables import payments, wordings
from monitor.store.projects import REVISION_IN_FORCE
from monitor.store.sums import COUNTED
from monitor.store.tables import (
    adjustment_lines,
    adjustments,
    indicators,
    projects,
    revisions,
)


class Known(NamedTuple):
    """A project's id; `has_document`: whether a document in force brought it."""

    id: int
    has_document: bool


def projects_of(connection: Connection, year: int) -> dict[str, Known]:
    """The projects in force of a year by code."""
    documented = select(revisions.c.project_id).where(
        revisions.c.undone == 0, revisions.c.import_id.is_not(None)
    )
    query = (
        select(
            projects.c.project_code,
            projects.c.id,
            projects.c.id.in_(documented).label("has_document"),
        )
        .join_from(projects, revisions, REVISION_IN_FORCE)
        .where(projects.c.year == year)
    )
    return {
        code: Known(id_, bool(documented)) for code, id_, documented in connection.execute(query)
    }


def all_codes(connection: Connection, year: int) -> frozenset[str]:
    """The codes of all projects that a year ever had, retired ones too."""
    query = select(projects.c.project_code).where(projects.c.year == year)
    return frozenset(connection.scalars(query))


def changed_in_year(connection: Connection, year: int) -> frozenset[int]:
    """The projects whose budget or plan is not all year that of one document."""
    amended = (
        select(revisions.c.project_id)
        .join(projects, projects.c.id == revisions.c.project_id)
        .where(projects.c.year == year, revisions.c.undone == 0)
        .where(revisions.c.effective > date(year, 1, 1))
    )
    adjusted = (
        select(adjustment_lines.c.project_id)
        .join(adjustments, adjustments.c.id == adjustment_lines.c.adjustment_id)
        .where(adjustments.c.year == year, adjustments.c.undone == 0)
    )
    return frozenset(connection.scalars(union(amended, adjusted)))


def daily_sums(
    connection: Connection, ids: Collection[int], year: int, month: int, as_of: date
) -> Iterator[tuple[int, date, int]]:
    """What was paid for these projects on the days of a month up to `as_of`: id, day, fen."""
    days = _days(date(year, month, 1), min(month_end(year, month), as_of))
    for batch in batches(sorted(ids)):
        query = (
            select(
                payments.c.project_id,
                payments.c.pay_date,
                cast(func.sum(payments.c.amount_fen), BigInteger),
            )
            .where(payments.c.pay_date.in_(days), payments.c.project_id.in_(batch))
            .where(payments.c.undone == 0, payments.c.status.in_(COUNTED))
            .group_by(payments.c.project_id, payments.c.pay_date)
        )
        yield from connection.execute(query)


def _days(first: date, last: date) -> list[date]:
    """All days from a first to a last one, so that an index of days finds each by itself."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


class Unmatched(NamedTuple):
    """Unmatched payments that say the same of unit and project, as the lists have it."""

    unit_code: str
    unit_name: str
    project_code: str
    project_name: str
    lines: int
    amount_fen: int
    oldest: date


def unmatched(connection: Connection, year: int, as_of: date) -> list[Unmatched]:
    """The unmatched payments of a year up to `as_of`, by what they say of unit and project."""
    days = _days(date(year, 1, 1), min(as_of, date(year, 12, 31)))
    said = tuple(
        wordings.c[name] for name in ("unit_code", "unit_name", "project_code", "project_name")
    )
    grouped = (
        select(
            payments.c.wording_id,
            func.count().label("lines"),
            cast(func.sum(payments.c.amount_fen), BigInteger).label("amount_fen"),
            func.min(payments.c.pay_date).label("oldest"),
        )
        .where(payments.c.pay_date.in_(days), UNMATCHED)
        .group_by(payments.c.wording_id)
        .subquery()
    )
    query: Select[Any] = (
        select(
            *said,
            cast(func.sum(grouped.c.lines), BigInteger),
            cast(func.sum(grouped.c.amount_fen), BigInteger),
            func.min(grouped.c.oldest),
        )
        .join_from(grouped, wordings, wordings.c.id == grouped.c.wording_id)
        .group_by(*said)
        .order_by(*said)
    )
    return [Unmatched(*row) for row in connection.execute(query)] if days else []


def funds(connection: Connection, year: int) -> dict[int, str]:
    """By project id, 资金性质 where all payments of the project agree on it.

    Looks at all matched payments of the year: asked only where a rule depends on it.
    """
    query = (
        select(payments.c.project_id, func.min(wordings.c.fund))
        .join(wordings, wordings.c.id == payments.c.wording_id)
        .where(payments.c.year == year, payments.c.undone == 0)
        .where(payments.c.project_id.is_not(None), payments.c.status.in_(COUNTED))
        .group_by(payments.c.project_id)
        .having(func.min(wordings.c.fund) == func.max(wordings.c.fund))
    )
    return dict(connection.execute(query).all())


@dataclass(frozen=True, slots=True)
class Result:
    """An indicator of a project, and what was reported of it for a period, if anything."""

    project_id: int
    position: int
    name: str
    reported: bool
    on_target: bool | None


def forms_collected(connection: Connection, year: int) -> frozenset[str]:
    """The periods of a year, such as `06`, for which any indicator result is in force."""
    query = (
        select(indicator_results.c.period)
        .join(projects, projects.c.id == indicator_results.c.project_id)
        .where(projects.c.year == year, indicator_results.c.undone == 0)
        .distinct()
    )
    return frozenset(connection.scalars(query))


def results(connection: Connection, year: int, period: str) -> dict[int, list[Result]]:
    """By project id, the indicators of a year's projects with their results of a period."""
    reported = and_(
        indicator_results.c.project_id == projects.c.id,
        indicator_results.c.position == indicators.c.position,
        indicator_results.c.period == period,
        indicator_results.c.undone == 0,
    )
    query: Select[Any] = (
        select(
            projects.c.id,
            indicators.c.position,
            indicators.c.level3,
            indicators.c.description,
            indicator_results.c.id.label("result_id"),
            indicator_results.c.on_target,
        )
        .select_from(
            projects.join(revisions, REVISION_IN_FORCE)
            .join(indicators, indicators.c.revision_id == revisions.c.id)
            .outerjoin(indicator_results, reported)
        )
        .where(projects.c.year == year)
        .order_by(projects.c.id, indicators.c.position)
    )
    found: defaultdict[int, list[Result]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.id].append(_result(row))
    return dict(found)


def _result(row: Row[Any]) -> Result:
    return Result(
        project_id=row.id,
        position=row.position,
        name=row.level3 or row.description or f"第 {row.position} 项",
        reported=row.result_id is not None,
        on_target=row.on_target,
    )
