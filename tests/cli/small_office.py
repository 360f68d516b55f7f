"""A target document of one project and lines of payment lists for it."""

from __future__ import annotations

CODE = "13022925P00JXC4198855"
HEADER = "支付申请编号,支付日期,预算单位编码,项目编码,项目名称,支付金额,收款人,用途,状态\n"

_ROWS = (
    ("434001某办公室本级",),
    ("单位：元",),
    ("项目编码", CODE, "项目名称", "热线服务"),
    ("预算规模及资金用途", "预算数", "1000.00", "其中：财政资金", "1000.00", "其他资金", ""),
    ("", "热线服务用途"),
    ("资金支出计划（%）", "3月底", "6月底", "10月底", "12月底"),
    ("", "25%", "50%", "75%", "100%"),
    ("绩效目标", "1.完成"),
    ("一级指标", "二级指标", "三级指标", "绩效指标描述", "指标值", "指标值确定依据"),
    ("产出指标", "数量指标", "次数", "次数", "≥5次", "计划"),
)
TARGET = "第二部分\n预算项目绩效目标\n1.热线服务绩效目标表\n" + "\n".join(
    "".join(f"\t{cell}\n" for cell in row) for row in _ROWS
)


def line(
    number: str,
    amount: str = "100.00",
    *,
    code: str = CODE,
    day: str = "2025-03-20",
    payee: str = "甲公司",
    status: str = "已支付",
) -> str:
    return f"{number},{day},434001,{code},热线服务,{amount},{payee},电话费,{status}\n"
