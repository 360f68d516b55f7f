"""The rows of a list that could not be told one by one: decided document by document at its end.

Two kinds of documents are plain here still: one that the list alone has, with several lines,
and one whose lines are all recorded as the list has them. `domain.landing` decides about the
others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from monitor.domain.landing import Landing, documents
from monitor.domain.payment import number_lines
from monitor.ingest.list_block import Block, ListRow
from monitor.ingest.list_landing import Landed, ListLanding, says_the_same
from monitor.ingest.mending import ComeBack
from monitor.ingest.payment_list import payment_of, repeated_lines
from monitor.store import payments, row_texts, sums
from monitor.store.batches import batches

_NAMELESS = "~"
Documents = dict[str, list[ListRow]]


class HeldRows:
    """Settles what a landing holds. `rows_at` gives blocks with rows of the list once more.

    `unread` says by number how many rows of the list were rejected.
    """

    def __init__(
        self,
        landing: ListLanding,
        rows_at: Callable[[set[int]], Iterable[Block]],
        *,
        at: datetime,
        come_back: ComeBack | None = None,
        unread: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        self._come_back, self._unread = come_back, unread
        self._landing, self._book, self._landed = landing, landing.book, landing.landed
        self._connection, self._rows_at, self._at = landing.book.connection, rows_at, at

    def settle(self) -> Landed:
        """Decides about all rows that are held."""
        for year, rows in sorted(self._landing.held.items()):
            by_number: defaultdict[str, list[ListRow]] = defaultdict(list)
            for row in sorted(rows):
                by_number[row.number].append(row)
            self._settle_year(year, by_number)
        self._landing.note_numberings()
        self._landed.sums = self._book.sums()
        return self._landed

    def _settle_year(self, year: int, held: Documents) -> None:
        if self._come_back:
            self._decide(year, held)
            return
        there = payments.briefs(self._connection, year, held)
        self._book.load(line[7] for lines in there.values() for line in lines)
        rest: Documents = {}
        further: Documents = {}
        for number, rows in held.items():
            lines = there.get(number, [])
            if number.startswith(_NAMELESS) or year in self._landing.crossing or not lines:
                rest[number] = rows
            elif all(line[3] == self._book.import_id for line in lines):
                further[number] = rows
            elif not self._repeat(rows, lines):
                rest[number] = rows
        if further:
            self._add_further(year, further, there)
        if rest:
            self._decide(year, rest)

    def _repeat(self, rows: list[ListRow], there: list[Any]) -> bool:
        """Notes the rows as known if they pair off with all that is recorded of the document."""
        if len(rows) != len(there) or any(line[0] in self._landing.met for line in there):
            return False
        left, pairs = list(there), []
        for row in rows:
            same = next((line for line in left if says_the_same(self._book, row, line)), None)
            if same is None:
                return False
            left.remove(same)
            pairs.append((row, same))
        for row, line in pairs:
            self._landing.met.first(line[0])
            self._landed.note_known(row.line, line[0], row.amount_fen)
        return True

    def _add_further(self, year: int, held: Documents, there: Mapping[str, list[Any]]) -> None:
        """Further lines of documents that came in with this list: only their first line did."""
        rows = [row for of_number in held.values() for row in of_number]
        ordinals = [n for of_number in held.values() for n in range(2, len(of_number) + 2)]
        payments.add(self._connection, self._book.payments(year, rows, ordinals))
        first = {number: there[number][0] for number in held}
        likely = {
            number: (brief[0], brief[4:8])
            for number, brief in first.items()
            if len({brief[4:8], *map(_figures, held[number])}) <= len(held[number])
        }
        cells = row_texts.load(self._connection, [id_ for id_, _ in likely.values()])
        for number, (id_, figures) in likely.items():
            seen = {(figures, self._words(cells[id_]))}
            for row in held[number]:
                said = (_figures(row), self._words(row.cells))
                if said in seen:
                    self._landed.repeated.append(row.line)
                seen.add(said)

    def _words(self, cells: str) -> str:
        return self._book.layout.without_index(cells)

    def _decide(self, year: int, held: Documents) -> None:
        """Holds whole documents against what is recorded under any of their names."""
        rows = [row for of_number in held.values() for row in of_number]
        rows += [*self._taken_out(year, held), *self._known_before(year, held)]
        by_line = {row.line: row for row in rows}
        listed = number_lines(
            payment_of(row, self._book.wording(row.wording), self._book.layout)
            for _, row in sorted(by_line.items())
        )
        back = self._come_back
        listed = back.numbered(listed) if back else listed
        grouped = documents(listed)
        wanted = {number for _, number in grouped} | {row.voucher for row in rows} - {""}
        bare = {number for (_, number), each in grouped.items() if not each[0].payment.application}
        met = payments.recorded(self._connection, year, wanted, wanted if back else bare)
        landing = Landing()
        beside = back.beside(met) if back else {}
        for (_, number), lines in grouped.items():
            landing.settle(lines, met.met_by(lines, self._unread.get(number, 0)), beside)
        self._note(year, landing, by_line)
        payments_ = [each.payment for each in listed]
        self._landed.repeated += repeated_lines(payments_, self._book.layout)

    def _taken_out(self, year: int, numbers: Iterable[str]) -> list[ListRow]:
        """The rows of this list that came in under these numbers already."""
        taken = []
        for row in payments.take_out(self._connection, self._book.import_id, year, numbers):
            listed = ListRow(
                row.line, row.number, row.named_by, row.voucher, row.pay_date.isoformat(),
                row.amount_fen, row.status, row.wording_id, row.cells,
            )  # fmt: skip
            self._book.count(listed, self._book.assignment(row), -1)
            taken.append(listed)
        return taken

    def _known_before(self, year: int, numbers: Iterable[str]) -> list[ListRow]:
        """The rows of this list that were taken for known under these numbers."""
        there = payments.briefs(self._connection, year, numbers)
        ids = {line[0] for lines in there.values() for line in lines}
        lines = self._landed.forget(ids)
        if not lines:
            return []
        again = []
        for block in self._rows_at(lines):
            reader = self._book.another_reader()  # it counts its wordings from the first again
            again += block.payments(self._book.learn(reader, block))
            again += self._book.further(reader, block)
        self._landed.known_fen -= sum(row.amount_fen for row in again)
        return again

    def _note(self, year: int, landing: Landing, by_line: dict[int, ListRow]) -> None:
        replaced = [line.id for line in landing.replaced]
        by = f"import {self._book.import_id}"
        for batch in batches(replaced):
            gone = sums.of_payments(self._connection, payments.with_ids(batch))
            sums.change(self._connection, sums.negated(gone))
        payments.take_back(self._connection, replaced, at=self._at, by=by)
        rows = [by_line[line.payment.line]._replace(number=line.number) for line in landing.new]
        ordinals = [line.ordinal for line in landing.new]
        payments.add(self._connection, self._book.payments(year, rows, ordinals))
        for line, kept in landing.known:
            self._landed.note_known(line.payment.line, kept.id, line.payment.amount_fen)
            self._landed.beside.append((line, kept))
        self._landed.conflicts += [
            (line, kept, by_line[line.payment.line]) for line, kept in landing.conflicts
        ]


def _figures(row: ListRow) -> tuple[str, int, str, int]:
    return row.pay_date, row.amount_fen, row.status, row.wording
