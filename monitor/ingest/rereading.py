"""Rows of imported lists once more, out of the archive: as those lists themselves have them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from sqlalchemy import Connection

from monitor.domain.payment import Wording
from monitor.errors import InputError
from monitor.ingest.list_block import Block, ListRow
from monitor.ingest.payment_block import BlockReader
from monitor.ingest.payment_files import ListFile, lists_of
from monitor.ingest.payment_header import find_header
from monitor.ingest.payment_layout import Layout
from monitor.ingest.payment_source import EncodingChanges, ListRows, open_text
from monitor.ingest.profiles import Columns, Meaning
from monitor.store import wordings
from monitor.store.imports import Import


class Rereader:
    """Reads rows of imported lists again; `folder` is the archive.

    Where a file is gone or its header is read otherwise now, a row is made of the recorded one
    that it repeats.
    """

    def __init__(self, connection: Connection, folder: Path, columns: Columns) -> None:
        self._connection, self._folder, self._columns = connection, folder, columns

    def rows(
        self, landed: Import, same: Mapping[int, tuple[ListRow, Layout]]
    ) -> dict[int, ListRow]:
        """The rows at these lines; `same` are the recorded ones, with their lists' layouts."""
        layout = Layout.from_json(landed.layout)
        path = self._folder / landed.sha256
        block = read_again(
            path, landed.file, landed.scope, layout, self._columns, set(same), landed.months
        )
        if block is not None:
            said = [Wording._make(each) for each in block.said]
            ids = wordings.ids(self._connection, said)
            plain = block.payments([ids[place] for place in block.wordings])
            further = (row._replace(wording=ids[row.wording]) for row in block.further)
            return {row.line: row for row in (*plain, *further)}
        return self._translated(layout, same)

    def _translated(
        self, layout: Layout, same: Mapping[int, tuple[ListRow, Layout]]
    ) -> dict[int, ListRow]:
        there = wordings.load(self._connection, {row.wording for row, _ in same.values()})
        made = {
            line: translated(there[row.wording], row.cells, source, layout)
            for line, (row, source) in same.items()
        }
        ids = wordings.ids(self._connection, list(dict.fromkeys(said for said, _ in made.values())))
        by_said = dict(zip(dict.fromkeys(said for said, _ in made.values()), ids, strict=True))
        return {
            line: row._replace(line=line, wording=by_said[made[line][0]], cells=made[line][1])
            for line, (row, _) in same.items()
        }


def read_again(
    path: Path,
    name: str,
    part: str,
    layout: Layout,
    columns: Columns,
    lines: set[int],
    months: Sequence[str] = (),
) -> Block | None:
    """The rows at these lines of a list of these months.

    None where the file is gone or is no longer read as it was.
    """
    try:
        listed = next((each for each in lists_of(path, name, columns) if each.part == part), None)
        return None if listed is None else _rows(path, listed, layout, columns, lines, months)
    except (InputError, OSError):
        return None


def _rows(
    path: Path,
    listed: ListFile,
    layout: Layout,
    columns: Columns,
    lines: set[int],
    months: Sequence[str],
) -> Block | None:
    if listed.rows:
        return _at(listed.rows, listed.name, layout, columns, lines, months)
    for whole in (False, True):
        try:
            rows = open_text(path, listed.name, whole=whole)
            return _at(rows, listed.name, layout, columns, lines, months)
        except EncodingChanges:
            continue
    return None


def _at(
    rows: ListRows,
    name: str,
    layout: Layout,
    columns: Columns,
    lines: set[int],
    months: Sequence[str],
) -> Block | None:
    _, header = find_header(rows.head, columns, name)
    if Layout.of(header) != layout:
        return None
    found = rows.at(lines)
    block = BlockReader(header.of_months(months), columns, name).read(
        [cells for _, cells in found], [line for line, _ in found]
    )
    here = {*block.lines, *(row.line for row in block.further)}
    return block if here == lines else None


def translated(
    wording: Wording, others: str, source: Layout, target: Layout
) -> tuple[Wording, str]:
    """A row of one list as another would have it: only what both lists have columns for."""
    row = source.row(wording.cells, others)
    cells = [""] * len(target.names)
    for meaning, n in target.at.items():
        cells[n] = source.text(row, Meaning(meaning))
    its_wording, its_others = target.split(cells)
    return wording._replace(cells=its_wording), its_others
