"""A 绩效填报表 that comes back, read cell by cell; what it says is held against nothing yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from openpyxl.styles.numbers import is_date_format
from openpyxl.worksheet.worksheet import Worksheet

from monitor.errors import Diagnostic, InputError, Place
from monitor.ingest import form_return_kinds as kinds
from monitor.ingest.form_book import CHOICES, HELP, KEY, NAME, TOP, Round, Shown
from monitor.ingest.form_columns import sheets
from monitor.ingest.form_seal import Seal, parse_seal
from monitor.ingest.returned_workbook import headers, returned_sheet

AUTHOR = "填报人"
_REMEDY = "请交回由 monitor form export 导出并填好的绩效填报表（.xlsx）。"
_MOST_UNPACKED = 128 * 1024 * 1024
_MOST_ROWS = 100_000
_BESIDE = 30  # columns beside the table in which somebody may have written


@dataclass(frozen=True, slots=True)
class Content:
    """What stands in a cell. `text` is without blanks at the ends; a number as a spreadsheet
    shows its digits, `95%` where it is a percentage, a day as 2025-11-30."""

    text: str
    is_number: bool = False
    is_day: bool = False
    is_logical: bool = False

    @property
    def number(self) -> Decimal | None:
        return Decimal(self.text) if self.is_number and self.text[-1] != "%" else None


@dataclass(frozen=True, slots=True)
class Given:
    """A line that came back whole: its open and its locked cells, and which were touched.

    `own` is what the program held against the open ones when the book went out, by header.
    """

    subject: tuple[str, str, str]
    name: str
    open: Mapping[str, Content]
    locked: Mapping[str, Content]
    touched: frozenset[str]
    own: Mapping[str, str]
    places: Mapping[str, Place]
    seal: Seal
    round: Round

    def went_out_as(self, shown: Mapping[str, Shown]) -> bool:
        """Whether these cells, by header, showed this when the book went out."""
        names = tuple(sheets(self.round.form)[self.subject[0]])
        blank: dict[str, Shown] = dict.fromkeys(names)
        return not shown.keys() & self.seal.touched(self.round.id, names, blank | dict(shown))


@dataclass(frozen=True, slots=True)
class Returned:
    """A workbook that came back: the lines that can be read, and everything wrong with it."""

    round: Round
    author: str
    lines: tuple[Given, ...]
    wrong: tuple[Diagnostic, ...]
    notes: tuple[Diagnostic, ...]


def read_form(data: bytes, file: str) -> Returned:
    """What a returned workbook says. Raises InputError for any other file."""
    first, said = returned_sheet(
        data,
        file,
        sheet=HELP,
        is_ours=lambda said: Round.from_property(said) is not None,
        what="绩效填报表",
        remedy=_REMEDY,
        most=_MOST_UNPACKED,
    )
    round_ = Round.from_property(said)
    assert round_ is not None  # noqa: S101 - returned_sheet has asked
    return _Reader(file, round_).read(first)


def round_of(data: bytes) -> Round | None:
    """Which workbook a file is; None for any other file."""
    said: list[str] = []

    def note(text: str) -> bool:
        said.append(text)
        return True

    try:
        returned_sheet(data, "", sheet=HELP, is_ours=note, what="", remedy="", most=_MOST_UNPACKED)
    except InputError:
        return None
    return Round.from_property(said[0])


class _Reader:
    """Collects lines and what is wrong with them."""

    def __init__(self, file: str, round_: Round) -> None:
        self.file, self.round = file, round_
        self.wrong: list[Diagnostic] = []
        self.notes: list[Diagnostic] = []

    def read(self, first: Worksheet) -> Returned:
        book: Any = first.parent
        lines: list[Given] = []
        counts = dict(self.round.lines)
        for name in sheets(self.round.form):
            if name not in book.sheetnames:
                self.wrong.append(kinds.SHEET_MISSING.at(Place(self.file), sheet=name))
            elif counts.get(name) or book[name].max_row > TOP + 1:
                lines += self._sheet(book[name], counts.get(name, 0))
        self._own_sheets(book)
        author = self._author(first)
        return Returned(self.round, author, tuple(lines), tuple(self.wrong), tuple(self.notes))

    def _own_sheets(self, book: Any) -> None:
        """Tells which sheets with something in them nobody reads."""
        known = {HELP, CHOICES, *sheets(self.round.form)}
        for sheet in book.worksheets:
            if sheet.title not in known and any(any(row) for row in sheet.values):
                self.notes.append(kinds.SHEET_OWN.at(Place(self.file), sheet=sheet.title))

    def _author(self, sheet: Worksheet) -> str:
        """The name beside 填报人, on the first sheet."""
        for row in sheet.iter_rows(max_row=min(sheet.max_row, 60)):
            for cell, beside in zip(row, row[1:], strict=False):
                if _content(cell).text.rstrip("：:") == AUTHOR:
                    if beside.data_type == "f":
                        self.wrong.append(kinds.CELL_FORMULA.at(self.place(beside)))
                        return ""
                    return _content(beside).text
        return ""

    def _sheet(self, sheet: Worksheet, count: int) -> Iterator[Given]:
        names = tuple(sheets(self.round.form)[sheet.title])
        try:
            columns, top = headers(sheet, self.file, (KEY, *names), _REMEDY)
        except InputError:
            place = Place(self.file, sheet=sheet.title)
            self.wrong.append(kinds.HEADERS_CHANGED.at(place))
            return
        self._merged(sheet, top)
        reader = _SheetReader(self, sheet, names)
        wanted = {columns[name]: name for name in (KEY, *names)}
        last = min(sheet.max_row, _MOST_ROWS)
        for row in sheet.iter_rows(min_row=top + 1, max_row=last, max_col=max(wanted) + _BESIDE):
            cells = {wanted[int(c.column or 0)]: c for c in row if c.column in wanted}
            self._outside([c for c in row if c.column not in wanted])
            if any(_content(cell).text for cell in cells.values()):
                given = reader.line(cells)
                if given is not None:
                    yield given
        if reader.moved:
            place = Place(self.file, reader.moved[0], sheet=sheet.title)
            told = kinds.ROW_MOVED.at(place, count=len(reader.moved), rows=_listed(reader.moved))
            self.notes.append(told)
        missing = sorted(set(range(1, count + 1)) - reader.seen)
        if missing:
            place = Place(self.file, sheet=sheet.title)
            listed = _listed([top + number for number in missing])
            self.wrong.append(kinds.ROWS_MISSING.at(place, missing=listed))

    def _outside(self, cells: Iterable[Any]) -> None:
        for cell in cells:
            text = _content(cell).text
            if text:
                self.notes.append(kinds.OUTSIDE.at(self.place(cell), text))

    def _merged(self, sheet: Worksheet, top: int) -> None:
        for span in sorted(sheet.merged_cells.ranges, key=str):
            if int(span.max_row or 0) > top:
                place = Place(self.file, int(span.min_row or 0), sheet=sheet.title, cell=span.coord)
                self.wrong.append(kinds.CELLS_MERGED.at(place))

    def place(self, cell: Any) -> Place:
        return Place(self.file, int(cell.row), sheet=cell.parent.title, cell=cell.coordinate)


class _SheetReader:
    """Reads the lines of one sheet."""

    def __init__(self, reader: _Reader, sheet: Worksheet, names: tuple[str, ...]) -> None:
        self.reader, self.sheet, self.names = reader, sheet.title, names
        self.seen: set[int] = set()
        self.last = 0
        self.moved: list[int] = []

    def line(self, cells: Mapping[str, Any]) -> Given | None:
        """The line, unless its cells cannot be trusted; what is wrong with it is noted."""
        place_of, wrong = self.reader.place, self.reader.wrong
        first = cells[self.names[0]]
        sealed = parse_seal(
            _content(cells[KEY]).text, self.reader.round, self.sheet, len(self.names)
        )
        if isinstance(sealed, str):
            wrong.append(kinds.ROW_FOREIGN.at(place_of(first), self._label(cells), why=sealed))
            return None
        if sealed.number in self.seen:
            wrong.append(kinds.ROW_TWICE.at(place_of(first), self._label(cells)))
            return None
        self.seen.add(sealed.number)
        if sealed.number < self.last:
            self.moved.append(int(first.row))
        self.last = max(self.last, sealed.number)
        return self._given(sealed, cells)

    def _label(self, cells: Mapping[str, Any]) -> str:
        shown = [_content(cells[name]).text for name in (NAME, "三级指标", "栏目") if name in cells]
        return " ".join(filter(None, shown))

    def _given(self, sealed: Seal, cells: Mapping[str, Any]) -> Given | None:
        place_of, wrong = self.reader.place, self.reader.wrong
        before = len(wrong)
        for cell in cells.values():
            if cell.data_type == "f":
                wrong.append(kinds.CELL_FORMULA.at(place_of(cell), _content(cell).text))
            elif cell.data_type == "e":
                wrong.append(kinds.CELL_ERROR.at(place_of(cell), str(cell.value)))
        readable = len(wrong) == before
        touched = sealed.touched(
            self.reader.round.id, self.names, {name: cells[name].value for name in self.names}
        )
        is_open = dict(zip(self.names, sealed.is_open, strict=True))
        for name in self.names:
            if name in touched and not is_open[name] and cells[name].data_type not in "fe":
                text = _content(cells[name]).text
                header = "".join(name.split())
                wrong.append(kinds.CELL_CHANGED.at(place_of(cells[name]), text, header=header))
                readable = False
        if not readable:
            return None
        contents = {name: _content(cells[name]) for name in self.names}
        return Given(
            subject=sealed.subject,
            name=self._label(cells),
            open={name: each for name, each in contents.items() if is_open[name]},
            locked={name: each for name, each in contents.items() if not is_open[name]},
            touched=frozenset(touched),
            own=sealed.own,
            places={name: place_of(cells[name]) for name in self.names},
            seal=sealed,
            round=self.reader.round,
        )


def _listed(rows: Sequence[int], most: int = 20) -> str:
    return "、".join(map(str, rows[:most])) + (" 行等" if len(rows) > most else " 行")


def _content(cell: Any) -> Content:
    value = cell.value
    if value is None:
        return Content("")
    if isinstance(value, datetime):
        return Content(value.date().isoformat(), is_day=True)
    if isinstance(value, date):
        return Content(value.isoformat(), is_day=True)
    if isinstance(value, bool):
        return Content(str(value).upper(), is_logical=True)
    if isinstance(value, time):
        return Content(str(value), is_day=True)
    if isinstance(value, int | float):
        return _number(value, cell.number_format)
    text = str(getattr(value, "text", value))  # an array formula is an object
    lines = text.replace("\r\n", "\n").replace("_x000D_", "").replace("\r", "\n")
    return Content(lines.strip())


def _number(value: float, number_format: str) -> Content:
    number = Decimal(f"{value:.15g}")  # the digits that a spreadsheet shows
    if is_date_format(number_format):
        return Content(f"{number:f}", is_day=True)
    if "%" in number_format:
        return Content(f"{_plain(number * 100)}%", is_number=True)
    return Content(_plain(number), is_number=True)


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
