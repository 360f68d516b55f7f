"""The 偏差说明表 that a digest carries: figures locked, answers open; explanation_return reads it.

The same rows give the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from monitor.domain.answers import CAUSES, LONGEST, offered
from monitor.domain.calendar import checkpoint_name, day_name
from monitor.domain.finding import CHECKPOINT_PERIODS
from monitor.domain.money import percent
from monitor.domain.progress import Grade
from monitor.ingest.explanation_form import (
    ANSWER,
    AUTHOR,
    CAUSE,
    CHOICES,
    FIRST,
    KEY,
    MEASURE,
    NEEDED,
    OPEN,
    PROMISED,
    REST,
    SHEET,
    TEXT,
    Round,
    RowKey,
    Shown,
    locked,
)
from monitor.ingest.returned_workbook import PROPERTY
from monitor.reports.sheet_page import lines_of, print_wide

Row = Mapping[str, Any]
"""A warning as `warnings list` gives it: `id rule year period unit_code unit_name project_code
project_name severity as_of` and the `figures` `budget_fen due_fen paid_fen gap_fen lag_bp
needed_fen`, in them or beside the others; `rule_name` where the rule should be named."""

_HOW = (
    "请在黄色各栏逐项填写：“偏差原因”“处理意见”从下拉列表中选择；选“继续执行”的，须写明预计完成"
    "支付的“承诺日期”；原因选“其他”的，须写“情况说明”。{finance}暂不说明的行请留空，不要删行。"
    "其余各栏不能改动。填好后原样保存为 .xlsx 交回。"
)
_HOW_SOFT = (
    "临近年末，本表不要求加快支付，只请说明每个项目余下资金的安排：在黄色各栏选择“偏差原因”和"
    "“处理意见”（可支付、申请调减、结转或结余收回）；选“可支付”的，须写明“承诺日期”。{finance}"
    "暂不说明的行请留空，不要删行。其余各栏不能改动。填好后原样保存为 .xlsx 交回。"
)
_FINANCE = "原因在财政部门一方的（指标未下达、用款计划未批、库款调度），只选原因即可。"
_AMOUNT = 13.5
_WIDTHS = {
    KEY: 10, FIRST: 12.5, "项目名称": 18, "预警": 10, "预算数（元）": _AMOUNT,
    "应支数（元）": _AMOUNT, "已支数（元）": _AMOUNT, "差额（元）": _AMOUNT, "滞后": 8,
    NEEDED: _AMOUNT, REST: _AMOUNT, CAUSE: 14, TEXT: 20, ANSWER: 10, MEASURE: 18,
    PROMISED: 11.5,
}  # fmt: skip
_TOP = 4  # the row of headers, counted from 0
_LAST = len(locked(soft=False)) + len(OPEN)


def write(
    rows: Sequence[Row],
    *,
    round_id: str,
    soft: bool,
    author: str = "",
    deadline: date | None = None,
    contact: str = "",
) -> bytes:
    """The sheet of these warnings, in their order, as the bytes of an .xlsx file.

    `round_id` names the run that it belongs to, `soft` asks for the answers of the year's end;
    `author` is who is to fill it in, `deadline` the day until which it is to come back,
    `contact` whom to call.
    """
    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(target, options)
    try:
        round_ = Round(round_id, len(rows), soft)
        book.set_custom_property(PROPERTY, round_.property)
        book.set_properties({"title": SHEET, "created": _midnight(rows)})
        _Writer(book, rows, round_).write(author, deadline, contact)
    finally:
        book.close()
    return target.getvalue()


def _midnight(rows: Sequence[Row]) -> datetime:
    """The workbook's own time is that of its figures, not of its writing."""
    day = max((_day(row["as_of"]) for row in rows), default=date(2000, 1, 1))
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _day(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def shown(row: Row, soft: bool) -> dict[str, Shown]:
    """What the locked cells show, by header in their order; amounts in 元."""
    figures = row.get("figures", row)
    lag = figures.get("lag_bp")
    texts = (
        str(row["project_code"] or row["unit_code"]),
        str(row["project_name"] or row["unit_name"]),
        " ".join((row.get("rule_name") or row["rule"], _period(row), Grade(row["severity"]).label)),
    )
    money = [_yuan(figures.get(f"{name}_fen")) for name in ("budget", "due", "paid", "gap")]
    last = _yuan(_rest(figures) if soft else figures.get("needed_fen"))
    values = (*map(_printable, texts), *money, None if lag is None else percent(lag), last)
    return dict(zip(locked(soft), values, strict=True))


def _rest(figures: Mapping[str, int | None]) -> int | None:
    budget, paid = figures.get("budget_fen"), figures.get("paid_fen")
    return None if budget is None or paid is None else budget - paid


def _period(row: Row) -> str:
    period = str(row["period"])
    if period in CHECKPOINT_PERIODS:
        return checkpoint_name(int(period))
    return f"{int(period[1:])}月" if period[1:].isdigit() else "全年"


def _yuan(fen: int | None) -> Decimal | None:
    return None if fen is None else Decimal(fen).scaleb(-2)


def _printable(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


class _Writer:
    def __init__(self, book: Any, rows: Sequence[Row], round_: Round) -> None:
        self.rows, self.round, self._book = rows, round_, book
        self.headers = (KEY, *locked(round_.soft), *OPEN)
        self.sheet, self.choices = book.add_worksheet(SHEET), book.add_worksheet(CHOICES)
        base = {"font_name": "宋体", "font_size": 10, "border": 1, "valign": "vcenter"}
        filled = {**base, "locked": False, "bg_color": "#FFF9DB", "text_wrap": True}
        add = book.add_format
        self._text = add({**base, "text_wrap": True, "num_format": "@"})
        self._money = add({**base, "num_format": "#,##0.00", "align": "right", "shrink": True})
        self._right = add({**base, "align": "right"})
        self._open = add({**filled, "num_format": "@"})
        self._date = add({**filled, "num_format": "yyyy-mm-dd", "align": "center"})
        head = {**base, "bold": True, "align": "center", "text_wrap": True}
        self._head = add({**head, "bg_color": "#D9E2F3"})
        self._head_open = add({**head, "bg_color": "#FCE9A9"})

    def write(self, author: str, deadline: date | None, contact: str) -> None:
        self._page()
        self._above(author, deadline, contact)
        for column, name in enumerate(self.headers):
            form = self._head_open if name in OPEN else self._head
            self.sheet.write_string(_TOP, column, name, form)
        for number, row in enumerate(self.rows, 1):
            self._row(number, row)
        self._offer()
        self.sheet.protect("", {"format_columns": True, "format_rows": True})

    def _above(self, author: str, deadline: date | None, contact: str) -> None:
        plain = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}
        title = self._book.add_format({**plain, "font_size": 18, "bold": True, "align": "center"})
        line = self._book.add_format(plain)
        how = self._book.add_format({**plain, "text_wrap": True})
        units = {f"{row['unit_code']} {row['unit_name']}".strip(): None for row in self.rows}
        as_of = max((_day(row["as_of"]) for row in self.rows), default=None)
        said = (
            f"单位：{'、'.join(map(_printable, units))}",
            f"数据截至：{day_name(as_of)}" if as_of else "",
            "金额单位：元",
            f"请于 {day_name(deadline)} 前交回" if deadline else "",
            f"联系：{_printable(contact)}" if contact else "",
        )
        texts = _HOW_SOFT if self.round.soft else _HOW
        self.sheet.merge_range(0, 1, 0, _LAST, SHEET, title)
        self.sheet.merge_range(1, 1, 1, _LAST, "　　".join(filter(None, said)), line)
        self.sheet.merge_range(2, 1, 2, _LAST, texts.format(finance=_FINANCE), how)
        for row, height in ((0, 30), (1, 20), (2, 48), (3, 22), (_TOP, 32)):
            self.sheet.set_row(row, height)
        label = self._book.add_format({**plain, "align": "right", "bold": True})
        self.sheet.write_string(3, 1, f"{AUTHOR}：", label)
        self.sheet.write_string(3, 2, _printable(author), self._open)

    def _row(self, number: int, row: Row) -> None:
        at, cells = _TOP + number, shown(row, self.round.soft)
        subject = str(row["project_code"] or row["unit_code"])
        key = RowKey(number, row["id"], row["rule"], int(row["year"]), subject, str(row["period"]))
        self.sheet.write_string(at, 0, key.sealed(self.round.id, cells), self._text)
        for column, (name, value) in enumerate(cells.items(), 1):
            if isinstance(value, Decimal):
                self.sheet.write_number(at, column, value, self._money)
            elif value is None:
                self.sheet.write_blank(at, column, None, self._money)
            else:
                form = self._right if name == "滞后" else self._text
                self.sheet.write_string(at, column, value, form)
        for column, name in enumerate(OPEN, 1 + len(cells)):
            form = self._date if name == PROMISED else self._open
            self.sheet.write_blank(at, column, None, form)
        lines = max(
            lines_of(str(cells[name] or ""), int(_WIDTHS[name])) for name in list(cells)[:3]
        )
        self.sheet.set_row(at, 13.5 * max(lines, 3) + 4)

    def _offer(self) -> None:
        """The lists to choose from, in a hidden sheet: a rule's own list holds 255 characters."""
        for column, listed in enumerate((tuple(CAUSES), offered(self.round.soft))):
            for place, text in enumerate(listed):
                self.choices.write_string(place, column, text)
        self.choices.hide()
        self.choices.protect("")
        if not self.rows:
            return
        causes, answers = len(CAUSES), len(offered(self.round.soft))
        self._rule(CAUSE, {"validate": "list", "source": f"={CHOICES}!$A$1:$A${causes}"})
        self._rule(ANSWER, {"validate": "list", "source": f"={CHOICES}!$B$1:$B${answers}"})
        for name in (TEXT, MEASURE):
            length = {"validate": "length", "criteria": "<=", "value": LONGEST}
            self._rule(name, length, f"请不要超过 {LONGEST} 个字。")
        first = min(_day(row["as_of"]) for row in self.rows)
        last = date(max(int(row["year"]) for row in self.rows), 12, 31)
        span = {"validate": "date", "criteria": "between"}
        words = f"请填写当年 12 月 31 日以前的日期，如 {last.year}-07-31。"
        self._rule(PROMISED, {**span, "minimum": min(first, last), "maximum": last}, words)

    def _rule(self, name: str, rule: dict[str, Any], words: str = "请从下拉列表中选择。") -> None:
        column = self.headers.index(name)
        told = {"error_title": name, "error_message": words}
        first, last = _TOP + 1, _TOP + len(self.rows)
        self.sheet.data_validation(first, column, last, column, {**rule, **told})

    def _page(self) -> None:
        sheet = self.sheet
        for column, name in enumerate(self.headers):
            sheet.set_column(column, column, _WIDTHS[name], None, {"hidden": name == KEY})
        print_wide(sheet, _TOP, frozen=3)
