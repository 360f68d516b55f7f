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
from monitor.ingest.arrow_piece import arrow_columns, whole_text
from monitor.ingest.list_block import Block, Texts
from monitor.ingest.payment_block import BlockReader
from monitor.ingest.payment_columns import STATUS_CELLS, ColumnReader, Draft
from monitor.ingest.payment_layout import SEPARATOR
from monitor.ingest.profiles import Meaning
from monitor.store.packed_texts import BETWEEN

_Value = TypeVar("_Value")

_PLAIN_YUAN = r"^(?:[0-9]{1,12}|[0-9]{1,3}(?:,[0-9]{3}){1,3})\.[0-9][0-9]$"
_EXACT = pa.decimal128(14, 2)
_MANY_WORDINGS = 20_000


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

    None has the sign between: a piece with one is not read by Arrow.
    """

    def __init__(self, array: Any) -> None:
        self._array = array

    def __len__(self) -> int:
        return len(self._array)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[str]: ...
    def __getitem__(self, place: int | slice) -> str | Sequence[str]:
        if isinstance(place, slice):
            return _strings(self._array[place])
        text: str = self._array[place].as_py()
        return text

    def __iter__(self) -> Iterator[str]:
        return iter(_strings(self._array))

    def without(self, places: Sequence[int]) -> Sequence[str]:
        kept = np.delete(np.arange(len(self._array)), places)
        return _Joined(self._array.take(_integers(kept)))

    def joined(self, many: int) -> list[bytes]:
        size = len(self._array)
        ends = np.append(np.arange(0, size, many, dtype=np.int32), np.int32(size))
        offsets = pa.Array.from_buffers(pa.int32(), len(ends), [None, pa.py_buffer(ends)])
        texts = pc.binary_join(pa.ListArray.from_arrays(offsets, self._array), _BETWEEN)
        return [text.as_buffer().to_pybytes() for text in texts]


class _ColumnsReader:
    """Reads Arrow's columns as `ColumnReader` does rows; both know the same wordings."""

    def __init__(self, reader: ColumnReader) -> None:
        self._reader, self._at, self._layout = reader, reader.at, reader.layout
        self._places: dict[bytes, int | None] = {}
        self._met = _bytes([])  # most of them, in their order, as Arrow looks them up

    @property
    def can_read(self) -> bool:
        needed = {Meaning.AMOUNT, Meaning.PAY_DATE}
        return needed <= set(self._at) and bool(self._layout.wording and self._layout.others)

    def read(self, columns: Sequence[Any]) -> Draft:
        """What the columns say; None where a row is not plain."""
        reader = self._reader
        amounts = self._amounts(columns)
        return Draft(
            dates=_each(columns[self._at[Meaning.PAY_DATE]], reader.dates.__getitem__),
            amounts=amounts,
            statuses=self._statuses(columns),
            applications=self._codes(columns, Meaning.APPLICATION),
            vouchers=self._codes(columns, Meaning.VOUCHER),
            wordings=self._wordings(columns),
            printed=[fen or 0 for fen in amounts],
        )

    def _amounts(self, columns: Sequence[Any]) -> list[int | None]:
        texts = columns[self._at[Meaning.AMOUNT]]
        found: list[int | None]
        if self._reader.unit is MoneyUnit.YUAN:
            plain = pc.match_substring_regex(texts, _PLAIN_YUAN)
            are_plain = _numbers(plain.cast(pa.uint8()), np.uint8) == 1
            fen = np.zeros(len(texts), np.int64)
            fen[are_plain] = _plain_fen(texts.filter(plain))
            found = list[Any](fen.tolist())
            others = np.flatnonzero(~are_plain)
        else:
            found = [None] * len(texts)
            others = np.arange(len(texts))
        taken = texts.take(_integers(others)).to_pylist()
        for n, text in zip(others.tolist(), taken, strict=True):
            found[n] = self._reader.fen(text)
        if Meaning.REFUND in self._at:
            refunds = columns[self._at[Meaning.REFUND]].to_pylist()
            found = [
                None if other.strip() else fen for fen, other in zip(found, refunds, strict=True)
            ]
        return found

    def _statuses(self, columns: Sequence[Any]) -> list[str | None]:
        said = [meaning for meaning in STATUS_CELLS if meaning in self._at]
        statuses = self._reader.statuses
        if not said:
            return [statuses["", "", ""]] * len(columns[0])

        def judged(text: str) -> str | None:
            cells = dict(zip(said, text.split(SEPARATOR), strict=True))
            return statuses[tuple(cells.get(meaning, "") for meaning in STATUS_CELLS)]

        return _each(_joined([columns[self._at[meaning]] for meaning in said]), judged)

    def _codes(self, columns: Sequence[Any], meaning: Meaning) -> list[str | None]:
        if meaning not in self._at:
            return [""] * len(columns[0])
        return self._reader.codes(columns[self._at[meaning]].to_pylist())

    def _wordings(self, columns: Sequence[Any]) -> list[int | None]:
        joined = _joined([columns[n] for n in self._layout.wording]).view(pa.binary())
        if len(self._places) > _MANY_WORDINGS:
            coded = joined.dictionary_encode()
            found = list(map(self._place, coded.dictionary.to_pylist()))
            return list(map(found.__getitem__, coded.indices.to_pylist()))
        if len(self._places) > len(self._met) + len(self._met) // 8:
            self._met = _bytes(list(self._places))
        at = _numbers(pc.fill_null(pc.index_in(joined, self._met), -1), np.int32)
        known = list(self._places.values())
        found = [known[n] if n >= 0 else None for n in at.tolist()]
        new = np.flatnonzero(at < 0)
        for n, text in zip(new.tolist(), joined.take(_integers(new)).to_pylist(), strict=True):
            found[n] = self._place(text)
        return found

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


def _each(column: Any, of: Callable[[str], _Value]) -> list[_Value]:
    """A value for each text of a column, asked once for texts that are equal."""
    coded = column.dictionary_encode()
    values = [of(text) for text in coded.dictionary.to_pylist()]
    return list(map(values.__getitem__, coded.indices.to_pylist()))


def _plain_fen(texts: Any) -> Any:
    """Amounts in yuan with two decimals, exactly, in fen."""
    with_commas = pc.match_substring(texts, ",")
    without = pc.replace_substring(texts.filter(with_commas), ",", "")
    yuan = pc.replace_with_mask(texts, with_commas, without).cast(_EXACT)
    return _numbers(pc.multiply(yuan, _HUNDRED).cast(pa.int64()), np.int64)


# Arrow's own ways from Python's values to its arrays and back import pandas, which takes long.


def _integers(values: Any) -> Any:
    packed = np.asarray(values, np.int64)
    return pa.Array.from_buffers(pa.int64(), len(packed), [None, pa.py_buffer(packed)])


def _bytes(texts: Sequence[bytes]) -> Any:
    ends = np.cumsum([0, *map(len, texts)], dtype=np.int32)
    data = [None, pa.py_buffer(ends), pa.py_buffer(b"".join(texts))]
    return pa.Array.from_buffers(pa.binary(), len(texts), data)


def _numbers(array: Any, kind: Any) -> Any:
    size = np.dtype(kind).itemsize
    return np.frombuffer(array.buffers()[1], kind, len(array), array.offset * size)


_HUNDRED = whole_text(b"100").cast(pa.decimal128(3, 0))[0]
_SEPARATOR = whole_text(SEPARATOR.encode())[0]
_BETWEEN = whole_text(BETWEEN.encode())[0]
