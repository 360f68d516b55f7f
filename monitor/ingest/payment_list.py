"""Payment lists (支付明细): what a list as a whole says, told block by block.

Every data row ends as a payment or as a rejection; nothing is guessed and nothing is dropped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from monitor.domain.coverage import Period, Span, spans
from monitor.domain.payment import Payment, Status, Wording
from monitor.errors import Diagnostic, Place
from monitor.ingest import payment_kinds as kinds
from monitor.ingest.list_block import Block, ListRow
from monitor.ingest.pay_date import (
    months_in_name,
    months_in_title,
    period_said,
)
from monitor.ingest.payment_block import BlockReader
from monitor.ingest.payment_checks import Oddities, Totals, check_totals
from monitor.ingest.payment_header import Header, find_header
from monitor.ingest.payment_layout import Layout
from monitor.ingest.profiles import Columns, Meaning, plain
from monitor.ingest.readers.delimited import Row, read_delimited
from monitor.ingest.rejection import Rejection


class Listing:
    """What is known of a list while its blocks are read. `rows` are payments and rejections, `fen`
    what those of them come to whose amount is readable.

    `passed_over` counts the lines that are no payments by kind (title, header, total, blank,
    remark). `months`, such as `2025-03`, override what title and name say.
    """

    def __init__(
        self,
        above: Sequence[Row],
        header: Header,
        file: str,
        months: tuple[str, ...] = (),
        today: str = "9999-12-31",
    ) -> None:
        self.file, self.header, self._months, self._today = file, header, months, today
        self.titles = [cell for _, cells in above for cell in cells if plain(cell)]
        self.passed_over = Counter("title" if any(map(plain, row)) else "blank" for _, row in above)
        self.rows = self.fen = 0
        self.unreadable = 0
        self.rejections: list[Rejection] = []
        self.totals = Totals()
        self.odd = Oddities()

    def add(self, block: Block) -> None:
        self.rows += len(block.lines) + len(block.further) + len(block.rejections)
        self.fen += sum(block.amounts) + sum(row.amount_fen for row in block.further)
        self.fen += sum(each.amount_fen or 0 for each in block.rejections)
        self.passed_over.update(block.passed_over)
        self.rejections += block.rejections
        self.unreadable += block.unreadable
        for line, text, fen, printed, counted in block.totals:
            self.totals.add_line(line, text, fen, printed, counted)
        self.totals.add_rows(block.printed_fen, block.counted_fen)
        self.odd.merge(block.odd)
        if max(set(block.dates), default="") > self._today:
            pairs = [
                *zip(block.lines, block.dates, strict=True),
                *((r.line, r.pay_date) for r in block.further),
            ]
            late = [line for line, day in sorted(pairs) if day > self._today]
            self.odd.add(kinds.FUTURE_DATE.id, late, "")

    @property
    def months(self) -> tuple[str, ...]:
        """The months that the list covers, ascending."""
        period = self._period
        said = next(filter(None, map(months_in_title, self.titles)), ())
        said = said or months_in_name(self.file) or (period.months if period else ())
        return self._months or said or self.odd.months()

    @property
    def spans(self) -> tuple[Span, ...]:
        """The same, with the days of months that it covers in part."""
        return spans(self.months, None if self._months else self._period)

    @property
    def _period(self) -> Period | None:
        return period_said(self.titles, self.file)

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What is odd about the list; those of rejected rows are in the rejections."""
        empty = [] if self.rows else [kinds.NO_ROWS.at(Place(self.file))]
        odd = self.odd.diagnostics(self.header, self.months, self.file)
        return (*self.header.diagnostics, *empty, *odd)

    def wrong_totals(self) -> list[Diagnostic]:
        """The total lines that no sum of rows explains.

        Where an amount is unreadable a difference is no wonder: then it is a warning, else an
        error, which refuses the list.
        """
        kind = kinds.TOTAL_OPEN if self.unreadable else kinds.TOTAL_DIFFERS
        return check_totals(self.totals, kind, self.header, len(self.rejections), self.file)


@dataclass(frozen=True, slots=True)
class PaymentList:
    """One list as read, all of it; see `Listing`."""

    file: str
    encoding: str
    rows: int
    payments: tuple[Payment, ...]
    rejections: tuple[Rejection, ...]
    passed_over: dict[str, int]
    months: tuple[str, ...]
    diagnostics: tuple[Diagnostic, ...]


def read_payment_list(
    data: bytes, file: str, *, columns: Columns, months: tuple[str, ...] = ()
) -> PaymentList:
    """Reads delimited text into memory, by the code that imports it; `months` as in `Listing`.

    Raises InputError where the file as a whole cannot be read for sure: no known encoding, quotes
    that do not pair, no header, two columns or money units that contradict each other.
    """
    read = read_delimited(data, file)
    position, header = find_header(read.rows, columns, file)
    above = read.rows[: position + 1 - len(header.lines)]
    listing = Listing(above, header, file, months)
    reader = BlockReader(header.of_months(listing.months), columns, file)
    body = read.rows[position + 1 :]
    block = reader.read([cells for _, cells in body], [line for line, _ in body])
    listing.add(block)
    said = [Wording(*each) for each in block.said]
    listed = tuple(
        payment_of(row, said[row.wording], reader.layout)
        for row in sorted([*block.payments(block.wordings), *block.further])
    )
    listing.odd.add(kinds.IDENTICAL_ROWS.id, repeated_lines(listed, reader.layout), "")
    return PaymentList(
        file=file,
        encoding=read.encoding,
        rows=listing.rows,
        payments=listed,
        rejections=tuple(block.rejections),
        passed_over=dict(listing.passed_over),
        months=listing.months,
        diagnostics=(*listing.diagnostics(), *listing.wrong_totals()),
    )


def repeated_lines(listed: Sequence[Payment], layout: Layout) -> list[int]:
    """The lines that say nothing but what an earlier line of the same number says."""
    numbers = Counter(each.document for each in listed)
    index = layout.at.get(Meaning.INDEX.value)
    seen: set[tuple[str, ...]] = set()
    found = []
    for each in listed:
        if numbers[each.document] > 1:
            texts = tuple(text for n, text in enumerate(each.cells) if n != index)
            if texts in seen:
                found.append(each.line)
            seen.add(texts)
    return found


def payment_of(row: ListRow, wording: Wording, layout: Layout) -> Payment:
    """A row of a block with all that it says."""
    cells = layout.row(wording.cells, row.cells)
    return Payment(
        line=row.line,
        application=row.number if row.named_by == "application" else "",
        voucher=row.number if row.named_by == "voucher" else row.voucher,
        pay_date=date.fromisoformat(row.pay_date),
        unit_code=wording.unit_code,
        unit_name=wording.unit_name,
        project_code=wording.project_code,
        project_name=wording.project_name,
        amount_fen=row.amount_fen,
        status=Status(row.status),
        payee=layout.text(cells, Meaning.PAYEE),
        account=layout.text(cells, Meaning.ACCOUNT),
        purpose=layout.text(cells, Meaning.PURPOSE),
        fund=wording.fund,
        cells=tuple(cells),
    )
