"""Eight or nine performance indicators for a project, with targets of every kind in use."""

from __future__ import annotations

from monitor.demo.dice import Dice
from monitor.demo.kinds import Kind
from monitor.domain.money import ten_thousand_yuan

Row = tuple[str, str, str, str, str, str]
"""Level 1, level 2, level 3, description, target, basis."""

_Choice = tuple[str, str, str]

_TIMELY: tuple[_Choice, ...] = (
    ("项目完成时限", "项目完成时限", "{year}年年底"),
    ("资金支付及时率", "资金支付及时率", "≥95%"),
    ("审核办理时限", "申请材料审核办理的时间", "≤7工作日"),
    ("实施周期", "项目实施的时间", "≤{n}0天数"),
    ("按项目计划完成工作", "按照工作要求按时完成预定计划", "是/否"),
)
_COST: tuple[_Choice, ...] = (
    ("控制在预算金额内", "控制在预算金额内", "支出不超出预算"),
    ("项目总成本", "项目年度总成本", "≤{budget}万元"),
    ("预算控制数", "预算控制数", "不超过{budget}万元"),
    ("预算资金执行率", "预算资金执行率", "≥95%"),
    ("资金使用合规性", "资金支出情况", "按要求支出"),
)
_ECONOMIC: tuple[_Choice, ...] = (
    ("工作效率提升率", "提高工作效率", "不低于{n}%"),
    ("运行成本节约率", "节约运行成本的比率", "≥8%"),
    ("带动经济发展", "带动县域经济发展", "进一步推动"),
    ("减少意外损失", "减少意外损失", "是否"),
)
_SOCIAL: tuple[_Choice, ...] = (
    ("业务工作稳定性", "通过日常工作稳定运转", "进一步推动"),
    ("政策知晓率", "服务对象对政策的知晓程度", "≥85%"),
    ("保障工作完成", "保障工作顺利完成", "进一步保障"),
    ("业务保障能力", "保障相关业务、工作等开展的情况", "是/否"),
    ("群众投诉次数", "全年有效投诉次数", "≤{n}次"),
)
_ECOLOGICAL: tuple[_Choice, ...] = (
    ("细颗粒物浓度", "细颗粒物年均浓度", "≤35微克/立方米"),
    ("空气质量改善", "年均浓度控制情况", "小于35.0微克/立方米"),
    ("节约资源", "节约水、电等资源，降低能耗", "是\\否"),
    ("促进生态文明建设", "绿色办公、绿色施工情况", "促进生态文明建设"),
)
_LASTING: tuple[_Choice, ...] = (
    ("长期使用性", "能够长期较好地满足工作需求", "是/否"),
    ("可持续影响力", "可持续影响力", "≥90%"),
    ("管理制度健全性", "健全长效管理机制", "逐步完善"),
)
_SATISFIED: tuple[_Choice, ...] = (
    ("服务对象满意度", "服务对象满意人数占调查人数的比率", "≥95%"),
    ("群众满意度", "群众满意程度", "不低于95%。"),
    ("受益对象满意度", "受益对象满意程度", "≥90比率"),
    ("单位工作人员满意度", "满意和较满意的人数占调查总人数的比率", "≥95百分比"),
)


def indicators(
    kind: Kind, *, year: int, budget_fen: int, bases: tuple[str, ...], dice: Dice
) -> tuple[Row, ...]:
    """The rows of one 绩效指标 table, levels as in the national form (财预〔2020〕10号)."""
    groups = [
        ("产出指标", "数量指标", dice.pick(kind.quantities)),
        ("产出指标", "质量指标", dice.pick(kind.qualities)),
        ("产出指标", "时效指标", dice.pick(_TIMELY)),
        ("产出指标", "成本指标", dice.pick(_COST)),
        ("效益指标", "经济效益指标", dice.pick(_ECONOMIC)),
        *_social(dice),
        ("效益指标", "可持续影响指标", dice.pick(_LASTING)),
        ("满意度指标", "服务对象满意度指标", dice.pick(_SATISFIED)),
    ]
    usual, other = dice.pick(bases), dice.pick(bases)
    budget = ten_thousand_yuan(budget_fen)
    rows: list[Row] = []
    for level1, level2, (level3, description, target) in groups:
        written = target.format(n=dice.between(3, 36), year=year, budget=budget)
        basis = other if dice.happens(20) else usual
        rows.append((level1, level2, level3, description, written, basis))
    return tuple(rows)


def _social(dice: Dice) -> list[tuple[str, str, _Choice]]:
    """The social benefits and, mostly, an ecological one; some units name two social ones."""
    first, second = dice.sample(_SOCIAL, 2)
    rows = [("效益指标", "社会效益指标", first)]
    if dice.happens(60):
        rows.append(("效益指标", "生态效益指标", dice.pick(_ECOLOGICAL)))
    elif dice.happens(40):
        rows.append(("效益指标", "社会效益指标", second))
    return rows
