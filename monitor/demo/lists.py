"""Writes a month's payment list: its layout, its frame, and the many spellings of one thing."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from monitor.demo.dice import Dice
from monitor.demo.layouts import LAYOUTS, Column, Layout
from monitor.demo.vouchers import Fate, Line, Voucher
from monitor.domain.calendar import month_end
from monitor.domain.money import yuan

_FULL_WIDTH = {ord("!") + i: ord("！") + i for i in range(94)}
_DATES = ("%Y-%m-%d", "%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y.%m.%d", "%Y年%m月%d日")
_DIRECT_FROM_FEN = 5_000_000


@dataclass(frozen=True, slots=True)
class _Entry:
    """A line at its place in a list; the account follows from the number."""

    index: int
    number: str
    account: str
    line: Line


def write_list(year: int, month: int, vouchers: Sequence[Voucher], dice: Dice) -> bytes:
    """The list with these vouchers in this order; the lines of a voucher stay together."""
    layout = LAYOUTS[month - 1]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    entries = _entries(vouchers)
    rows = [
        [_cell(column, entry, layout, dice) for column, _ in layout.columns] for entry in entries
    ]
    writer.writerows(_title_rows(year, month, layout))
    writer.writerow([name for _, name in layout.columns])
    writer.writerows(rows)
    if layout.framed:
        writer.writerow(_total_row(entries, layout))
    return text.getvalue().encode(layout.encoding)


def _entries(vouchers: Sequence[Voucher]) -> list[_Entry]:
    numbered = [(voucher.number, line) for voucher in vouchers for line in voucher.lines]
    return [
        _Entry(index, number, "6222" + Dice(number).digits(15), line)
        for index, (number, line) in enumerate(numbered, 1)
    ]


def _title_rows(year: int, month: int, layout: Layout) -> list[list[str]]:
    if not layout.framed:
        return []
    idle = [""] * (len(layout.columns) - 8)
    printed = month_end(year, month) + timedelta(days=3)
    return [
        [f"{year}年{month}月国库集中支付明细表", *[""] * 7, *idle],
        ["单位：元", *[""] * 6, f"打印日期：{printed.isoformat()}", *idle],
    ]


def _total_row(entries: Sequence[_Entry], layout: Layout) -> list[str]:
    """What the lines that count come to; a list's own total leaves out voided payments."""
    valid = (Fate.COUNTED, Fate.UNMATCHED)
    total = sum(each.line.amount_fen for each in entries if each.line.fate in valid)
    row = [yuan(total) if column is Column.AMOUNT else "" for column, _ in layout.columns]
    return ["合计", *row[1:]]


def _cell(column: Column, entry: _Entry, layout: Layout, dice: Dice) -> str:
    line, misspelt = entry.line, dict(entry.line.misspelt)
    if column in misspelt:
        return misspelt[column]
    match column:
        case Column.DATE:
            return spell_date(line.pay_date, dice)
        case Column.PROJECT_CODE:
            return spell_code(line.project_code, dice)
        case Column.AMOUNT:
            return _amount(line, layout, dice)
        case Column.REFUND:
            return _refund(line, dice)
    return _plain_cell(column, entry)


def _plain_cell(column: Column, entry: _Entry) -> str:
    """What all lists spell alike. Larger sums are paid by the treasury itself."""
    line = entry.line
    direct = abs(line.amount_fen) >= _DIRECT_FROM_FEN
    cells = {
        Column.INDEX: str(entry.index),
        Column.NUMBER: entry.number,
        Column.UNIT: f"{line.unit_code}-{line.unit_name}",
        Column.UNIT_CODE: line.unit_code,
        Column.UNIT_NAME: line.unit_name,
        Column.PROJECT_NAME: line.project_name,
        Column.PAYEE: line.payee,
        Column.ACCOUNT: entry.account,
        Column.PURPOSE: line.purpose,
        Column.FUND: "一般公共预算资金",
        Column.FUNCTION: line.function,
        Column.ECONOMIC: line.economic,
        Column.METHOD: "财政直接支付" if direct else "财政授权支付",
        Column.STATUS: line.status,
    }
    return cells[column]


def spell_date(day: date, dice: Dice) -> str:
    return f"{day:{dice.pick(_DATES)}}"


def spell_code(code: str, dice: Dice) -> str:
    """The code as exports spoil it: a tab before it, a blank in it, small or wide letters."""
    if not code or dice.happens(88):
        return code
    spoilt = (f"\t{code}", f"{code} ", f"{code[:8]} {code[8:]}", code.lower(),
              code.translate(_FULL_WIDTH))  # fmt: skip
    return dice.pick(spoilt)


def spell_amount(fen: int, dice: Dice) -> str:
    """The amount with or without separators and ￥, in full-width digits, in parentheses."""
    grouped = yuan(abs(fen))
    plain = grouped.replace(",", "")
    if fen < 0:
        return dice.pick((f"-{plain}", f"({plain})", f"-{grouped}", f"（{grouped}）"))
    spellings = (plain, plain, grouped, f"￥{grouped}", plain.translate(_FULL_WIDTH))
    return dice.pick(spellings)


def _amount(line: Line, layout: Layout, dice: Dice) -> str:
    """A refund stands in its own column where there is one; elsewhere some print it positive."""
    if line.status != "已退款":
        return spell_amount(line.amount_fen, dice)
    if any(column is Column.REFUND for column, _ in layout.columns):
        return ""
    printed_positive = dice.happens(20)
    return spell_amount(-line.amount_fen if printed_positive else line.amount_fen, dice)


def _refund(line: Line, dice: Dice) -> str:
    return spell_amount(-line.amount_fen, dice) if line.status == "已退款" else ""
