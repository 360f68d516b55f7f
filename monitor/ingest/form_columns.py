"""The columns of each sheet of a 绩效填报表, with their widths in half-width characters."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.domain.entry import Form
from monitor.ingest import form_book as b

_AMOUNT = 13.5
_PROJECT = {b.CODE: 13.5, b.NAME: 18}
_LEVELS = {"一级指标": 9, "二级指标": 10, "三级指标": 16, "年度指标值": 12}
_SELF: Mapping[str, Mapping[str, float]] = {
    b.PROJECTS: {
        **_PROJECT,
        b.INITIAL: _AMOUNT,
        b.BUDGET: _AMOUNT,
        b.PAID: _AMOUNT,
        b.RATE: 9,
        "执行率得分": 7,
        "年度总体目标\n预期目标": 34,
        b.ACHIEVED: 36,
        b.SLOW: 28,
    },
    b.FUNDS: {
        **_PROJECT,
        "资金": 14,
        b.INITIAL: _AMOUNT,
        b.BUDGET: _AMOUNT,
        b.PAID: _AMOUNT,
        b.HINT: 44,
    },
    b.INDICATORS: {
        **_PROJECT,
        **_LEVELS,
        b.WEIGHT: 6,
        b.OWN: 12,
        b.HINT: 24,
        b.ACTUAL: 14,
        b.POINTS: 7,
        b.REASON: 24,
        b.EVIDENCE: 16,
    },
    b.UNIT: {"栏目": 24, b.DRAFTED: 50, b.WORDS: 70},
}
_MONITORING: Mapping[str, Mapping[str, float]] = {
    b.PROJECTS: {
        **_PROJECT,
        b.INITIAL: _AMOUNT,
        b.BUDGET: _AMOUNT,
        b.EXECUTED: _AMOUNT,
        b.RATE: 9,
        b.ESTIMATE_HINT: _AMOUNT,
        b.ESTIMATE: _AMOUNT,
    },
    b.INDICATORS: {
        **_PROJECT,
        **_LEVELS,
        b.OWN: 12,
        b.HINT: 26,
        b.DONE: 12,
        b.FORECAST: 12,
        **dict.fromkeys(b.CAUSES, 6.5),
        b.WHY: 20,
        b.LIKELIHOOD: 10,
        b.NOTE: 14,
    },
    b.UNIT: {"栏目": 24, b.DRAFTED: 50, b.WORDS: 70},
}


def sheets(form: Form) -> Mapping[str, Mapping[str, float]]:
    """The sheets of a form's book, and their columns with widths, all in their order."""
    return _MONITORING if form is Form.MONITORING else _SELF
