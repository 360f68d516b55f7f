"""The rows of one list on their way into the database: whose payments they are, and their sums."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from monitor.domain.matchable import Known
from monitor.domain.payment import Wording
from monitor.ingest.assigning import UNMATCHED, Assigner, Assignment
from monitor.ingest.list_block import Block, ListRow
from monitor.ingest.payment_layout import Layout
from monitor.ingest.profiles import Meaning
from monitor.ingest.row_counts import RowCounts
from monitor.store import payments, wordings
from monitor.store.payments import NewPayment

Sums = dict[tuple[str, str], dict[Assignment, tuple[int, int]]]
"""Month such as `2025-03` and status → rows and fen by assignment."""


class _SameWords(dict[tuple[int, int], bool]):
    """Whether two wordings name one project, and one unit where both name it; 0 is no wording."""

    def __init__(self, wordings: Mapping[int, Wording]) -> None:
        self._wordings = wordings

    def __missing__(self, ids: tuple[int, int]) -> bool:
        self[ids] = same = 0 not in ids and _name_the_same(*map(self._wordings.__getitem__, ids))
        return same


def _name_the_same(one: Wording, other: Wording) -> bool:
    units = {one.unit_code, other.unit_code}
    return one.project_code == other.project_code and (len(units) == 1 or "" in units)


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
        self.same_words = _SameWords(self._wordings).__getitem__
        self.assigned: defaultdict[int, dict[int, Assignment]] = defaultdict(dict)  # by year
        self.asking: defaultdict[int, set[int]] = defaultdict(set)  # wordings that rules look at
        self._counts = RowCounts()
        self._by_rule: defaultdict[tuple[str, str], defaultdict[Assignment, list[int]]]
        self._by_rule = defaultdict(lambda: defaultdict(lambda: [0, 0]))

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

    def assign_wordings(self, year: int, wanted: Iterable[int]) -> dict[int, Assignment]:
        """Whose payments rows of these wordings are, saved rules aside."""
        found = self.assigned[year]
        for wording in set(wanted).difference(found):
            said = self._wordings[wording]
            assigned = self._assigner.of(year, said)
            if assigned == UNMATCHED and self._assigner.asks_rows(year, said):
                self.asking[year].add(wording)
            found[wording] = assigned
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
        """Counts a whole block, no row of which a saved rule looks at."""
        self._counts.add_columns(block.dates, block.statuses, ids, block.amounts)

    def count(self, row: ListRow, assigned: Assignment, rows: int = 1) -> None:
        """Counts a row, or takes it out (`rows` -1)."""
        month = row.pay_date[:7]
        if row.wording in self.asking[int(month[:4])]:
            both = self._by_rule[month, row.status][assigned]
            both[0] += rows
            both[1] += rows * row.amount_fen
        else:
            self._counts.add(row.pay_date, row.status, row.wording, rows, rows * row.amount_fen)

    def sums(self) -> Sums:
        """All that was counted."""
        found: Sums = {}
        for month, status, sums in self._counts.by(self.assigned):
            found[month, status] = sums
        for key, by_rule in self._by_rule.items():
            sums = found.setdefault(key, {})
            for assigned, (rows, fen) in by_rule.items():
                before = sums.get(assigned, (0, 0))
                sums[assigned] = before[0] + rows, before[1] + fen
        return found
