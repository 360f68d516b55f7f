"""How the rows of a list come in, block by block: what is plain at once, the rest at the end.

Nearly every row is either new, its number never seen, or says what is recorded under its number
already; both can be told row by row. Everything else waits until the whole list is read: the
lines of one payment document may stand anywhere in it. `HeldRows` decides about those.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import compress, count, repeat
from operator import and_, eq, itemgetter, not_
from typing import Any

from monitor.domain.landing import Recorded
from monitor.domain.payment import Numbered
from monitor.ingest.list_block import Block, Joined, ListRow, without
from monitor.ingest.row_book import RowBook, Sums
from monitor.store import numberings, payments, row_texts

_NOTHING = (0,) * len(payments.Brief._fields)  # recorded under a number; equal to no row


@dataclass(slots=True)
class Landed:
    """What became of a list's payments.

    `sums` are of the new ones. `known_lines` repeat the payments `known_ids`; `beside` are those
    of them that may give a second number. `conflicts` are lines beside what is recorded.
    `repeated` are lines that say nothing but what an earlier one says.
    """

    sums: Sums = field(default_factory=dict)
    known_lines: array[int] = field(default_factory=lambda: array("q"))
    known_ids: array[int] = field(default_factory=lambda: array("q"))
    known_fen: int = 0
    beside: list[tuple[Numbered, Recorded]] = field(default_factory=list)
    conflicts: list[tuple[Numbered, Recorded, ListRow]] = field(default_factory=list)
    repeated: list[int] = field(default_factory=list)

    def note_known(self, line: int, payment_id: int, fen: int) -> None:
        self.known_lines.append(line)
        self.known_ids.append(payment_id)
        self.known_fen += fen

    def forget(self, ids: set[int]) -> set[int]:
        """Takes out what was known as these payments; gives the lines."""
        pairs = list(zip(self.known_lines, self.known_ids, strict=True)) if ids else []
        lines = {line for line, id_ in pairs if id_ in ids}
        if lines:
            self.known_lines = array("q", (line for line, id_ in pairs if id_ not in ids))
            self.known_ids = array("q", (id_ for _, id_ in pairs if id_ not in ids))
        return lines


class Met:
    """Which recorded payments a list has repeated so far: a bit for each."""

    def __init__(self) -> None:
        self._bits = bytearray()

    def first(self, payment_id: int) -> bool:
        """Notes a payment; whether it had not been met before."""
        return not self.again([payment_id])

    def again(self, ids: Sequence[int]) -> list[int]:
        """Notes payments; the places of those that had been met before."""
        more = (max(ids, default=0) >> 3) + 1 - len(self._bits)
        if more > 0:
            self._bits.extend(bytes(more + 4096))
        bits, found = self._bits, []
        for n, id_ in enumerate(ids):
            place, bit = id_ >> 3, 1 << (id_ & 7)
            if bits[place] & bit:
                found.append(n)
            bits[place] |= bit
        return found

    def __contains__(self, payment_id: int) -> bool:
        place = payment_id >> 3
        return place < len(self._bits) and bool(self._bits[place] & 1 << (payment_id & 7))


class ListLanding:
    """Takes the blocks of one list into the database, within the caller's transaction.

    `held` are the rows, by year, that wait for the end: all of them, if asked for.
    """

    def __init__(self, book: RowBook, *, hold_all: bool = False) -> None:
        self.book, self._connection, self._hold_all = book, book.connection, hold_all
        self.landed, self.met = Landed(), Met()
        self.held: defaultdict[int, list[ListRow]] = defaultdict(list)
        self.crossing: set[int] = set()  # years in which rows may be met by another number
        self._numbered: dict[int, set[tuple[str, bool]]] = {}
        self._aliases: dict[int, bool] = {}
        self._used: set[tuple[int, str, bool]] = set()
        self._mostly_known = False
        self._in_order = True  # numbers of neighbours are neighbours

    def take(self, reader: int, block: Block) -> None:
        """Records what is plain in a block of this reader."""
        ids = self.book.learn(reader, block)
        self._hold(self.book.further(reader, block))
        if not block.lines:
            return
        if self._hold_all:
            self._hold(block.payments(ids))
            return
        days = set(block.dates)  # few; most rows have the day of the one before
        year, last = int(min(days)[:4]), int(max(days)[:4])
        if year == last and self._take_whole(year, block, ids):
            return
        of_years: defaultdict[int, list[ListRow]] = defaultdict(list)
        for row in block.payments(ids):
            of_years[int(row.pay_date[:4])].append(row)
        for each, rows in of_years.items():
            self._take(each, rows)

    def _take_whole(self, year: int, block: Block, ids: list[int]) -> bool:
        """Takes a block of one year column by column, if it can be; whether it could."""
        if self._may_be_met_otherwise(year, set(block.namings)):
            return False
        if self._mostly_known:
            self._take_known(year, block, ids)
            return True
        self.book.assign_wordings(year, ids)
        asking = self.book.asking[year]  # only then, more than a row's number is looked at
        if asking and not asking.isdisjoint(ids):
            return False
        self._add_block(year, block, ids)
        return True

    def _hold(self, rows: list[ListRow]) -> None:
        for row in rows:
            year = int(row.pay_date[:4])
            self.held[year].append(row)
            self._may_be_met_otherwise(year, {(row.named_by, bool(row.voucher))})

    def note_numberings(self) -> None:
        """Records how the rows are named, for later lists."""
        numberings.add(self._connection, self._used)

    def _add_block(self, year: int, block: Block, ids: list[int]) -> None:
        """Records a block as new; of the rows whose number is in use, what they are."""
        found = self.book.assigned[year]
        new_ids = self.book.ids(len(ids))
        names = payments.FIRST_LINE[1:8]
        columns: dict[str, Sequence[Any]] = dict(zip(names, block[:7], strict=True))
        columns["wording_id"] = ids
        joined = block.cells if isinstance(block.cells, Joined) else Joined.of(block.cells)
        if joined is None:
            columns["own_cells"] = block.cells
        assigned = list(map(found.__getitem__, ids))
        columns["project_id"] = list(map(itemgetter(0), assigned))
        columns["method"] = list(map(itemgetter(1), assigned))
        left = payments.add_unless_known(
            self._connection, self.book.import_id, year, new_ids, columns
        )
        if joined is not None:
            row_texts.add(self._connection, new_ids[0], joined.parts, left)
        self.book.count_block(block, ids)
        in_use = block.payments_at([id_ - new_ids[0] for id_ in sorted(left)], ids)
        for row in in_use:
            self.book.count(row, found[row.wording], -1)
        self._take_in_use(year, in_use, len(ids))

    def _take_known(self, year: int, block: Block, ids: list[int]) -> None:
        """A block most of which is known, most likely: only of the rest, rows are made."""
        new, held = self._note_known(year, (*block[:7], ids), in_order=self._in_order)
        self.held[year] += block.payments_at(held, ids)
        in_use = self._add(year, block.payments_at(new, ids))
        if in_use:  # the database sorts numbers otherwise: these were missed
            self._in_order = False
        self._take_in_use(year, in_use, len(ids), len(ids) - len(new))

    def _take(self, year: int, rows: list[ListRow]) -> None:
        free = self._hold_met_otherwise(year, rows)
        new = self._without_known(year, free) if self._mostly_known else free
        in_use = self._add(year, new)
        self._take_in_use(year, in_use, len(rows), len(free) - len(new))

    def _take_in_use(self, year: int, in_use: list[ListRow], rows: int, known: int = 0) -> None:
        """Rows whose number turned out to be in use, of so many, some of which were known."""
        if in_use:
            self.held[year] += self._without_known(year, in_use)
        self._mostly_known = 2 * (known + len(in_use)) > rows

    def _may_be_met_otherwise(self, year: int, here: set[tuple[str, bool]]) -> bool:
        """Whether rows named like this may be recorded by their other number."""
        if year not in self._numbered:
            self._numbered[year] = numberings.named(self._connection, year)
            self._aliases[year] = numberings.has_aliases(self._connection, year)
        self._used.update((year, *each) for each in here)
        there = self._numbered[year]
        crossing = (
            self._aliases[year]
            or (("application", True) in here and ("voucher", False) in there)
            or (("voucher", False) in here and ("application", True) in there)
        )
        if crossing:
            self.crossing.add(year)
        return crossing

    def _hold_met_otherwise(self, year: int, rows: list[ListRow]) -> list[ListRow]:
        """Holds the rows that another list has recorded by their other number."""
        if not self._may_be_met_otherwise(year, {(row[2], bool(row[3])) for row in rows}):
            return rows
        named = (row[1:4] for row in rows)
        met = numberings.met_otherwise(self._connection, year, named)
        free = [row for row in rows if row.number not in met and row.voucher not in met]
        if met:
            self.held[year] += [row for row in rows if row.number in met or row.voucher in met]
        return free

    def _without_known(self, year: int, rows: list[ListRow]) -> list[ListRow]:
        """Notes the rows that plainly repeat what is recorded; gives those not in use.

        Rows whose numbers are recorded in another way are held.
        """
        if not rows:
            return []
        new, held = self._note_known(year, list(zip(*rows, strict=True)), in_order=False)
        self.held[year] += map(rows.__getitem__, held)
        return list(map(rows.__getitem__, new))

    def _note_known(
        self, year: int, columns: Sequence[Any], *, in_order: bool
    ) -> tuple[list[int], list[int]]:
        """Notes the rows that plainly repeat what is recorded. `columns` are those of ListRow.

        Gives the places of those whose number is not in use (where they are said to be `in_order`,
        most likely: the insert tells), and of those to be held.
        """
        numbers = columns[1]
        single, otherwise = self._recorded(year, numbers, in_order=in_order)
        found = list(map(single.get, numbers, repeat(_NOTHING)))
        equal = self._are_equal(columns, found)
        same = list(compress(count(), equal))
        new: list[int] = []
        held: list[int] = []
        for n in compress(count(), map(not_, equal)):
            if found[n] is _NOTHING:
                (held if numbers[n] in otherwise else new).append(n)
            elif says_the_same(self.book, [column[n] for column in columns[:8]], found[n]):
                same.append(n)
            else:
                held.append(n)
        ids = [found[n][0] for n in same]
        if again := self.met.again(ids):
            held += map(same.__getitem__, again)
            same, ids = list(without(same, again)), list(without(ids, again))
        self.landed.known_lines.extend(map(columns[0].__getitem__, same))
        self.landed.known_ids.extend(ids)
        self.landed.known_fen += sum(map(columns[5].__getitem__, same))
        return new, sorted(held)

    def _are_equal(self, columns: Sequence[Any], found: Sequence[tuple[Any, ...]]) -> list[bool]:
        """Of most rows this tells that they say the same: all is equal."""
        said = zip(*columns[3:7], strict=True)
        words = zip(columns[7], map(itemgetter(7), found), strict=True)
        equal = map(eq, said, map(itemgetter(8, 4, 5, 6), found))
        return list(map(and_, equal, map(self.book.same_words, words)))

    def _recorded(
        self, year: int, numbers: Sequence[str], *, in_order: bool
    ) -> tuple[dict[str, tuple[Any, ...]], set[str]]:
        """By number, what other lists brought in one line (see `payments.Brief`).

        And the numbers that are recorded otherwise. `in_order` as in `_note_known`.
        """
        there = None
        if in_order:
            there = payments.brief_rows_between(self._connection, year, numbers)
            self._in_order = there is not None
        if there is None:
            there = payments.brief_rows(self._connection, year, numbers)
        self.book.load(set(map(itemgetter(7), there)))
        mine = self.book.import_id
        otherwise = {line[1] for line in there if line[2] != 1 or line[3] == mine}
        single = dict(zip(map(itemgetter(1), there), there, strict=True))
        for number in otherwise:
            del single[number]
        return single, otherwise

    def _add(self, year: int, rows: list[ListRow]) -> list[ListRow]:
        """Records rows; gives those whose number is in use."""
        if not rows:
            return []
        new = list(self.book.payments(year, rows, repeat(1)))
        ids = range(new[0].id, new[-1].id + 1)
        columns = {name: [getattr(each, name) for each in new] for name in payments.FIRST_LINE[1:]}
        left = payments.add_unless_known(self._connection, self.book.import_id, year, ids, columns)
        in_use = []
        for id_ in sorted(left):
            payment, row = new[id_ - ids[0]], rows[id_ - ids[0]]
            self.book.count(row, self.book.assignment(payment), -1)
            in_use.append(row)
        return in_use


def says_the_same(book: RowBook, row: Sequence[Any], there: Sequence[Any]) -> bool:
    """Whether a row of a list says what is recorded (see `payments.Brief`), and no more."""
    return bool(
        row[5] == there[5]
        and row[4] == there[4]
        and row[6] == there[6]
        and (not row[3] or row[3] == there[8])
        and book.same_words((row[7], there[7]))
    )
