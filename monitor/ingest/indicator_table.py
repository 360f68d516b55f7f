"""The indicator table of a sheet: rows put together by the header's columns, then read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from monitor.domain.target import Indicator
from monitor.domain.target_value import parse_target
from monitor.errors import Diagnostic, Place
from monitor.ingest import target_kinds as kinds
from monitor.ingest.document import Cell, Row, joined, prose, quoted
from monitor.ingest.labels import Labels

_NEEDED = ("level1", "level2", "level3", "target")
_WIDEST = 40
"""Columns; a wider header is none."""


@dataclass(frozen=True, slots=True)
class _Header:
    """The columns by meaning, and how many there are; unnamed ones belong to split columns."""

    columns: Mapping[str, int]
    names: tuple[str, ...]

    @property
    def width(self) -> int:
        return len(self.names)


def read_indicators(
    rows: Sequence[Row], labels: Labels
) -> tuple[tuple[Indicator, ...], list[Diagnostic]]:
    """The indicators of a table that begins with its header, as rows come in the text form.

    An error among the diagnostics means that a row is missing: do not use the indicators then.
    """
    header, body = _header(rows, labels)
    if header is None:
        return (), [kinds.HEADER_INCOMPLETE.at(rows[0][0].place, quoted(rows[0]))]
    indicators: list[Indicator] = []
    diagnostics: list[Diagnostic] = []
    first_at: dict[Indicator, Place] = {}
    level1 = level2 = ""
    for row in _whole_rows(body, header, labels):
        if isinstance(row, Diagnostic):
            diagnostics.append(row)
            continue
        texts = {key: row[column].text for key, column in header.columns.items()}
        diagnostics += _beside(row, header)
        own1, own2 = joined(texts["level1"]), joined(texts["level2"])
        level2 = own2 or (level2 if own1 in ("", level1) else "")
        level1 = own1 or level1
        diagnostics += _unusual(row, header, labels)
        indicator = _indicator(texts, level1, level2)
        place = row[0].place
        if not (indicator.level3 or indicator.description or indicator.target):
            diagnostics.append(kinds.INDICATOR_EMPTY.at(place, quoted(row)))
            continue
        diagnostics += _lacking(indicator, row)
        if indicator in first_at:
            line = first_at[indicator].spot
            diagnostics.append(kinds.INDICATOR_TWICE.at(place, quoted(row), line=line))
        first_at.setdefault(indicator, place)
        indicators.append(indicator)
    if not indicators and not diagnostics:
        diagnostics.append(kinds.INDICATORS_MISSING.at(rows[0][0].place))
    return tuple(indicators), diagnostics


def _header(rows: Sequence[Row], labels: Labels) -> tuple[_Header | None, Sequence[Row]]:
    """The header, which may come in several rows itself, and the rows below it."""
    cells: list[Cell] = []
    body = rows
    for row in rows:
        named = [cell for cell in row if not cell.is_blank]
        if not any(labels.column(cell.text) for cell in named):
            break
        if cells and _names(row, labels) & _names(tuple(cells), labels):
            break
        header, run_on = _parted(row, labels)
        cells += header
        body = body[1:]
        if run_on:
            body = (run_on, *body)
            break
    columns: dict[str, int] = {}
    for i, cell in enumerate(cells):
        key = labels.column(cell.text)
        if key in columns and not (key == "level3" and columns[key] == 0):  # 绩效指标, for all
            return None, ()
        if key is not None:
            columns[key] = i
    if any(key not in columns for key in _NEEDED) or len(cells) > _WIDEST:
        return None, ()
    return _Header(columns, tuple(prose(cell.text) for cell in cells)), body


def _parted(row: Row, labels: Labels) -> tuple[Row, Row]:
    """A header row, and the indicators that ran into it, which the name of a level shows."""
    end = max(i for i, cell in enumerate(row) if labels.column(cell.text)) + 1
    while end < len(row) and row[end].is_blank:
        end += 1
    if any(labels.level_of(cell.text) for cell in row[end:]):
        return row[:end], row[end:]
    return row, ()


def _names(row: Row, labels: Labels) -> set[str]:
    return {key for cell in row if (key := labels.column(cell.text)) is not None}


def _whole_rows(rows: Sequence[Row], header: _Header, labels: Labels) -> Iterator[Row | Diagnostic]:
    """Rows as wide as the header. A row that came in pieces is put together if they fit exactly.

    Rows that ran together are parted, if their cells fill several rows exactly.
    """
    pending: Row = ()
    for row in rows:
        if not pending and all(cell.is_blank for cell in row):
            continue
        if _repeats_header(row, header):
            if pending:
                yield _unplaced(pending, header)
            pending = ()
            continue
        pending, whole, lost = _fit(pending, row, header, labels)
        if lost:
            yield _unplaced(lost, header)
        yield from whole
    if pending:
        yield from _last_row(pending, rows, header, labels)


def _fit(pending: Row, row: Row, header: _Header, labels: Labels) -> tuple[Row, list[Row], Row]:
    """What is still pending, the rows that are whole now, and cells that have no place."""
    width = header.width
    together = (*pending, *row)
    if pending and len(together) == width and _is_sound(together, header, labels):
        return (), [together], ()
    if pending and len(together) < width:
        return together, [], ()
    row = row if len(row) <= width else _without_loose(row, width)
    if len(row) < width:
        return row, [], pending
    parts = [row[i : i + width] for i in range(0, len(row), width)]
    if len(row) == width or (
        len(row) % width == 0 and all(_is_sound(part, header, labels) for part in parts)
    ):
        return (), parts, pending
    return (), [], (*pending, *row)


def _without_loose(row: Row, width: int) -> Row:
    """Without lines of tabs only, which end a cell rather than being one, if the rest then fits."""
    tight = tuple(cell for cell in row if not (cell.is_blank and "\t" in cell.text))
    return tight if len(tight) % width == 0 else row


def _is_sound(row: Row, header: _Header, labels: Labels) -> bool:
    """Whether the names of levels in a row put together stand in the columns of levels."""
    columns = {header.columns["level1"]: 1, header.columns["level2"]: 2}
    for i, cell in enumerate(row):
        levels = labels.level_of(cell.text) if joined(cell.text).endswith("指标") else frozenset()
        if levels and columns.get(i) not in levels:
            return False
    return not row[header.columns["level3"]].is_blank


def _repeats_header(row: Row, header: _Header) -> bool:
    return tuple(prose(cell.text) for cell in row) == header.names


def _last_row(
    row: Row, rows: Sequence[Row], header: _Header, labels: Labels
) -> Iterator[Row | Diagnostic]:
    """The table's last row, which may lack its last cell where that is a blank 依据.

    Not where the cell before it looks like a 依据 itself: then another cell is missing.
    """
    basis = header.columns.get("basis")
    whole = (*row, Cell("", row[-1].place))
    if len(whole) != header.width or basis != len(row) or not _is_sound(whole, header, labels):
        yield _unplaced(row, header)
        return
    bases = {prose(each[basis].text) for each in rows if len(each) == header.width}
    if not row[-1].is_blank and prose(row[-1].text) in bases:
        yield _unplaced(row, header)
        return
    yield kinds.LAST_CELL_MISSING.at(row[0].place, quoted(row), column=header.names[basis])
    yield whole


def _unplaced(row: Row, header: _Header) -> Diagnostic:
    return kinds.ROW_UNPLACED.at(row[0].place, quoted(row), cells=len(row), columns=header.width)


def _beside(row: Row, header: _Header) -> Iterator[Diagnostic]:
    """Text in a column that is not one of ours: of a split column, or of an unknown one."""
    known = set(header.columns.values())
    for i, cell in enumerate(row):
        if i not in known and not cell.is_blank:
            yield kinds.CELL_OUTSIDE_COLUMNS.at(cell.place, cell.text)


def _unusual(row: Row, header: _Header, labels: Labels) -> Iterator[Diagnostic]:
    for level, name in ((1, "一级指标"), (2, "二级指标")):
        cell = row[header.columns[f"level{level}"]]
        if not cell.is_blank and level not in labels.level_of(cell.text):
            yield kinds.LEVEL_UNUSUAL.at(cell.place, cell.text, level=name)


def _indicator(texts: Mapping[str, str], level1: str, level2: str) -> Indicator:
    target = joined(texts["target"])
    return Indicator(
        level1=level1,
        level2=level2,
        level3=joined(texts["level3"]),
        description=prose(texts.get("description", "")),
        target=target,
        value=parse_target(target),
        basis=prose(texts.get("basis", "")),
    )


def _lacking(indicator: Indicator, row: Row) -> Iterator[Diagnostic]:
    place, text = row[0].place, quoted(row)
    levels = (
        ("一级指标", indicator.level1),
        ("二级指标", indicator.level2),
        ("三级指标", indicator.level3),
    )
    missing = "、".join(name for name, value in levels if not value)
    if missing:
        yield kinds.LEVEL_MISSING.at(place, text, levels=missing)
    if not indicator.target:
        yield kinds.TARGET_BLANK.at(place, text, name=indicator.level3)
