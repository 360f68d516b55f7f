"""Rows of a payment list that could not be read for sure, kept with the reason."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import zip_longest

from monitor.domain.codes import normalise_code
from monitor.domain.money import NotAnAmount, parse_fen
from monitor.errors import Diagnostic, Place, Severity
from monitor.ingest.pay_date import NotADate, parse_pay_date
from monitor.ingest.payment_header import Header
from monitor.ingest.payment_kinds import IN_TRANSIT_UNDATED
from monitor.ingest.profiles import Columns, Meaning, plain

_NUMBERS = (Meaning.APPLICATION, Meaning.VOUCHER)


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row that does not count, why, and what to do; several reasons are joined in `reason`.

    `column`, `value` and `reason_id` are of the first reason. `amount_fen` is the row's amount
    where that can be read all the same. `number` is the application
    number or voucher as far as it can be read, `cells` the row as it stood, and `content` a
    sha256 of what the row says, however columns, amounts and days are written, so that the same
    row is known again in another list.
    """

    line: int
    number: str
    column: str
    value: str
    reason_id: str
    reason: str
    advice: str
    amount_fen: int | None
    cells: tuple[tuple[str, str], ...]
    content: str

    @property
    def in_transit(self) -> bool:
        """Whether it only waits for its payment: it has no pay date yet, and nothing is wrong."""
        return self.reason_id == IN_TRANSIT_UNDATED.id

    def diagnostic(self, file: str) -> Diagnostic:
        """The same as a diagnostic, for printing beside the others of `file`."""
        place = Place(file, self.line, self.column or None)
        return Diagnostic(
            self.reason_id, Severity.ERROR, place, self.value, self.reason, self.advice
        )


def rejection_of(
    line: int,
    cells: Sequence[str],
    faults: Sequence[Diagnostic],
    amount_fen: int | None,
    header: Header,
    columns: Columns,
) -> Rejection:
    """The row as rejected for `faults`, of which there is one at least."""
    undated = IN_TRANSIT_UNDATED.id  # told only where nothing else is wrong
    first = next((fault for fault in faults if fault.id != undated), faults[0])
    return Rejection(
        line=line,
        number=_number(cells, header, columns),
        column=first.place.column or "",
        value=first.text,
        reason_id=first.id,
        reason="".join(dict.fromkeys(fault.meaning for fault in faults)),
        advice=first.advice,
        amount_fen=amount_fen,
        cells=tuple(zip_longest(header.names, cells, fillvalue="")),
        content=_content(cells, header),
    )


def _number(cells: Sequence[str], header: Header, columns: Columns) -> str:
    """Application number, else voucher, as far as it can be read."""
    for meaning in _NUMBERS:
        index = header.at.get(meaning, len(cells))
        number = normalise_code(cells[index]) if index < len(cells) else ""
        if number not in columns.blanks:
            return number
    return ""


def _content(cells: Sequence[str], header: Header) -> str:
    """sha256 of what the cells say, whatever the order and names of the columns, without 序号.

    Amounts and the day may be written otherwise, as far as they can be read.
    """
    meanings = {index: meaning for meaning, index in header.at.items()}
    aside = header.of_rejections
    said = []
    for n, (name, cell) in enumerate(zip_longest(header.names, cells, fillvalue="")):
        meaning = meanings.get(n)
        text = plain(cell).upper()
        if text and meaning is not Meaning.INDEX and n not in aside:
            column = "number" if meaning in _NUMBERS else meaning or plain(name)
            said.append(f"{column}={_read(meaning, cell, header) or text}")
    return hashlib.sha256("\x1f".join(sorted(said)).encode()).hexdigest()


def _read(meaning: Meaning | None, cell: str, header: Header) -> str:
    """The amount in fen or the day in a cell; '' for any other, and where it cannot be read."""
    with suppress(NotAnAmount, NotADate):
        if meaning and meaning in header.units:
            return str(parse_fen(cell, header.units[meaning]))
        if meaning is Meaning.PAY_DATE:
            return parse_pay_date(cell).isoformat()
    return ""
