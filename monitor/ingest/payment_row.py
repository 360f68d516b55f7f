"""One row of a payment list → a payment, or all the reasons why it cannot be read for sure.

Lists are long and their columns repetitive, so dates, codes and statuses are read once a text.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from operator import itemgetter
from typing import TypeVar

from monitor.domain.money import NotAnAmount, parse_fen
from monitor.domain.payment import Payment, Status
from monitor.errors import Diagnostic, Kind, Place
from monitor.ingest import payment_kinds as kinds
from monitor.ingest.code_cells import PROJECT_CELL, UNIT_CELL, Mangled, read_code, read_named
from monitor.ingest.pay_date import NotADate, parse_pay_date
from monitor.ingest.payment_header import Header
from monitor.ingest.payment_layout import PROJECT, UNIT
from monitor.ingest.payment_status import Unclear, Verdict, judge, names_earlier_year
from monitor.ingest.profiles import Columns, Meaning, plain

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")
_Named = tuple[str, str] | Mangled

_STATUS = (Meaning.STATUS, Meaning.KIND, Meaning.VOID_MARK)
_TEXTS = (Meaning.PAYEE, Meaning.ACCOUNT, Meaning.PURPOSE, Meaning.FUND)


class _Memo(dict[_Key, _Value]):
    """Computes each value once."""

    def __init__(self, compute: Callable[[_Key], _Value]) -> None:
        super().__init__()
        self._compute = compute

    def __missing__(self, key: _Key) -> _Value:
        value = self[key] = self._compute(key)
        return value


class _Faults:
    """What is wrong with the row at `line`."""

    __slots__ = ("_file", "_header", "_line", "found")

    def __init__(self, header: Header, file: str, line: int) -> None:
        self._header, self._file, self._line = header, file, line
        self.found: list[Diagnostic] = []

    def add(self, kind: Kind, meaning: Meaning | None, text: str, **fields: object) -> None:
        column = None if meaning is None else self._header.names[self._header.at[meaning]]
        self.found.append(kind.at(Place(self._file, self._line, column), text.strip(), **fields))


class RowReader:
    """Reads the rows under one header.

    `printed_fen` is what the amount column of the last row says, 0 where it is not readable: the
    figures that a total line adds up. `amount_fen` is the row's own amount, None where it cannot
    be read. `is_undated` tells that its day is the list's, not its own.
    """

    def __init__(self, header: Header, columns: Columns, file: str) -> None:
        self._header, self._columns, self._file = header, columns, file
        self._width = len(header.names)
        self._has_refunds = Meaning.REFUND in header.at
        self._amount_cell, self._refund_cell = map(self._cell, (Meaning.AMOUNT, Meaning.REFUND))
        self._date_cell = self._cell(Meaning.PAY_DATE)
        self._application = self._cell(Meaning.APPLICATION)
        self._voucher = self._cell(Meaning.VOUCHER)
        self._status_cells = self._cells(*_STATUS)
        self._unit_cells = self._cells(*UNIT)
        self._project_cells = self._cells(*PROJECT)
        self._text_cells = self._cells(*_TEXTS)
        self._dates: _Memo[str, date | NotADate] = _Memo(_date)
        self._verdicts = _Memo(self._judge)
        self._earlier: _Memo[tuple[str, str, int], bool] = _Memo(
            lambda said: names_earlier_year(columns, *said)
        )
        self._units: _Memo[tuple[str, ...], _Named] = _Memo(
            lambda cells: _named(lambda: read_named(UNIT_CELL, cells, columns))
        )
        self._projects: _Memo[tuple[str, ...], _Named] = _Memo(
            lambda cells: _named(lambda: read_named(PROJECT_CELL, cells, columns))
        )
        self.printed_fen = 0
        self.amount_fen: int | None = None
        self.is_undated = False

    def read(self, line: int, cells: list[str]) -> Payment | list[Diagnostic]:
        """The payment in `cells`, or the faults that keep it out: all of them, one at least."""
        faults = _Faults(self._header, self._file, line)
        self.printed_fen, self.amount_fen, self.is_undated = 0, None, False
        if len(cells) > self._width and (extra := " ".join(cells[self._width :]).strip()):
            faults.add(kinds.ROW_TOO_LONG, None, extra)
            return faults.found
        row = [*cells, ""] if len(cells) == self._width else self._fit(cells)
        verdict = self._verdict(row, faults)
        clear = len(faults.found)
        amount_fen = self._amount(row, verdict.status, faults)
        self.amount_fen = amount_fen if len(faults.found) == clear else None
        pay_date = self._pay_date(row, verdict.status, faults)
        application = self._number(row[self._application], Meaning.APPLICATION, faults)
        voucher = self._number(row[self._voucher], Meaning.VOUCHER, faults)
        unit_code, unit_name = self._unit(row, faults)
        project_code, project_name = self._project(row, faults)
        if faults.found or pay_date is None:
            return faults.found
        payee, account, purpose, fund = self._text_cells(row)
        status, amount_fen = self._settle(row, verdict, amount_fen, project_name, pay_date)
        return Payment(
            line,
            application,
            voucher,
            pay_date,
            unit_code,
            unit_name,
            project_code,
            project_name,
            amount_fen,
            status,
            payee.strip(),
            account.strip(),
            purpose.strip(),
            fund.strip(),
            tuple(row[: self._width]),
        )

    def _cell(self, meaning: Meaning) -> int:
        """Where the column is; for one that the list has not, the blank cell behind every row."""
        return self._header.at.get(meaning, self._width)

    def _cells(self, *meanings: Meaning) -> Callable[[list[str]], tuple[str, ...]]:
        return itemgetter(*map(self._cell, meanings))

    def _fit(self, cells: list[str]) -> list[str]:
        """The row in the header's width and one blank cell more: missing cells are blank."""
        return cells[: self._width] + [""] * max(1, self._width + 1 - len(cells))

    def _is_blank(self, text: str) -> bool:
        return not text or plain(text).upper() in self._columns.blanks

    def _judge(self, cells: tuple[str, ...]) -> Verdict | Unclear:
        return judge(self._columns, *cells)

    def _verdict(self, row: list[str], faults: _Faults) -> Verdict:
        verdict = self._verdicts[self._status_cells(row)]
        if isinstance(verdict, Verdict):
            return verdict
        faults.add(verdict.kind, verdict.meaning, row[self._cell(verdict.meaning)])
        return Verdict(Status.PAID)

    def _amount(self, row: list[str], status: Status, faults: _Faults) -> int:
        """支付金额 (blank is 0 beside a refund) less what 退款金额 says, whatever its sign."""
        paid = self._fen(row[self._amount_cell], Meaning.AMOUNT, faults)
        self.printed_fen = paid or 0
        if paid and not self._has_refunds:
            return paid
        refund = abs(self._fen(row[self._refund_cell], Meaning.REFUND, faults) or 0)
        if paid is None and not refund and not faults.found:
            amount = Meaning.AMOUNT if Meaning.AMOUNT in self._header.at else Meaning.REFUND
            faults.add(kinds.AMOUNT_BLANK, amount, "")
        if paid and refund and (paid < 0 or status is Status.REFUNDED):
            printed = row[self._amount_cell].strip()
            refunded = row[self._refund_cell]
            faults.add(kinds.REFUND_UNCLEAR, Meaning.REFUND, refunded, amount=printed)
        return (paid or 0) - refund

    def _fen(self, text: str, meaning: Meaning, faults: _Faults) -> int | None:
        if not text:
            return None
        try:
            return parse_fen(text, self._header.units[meaning])
        except NotAnAmount as error:
            if not self._is_blank(text):
                faults.add(kinds.AMOUNT_UNREADABLE, meaning, text, reason=error.reason)
            return None

    def _pay_date(self, row: list[str], status: Status, faults: _Faults) -> date | None:
        text = row[self._date_cell]
        found = self._dates[text]
        if isinstance(found, date):
            return found
        if not self._is_blank(text):
            faults.add(kinds.DATE_UNREADABLE, Meaning.PAY_DATE, text, reason=found.reason)
        elif status is Status.IN_TRANSIT and self._header.undated and self._is_numbered(row):
            self.is_undated = True
            return self._header.undated
        elif status is Status.IN_TRANSIT:
            faults.add(kinds.IN_TRANSIT_UNDATED, Meaning.PAY_DATE, "")
        else:
            faults.add(kinds.DATE_BLANK, Meaning.PAY_DATE, "")
        return None

    def _is_numbered(self, row: list[str]) -> bool:
        """Whether a later list can say what became of it: content alone hangs on the date."""
        return not all(self._is_blank(row[n]) for n in (self._application, self._voucher))

    def _number(self, text: str, meaning: Meaning, faults: _Faults) -> str:
        try:
            return read_code(text, self._columns)
        except Mangled:
            faults.add(kinds.NUMBER_MANGLED, meaning, text)
            return ""

    def _unit(self, row: list[str], faults: _Faults) -> tuple[str, str]:
        found = self._units[self._unit_cells(row)]
        if isinstance(found, tuple):
            return found
        faults.add(kinds.CODE_MANGLED, Meaning.UNIT_CODE, str(found))
        return "", ""

    def _project(self, row: list[str], faults: _Faults) -> tuple[str, str]:
        found = self._projects[self._project_cells(row)]
        if isinstance(found, tuple):
            return found
        faults.add(kinds.CODE_MANGLED, Meaning.PROJECT_CODE, str(found))
        return "", ""

    def _settle(
        self, row: list[str], verdict: Verdict, amount_fen: int, project_name: str, pay_date: date
    ) -> tuple[Status, int]:
        """Status and signed amount: a refund lowers what was paid whatever sign is printed."""
        status = verdict.status
        if status is Status.PAID and amount_fen < 0:
            status = Status.REFUNDED
        if status is not Status.REFUNDED:
            return status, amount_fen
        said = "\n".join((*self._status_cells(row), *self._text_cells(row)[2:3]))
        if not verdict.correction and self._earlier[said, project_name, pay_date.year]:
            status = Status.EARLIER_YEAR
        return status, -abs(amount_fen)


def _date(text: str) -> date | NotADate:
    try:
        return parse_pay_date(text)
    except NotADate as error:
        return error


def _named(read: Callable[[], tuple[str, str]]) -> _Named:
    try:
        return read()
    except Mangled as error:
        return error
