"""The catalogue of what can be wrong with a payment list (支付明细).

P001… keep a row out, P101… are told and let it in, P201… refuse the whole file.
"""

from __future__ import annotations

from monitor.errors import Diagnostic, InputError, Kind, Severity

_FIX_ROW = "请在原系统核对后改正这一行，重新导入。"


def _teach(section: str) -> str:
    return (
        f"请核对；若是本地的固定说法，请加到 rules/columns.toml 的 {section} 中，"
        "再用 monitor payments rejected --out 写出这些行，导入写出的文件。"
    )


AMOUNT_BLANK = Kind("P001", Severity.ERROR, "金额为空。", "请补上金额后重新导入；空白不等于零。")
AMOUNT_UNREADABLE = Kind("P002", Severity.ERROR, "金额列的内容{reason}。", _FIX_ROW)
DATE_BLANK = Kind("P003", Severity.ERROR, "支付日期为空。", _FIX_ROW)
DATE_UNREADABLE = Kind("P004", Severity.ERROR, "支付日期{reason}。", _FIX_ROW)
NUMBER_MANGLED = Kind(
    "P005",
    Severity.ERROR,
    "编号被电子表格改写，原编号已失真。",
    "请从原系统重新导出，编号列按文本格式保存。",
)
CODE_MANGLED = Kind(
    "P006",
    Severity.ERROR,
    "编码被电子表格改写，原编码已失真。",
    "请从原系统重新导出，编码列按文本格式保存。",
)
STATUS_UNKNOWN = Kind(
    "P007",
    Severity.ERROR,
    "不认识的支付状态，不能断定是否已支付。",
    _teach("[status]"),
)
KIND_UNKNOWN = Kind(
    "P008",
    Severity.ERROR,
    "不认识的业务类型，不能断定是支付还是退款。",
    _teach("[kind]"),
)
VOID_MARK_UNKNOWN = Kind(
    "P009",
    Severity.ERROR,
    "看不懂的作废标志，不能断定是否作废。",
    _teach("[void_mark]"),
)
ROW_TOO_LONG = Kind(
    "P010",
    Severity.ERROR,
    "这一行比表头多出有内容的格，各列可能已经错位。",
    "多半是某格里的英文逗号没有加引号，请改正后重新导入。",
)
REFUND_UNCLEAR = Kind(
    "P011",
    Severity.ERROR,
    "支付金额“{amount}”与退款金额同时有数，而该行又是退款或负数，不能断定退了多少。",
    "请核对后只在一列填写退款数，重新导入。",
)
IN_TRANSIT_UNDATED = Kind(
    "P012",
    Severity.ERROR,
    "尚未支付的申请没有支付日期。",
    "无须改正：付款以后，清单里会有日期，那时计入。",
)

