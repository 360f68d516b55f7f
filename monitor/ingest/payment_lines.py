"""Lines of a payment list that are no payments: blank, repeated header, total, remark."""

from __future__ import annotations

import re
from collections.abc import Sequence

from monitor.domain.capitals import amounts_in_capitals, is_in_capitals
from monitor.domain.money import MoneyUnit, NotAnAmount, parse_fen
from monitor.errors import Place
from monitor.ingest import payment_kinds as kinds
from monitor.ingest.payment_header import Header, money_unit, same_columns
from monitor.ingest.profiles import Columns, Meaning, plain

_NUMBERS = (Meaning.APPLICATION, Meaning.VOUCHER)
_FREE_TEXT = (Meaning.PAYEE, Meaning.PURPOSE)
_DATE_LIKE = re.compile(r"\d+\D+\d+\D+\d+|\d{8}", re.ASCII)
# 合计：16.00元. A number alone may count something: it needs its decimals or a unit.
_STATED = re.compile(
    r"(?<![\d.(])-?¥?-?\d[\d,]*(?:(?:\.\d+)?(?:万元|千元|元)(?!\))|\.\d+(?=$|[,;。、]))", re.ASCII
)
_CUMULATIVE = "累计"  # of the year so far, as a rule: no total of this list
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def _is_plain_count(cell: str) -> bool:
    """Whether 序号 holds a number: alone it makes no row (lists are numbered beforehand)."""
    return not _CHINESE.search(cell)


def _stated_fen(cell: str, unit: MoneyUnit) -> tuple[str, int] | None:
    """The one amount in a cell that has words too, such as 合计：16.00元."""
    found = _STATED.findall(plain(cell))
    try:
        return (cell, parse_fen(found[0], unit)) if len(found) == 1 else None
    except NotAnAmount:
        return None


def _in_capitals(words: Sequence[str], cells: Sequence[str]) -> tuple[str, int] | None:
    """The one amount in capital numerals (大写) in a total line; that is always in yuan.

    It stands with the word for the total, or alone in a cell.
    """
    alone = (cell for cell in cells if is_in_capitals(plain(cell)))
    found = [(cell, fen) for cell in (*words, *alone) for fen in amounts_in_capitals(cell)]
    return found[0] if len(found) == 1 else None


class OtherLines:
    """Tells what a row that is no readable payment is, under one header."""

    def __init__(self, header: Header, columns: Columns, file: str) -> None:
        self._header, self._columns, self._file = header, columns, file
        self._meanings = {index: meaning for meaning, index in header.at.items()}
        self._aside = header.of_rejections

    def kind(self, line: int, cells: Sequence[str]) -> str | None:
        """`blank`, `header`, `total` or `remark`; None for a row that may be a payment.

        What has a number, a date or an amount is never passed over, unless it is a total line.
        Raises InputError for a further header with other columns, or another money unit.
        """
        if self._aside:
            cells = ["" if n in self._aside else cell for n, cell in enumerate(cells)]
        filled = {
            n: cell
            for n, cell in enumerate(cells)
            if plain(cell)
            and not (self._meanings.get(n) is Meaning.INDEX and _is_plain_count(cell))
        }
        if not filled:
            return "blank"
        if self._is_header(line, cells):
            return "header"
        if self._is_total(cells):
            return "total"
        return "remark" if self._is_remark(line, filled) else None

    def total_fen(self, cells: Sequence[str]) -> tuple[str, int] | None:
        """The amount of a total line as printed and in fen; None where it gives none.

        It stands in the column of the amounts, or in the cell of the word (合计：16.00元), or
        in capital numerals alone. What is 累计 speaks of more than this list.
        """
        words = [
            cell
            for n, cell in enumerate(cells)
            if self._is_total_word(n, cell) and _CUMULATIVE not in plain(cell)
        ]
        index = self._header.at.get(Meaning.AMOUNT)
        if not words or index is None:
            return None
        text = cells[index] if index < len(cells) else ""
        unit = self._header.units[Meaning.AMOUNT]
        try:
            return text, parse_fen(text, unit)
        except NotAnAmount:
            stated = (*(_stated_fen(cell, unit) for cell in words), _in_capitals(words, cells))
            return next(filter(None, stated), None)

    def _is_header(self, line: int, cells: Sequence[str]) -> bool:
        same = same_columns(cells, self._header, self._columns)
        if same is False:
            second = kinds.SECOND_HEADER.at(Place(self._file, line), first=self._header.line)
            raise kinds.refusal(second)
        return bool(same)

    def _is_total(self, cells: Sequence[str]) -> bool:
        """A total word in a text cell, and neither number nor date."""
        said = [n for n, cell in enumerate(cells) if self._is_total_word(n, cell)]
        others = [(self._meanings.get(n), cell) for n, cell in enumerate(cells) if n not in said]
        return bool(said) and not any(
            (meaning in _NUMBERS and any(c.isdigit() for c in cell))
            or (meaning is Meaning.PAY_DATE and _DATE_LIKE.search(plain(cell)))
            for meaning, cell in others
            if not self._columns.is_remark(cell)
        )

    def _is_total_word(self, index: int, cell: str) -> bool:
        if self._meanings.get(index) in _FREE_TEXT:  # 发放统计小计 may be what was paid for
            return plain(cell) in self._columns.totals
        return self._columns.is_total(cell)

    def _is_remark(self, line: int, filled: dict[int, str]) -> bool:
        for cell in filled.values():
            self._check_unit(line, cell)
        others = {n: cell for n, cell in filled.items() if not self._columns.is_remark(cell)}
        if len(filled) == 1:
            others = {n: cell for n, cell in others.items() if not self._is_sentence(cell)}
        return not others

    def _is_sentence(self, cell: str) -> bool:
        """Text that stands alone in its line, such as a title or page number (第1页)."""
        try:
            parse_fen(cell)
        except NotAnAmount:
            return bool(_CHINESE.search(cell)) and not _DATE_LIKE.fullmatch(plain(cell))
        return False

    def _check_unit(self, line: int, cell: str) -> None:
        unit = money_unit(cell)
        units = set(self._header.units.values())
        if unit and self._header.is_unit_assumed:
            if units == {unit}:
                return
            raise kinds.refusal(kinds.UNIT_BELOW.at(Place(self._file, line), cell, unit=unit))
        if unit and (unit not in set(MoneyUnit) or units != {MoneyUnit(unit)}):
            said = "、".join(sorted({unit, *units}))
            disagreement = kinds.UNITS_DISAGREE.at(Place(self._file, line), cell, units=said)
            raise kinds.refusal(disagreement)
