"""Payment lists (支付明细): the bytes of a CSV → payments, rejected rows, and what is odd.

Every data row ends as a payment or as a rejection; nothing is guessed and nothing is dropped.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from monitor.domain.codes import normalise_code
from monitor.domain.payment import Payment
from monitor.errors import Diagnostic, Place
from monitor.ingest import payment_kinds as kinds
from monitor.ingest.pay_date import months_in_name, months_in_title
from monitor.ingest.payment_checks import Totals, check_payments, check_totals
from monitor.ingest.payment_header import Header, find_header
from monitor.ingest.payment_lines import OtherLines
from monitor.ingest.payment_row import RowReader
from monitor.ingest.profiles import Columns, Meaning, plain
from monitor.ingest.readers.delimited import Row, read_delimited
from monitor.ingest.rejection import Rejection

_NUMBERS = (Meaning.APPLICATION, Meaning.VOUCHER)


@dataclass(frozen=True, slots=True)
class PaymentList:
    """One list as read. `rows` counts its data rows: payments and rejections together.

    `passed_over` counts the lines that are no payments by kind (title, header, total, blank,
    remark). `months` are the months that it covers, as `2025-03`, ascending. `diagnostics` are
    of the list; those of rejected rows are in the rejections.
    """

    file: str
    encoding: str
    rows: int
    payments: tuple[Payment, ...]
    rejections: tuple[Rejection, ...]
    passed_over: Mapping[str, int]
    months: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]


def read_payment_list(
    data: bytes, file: str, *, columns: Columns, months: tuple[str, ...] = ()
) -> PaymentList:
    """Reads a payment list; `months` (such as `2025-03`) override what title and name say.

    Raises InputError where the file as a whole cannot be read for sure: no known encoding, quotes
    that do not pair, no header, two columns or money units that contradict each other.
    """
    sheet = read_delimited(data, file)
    position, header = find_header(sheet.rows, columns, file)
    titles = sheet.rows[:position]
    passed = Counter("title" if any(map(plain, cells)) else "blank" for _, cells in titles)
    body = _read_body(sheet.rows[position + 1 :], header, columns, file, passed)
    covered = months or _months_said(titles, file) or _months_of(body.payments)
    empty = [] if body.payments or body.rejections else [kinds.NO_ROWS.at(Place(file))]
    return PaymentList(
        file=file,
        encoding=sheet.encoding,
        rows=len(body.payments) + len(body.rejections),
        payments=tuple(body.payments),
        rejections=tuple(body.rejections),
        passed_over=dict(passed),
        months=covered,
        diagnostics=(
            *header.diagnostics,
            *empty,
            *check_payments(body.payments, header, columns, covered, file),
            *check_totals(body.totals, header, len(body.rejections), file),
        ),
    )


@dataclass(frozen=True, slots=True)
class _Body:
    payments: list[Payment]
    rejections: list[Rejection]
    totals: Totals


def _read_body(
    rows: Sequence[Row], header: Header, columns: Columns, file: str, passed: Counter[str]
) -> _Body:
    """The rows under the header; adds the lines that are no payments to `passed`."""
    reader, others = RowReader(header, columns, file), OtherLines(header, columns, file)
    body = _Body([], [], Totals())
    for line, cells in rows:
        read = reader.read(line, cells)
        if isinstance(read, Payment):
            body.payments.append(read)
            body.totals.printed_fen += reader.printed_fen
            body.totals.counted_fen += read.amount_fen if read.status.counts else 0
        elif (kind := others.kind(line, cells)) is None:
            body.totals.printed_fen += reader.printed_fen
            body.rejections.append(_rejection(line, cells, read, header, columns))
        else:
            passed[kind] += 1
            if kind == "total" and (stated := others.total_fen(cells)):
                body.totals.add_line(line, *stated)
    return body


def _rejection(
    line: int, cells: Sequence[str], faults: Sequence[Diagnostic], header: Header, columns: Columns
) -> Rejection:
    first = faults[0]
    return Rejection(
        line=line,
        number=_number(cells, header, columns),
        column=first.place.column or "",
        value=first.text,
        reason_id=first.id,
        reason="".join(dict.fromkeys(fault.meaning for fault in faults)),
        advice=first.advice,
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
    """sha256 of what the cells say, whatever the order and names of the columns, without 序号."""
    meanings = {index: meaning.value for meaning, index in header.at.items()}
    said = []
    for n, (name, cell) in enumerate(zip_longest(header.names, cells, fillvalue="")):
        column = meanings.get(n, plain(name))
        if column != Meaning.INDEX and (text := plain(cell).upper()):
            said.append(f"{'number' if column in _NUMBERS else column}={text}")
    return hashlib.sha256("\x1f".join(sorted(said)).encode()).hexdigest()


def _months_said(titles: Sequence[Row], file: str) -> tuple[str, ...]:
    said = (months_in_title(cell) for _, cells in titles for cell in cells)
    return next(filter(None, said), ()) or months_in_name(file)


def _months_of(payments: Sequence[Payment]) -> tuple[str, ...]:
    return tuple(sorted({f"{each:%Y-%m}" for each in {row.pay_date for row in payments}}))
