"""The rows of one list on their way into the database: whose payments they are, and their sums."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from operator import le
from typing import Any

from sqlalchemy import Connection

from monitor.domain.matchable import Known
from monitor.domain.payment import Status, Wording
from monitor.ingest.assigning import Assigner, Assignment
from monitor.ingest.list_block import Block, ListRow
from monitor.ingest.payment_layout import Layout
from monitor.ingest.profiles import Meaning
from monitor.store import payments, wordings
from monitor.store.payments import NewPayment

Sums = dict[tuple[Assignment, str, str], tuple[int, int]]
"""(assignment, month such as `2025-03`, status) → rows and fen."""


class RowBook:
    """Knows the wordings of a list, assigns its rows, makes them payments, and counts them."""

    def __init__(
        self, connection: Connection, import_id: int, assigner: Assigner, layout: Layout
    ) -> None:
        self.connection, self.import_id, self.layout = connection, import_id, layout
        self._assigner = assigner
        self._next_id = self.first_id = payments.next_id(connection)
        self._only_mine = not wordings.are_there(connection)
        self._wordings: dict[int, Wording] = {}
        self._known: dict[Wording, int] = {}  # to their ids
        self._ids: defaultdict[int, list[int]] = defaultdict(list)  # by reader
        self._alike: dict[tuple[int, int], bool] = {}
        self.assigned: defaultdict[int, dict[int, Assignment]] = defaultdict(dict)  # by year
        self.asking: defaultdict[int, set[int]] = defaultdict(set)  # wordings that rules look at
        self._rows: defaultdict[tuple[str, str], Counter[int]] = defaultdict(Counter)
        self._fen: defaultdict[tuple[str, str], defaultdict[int, int]] = defaultdict(
            lambda: defaultdict(int)
        )  # both by month and status, and by wording
        self._by_rule: defaultdict[tuple[Assignment, str, str], list[int]] = defaultdict(
            lambda: [0, 0]
        )

    def another_reader(self) -> int:
        """A name for a reader of single rows, whose wordings are its own."""
        return min(self._ids, default=0) - 2

    def learn(self, reader: int, block: Block) -> list[int]:
        """The ids of the wordings of a block's payments."""
        if block.said:
            said = [Wording._make(each) for each in block.said]
            if new := [each for each in dict.fromkeys(said) if each not in self._known]:
                ids = wordings.ids(self.connection, new, new=self._only_mine)
                self._known.update(zip(new, ids, strict=True))
                self._wordings.update(zip(ids, new, strict=True))
            self._ids[reader] += map(self._known.__getitem__, said)
        return list(map(self._ids[reader].__getitem__, block.wordings))

    def further(self, reader: int, block: Block) -> list[ListRow]:
        """The rows of a block whose number stands in it before."""
        ids = self._ids[reader]
        return [row._replace(wording=ids[row.wording]) for row in block.further]

    def load(self, wanted: Iterable[int]) -> None:
        """Gets wordings that other lists brought."""
        missing = set(wanted).difference(self._wordings)
        if missing:
            self._wordings.update(wordings.load(self.connection, missing))

    def wording(self, id_: int) -> Wording:
        return self._wordings[id_]

    def same_words(self, one: int, other: int) -> bool:
        """Whether two wordings name one project, and one unit where both name it."""
        found = self._alike.get((one, other))
        if found is None:
            first, second = self._wordings[one], self._wordings[other]
            units = {first.unit_code, second.unit_code}
            found = first.project_code == second.project_code and (len(units) == 1 or "" in units)
            self._alike[one, other] = found
        return found

    def assign_wordings(self, year: int, wanted: Iterable[int]) -> dict[int, Assignment]:
        """Whose payments rows of these wordings are, saved rules aside."""
        found = self.assigned[year]
        for wording in set(wanted).difference(found):
            said = self._wordings[wording]
            found[wording] = self._assigner.of(year, said)
            if self._assigner.asks_rows(year, said):
                self.asking[year].add(wording)
        return found

    def assign(self, year: int, rows: Sequence[ListRow]) -> list[Assignment]:
        """Whose payments these rows are."""
        found = self.assign_wordings(year, (row.wording for row in rows))
        asking = self.asking[year]
        return [
            self._by_rules(year, row) if row.wording in asking else found[row.wording]
            for row in rows
        ]

    def _by_rules(self, year: int, row: ListRow) -> Assignment:
        said = self._wordings[row.wording]
        cells = self.layout.row(said.cells, row.cells)
        purpose, payee = (
            self.layout.text(cells, meaning) for meaning in (Meaning.PURPOSE, Meaning.PAYEE)
        )
        return self._assigner.of_row(year, said, purpose, payee)

    def assignment(self, payment: Any) -> Assignment:
        """What a payment made or recorded here was assigned to."""
        return Assignment(payment.project_id, payment.method)

    def projects(self, year: int) -> Mapping[int, Known]:
        """What the rows of a year are assigned to, by id."""
        return self._assigner.projects(year)

    def ids(self, rows: int) -> range:
        """Ids for so many new payments."""
        first = self._next_id
        self._next_id += rows
        return range(first, self._next_id)

    def payments(
        self, year: int, rows: Sequence[ListRow], ordinals: Iterable[int]
    ) -> Iterator[NewPayment]:
        """The rows as payments with new ids, counted."""
        found = self.assign(year, rows)
        ids = self.ids(len(rows))
        for id_, row, ordinal, assigned in zip(ids, rows, ordinals, found, strict=False):
            self.count(row, assigned)
            yield NewPayment(
                id_,
                self.import_id,
                row.line,
                year,
                row.number,
                ordinal,
                row.named_by,
                row.voucher,
                row.pay_date,
                row.amount_fen,
                row.status,
                row.wording,
                row.cells,
                *assigned,
            )

    def count_block(self, block: Block, ids: Sequence[int]) -> None:
        """Counts a whole block, no row of which a saved rule looks at.

        Nearly all rows are paid, and in the order of their dates: those are not looked at singly.
        """
        dates = block.dates
        if not all(map(le, dates, islice(dates, 1, None))):
            self._count_each(block, ids, range(len(ids)))
            return
        start = 0
        while start < len(ids):
            month = dates[start][:7]
            end = bisect_left(dates, f"{month}-99", lo=start)
            self._count_month(month, block, ids, range(start, end))
            start = end

    def _count_month(self, month: str, block: Block, ids: Sequence[int], places: range) -> None:
        """Counts consecutive rows of one month."""
        mine = slice(places.start, places.stop)
        paid = Status.PAID.value
        statuses = block.statuses[mine]
        rows, fen = self._rows[month, paid], self._fen[month, paid]
        rows.update(ids[mine])
        for wording, amount in zip(ids[mine], block.amounts[mine], strict=True):
            fen[wording] += amount
        if statuses.count(paid) < len(statuses):
            others = [n for n, status in zip(places, statuses, strict=True) if status != paid]
            for n in others:
                rows[ids[n]] -= 1
                fen[ids[n]] -= block.amounts[n]
            self._count_each(block, ids, others)

    def _count_each(self, block: Block, ids: Sequence[int], places: Iterable[int]) -> None:
        for n in places:
            key = block.dates[n][:7], block.statuses[n]
            self._rows[key][ids[n]] += 1
            self._fen[key][ids[n]] += block.amounts[n]

    def count(self, row: ListRow, assigned: Assignment, rows: int = 1) -> None:
        """Counts a row, or takes it out (`rows` -1)."""
        month = row.pay_date[:7]
        if row.wording in self.asking[int(month[:4])]:
            both = self._by_rule[assigned, month, row.status]
            both[0] += rows
            both[1] += rows * row.amount_fen
        else:
            self._rows[month, row.status][row.wording] += rows
            self._fen[month, row.status][row.wording] += rows * row.amount_fen

    def sums(self) -> Sums:
        """All that was counted."""
        found = defaultdict(lambda: [0, 0], self._by_rule)
        for (month, status), by_wording in self._rows.items():
            assigned, fen = self.assigned[int(month[:4])], self._fen[month, status]
            lines: defaultdict[Assignment, int] = defaultdict(int)
            money: defaultdict[Assignment, int] = defaultdict(int)
            for wording, rows in by_wording.items():
                key = assigned[wording]
                lines[key] += rows
                money[key] += fen[wording]
            for key, rows in lines.items():
                both = found[key, month, status]
                both[0] += rows
                both[1] += money[key]
        return {key: (rows, fen) for key, (rows, fen) in found.items() if rows}
