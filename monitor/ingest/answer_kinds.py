"""The catalogue of answers to warnings and of returned 偏差说明表: F001 to F017, stable ids."""

from __future__ import annotations

from monitor.domain.answers import CAUSES, LONGEST, Fault
from monitor.errors import Kind, Severity

_ERROR = Severity.ERROR
_AGAIN = "请用最近一封邮件所附的偏差说明表重新填写后交回。"

ROW_FOREIGN = Kind("F001", _ERROR, "这一行不是这份偏差说明表里的：{why}。", _AGAIN)
ROW_TWICE = Kind("F002", _ERROR, "同一条预警在表中出现两次。", "请只留一行，其余的删去后交回。")
ROWS_MISSING = Kind(
    "F003", _ERROR, "表中少了第 {missing} 行项目。", "不填的行请留空，不要删去；" + _AGAIN
)
CELL_CHANGED = Kind(
    "F004", _ERROR, "“{header}”一栏与发出时不同，该栏不能改动，或各行错了位。", _AGAIN
)
CELL_FORMULA = Kind(
    "F005", _ERROR, "这一格是公式，不予读取。", "请直接填写；文字以等号开头的，请删去等号。"
)
CAUSE_MISSING = Kind("F006", _ERROR, "没有选偏差原因。", "请从下拉列表中选择偏差原因。")
CAUSE_UNKNOWN = Kind(
    "F007", _ERROR, "没有这样的偏差原因。", f"请从以下原因中选择：{'、'.join(CAUSES)}。"
)
TEXT_MISSING = Kind("F008", _ERROR, "偏差原因选了“其他”而没有写明情况。", "请填写具体情况说明。")
TEXT_LONG = Kind("F009", _ERROR, f"文字超过 {LONGEST} 个字。", "请写得简短些。")
ANSWER_MISSING = Kind(
    "F010", _ERROR, "没有选处理意见，可选：{offered}。", "请从下拉列表中选择处理意见。"
)
ANSWER_UNKNOWN = Kind(
    "F011", _ERROR, "没有这样的处理意见，可选：{offered}。", "请从下拉列表中选择处理意见。"
)
DATE_MISSING = Kind(
    "F012",
    _ERROR,
    "继续执行或可支付的，须写明承诺日期。",
    "请写明预计完成支付的日期，如 2025-07-31。",
)
DATE_PAST = Kind("F013", _ERROR, "承诺日期已经过去。", "请填写今天或以后的日期。")
DATE_AFTER_YEAR = Kind(
    "F014",
    _ERROR,
    "承诺日期在 {year} 年度结束之后。",
    "请填写当年 12 月 31 日以前的日期；当年支付不了的，请改选处理意见。",
)
DATE_UNREADABLE = Kind("F015", _ERROR, "承诺日期{why}。", "请写成 2025-07-31 这样的日期，或留空。")
NOT_OPEN = Kind(
    "F016",
    Severity.NOTE,
    "预警 {id} 现在的状态是“{state}”，不必再说明，这一行没有登记。",
    "其余各行照常登记。",
)
FIGURES_MOVED = Kind(
    "F017",
    Severity.NOTE,
    "发出这份表以后，预警 {id} 的数字又有更新，说明照常登记。",
    "可用 monitor warnings list 查看现在的数字。",
)

OF_FAULT = {
    Fault.CAUSE_MISSING: CAUSE_MISSING,
    Fault.CAUSE_UNKNOWN: CAUSE_UNKNOWN,
    Fault.TEXT_MISSING: TEXT_MISSING,
    Fault.TEXT_LONG: TEXT_LONG,
    Fault.ANSWER_MISSING: ANSWER_MISSING,
    Fault.ANSWER_UNKNOWN: ANSWER_UNKNOWN,
    Fault.MEASURE_LONG: TEXT_LONG,
    Fault.DATE_MISSING: DATE_MISSING,
    Fault.DATE_PAST: DATE_PAST,
    Fault.DATE_AFTER_YEAR: DATE_AFTER_YEAR,
}
"""What is wrong with an answer → its entry."""

ANSWER_KINDS = tuple(kind for kind in list(globals().values()) if isinstance(kind, Kind))
