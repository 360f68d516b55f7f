"""A piece of a payment list → a part of a block, by columns that Arrow has read.

The same rules as for rows (`ColumnReader`), each asked once a distinct text; a row that is not
plain is read by itself, as everywhere. Amounts are exact: decimals made integers, never floats.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar, overload

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from monitor.domain.money import MoneyUnit
from monitor.ingest.arrow_piece import arrow_columns, bytes_of, offsets, whole_text
from monitor.ingest.list_block import Block, Texts
from monitor.ingest.payment_block import BlockReader
from monitor.ingest.payment_columns import STATUS_CELLS, ColumnReader, Draft, places_of
from monitor.ingest.payment_layout import SEPARATOR
from monitor.ingest.profiles import Meaning
from monitor.store.packed_texts import BETWEEN

_Value = TypeVar("_Value")
_Column = tuple[list[_Value | None], list[int]]  # and where None stands

_PLAIN_YUAN = r"^(?:[0-9]{1,12}|[0-9]{1,3}(?:,[0-9]{3}){1,3})\.[0-9][0-9]$"


class ArrowReader:
    """Reads pieces under one header, together with a reader of rows."""

    def __init__(self, reader: BlockReader, width: int) -> None:
        self._reader, self._width = reader, width
        self._columns = _ColumnsReader(reader.columns)

    def part(self, data: bytes, encoding: str, delimiter: str, line: int) -> Block | None:
        """The rows of a piece whose first line is `line`; None where it is to be read by rows.

        Raises as `arrow_columns` and `BlockReader.read` do.
        """
        if not self._columns.can_read:
            return None
        columns = arrow_columns(data, encoding, delimiter, self._width)
        if columns is None:
            return None
        known = len(self._reader.columns.said)
        draft = self._columns.read(columns)
        lines = range(line, line + len(columns[0]))
        return self._reader.part_of(_ArrowTexts(columns), lines, draft, known)


class _ArrowTexts:
    """Texts in Arrow's arrays; see `Texts`."""

    def __init__(self, columns: Sequence[Any]) -> None:
        self._columns = columns

    def at(self, places: Sequence[int]) -> Iterator[list[str]]:
        taken = _integers(places)
        cells = (column.take(taken).to_pylist() for column in self._columns)
        return map(list, zip(*cells, strict=True))

    def column(self, n: int) -> Sequence[str]:
        return _strings(self._columns[n])

    def joined(self, columns: Sequence[int], dropped: Sequence[int]) -> Sequence[str]:
        texts = _Joined(_joined([self._columns[n] for n in columns]))
        return texts.without(dropped) if dropped else texts

    def may_say(self, n: int, words: Iterable[str]) -> bool:
        said = self._columns[n].buffers()[2]
        text = said.to_pybytes() if said else b""
        return any(word.encode() in text for word in words)


class _Joined(Texts):
    """The cells of rows as Arrow has them: most are packed without ever becoming `str`.

    None has the sign between: a piece with one is not read by Arrow. `places` are those of the
    rows in the array, all of them if it is None.
    """

    def __init__(self, array: Any, places: Any = None) -> None:
        self._array = array
        self._places = np.arange(len(array)) if places is None else places

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[str]: ...
    def __getitem__(self, place: int | slice) -> str | Sequence[str]:
        if isinstance(place, slice):
            return _strings(self._taken(self._places[place]))
        text: str = self._array[int(self._places[place])].as_py()
        return text

    def __iter__(self) -> Iterator[str]:
        return iter(self[:])

    def at(self, places: Sequence[int]) -> Sequence[str]:
        return _strings(self._taken(self._places[places]))

    def without(self, places: Sequence[int]) -> Sequence[str]:
        return _Joined(self._array, np.delete(self._places, places))

    def joined(self, many: int) -> list[bytes]:
        size = len(self._places)
        ends = offsets([*range(0, size, many), size])
        whole = size == len(self._array)
        array = self._array if whole else self._taken(self._places)
        texts = pc.binary_join(pa.ListArray.from_arrays(ends, array), _BETWEEN)
        return [text.as_buffer().to_pybytes() for text in texts]

    def _taken(self, places: Any) -> Any:
        return self._array.take(_integers(places))


