"""Writes a unit's target document in the text form that word processors leave behind.

One cell a line, a tab before it; a blank line ends a row. The faults of real documents are kept:
cells with blank lines and idle tabs, rows broken in two, split columns, fields and bookmarks.
"""

from __future__ import annotations

from collections.abc import Sequence

from monitor.demo.dice import Dice
from monitor.demo.sheets import Sheet
from monitor.demo.units import COUNTY, Marks, Unit
from monitor.domain.money import MoneyUnit, ten_thousand_yuan, yuan

_HEAD = ("一级指标", "二级指标", "三级指标", "绩效指标描述", "指标值", "指标值确定依据")
_SECTIONS = ("一、总体绩效目标", "二、分项绩效目标", "三、工作保障措施")
_SAFEGUARDS = (
    "（一）完善制度建设。制定完善预算绩效管理制度、资金管理办法，为绩效目标的实现奠定基础。",
    "（二）加强支出管理。优化支出结构，及时支付资金，确保支出进度达标。",
    "（三）加强绩效运行监控。发现问题及时采取措施，确保绩效目标如期保质实现。",
)


def write_document(unit: Unit, sheets: Sequence[Sheet], seed: str) -> bytes:
    """The document with these sheets, in the unit's own encoding and with its own faults."""
    dice = Dice(f"{seed}/document/{unit.code}")
    tables = [_table(number, sheet, dice) for number, sheet in enumerate(sheets, 1)]
    text = "\n".join(_first_part(unit, sheets)) + "\n" + "".join(tables)
    if unit.style.cut:
        text = text[: text.rindex("\n\t")] + "\n "
    return text.replace("\n", unit.style.newline).encode(unit.style.encoding)


def _first_part(unit: Unit, sheets: Sequence[Sheet]) -> list[str]:
    name = unit.short_name
    overall, itemised, safeguards = (
        _heading(title, number, unit.style.marks) for number, title in enumerate(_SECTIONS, 1)
    )
    works = "、".join(sheet.project_name for sheet in sheets[:3])
    items = [
        f"（{'一二三四五六七八九十'[i]}）{sheet.project_name}\n绩效目标：{sheet.goals[0]}"
        for i, sheet in enumerate(sheets)
    ]
    duties = f"围绕{COUNTY}委、县政府中心工作，认真履行{name}职责，统筹做好{works}等重点工作。"
    return [
        *(" 第一部分", "部门整体绩效目标", " ", overall, duties, ""),
        *(itemised, *items, "", safeguards, *_SAFEGUARDS, " ", " "),
        *("第二部分", " ", "预算项目绩效目标", " "),
    ]


def _heading(title: str, number: int, marks: Marks) -> str:
    if marks is Marks.BOOKMARK:
        return f"[bookmark: _Toc_2_2_{number:010d}]{title}"
    if marks is Marks.FIELD:
        return f"{title} TC {title.partition('、')[2]} \\f A \\l 1 "
    return title


def _table(number: int, sheet: Sheet, dice: Dice) -> str:
    style = sheet.unit.style
    gap = "\n" if style.marks is Marks.FIELD else "\n\n \n"
    funds = "".join(_row(cells) for cells in _fund_rows(sheet, dice))
    goals = _goals_row(sheet, dice)
    indicators = "".join(_indicator_rows(sheet, dice))
    return f"{_title(number, sheet)}\n{funds}{goals}{gap}{_head_row(sheet)}{indicators}{gap}"


def _title(number: int, sheet: Sheet) -> str:
    title = f"{sheet.project_name}绩效目标表"
    if sheet.unit.style.marks is Marks.BOOKMARK:
        return f"[bookmark: _Toc_4_4_{number + 3:010d}]{number}.{title}"
    if sheet.unit.style.marks is Marks.FIELD:
        field = title.replace("“", "\\“").replace("”", "\\”")
        return f"{number}.{title} TC {number}、{field} \\f C \\l 1 "
    return f"{number}.{title}"


