"""The cells of consecutive rows under one header, row by row and column by column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from monitor.ingest.list_block import without
from monitor.ingest.payment_layout import SEPARATOR


class Texts(Protocol):
    """What the rows of a part say, whatever holds their cells."""

    def at(self, places: Sequence[int]) -> Iterable[list[str]]:
        """Some of the rows as they stand in the file."""
        ...

    def column(self, n: int) -> Sequence[str]:
        """A column of the header."""
        ...

    def joined(self, columns: Sequence[int], dropped: Sequence[int]) -> Sequence[str]:
        """The cells of each row under these columns, as they are kept; without some rows."""
        ...

    def may_say(self, n: int, words: Iterable[str]) -> bool:
        """Whether one of the words may stand in a column: False only where it is certain."""
        ...


class RowTexts:
    """Rows as `csv` gives them. Where one is short, its missing cells are blank.

    `too_long` are those that do not fit under the header.
    """

    def __init__(self, rows: Sequence[list[str]], width: int) -> None:
        self.too_long: set[int] = set()
        self._rows = fitted = rows
        if not set(map(len, rows)) <= {width}:
            self.too_long = {n for n, row in enumerate(rows) if "".join(row[width:]).strip()}
            fitted = [row[:width] + [""] * (width - len(row)) for row in rows]
        self.columns: list[tuple[str, ...]] = (
            list(zip(*fitted, strict=True)) if fitted else [()] * width
        )

    def at(self, places: Sequence[int]) -> Iterator[list[str]]:
        return map(self._rows.__getitem__, places)

    def column(self, n: int) -> Sequence[str]:
        return self.columns[n]

    def joined(self, columns: Sequence[int], dropped: Sequence[int]) -> Sequence[str]:
        cells = zip(*(self.columns[n] for n in columns), strict=True)
        return without(list(map(SEPARATOR.join, cells)), dropped)

    def may_say(self, n: int, words: Iterable[str]) -> bool:
        said = "\n".join(self.columns[n])
        return any(word in said for word in words)
