"""The head of a payment list: the header line found by meaning, and the unit of its amounts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from monitor.domain.money import MoneyUnit, NotAnAmount, parse_fen
from monitor.errors import Diagnostic, Place
from monitor.ingest import payment_kinds as kinds
from monitor.ingest.header_lines import (
    AMOUNTS,
    TELLING_LITTLE,
    Claim,
    Lines,
    candidates,
    claims_of,
    missing,
)
from monitor.ingest.pay_date import NotADate, parse_pay_date
from monitor.ingest.profiles import DESCRIBING, REJECTION_COLUMNS, Columns, Meaning, plain
from monitor.ingest.readers.delimited import Row

_SEARCHED_ROWS = 30
# 单位：元 states a unit of money, 单位：元氏县财政局 does not.
_UNIT_LINE = re.compile(
    r"单\s*位\s*[::]\s*(?:人民币)?\s*([百千万亿]{0,2}[元角分]|美元|港元)(?![\u4e00-\u9fff])"
)


@dataclass(frozen=True, slots=True)
class Header:
    """The header line or lines: the names of the columns, and which column means what.

    `line` is the last of `lines`; `texts` has their cells, for comparing. `names` ends with the
    last named column; `claims` are all columns whose names are known, `at` those chosen. `units`
    gives the money unit of AMOUNT and REFUND. `undated` is the day for applications in transit
    that have none; None where the list does not say of which month it is.
    """

    line: int
    lines: tuple[int, ...]
    texts: tuple[tuple[str, ...], ...]
    names: tuple[str, ...]
    claims: tuple[Claim, ...]
    at: Mapping[Meaning, int]
    units: Mapping[Meaning, MoneyUnit]
    diagnostics: tuple[Diagnostic, ...]
    undated: date | None = None

    def of_months(self, months: Sequence[str]) -> Header:
        """The header of a list of these months, such as `2025-03`: what waits in it undated has
        been applied for by the first day of the last one."""
        if not months:
            return self
        return replace(self, undated=date.fromisoformat(f"{max(months)}-01"))

    @property
    def is_unit_assumed(self) -> bool:
        """Whether neither header nor title states the unit of the amounts."""
        return any(each.id == kinds.UNIT_ASSUMED.id for each in self.diagnostics)

    @property
    def of_rejections(self) -> frozenset[int]:
        """The columns that tell of rejected rows, where these come back in the list of them."""
        if Meaning.REJECTION not in self.at:
            return frozenset()
        return frozenset(n for n, name in enumerate(self.names) if name in REJECTION_COLUMNS)


def find_header(rows: Sequence[Row], columns: Columns, file: str) -> tuple[int, Header]:
    """The position in `rows` of the header's last line, and what the header says.

    Raises InputError where there is no text, where the first 30 rows (or the line that a saved
    profile names) hold no header, two columns claim one meaning by one name, or the money unit is
    stated in two ways.
    """
    if not any(plain(cell) for _, cells in rows for cell in cells):
        raise kinds.refusal(kinds.FILE_EMPTY.at(Place(file)))
    found = _candidates(rows, columns)
    lines = next((each for each in found if not each.missing), None)
    if lines is None:
        raise kinds.refusal(_no_header(header_like(rows, columns), file))
    above = rows[: lines.position + 1 - len(lines.rows)]
    place = Place(file, lines.rows[-1][0])
    chosen, notes = _choose(lines.claims, place)
    units, assumed = _units(chosen, above, place, columns.forced.unit)
    return lines.position, Header(
        line=lines.rows[-1][0],
        lines=tuple(line for line, _ in lines.rows),
        texts=tuple(_text(cells) for _, cells in lines.rows),
        names=named(lines),
        claims=lines.claims,
        at={meaning: claim.index for meaning, claim in chosen.items()},
        units=units,
        diagnostics=(*_payments_above(above, file), *notes, *assumed),
    )


def header_like(rows: Sequence[Row], columns: Columns) -> Lines | None:
    """The line that is most like a header: with most known names, else with most short texts."""

    def likeness(lines: Lines) -> tuple[int, int]:
        cells = [plain(cell) for cell in lines.names]
        names = [cell for cell in cells if cell and not any(c.isdigit() for c in cell)]
        return len(lines.claims), len(set(names))

    return max(_candidates(rows, columns, guessed=True), key=likeness, default=None)


def named(lines: Lines) -> tuple[str, ...]:
    """The names of the columns up to the last one that has a name."""
    width = max((n for n, name in enumerate(lines.names, 1) if name.strip()), default=0)
    return tuple("".join(name.split()) for name in lines.names[:width])


def same_columns(cells: Sequence[str], header: Header, columns: Columns) -> bool | None:
    """Whether `cells` are a header line once more; None where they are no header line."""
    if len(header.lines) > 1 and _text(cells) in header.texts:
        return True
    claims = claims_of(cells, columns)
    if missing(claims):
        return None
    here = {claim.index: (claim.name, claim.unit) for claim in claims}
    return here == {claim.index: (claim.name, claim.unit) for claim in header.claims}


def _candidates(rows: Sequence[Row], columns: Columns, *, guessed: bool = False) -> list[Lines]:
    stated = columns.forced.header_line
    if stated is None:
        return candidates(rows[:_SEARCHED_ROWS], columns, guessed=guessed)
    at = next((n for n, (line, _) in enumerate(rows) if line == stated), len(rows))
    found = candidates(rows[max(0, at - 1) : at + 1], columns, guessed=guessed)
    first = max(0, at - 1)
    return [replace(each, position=at) for each in found if each.position + first == at]


def _text(cells: Iterable[str]) -> tuple[str, ...]:
    """The cells of a line for comparing, without the blank ones at its end."""
    text = [plain(cell) for cell in cells]
    while text and not text[-1]:
        text.pop()
    return tuple(text)


def money_unit(text: str) -> str:
    """The unit of money that a line states (单位：万元), '' where it states none."""
    found = _UNIT_LINE.search(unicodedata.normalize("NFKC", text))
    return found[1] if found else ""


def _no_header(lines: Lines | None, file: str) -> Diagnostic:
    found = lines.claims if lines else ()
    names = "、".join(f"“{claim.name}”" for claim in found) or "零列"
    place = Place(file, lines.rows[-1][0] if lines and found else None)
    return kinds.NO_HEADER.at(place, missing="、".join(missing(found)), found=names)


def _choose(claims: Iterable[Claim], place: Place) -> tuple[dict[Meaning, Claim], list[Diagnostic]]:
    """The first column for each meaning, and notes on those left aside that bear on money."""
    by_meaning: dict[Meaning, list[Claim]] = {}
    for claim in claims:
        by_meaning.setdefault(claim.meaning, []).append(claim)
    chosen, notes = {}, []
    for meaning, rivals in by_meaning.items():
        first, *others = sorted(rivals, key=lambda claim: claim.priority)
        is_twice = bool(others) and others[0].priority == first.priority
        if is_twice and meaning not in DESCRIBING:
            twice = kinds.COLUMN_TWICE.at(place, name=first.name, label=meaning.label)
            raise kinds.refusal(twice)
        if others and meaning not in TELLING_LITTLE:
            left = "”“".join(claim.name for claim in others)
            notes.append(
                kinds.COLUMN_PREFERRED.at(place, label=meaning.label, taken=first.name, left=left)
            )
        chosen[meaning] = first
    return chosen, notes


def _units(
    chosen: Mapping[Meaning, Claim],
    above: Iterable[Row],
    place: Place,
    forced: MoneyUnit | None,
) -> tuple[dict[Meaning, MoneyUnit], list[Diagnostic]]:
    """The unit of each amount column: its header's suffix, else the line above, else 元.

    A unit that the office has saved with the list's profile goes before all of them.
    """
    if forced:
        return {meaning: forced for meaning in AMOUNTS if meaning in chosen}, []
    stated = {unit for _, cells in above for cell in cells if (unit := money_unit(cell))}
    suffixes = {meaning: chosen[meaning].unit for meaning in AMOUNTS if meaning in chosen}
    said = sorted(stated | {unit.value for unit in suffixes.values() if unit})
    for unit in said:
        if unit not in set(MoneyUnit):
            raise kinds.refusal(kinds.UNIT_UNKNOWN.at(place, unit=unit))
    if stated and len(said) > 1:
        raise kinds.refusal(kinds.UNITS_DISAGREE.at(place, units="、".join(said)))
    default = MoneyUnit(stated.pop()) if stated else MoneyUnit.YUAN
    units = {meaning: unit or default for meaning, unit in suffixes.items()}
    return units, [] if said else [kinds.UNIT_ASSUMED.at(place)]


def _payments_above(above: Iterable[Row], file: str) -> list[Diagnostic]:
    """Rows above the header that look like payments: nothing that may be money goes unsaid."""
    return [
        kinds.PAYMENT_ABOVE_HEADER.at(Place(file, line), " ".join(cells))
        for line, cells in above
        if any(is_date(cell) for cell in cells)
        and any(is_amount(cell) for cell in cells if not is_date(cell))
    ]


def is_date(text: str) -> bool:
    """Whether a cell reads as a pay date."""
    try:
        parse_pay_date(text)
    except NotADate:
        return False
    return True


def is_amount(text: str) -> bool:
    """Whether a cell reads as an amount of money."""
    try:
        parse_fen(text)
    except NotAnAmount:
        return False
    return True
