"""What a revised document says otherwise, as people read it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitor.domain.money import MoneyUnit
from monitor.domain.revision import changes
from monitor.domain.target import Indicator, PlanPoint, Project
from monitor.domain.target_value import parse_target
from monitor.errors import Place

OLD = Project(
    year=2025,
    unit_code="434001",
    unit_name="某办公室本级",
    project_code="13022925P00JXC4198855",
    project_name="热线服务",
    money_unit=MoneyUnit.YUAN,
    budget_fen=63_000_000,
    fiscal_fen=63_000_000,
    other_fen=None,
    purpose="",
    plan=(PlanPoint(6, 5000), PlanPoint(12, 10_000)),
    goals=("接听热线",),
    indicators=(Indicator("产出指标", "数量指标", "接听率", "", "≥95%", parse_target("≥95%"), ""),),
    place=Place("目标.txt", 7),
)


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("budget_fen", 70_000_050, ("预算数（元）", "630,000.00", "700,000.50")),
        ("other_fen", 0, ("其他资金（元）", "空", "0.00")),
        ("purpose", "热线外包", ("资金用途", "空", "热线外包")),
        ("goals", (), ("绩效目标", "接听热线", "空")),
        (
            "plan",
            (PlanPoint(6, None), PlanPoint(12, 10_000)),
            ("资金支出计划", "6月底 50.00%；12月底 100.00%", "6月底 空；12月底 100.00%"),
        ),
        ("money_unit", MoneyUnit.TEN_THOUSAND_YUAN, ("金额单位", "元", "万元")),
        ("indicators", (), ("绩效指标", "接听率（≥95%）", "空")),
    ],
)
def test_a_changed_field_is_named_with_old_and_new(
    field: str, value: object, expected: tuple[str, str, str]
) -> None:
    revised = replace(OLD, **{field: value})  # type: ignore[arg-type]

    assert [(c.field, c.old, c.new) for c in changes(OLD, revised)] == [expected]


def test_the_place_in_another_file_is_no_change() -> None:
    assert changes(OLD, replace(OLD, place=Place("另一份.txt", 99))) == []
