"""The catalogue of what keeps a whole file from being read: T090 to T099, stable ids."""

from __future__ import annotations

from monitor.errors import Kind, Severity

_ERROR = Severity.ERROR

DAMAGED = Kind(
    "T090",
    _ERROR,
    "这个{what}已损坏或不完整，无法读取（{why}）。",
    "请用原来的软件（Word、Excel、WPS、浏览器）打开并另存后再导入。",
)
LOCKED = Kind("T091", _ERROR, "这个{what}加了密码，无法读取。", "请解除密码并另存后再导入。")
TOO_LARGE = Kind("T092", _ERROR, "这个{what}{size}，不予读取。", "请拆成几份文档后再导入。")
NOT_A_DOCUMENT = Kind(
    "T093",
    _ERROR,
    "{why}",
    "请另存为 .docx、.xlsx、.html、带文字层的 .pdf 或文本文件（.txt）后再导入。",
)
NO_TEXT_LAYER = Kind(
    "T094",
    _ERROR,
    "这份 PDF 的{pages}没有文字，只有图像（似为扫描件），无法读取。",
    "请导入原来的 Word、Excel 文档；没有的，先做文字识别并校对，另存为 .docx 后再导入。",
)
UNSURE = Kind(
    "T095",
    _ERROR,
    "这份{what}有读不准的地方：{why}。",
    "请用 Word、Excel 或 WPS 打开，核对后另存为 .docx 或 .xlsx 再导入。",
)
NOTHING_INSIDE = Kind("T096", _ERROR, "这个{what}没有内容。", "请核对文件是否选错。")
TOO_LONG = Kind(
    "T097",
    _ERROR,
    "读取超过 {seconds} 秒仍未完成，已停止。",
    "请拆成几份文档，或另存为 .docx、.xlsx 后再导入。",
)
TOO_MUCH_MEMORY = Kind(
    "T098",
    _ERROR,
    "读取所需的内存超过 {size}，已停止。",
    "请拆成几份文档，或另存为 .docx、.xlsx 后再导入。",
)

FILE_KINDS = tuple(kind for kind in list(globals().values()) if isinstance(kind, Kind))
