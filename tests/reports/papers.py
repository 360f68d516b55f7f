"""A self-assessment written down by hand, for the tests of what stands on paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from monitor.domain.target import PlanPoint
from monitor.reports.assessment.draft import (
    NOTHING,
    Cell,
    Draft,
    FundRow,
    IndicatorRow,
    Mark,
    computed,
    to_fill,
)
from monitor.reports.assessment.facts import Curve

PLAN = tuple(PlanPoint(m, bp) for m, bp in ((3, 2500), (6, 5000), (9, 7500), (12, 10000)))
_DASH = Cell("－")


def indicator_row(level1: str, level2: str, name: str, **changes: Any) -> IndicatorRow:
    cells: dict[str, Any] = {
        "target": Cell("≥12场"),
        "actual": to_fill(),
        "weight": Cell("10", Mark.ASSIGNED),
        "points": to_fill(),
        "reason": to_fill(),
    }
    return IndicatorRow(level1, level2, Cell(name), item=name, **(cells | changes))


def empty_row(level1: str, level2: str) -> IndicatorRow:
    return IndicatorRow(level1, level2, *(NOTHING,) * 6)


INDICATORS = (
    indicator_row("产出指标(50分)", "数量指标", "演出场次"),
    indicator_row("产出指标(50分)", "数量指标", "受益村数", target=Cell("≥6个")),
    empty_row("产出指标(50分)", "质量指标"),
    indicator_row(
        *("产出指标(50分)", "成本指标", "控制在预算资金内"),
        target=Cell("是/否"),
        actual=computed("是", "支出8.60万元，预算10.00万元"),
        points=computed("10"),
        reason=NOTHING,
        evidence=computed("用途“演出”支出8.60万元"),
    ),
    indicator_row("效益指标(30分)", "社会效益指标", "丰富群众文化生活"),
    indicator_row("满意度指标(10分)", "服务对象满意度指标", "观众满意度", target=Cell("≥95%")),
)


def _fund(name: str, amount: str, **changes: Cell) -> FundRow:
    money = Cell(amount)
    cells = {"initial": money, "budget": money, "paid": money, "weight": _DASH, "rate": Cell("")}
    return FundRow(name, **({"points": _DASH} | cells | changes))


FUNDS = (
    _fund(
        *("年度资金总额", "10.00"),
        paid=computed("8.60"),
        weight=Cell("10"),
        rate=computed("86.00%"),
        points=computed("8.60"),
    ),
    _fund("其中：当年财政拨款", "10.00", paid=computed("8.60")),
    _fund("　　　上年结转资金", "0.00"),
    _fund("　　　其他资金", "0.00"),
)


def a_draft(**changes: Any) -> Draft:
    """A draft with every kind of cell in it; `changes` are its fields."""
    whole = Draft(
        year=2025,
        as_of=date(2025, 12, 31),
        project_code="13030325P00000000001X",
        project_name=Cell("文化下乡经费"),
        department=to_fill("部门编码 623"),
        unit=Cell("623001-测试县文化馆"),
        funds=FUNDS,
        execution_reason=to_fill("执行率低于90%，须说明原因"),
        expected=(Cell("1. 演出十二场"), Cell("2. 观众满意")),
        achieved=to_fill(),
        indicators=INDICATORS,
        total_weight=Cell("100"),
        total_points=to_fill(),
        scored="已评 18.60 / 20 分",
        remarks=("数据截至2025年12月31日。", "指标分值按规则分配，可按规定调整。"),
        provenance=("绩效目标文本：目标.txt（SHA-256 abababababab）",),
        curve=Curve(2025, date(2025, 12, 31), 10_000_000, PLAN, (0,) * 5 + (8_600_000,) + (0,) * 6),
        notices=("本表为草稿：尚有 16 处待填。",),
        advice=("“演出场次”缺少佐证资料。",),
    )
    return replace(whole, **changes)
