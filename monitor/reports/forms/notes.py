"""The rule of a cell, in the words that stand in its note (D6 to D12 of the domain notes)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from monitor.domain.answers import LONGEST
from monitor.domain.money import percent
from monitor.domain.scoring_rules import AtMost, Group, Level, ScoringRules
from monitor.domain.target_value import TargetValue, ValueKind
from monitor.ingest import form_book as b

_AT_LEAST = "达到指标值得满分，否则按“实际完成值÷指标值×分值”计分"


def actual_rule(value: TargetValue, rules: ScoringRules, group: Group | None) -> str:
    """How an indicator is filled in and scored under a rule set."""
    if value.kind in (ValueKind.NUMBER, ValueKind.RANGE):
        return f"请填实际做到的数和单位（如 95%、12次）。计分：{_number(value, rules, group)}。"
    if value.kind is ValueKind.DATE:
        return "请填完成的日期，如 2025-11-30。按期完成得满分，逾期的由人评分或按规则扣分。"
    if value.kind is ValueKind.YES_NO:
        return "请从列表中选择。“是”得满分，“否”不得分；部分达成的须自评得分。"
    return f"请写实际完成情况，并自评得分：{bands(rules)}。"


def _number(value: TargetValue, rules: ScoringRules, group: Group | None) -> str:
    if group is Group.SATISFACTION and rules.satisfaction is not None:
        full, none = rules.satisfaction.full_from_bp, rules.satisfaction.none_below_bp
        return f"满意度达到 {percent(full)} 得满分，低于 {percent(none)} 不得分"
    if value.kind is ValueKind.RANGE:
        return "在指标值范围内得满分"
    if value.comparison in ("≤", "<"):
        return f"不超过指标值得满分，超过的按“{_over(rules.at_most)}”计分"
    limit = rules.over.explain_above_bp
    over = f"；超过指标值 {percent(limit)} 的须说明原因" if limit else ""
    return _AT_LEAST + over


def _over(variant: AtMost) -> str:
    if variant is AtMost.RATIO:
        return "分值×指标值÷实际完成值"
    return "分值×（1－（实际完成值－指标值）÷指标值），到指标值的两倍为 0"


def bands(rules: ScoringRules) -> str:
    """The bands within which a person chooses the points of a qualitative indicator (D11)."""
    told = [
        f"{level.label}得分值的 {percent(band.upper_bp)}—{percent(band.lower_bp)}"
        for level in Level
        for band in (rules.band(level),)
    ]
    return "；".join(told)


def points_rule(weight: Decimal | None, value: TargetValue, rules: ScoringRules) -> str:
    """What may be written as points, and from where to choose."""
    most = f"0 到 {weight:f}" if weight is not None else "0 到本项分值"
    if value.kind in (ValueKind.NUMBER, ValueKind.RANGE):
        return f"由实际完成值按规则计算；此处已登记的得分可改为 {most}，最多两位小数。"
    return f"请填 {most}，最多两位小数。{bands(rules)}。能由所填的实际完成值判定的可留空。"


def column_notes(rules: ScoringRules) -> Mapping[str, str]:
    """The rule of each column, by header."""
    low = percent(rules.reason_below_bp)
    return {
        b.WEIGHT: f"分值取自目标文本，没有的按“{rules.name}”分配；只有待填的可以填写。",
        b.OWN: "由已导入的支付明细计算，供核对；与实际不符的，请在右侧“实际完成值”填写实际情况。",
        b.ACTUAL: "须据实填写；留空的保持“系统测算”或“待填”。",
        b.POINTS: f"最多两位小数，不得高于分值。定性指标：{bands(rules)}。",
        b.REASON: f"未达到指标值的必填，写明偏差原因和改进措施，不超过 {LONGEST} 字。",
        b.EVIDENCE: "能证明实际完成值的资料名称、编号或存放处。",
        b.ACHIEVED: f"概括全年目标的实际完成情况，不超过 {LONGEST} 字。",
        b.SLOW: f"执行率低于 {low} 的必填。",
        b.ESTIMATE: "由单位据实预计，单位：元；左侧按进度推算的数仅供参考。",
        b.DONE: "截至监控期末的实际完成情况，如 6次、80%。",
        b.WHY: "可能性填“有可能”“完全不可能”的必填原因和拟采取的措施。",
        b.LIKELIHOOD: "请从列表中选择：确定能、有可能、完全不可能。",
        b.NOTE: "不能完成目标的，写明原因和措施。",
        **dict.fromkeys(b.CAUSES, "属于这一类原因的请选 √，可选几类。"),
        b.RATE: "执行率＝全年执行数÷全年预算数。",
    }
