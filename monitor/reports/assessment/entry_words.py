"""What people call the cells of the forms that they fill in."""

from __future__ import annotations

from monitor.domain.entry import Field, Form

_FORMS = {Form.SELF_ASSESSMENT: "自评表", Form.MONITORING: "监控表", Form.UNIT_REPORT: "单位报告"}
_FUNDS = {"fiscal": "当年财政拨款", "carried": "上年结转", "other": "其他资金"}
_SUMS = {"initial": "年初预算数", "budget": "全年预算数", "paid": "全年执行数"}
_FIELDS = {
    Field.ACHIEVED: "年度总体目标实际完成情况",
    Field.EXECUTION_REASON: "执行率偏低的原因及改进措施",
    Field.YEAR_ESTIMATE: "全年预计执行数",
    Field.WEIGHT: "分值",
    Field.ACTUAL: "实际完成值",
    Field.POINTS: "得分",
    Field.REASON: "偏差原因分析及改进措施",
    Field.EVIDENCE: "佐证资料",
    Field.FORECAST: "全年预计完成情况",
    Field.CAUSES: "原因",
    Field.LIKELIHOOD: "完成目标可能性",
    Field.NOTE: "备注",
    Field.DEPARTMENT: "主管部门",
    Field.WORK_DONE: "绩效自评工作开展情况",
    Field.PROBLEMS: "存在问题及原因",
    Field.MEASURES: "改进措施和结果应用",
} | {
    Field(f"{fund}_{sum_}"): f"{of}{name}"
    for fund, of in _FUNDS.items()
    for sum_, name in _SUMS.items()
}


def field_name(form: Form, field: Field, period: str = "") -> str:
    """`自评表 实际完成值`, `监控表（7月）执行情况`."""
    months = f"（{int(period)}月）" if period else ""
    name = "执行情况" if form is Form.MONITORING and field is Field.ACTUAL else _FIELDS[field]
    return f"{_FORMS[form]}{months} {name}"
