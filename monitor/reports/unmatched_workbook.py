"""The workbook in which the office chooses projects for unmatched payments; match_sheet reads it.

One line for all payments that are alike. What can be chosen stands in a hidden sheet: a list
written into the cell's rule itself may hold no more than 255 characters.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import xlsxwriter
from sqlalchemy import Connection
from xlsxwriter.utility import xl_range_abs

from monitor.domain.matchable import Candidate, MatchSettings
from monitor.domain.money import yuan
from monitor.domain.payment import line_label
from monitor.ingest.alike import Alike, unmatched_alike
from monitor.ingest.match_sheet import (
    CHOICE,
    CHOICES,
    KEY,
    LATER,
    OUTSIDE,
    PROPERTY_VALUE,
    REASON,
    SHEET,
    SHOWN,
    line_key,
)
from monitor.ingest.proposals import Proposals
from monitor.ingest.returned_workbook import PROPERTY
from monitor.ingest.row_texts import texts_of
from monitor.reports.sheet_page import print_wide
from monitor.store import projects

_TITLE = "待匹配支付清单"
_HOW = (
    "每行是写法相同的若干笔支付，选定后对这些支付一并有效。请在黄色的“选择项目”栏点开下拉列表选择，"
    "候选项目都不对的，可直接填写该年度的项目编码；不属监控范围的须在“理由”栏写明原因；"
    "留空或“暂不处理”表示不变。其余各栏不能改动。填好后原样保存为 .xlsx 交回。"
)
_COLUMNS = (
    (KEY, 10), (SHOWN[0], 6), (SHOWN[1], 20), (SHOWN[2], 24), (SHOWN[3], 26), ("笔数", 7),
    ("合计（元）", 15), ("首笔", 40), ("候选及理由", 46), (CHOICE, 40), (REASON, 24),
)  # fmt: skip
_TOP = 3  # the row of headers, counted from 0
_LONGEST = 300  # characters of a text that is only there to be recognised


@dataclass(frozen=True, slots=True)
class ChoiceLine:
    """Payments that are alike, and the projects that they may belong to, best first, by name."""

    alike: Alike
    candidates: tuple[tuple[Candidate, str], ...]

    @property
    def rows(self) -> int:
        return self.alike.rows

    @property
    def shown(self) -> tuple[str, str, str, str]:
        """Year, unit, code and name as people see them."""
        first = self.alike.first
        unit = f"{first.unit_code} {first.unit_name}".strip()
        return str(first.year), unit, first.project_code, _plain(first.project_name)

    @property
    def example(self) -> str:
        first, texts = self.alike.first, texts_of(self.alike.first)
        said = (
            f"{line_label(first.number, first.ordinal)}，{first.pay_date}，"
            f"{yuan(first.amount_fen)} 元",
            texts.payee,
            texts.purpose,
        )
        return _plain("；".join(filter(None, said)))

    @property
    def choices(self) -> list[str]:
        named = [_plain(f"{each.project_code} {name}") for each, name in self.candidates]
        return [*named, OUTSIDE, LATER]

    @property
    def reasons(self) -> str:
        return "\n".join(
            _plain(f"{each.project_code} {each.score} 分：{'；'.join(each.reasons)}")
            for each, _ in self.candidates
        )


def lines_of(
    connection: Connection,
    *,
    year: int | None = None,
    unit_code: str | None = None,
    limit: int | None = None,
    matching: MatchSettings = MatchSettings(),
) -> list[ChoiceLine]:
    """All unmatched payments, those alike in one line, the most rows first."""
    listed = unmatched_alike(connection, year=year, unit_code=unit_code)[:limit]
    units = {(each.key.year, each.first.unit_code) for each in listed}
    proposals = Proposals(connection, matching, units)
    names = {
        year: {each.project_code: each.project_name for each in projects.known(connection, year)}
        for year in {year for year, _ in units}
    }
    return [_line(each, proposals, names[each.key.year]) for each in listed]


def _line(alike: Alike, proposals: Proposals, names: Mapping[str, str]) -> ChoiceLine:
    found = proposals.of(alike.first, texts_of(alike.first))
    return ChoiceLine(alike, tuple((each, names[each.project_code]) for each in found))


def unmatched_workbook(lines: Sequence[ChoiceLine]) -> bytes:
    """The workbook of these lines, in their order, as the bytes of an .xlsx file."""
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(target, options)
    try:
        book.set_custom_property(PROPERTY, PROPERTY_VALUE)
        sheet, choices = book.add_worksheet(SHEET), book.add_worksheet(CHOICES)
        choices.hide()
        _Writer(book, sheet, choices).write(lines)
    finally:
        book.close()
    return target.getvalue()


class _Writer:
    def __init__(self, book: Any, sheet: Any, choices: Any) -> None:
        self.sheet, self.choices = sheet, choices
        base = {"font_name": "宋体", "font_size": 9, "border": 1, "valign": "vcenter"}
        self._plain = {"border": 0, "valign": "vcenter", "font_name": "宋体"}
        self._book = book
        self._head = book.add_format(
            {**base, "bold": True, "align": "center", "bg_color": "#D9E2F3", "text_wrap": True}
        )
        self._text = book.add_format({**base, "text_wrap": True, "num_format": "@"})
        self._whole = book.add_format({**base, "num_format": "0", "align": "right"})
        self._money = book.add_format({**base, "num_format": "#,##0.00", "align": "right"})
        self._open = book.add_format(
            {**base, "text_wrap": True, "num_format": "@", "locked": False, "bg_color": "#FFF9DB"}
        )

    def write(self, lines: Sequence[ChoiceLine]) -> None:
        self._page()
        self._titles()
        for row, line in enumerate(lines, _TOP + 1):
            self._row(row, line)
        self.sheet.protect(
            "", {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True}
        )
        self.choices.protect("")

    def _titles(self) -> None:
        last = len(_COLUMNS) - 1
        title = {**self._plain, "bold": True, "font_size": 16, "align": "center"}
        how = {**self._plain, "font_size": 10, "text_wrap": True}
        self.sheet.merge_range(0, 1, 0, last, _TITLE, self._book.add_format(title))
        self.sheet.merge_range(1, 1, 1, last, _HOW, self._book.add_format(how))
        self.sheet.set_row(0, 28)
        self.sheet.set_row(1, 34)
        for column, (name, _) in enumerate(_COLUMNS):
            self.sheet.write_string(_TOP, column, name, self._head)

    def _row(self, row: int, line: ChoiceLine) -> None:
        shown = line.shown
        texts = (line_key(line.alike.key, shown), *shown)
        for column, text in enumerate(texts):
            self.sheet.write_string(row, column, text, self._text)
        after = len(texts)
        self.sheet.write_number(row, after, line.alike.rows, self._whole)
        fen = Decimal(line.alike.amount_fen) / 100
        self.sheet.write_number(row, after + 1, fen, self._money)
        self.sheet.write_string(row, after + 2, line.example, self._text)
        self.sheet.write_string(row, after + 3, line.reasons, self._text)
        self.sheet.write_blank(row, after + 4, None, self._open)
        self.sheet.write_blank(row, after + 5, None, self._open)
        self._offer(row, after + 4, line.choices)
        self.sheet.set_row(row, 12.5 * max(2, len(line.candidates)) + 4)

    def _offer(self, row: int, column: int, choices: Sequence[str]) -> None:
        for place, text in enumerate(choices):
            self.choices.write_string(row, place, text, self._text)
        listed = xl_range_abs(row, 0, row, len(choices) - 1)
        self.sheet.data_validation(
            *(row, column, row, column),
            {
                "validate": "list",
                "source": f"={CHOICES}!{listed}",
                "error_type": "warning",  # another project's code may be typed
                "error_title": "不在候选之中",
                "error_message": "填写的不是列出的候选；若是该年度的项目编码，可以继续。",
            },
        )

    def _page(self) -> None:
        sheet = self.sheet
        for column, (_, width) in enumerate(_COLUMNS):
            sheet.set_column(column, column, width, None, {"hidden": column == 0})
        print_wide(sheet, _TOP, frozen=5)


def _plain(text: str) -> str:
    """On one line, without the characters that a workbook cannot hold, and not too long."""
    one = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return one if len(one) <= _LONGEST else f"{one[: _LONGEST - 1]}…"
