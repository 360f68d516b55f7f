"""How the rows of a list come in, block by block: what is plain at once, the rest at the end.

Nearly every row is either new, its number never seen, or says what is recorded under its number
already; both can be told row by row. Everything else waits until the whole list is read: the
lines of one payment document may stand anywhere in it, and `domain.landing` decides about
documents as a whole. A document that turns out to have more lines is taken up again there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from monitor.domain.landing import Landing, Recorded, documents
from monitor.domain.payment import Numbered, Wording, number_lines
from monitor.ingest.assigning import Assigner, Assignment
from monitor.ingest.payment_block import Block, ListRow
from monitor.ingest.payment_layout import Layout
from monitor.ingest.payment_list import payment_of, repeated_lines
from monitor.ingest.profiles import Meaning
from monitor.store import payments, wordings
from monitor.store.payments import Brief, NewPayment


@dataclass(slots=True)
class Landed:
    """What became of a list's payments.

    `sums` are of the new ones: (assignment, month such as `2025-03`, status) → rows and fen.
    `known_lines` repeat the payments `known_ids`; `beside` are those of them that may give a
    second number. `conflicts` are lines beside what is recorded. `repeated` are lines that say
    nothing but what an earlier one says.
    """

    sums: defaultdict[tuple[Assignment, str, str], list[int]] = field(
        default_factory=lambda: defaultdict(lambda: [0, 0])
    )
    known_lines: list[int] = field(default_factory=list)
    known_ids: list[int] = field(default_factory=list)
    known_fen: int = 0
    conflicts: list[tuple[Numbered, Recorded, ListRow]] = field(default_factory=list)
    beside: list[tuple[Numbered, Recorded]] = field(default_factory=list)
    numberings: set[tuple[int, str, bool]] = field(default_factory=set)
    repeated: list[int] = field(default_factory=list)


class ListLanding:
    """Takes the blocks of one list into the database, within the caller's transaction.

    `rows_at` gives blocks with rows of the list once more, by line.
    """

    def __init__(
        self,
        connection: Connection,
        import_id: int,
        assigner: Assigner,
        layout: Layout,
        rows_at: Callable[[set[int]], Iterable[Block]],
        *,
        at: datetime,
    ) -> None:
        self._connection, self._import_id, self._at = connection, import_id, at
        self._assigner, self._layout, self._rows_at = assigner, layout, rows_at
        self._next_id = payments.next_id(connection)
        self._wordings: dict[int, Wording] = {}
        self._ids: defaultdict[int, list[int]] = defaultdict(list)  # by reader
        self._assigned: defaultdict[int, dict[int, Assignment | None]] = defaultdict(dict)
        self._numbered: dict[int, set[tuple[str, bool]]] = {}
        self._aliases: dict[int, bool] = {}
        self._held: defaultdict[int, list[ListRow]] = defaultdict(list)  # by year
        self._met = bytearray()  # a bit for each recorded payment that a row has repeated
        self._mostly_known = False
        self.landed = Landed()

    def take(self, reader: int, block: Block) -> None:
        """Records what is plain in a block of this reader."""
        self._learn(reader, block)
        rows = block.payments(self._ids[reader])
        for year, of_year in _by_year(rows, block.dates).items():
            self._take(year, of_year)

    def _learn(self, reader: int, block: Block) -> None:
        said = [Wording._make(each) for each in block.said]
        if said:
            ids = wordings.ids(self._connection, said)
            self._ids[reader] += ids
            self._wordings.update(zip(ids, said, strict=True))

    def _take(self, year: int, rows: list[ListRow]) -> None:
        rows = self._hold_met_otherwise(year, rows)
        new = self._without_known(year, rows) if self._mostly_known else rows
        in_use = self._add(year, new)
        if in_use:
            self._held[year] += self._without_known(year, in_use)
        self._mostly_known = 2 * (len(new) - len(in_use)) < len(rows)

    def _hold_met_otherwise(self, year: int, rows: list[ListRow]) -> list[ListRow]:
        """Holds the rows that another list may have recorded by their other number."""
        if year not in self._numbered:
            self._numbered[year] = payments.numbered(self._connection, year)
            self._aliases[year] = payments.has_aliases(self._connection, year)
        here = {(row[2], bool(row[3])) for row in rows}
        self.landed.numberings.update((year, *each) for each in here)
        there = self._numbered[year]
        crossing = (("application", True) in here and ("voucher", False) in there) or (
            ("voucher", False) in here and ("application", True) in there
        )
        if not (crossing or self._aliases[year]):
            return rows
        numbers, vouchers = (row.number for row in rows), (row.voucher for row in rows)
        met = payments.met_otherwise(self._connection, year, numbers, vouchers)
        if not met:
            return rows
        free = [row for row in rows if row.number not in met and row.voucher not in met]
        self._held[year] += [row for row in rows if row.number in met or row.voucher in met]
        return free

    def _without_known(self, year: int, rows: list[ListRow]) -> list[ListRow]:
        """Notes the rows that plainly repeat what is recorded; gives the others.

        Rows whose numbers are recorded in another way are held.
        """
        found = payments.briefs(self._connection, year, [row.number for row in rows])
        others = []
        for row in rows:
            there = found.get(row.number)
            if there is None:
                others.append(row)
            elif len(there) == 1 and self._repeats(row, there[0]):
                self.landed.known_lines.append(row.line)
                self.landed.known_ids.append(there[0].id)
                self.landed.known_fen += row.amount_fen
            else:
                self._held[year].append(row)
        return others

    def _repeats(self, row: ListRow, there: Brief) -> bool:
        """Whether the row says what is recorded, and is the first of the list to do so."""
        if (
            there.import_id == self._import_id
            or there.ordinal != 1
            or (row.pay_date, row.amount_fen, row.status)
            != (there.pay_date, there.amount_fen, there.status)
            or (row.voucher and row.voucher != there.voucher)
            or not self._same_words(row.wording, there.wording_id)
        ):
            return False
        return self._first_to_meet(there.id)

    def _same_words(self, one: int, other: int) -> bool:
        if one == other:
            return True
        for each in (one, other):
            if each not in self._wordings:
                self._wordings.update(wordings.load(self._connection, [each]))
        first, second = self._wordings[one], self._wordings[other]
        units = {first.unit_code, second.unit_code}
        return first.project_code == second.project_code and (len(units) == 1 or "" in units)

    def _first_to_meet(self, payment_id: int) -> bool:
        place, bit = payment_id >> 3, 1 << (payment_id & 7)
        if place >= len(self._met):
            self._met.extend(bytes(place + 4096 - len(self._met)))
        if self._met[place] & bit:
            return False
        self._met[place] |= bit
        return True

    def _add(self, year: int, rows: list[ListRow]) -> list[ListRow]:
        """Records rows; gives those whose number is in use."""
        assigned = self._assign(year, rows)
        first = self._next_id
        self._next_id += len(rows)
        import_id = self._import_id
        new = [
            (
                id_, import_id, row[0], year, row[1], 1, row[2], row[3], row[4], row[5],
                row[6], row[7], row[8], found[0], found[1],
            )
            for id_, row, found in zip(range(first, self._next_id), rows, assigned, strict=True)
        ]  # fmt: skip
        left = payments.add_unless_known(self._connection, new)
        sums = self.landed.sums
        for id_, row, found in zip(range(first, self._next_id), rows, assigned, strict=True):
            if not left or id_ not in left:
                sum_ = sums[found, row[4][:7], row[6]]
                sum_[0] += 1
                sum_[1] += row[5]
        return [row for id_, row in enumerate(rows, first) if id_ in left] if left else []

    def _assign(self, year: int, rows: Sequence[ListRow]) -> list[Assignment]:
        """Whose payments the rows are; rows that say the same are worked out once."""
        found = self._assigned[year]
        for wording in {row[7] for row in rows}.difference(found):
            said = self._wordings[wording]
            asks = self._assigner.asks_rows(year, said)
            found[wording] = None if asks else self._assigner.of(year, said)
        return [found[row[7]] or self._by_rules(year, row) for row in rows]

    def _by_rules(self, year: int, row: ListRow) -> Assignment:
        said = self._wordings[row.wording]
        cells = self._layout.row(said.cells, row.cells)
        purpose, payee = (
            self._layout.text(cells, meaning) for meaning in (Meaning.PURPOSE, Meaning.PAYEE)
        )
        return self._assigner.of_row(year, said, purpose, payee)

    def finish(self) -> Landed:
        """Decides about what was held, document by document."""
        for year, rows in sorted(self._held.items()):
            self._settle(year, rows)
        payments.add_numberings(self._connection, self.landed.numberings)
        return self.landed

    def _settle(self, year: int, held: list[ListRow]) -> None:
        numbers = {row.number for row in held}
        rows = [*held, *self._taken_out(year, numbers), *self._known_before(year, numbers)]
        by_line = {row.line: row for row in rows}
        listed = number_lines(
            payment_of(row, self._wordings[row.wording], self._layout)
            for _, row in sorted(by_line.items())
        )
        grouped = documents(listed)
        wanted = {number for _, number in grouped} | {row.voucher for row in rows} - {""}
        met = payments.recorded(self._connection, year, wanted)
        landing = Landing()
        for lines in grouped.values():
            landing.settle(lines, met.met_by(lines))
        self._note(year, landing, by_line)
        rows_listed = [each.payment for each in listed]
        self.landed.repeated += repeated_lines(rows_listed, self._layout)

    def _taken_out(self, year: int, numbers: set[str]) -> list[ListRow]:
        """The rows of this list that came in under these numbers already."""
        taken = []
        for row in payments.take_out(self._connection, self._import_id, year, numbers):
            day = row.pay_date.isoformat()
            found = Assignment(row.project_id, row.method)
            _count(self.landed.sums[found, day[:7], row.status], -1, -row.amount_fen)
            taken.append(
                ListRow(
                    row.line, row.number, row.named_by, row.voucher, day, row.amount_fen,
                    row.status, row.wording_id, row.cells,
                )
            )  # fmt: skip
        return taken

    def _known_before(self, year: int, numbers: set[str]) -> list[ListRow]:
        """The rows of this list that were taken for known under these numbers."""
        if not self.landed.known_ids:
            return []
        there = payments.briefs(self._connection, year, numbers)
        ids = {brief.id for briefs in there.values() for brief in briefs}
        pairs = zip(self.landed.known_lines, self.landed.known_ids, strict=True)
        kept = [(line, id_) for line, id_ in pairs if id_ not in ids]
        lines = set(self.landed.known_lines).difference(line for line, _ in kept)
        if not lines:
            return []
        self.landed.known_lines = [line for line, _ in kept]
        self.landed.known_ids = [id_ for _, id_ in kept]
        again = []
        for block in self._rows_at(lines):
            said = [Wording._make(each) for each in block.said]
            ids_of = wordings.ids(self._connection, said)
            self._wordings.update(zip(ids_of, said, strict=True))
            again += block.payments(ids_of)
        self.landed.known_fen -= sum(row.amount_fen for row in again)
        return again

    def _note(self, year: int, landing: Landing, by_line: dict[int, ListRow]) -> None:
        landed = self.landed
        replaced = [line.id for line in landing.replaced]
        by = f"import {self._import_id}"
        payments.take_back(self._connection, replaced, at=self._at, by=by)
        rows = [by_line[line.payment.line] for line in landing.new]
        new = []
        for line, row, found in zip(landing.new, rows, self._assign(year, rows), strict=True):
            new.append(
                NewPayment(
                    self._next_id, self._import_id, row.line, year, line.number, line.ordinal,
                    row.named_by, row.voucher, row.pay_date, row.amount_fen, row.status,
                    row.wording, row.cells, *found,
                )
            )  # fmt: skip
            self._next_id += 1
            _count(landed.sums[found, row.pay_date[:7], row.status], 1, row.amount_fen)
        payments.add(self._connection, new)
        for line, kept in landing.known:
            landed.known_lines.append(line.payment.line)
            landed.known_ids.append(kept.id)
            landed.known_fen += line.payment.amount_fen
            landed.beside.append((line, kept))
        landed.conflicts += [
            (line, kept, by_line[line.payment.line]) for line, kept in landing.conflicts
        ]


def _count(sums: list[int], rows: int, fen: int) -> None:
    sums[0] += rows
    sums[1] += fen


def _by_year(rows: list[ListRow], dates: Sequence[str]) -> dict[int, list[ListRow]]:
    if not rows:
        return {}
    if min(dates)[:4] == max(dates)[:4]:
        return {int(dates[0][:4]): rows}
    found: defaultdict[int, list[ListRow]] = defaultdict(list)
    for row in rows:
        found[int(row.pay_date[:4])].append(row)
    return found
