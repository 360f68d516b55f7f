"""Many rows of a payment list at once → columns of payments, and what is no payment.

Reading row by row costs more than everything else about a list of a million rows. So a block of
rows is read column by column, each text that repeats once; a row that is not plain there is left
to `RowReader`, which reads one row with all its faults, by the same rules.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from monitor.domain.payment import Payment, Status, content_number
from monitor.ingest import payment_kinds as kinds
from monitor.ingest.list_block import Block, TotalLine, apart, joined
from monitor.ingest.payment_checks import Oddities
from monitor.ingest.payment_columns import ColumnReader, Draft
from monitor.ingest.payment_header import Header
from monitor.ingest.payment_layout import SEPARATOR, Layout
from monitor.ingest.payment_lines import OtherLines
from monitor.ingest.payment_row import RowReader
from monitor.ingest.profiles import Columns, Meaning
from monitor.ingest.rejection import Rejection, rejection_of

_PART = 500  # rows
# Rejected with these, a row may belong to what a total of the counted rows says.
_MAY_COUNT = {
    kind.id
    for kind in (
        kinds.STATUS_UNKNOWN,
        kinds.KIND_UNKNOWN,
        kinds.VOID_MARK_UNKNOWN,
        kinds.REFUND_UNCLEAR,
    )
}
_COUNTING = frozenset(status.value for status in Status if status.counts)


@dataclass(slots=True)
class _Others:
    """What a block holds beside payments. `totals` are by place in the block."""

    dropped: set[int] = field(default_factory=set)
    exact: dict[int, Payment] = field(default_factory=dict)
    rejections: list[Rejection] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)
    totals: list[tuple[int, int, str, int]] = field(default_factory=list)
    unreadable: int = 0


class BlockReader:
    """Reads the rows under one header, block by block."""

    def __init__(self, header: Header, columns: Columns, file: str) -> None:
        self._header, self._columns, self._file = header, columns, file
        self.layout = Layout.of(header)
        self._reader = ColumnReader(header, self.layout, columns)
        self._rows = RowReader(header, columns, file)
        self._lines = OtherLines(header, columns, file)
        self._width = len(header.names)

    def read(self, rows: Sequence[list[str]], lines: Sequence[int]) -> Block:
        """The block of `rows`; `lines` are their lines in the file.

        Raises InputError for what refuses the whole list, such as a second, other header.
        """
        parts = range(0, len(rows), _PART) or [0]
        return self.join([self.part(rows[n : n + _PART], lines[n : n + _PART]) for n in parts])

    def join(self, parts: Sequence[Block]) -> Block:
        """One block of consecutive parts."""
        return apart(joined(parts))

    def part(self, rows: Sequence[list[str]], lines: Sequence[int]) -> Block:
        """A part of a block: so few rows that they stay in the processor's cache."""
        known = len(self._reader.said)
        fitted, too_long = self._fit(rows)
        columns = list(zip(*fitted, strict=True)) if fitted else [()] * self._width
        draft = self._reader.read(columns, len(fitted))
        others = _Others()
        for n in sorted(draft.not_plain() | too_long):
            self._read_row(n, rows[n], lines[n], draft, others)
        return self._block(columns, lines, draft, others, known)

    def _fit(self, rows: Sequence[list[str]]) -> tuple[Sequence[list[str]], set[int]]:
        """The rows in the header's width: missing cells are blank; and those that do not fit."""
        width = self._width
        if set(map(len, rows)) <= {width}:
            return rows, set()
        too_long = {n for n, row in enumerate(rows) if "".join(row[width:]).strip()}
        return [row[:width] + [""] * (width - len(row)) for row in rows], too_long

    def _read_row(self, n: int, row: list[str], line: int, draft: Draft, others: _Others) -> None:
        """Reads a row that is not plain: a payment goes among the others of the draft."""
        read = self._rows.read(line, row)
        draft.printed[n] = self._rows.printed_fen
        if isinstance(read, Payment):
            draft.put(n, read, self._reader.wording(read.cells))
            others.exact[n] = read
            return
        others.dropped.add(n)
        draft.applications[n] = "-"  # it shall not look like a payment without number
        draft.statuses[n] = None  # nor count
        kind = self._lines.kind(line, row)
        if kind is None:
            amount = self._rows.amount_fen
            others.unreadable += amount is None or any(each.id in _MAY_COUNT for each in read)
            others.rejections.append(
                rejection_of(line, row, read, amount, self._header, self._columns)
            )
            return
        draft.printed[n] = 0
        others.passed_over[kind] += 1
        if kind == "total" and (stated := self._lines.total_fen(row)):
            others.totals.append((n, line, *stated))

    def _block(
        self,
        columns: Sequence[Sequence[str]],
        lines: Sequence[int],
        draft: Draft,
        others: _Others,
        known: int,
    ) -> Block:
        dropped = sorted(others.dropped, reverse=True)

        def kept(column: Iterable[Any]) -> list[Any]:
            """Without the rows that are no payments; None stands in those alone."""
            left = list(column)
            for n in dropped:
                del left[n]
            return left

        def texts(meaning: Meaning) -> Sequence[str]:
            return kept(columns[self._header.at[meaning]]) if meaning in self._header.at else ()

        counted = [
            fen if fen and status in _COUNTING else 0
            for fen, status in zip(draft.amounts, draft.statuses, strict=True)
        ]
        numbers, named_by, vouchers = self._name(draft, others)
        others_cells = zip(*(columns[n] for n in self.layout.others), strict=True)
        lines_, dates = kept(lines), kept(draft.dates)
        amounts, statuses = kept(draft.amounts), kept(draft.statuses)
        odd = Oddities()
        written = (texts(Meaning.AMOUNT), texts(Meaning.ACCOUNT), texts(Meaning.PURPOSE))
        odd.look(lines_, dates, amounts, statuses, written, self._columns)
        return Block(
            lines=lines_,
            numbers=kept(numbers),
            named_by=kept(named_by),
            vouchers=kept(vouchers),
            dates=dates,
            amounts=amounts,
            statuses=statuses,
            wordings=kept(draft.wordings),
            cells=kept(map(SEPARATOR.join, others_cells)),
            said=self._reader.said[known:],
            rejections=others.rejections,
            passed_over=dict(others.passed_over),
            totals=[
                TotalLine(line, text, fen, sum(draft.printed[:n]), sum(counted[:n]))
                for n, line, text, fen in others.totals
            ],
            printed_fen=sum(draft.printed),
            counted_fen=sum(counted),
            unreadable=others.unreadable,
            odd=odd.found,
            further=(),
            namings=list(set(zip(kept(named_by), map(bool, kept(vouchers)), strict=True))),
        )

    def _name(
        self, draft: Draft, others: _Others
    ) -> tuple[Sequence[str], Sequence[str], Sequence[str]]:
        """Each row's number, what it is, and the voucher that stands beside it."""
        applications, vouchers = draft.applications, draft.vouchers
        if all(applications):
            beside = [
                voucher if voucher != number else ""
                for number, voucher in zip(applications, vouchers, strict=True)
            ]
            return applications, ["application"] * len(applications), beside  # type: ignore[return-value]
        return self._name_each(draft, others)

    def _name_each(
        self, draft: Draft, others: _Others
    ) -> tuple[Sequence[str], Sequence[str], Sequence[str]]:
        numbers: list[str] = []
        named_by: list[str] = []
        beside: list[str] = []
        pairs = zip(draft.applications, draft.vouchers, strict=True)
        for n, (application, voucher) in enumerate(pairs):
            if application:
                named = (application, "application", voucher if voucher != application else "")
            elif voucher:
                named = (voucher, "voucher", "")
            else:
                exact = others.exact.get(n)
                named = (content_number(exact) if exact else "", "content", "")
            for column, value in zip((numbers, named_by, beside), named, strict=True):
                column.append(value or "")
        return numbers, named_by, beside
