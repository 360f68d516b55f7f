"""The columns of many rows of a payment list, read where they are plain.

Lists are long and their columns repetitive, so dates, statuses and wordings are read once a
text; what is left, numbers and amounts, is told in one look at the whole column where it can be.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Self, TypeVar

from monitor.domain.money import MoneyUnit, NotAnAmount, parse_fen
from monitor.domain.payment import Payment, Status, Wording
from monitor.ingest.code_cells import PROJECT_CELL, UNIT_CELL, Mangled, read_code, read_named
from monitor.ingest.pay_date import NotADate, parse_pay_date
from monitor.ingest.payment_header import Header
from monitor.ingest.payment_layout import CLASSES, PROJECT, SEPARATOR, UNIT, Layout
from monitor.ingest.payment_status import Verdict, judge
from monitor.ingest.profiles import Columns, Meaning

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")
_LOOK = 250  # codes that are told in one look
_PLAIN_STATUS = (Status.PAID, Status.IN_TRANSIT, Status.VOIDED)
STATUS_CELLS = (Meaning.STATUS, Meaning.KIND, Meaning.VOID_MARK)


class _Memo(dict[_Key, _Value]):
    """Computes each value once."""

    def __init__(self, compute: Callable[[_Key], _Value]) -> None:
        super().__init__()
        self._compute = compute

    def __missing__(self, key: _Key) -> _Value:
        value = self[key] = self._compute(key)
        return value


@dataclass(slots=True)
class Draft:
    """Columns of rows being read; None, or two blank numbers, where a row is not plain.

    `printed` is what the amount column says, for the totals. `unclear` are the rows that are not
    plain.
    """

    dates: list[str | None]
    amounts: list[int | None]
    statuses: list[str | None]
    applications: list[str | None]
    vouchers: list[str | None]
    wordings: list[int | None]
    printed: list[int]
    unclear: set[int] = field(default_factory=set)

    def with_unclear(self) -> Self:
        """The draft, with the rows that are not plain found out."""
        columns: tuple[list[Any], ...] = (
            self.dates, self.amounts, self.statuses,
            self.applications, self.vouchers, self.wordings,
        )  # fmt: skip
        for column in columns:
            self.unclear.update(places_of(None, column))
        self.unclear.update(n for n in places_of("", self.applications) if not self.vouchers[n])
        return self

    def put(self, n: int, payment: Payment, wording: int) -> None:
        """Puts a payment in the place of a row that was not plain."""
        self.dates[n] = payment.pay_date.isoformat()
        self.amounts[n] = payment.amount_fen
        self.statuses[n] = payment.status.value
        self.applications[n] = payment.application
        self.vouchers[n] = payment.voucher
        self.wordings[n] = wording


class ColumnReader:
    """Reads columns under one header. `said` are the wordings met so far, in order."""

    def __init__(self, header: Header, layout: Layout, columns: Columns) -> None:
        self.at, self.layout, self._columns = header.at, layout, columns
        self._unit_cells, self._project_cells, self._class_cells = map(
            layout.in_wording, (UNIT, PROJECT, CLASSES)
        )
        self.unit = header.units.get(Meaning.AMOUNT, MoneyUnit.YUAN)
        self.said: list[Wording] = []
        # the words for a blank that look like codes
        self.blank_words = frozenset(word for word in columns.blanks if word.isalnum())
        self._units: _Memo[tuple[str, ...], tuple[str, str]] = _Memo(
            lambda cells: read_named(UNIT_CELL, cells, columns)
        )
        self._projects: _Memo[tuple[str, ...], tuple[str, str]] = _Memo(
            lambda cells: read_named(PROJECT_CELL, cells, columns)
        )
        self.dates: _Memo[str, str | None] = _Memo(_date)
        self.statuses: _Memo[tuple[str, ...], str | None] = _Memo(self._status)
        self.wordings: _Memo[tuple[str, ...], int | None] = _Memo(self._wording)

    def read(self, columns: Sequence[Sequence[str]], rows: int) -> Draft:
        """`columns` are those of the header, each with so many rows."""
        blank = ("",) * rows

        def column(meaning: Meaning) -> Sequence[str]:
            return columns[self.at[meaning]] if meaning in self.at else blank

        amounts = self._amounts(column(Meaning.AMOUNT), column(Meaning.REFUND))
        if any(meaning in self.at for meaning in STATUS_CELLS):
            said = zip(*map(column, STATUS_CELLS), strict=True)
            statuses = list(map(self.statuses.__getitem__, said))
        else:
            statuses = [self.statuses["", "", ""]] * rows
        wordings = zip(*(columns[n] for n in self.layout.wording), strict=True)
        return Draft(
            dates=list(map(self.dates.__getitem__, column(Meaning.PAY_DATE))),
            amounts=amounts,
            statuses=statuses,
            applications=self.codes(column(Meaning.APPLICATION)),
            vouchers=self.codes(column(Meaning.VOUCHER)),
            wordings=list(map(self.wordings.__getitem__, wordings)),
            printed=[fen or 0 for fen in amounts],
        ).with_unclear()

    def wording(self, row: Sequence[str]) -> int:
        """The place in `said` of the wording of a row that was read by itself."""
        place = self.wordings[tuple(row[n] for n in self.layout.wording)]
        assert place is not None  # noqa: S101 - a payment's codes are not spoiled
        return place

    def _status(self, cells: tuple[str, ...]) -> str | None:
        """Refunds are not plain: their sign, and the year that they are of, need a look."""
        verdict = judge(self._columns, *cells)
        plain = isinstance(verdict, Verdict) and verdict.status in _PLAIN_STATUS
        return verdict.status.value if isinstance(verdict, Verdict) and plain else None

    def _wording(self, cells: tuple[str, ...]) -> int | None:
        wider = (*cells, "")
        try:
            unit = self._units[self._unit_cells(wider)]
            project = self._projects[self._project_cells(wider)]
        except Mangled:
            return None
        fund, category, economic = map(str.strip, self._class_cells(wider))
        joined = SEPARATOR.join(cells)
        self.said.append(Wording(*unit, *project, fund, category, economic, joined))
        return len(self.said) - 1

    def fen(self, text: str) -> int | None:
        """What an amount says; None where it cannot be read, or what it does hangs on the row."""
        try:
            fen = parse_fen(text, self.unit)
        except NotAnAmount:
            return None
        return fen if fen >= 0 else None

    def _amounts(self, amounts: Sequence[str], refunds: Sequence[str]) -> list[int | None]:
        if self.unit is MoneyUnit.YUAN:
            found = [
                int(text[:-3].replace(",", "") + text[-2:]) if _PLAIN_YUAN(text) else self.fen(text)
                for text in amounts
            ]
        else:
            found = [self.fen(text) for text in amounts]
        if "".join(refunds).strip():
            found = [
                None if other.strip() else fen for fen, other in zip(found, refunds, strict=True)
            ]
        return found

    def code(self, text: str) -> str | None:
        """What a cell of codes says: '' for a blank, None for one that a spreadsheet spoiled."""
        try:
            return read_code(text, self._columns)
        except Mangled:
            return None

    def codes(self, texts: Sequence[str]) -> list[str | None]:
        """The codes in a column, as `code` gives them."""
        found: list[str | None] = []
        for start in range(0, len(texts), _LOOK):
            found += self._some_codes(texts[start : start + _LOOK])
        return found

    def _some_codes(self, texts: Sequence[str]) -> Sequence[str | None]:
        joined = "".join(texts)
        plain = joined.isascii() and joined.isalnum() and joined == joined.upper()
        if not joined or (plain and self._columns.blanks.isdisjoint(texts)):
            return texts
        return list(map(self.code, texts))


# How nearly all amounts look; `parse_fen` reads the others.
_PLAIN_YUAN = re.compile(r"(?:\d{1,12}|\d{1,3}(?:,\d{3}){1,3})\.\d\d", re.ASCII).fullmatch


def places_of(value: object, column: Sequence[Any]) -> Iterator[int]:
    """Where it stands in a column."""
    place = -1
    with suppress(ValueError):
        while True:
            place = column.index(value, place + 1)
            yield place


def _date(text: str) -> str | None:
    try:
        return parse_pay_date(text).isoformat()
    except NotADate:
        return None
