"""How the office's payment lists look: their columns change from month to month."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Column(StrEnum):
    """What a column holds. UNIT is code and name in one cell."""

    INDEX = "index"
    NUMBER = "number"
    DATE = "date"
    UNIT = "unit"
    UNIT_CODE = "unit_code"
    UNIT_NAME = "unit_name"
    PROJECT_CODE = "project_code"
    PROJECT_NAME = "project_name"
    AMOUNT = "amount"
    REFUND = "refund"
    PAYEE = "payee"
    ACCOUNT = "account"
    PURPOSE = "purpose"
    FUND = "fund"
    FUNCTION = "function"
    ECONOMIC = "economic"
    METHOD = "method"
    STATUS = "status"


Columns = tuple[tuple[Column, str], ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """A list's header, its encoding, and whether title and total lines enclose the table."""

    columns: Columns
    encoding: str
    framed: bool = False


def _columns(names: str) -> Columns:
    pairs = (pair.split("=") for pair in names.split())
    return tuple((Column(column), name) for column, name in pairs)


_VOUCHERS = _columns(
    "index=序号 number=支付凭证号 date=支付日期 unit_code=预算单位编码 unit_name=预算单位名称 "
    "project_code=项目编码 project_name=项目名称 amount=支付金额 payee=收款人全称 "
    "account=收款人账号 purpose=用途 fund=资金性质 function=支出功能分类 "
    "economic=部门预算支出经济分类 method=支付方式 status=状态"
)
_APPLICATIONS = _columns(
    "index=序号 number=支付申请编号 date=支付日期 unit_code=预算单位编码 unit_name=预算单位名称 "
    "project_code=项目编码 project_name=项目名称 amount=金额（元） payee=收款人全称 "
    "account=收款人账号 purpose=摘要 fund=资金性质 function=支出功能分类 "
    "economic=部门预算支出经济分类 method=支付方式 status=状态"
)
_DATES_FIRST = _columns(
    "index=序号 date=支付日期 number=支付申请编号 unit_code=预算单位编码 unit_name=预算单位名称 "
    "project_code=项目编码 project_name=项目名称 payee=收款人全称 account=收款人账号 "
    "amount=金额（元） purpose=摘要 fund=资金性质 function=支出功能分类 "
    "economic=部门预算支出经济分类 method=支付方式 status=状态"
)
_OTHER_WORDS = _columns(
    "number=支付凭证编号 date=实际支付日期 unit_code=单位代码 unit_name=单位名称 "
    "project_code=项目代码 project_name=项目名称 amount=实际支付金额 payee=收款人名称 "
    "purpose=资金用途 economic=部门支出经济分类 function=支出功能分类科目 method=结算方式 "
    "fund=资金来源 status=支付状态"
)
_ONE_UNIT_CELL = _columns(
    "index=序号 number=支付申请单号 unit=预算单位 project_code=预算项目编码 project_name=项目名称 "
    "payee=收款人 account=收款人账号 amount=支付金额（元） date=清算日期 purpose=用途 "
    "fund=资金性质 function=支出功能分类 economic=部门支出经济分类 method=支付方式 status=支付状态"
)
_OWN_REFUNDS = _columns(
    "index=序号 number=支付凭证号 date=付款日期 unit_code=单位编码 unit_name=单位名称 "
    "project_code=项目编码 project_name=项目名称 amount=支付金额 refund=退款金额 "
    "payee=收款账户名称 purpose=摘要 fund=资金性质 function=支出功能分类 "
    "economic=部门预算支出经济分类 method=支付方式 status=状态"
)

LAYOUTS = (
    Layout(_APPLICATIONS, "gb18030"),
    Layout(_VOUCHERS, "utf-8"),
    Layout(_VOUCHERS, "utf-8-sig", framed=True),
    Layout(_VOUCHERS, "gb18030"),
    Layout(_DATES_FIRST, "utf-8"),
    Layout(_OTHER_WORDS, "utf-8-sig", framed=True),
    Layout(_VOUCHERS, "gb18030", framed=True),
    Layout(_ONE_UNIT_CELL, "utf-8"),
    Layout(_APPLICATIONS, "utf-8-sig", framed=True),
    Layout(_OWN_REFUNDS, "gb18030"),
    Layout(_VOUCHERS, "utf-8"),
    Layout(_VOUCHERS, "utf-8-sig", framed=True),
)
"""January to December."""
