"""Rows that must not count: voided ones, unreadable ones, and look-alikes that nobody owns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from monitor.demo.dice import Dice
from monitor.demo.layouts import Column
from monitor.demo.sheets import Sheet
from monitor.demo.spending import draw_line
from monitor.demo.vouchers import Fate, Line, Voucher
from monitor.domain.codes import has_check_character

_UNREADABLE = (
    (Column.AMOUNT, ""),
    (Column.DATE, "{year}-02-30"),
    (Column.AMOUNT, "待核"),
    (Column.DATE, "{year}.{month:02d}.32"),
    (Column.AMOUNT, "1,2O0.00"),  # the letter O
    (Column.DATE, "{year}年13月05日"),
    (Column.PROJECT_CODE, "1.30698E+20"),
    (Column.DATE, "待定"),
    (Column.AMOUNT, "12,34.5"),
    (Column.DATE, ""),
)


def draw_faults(sheets: Sequence[Sheet], year: int, seed: str) -> list[Voucher]:
    """Two voided and two unreadable rows a month, and a look-alike of a project's payment."""
    dice = Dice(f"{seed}/faults")
    lines = []
    for month in range(1, 13):
        lines += [_void(_any_line(sheets, month, dice), dice) for _ in range(2)]
        for turn in (0, 1):
            column, text = _UNREADABLE[(month * 2 + turn) % len(_UNREADABLE)]
            line = replace(_any_line(sheets, month, dice), fate=Fate.REJECTED, counts_for="")
            words = text.format(year=year, month=month)
            lines.append(replace(line, misspelt=((column, words),)))
        lines.append(_draw_lookalike(sheets, month, dice))
    return [Voucher((line,)) for line in lines]


def _any_line(sheets: Sequence[Sheet], month: int, dice: Dice) -> Line:
    return draw_line(dice.pick(sheets), month, dice.between(8_000, 3_000_000), dice)


def _void(line: Line, dice: Dice) -> Line:
    status = dice.pick(("已作废", "作废"))
    return replace(line, status=status, fate=Fate.VOIDED, counts_for="")


def _draw_lookalike(sheets: Sequence[Sheet], month: int, dice: Dice) -> Line:
    """Nearly a project's payment: a letter O in its code, or no code and another name.

    An unknown code is not a missing one, and a name must fit exactly; so a person decides.
    """
    sheet = dice.pick([each for each in sheets if has_check_character(each.project_code)])
    fen = dice.between(50_000, 900_000)
    line = replace(draw_line(sheet, month, fen, dice), fate=Fate.UNMATCHED, counts_for="")
    if month % 2:
        code = sheet.project_code
        return replace(line, project_code=code[:9] + "O" + code[10:])
    return replace(line, project_code="", project_name=f"{sheet.project_name}尾款")
