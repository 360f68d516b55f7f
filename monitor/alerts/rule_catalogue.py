"""The catalogue of the warning rules: id, Chinese name, meaning, whom they are for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Audience(StrEnum):
    """Who is told first: the unit's finance lead, or the finance office."""

    LEAD = "lead"
    OFFICE = "office"

    @property
    def label(self) -> str:
        return {"lead": "单位财务负责人", "office": "财政部门"}[self.value]


class PeriodKind(StrEnum):
    """What a finding's period is: a plan's checkpoint, a month, or the whole year."""

    CHECKPOINT = "checkpoint"
    MONTH = "month"
    YEAR = "year"

    @property
    def label(self) -> str:
        return {"checkpoint": "检查点", "month": "月份", "year": "年度"}[self.value]


@dataclass(frozen=True, slots=True)
class WarningRule:
    """An entry of the catalogue: id, Chinese name, and what it means, in Chinese.

    `on` tells whether it is switched on unless alerts.toml says otherwise.
    """

    id: str
    name: str
    meaning: str
    audience: Audience
    period: PeriodKind
    on: bool = True


LAG = WarningRule(
    "W01",
    "滞后",
    "到检查点时，累计已支付金额少于支出计划应支付金额，程度按滞后多少分提示、黄色、红色。",
    Audience.LEAD,
    PeriodKind.CHECKPOINT,
)
NOTHING_PAID = WarningRule(
    "W02",
    "零支出",
    "到检查点时按支出计划应有支付，但累计支付为零（含退款后不大于零），一律为红色。",
    Audience.LEAD,
    PeriodKind.CHECKPOINT,
)
APPROACHING = WarningRule(
    "W03",
    "临近",
    "检查点将到，按今年以来的支付进度推算，到时达不到支出计划。",
    Audience.LEAD,
    PeriodKind.CHECKPOINT,
)
OVER_BUDGET = WarningRule(
    "W04",
    "超预算",
    "累计已支付超过现行预算，多半是预算调整没有登记，或者支付挂错了项目。",
    Audience.OFFICE,
    PeriodKind.YEAR,
)
IDLE = WarningRule(
    "W05",
    "沉淀",
    "支出计划尚未完成，却已连续多日没有支付。",
    Audience.OFFICE,
    PeriodKind.YEAR,
)
RUSH = WarningRule(
    "W06",
    "突击",
    "预算的很大部分集中在 12 月，或者集中在连续七天内支付。",
    Audience.OFFICE,
    PeriodKind.YEAR,
)
UNSPENT = WarningRule(
    "W07",
    "年末结余",
    "年底前按支付进度推算，到年末预算将有较多未支付；年度结束后，未支付的余额列为结余。",
    Audience.OFFICE,
    PeriodKind.YEAR,
)
LIST_MISSING = WarningRule(
    "W08",
    "清单未到",
    "月份结束若干个工作日后，该月的支付明细仍未到齐。",
    Audience.OFFICE,
    PeriodKind.MONTH,
)
UNMATCHED = WarningRule(
    "W09",
    "未匹配",
    "支付明细中有记录多日未匹配到项目，或未匹配的金额较大。",
    Audience.OFFICE,
    PeriodKind.YEAR,
)
NO_PLAN = WarningRule(
    "W10",
    "无计划",
    "项目没有支出计划，或已有支付而没有绩效目标文本（年中追加）。",
    Audience.OFFICE,
    PeriodKind.YEAR,
)
FLOOR = WarningRule(
    "W11",
    "底线",
    "到规定月份时，支付占预算的比例低于规定的底线。",
    Audience.LEAD,
    PeriodKind.CHECKPOINT,
    on=False,
)
INDICATORS = WarningRule(
    "W12",
    "指标",
    "监控表收集后，有绩效指标未报完成情况，或者完成情况未达到目标。",
    Audience.LEAD,
    PeriodKind.CHECKPOINT,
)
_ALL = (
    LAG,
    NOTHING_PAID,
    APPROACHING,
    OVER_BUDGET,
    IDLE,
    RUSH,
    UNSPENT,
    LIST_MISSING,
    UNMATCHED,
    NO_PLAN,
    FLOOR,
    INDICATORS,
)
WARNING_RULES: Mapping[str, WarningRule] = {rule.id: rule for rule in _ALL}
LEAD_RULES = frozenset(rule.id for rule in _ALL if rule.audience is Audience.LEAD)
"""Rules about what a unit can explain: told to its lead, unless alerts.toml says otherwise."""
