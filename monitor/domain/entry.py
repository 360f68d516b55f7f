"""What people write into the forms: results, points, reasons, texts; each remembered with who.

An entry is addressed by what it is about, not by a place on a page, so that a form drafted again
finds it wherever its row stands then.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.domain.target import Indicator


class Form(StrEnum):
    """Which form an entry belongs to."""

    SELF_ASSESSMENT = "self"  # 项目支出绩效自评表
    MONITORING = "monitoring"  # 项目支出绩效目标执行监控表
    UNIT_REPORT = "unit"  # 单位自评报告, and what is the same on all forms of a unit


class Field(StrEnum):
    """Which cell of a form. Amounts are kept as 元 with two decimals, points as decimals."""

    # of a project
    ACHIEVED = "achieved"  # 年度总体目标的实际完成情况
    EXECUTION_REASON = "execution_reason"  # 执行率偏低的原因及改进措施
    FISCAL_INITIAL = "fiscal_initial"
    FISCAL_BUDGET = "fiscal_budget"
    FISCAL_PAID = "fiscal_paid"
    CARRIED_INITIAL = "carried_initial"
    CARRIED_BUDGET = "carried_budget"
    CARRIED_PAID = "carried_paid"
    OTHER_INITIAL = "other_initial"
    OTHER_BUDGET = "other_budget"
    OTHER_PAID = "other_paid"
    YEAR_ESTIMATE = "year_estimate"  # 监控表：全年预计执行数
    # of an indicator: `item` names which
    WEIGHT = "weight"
    ACTUAL = "actual"  # 实际完成值; 监控表: 1–X月执行情况
    POINTS = "points"
    REASON = "reason"  # 偏差原因分析及改进措施; 监控表: 原因说明
    EVIDENCE = "evidence"  # 佐证资料
    FORECAST = "forecast"  # 监控表：全年预计完成情况
    CAUSES = "causes"  # 监控表：五类原因, joined by 、
    LIKELIHOOD = "likelihood"  # 监控表：确定能, 有可能, 完全不可能
    NOTE = "note"  # 监控表：备注
    # of a unit: `project_code` is empty
    DEPARTMENT = "department"  # 主管部门, as printed
    WORK_DONE = "work_done"  # 绩效自评工作开展情况
    PROBLEMS = "problems"  # 存在问题及原因
    MEASURES = "measures"  # 改进措施和结果应用


@dataclass(frozen=True, slots=True)
class Key:
    """What an entry is about. `period` is the month of a monitoring form, `07`, else empty;
    `item` names an indicator, see `items`, else empty."""

    form: Form
    field: Field
    item: str = ""
    period: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody wrote. `shown` is what the program had in the cell, or held against it, when
    it was written: where the facts have changed since, both are told. `source` is the file that
    brought it, empty for one by hand."""

    key: Key
    value: str
    shown: str
    author: str
    at: datetime
    actor: str
    source: str = ""


def items(indicators: Sequence[Indicator]) -> tuple[str, ...]:
    """The names under which indicators are remembered, in their order.

    By what they say, not by their place or target: a target that is adjusted keeps its results.
    Equal ones are numbered in their order.
    """
    seen: Counter[str] = Counter()
    named = []
    for each in indicators:
        texts = (each.level1, each.level2, each.level3, each.description)
        plain = "\x1f".join("".join(unicodedata.normalize("NFKC", t).split()) for t in texts)
        name = hashlib.sha256(plain.encode()).hexdigest()[:12]
        seen[name] += 1
        named.append(name if seen[name] == 1 else f"{name}-{seen[name]}")
    return tuple(named)
