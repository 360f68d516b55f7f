"""The indicator table of a sheet: rows put together by the header's columns, then read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from monitor.domain.target import Indicator
from monitor.domain.target_value import parse_target
from monitor.errors import Diagnostic, Place
from monitor.ingest import target_kinds as kinds
from monitor.ingest.document import Row, joined, prose, quoted
from monitor.ingest.indicator_columns import Header, read_header
from monitor.ingest.indicator_rows import whole_rows
from monitor.ingest.indicator_values import (
    NotAWeight,
    composed,
    listed,
    sign_of,
    weight_of,
    weights_sum,
)
from monitor.ingest.labels import Labels

_LEVELS = {"level1": "一级指标", "level2": "二级指标", "level3": "三级指标"}
_MERGED = ("level3", "description", "nature", "target", "measure", "basis")
"""Columns where a cell merged downwards says the same of each row; a weight would count twice."""


def read_indicators(
    rows: Sequence[Row], labels: Labels
) -> tuple[tuple[Indicator, ...], list[Diagnostic]]:
    """The indicators of a table that begins with its header, as rows come in the text form.

    An error among the diagnostics means that a row is missing: do not use the indicators then.
    """
    header, body = read_header(rows, labels)
    if header is None:
        return (), [kinds.HEADER_INCOMPLETE.at(rows[0][0].place, quoted(rows[0]))]
    table = _Table(labels)
    for found in whole_rows(body, header, labels):
        if isinstance(found, Diagnostic):
            table.diagnostics.append(found)
        else:
            table.add(*found)
    table.close(header, rows[0][0].place)
    return tuple(table.indicators), table.diagnostics


@dataclass(slots=True)
class _Table:
    """Reads row after row; what a row leaves blank may stand in the one above it."""

    labels: Labels
    indicators: list[Indicator] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    _first_at: dict[Indicator, Place] = field(default_factory=dict)
    _unkept: list[str] = field(default_factory=list)
    _merged: list[str] = field(default_factory=list)
    _above: Row = ()
    _level1: str = ""
    _level2: str = ""

    def add(self, header: Header, row: Row) -> None:
        """Reads one row, as wide as the header."""
        place = row[0].place
        self.diagnostics += _beside(row, header)
        self._unkept += [header.names[i] for i in sorted(header.unkept) if not row[i].is_blank]
        own1, own2 = joined(header.text(row, "level1")), joined(header.text(row, "level2"))
        self._level2 = own2 or (self._level2 if own1 in ("", self._level1) else "")
        self._level1 = own1 or self._level1
        self.diagnostics += _unusual(row, header, self.labels)
        if not any(
            row[header.columns[key]].text.strip() for key in _MERGED if key in header.columns
        ):
            self.diagnostics.append(kinds.INDICATOR_EMPTY.at(place, quoted(row)))
            return
        row = self._with_merged(header, row)
        indicator = self._indicator(header, row)
        if not (indicator.level3 or indicator.description or indicator.target):
            self.diagnostics.append(kinds.INDICATOR_EMPTY.at(place, quoted(row)))
            return
        self.diagnostics += _lacking(indicator, header, row)
        if indicator in self._first_at:
            line = self._first_at[indicator].spot
            self.diagnostics.append(kinds.INDICATOR_TWICE.at(place, quoted(row), line=line))
        self._first_at.setdefault(indicator, place)
        self.indicators.append(indicator)

    def close(self, header: Header, place: Place) -> None:
        """What concerns the table as a whole, at its header."""
        if not self.indicators and not self.diagnostics:
            self.diagnostics.append(kinds.INDICATORS_MISSING.at(place))
        if absent := [name for key, name in _LEVELS.items() if key not in header.columns]:
            self.diagnostics.append(kinds.LEVEL_COLUMN_MISSING.at(place, levels=listed(absent)))
        if self._unkept:
            self.diagnostics.append(kinds.COLUMNS_UNKEPT.at(place, columns=listed(self._unkept)))
        if self._merged:
            self.diagnostics.append(kinds.MERGED_DOWN.at(place, columns=listed(self._merged)))
        if (total := weights_sum(self.indicators)) is not None:
            self.diagnostics.append(kinds.WEIGHTS_SUM.at(place, total=f"{total:f}"))

    def _with_merged(self, header: Header, row: Row) -> Row:
        """The row with the text of cells that go on from the row above it."""
        cells = list(row)
        for key in _MERGED:
            i = header.columns.get(key)
            if i is None or not row[i].continued or not row[i].is_blank or not self._above:
                continue
            if not self._above[i].is_blank:
                cells[i] = replace(row[i], text=self._above[i].text)
                self._merged.append(header.names[i])
        self._above = tuple(cells)
        return self._above

    def _indicator(self, header: Header, row: Row) -> Indicator:
        nature = header.text(row, "nature")
        if sign_of(nature) is None:
            place = row[header.columns["nature"]].place
            self.diagnostics.append(kinds.NATURE_UNREADABLE.at(place, nature))
        target = composed(nature, header.text(row, "target"), header.text(row, "measure"))
        return Indicator(
            level1=self._level1,
            level2=self._level2,
            level3=joined(header.text(row, "level3")),
            description=prose(header.text(row, "description")),
            target=target,
            value=parse_target(target),
            basis=prose(header.text(row, "basis")),
            weight=self._weight(header, row),
        )

    def _weight(self, header: Header, row: Row) -> Decimal | None:
        text = header.text(row, "weight")
        try:
            return weight_of(text)
        except NotAWeight:
            place = row[header.columns["weight"]].place
            self.diagnostics.append(kinds.WEIGHT_UNREADABLE.at(place, text))
            return None


def _beside(row: Row, header: Header) -> Iterator[Diagnostic]:
    """Text in a column that is not one of ours: of a split column, or of an unknown one."""
    known = header.named | header.unkept
    for i, cell in enumerate(row):
        if i not in known and not cell.is_blank:
            yield kinds.CELL_OUTSIDE_COLUMNS.at(cell.place, cell.text)


def _unusual(row: Row, header: Header, labels: Labels) -> Iterator[Diagnostic]:
    for level in (1, 2):
        key = f"level{level}"
        if key not in header.columns:
            continue
        cell = row[header.columns[key]]
        if not cell.is_blank and level not in labels.level_of(cell.text):
            yield kinds.LEVEL_UNUSUAL.at(cell.place, cell.text, level=_LEVELS[key])


def _lacking(indicator: Indicator, header: Header, row: Row) -> Iterator[Diagnostic]:
    place, text = row[0].place, quoted(row)
    stated = {"level1": indicator.level1, "level2": indicator.level2, "level3": indicator.level3}
    missing = [_LEVELS[key] for key, own in stated.items() if key in header.columns and not own]
    if missing:
        yield kinds.LEVEL_MISSING.at(place, text, levels="、".join(missing))
    if not indicator.target:
        yield kinds.TARGET_BLANK.at(place, text, name=indicator.level3)
