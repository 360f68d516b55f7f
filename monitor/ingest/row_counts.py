"""Rows and fen of a list by month, status and wording, as its rows come in."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import compress, count, islice
from operator import le
from typing import TypeVar

from monitor.domain.payment import Status

_Key = TypeVar("_Key")

_MANY = 1_000  # rows that are counted in one
_FEW = 100_000  # of a list, one by one: that takes less than making ready for more
_LARGE = 10**11  # fen; so many rows of less as fit in any file have a sum of 63 bits


def make_ready() -> None:
    """Takes what long lists are counted with, which is not at hand at once."""
    import numpy as np  # noqa: F401


class _Places(dict[int, int]):
    """The wordings in the order in which they are met."""

    def __missing__(self, wording: int) -> int:
        place = self[wording] = len(self)
        return place


class _Counts:
    """Rows and fen of one month and status, by the place of their wording."""

    __slots__ = ("fen", "rows")

    def __init__(self) -> None:
        self.rows, self.fen = array("q"), array("q")

    def reserve(self, places: int) -> None:
        more = bytes(8 * max(0, places - len(self.rows)))
        self.rows.frombytes(more)
        self.fen.frombytes(more)


class RowCounts:
    """Counts rows; sums are exact up to 63 bits, which no list reaches.

    Beyond them it raises OverflowError, or the receipt does not add up and refuses the list.
    """

    def __init__(self) -> None:
        self._places = _Places()
        self._counts: defaultdict[tuple[str, str], _Counts] = defaultdict(_Counts)
        self._rows = 0

    def add(self, day: str, status: str, wording: int, rows: int, fen: int) -> None:
        """So many rows that have so much money; both negative for rows that go."""
        place = self._places[wording]
        counts = self._at(day[:7], status)
        counts.rows[place] += rows
        counts.fen[place] += fen

    def add_columns(
        self,
        days: Sequence[str],
        statuses: Sequence[str],
        wordings: Sequence[int],
        fen: Sequence[int],
    ) -> None:
        """Rows as columns. Nearly all are paid and stand in the order of their days."""
        if not all(map(le, days, islice(days, 1, None))):
            self._add_each(days, statuses, wordings, fen, range(len(days)))
            return
        places = list(map(self._places.__getitem__, wordings))
        paid = Status.PAID.value
        start = 0
        while start < len(days):
            end = bisect_left(days, f"{days[start][:7]}-99", lo=start)
            of_month = slice(start, end)
            self._add_all(self._at(days[start][:7], paid), places[of_month], fen[of_month])
            start = end
        others = list(compress(count(), map(paid.__ne__, statuses)))
        for n in others:
            self.add(days[n], paid, wordings[n], -1, -fen[n])
        self._add_each(days, statuses, wordings, fen, others)

    def by(
        self, of_year: Mapping[int, Mapping[int, _Key]]
    ) -> Iterator[tuple[str, str, dict[_Key, tuple[int, int]]]]:
        """Month, status, and the rows and fen by what each year's wordings belong to."""
        for (month, status), counts in self._counts.items():
            of_wording = of_year[int(month[:4])]
            rows: defaultdict[_Key, int] = defaultdict(int)
            money: defaultdict[_Key, int] = defaultdict(int)
            all_of_it = zip(self._places, counts.rows, counts.fen, strict=False)
            for wording, many, fen in compress(all_of_it, counts.rows):
                key = of_wording[wording]
                rows[key] += many
                money[key] += fen
            yield month, status, {key: (many, money[key]) for key, many in rows.items()}

    def _at(self, month: str, status: str) -> _Counts:
        counts = self._counts[month, status]
        if len(counts.rows) < len(self._places):
            counts.reserve(len(self._places))
        return counts

    def _add_each(
        self,
        days: Sequence[str],
        statuses: Sequence[str],
        wordings: Sequence[int],
        fen: Sequence[int],
        rows: Iterable[int],
    ) -> None:
        for n in rows:
            self.add(days[n], statuses[n], wordings[n], 1, fen[n])

    def _add_all(self, counts: _Counts, places: Sequence[int], fen: Sequence[int]) -> None:
        self._rows += len(places)
        few = self._rows < _FEW or len(places) < _MANY
        if few or max(fen) > _LARGE or min(fen) < -_LARGE:
            for place, amount in zip(places, fen, strict=True):
                counts.rows[place] += 1
                counts.fen[place] += amount
            return
        import numpy as np

        at = np.array(places)
        np.add.at(np.frombuffer(counts.rows, np.int64), at, 1)
        np.add.at(np.frombuffer(counts.fen, np.int64), at, np.array(fen))
