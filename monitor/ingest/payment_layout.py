"""Where a list keeps what: which cells of a row tell whose payment it is, and which the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Self

from monitor.ingest.payment_header import Header
from monitor.ingest.profiles import Meaning

SEPARATOR = "\x1f"
"""Joins the cells of a row as kept; the readers let no cell hold it."""

UNIT = (Meaning.UNIT_CODE, Meaning.UNIT_NAME, Meaning.UNIT)
"""Code, name, and both in one cell; as of a project."""
PROJECT = (Meaning.PROJECT_CODE, Meaning.PROJECT_NAME, Meaning.PROJECT)
CLASSES = (Meaning.FUND, Meaning.CATEGORY, Meaning.ECONOMIC)
"""资金性质, 支出类别 and 部门支出经济分类."""
_WORDING = {*UNIT, *PROJECT, *CLASSES}


@dataclass(frozen=True, slots=True)
class Layout:
    """A list's columns: their names, which mean what, and which make up a row's wording.

    A row is kept in two parts: the cells of its wording, which thousands of rows share, and the
    others. Both are in the order of the header.
    """

    names: tuple[str, ...]
    at: Mapping[str, int]
    wording: tuple[int, ...]
    others: tuple[int, ...]

    @classmethod
    def of(cls, header: Header) -> Self:
        return cls.from_json(
            {"names": header.names, "at": {m.value: n for m, n in header.at.items()}}
        )

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """The layout that `to_json` gave."""
        at = dict(kept["at"])
        wording = tuple(sorted(at[meaning] for meaning in _WORDING if meaning in at))
        others = tuple(n for n in range(len(kept["names"])) if n not in set(wording))
        return cls(tuple(kept["names"]), at, wording, others)

    def to_json(self) -> dict[str, Any]:
        return {"names": list(self.names), "at": dict(self.at)}

    def in_wording(self, meanings: Iterable[Meaning]) -> Callable[[Sequence[str]], tuple[str, ...]]:
        """Takes the cells of these meanings out of a wording's with a blank one behind them."""
        places = {n: place for place, n in enumerate(self.wording)}
        blank = len(places)
        return itemgetter(*(places.get(self.at.get(each, -1), blank) for each in meanings))

    def split(self, row: Sequence[str]) -> tuple[str, str]:
        """The two parts of a row as they are kept: its wording's cells, and the others."""
        return _join(row, self.wording), _join(row, self.others)

    def row(self, wording: str, others: str) -> list[str]:
        """The row as it stood, out of the two parts in which it is kept."""
        cells = [""] * len(self.names)
        for places, texts in ((self.wording, wording), (self.others, others)):
            for n, text in zip(places, texts.split(SEPARATOR), strict=bool(places)):
                cells[n] = text
        return cells

    def without_index(self, others: str) -> str:
        """The second part of a row without its number in the list (序号)."""
        index = self.at.get(Meaning.INDEX.value)
        if index is None or index not in self.others:
            return others
        cells = others.split(SEPARATOR)
        del cells[self.others.index(index)]
        return SEPARATOR.join(cells)

    def text(self, row: Sequence[str], meaning: Meaning) -> str:
        """What a row says under a meaning; '' where the list has no such column."""
        return row[self.at[meaning]].strip() if meaning in self.at else ""


def _join(row: Sequence[str], places: Iterable[int]) -> str:
    return SEPARATOR.join(row[n] for n in places)
