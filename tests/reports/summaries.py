"""Summaries made by hand: projects with figures at which binary numbers are apt to slip."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from monitor.domain.scoring_rules import Grade
from monitor.reports.unit.summary_facts import GroupPoints, ProjectLine, Summary

OUTPUT, BENEFIT = "产出指标", "效益指标"
LIMITS = (Decimal(90), Decimal(80), Decimal(60))


def points(weight: int, earned: str | None) -> GroupPoints:
    return GroupPoints(Decimal(weight), None if earned is None else Decimal(earned))


def line(
    number: int,
    budget: int | None,
    paid: int,
    groups: Mapping[str, GroupPoints],
    **changes: Any,
) -> ProjectLine:
    """A project; total and grade are what its points come to, where all are there."""
    execution = changes.pop("execution", points(10, "10.00"))
    parts = [execution.points, *(each.points for each in groups.values())]
    known = [each for each in parts if each is not None]
    total = sum(known, Decimal(0)) if len(known) == len(parts) else None
    fields: dict[str, Any] = {
        "year": 2025,
        "unit_code": "623001",
        "unit_name": "测试县文化馆",
        "project_code": f"13030325P{number:011d}X",
        "project_name": f"项目{number}",
        "initial_fen": budget,
        "budget_fen": budget,
        "paid_fen": paid,
        "execution": execution,
        "groups": groups,
        "total": total,
        "grade": None if total is None else _grade(total),
        "limits": LIMITS,
        "open_items": 0 if total is not None else 3,
        "added": False,
    }
    return ProjectLine(**(fields | changes))


def _grade(total: Decimal) -> Grade:
    reached = [grade for grade, least in zip(Grade, LIMITS, strict=False) if total >= least]
    return reached[0] if reached else Grade.POOR


def full(earned: str) -> dict[str, GroupPoints]:
    """Both groups, the first with these points of its 60."""
    return {OUTPUT: points(60, earned), BENEFIT: points(30, "30.00")}


def awkward() -> Summary:
    """Amounts of 0.1 and 0.2 yuan, rates and totals on the edge, blanks, refunds, two units."""
    other = {"unit_code": "623002", "unit_name": "测试县图书馆"}
    lines = (
        line(1, 30, 10, full("50.00")),  # 0.30 yuan: 33.33 %; a total of exactly 90
        line(2, 10, 20, full("49.99")),  # over budget; 89.99
        line(3, 20_000, 1_001, full("40.00")),  # 5.005 %, which is 5.01 %
        line(4, 100_000_000_001, 33_333_333_335, full("39.99")),  # beyond a milliard
        line(5, None, 7, {OUTPUT: points(90, "59.99")}, execution=points(10, None)),
        line(6, 0, 0, {OUTPUT: points(90, None)}, execution=points(10, None)),
        line(7, 1_000_000, -12_345, full("0.01"), execution=points(10, "0.00"), **other),
        line(8, 110, 55, full("19.99"), initial_fen=70, **other),
    )
    notes, sources = ("=1+1 不是公式",), ("支付明细：=A1.csv",)
    return Summary(2025, date(2025, 12, 31), lines, notes, sources)
