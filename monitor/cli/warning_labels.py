"""Chinese names of all that happens to a warning, for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from monitor.domain.calendar import checkpoint_name
from monitor.domain.finding import CHECKPOINT_PERIODS, WHOLE_YEAR
from monitor.domain.money import percent, yuan
from monitor.domain.warning import OPEN_STATES, State

STATES: Mapping[str, str] = {state.value: state.label for state in State}
OPEN = tuple(state.value for state in OPEN_STATES)
STEPS: Mapping[str, str] = {
    "raised": "新增",
    "severity": "程度变化",
    "figures": "数字更新",
    "reopened": "再次出现",
    "expired": "承诺到期未改善",
    "resolved": "已消除",
    "carried-on": "转入后续核查",
    "withdrawn": "撤回",
    "sent": "已通知",
    "acknowledged": "已答复",
    "reminded": "已催办",
    "escalated": "已报上级",
}
PURPOSES: Mapping[str, str] = {
    "tell": "通知单位",
    "office": "通知财政部门",
    "remind": "催办",
    "deadline": "到期催办",
    "escalate": "报上级",
    "resolved": "告知已消除",
    "withdrawn": "告知撤回",
}
_FIGURES: Mapping[str, str] = {
    "budget_fen": "预算数",
    "planned_bp": "计划比例",
    "due_fen": "应支付",
    "paid_fen": "已支付",
    "gap_fen": "差额",
    "lag_bp": "滞后",
    "rate_bp": "执行率",
    "next_checkpoint": "下一检查点",
    "next_planned_bp": "下一检查点计划比例",
    "needed_fen": "到下一检查点还需支付",
    "estimate_fen": "按进度推算支付",
    "shortfall_fen": "推算短缺",
    "excess_fen": "超出预算",
    "december_fen": "12月支付",
    "week_fen": "连续七天内支付",
    "unspent_fen": "结余",
    "unmatched_fen": "未匹配金额",
    "idle_days": "至少未支付天数",
    "lines": "笔数",
    "month": "月份",
    "units": "单位数",
    "units_missing": "清单未到的单位数",
    "floor_bp": "底线比例",
    "floor_month": "底线月份",
    "indicators": "指标数",
    "unreported": "未报的指标数",
    "off_target": "未达标的指标数",
}


def rule_name(rule: str) -> str:
    """`W01 滞后`."""
    from monitor.alerts.rule_catalogue import WARNING_RULES

    return f"{rule} {WARNING_RULES[rule].name}"


def period_name(period: str) -> str:
    """`6月底` of a checkpoint, `6月` of a month, `全年` of a year."""
    if period == WHOLE_YEAR:
        return "全年"
    if period in CHECKPOINT_PERIODS:
        return checkpoint_name(int(period))
    return f"{int(period.removeprefix('m'))}月"


def figure(key: str, value: Any) -> str:
    """A figure by its Chinese name and unit; a blank one is said to be blank."""
    name = _FIGURES.get(key, key)
    if value is None:
        return f"{name}：空白"
    if key.endswith("_fen"):
        return f"{name}：{yuan(value)} 元"
    if key == "lag_bp":
        return f"{name}：{percent(value).removesuffix('%')} 个百分点"
    if key.endswith("_bp"):
        return f"{name}：{percent(value)}"
    if key == "next_checkpoint":
        return f"{name}：{checkpoint_name(int(value))}"
    return f"{name}：{value}"
