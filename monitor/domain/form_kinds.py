"""The catalogue of what can be wrong with a filled self-assessment form: F101 to F151, stable ids.

Sources: the checks of a reviewer and the mistakes found in published forms (domain notes, 1a),
D6 to D13. Each is told with its place and the figures that contradict each other.
"""

from __future__ import annotations

from monitor.errors import Kind, Severity

_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

NO_FORM = Kind(
    "F101",
    _ERROR,
    "文件中没有找到绩效自评表（没有“项目名称”一栏，也没有资金表或绩效指标表的表头）。",
    "请确认这是填好的自评表；文本形式（.txt）的各栏须用制表符隔开。",
)
PART_MISSING = Kind("F102", _ERROR, "自评表中没有找到{part}。", "请补上后重新检查。")
ROW_UNPLACED = Kind(
    "F103",
    _WARNING,
    "这一行有 {cells} 个单元格，表头有 {columns} 栏，无法归位，没有检查。",
    "请补上缺少的单元格或删去多余的单元格。",
)
NOT_A_NUMBER = Kind("F104", _ERROR, "“{column}”应是数字。", "请改为数字，如 86.00。")
STILL_OPEN = Kind("F105", _NOTE, "还有 {count} 处待填。", "填齐以后请再检查一次。")

NEGATIVE = Kind("F110", _ERROR, "“{column}”是负数。", "请核对原始数据。")
FUNDS_SUM = Kind(
    "F111",
    _ERROR,
    "{column}：年度资金总额 {total}，而各项资金相加是 {added}。",
    "请核对各项资金，使总额等于各项之和。",
)
RATE_WRONG = Kind(
    "F112",
    _ERROR,
    "执行率 {rate} 与执行数 {paid} ÷ 预算数 {budget} = {computed} 不符。",
    "请按全年执行数(B)÷全年预算数(A)重新计算。",
)
BUDGET_ZERO = Kind(
    "F113",
    _ERROR,
    "全年预算数(A)是 0，执行率无从计算。",
    "请核对预算数；预算已全部收回的，执行率填“—”，并在原因中写明“收回”。",
)
TAKEN_BACK = Kind(
    "F114",
    _WARNING,
    "预算已全部收回，执行率没有意义，执行得分须由财政部门决定。",
    "请与财政部门商定这个项目是否自评、怎样计分。",
)
PAID_OVER_BUDGET = Kind(
    "F115",
    _WARNING,
    "执行数 {paid} 大于预算数 {budget}。",
    "请核对预算调整是否都已计入，支付是否记错项目。",
)
EXECUTION_POINTS = Kind(
    "F116",
    _ERROR,
    "执行得分 {points} 与 {paid} ÷ {budget} × {weight} = {computed} 相差超过 0.1 分。",
    "请按执行率×分值重新计算。",
)
POINTS_ABOVE_WEIGHT = Kind(
    "F117", _ERROR, "得分 {points} 高于分值 {weight}。", "得分不能高于分值，请改正。"
)
RATE_LOW = Kind(
    "F118",
    _WARNING,
    "执行率 {rate} 低于 {limit}，没有说明原因。",
    "请写明执行率偏低的原因和改进措施。",
)

GOAL_BLANK = Kind("F120", _ERROR, "年度总体目标的“预期目标”是空白。", "请按批复的绩效目标填写。")
ACHIEVED_BLANK = Kind(
    "F121", _ERROR, "年度总体目标的“实际完成情况”是空白。", "请写明目标的完成情况。"
)
GOAL_IS_MONEY = Kind(
    "F122",
    _WARNING,
    "“{column}”只写了资金，没有写要做成什么。",
    "请写明要办的事、达到的数量和质量以及取得的效果。",
)

WEIGHTS_SUM = Kind(
    "F130",
    _ERROR,
    "分值合计 {total}（执行率 {execution}，指标 {indicators}），应为 100。",
    "请调整各指标的分值，使合计为 100。",
)
WEIGHT_MISSING = Kind("F131", _ERROR, "指标“{name}”没有分值。", "请填写分值，使合计为 100。")
POINTS_SUM = Kind(
    "F132", _ERROR, "总分 {total}，而各行得分相加是 {added}。", "请核对各行得分，重新合计。"
)
TOTAL_OUT_OF_RANGE = Kind("F133", _ERROR, "总分 {total} 不在 0 至 100 之间。", "请重新合计。")
POINTS_WITHOUT_ACTUAL = Kind(
    "F134", _ERROR, "指标“{name}”得 {points} 分，却没有实际完成值。", "请填写实际完成值。"
)
POINTS_MISSING = Kind("F135", _ERROR, "“{name}”没有得分。", "请按实际完成情况评分。")
REASON_MISSING = Kind(
    "F136",
    _ERROR,
    "指标“{name}”的实际完成值 {actual} 没有达到 {target}，也没有说明原因。",
    "请填写偏差原因分析及改进措施。",
)
FULL_POINTS_MISSED = Kind(
    "F137",
    _ERROR,
    "指标“{name}”的实际完成值 {actual} 没有达到 {target}，却得了满分 {points}。",
    "请按完成的比例扣分。",
)
POINTS_ABOVE_RULE = Kind(
    "F138",
    _WARNING,
    "指标“{name}”的实际完成值 {actual} 没有达到 {target}，"
    "按规则得 {computed} 分，填的是 {points} 分。",
    "请核对得分；另有计分办法的，请附上依据。",
)
LOSS_UNEXPLAINED = Kind(
    "F139",
    _WARNING,
    "指标“{name}”得 {points} 分，低于分值 {weight}，没有说明原因。",
    "请写明扣分的原因，或核对得分。",
)
INDICATOR_TWICE = Kind(
    "F140",
    _WARNING,
    "指标“{name}”与{other}的指标相同。",
    "请删去重复的一行，并相应调整分值。",
)
LEVEL3_BLANK = Kind("F141", _ERROR, "这一行填了内容，却没有三级指标。", "请填写三级指标。")
TARGET_BLANK = Kind("F142", _ERROR, "指标“{name}”没有年度指标值。", "请按批复的绩效目标填写。")
GROUP_SUM = Kind(
    "F143",
    _ERROR,
    "“{level1}”下各指标的分值相加是 {added}，表中写的是 {stated}。",
    "请核对各指标的分值或一级指标的分值。",
)
TOTAL_WEIGHT_WRONG = Kind(
    "F144",
    _ERROR,
    "总分一行的分值是 {printed}，而各行分值相加是 {added}。",
    "请核对总分一行的分值。",
)

GRADE_WRONG = Kind(
    "F150", _ERROR, "总分 {total} 应评为“{computed}”，填的是“{grade}”。", "请核对等级。"
)
TOTAL_MISSING = Kind("F151", _ERROR, "各行都有得分，总分却是空白。", "请填写总分。")

FORM_KINDS = tuple(kind for kind in list(globals().values()) if isinstance(kind, Kind))
