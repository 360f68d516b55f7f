"""The workbook in which units correct plans that can hardly be met; plan_return reads it back."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import xlsxwriter

from monitor.domain.calendar import checkpoint_name
from monitor.domain.plan_review import Doubtful
from monitor.ingest.plan_sheet import (
    CODE,
    KEY,
    REASON,
    ROUND_PREFIX,
    SHEET,
    key_of,
    new_header,
)
from monitor.ingest.returned_workbook import PROPERTY
from monitor.reports.sheet_page import lines_of, print_wide

_TITLE = "支出计划核对清单"
_HOW = (
    "请核对各项目的支出计划：能按计划支付的，不必填写；不能的，在黄色的“更正”栏填写到该时点"
    "为止应支付的累计比例（0% 至 100%，由低到高，最后一个时点为 100%），留空表示不改，"
    "并写明更正理由。其余各栏不能改动。填好后原样保存为 .xlsx 交回。"
)
_FIXED = (
    ("年度", 5),
    ("单位", 14),
    (CODE, 13),
    ("项目名称", 15),
    ("预算数（元）", 13),
    ("资金用途", 20),
    ("原因", 28),
)
_TOP = 3  # the row of headers, counted from 0
_LONGEST = 300  # characters of a text that is only there to be recognised


def plan_workbook(doubts: Sequence[Doubtful]) -> bytes:
    """The workbook of these projects, in their order, as the bytes of an .xlsx file."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False})
    try:
        keys = [key_of(each.project) for each in doubts]
        digest = hashlib.sha256("\n".join(keys).encode()).hexdigest()[:16]
        book.set_custom_property(PROPERTY, f"{ROUND_PREFIX}{digest}")
        _Writer(book, book.add_worksheet(SHEET), doubts).write(keys)
    finally:
        book.close()
    return target.getvalue()


@dataclass(slots=True)
class _Writer:
    book: Any
    sheet: Any
    doubts: Sequence[Doubtful]

    @property
    def _months(self) -> list[int]:
        return sorted({p.month for each in self.doubts for p in each.project.plan})

    @property
    def _last_column(self) -> int:
        return 1 + len(_FIXED) + 2 * len(self._months)

    def write(self, keys: Sequence[str]) -> None:
        self._page()
        self._head()
        for row, (key, doubt) in enumerate(zip(keys, self.doubts, strict=True), _TOP + 1):
            self._row(row, key, doubt)
        self._guard()

    def _format(self, **more: object) -> Any:
        base = {"font_name": "宋体", "font_size": 9, "border": 1, "valign": "vcenter"}
        return self.book.add_format({**base, "text_wrap": True, **more})

    def _head(self) -> None:
        plain = {"border": 0, "valign": "vcenter", "font_name": "宋体"}
        title = self.book.add_format({**plain, "bold": True, "font_size": 16, "align": "center"})
        how = self.book.add_format({**plain, "font_size": 10, "text_wrap": True})
        last = self._last_column
        self.sheet.merge_range(0, 1, 0, last, _TITLE, title)
        self.sheet.merge_range(1, 1, 1, last, _HOW, how)
        self.sheet.set_row(0, 28)
        self.sheet.set_row(1, 34)
        self.sheet.set_row(2, 6)
        head = self._format(bold=True, align="center", bg_color="#D9E2F3")
        months = self._months
        headers = [
            KEY,
            *(name for name, _ in _FIXED),
            *(f"现计划\n{checkpoint_name(month)}" for month in months),
            *(new_header(month) for month in months),
            REASON,
        ]
        for column, text in enumerate(headers):
            self.sheet.write_string(_TOP, column, text, head)
        self.sheet.set_row(_TOP, 30)

    def _row(self, row: int, key: str, doubt: Doubtful) -> None:
        project = doubt.project
        text, share = self._format(), self._format(num_format="0.00%", align="right")
        money = self._format(num_format="#,##0.00", align="right")
        self.sheet.write_string(row, 0, key, text)
        texts = (
            str(project.year),
            f"{project.unit_code} {project.unit_name}",
            project.project_code,
            project.project_name,
            None,
            project.purpose,
            doubt.why,
        )
        for column, each in enumerate(texts, 1):
            if each is not None:
                self.sheet.write_string(row, column, _short(each), text)
            elif project.budget_fen is None:
                self.sheet.write_blank(row, column, None, money)
            else:
                self.sheet.write_number(row, column, Decimal(project.budget_fen) / 100, money)
        self._shares(row, doubt, share)
        lines = (
            lines_of(_short(each or ""), width)
            for each, (_, width) in zip(texts, _FIXED, strict=True)
        )
        self.sheet.set_row(row, 12.5 * max(lines) + 4)

    def _shares(self, row: int, doubt: Doubtful, share: Any) -> None:
        open_share = self._format(
            num_format="0.00%", align="right", locked=False, bg_color="#FFF9DB"
        )
        open_text = self._format(locked=False, bg_color="#FFF9DB", num_format="@")
        idle = self._format(bg_color="#E7E6E6")
        plan = {point.month: point.planned_bp for point in doubt.project.plan}
        months = self._months
        first = 1 + len(_FIXED)
        for column, month in enumerate(months, first):
            planned, answer = plan.get(month), column + len(months)
            if planned is None:
                self.sheet.write_blank(row, column, None, share if month in plan else idle)
            else:
                self.sheet.write_number(row, column, Decimal(planned).scaleb(-4), share)
            self.sheet.write_blank(row, answer, None, open_share if month in plan else idle)
        self.sheet.write_blank(row, first + 2 * len(months), None, open_text)

    def _guard(self) -> None:
        """Locks all but the answers, and lets in nothing but shares."""
        months, last = len(self._months), _TOP + len(self.doubts)
        first = 1 + len(_FIXED) + months
        if self.doubts:
            self.sheet.data_validation(
                *(_TOP + 1, first, last, first + months - 1),
                {
                    "validate": "decimal",
                    "criteria": "between",
                    "minimum": 0,
                    "maximum": 1,
                    "input_title": "更正比例",
                    "input_message": "到该时点为止的累计比例，如 30%。留空表示不改。",
                    "error_title": "比例不对",
                    "error_message": "请填写 0% 至 100% 的百分比，如 30%。",
                },
            )
        self.sheet.protect("", {"format_columns": True, "format_rows": True})

    def _page(self) -> None:
        sheet, months = self.sheet, len(self._months)
        sheet.set_column(0, 0, 10, None, {"hidden": True})
        for column, (_, width) in enumerate(_FIXED, 1):
            sheet.set_column(column, column, width)
        first = 1 + len(_FIXED)
        if months:
            sheet.set_column(first, first + 2 * months - 1, 8)
        sheet.set_column(self._last_column, self._last_column, 18)
        print_wide(sheet, _TOP, frozen=5)


def _short(text: str) -> str:
    one = " ".join(text.split())
    return one if len(one) <= _LONGEST else f"{one[: _LONGEST - 1]}…"
