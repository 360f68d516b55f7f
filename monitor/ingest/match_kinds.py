"""The catalogue of returned workbooks of unmatched payments: P301 to P304, stable ids."""

from __future__ import annotations

from monitor.errors import Kind, Severity

_ERROR = Severity.ERROR

CHOICE_UNKNOWN = Kind(
    "P301",
    _ERROR,
    "{year} 年没有这个项目编码。",
    "请从下拉列表中选择，或填写该年度已有项目的编码、“不属监控范围”、“暂不处理”。",
)
CHOICE_FORMULA = Kind(
    "P302", _ERROR, "这一格是公式，不予读取。", "请直接填写；文字以等号开头的，请删去等号。"
)
LINE_CHANGED = Kind(
    "P303",
    _ERROR,
    "这一行与清单生成时不同：{why}。",
    "请重新用 payments unmatched --out 生成清单，选好后交回。",
)
REASON_MISSING = Kind(
    "P304", _ERROR, "定为不属监控范围而没有写理由。", "请在“理由”一栏写明为什么不属监控范围。"
)

MATCH_KINDS = tuple(kind for kind in list(globals().values()) if isinstance(kind, Kind))