class _ColumnsReader:
    """Reads Arrow's columns as `ColumnReader` does rows; both know the same wordings."""

    def __init__(self, reader: ColumnReader) -> None:
        self._reader, self._at, self._layout = reader, reader.at, reader.layout
        self._places: dict[bytes, int | None] = {}

    @property
    def can_read(self) -> bool:
        needed = {Meaning.AMOUNT, Meaning.PAY_DATE}
        return needed <= set(self._at) and bool(self._layout.wording and self._layout.others)

    def read(self, columns: Sequence[Any]) -> Draft:
        """What the columns say; None where a row is not plain."""
        dates, undated = _each(columns[self._at[Meaning.PAY_DATE]], self._reader.dates.__getitem__)
        amounts, unread = self._amounts(columns)
        statuses, unjudged = self._statuses(columns)
        applications, others = self._codes(columns, Meaning.APPLICATION)
        vouchers, spoiled = self._codes(columns, Meaning.VOUCHER)
        wordings, nameless = self._wordings(columns)
        blank = places_of("", applications)
        return Draft(
            dates=dates,
            amounts=amounts,
            statuses=statuses,
            applications=applications,
            vouchers=vouchers,
            wordings=wordings,
            printed=[fen or 0 for fen in amounts] if unread else amounts[:],  # type: ignore[arg-type]
            unclear={
                *(*undated, *unread, *unjudged, *others, *spoiled, *nameless),
                *(n for n in blank if not vouchers[n]),
            },
        )

    def _amounts(self, columns: Sequence[Any]) -> _Column[int]:
        texts = columns[self._at[Meaning.AMOUNT]]
        if self._reader.unit is MoneyUnit.YUAN:
            are_plain = _are_plain(texts)
            fen = np.zeros(len(texts), np.int64)
            fen[are_plain] = _plain_fen(texts.take(_integers(np.flatnonzero(are_plain))))
            found = list[Any](fen.tolist())
            others = np.flatnonzero(~are_plain).tolist()
        else:
            found = [None] * len(texts)
            others = list(range(len(texts)))
        taken = texts.take(_integers(others)).to_pylist()
        for n, text in zip(others, taken, strict=True):
            found[n] = self._reader.fen(text)
        unread = [n for n in others if found[n] is None]
        if Meaning.REFUND in self._at:
            refunds = columns[self._at[Meaning.REFUND]].to_pylist()
            refunded = [n for n, text in enumerate(refunds) if text.strip()]
            unread += refunded
            for n in refunded:
                found[n] = None
        return found, unread

    def _statuses(self, columns: Sequence[Any]) -> _Column[str]:
        said = [meaning for meaning in STATUS_CELLS if meaning in self._at]
        statuses = self._reader.statuses
        if not said:
            found = [statuses["", "", ""]] * len(columns[0])
            return found, list(places_of(None, found))

        def judged(text: str) -> str | None:
            cells = dict(zip(said, text.split(SEPARATOR), strict=True))
            return statuses[tuple(cells.get(meaning, "") for meaning in STATUS_CELLS)]

        return _each(_joined([columns[self._at[meaning]] for meaning in said]), judged)

    def _codes(self, columns: Sequence[Any], meaning: Meaning) -> _Column[str]:
        if meaning not in self._at:
            return [""] * len(columns[0]), []
        column = columns[self._at[meaning]]
        found: list[str | None] = column.to_pylist()
        plain = self._reader.blank_words.isdisjoint(found)
        places = _with_other_signs(column, _OF_CODES) if plain else range(len(found))
        for n in places:
            found[n] = self._reader.code(found[n] or "")
        return found, [n for n in places if found[n] is None]

    def _wordings(self, columns: Sequence[Any]) -> _Column[int]:
        texts = _joined([columns[n] for n in self._layout.wording]).view(pa.binary()).to_pylist()
        found = list(map(self._places.get, texts))
        unknown = list(places_of(None, found))
        for n in unknown:
            found[n] = self._place(texts[n])
        return found, [n for n in unknown if found[n] is None]

    def _place(self, text: bytes) -> int | None:
        """The wording in joined cells; UTF-8 is left as it is until a text is new."""
        if text not in self._places:
            cells = tuple(text.decode().split(SEPARATOR))
            self._places[text] = self._reader.wordings[cells]
        return self._places[text]


