"""What the sheets of the summary workbook share: formats, heads, and the formula of a rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from monitor.reports.assessment.draft import NOTHING
from monitor.reports.glyphs import printable
from monitor.reports.sheet_page import lines_of
from monitor.reports.unit.summary_facts import Sums

HEADER = 2
"""The row of headers, counted from 0."""
FIRST = HEADER + 1
LINE_PT = 15
_MONEY, _RATE, _POINTS = "#,##0.00", "0.00%", "0.00"


@dataclass(frozen=True, slots=True)
class Face:
    """The formats of one kind of row."""

    text: Any
    money: Any
    rate: Any
    points: Any


class Looks:
    """The formats of the workbook, made once: of its lines, and of its sums."""

    def __init__(self, book: Any) -> None:
        def look(**more: Any) -> Any:
            base = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
            return book.add_format(base | more)

        def face(**more: Any) -> Face:
            numbers = [look(border=1, num_format=each, **more) for each in (_MONEY, _RATE, _POINTS)]
            return Face(look(border=1, align="center", **more), *numbers)

        self.line = face()
        self.sum = face(bold=True, bg_color="#EEEEEE")
        self.name = look(border=1, text_wrap=True)
        self.blank = look(border=1, num_format=_POINTS, bg_color="#FFF8DC")
        self.title = look(font_size=16, bold=True, align="center")
        self.note = look(text_wrap=True, align="left")
        self.head = look(border=1, bold=True, text_wrap=True, align="center", bg_color="#DDE6F0")
        self.plain = look(text_wrap=True)


def yuan_of(fen: int) -> Decimal:
    """Exact: two decimals."""
    return Decimal(fen).scaleb(-2)


def rate_formula(paid: str, budget: str) -> str:
    """Paid over budget, half up to 0.01 %, as a quotient of whole fen."""
    quotient = f"ROUND(ROUND({paid}*100,0)*10000/ROUND({budget}*100,0),0)/10000"
    return f'=IF(N({budget})=0,"{NOTHING.text}",{quotient})'


def rate_value(rate_bp: int | None) -> Decimal | str:
    return NOTHING.text if rate_bp is None else Decimal(rate_bp).scaleb(-4)


def sheet_top(sheet: Any, title: str, notes: Sequence[str], last: int, looks: Looks) -> None:
    sheet.merge_range(0, 0, 0, last, title, looks.title)
    sheet.set_row(0, 28)
    text = printable("\n".join(notes))
    sheet.merge_range(1, 0, 1, last, text, looks.note)
    sheet.set_row(1, LINE_PT * max(1, sum(lines_of(each, 150) for each in notes)))


def write_heads(sheet: Any, heads: Sequence[tuple[str, int]], looks: Looks) -> None:
    for column, (text, width) in enumerate(heads):
        sheet.set_column(column, column, width)
        sheet.write_string(HEADER, column, text, looks.head)
    sheet.set_row(HEADER, 2 * LINE_PT)


def amounts(of: Sums, first: int) -> list[tuple[int, int]]:
    """The three sums with their columns."""
    return list(enumerate((of.initial_fen, of.budget_fen, of.paid_fen), first))


def write_rate(sheet: Any, row: int, column: int, of: Sums, face: Face) -> None:
    paid, budget = xl_rowcol_to_cell(row, column - 1), xl_rowcol_to_cell(row, column - 2)
    value = rate_value(of.rate_bp)
    sheet.write_formula(row, column, rate_formula(paid, budget), face.rate, value)
