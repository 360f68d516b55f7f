"""A 偏差说明表 that comes back, read cell by cell; what it says is held against nothing yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from openpyxl.worksheet.worksheet import Worksheet

from monitor.errors import Diagnostic, Place
from monitor.ingest import answer_kinds as kinds
from monitor.ingest.explanation_form import (
    ANSWER,
    AUTHOR,
    CAUSE,
    FIRST,
    KEY,
    MEASURE,
    OPEN,
    PROMISED,
    SHEET,
    TEXT,
    Round,
    RowKey,
    figures,
    locked,
    parse_key,
    plain,
)
from monitor.ingest.pay_date import NotADate, parse_pay_date
from monitor.ingest.returned_workbook import headers, returned_sheet

_REMEDY = "请交回邮件所附的偏差说明表（.xlsx）。"
_MOST_UNPACKED = 64 * 1024 * 1024
_MOST_ROWS = 100_000
Cells = Mapping[str, Any]
"""A row's cells by header; a cell may be one that openpyxl merged away."""


@dataclass(frozen=True, slots=True)
class Said:
    """A row that came back: what it is about, and what the unit wrote, blanks at the ends gone.

    `figures` are the locked ones as they were shown, by header, as `plain` writes them.
    """

    key: RowKey
    project: str
    figures: Mapping[str, str]
    cause: str
    text: str
    answer: str
    measure: str
    promised: date | None
    places: Mapping[str, Place]

    @property
    def is_blank(self) -> bool:
        return not (self.cause or self.text or self.answer or self.measure or self.promised)


@dataclass(frozen=True, slots=True)
class Returned:
    """A sheet that came back: its rows that can be read, and everything that is wrong with it."""

    round: Round
    author: str
    rows: tuple[Said, ...]
    wrong: tuple[Diagnostic, ...]


def read_explanations(data: bytes, file: str) -> Returned:
    """The rows of a returned sheet. Raises InputError for any other file."""
    sheet, said = returned_sheet(
        data,
        file,
        sheet=SHEET,
        is_ours=lambda said: Round.from_property(said) is not None,
        what="偏差说明表",
        remedy=_REMEDY,
        most=_MOST_UNPACKED,
    )
    round_ = Round.from_property(said)
    assert round_ is not None  # noqa: S101 - returned_sheet has asked
    return _Reader(file, round_).read(sheet)


class _Reader:
    """Collects rows and what is wrong with them."""

    def __init__(self, file: str, round_: Round) -> None:
        self.file, self.round = file, round_
        self.locked = locked(round_.soft)
        self.wrong: list[Diagnostic] = []
        self.seen: set[int] = set()

    def read(self, sheet: Worksheet) -> Returned:
        names = (KEY, *self.locked, *OPEN)
        columns, top = headers(sheet, self.file, names, _REMEDY)
        wanted = {columns[name]: name for name in names}
        rows = []
        last = min(sheet.max_row, _MOST_ROWS)
        for row in sheet.iter_rows(min_row=top + 1, max_row=last, max_col=max(wanted)):
            cells = {wanted[int(c.column or 0)]: c for c in row if c.column in wanted}
            if any(_text(cell) for cell in cells.values()):
                said = self._row(cells)
                rows += [said] if said is not None else []
        missing = sorted(set(range(1, self.round.rows + 1)) - self.seen)
        if missing:
            listed = "、".join(map(str, missing[:20])) + (" 等" if len(missing) > 20 else "")
            place = Place(self.file, top, sheet=SHEET)
            self.wrong.append(kinds.ROWS_MISSING.at(place, missing=listed))
        return Returned(self.round, self._author(sheet, top), tuple(rows), tuple(self.wrong))

    def _author(self, sheet: Worksheet, top: int) -> str:
        """The name beside 填报人, above the table."""
        for row in sheet.iter_rows(max_row=max(top - 1, 1)):
            for cell, beside in zip(row, row[1:], strict=False):
                if _text(cell).rstrip("：:") == AUTHOR:
                    if beside.data_type == "f":
                        self.wrong.append(kinds.CELL_FORMULA.at(self._place(beside)))
                    return _text(beside)
        return ""

    def _row(self, cells: Cells) -> Said | None:
        """The row, unless its cells cannot be trusted; what is wrong with it is noted."""
        sealed = _text(cells[KEY])
        key = parse_key(sealed, self.round.id)
        place, shown = self._place(cells[FIRST]), _text(cells[FIRST])
        if isinstance(key, str):
            self.wrong.append(kinds.ROW_FOREIGN.at(place, shown, why=key))
            return None
        if key.number in self.seen:
            self.wrong.append(kinds.ROW_TWICE.at(place, shown))
            return None
        self.seen.add(key.number)
        before = len(self.wrong)
        for cell in cells.values():
            if cell.data_type == "f":
                self.wrong.append(kinds.CELL_FORMULA.at(self._place(cell), _text(cell)))
        values = {name: cells[name].value for name in self.locked}
        self.wrong += [
            kinds.CELL_CHANGED.at(
                self._place(cells[name]), _text(cells[name]), header="".join(name.split())
            )
            for name in key.changed(sealed, self.round.id, values)
            if cells[name].data_type != "f"
        ]
        promised = self._date(cells[PROMISED])
        return self._said(key, cells, promised) if len(self.wrong) == before else None

    def _said(self, key: RowKey, cells: Cells, promised: date | None) -> Said:
        return Said(
            key=key,
            figures={name: plain(cells[name].value) for name in figures(self.round.soft)},
            project=f"{_text(cells['项目编码'])} {_text(cells['项目名称'])}".strip(),
            cause=_text(cells[CAUSE]),
            text=_text(cells[TEXT]),
            answer=_text(cells[ANSWER]),
            measure=_text(cells[MEASURE]),
            promised=promised,
            places={name: self._place(cells[name]) for name in (FIRST, *OPEN)},
        )

    def _date(self, cell: Any) -> date | None:
        """The day in a cell: a date of the spreadsheet or one written as text."""
        value, text = cell.value, _text(cell)
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        if not text or cell.data_type == "f":
            return None
        try:
            return parse_pay_date(text)
        except NotADate as fault:
            self.wrong.append(kinds.DATE_UNREADABLE.at(self._place(cell), text, why=fault.reason))
            return None

    def _place(self, cell: Any) -> Place:
        return Place(self.file, int(cell.row), sheet=SHEET, cell=cell.coordinate)


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(getattr(value, "text", value)).strip()  # an array formula is an object
