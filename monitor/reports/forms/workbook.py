"""The 绩效填报表 of a unit as .xlsx: figures locked, open cells marked; form_return reads it.

The same book gives the same bytes.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from monitor.domain.answers import LONGEST
from monitor.domain.calendar import day_name
from monitor.domain.entry import Form
from monitor.ingest.form_book import CHOICES, HELP, KEY, TOP, Book, Line, Shown, Slot, Wants
from monitor.ingest.form_columns import sheets
from monitor.ingest.form_seal import seal
from monitor.ingest.returned_workbook import PROPERTY
from monitor.reports.forms.formats import Formats
from monitor.reports.forms.help import write_help
from monitor.reports.glyphs import printable
from monitor.reports.sheet_page import lines_of, print_wide

_HOW = {
    "项目": "每个项目一行。黄色各格须填写，浅黄色各格视需要填写，灰色各格锁定。",
    "资金": "只有系统不掌握的数可填（黄色），单位：元；各项相加应等于该项目的总额。",
    "指标": "每个指标一行。请在黄色各格填写；选中一格即显示它的填写和计分办法。",
    "单位": "整个单位只填一次，用于本单位全部表格和单位自评报告。",
}
_MOST_PROMPT, _MOST_HEIGHT, _LINE = 255, 400.0, 13.5
_Spot = tuple[int, int, int, int]


def write(book: Book, *, author: str = "") -> bytes:
    """The book as the bytes of an .xlsx file; `author` is who is to fill it in."""
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    workbook = xlsxwriter.Workbook(target, options)
    try:
        day = book.as_of
        workbook.set_custom_property(PROPERTY, book.round.mark)
        made = datetime(day.year, day.month, day.day, tzinfo=UTC)
        workbook.set_properties({"title": book.title, "created": made})
        _Writer(workbook, book).write(author)
    finally:
        workbook.close()
    return target.getvalue()


class _Writer:
    """Writes the sheets of one book."""

    def __init__(self, workbook: Any, book: Book) -> None:
        self.workbook, self.book, self.formats = workbook, book, Formats(workbook)
        self.lists: dict[tuple[str, ...], str] = {}

    def write(self, author: str) -> None:
        help_sheet = self.workbook.add_worksheet(HELP)
        by_sheet: defaultdict[str, list[Line]] = defaultdict(list)
        for line in self.book.lines:
            by_sheet[line.sheet].append(line)
        written = {}
        for name in sheets(self.book.form):
            written[name] = self.workbook.add_worksheet(name)
        self.choices = self.workbook.add_worksheet(CHOICES)
        for name, widths in sheets(self.book.form).items():
            self._sheet(written[name], name, widths, by_sheet[name])
        self.choices.hide()
        self.choices.protect("")
        write_help(help_sheet, self.book, self.formats, author)

    def _sheet(self, sheet: Any, name: str, widths: Mapping[str, float], lines: list[Line]) -> None:
        sheet.set_column(0, 0, 10, None, {"hidden": True})
        for column, width in enumerate(widths.values(), 1):
            sheet.set_column(column, column, width)
        self._above(sheet, name, len(widths))
        asked = {header for line in lines for header, slot in line.slots.items() if slot.is_open}
        for column, header in enumerate((KEY, *widths)):
            form = self.formats.head_open if header in asked else self.formats.head
            sheet.write_string(TOP, column, header, form)
            if header in self.book.notes:
                size = {"x_scale": 2, "y_scale": 1.2, "author": "monitor"}
                sheet.write_comment(TOP, column, self.book.notes[header], size)
        rules: defaultdict[tuple[Any, ...], list[_Spot]] = defaultdict(list)
        for number, line in enumerate(lines, 1):
            self._line(sheet, number, line, widths, rules)
        for rule, spots in rules.items():
            self._rule(sheet, rule, spots)
        sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})
        print_wide(sheet, TOP, frozen=4 if name == "指标" else 3)

    def _above(self, sheet: Any, name: str, last: int) -> None:
        book, formats = self.book, self.formats
        unit = f"{book.unit_code} {printable(book.unit_name)}".strip()
        said = f"单位：{unit}　　数据截至：{day_name(book.as_of)}　　金额单位：元"
        sheet.merge_range(0, 1, 0, last, f"{book.title} — {name}", formats.title)
        sheet.merge_range(1, 1, 1, last, said, formats.plain)
        sheet.merge_range(2, 1, 2, last, _HOW[name], formats.plain)
        for row, height in ((0, 30), (1, 18), (2, 18), (TOP, 34)):
            sheet.set_row(row, height)

    def _line(
        self,
        sheet: Any,
        number: int,
        line: Line,
        widths: Mapping[str, float],
        rules: dict[tuple[Any, ...], list[_Spot]],
    ) -> None:
        at = TOP + number
        sheet.write_string(at, 0, seal(self.book.round, number, line), self.formats.text)
        for column, (header, cell) in enumerate(line.cells.items(), 1):
            if isinstance(cell, Slot):
                self._slot(sheet, at, column, header, cell, rules)
            else:
                _put(sheet, at, column, cell, self.formats.locked(header, cell))
        shown = {h: c.shown if isinstance(c, Slot) else c for h, c in line.cells.items()}
        texts = [(str(c), widths[h]) for h, c in shown.items() if isinstance(c, str)]
        lines = max((_height(text, int(width)) for text, width in texts), default=1)
        sheet.set_row(at, min(_LINE * max(lines, 2) + 4, _MOST_HEIGHT))

    def _slot(
        self,
        sheet: Any,
        at: int,
        column: int,
        header: str,
        cell: Slot,
        rules: dict[tuple[Any, ...], list[_Spot]],
    ) -> None:
        if not cell.is_open:
            _put(sheet, at, column, cell.shown, self.formats.locked(header, cell.shown))
            return
        _put(sheet, at, column, cell.shown, self.formats.open(cell))
        prompt = cell.rule if len(cell.rule) <= _MOST_PROMPT else ""
        if cell.rule and not prompt:
            sheet.write_comment(at, column, cell.rule, {"x_scale": 3, "y_scale": 2})
        rule = (header, cell.wants, cell.most, cell.choices, prompt)
        rules[rule].append((at, column, at, column))

    def _rule(self, sheet: Any, rule: tuple[Any, ...], spots: list[_Spot]) -> None:
        """One validation for all cells with the same rule, touching ones joined."""
        header, wants, most, choices, prompt = rule
        title = "".join(header.split())[:32]
        told: dict[str, Any] = {"error_title": title, "input_title": title if prompt else ""}
        told |= {"input_message": prompt}
        told |= self._validation(wants, most, choices)
        joined = _joined(spots)
        told["other_cells"] = [list(each) for each in joined[1:]]
        sheet.data_validation(*joined[0], told)

    def _validation(
        self, wants: Wants, most: Decimal | None, choices: tuple[str, ...]
    ) -> dict[str, Any]:
        if choices:
            strict = wants is not Wants.VALUE or "是" in choices
            words = {"error_message": "请从下拉列表中选择。", "error_type": "stop"}
            loose = {"show_error": strict}
            return {"validate": "list", "source": f"={self._list(choices)}", **words, **loose}
        between = {"validate": "decimal", "criteria": "between"}
        if wants is Wants.POINTS:
            top = Decimal(100) if most is None else most
            words = {"error_message": f"请填 0 到 {top:f} 之间的数，最多两位小数。"}
            return {**between, "minimum": 0, "maximum": top, **words}
        if wants is Wants.AMOUNT:
            words = {"error_message": "请填金额，单位：元。"}
            return {**between, "minimum": 0, "maximum": 10**13, **words}
        words = {"error_message": f"请不要超过 {LONGEST} 个字。"}
        return {"validate": "length", "criteria": "<=", "value": LONGEST, **words}

    def _list(self, choices: tuple[str, ...]) -> str:
        """Where a list stands in the hidden sheet: a rule's own list holds 255 characters."""
        if choices not in self.lists:
            column = len(self.lists)
            for row, text in enumerate(choices):
                self.choices.write_string(row, column, text)
            letter = chr(ord("A") + column)
            self.lists[choices] = f"{CHOICES}!${letter}$1:${letter}${len(choices)}"
        return self.lists[choices]


def _put(sheet: Any, row: int, column: int, shown: Shown, form: Any) -> None:
    if shown is None:
        sheet.write_blank(row, column, None, form)
    elif isinstance(shown, Decimal):
        sheet.write_number(row, column, shown, form)
    else:
        sheet.write_string(row, column, shown, form)


def _height(text: str, width: int) -> int:
    return sum(lines_of(each, width) for each in text.split("\n"))


def _joined(spots: list[_Spot]) -> list[_Spot]:
    """Cells of a column that touch as one range: Excel takes few ranges a rule."""
    joined: list[_Spot] = []
    for first, left, last, right in sorted(spots, key=lambda spot: (spot[1], spot[0])):
        if joined and joined[-1][1] == left and joined[-1][2] == first - 1:
            joined[-1] = (joined[-1][0], left, last, right)
        else:
            joined.append((first, left, last, right))
    return joined


def file_name(book: Book) -> str:
    """A name for the file of a book."""
    what = f"监控{int(book.period)}月" if book.form is Form.MONITORING else "自评"
    return f"{book.unit_code}-{book.year}-{what}填报表.xlsx"
