"""The rows of an indicator table, each as wide as its header.

Where the format marks columns, a cell belongs to the header cell below which it begins. In the
text form, a row may come in pieces or run into the next: the cells are counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from monitor.errors import Diagnostic
from monitor.ingest import target_kinds as kinds
from monitor.ingest.document import Cell, Row, joined, prose, quoted
from monitor.ingest.indicator_columns import UNKEPT, Header, read_header, same_grid
from monitor.ingest.labels import Labels

_HEADER_ROWS = 3
_LEVELS = {"level1": 1, "level2": 2}
Found = tuple[Header, Row] | Diagnostic


def whole_rows(rows: Sequence[Row], header: Header, labels: Labels) -> Iterator[Found]:
    """The rows of the table; below a header without a level, none with a level's name elsewhere."""
    complete = {"level1", "level2"} <= header.columns.keys()
    for found in _whole_rows(rows, header, labels):
        if isinstance(found, Diagnostic) or complete or _levels_fit(found[1], header, labels):
            yield found
        else:
            yield _unplaced(found[1], header)


def _whole_rows(rows: Sequence[Row], header: Header, labels: Labels) -> Iterator[Found]:
    """Rows as wide as the header, each with the header it stands below; a repeated one is left out.

    A row that came in pieces is put together if they fit exactly. Rows that ran together are
    parted, if their cells fill several rows exactly.
    """
    pending: Row = ()
    skip = 0
    for i, row in enumerate(rows):
        if i < skip:
            continue
        if not pending and all(cell.is_blank for cell in row):
            continue
        if again := _repeated(rows[i : i + _HEADER_ROWS], header, labels):
            yield from _lost(pending, header)
            pending = ()
            header, lines = again
            skip = i + lines
            continue
        if _names_columns(row, labels):
            yield kinds.HEADER_INCOMPLETE.at(row[0].place, quoted(row))
            return
        if same_grid(header.cells, row):
            yield from _lost(pending, header)
            pending = ()
            yield from _placed(row, header, labels)
            continue
        pending, whole, lost = _fit(pending, row, header, labels)
        yield from _lost(lost, header)
        yield from ((header, each) for each in whole)
    if pending:
        yield from _last_row(pending, rows, header, labels)


def _repeated(rows: Sequence[Row], header: Header, labels: Labels) -> tuple[Header, int] | None:
    """The header again, as at the top of a page, and its rows, if it begins here."""
    row = rows[0]
    if tuple(prose(cell.text) for cell in row) == header.names:
        cells = row if any(cell.column is not None for cell in row) else header.cells
        return Header(cells, header.columns, header.unkept), 1
    if row[0].column is None or labels.column(row[0].text) is None:
        return None
    again, below = read_header(rows, labels)
    return (again, len(rows) - len(below)) if again and again.names == header.names else None


def _placed(row: Row, header: Header, labels: Labels) -> Iterator[Found]:
    """A row by its columns. The target must not share a cell with another column that is kept."""
    slots: list[Cell | None] = [None] * header.width
    for cell in row:
        covered = [i for i, head in enumerate(header.cells) if _meet(head, cell)]
        if not covered:
            if not cell.is_blank:
                yield _unplaced(row, header)
                return
            continue
        first, kept = covered[0], [i for i in covered if i in header.named]
        shared = len(kept) > 1 and header.columns["target"] in kept and not cell.is_blank
        before = slots[first]
        if before is not None and not before.is_blank and not cell.is_blank:
            shared = True
        if shared and len(covered) < header.width:
            yield _unplaced(row, header)
            return
        if before is None or before.is_blank:
            slots[first] = cell
        for i in covered[1:]:
            slots[i] = slots[i] or Cell("", cell.place)
    if len([cell for cell in row if not cell.is_blank]) == 1 and _is_wide(row, header):
        yield from _across(row, header, labels)
        return
    yield from _filled(row, slots, header)


def _meet(head: Cell, cell: Cell) -> bool:
    start, at = head.column or 0, cell.column or 0
    return at < start + head.width and start < at + cell.width


def _is_wide(row: Row, header: Header) -> bool:
    """Whether the only text of a row stands below all columns: no indicator, but a remark."""
    only = next(cell for cell in row if not cell.is_blank)
    return header.width > 1 and all(_meet(head, only) for head in header.cells)


def _across(row: Row, header: Header, labels: Labels) -> Iterator[Found]:
    only = next(cell for cell in row if not cell.is_blank)
    if 1 in labels.level_of(only.text) and "level1" in header.columns:
        cells = [Cell("", only.place)] * header.width
        cells[header.columns["level1"]] = only
        yield header, tuple(cells)
    else:
        yield kinds.TEXT_UNPLACED.at(only.place, only.text)


def _filled(row: Row, slots: Sequence[Cell | None], header: Header) -> Iterator[Found]:
    """The row with its blanks. In a spreadsheet a cell that is not there is blank."""
    place = row[0].place
    sure = place.sheet is not None
    missing = [i for i, cell in enumerate(slots) if cell is None and i in header.named]
    whole = tuple(cell or Cell("", place) for cell in slots)
    if sure or not missing:
        yield header, whole
    else:
        yield _unplaced(row, header)


def _fit(pending: Row, row: Row, header: Header, labels: Labels) -> tuple[Row, list[Row], Row]:
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


def _is_sound(row: Row, header: Header, labels: Labels) -> bool:
    """Whether a row put together has an indicator, and the names of levels in their columns."""
    return not row[header.columns["level3"]].is_blank and _levels_fit(row, header, labels)


def _levels_fit(row: Row, header: Header, labels: Labels) -> bool:
    """Whether the names of levels stand in their columns; with one column, both may in it."""
    levels = {header.columns[key]: n for key, n in _LEVELS.items() if key in header.columns}
    for i, cell in enumerate(row):
        named = labels.level_of(cell.text) if joined(cell.text).endswith("指标") else frozenset()
        if named and not (i in levels and (len(levels) == 1 or levels[i] in named)):
            return False
    return True


def _names_columns(row: Row, labels: Labels) -> bool:
    """Whether the row is a header that is not that of the table."""
    keys = {labels.column(cell.text) for cell in row} - {None, UNKEPT}
    return len(keys) >= 2


def _last_row(row: Row, rows: Sequence[Row], header: Header, labels: Labels) -> Iterator[Found]:
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
    yield header, whole


def _lost(cells: Row, header: Header) -> Iterator[Diagnostic]:
    if cells:
        yield _unplaced(cells, header)


def _unplaced(row: Row, header: Header) -> Diagnostic:
    return kinds.ROW_UNPLACED.at(row[0].place, quoted(row), cells=len(row), columns=header.width)
