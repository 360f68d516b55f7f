"""What the cells of filled self-assessment forms are called, in the layouts of the domain notes.

Section 1a is the national form with what other provinces call the same things, 1b Sichuan's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from monitor.domain.filled_form import squeezed

_IN_BRACKETS = re.compile(r"\([^()]*\)")
_ORDINAL = re.compile(r"^(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十]+\)|\d+[.、](?=\D))")
_LONGEST = 24


def _table(**names: str) -> Mapping[str, str]:
    return {name: role for role, listed in names.items() for name in listed.split()}


HEAD = _table(
    name="项目名称 项目(政策)名称 专项名称 政策名称",
    department="主管部门 主管部门及代码 主管部门名称 主管单位 部门名称 预算部门",
    unit="实施单位 项目实施单位 项目单位 预算单位 资金使用单位 填报单位 单位名称 预算单位名称",
    grade="评价等级 自评等级 等级 评价等次 绩效等级 自评等次 评价结果 评价结论 自评结论",
    reason="执行偏差原因 偏差原因 执行率偏低原因 存在问题 存在的问题 主要问题 存在问题及原因"
    " 未完成原因 偏差原因及改进措施 偏差原因分析 未完成原因分析 原因说明 改进措施 整改措施"
    " 下一步改进措施 存在问题及改进措施 执行偏差原因及改进措施 预算执行偏差原因",
    expected="预期目标 年初设定目标 年初目标 年度预期目标 设定目标 预期绩效目标 年初设定绩效目标",
    achieved="实际完成情况 目标完成情况 年度目标完成情况 目标实际完成情况 全年完成情况"
    " 年度总体目标完成情况 实际完成目标 年度目标实际完成情况 总体目标完成情况 全年实际完成情况",
    goal="年度总体目标 年度目标 总体目标 年度绩效目标 年度绩效总体目标 项目年度目标 绩效目标"
    " 总体绩效目标 项目总体目标",
    other="项目编码 项目代码 项目编号 项目负责人 财务负责人 联系电话 联系人 填报人 填报日期"
    " 填表人 填表日期 项目类别 项目属性 项目类型 项目分类 负责人 电话 备注 说明 自评日期"
    " 单位负责人 审核人 评价人 项目起止时间 项目周期",
)
"""Label → what stands beside it."""

FUNDS = _table(
    initial="年初预算数 年初预算 年初预算金额 年初数 年初批复预算数 批复预算数",
    budget="全年预算数 调整预算数 调整后预算数 调整后预算 全年预算 预算数 预算金额 调整后预算金额"
    " 全年预算金额 全年调整预算数 调整后全年预算数 预算总额",
    paid="全年执行数 执行数 实际执行数 全年支出数 支出数 实际支出 实际支出数 全年实际支出 执行金额"
    " 预算执行数 全年执行金额 决算数 支出金额",
    weight="分值 权重 权重分值 标准分",
    rate="执行率 预算执行率 执行率(%) 预算完成率",
    points="得分 自评得分 评分 自评分 实际得分",
    reason="原因 未完成原因 偏差原因 未执行原因 偏差原因分析 偏差原因分析及改进措施 原因说明 备注"
    " 执行偏差原因",
)
INDICATORS = _table(
    level1="一级指标",
    level2="二级指标",
    level3="三级指标 指标名称 指标内容 三级指标名称",
    target="年度指标值 指标值 目标值 年度目标值 预期指标值 年初目标值 预期目标值 全年目标值 计划值"
    " 年初指标值 年度指标 预期值 全年指标值",
    actual="实际完成值 完成值 全年完成值 实际完成情况 完成情况 全年实际完成值 实际值 实际完成"
    " 全年完成情况 实际完成指标值 实际完成数 全年实际值",
    weight="分值 权重 权重分值 标准分 指标分值 指标权重 赋分",
    points="得分 自评得分 评分 自评分 实际得分 指标得分",
    nature="指标性质 指标方向 指标类型",
    unit="度量单位 计量单位 单位",
    reason="偏差原因分析及改进措施 偏差原因分析 偏差原因 未完成原因 未完成原因分析 原因分析 原因"
    " 未完成原因及改进措施 未完成原因分析与改进措施 偏差原因及改进措施 未完成原因和改进措施"
    " 偏差原因分析与改进措施 未完成原因及拟采取的改进措施 原因说明 备注",
)
TOTALS = _table(total="总分 合计 总计 总得分 自评总分 得分合计 合计得分 总分合计 自评得分合计")
_TOTAL_FUND = re.compile("总额|合计|总计|资金总数|预算总数|^年度资金$|^项目资金$|^总资金$")
_PART_OF_PART = re.compile("一般公共|政府性基金|国有资本|中央|上级|省级|市级|县级|区级|本级|地方")
_FORM = re.compile(r"绩效自评表|自评表|绩效自评情况表|绩效目标自评")


def label(text: str) -> str:
    """A label without white space, number, brackets and colon; "" for a long text."""
    plain = squeezed(text)
    if len(plain) > _LONGEST + 16:
        return ""
    plain = _ORDINAL.sub("", plain)
    bare = _IN_BRACKETS.sub("", plain).rstrip(":")
    return bare if len(bare) <= _LONGEST else ""


def is_total_fund(name: str) -> bool:
    """Whether a fund row is 年度资金总额."""
    return bool(_TOTAL_FUND.search(label(name)))


def is_part_of_part(name: str) -> bool:
    """Whether a fund row is usually printed as a part of 财政拨款."""
    return bool(_PART_OF_PART.search(squeezed(name)))


def is_title(text: str) -> bool:
    """Whether a paragraph is the title of a form."""
    plain = squeezed(text)
    return bool(_FORM.search(plain)) and len(plain) <= 60
