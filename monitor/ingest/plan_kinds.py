"""The catalogue of plans in doubt and of returned plan workbooks: T084 to T089, stable ids."""

from __future__ import annotations

from monitor.errors import Kind, Severity

_ERROR = Severity.ERROR

PLAN_DOUBTFUL = Kind(
    "T084",
    Severity.NOTE,
    "这个项目的支出计划恐难按期完成：{why}",
    "现在还来得及更正：用 monitor targets plan-review --out 清单.xlsx 列出，由单位填写后交回。",
)
ANSWER_UNREADABLE = Kind(
    "T085", _ERROR, "更正的比例{reason}。", "请直接填写 0% 至 100% 的百分比，如 30%，或留空不改。"
)
ANSWER_FORMULA = Kind(
    "T086",
    _ERROR,
    "这一格是公式，不予读取。",
    "请改填公式的结果；文字以等号开头的，请删去等号。",
)
ANSWER_UNFIT = Kind(
    "T087",
    _ERROR,
    "更正后的支出计划（{plan}）{fault}。",
    "比例是累计数，应由低到高，到最后一个时点为 100%。",
)
ANSWER_STALE = Kind(
    "T088",
    _ERROR,
    "这一行与现在的记录对不上：{why}。",
    "请重新用 plan-review --out 生成清单，填写后交回。",
)
PLAN_CORRECTED = Kind(
    "T089",
    Severity.NOTE,
    "支出计划勘误：{old} → {new}；理由：{reason}。",
    "勘误自年初起有效；以前的计划仍在历史中。",
)

PLAN_KINDS = tuple(kind for kind in list(globals().values()) if isinstance(kind, Kind))
