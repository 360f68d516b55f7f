"""What is recognised in a payment list, without importing it: form, header, columns, first rows."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from monitor.domain.payment import Payment
from monitor.errors import Diagnostic, InputError
from monitor.ingest.header_lines import Claim
from monitor.ingest.pay_date import months_in_name, months_in_title
from monitor.ingest.payment_header import Header, find_header, header_like, named
from monitor.ingest.payment_lines import OtherLines
from monitor.ingest.payment_row import RowReader
from monitor.ingest.payment_source import TEXT, read_whole
from monitor.ingest.profiles import Columns, Meaning
from monitor.ingest.readers.delimited import Row, rows_in
from monitor.ingest.readers.sheet_rows import SheetRows, form_of, read_sheet_rows

_SAMPLES = 5
_ROWS_SEARCHED = 1_000
_DELIMITERS = {",": "逗号", "\t": "制表符", ";": "分号"}


@dataclass(frozen=True, slots=True)
class OpenedList:
    """A list told into rows; of several sheets the one with a header, or most like one."""

    form: str
    rows: Sequence[Row]
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    other_sheets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ColumnSeen:
    """A column: what its name means, whether it is the one taken for that, and a first value."""

    index: int
    name: str
    meaning: Meaning | None
    taken: bool
    example: str


@dataclass(frozen=True, slots=True)
class Sample:
    """A row as it is read: the payment, or why there is none."""

    line: int
    payment: Payment | None
    faults: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class ListProfile:
    """What is recognised. `lines` are those of the header, or else of what is most like one.

    `missing` is what keeps that from being a header. A list that would be refused has no
    `units`; `diagnostics` then tell why.
    """

    opened: OpenedList
    lines: tuple[int, ...]
    columns: tuple[ColumnSeen, ...]
    missing: tuple[str, ...]
    units: tuple[str, ...]
    months: tuple[str, ...]
    samples: tuple[Sample, ...]
    diagnostics: tuple[Diagnostic, ...]


def profile_list(data: bytes, file: str, columns: Columns) -> ListProfile:
    """Raises InputError for a file that cannot be told into rows and cells, or has none."""
    opened = _open(data, file, columns)
    try:
        position, header = find_header(opened.rows, columns, file)
    except InputError as error:
        return _refused(opened, file, columns, error)
    body = opened.rows[position + 1 :]
    samples, faults = _samples(body, header, columns, file)
    return ListProfile(
        opened=opened,
        lines=header.lines,
        columns=_columns(header.names, header.claims, set(header.at.values()), body),
        missing=(),
        units=tuple(dict.fromkeys(unit.value for unit in header.units.values())),
        months=_months(opened.rows[:position], file),
        samples=samples,
        diagnostics=(*header.diagnostics, *faults),
    )


def _refused(opened: OpenedList, file: str, columns: Columns, error: InputError) -> ListProfile:
    lines = header_like(opened.rows, columns)
    if lines is None:
        raise error
    taken = {claim.index for claim in lines.claims}
    body = opened.rows[lines.position + 1 :]
    return ListProfile(
        opened=opened,
        lines=tuple(line for line, _ in lines.rows),
        columns=_columns(named(lines), lines.claims, taken, body),
        missing=tuple(lines.missing),
        units=(),
        months=_months(opened.rows[: lines.position], file),
        samples=(),
        diagnostics=tuple(error.diagnostics),
    )


def _open(data: bytes, file: str, columns: Columns) -> OpenedList:
    form = form_of(data)
    if form is None:
        text, encoding, delimiter = read_whole(data, file, columns.forced)
        rows = list(rows_in(io.StringIO(text, newline=""), delimiter, file))
        return OpenedList(TEXT, rows, encoding, _DELIMITERS[delimiter])
    sheets = read_sheet_rows(data, file)
    chosen = max(sheets, key=lambda each: _likeness(each, columns))
    others = tuple(each.name for each in sheets if each is not chosen)
    return OpenedList(form.value, chosen.rows, sheet=chosen.name, other_sheets=others)


def _likeness(sheet: SheetRows, columns: Columns) -> tuple[bool, bool, int]:
    lines = header_like(sheet.rows, columns)
    claims = lines.claims if lines else ()
    return bool(lines and not lines.missing), not sheet.is_hidden, len(claims)


def _columns(
    names: Sequence[str], claims: Sequence[Claim], taken: set[int], body: Sequence[Row]
) -> tuple[ColumnSeen, ...]:
    """The columns with a name, and a value of the first row that has some."""
    meanings = {claim.index: claim.meaning for claim in claims}
    first = next((cells for _, cells in body if sum(map(bool, cells)) > 1), [])
    examples = [*first, *[""] * len(names)]
    return tuple(
        ColumnSeen(n, name, meanings.get(n), n in taken, examples[n])
        for n, name in enumerate(names)
        if name
    )


def _months(titles: Sequence[Row], file: str) -> tuple[str, ...]:
    said = (months_in_title(cell) for _, cells in titles for cell in cells)
    return next(filter(None, said), ()) or months_in_name(file)


def _samples(
    body: Sequence[Row], header: Header, columns: Columns, file: str
) -> tuple[tuple[Sample, ...], tuple[Diagnostic, ...]]:
    """The first rows as they are read, and what among them would refuse the whole list."""
    reader, others = RowReader(header, columns, file), OtherLines(header, columns, file)
    samples: list[Sample] = []
    try:
        for line, cells in islice(body, _ROWS_SEARCHED):
            read = reader.read(line, cells)
            if isinstance(read, Payment):
                samples.append(Sample(line, read))
            elif others.kind(line, cells) is None:
                samples.append(Sample(line, None, tuple(read)))
            if len(samples) == _SAMPLES:
                break
    except InputError as error:
        return tuple(samples), tuple(error.diagnostics)
    return tuple(samples), ()
