"""Rejected rows as a list that Excel opens: mended there, it is imported again as it is.

Each row has its reason and its name (拒收编号) before its own cells. Rows of several lists stand
under one header, a column for each meaning: a header with two amounts could not be read again.
Amounts in another unit of money are a list of their own.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row

from monitor.ingest.payment_kinds import IN_TRANSIT_UNDATED
from monitor.ingest.profiles import REJECTION_COLUMNS, Columns, Meaning
from monitor.store import imports, rejections
from monitor.store.mendings import reference

_AMOUNTS = (Meaning.AMOUNT, Meaning.REFUND)
_YUAN = "元"
# What Excel turns into another number: it keeps 15 digits, and no zeros before them.
_SPOILT_NUMBER = re.compile(r"\d{12,}|0\d+", re.ASCII)
_FORMULA = re.compile(r"[=@\t\r]|[+-](?![\d.,\s￥¥]*$)")

Sheets = dict[str, str]
"""CSV text by money unit."""


def rejected_sheets(
    connection: Connection, columns: Columns, *, year: int | None = None
) -> tuple[list[Row[Any]], Sheets]:
    """The rejected rows, and the lists of them; `columns` are the words of the office."""
    rows = rejections.load(connection, year=year, without={IN_TRANSIT_UNDATED.id})
    layouts = imports.layouts(connection, {row.import_id for row in rows})
    by_unit: dict[str, _Sheet] = {}
    for row in rows:
        layout = layouts[row.import_id]
        units = layout["amounts_in"]
        unit = "、".join(dict.fromkeys(units[each] for each in _AMOUNTS if each in units)) or _YUAN
        sheet = by_unit.setdefault(unit, _Sheet(columns, units))
        sheet.add(row, layout)
    return rows, {unit: sheet.text() for unit, sheet in by_unit.items()}


class _Sheet:
    """One list under one header. Columns are known by meaning, else by name and place of it."""

    def __init__(self, columns: Columns, units: Mapping[str, str]) -> None:
        self._columns, self._units = columns, units
        self._headers: dict[tuple[str, int], str] = {}
        self._rows: list[tuple[list[str], dict[tuple[str, int], str], list[str]]] = []

    def add(self, row: Row[Any], layout: Mapping[str, Any]) -> None:
        meanings = {place: meaning for meaning, place in layout["at"].items()}
        names, aside = layout["names"], _of_rejections(layout)
        cells: dict[tuple[str, int], str] = {}
        seen: dict[str, int] = {}
        for place, (_, cell) in enumerate(row.cells[: len(names)]):
            if place in aside:
                continue
            name, meaning = names[place], meanings.get(place)
            seen[name] = seen.get(name, 0) + 1
            key = (f"={meaning}", 0) if meaning else (name, seen[name])
            self._headers.setdefault(key, self._header(name, meaning))
            cells[key] = cell
        name = reference(row.sha256, row.scope, row.line)
        told = [row.reason, row.advice, row.file, str(row.line), name]
        self._rows.append((told, cells, [cell for _, cell in row.cells[len(names) :]]))

    def _header(self, name: str, meaning: str | None) -> str:
        """The column's own name, or one that is read as what the column is."""
        found = self._columns.recognise(name)
        if meaning is None:
            return f"{name}（未取）" if found else name or "（无列名）"
        own = name if found and found[0] == meaning else Meaning(meaning).label
        if meaning not in _AMOUNTS:
            return own
        unit = self._units.get(meaning, _YUAN)
        stated = self._columns.recognise(own)
        if stated and stated[3] is not None:
            return own if stated[3] == unit else f"{stated[2]}（{unit}）"
        return f"{own}（{unit}）"

    def text(self) -> str:
        target = io.StringIO()
        writer = csv.writer(target, lineterminator="\r\n")
        writer.writerow([*REJECTION_COLUMNS, *self._headers.values()])
        for told, cells, beyond in self._rows:
            own = [_kept(cells.get(key, "")) for key in self._headers]
            writer.writerow([*map(_kept, told), *own, *map(_kept, beyond)])
        return target.getvalue()


def _of_rejections(layout: Mapping[str, Any]) -> set[int]:
    """The columns of a list of rejected rows that came back before."""
    if Meaning.REJECTION.value not in layout["at"]:
        return set()
    return {place for place, name in enumerate(layout["names"]) if name in REJECTION_COLUMNS}


def _kept(cell: str) -> str:
    """A cell so that a spreadsheet neither spoils nor runs it; our reader takes the signs off."""
    if _SPOILT_NUMBER.fullmatch(cell):
        return f'="{cell}"'
    return f"'{cell}" if _FORMULA.match(cell) else cell


def rejected(rows: Iterable[Row[Any]]) -> list[dict[str, Any]]:
    """The same rows for programs."""
    keys: Sequence[str] = (
        *("number", "file", "line", "column", "value", "reason_id", "reason", "advice"),
        "amount_fen",
    )
    return [
        {key: getattr(row, key) for key in keys} | {"cells": [list(cell) for cell in row.cells]}
        for row in rows
    ]
