"""Many rows of a payment list at once → columns of payments, and what is no payment.

Reading row by row costs more than everything else about a list of a million rows. So a block of
rows is read column by column, each text that repeats once; a row that is not plain there is left
to `RowReader`, which reads one row with all its faults, by the same rules.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from itertools import compress
from operator import eq
from typing import Any

from monitor.domain.payment import Payment, Status, content_number
from monitor.ingest import payment_kinds as kinds
from monitor.ingest.list_block import Block, TotalLine, apart, joined, without
from monitor.ingest.payment_checks import Found, Oddities
from monitor.ingest.payment_columns import ColumnReader, Draft
from monitor.ingest.payment_header import Header
from monitor.ingest.payment_layout import Layout
from monitor.ingest.payment_lines import OtherLines
from monitor.ingest.payment_row import RowReader
from monitor.ingest.payment_texts import RowTexts, Texts
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
    undated: list[int] = field(default_factory=list)


class BlockReader:
    """Reads the rows under one header, block by block."""

    def __init__(self, header: Header, columns: Columns, file: str) -> None:
        self._header, self._columns, self._file = header, columns, file
        self.layout = Layout.of(header)
        self.columns = ColumnReader(header, self.layout, columns)
        self._rows = RowReader(header, columns, file)
        self._lines = OtherLines(header, columns, file)
        self._width = len(header.names)

    def read(self, rows: Sequence[list[str]], lines: Sequence[int]) -> Block:
        """The block of `rows`; `lines` are their lines in the file.

        Raises InputError for what refuses the whole list, such as a second, other header.
        """
        return self.join(self.parts(rows, lines))

    def join(self, parts: Sequence[Block]) -> Block:
        """One block of consecutive parts."""
        return apart(joined(parts))

    def parts(self, rows: Sequence[list[str]], lines: Sequence[int]) -> list[Block]:
        """The rows in parts so small that they stay in the processor's cache."""
        starts = range(0, len(rows), _PART) or [0]
        return [self._part(rows[n : n + _PART], lines[n : n + _PART]) for n in starts]

    def _part(self, rows: Sequence[list[str]], lines: Sequence[int]) -> Block:
        known = len(self.columns.said)
        texts = RowTexts(rows, self._width)
        draft = self.columns.read(texts.columns, len(rows))
        return self.part_of(texts, lines, draft, known, texts.too_long)

    def part_of(
        self,
        texts: Texts,
        lines: Sequence[int],
        draft: Draft,
        known: int,
        too_long: AbstractSet[int] = frozenset(),
    ) -> Block:
        """The part that a draft is of; `known` wordings had been met before it."""
        others = _Others()
        left = sorted(draft.unclear | too_long)
        for n, row in zip(left, texts.at(left), strict=True):
            self._read_row(n, row, lines[n], draft, others)
        return self._block(texts, lines, draft, others, known)

    def _read_row(self, n: int, row: list[str], line: int, draft: Draft, others: _Others) -> None:
        """Reads a row that is not plain: a payment goes among the others of the draft."""
        read = self._rows.read(line, row)
        draft.printed[n] = self._rows.printed_fen
        if isinstance(read, Payment):
            draft.put(n, read, self.columns.wording(read.cells))
            others.exact[n] = read
            if self._rows.is_undated:
                others.undated.append(line)
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
        texts: Texts,
        lines: Sequence[int],
        draft: Draft,
        others: _Others,
        known: int,
    ) -> Block:
        dropped = sorted(others.dropped)

        def kept(column: Sequence[Any]) -> Sequence[Any]:
            """Without the rows that are no payments; None stands in those alone."""
            return without(column, dropped)

        def counted_until(end: int | None) -> int:
            counts = map(_COUNTING.__contains__, draft.statuses[:end])
            return sum(compress(draft.amounts, counts))  # type: ignore[arg-type]  # no None

        numbers, named_by, vouchers = map(kept, self._name(draft, others))
        block = Block(
            lines=kept(lines),
            numbers=numbers,
            named_by=named_by,
            vouchers=vouchers,
            dates=kept(draft.dates),
            amounts=kept(draft.amounts),
            statuses=kept(draft.statuses),
            wordings=kept(draft.wordings),
            cells=texts.joined(self.layout.others, dropped),
            said=self.columns.said[known:],
            rejections=others.rejections,
            passed_over=dict(others.passed_over),
            totals=[
                TotalLine(line, text, fen, sum(draft.printed[:n]), counted_until(n))
                for n, line, text, fen in others.totals
            ],
            printed_fen=sum(draft.printed),
            counted_fen=counted_until(None),
            unreadable=others.unreadable,
            odd={},
            further=(),
            namings=_namings(named_by, vouchers),
        )
        return block._replace(odd=self._odd(block, texts, kept, others.undated))

    def _odd(
        self,
        block: Block,
        texts: Texts,
        kept: Callable[[Sequence[Any]], Sequence[Any]],
        undated: Sequence[int],
    ) -> dict[str, Found]:
        at, odd = self._header.at, Oddities()

        def column(meaning: Meaning) -> Sequence[str]:
            return kept(texts.column(at[meaning])) if meaning in at else ()

        purpose = at.get(Meaning.PURPOSE)
        red = purpose is not None and texts.may_say(purpose, self._columns.red_letter)
        written = (
            column(Meaning.AMOUNT) if 0 in block.amounts else (),
            column(Meaning.ACCOUNT),
            column(Meaning.PURPOSE) if red else (),
        )
        odd.look(block.lines, block.dates, block.amounts, block.statuses, written, self._columns)
        odd.add(kinds.IN_TRANSIT_DATED.id, undated, "")
        return odd.found

    def _name(
        self, draft: Draft, others: _Others
    ) -> tuple[Sequence[str], Sequence[str], Sequence[str]]:
        """Each row's number, what it is, and the voucher that stands beside it."""
        applications, vouchers = draft.applications, draft.vouchers
        if all(applications):
            beside = vouchers
            if any(map(eq, applications, vouchers)):
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


def _namings(named_by: Sequence[str], vouchers: Sequence[str]) -> list[tuple[str, bool]]:
    if len(set(named_by)) != 1:
        return list(set(zip(named_by, map(bool, vouchers), strict=True)))
    found = []
    if any(vouchers):
        found.append((named_by[0], True))
    if not all(vouchers):
        found.append((named_by[0], False))
    return found
