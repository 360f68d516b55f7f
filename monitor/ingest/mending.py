"""Rows of a list that come back for rejected ones, out of the exported list of these.

The list names each rejected row (拒收编号). So a row that came back settles that one, whatever was
mended in it; and it is held against what is recorded as a further row of the list that the
rejected one stood in, not as a second opinion about the other rows there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Self

from sqlalchemy import Connection

from monitor.domain.landing import Documents
from monitor.domain.payment import Numbered, content_number
from monitor.ingest.list_block import Block
from monitor.ingest.payment_layout import SEPARATOR, Layout
from monitor.ingest.profiles import Meaning
from monitor.store import mendings, payments, sightings
from monitor.store.mendings import Key


class ComeBack:
    """The rows of one list that came back, by line."""

    def __init__(self, connection: Connection, place: int, place_in_others: int) -> None:
        self._connection = connection
        self._place, self._place_in_others = place, place_in_others
        self._named: dict[int, str] = {}
        self._found: dict[int, Key] | None = None

    @classmethod
    def of(cls, connection: Connection, layout: Layout) -> Self | None:
        """None for a list that has no column for it: nearly all."""
        place = layout.at.get(Meaning.REJECTION)
        return None if place is None else cls(connection, place, layout.others.index(place))

    def look(self, block: Block) -> None:
        """Notes which rows of a block name a rejected one."""
        for line, cells in zip(block.lines, block.cells, strict=True):
            self._note(line, cells.split(SEPARATOR)[self._place_in_others])
        for row in block.further:
            self._note(row.line, row.cells.split(SEPARATOR)[self._place_in_others])
        for each in block.rejections:
            self._note(each.line, each.cells[self._place][1])

    def _note(self, line: int, text: str) -> None:
        if text.strip():
            self._named[line] = text
            self._found = None

    @property
    def found(self) -> dict[int, Key]:
        """The rejected rows, by the lines that came back for them."""
        if self._found is None:
            known = mendings.find(self._connection, self._named.values())
            self._found = {line: known[text] for line, text in self._named.items() if text in known}
        return self._found

    def numbered(self, listed: Iterable[Numbered]) -> list[Numbered]:
        """Those without a number as the next of their content, behind the other rows' ones."""
        used: set[str] = set()
        found = []
        for line in listed:
            if line.payment.line in self.found and not line.payment.document:
                line = replace(line, number=self._next_number(line, used))  # noqa: PLW2901
                used.add(line.number)
            found.append(line)
        return found

    def _next_number(self, line: Numbered, used: Collection[str]) -> str:
        year, occurrence = line.payment.pay_date.year, 1
        while True:
            number = content_number(line.payment, occurrence)
            there = [row.id for row in payments.find(self._connection, number, 1, year)]
            taken = self._beside(there).get(line.payment.line, ())
            if number not in used and not taken:
                return number
            occurrence += 1

    def beside(self, met: Documents) -> dict[int, set[int]]:
        """By line, the recorded payments that are other rows of the list it was rejected in."""
        documents = (*met.by_number.values(), *met.by_voucher.values())
        return self._beside({recorded.id for lines in documents for recorded in lines})

    def _beside(self, ids: Collection[int]) -> dict[int, set[int]]:
        came_back = mendings.load(self._connection)
        seen = sightings.of_payments(self._connection, ids)
        lists: defaultdict[int, set[int]] = defaultdict(set)  # payment → imports that show it
        returned: defaultdict[int, set[Key]] = defaultdict(set)  # payment → rejected rows
        for row in mendings.places(self._connection, ids):
            id_, shown = row.id, [(row.import_id, row.line), *seen.get(row.id, ())]
            for key in map(Key._make, shown):
                lists[id_].add(key.import_id)
                if key in came_back:
                    lists[id_].add(came_back[key].import_id)
                    returned[id_].add(came_back[key])
        return {
            line: {id_ for id_ in ids if _is_beside(rejected, lists[id_], returned[id_])}
            for line, rejected in self.found.items()
        }


def _is_beside(rejected: Key, lists: Collection[int], returned: Collection[Key]) -> bool:
    """Whether a payment that these lists show, back for these rows, is another row of its list."""
    return rejected.import_id in lists and rejected not in returned
