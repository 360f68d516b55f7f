"""The first sheet of a 绩效填报表: how it is filled in, what the colours mean, by whom."""

from __future__ import annotations

from collections import Counter
from typing import Any

from monitor.domain.calendar import day_name
from monitor.ingest.form_book import Book
from monitor.ingest.form_return import AUTHOR
from monitor.reports.forms.formats import LOCKED, NEEDED, OPTIONAL, Formats
from monitor.reports.glyphs import printable

_STEPS = (
    "一、请逐个工作表填写黄色各格，灰色各格由系统填写并锁定，不能改动。",
    "二、有下拉列表的请从列表中选择；选中一格，即显示填写要求和计分办法；表头右上角有红色"
    "小三角的，鼠标停在上面可看到这一栏的规则。",
    "三、“系统测算”是按已导入的支付明细算出的，请核对；留空即沿用，与实际不符的请填实际情况。",
    "四、已经登记过的内容已预先填好；要收回的，把这一格清空即可。",
    "五、不要增删、移动行或合并单元格，不要使用公式；不填的格请留空。",
    "六、填好后原样保存为 .xlsx 交回。有一格不合要求，全表都不登记，会逐格告知。",
)


def write_help(sheet: Any, book: Book, formats: Formats, author: str) -> None:
    """Writes the sheet that says how."""
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 78)
    sheet.merge_range(0, 0, 0, 1, book.title, formats.title)
    sheet.set_row(0, 32)
    asked = Counter(
        line.sheet for line in book.lines for slot in line.slots.values() if _waits(slot)
    )
    listed = "、".join(f"{name} {count} 处" for name, count in asked.items()) or "没有"
    facts = (
        ("单位", f"{book.unit_code} {printable(book.unit_name)}".strip()),
        ("数据截至", day_name(book.as_of)),
        ("待填", listed),
    )
    for row, (name, text) in enumerate(facts, 2):
        sheet.write_string(row, 0, name, formats.strong)
        sheet.write_string(row, 1, text, formats.plain)
    sheet.write_string(6, 0, f"{AUTHOR}：", formats.right)
    sheet.write_string(6, 1, printable(author), formats.author())
    for row, text in enumerate((*_STEPS, *map(printable, book.notices)), 8):
        sheet.merge_range(row, 0, row, 1, text, formats.wrapped)
        sheet.set_row(row, 32)
    legend = ((NEEDED, "须填写"), (OPTIONAL, "视需要填写"), (LOCKED, "锁定，不能改动"))
    for row, (colour, text) in enumerate(legend, 9 + len(_STEPS) + len(book.notices)):
        sheet.write_blank(row, 0, None, formats.swatch(colour))
        sheet.write_string(row, 1, text, formats.plain)
    sheet.protect("")
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _waits(slot: Any) -> bool:
    return bool(slot.is_open and slot.needed and not slot.value)
