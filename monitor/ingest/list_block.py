"""Consecutive rows of a payment list as columns: what its reader gives and its landing takes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, groupby
from typing import Any, NamedTuple, Self, overload

from monitor.ingest.payment_checks import Found, Oddities
from monitor.ingest.rejection import Rejection
from monitor.store import packed_texts

_MANY = 512  # texts that are kept as one


class Texts(Sequence[str], ABC):
    """A column of texts that its reader holds in a way of its own."""

    @abstractmethod
    def at(self, places: Sequence[int]) -> Sequence[str]:
        """The texts at these places."""

    @abstractmethod
    def without(self, places: Sequence[int]) -> Sequence[str]:
        """The column without the texts at these places, which ascend."""

    @abstractmethod
    def joined(self, many: int) -> list[bytes]:
        """So many of them in one, in the order of the column; none has the sign between."""


class Joined(Sequence[str]):
    """A column of texts, so many of them in one and packed: so they travel and are recorded."""

    def __init__(self, size: int, packed: Sequence[bytes]) -> None:
        self._size, self.packed = size, packed

    @classmethod
    def of(cls, column: Sequence[str]) -> Self | None:
        """The column as texts of many; None where the sign between them is in one."""
        if isinstance(column, Texts):
            return cls(len(column), list(map(packed_texts.pack, column.joined(_MANY))))
        parts = [column[n : n + _MANY] for n in range(0, len(column), _MANY)]
        texts = [packed_texts.BETWEEN.join(part) for part in parts]
        signs = sum(text.count(packed_texts.BETWEEN) for text in texts)
        if signs != len(column) - len(parts):
            return None
        return cls(len(column), [packed_texts.packed(text) for text in texts])

    @property
    def parts(self) -> list[tuple[int, bytes]]:
        """How many are in each text, and the text."""
        sizes = [_MANY] * len(self.packed)
        if sizes:
            sizes[-1] = self._size - _MANY * (len(sizes) - 1)
        return list(zip(sizes, self.packed, strict=True))

    def __len__(self) -> int:
        return self._size

    def at(self, places: Sequence[int]) -> list[str]:
        """The texts at these places, which ascend."""
        found: list[str] = []
        for part, each in groupby(places, lambda place: place // _MANY):
            texts = packed_texts.parts(self.packed[part])
            found += [texts[place % _MANY] for place in each]
        return found

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Joined) and self.parts == other.parts

    __hash__ = None  # type: ignore[assignment]

    def __iter__(self) -> Iterator[str]:
        return chain.from_iterable(map(packed_texts.parts, self.packed))

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[str]: ...
    def __getitem__(self, place: int | slice) -> str | Sequence[str]:
        if isinstance(place, slice):
            return list(self)[place]
        return packed_texts.parts(self.packed[place // _MANY])[place % _MANY]


class ListRow(NamedTuple):
    """A payment of a list as the columns of a block have it."""

    line: int
    number: str
    named_by: str
    voucher: str
    pay_date: str
    amount_fen: int
    status: str
    wording: int
    cells: str


class TotalLine(NamedTuple):
    """A total line, with what the rows of the block before it sum up to (fen)."""

    line: int
    text: str
    fen: int
    printed_before: int
    counted_before: int


class Block(NamedTuple):
    """Consecutive rows of a list as read: columns of the payments, all of one length.

    `wordings` are places in the list of all wordings that this reader has met, of which `said`
    are the new ones. `vouchers` are those beside an application number. `printed_fen` is the sum
    of the amount column, rejected rows included, `counted_fen` that of the payments whose status
    counts. `further` are payments, not in the columns, whose number stands there before.
    `namings` are the ways in which payments are numbered, and whether with a voucher beside.
    `unreadable` rejected rows have no readable amount, or may count all the same. `odd` is for
    `Oddities`.
    """

    lines: Sequence[int]
    numbers: Sequence[str]
    named_by: Sequence[str]
    vouchers: Sequence[str]
    dates: Sequence[str]
    amounts: Sequence[int]
    statuses: Sequence[str]
    wordings: Sequence[int]
    cells: Sequence[str]
    said: Sequence[tuple[str, ...]]
    rejections: Sequence[Rejection]
    passed_over: dict[str, int]
    totals: Sequence[TotalLine]
    printed_fen: int
    counted_fen: int
    unreadable: int
    odd: dict[str, Found]
    further: Sequence[ListRow]
    namings: Sequence[tuple[str, bool]]

    def payments(self, wordings: Sequence[int]) -> list[ListRow]:
        """The payments row by row, with this column of wordings."""
        columns = (*self[:7], wordings, self.cells)
        return list(map(ListRow._make, zip(*columns, strict=True)))

    def payments_at(self, places: Sequence[int], wordings: Sequence[int]) -> list[ListRow]:
        """Some of the payments; their places ascend."""
        columns = (at(column, places) for column in (*self[:7], wordings, self.cells))
        return list(map(ListRow._make, zip(*columns, strict=True)))


def joined(parts: Sequence[Block]) -> Block:
    """One block of consecutive parts."""
    first, *others = parts
    if not others:
        return first
    columns = [
        list(chain.from_iterable(each)) for each in zip(*(p[:10] for p in parts), strict=True)
    ]
    odd, passed_over = Oddities(), Counter[str]()
    totals: list[TotalLine] = []
    printed = counted = 0
    for part in parts:
        odd.merge(part.odd)
        passed_over.update(part.passed_over)
        totals += [
            TotalLine(t.line, t.text, t.fen, printed + t.printed_before, counted + t.counted_before)
            for t in part.totals
        ]
        printed, counted = printed + part.printed_fen, counted + part.counted_fen
    named: dict[str, Any] = dict(zip(Block._fields, columns, strict=False))
    return first._replace(
        **named,
        rejections=[each for part in parts for each in part.rejections],
        passed_over=dict(passed_over),
        totals=totals,
        printed_fen=printed,
        counted_fen=counted,
        unreadable=sum(part.unreadable for part in parts),
        odd=odd.found,
        further=(),
        namings=list({each for part in parts for each in part.namings}),
    )


def apart(block: Block) -> Block:
    """The block with the further lines of its documents apart."""
    again = _places_again(block.numbers)
    if not again:
        return block
    further = list(
        map(ListRow._make, zip(*(at(column, again) for column in block[:9]), strict=True))
    )
    columns = [without(column, again) for column in block[:9]]
    named: dict[str, Any] = dict(zip(Block._fields, columns, strict=False))
    return block._replace(**named, further=further)


def _places_again(numbers: Sequence[str]) -> list[int]:
    """The places of texts that stand further up too."""
    firsts = dict.fromkeys(numbers)
    if len(firsts) == len(numbers):
        return []
    again, left = [], iter(firsts)
    first = next(left, None)
    for n, number in enumerate(numbers):
        if number == first:
            first = next(left, None)
        else:
            again.append(n)
    return again


def at(column: Sequence[Any], places: Sequence[int]) -> Sequence[Any]:
    """What a column has at these places, which ascend."""
    return column.at(places) if isinstance(column, Texts | Joined) else [column[n] for n in places]


def without(column: Sequence[Any], places: Sequence[int]) -> Sequence[Any]:
    """The column without what is at these places, which ascend."""
    if isinstance(column, Texts):
        return column.without(places)
    left: list[Any] = []
    start = 0
    for place in places:
        left += column[start:place]
        start = place + 1
    left += column[start:]
    return left
