"""A small office in the middle of its year, as the overview is made of it."""

from __future__ import annotations

from datetime import date

from monitor.domain.calendar import month_end
from monitor.domain.coverage import State
from monitor.domain.progress import Account, Standing, stand
from monitor.domain.target import PlanPoint
from monitor.reports.assessment.facts import Curve, Source
from monitor.reports.overview.changes import Changes, ProjectChange, WarningStep
from monitor.reports.overview.facts import OverviewFacts, UnmatchedGroup

PLAN = tuple(PlanPoint(month, bp) for month, bp in ((3, 2500), (6, 5000), (12, 10000)))


def standing(
    code: str,
    paid: int,
    unit: str = "623001",
    budget: int | None = 1_000_000,
    plan: tuple[PlanPoint, ...] = PLAN,
    as_of: date = date(2025, 6, 30),
    name: str = "项目",
) -> Standing:
    account = Account(2025, unit, f"单位{unit}", code, name, budget, budget, paid, 2, plan)
    return stand(account, as_of)


def curve(of: Standing) -> Curve:
    account = of.account
    paid = (0, 0, account.paid_fen) + (0,) * 9
    return Curve(2025, of.as_of, account.budget_fen, account.plan, paid)


def small_office() -> OverviewFacts:
    standings = (
        standing("P1", 0),
        standing("P2", 350_000),
        standing("P3", 480_000, unit="623002"),
        standing("P4", 500_000, unit="623002"),
        standing("P5", 100, unit="623002", budget=None),
    )
    half = (State.COMPLETE, State.MISSING, State.PARTIAL, *[State.COMPLETE] * 3, *[None] * 6)
    return OverviewFacts(
        office="测试县财政局",
        year=2025,
        as_of=date(2025, 6, 30),
        standings=standings,
        at_checkpoints={
            3: (standing("P1", 0, as_of=month_end(2025, 3)),),
            6: (standing("P1", 0), standing("P4", 700_000, unit="623002")),
        },
        curves={each.account.project_code: curve(each) for each in standings},
        unmatched=(
            UnmatchedGroup("13030321JBZC", "623002", "单位623002", 7, 12_345),
            UnmatchedGroup("", "623001", "单位623001", 2, -99_999_900),
        ),
        sources=(
            Source("目标.txt", "ab" * 32, "targets", date(2025, 1, 10)),
            Source("3月.csv", "cd" * 32, "payments", date(2025, 4, 2), ("2025-03",), 12, 34_500),
        ),
        coverage={"623001": half, "623002": (State.COMPLETE,) * 6 + (None,) * 6},
        warnings={("623001", "red"): 1, ("", "notice"): 2},
        changes=Changes(
            day=date(2025, 4, 2),
            files=("3月.csv",),
            projects=(
                ProjectChange(standings[3], 2, 300_000, "yellow", "none"),
                ProjectChange(standings[1], 1, 900_000, "yellow", "yellow"),
            ),
            warnings=(WarningStep("raised", "red", "W01", "623001", "单位623001", "P1", "项目"),),
        ),
    )