def _row(cells: Sequence[str]) -> str:
    return "".join(f"\t{cell}\n" for cell in cells) + "\n"


def _fund_rows(sheet: Sheet, dice: Dice) -> list[tuple[str, ...]]:
    """The rows from the unit line down to the plan's shares."""
    style, split = sheet.unit.style, ("",) if sheet.unit.style.split else ()
    fiscal = "其中：财政    资金" if style.spaced else "其中：财政资金"
    other = style.other if not sheet.other_fen else _money(sheet.other_fen, sheet.money_unit)
    amounts = (_money(fen, sheet.money_unit) for fen in (sheet.budget_fen, sheet.fiscal_fen))
    budget_text, fiscal_text = amounts
    idle = "\t" * 7 if style.split and dice.happens(60) else ""
    purpose = "\n".join(line + idle for line in sheet.purpose_lines)
    months, shares = _plan_cells(sheet)
    return [
        (f"{sheet.unit_code}{sheet.unit_name}", *split * 5, f"单位：{sheet.money_unit}"),
        ("项目编码", sheet.project_code, *split, "项目名称", sheet.project_name, *split * 2),
        ("预算规模及资金用途", "预算数", budget_text, fiscal, fiscal_text, "其他资金", other),
        ("", purpose + ("\n" + idle if idle and dice.happens(40) else "")),
        *([("",) * 5] if split else []),
        ("资金支出计划（%）", *months),
        ("", *shares),
    ]


def _plan_cells(sheet: Sheet) -> tuple[list[str], list[str]]:
    """The header of month-ends and the shares; split documents have idle columns among them."""
    months = [f"{point.month}月底" for point in sheet.plan]
    shares = [_share(point.planned_bp, sheet.unit.style.decimals) for point in sheet.plan]
    if sheet.unit.style.split:
        months, shares = [*_with_idle_column(months), ""], [*_with_idle_column(shares), ""]
    return months, shares


def _with_idle_column(cells: list[str]) -> list[str]:
    return [cells[0], "", *cells[1:]]


def _share(planned_bp: int | None, decimals: bool) -> str:
    if planned_bp is None:
        return ""
    whole, rest = divmod(planned_bp, 100)
    return f"{whole}.{rest:02d}%" if decimals or rest else f"{whole}%"


def _money(fen: int, unit: MoneyUnit) -> str:
    if unit is MoneyUnit.TEN_THOUSAND_YUAN:
        return ten_thousand_yuan(fen)
    return yuan(fen).replace(",", "")


def _goals_row(sheet: Sheet, dice: Dice) -> str:
    """The goals, numbered in one cell; some have idle tabs, blank lines between or after."""
    mark = dice.pick((".", ".", ". ", "、"))
    idle = "\t" * dice.pick((0, 0, 5, 7))
    between = "\n" * dice.pick((1, 1, 1, 2, 4))
    lines = [f"{number}{mark}{goal}{idle}" for number, goal in enumerate(sheet.goals, 1)]
    blank_lines = "\n" * dice.pick((0, 1, 1, 3))
    end = blank_lines + "\t\n" * 5 if sheet.unit.style.split else "\n" + blank_lines
    return f"\t绩效目标\n\t{between.join(lines)}\n{end}"


def _head_row(sheet: Sheet) -> str:
    return _row(_with_split(_HEAD) if sheet.unit.style.split else _HEAD)


def _indicator_rows(sheet: Sheet, dice: Dice) -> list[str]:
    """Rows under the head; the first level stands only where it changes.

    In split documents a description may end in a blank line, which breaks its row in two.
    """
    rows, above = [], ""
    for level1, level2, level3, description, target, basis in sheet.indicators:
        cells = ["" if level1 == above else level1, level2, level3, description, target, basis]
        if sheet.unit.style.split:
            cells = _with_split(cells)
            cells[3] += "\n" if dice.happens(4) else ""
        rows.append(_row(cells))
        above = level1
    return rows


def _with_split(cells: Sequence[str]) -> list[str]:
    return [*cells[:4], "", *cells[4:]]
