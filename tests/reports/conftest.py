"""Facts for the report tests: a project of two indicators, and whatever a test says instead."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from monitor.domain.adjustment import Fund
from monitor.domain.money import MoneyUnit
from monitor.domain.progress import Account, stand
from monitor.domain.scoring_rules import ScoringRules
from monitor.domain.target import Indicator, PlanPoint, Project
from monitor.domain.target_value import parse_target
from monitor.errors import Place
from monitor.ingest.shipped import shipped
from monitor.reports.assessment.facts import ProjectFacts, Source
from monitor.reports.assessment.fund_split import PaidByFund, StatedFunds, split
from monitor.reports.assessment.scoring_settings import SHIPPED, read_scoring

MakeFacts = Callable[..., ProjectFacts]
QUARTERS = (2500, 5000, 7500, 10000)


def indicator(
    level1: str, level2: str, level3: str, target: str, description: str = ""
) -> Indicator:
    value = parse_target(target)
    return Indicator(level1, level2, level3, description or level3, target, value, "年度工作计划")


def project(**changes: Any) -> Project:
    """A project of 100,000.00 yuan, by default with an output and a cost indicator."""
    shares = zip((3, 6, 9, 12), QUARTERS, strict=True)
    fields: dict[str, Any] = {
        "year": 2025,
        "unit_code": "623001",
        "unit_name": "测试县文化馆",
        "project_code": "13030325P00000000001X",
        "project_name": "文化下乡经费",
        "money_unit": MoneyUnit.YUAN,
        "budget_fen": 10_000_000,
        "fiscal_fen": 10_000_000,
        "other_fen": 0,
        "purpose": "下乡演出",
        "plan": tuple(PlanPoint(month, share) for month, share in shares),
        "goals": ("演出十二场", "观众满意"),
        "indicators": (
            indicator("产出指标", "数量指标", "演出场次", "≥12场"),
            indicator("产出指标", "成本指标", "控制在预算资金内", "是/否"),
        ),
        "place": Place("目标.txt", 10),
    }
    return Project(**(fields | changes))


@pytest.fixture
def make_facts() -> MakeFacts:
    """`make_facts(paid=…, budget=…, of=project(…), …)`: the facts of a project, money in fen."""

    def make(
        of: Project | None = None,
        paid: int = 8_600_000,
        as_of: date = date(2025, 12, 31),
        **changes: Any,
    ) -> ProjectFacts:
        of = of or project()
        account = Account(
            of.year,
            of.unit_code,
            of.unit_name,
            of.project_code,
            of.project_name,
            initial_budget_fen=of.budget_fen,
            budget_fen=changes.pop("budget", of.budget_fen),
            paid_fen=paid,
            payments=1,
            plan=of.plan,
        )
        fields: dict[str, Any] = {
            "paid_by_month": (*(0,) * 5, paid, *(0,) * 6),
            "last_payment": date(2025, 6, 20),
            "unmatched_rows": 0,
            "unmatched_fen": 0,
            "sources": (Source("目标.txt", "ab" * 32, "targets", date(2025, 1, 10)),),
        }
        stated = StatedFunds(date(of.year, 1, 1), of.budget_fen, of.fiscal_fen, of.other_fen)
        funds = split(
            year=of.year,
            as_of=as_of,
            stated=[stated],
            adjustments=changes.get("adjustments", ()),
            paid=PaidByFund({Fund.FISCAL: paid}),
            held=None,
        )
        fields |= {"funds": funds.figures, "fund_remarks": funds.remarks}
        return ProjectFacts(
            project=of, standing=stand(account, as_of), as_of=as_of, **(fields | changes)
        )

    return make


@pytest.fixture(scope="session")
def rules() -> ScoringRules:
    tables = {n: tomllib.loads(shipped(f"rules/scoring/{n}.toml")) for n in SHIPPED}
    return read_scoring(tables).of(2025, "430001")


@pytest.fixture(scope="session")
def sample_projects(samples: Path) -> list[Project]:
    """The 34 projects of the shared samples, as truth.json states them."""
    truth = json.loads((samples / "targets" / "truth.json").read_text("utf-8"))
    return [_from_truth(row) for row in truth]


def _from_truth(row: dict[str, Any]) -> Project:
    names = ("level1", "level2", "level3", "target", "description")
    return project(
        year=row["year"],
        unit_code=row["unit_code"],
        unit_name=row["unit_name_as_written"],
        project_code=row["project_code"],
        project_name=row["project_name"],
        money_unit=MoneyUnit(row["money_unit"]),
        budget_fen=row["budget_fen"],
        fiscal_fen=row["fiscal_fen"],
        other_fen=row["other_fen"],
        purpose=row["purpose"],
        plan=tuple(PlanPoint(int(month), bp) for month, bp in row["plan_bp"].items()),
        goals=tuple(row["goals"]),
        indicators=tuple(indicator(*(each[name] for name in names)) for each in row["indicators"]),
        place=Place(row["source"]),
    )
