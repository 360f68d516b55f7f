"""Payment lists in files, folders, archives and the sheets of workbooks: each by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from monitor.errors import InputError, Place
from monitor.ingest import payment_kinds as kinds
from monitor.ingest.payment_header import Header, find_header, is_amount, is_date
from monitor.ingest.payment_source import ListRows
from monitor.ingest.profiles import Columns, Meaning
from monitor.ingest.readers.sheet_rows import Form, SheetRows, form_of, read_sheet_rows
from monitor.ingest.sources import Source, sources

ENDINGS = (".csv", ".txt", ".tsv", ".xlsx", ".xls", ".html", ".htm", ".xml")
"""Of the lists that are looked for in folders and archives; archives end in .zip."""


@dataclass(frozen=True, slots=True)
class ListFile:
    """A list to import. `content` are its bytes, or where they are.

    `part` is its sheet, where its file has several lists, and `rows` are what was read already.
    `left_out` are sheets of the file that hold no list.
    """

    name: str
    content: bytes | Path
    part: str = ""
    rows: ListRows | None = None
    left_out: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        return f"{self.name}［{self.part}］" if self.part else self.name


def lists_in(paths: Iterable[Path], columns: Columns) -> Iterator[ListFile | InputError]:
    """All lists, in the order of the paths; an error stands for a file that cannot be read.

    Raises OSError.
    """
    for source in sources(paths, ENDINGS):
        try:
            yield from _lists(source, columns)
        except InputError as error:
            yield error


def list_in(path: Path, columns: Columns) -> ListFile:
    """The only list in a file. Raises InputError where it cannot be read or has several."""
    first, *others = _lists(Source(path.name, 0, path.read_bytes, path), columns)
    if others:
        named = "、".join(each.part for each in (first, *others))
        raise InputError(f"{path.name} 有几张支付明细：{named}。", "请分别导入。")
    return first


def lists_of(path: Path, name: str, columns: Columns) -> Iterator[ListFile]:
    """All lists in a file that goes by another name, such as a copy in the archive.

    It was taken in once: what its other sheets look like no longer matters. Raises InputError and
    OSError.
    """
    return _lists(Source(name, 0, path.read_bytes, path), columns, is_new=False)


def _lists(source: Source, columns: Columns, *, is_new: bool = True) -> Iterator[ListFile]:
    if source.path is not None and not _has_sheets(source.path):
        yield ListFile(source.name, source.path)
        return
    data = source.read()
    form = form_of(data)
    if form is None:
        yield ListFile(source.name, data)
        return
    sheets = read_sheet_rows(data, source.name)
    if is_new:
        _refuse_continued(source.name, sheets, columns)
    yield from _sheets(source.name, data, form, sheets, columns)


def _has_sheets(path: Path) -> bool:
    with path.open("rb") as file:
        beginning = file.read(8192)
    return form_of(beginning) is not None or beginning[:2] == b"PK" or beginning[:1] == b"\xd0"


def _sheets(
    name: str, data: bytes, form: Form, sheets: list[SheetRows], columns: Columns
) -> Iterator[ListFile]:
    """The sheets that hold a list; where none does, the first, which then says why."""
    listed = [sheet for sheet in sheets if _has_header(sheet, columns, name)]
    chosen = listed or sheets[:1]
    others = [sheet for sheet in sheets if all(sheet is not each for each in chosen)]
    left_out = tuple(sheet.name for sheet in others) if listed else ()
    for sheet in chosen:
        part = sheet.name if len(chosen) > 1 else ""
        rows = ListRows(form.value, "", sheet.rows, sheet=sheet.name)
        yield ListFile(name, data, part, rows, left_out if sheet is chosen[0] else ())


def _has_header(sheet: SheetRows, columns: Columns, file: str) -> bool:
    """A header that is unclear is one too: the import says what is wrong with it."""
    try:
        find_header(sheet.rows, columns, file)
    except InputError as error:
        none = {kinds.NO_HEADER.id, kinds.FILE_EMPTY.id}
        return not any(each.id in none for each in error.diagnostics)
    return True


def _refuse_continued(file: str, sheets: list[SheetRows], columns: Columns) -> None:
    """Raises InputError where a sheet without header has dates and amounts at the places of
    another that is a list (续表).
    """
    others = [sheet for sheet in sheets if not _has_header(sheet, columns, file)]
    for sheet in sheets if others else ():
        try:
            _, header = find_header(sheet.rows, columns, file)
        except InputError:
            continue  # the import says what is wrong with it
        for other in others:
            rows = [row for row in other.rows if _is_dated_amount(row[1], header)]
            if rows:
                found = kinds.SHEET_CONTINUES.at(
                    Place(f"{file}［{other.name}］", rows[0][0]),
                    sheet=other.name,
                    rows=len(rows),
                    of=sheet.name,
                )
                raise kinds.refusal(found)


def _is_dated_amount(cells: list[str], header: Header) -> bool:
    """Whether the cells at a header's places read as a date and an amount."""

    def cell(meaning: Meaning) -> str:
        index = header.at.get(meaning, len(cells))
        return cells[index] if index < len(cells) else ""

    amounts = (cell(Meaning.AMOUNT), cell(Meaning.REFUND))
    return is_date(cell(Meaning.PAY_DATE)) and any(map(is_amount, amounts))
