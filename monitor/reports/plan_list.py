"""The projects whose plans can hardly be met, from what is recorded."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from itertools import accumulate
from typing import Any

from sqlalchemy import Connection

from monitor.domain.plan_review import Doubtful, Past, PastYear, PlanRules, review
from monitor.store import ledger, projects


def doubtful_plans(
    connection: Connection,
    rules: PlanRules,
    *,
    covered: Collection[str],
    year: int | None = None,
    unit: str | None = None,
) -> list[Doubtful]:
    """By year and unit. `covered` are the months, such as `2025-03`, whose lists have come."""
    stored = projects.load(connection, year=year, unit_code=unit)
    pasts: dict[int, Past] = {}
    found = []
    for each in stored:
        project = each.project
        if project.year not in pasts:
            pasts[project.year] = Past.of(_paid_in(connection, project.year - 1, covered))
        doubt = review(project, rules, pasts[project.year].same(project))
        if doubt is not None:
            found.append(doubt)
    return found


def _paid_in(connection: Connection, year: int, covered: Collection[str]) -> list[PastYear]:
    end = date(year, 12, 31)
    sums = ledger.monthly(connection, year=year, as_of=end)
    gap = next((m for m in range(1, 13) if f"{year}-{m:02d}" not in covered), 13)
    return [
        PastYear(
            year=year,
            unit_code=account.unit_code,
            project_code=account.project_code,
            project_name=account.project_name,
            budget_fen=account.budget_fen,
            paid_by_month=tuple(accumulate(sums.get(account.project_code, (0,) * 12))),
            known_months=gap - 1,
        )
        for account in ledger.accounts(connection, year=year, as_of=end)
    ]


def doubt_row(doubt: Doubtful) -> dict[str, Any]:
    """A row of `targets plan-review`."""
    project = doubt.project
    return {
        "year": project.year,
        "unit_code": project.unit_code,
        "unit_name": project.unit_name,
        "project_code": project.project_code,
        "project_name": project.project_name,
        "budget_fen": project.budget_fen,
        "purpose": project.purpose,
        "plan_bp": {f"{point.month:02d}": point.planned_bp for point in project.plan},
        "reasons": [{"rule": each.rule, "text": str(each)} for each in doubt.reasons],
    }