ACCOUNT_MANGLED = Kind(
    "P101",
    Severity.WARNING,
    "收款账号被电子表格改写（{rows}），支付照常计入。",
    "需要账号时请从原系统重新导出，账号列按文本格式保存。",
)
AMOUNT_ZERO = Kind("P102", Severity.WARNING, "金额为 0（{rows}），按 0 计入。", "请核对。")
RED_LETTER = Kind(
    "P103",
    Severity.WARNING,
    "用途写着红字或冲销，金额却是正数（{rows}），按正数计入。",
    "若是冲减，请在原系统改为负数或退款后重新导入。",
)
OUTSIDE_MONTHS = Kind(
    "P104",
    Severity.WARNING,
    "支付日期在 {month}，不在清单所属月份（{months}）之内（{rows}），计入支付日期所在的月份。",
    "重复列出的支付只计一次；若日期有误，请改正后重新导入。",
)
IDENTICAL_ROWS = Kind(
    "P105",
    Severity.WARNING,
    "与前面的行完全相同（{rows}），作为{another}照常计入。",
    "若是重复导出，请删去多余的行后重新导入。",
)
TOTAL_OPEN = Kind(
    "P106",
    Severity.WARNING,
    "合计行与明细对不上：可读各行合计 {all} 元，计入 {counted} 元，被拒绝 {rejected} 行。",
    "清单里有读不出的金额，改正后再核对；若仍对不上，清单可能不完整或被改动过。",
)
PAYMENT_ABOVE_HEADER = Kind(
    "P107",
    Severity.WARNING,
    "表头之上的这一行像是一笔支付，没有读入。",
    "若是支付，请移到表头之下后重新导入。",
)
EARLIER_YEAR_REFUND = Kind(
    "P108",
    Severity.NOTE,
    "退款写明退的是以前年度的支付（{rows}），不冲减本年支付数。",
    "若退的是本年支付，请在原系统改正说明后重新导入。",
)
UNIT_ASSUMED = Kind(
    "P109",
    Severity.NOTE,
    "清单没有写明金额单位，按“元”读取。",
    "若单位是万元，请在列名后写“（万元）”再重新导入。",
)
COLUMN_PREFERRED = Kind(
    "P110",
    Severity.NOTE,
    "{label}有几列可取：取“{taken}”，未取“{left}”。",
    "若应取另一列，请在 rules/columns.toml 中调整先后，用 monitor imports undo 撤销后重新导入。",
)
EARLIER_MONTH = Kind(
    "P112",
    Severity.NOTE,
    "支付日期在 {month}，早于清单所属月份（{months}）（{rows}），计入支付日期所在的月份。",
    "累计清单和补列的支付都是这样，重复列出的只计一次；若日期有误，请改正后重新导入。",
)
FUTURE_DATE = Kind(
    "P113",
    Severity.WARNING,
    "支付日期晚于导入当天（{rows}），到那一天才计入进度。",
    "请核对日期；若日期有误，请在原系统改正后重新导入。",
)
NAME_MISFITS = Kind(
    "P114",
    Severity.WARNING,
    "编码 {code} 的项目是“{project}”，清单上的项目名称与它完全不符（{rows}）；仍按编码计入。",
    "请核对是否挂错项目；挂错的，用 monitor payments match 编号 项目编码 改正。",
)
IN_TRANSIT_DATED = Kind(
    "P115",
    Severity.NOTE,
    "在途申请没有支付日期（{rows}），按清单所属月份的 1 日起在途。",
    "无须改正：付款以后，清单里会有日期，那时计入。",
)
NO_ROWS = Kind("P111", Severity.WARNING, "清单里没有支付行。", "请核对文件是否完整。")

NO_HEADER = Kind(
    "P201",
    Severity.ERROR,
    "前 30 行里没有找到支付明细的表头：缺少{missing}；最像表头的一行认出了{found}。",
    "请核对文件；若列名是本地的说法，请加到 rules/columns.toml 的 [columns] 中再重新导入。",
)
COLUMN_TWICE = Kind(
    "P202",
    Severity.ERROR,
    "有两列都叫“{name}”，不能断定取哪一列作{label}，文件未导入。",
    "请删去或改名其中一列后重新导入。",
)
UNITS_DISAGREE = Kind(
    "P203",
    Severity.ERROR,
    "金额单位前后不一：{units}，文件未导入。",
    "请改正单位后重新导入。",
)
UNIT_UNKNOWN = Kind(
    "P204",
    Severity.ERROR,
    "金额单位“{unit}”不是元、千元或万元，文件未导入。",
    "请换成元后重新导入。",
)
SECOND_HEADER = Kind(
    "P205",
    Severity.ERROR,
    "这里又有一个表头，列与第 {first} 行的表头不同，文件未导入。",
    "请把两张表分成两个文件后分别导入。",
)

TOTAL_DIFFERS = Kind(
    "P206",
    Severity.ERROR,
    "合计行与明细对不上：各行合计 {all} 元，计入 {counted} 元，被拒绝 {rejected} 行。",
    "请核对清单是否完整、是否被改动过；确认明细无误的，加 --accept-total 导入。",
)

UNIT_BELOW = Kind(
    "P207",
    Severity.ERROR,
    "金额单位“{unit}”写在明细之后，表头和它之上都没有写单位，文件未导入。",
    "请把单位移到表头之前，或写进列名，如“支付金额（万元）”，再重新导入。",
)
SHEET_CONTINUES = Kind(
    "P208",
    Severity.ERROR,
    "工作表“{sheet}”没有表头，却有 {rows} 行像是工作表“{of}”的续表，文件未导入。",
    "请把这些行并入同一张工作表，或给这张工作表补上表头，再重新导入。",
)
FILE_EMPTY = Kind(
    "P209",
    Severity.ERROR,
    "文件是空的。",
    "请从原系统重新导出。",
)

PAYMENT_KINDS = tuple(each for each in list(globals().values()) if isinstance(each, Kind))


def refusal(found: Diagnostic) -> InputError:
    """The error that refuses a file for `found`."""
    return InputError(found.meaning, found.advice, found.place, [found])