def _joined(columns: Sequence[Any]) -> Any:
    return pc.binary_join_element_wise(*columns, _SEPARATOR) if len(columns) > 1 else columns[0]


def _strings(column: Any) -> list[str]:
    found: list[str] = column.to_pylist()
    return found


def _each(column: Any, of: Callable[[Any], _Value | None]) -> _Column[_Value]:
    """A value for each text of a column, asked once for texts that are equal."""
    coded = column.dictionary_encode()
    values = [of(text) for text in coded.dictionary.to_pylist()]
    found = list(map(values.__getitem__, coded.indices.to_pylist()))
    return found, list(places_of(None, found)) if None in values else []


def _are_plain(texts: Any) -> Any:
    """Which texts are amounts in yuan with two decimals: a point, and perhaps separators."""
    ends, data = bytes_of(texts)
    sizes = np.diff(ends)
    signs = np.add.reduceat(~_DIGITS[np.append(data, 0)], ends[:-1], dtype=np.int64)
    last = data[np.maximum(ends[1:] - 3, 0)] if data.size else 0
    plain = (sizes > 3) & (sizes < 16) & (signs == 1) & (last == _POINT)
    others = np.flatnonzero((signs > 1) & (sizes > 3))
    with_separators = pc.match_substring_regex(texts.take(_integers(others)), _PLAIN_YUAN)
    plain[others] = _numbers(with_separators.cast(pa.uint8()), np.uint8) == 1
    return plain


def _plain_fen(texts: Any) -> Any:
    """Amounts in yuan with two decimals, exactly, in fen: their digits are the number."""
    ends, data = bytes_of(texts)
    digits = _DIGITS[data]
    before = np.concatenate(([0], np.cumsum(digits, dtype=np.int32)))
    numbers = pa.StringArray.from_buffers(
        len(texts), pa.py_buffer(before[ends].astype(np.int32)), pa.py_buffer(data[digits])
    )
    return _numbers(numbers.cast(pa.int64()), np.int64)


# Arrow's own ways from Python's values to its arrays and back import pandas, which takes long.


def _integers(values: Any) -> Any:
    packed = np.asarray(values, np.int64)
    return pa.Array.from_buffers(pa.int64(), len(packed), [None, pa.py_buffer(packed)])


def _with_other_signs(texts: Any, signs: Any) -> list[int]:
    """The places of the texts that do not consist of these bytes alone."""
    ends, data = bytes_of(texts)
    others = np.flatnonzero(~signs[data])
    found: list[int] = np.unique(np.searchsorted(ends, others, "right") - 1).tolist()
    return found


def _numbers(array: Any, kind: Any) -> Any:
    size = np.dtype(kind).itemsize
    return np.frombuffer(array.buffers()[1], kind, len(array), array.offset * size)


_OF_CODES = np.zeros(256, bool)  # a code of these alone is as it shall be
_OF_CODES[list(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")] = True
_DIGITS = np.zeros(256, bool)
_DIGITS[list(b"0123456789")] = True
_POINT = ord(".")
_SEPARATOR = whole_text(SEPARATOR.encode())[0]
_BETWEEN = whole_text(BETWEEN.encode())[0]
