"""What can be wrong with a list of adjustments: T100 to T104, stable ids."""

from __future__ import annotations

from monitor.errors import Kind, Severity

_ERROR = Severity.ERROR

HEADER_MISSING = Kind(
    "T100",
    _ERROR,
    "调整清单缺少表头：{missing}。",
    "请用 monitor targets adjust --template 文件 生成空白清单，按其表头填写。",
)
CELL_WRONG = Kind("T101", _ERROR, "{why}。", "请更正该单元格；整份清单都没有登记。")
REPEATED = Kind(
    "T102",
    _ERROR,
    "这笔调整{why}。",
    "请删去该行；确为另一笔同样的调整，请加 --again。",
)
IMPOSSIBLE = Kind("T103", _ERROR, "{why}", "整份清单都没有登记。")
BELOW_ZERO = Kind("T104", _ERROR, "{why}", "请核对金额、日期，或先登记追加；整份清单都没有登记。")

ADJUSTMENT_KINDS = tuple(kind for kind in list(globals().values()) if isinstance(kind, Kind))
