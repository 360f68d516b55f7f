"""What a target document (绩效目标文本) says: projects, their plans, goals and indicators."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from monitor.domain.money import WHOLE_BP, MoneyUnit
from monitor.domain.target_value import TargetValue, ValueKind, parse_target
from monitor.errors import Place


@dataclass(frozen=True, slots=True)
class PlanPoint:
    """The cumulative share of the budget to be paid by the end of `month`; blank is None."""

    month: int
    planned_bp: int | None


@dataclass(frozen=True, slots=True)
class Indicator:
    """One performance indicator. Texts as written, without the white space of the layout."""

    level1: str
    level2: str
    level3: str
    description: str
    target: str
    value: TargetValue
    basis: str
    weight: Decimal | None = None


def in_year(indicator: Indicator, year: int) -> Indicator:
    """The indicator of a project of `year`: a day that names no year is one of that year."""
    if not year or indicator.value.kind is not ValueKind.TEXT:
        return indicator
    return replace(indicator, value=parse_target(indicator.target, year))


@dataclass(frozen=True, slots=True)
class Project:
    """A project (项目) of one year with its 绩效目标表; its identity is (year, project_code).

    Amounts in fen, None where the cell is blank. The plan's months ascend.
    """

    year: int
    unit_code: str
    unit_name: str
    project_code: str
    project_name: str
    money_unit: MoneyUnit
    budget_fen: int | None
    fiscal_fen: int | None
    other_fen: int | None
    purpose: str
    plan: tuple[PlanPoint, ...]
    goals: tuple[str, ...]
    indicators: tuple[Indicator, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class OverallGoals:
    """A document's first part: 总体绩效目标, 分项绩效目标, 工作保障措施 of the whole unit."""

    overall: str = ""
    itemised: str = ""
    safeguards: str = ""


@dataclass(frozen=True, slots=True)
class TargetDocument:
    """One target document as read. `year_source` says in Chinese where the year came from."""

    file: str
    year: int
    year_source: str
    goals: OverallGoals
    projects: tuple[Project, ...]


def plan_faults(plan: tuple[PlanPoint, ...]) -> list[str]:
    """What is odd about a plan's shares: names out of `blank falls over end`, in that order."""
    stated = [point.planned_bp for point in plan if point.planned_bp is not None]
    faults = []
    if len(stated) < len(plan):
        faults.append("blank")
    if any(later < earlier for earlier, later in zip(stated, stated[1:], strict=False)):
        faults.append("falls")
    if any(share > WHOLE_BP for share in stated):
        faults.append("over")
    if plan and plan[-1].planned_bp not in (None, WHOLE_BP):
        faults.append("end")
    return faults
