"""The catalogue of returned 绩效填报表: F201 to F233, stable ids."""

from __future__ import annotations

from monitor.domain.answers import LONGEST
from monitor.errors import Kind, Severity

_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
_AGAIN = "请用 monitor form export 重新导出后填写。"
_NUMBER = "请只填数字，如 8.5。"

SHEET_MISSING = Kind("F201", _ERROR, "填报表里少了工作表“{sheet}”。", "请交回完整的填报表。")
HEADERS_CHANGED = Kind("F202", _ERROR, "工作表的表头已被改动。", _AGAIN)
ROW_FOREIGN = Kind("F203", _ERROR, "这一行不是这份填报表里的：{why}。", "请删去这一行；" + _AGAIN)
ROW_TWICE = Kind("F204", _ERROR, "同一行在表中出现两次。", "请只留一行，其余的删去后交回。")
ROWS_MISSING = Kind(
    "F205",
    _ERROR,
    "发出时的第 {missing}不见了。",
    "不填的行请留空，不要删去；请在原来的填报表中填写后交回。",
)
ROW_MOVED = Kind(
    "F206",
    _NOTE,
    "有 {count} 行换了位置（现在的第 {rows}），已按识别码找到各行原来的项目和指标。",
    "请核对所填的内容没有错行。",
)
CELL_CHANGED = Kind(
    "F207", _ERROR, "“{header}”是锁定的一格，与发出时不同，或这一行错了位。", _AGAIN
)
CELL_FORMULA = Kind(
    "F208", _ERROR, "这一格是公式，不予读取。", "请直接填写；文字以等号开头的，请删去等号。"
)
CELL_ERROR = Kind("F209", _ERROR, "这一格是电子表格的错误值。", "请改填实际内容，或留空。")
CELLS_MERGED = Kind("F210", _ERROR, "表中的单元格被合并。", "请取消合并，逐格填写。")
NOT_A_NUMBER = Kind("F211", _ERROR, "“{header}”应是数字，{why}。", _NUMBER)
NEGATIVE = Kind("F212", _ERROR, "“{header}”不能是负数。", _NUMBER)
POINTS_OVER = Kind("F213", _ERROR, "得分高于这一项的分值 {most}。", "请填 0 到分值之间的数。")
TOO_FINE = Kind("F214", _ERROR, "“{header}”多于两位小数。", "请保留两位小数。")
CHOICE_UNKNOWN = Kind(
    "F215", _ERROR, "“{header}”没有这个选项，可选：{choices}。", "请从下拉列表中选择。"
)
TEXT_LONG = Kind("F216", _ERROR, f"文字超过 {LONGEST} 个字。", "请写得简短些。")
DATE_UNFIT = Kind(
    "F217",
    _ERROR,
    "这一格成了日期，不是“{header}”要填的内容。",
    "多半是电子表格把所填的内容自动改成了日期；请把这一格设为文本后重新填写。",
)
DATE_LOST = Kind(
    "F218",
    _ERROR,
    "指标值是日期，而所填的读不成日期。",
    "请写成 2025-11-30 这样的日期；显示成五位数字的，请改为日期后重新填写。",
)
VALUE_UNREADABLE = Kind(
    "F219",
    _ERROR,
    "指标值是“{target}”，所填的不能与它对照：{why}。",
    "请填实际做到的数和单位，如 95% 或 12次，是否类填“是”或“否”；未开展的填 0，"
    "情况写在“偏差原因分析及改进措施”。",
)
SUBJECT_GONE = Kind(
    "F221", _ERROR, "{name}现已不在 {year} 年度的记录中，所填的内容无处登记。", _AGAIN
)
NEWER_ENTRY = Kind(
    "F222",
    _ERROR,
    "导出以后，“{header}”已另行登记为“{now}”（{author}，{day}），不能用旧表覆盖。",
    "请重新导出，在新表上修改；或把这一格改回原样后交回。",
)
KEPT_NEWER = Kind(
    "F223",
    _NOTE,
    "导出以后，“{header}”已另行登记为“{now}”（{author}，{day}）；这一格没有改动，保留现登记。",
    "",
)
FIGURES_MOVED = Kind(
    "F224",
    _WARNING,
    "这份表是旧的：导出以后“{header}”已变为“{now}”，所填内容照常登记。",
    "请核对所填内容是否仍与新的数字相符。",
)
NOT_ASKED = Kind(
    "F225", _WARNING, "导出以后，“{header}”已由系统得出“{now}”，所填内容照常登记。", "请核对。"
)
OF_ANOTHER = Kind("F226", _ERROR, "这是{what}，不是{wanted}。", "请核对文件。")
UNKNOWN_UNIT = Kind("F227", _ERROR, "这是{what}，本工作区没有这个单位当年的项目。", "请核对文件。")
FINALIZED = Kind(
    "F228",
    _ERROR,
    "{year} 年度单位 {unit} 的自评已于 {day} 定稿（校验码 {digest}），填报内容不再改动。",
    "确需改动的，请先撤销定稿。",
)
REASON_MISSING = Kind(
    "F220",
    _WARNING,
    "可能性填“{likelihood}”的，须写明原因说明和措施。",
    "请补填原因说明；其余内容照常登记。",
)
LOGICAL = Kind(
    "F229",
    _ERROR,
    "这一格是逻辑值 {value}，不是文字或数字。",
    "请写明实际内容，是否类填“是”或“否”。",
)
STILL_OPEN = Kind(
    "F230", _ERROR, "“{header}”里写的仍是“{said}”，不能当作已填。", "请据实填写；不填的请留空。"
)
OUTSIDE = Kind(
    "F231",
    _WARNING,
    "这一格在表格以外，所写的内容不读取。",
    "请写到同一行的填报格里，如“偏差原因分析及改进措施”“备注”。",
)
SHEET_OWN = Kind(
    "F232",
    _WARNING,
    "工作表“{sheet}”不是填报表原有的，其中的内容不读取。",
    "请写到填报表的各格里。",
)
ESTIMATE_ODD = Kind(
    "F233",
    _WARNING,
    "“{header}”为 {said} 元，{why}；所填内容照常登记。",
    "请核对，单位是元而不是万元。",
)

FORM_RETURN_KINDS = tuple(kind for kind in list(globals().values()) if isinstance(kind, Kind))
