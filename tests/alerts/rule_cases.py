"""One project's facts by hand, and what the rules find in them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from monitor.alerts.facts import Facts, Pace, ProjectFacts
from monitor.alerts.rule_settings import AlertRules
from monitor.alerts.rules import Judgement, check
from monitor.domain.finding import Finding
from monitor.domain.progress import Account, stand
from monitor.domain.target import PlanPoint

QUARTERS: Mapping[int, int | None] = {3: 2_500, 6: 5_000, 9: 7_500, 12: 10_000}
BUDGET = 1_000_000_00


def project(
    paid_fen: int,
    as_of: date = date(2025, 6, 30),
    *,
    budget_fen: int | None = BUDGET,
    plan: Mapping[int, int | None] = QUARTERS,
    code: str = "P1",
    unit: str = "430001",
    added_since_fen: int = 0,
    in_transit: tuple[int, int] = (0, 0),
    pace: Pace | None = None,
    **facts: Any,
) -> ProjectFacts:
    """A project that was paid on the very day, unless its `pace` says otherwise."""
    account = Account(
        year=2025, unit_code=unit, unit_name="教育局", project_code=code, project_name="项目",
        initial_budget_fen=budget_fen, budget_fen=budget_fen, paid_fen=paid_fen, payments=1,
        plan=tuple(PlanPoint(month, bp) for month, bp in plan.items()),
        added_since_fen=added_since_fen, in_transit=in_transit[0], in_transit_fen=in_transit[1],
    )  # fmt: skip
    return ProjectFacts(stand(account, as_of), pace or Pace(last_payment=as_of), **facts)


def judge(*projects: ProjectFacts, settings: AlertRules = AlertRules(), **facts: Any) -> Judgement:
    as_of = facts.pop("as_of", None) or projects[0].standing.as_of
    return check(Facts(year=2025, as_of=as_of, projects=projects, **facts), settings)


def found(rule: str, *projects: ProjectFacts, **more: Any) -> list[Finding]:
    return [each for each in judge(*projects, **more).findings if each.rule == rule]


def rules(toml: Mapping[str, Any]) -> AlertRules:
    return AlertRules.from_toml(toml)
