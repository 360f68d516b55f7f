"""What a later document says otherwise about a project that is already recorded."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.domain.calendar import checkpoint_name
from monitor.domain.money import percent, yuan
from monitor.domain.target import Indicator, PlanPoint, Project


@dataclass(frozen=True, slots=True)
class Change:
    """A field with its old and its new content, as texts for people."""

    field: str
    old: str
    new: str


_FIELDS = {
    "unit_code": "单位编码",
    "unit_name": "单位名称",
    "project_name": "项目名称",
    "money_unit": "金额单位",
    "budget_fen": "预算数（元）",
    "fiscal_fen": "财政资金（元）",
    "other_fen": "其他资金（元）",
    "purpose": "资金用途",
    "plan": "资金支出计划",
    "goals": "绩效目标",
    "indicators": "绩效指标",
}


def changes(old: Project, new: Project) -> list[Change]:
    """Every field of the record that differs, in the order of the form."""
    pairs = ((field, getattr(old, field), getattr(new, field)) for field in _FIELDS)
    return [
        Change(_FIELDS[field], _shown(was), _shown(now)) for field, was, now in pairs if was != now
    ]


def _shown(value: object) -> str:
    match value:
        case None | "" | ():
            return "空"
        case int():
            return yuan(value)
        case tuple():
            return "；".join(_shown(item) for item in value)
        case PlanPoint():
            share = "空" if value.planned_bp is None else percent(value.planned_bp)
            return f"{checkpoint_name(value.month)} {share}"
        case Indicator():
            return f"{value.level3}（{value.target}）"
        case _:
            return str(value)
