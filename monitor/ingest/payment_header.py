"""The head of a payment list: the header line found by meaning, and the unit of its amounts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from monitor.domain.money import MoneyUnit, NotAnAmount, parse_fen
from monitor.errors import Diagnostic, Place
from monitor.ingest import payment_kinds as kinds
from monitor.ingest.pay_date import NotADate, parse_pay_date
from monitor.ingest.profiles import Columns, Meaning
from monitor.ingest.readers.delimited import Row

_SEARCHED_ROWS = 30
_AMOUNTS = (Meaning.AMOUNT, Meaning.REFUND)
_SUBJECTS = (
    Meaning.PROJECT_CODE,
    Meaning.PROJECT_NAME,
    Meaning.PROJECT,
    Meaning.UNIT_CODE,
    Meaning.UNIT_NAME,
    Meaning.UNIT,
)
_TELLING_LITTLE = (Meaning.INDEX, Meaning.PAYEE, Meaning.ACCOUNT, Meaning.PURPOSE, Meaning.FUND)
# 单位：元 states a unit of money, 单位：元氏县财政局 does not.
_UNIT_LINE = re.compile(
    r"单\s*位\s*[::]\s*(?:人民币)?\s*([百千万亿]{0,2}[元角分]|美元|港元)(?![\u4e00-\u9fff])"
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A column that its name says means something; priority 0 is the strongest."""

    meaning: Meaning
    priority: int
    name: str
    unit: MoneyUnit | None
    index: int


@dataclass(frozen=True, slots=True)
class Header:
    """The header line: its column names as written and which column means what.

    `names` ends with the last named column; `claims` are all columns whose names are known, `at`
    those chosen. `units` gives the money unit of AMOUNT and REFUND.
    """

    line: int
    names: tuple[str, ...]
    claims: tuple[Claim, ...]
    at: Mapping[Meaning, int]
    units: Mapping[Meaning, MoneyUnit]
    diagnostics: tuple[Diagnostic, ...]


def find_header(rows: Sequence[Row], columns: Columns, file: str) -> tuple[int, Header]:
    """The header's position in `rows` and what it says.

    Raises InputError where the first 30 rows hold no header, two columns claim one meaning by
    one name, or the money unit is stated in two ways.
    """
    claims = [_claims(cells, columns) for _, cells in rows[:_SEARCHED_ROWS]]
    position = next((n for n, found in enumerate(claims) if not _missing(found)), None)
    if position is None:
        best = max(range(len(claims)), key=lambda n: len(claims[n]), default=None)
        raise kinds.refusal(_no_header(rows, best, claims, file))
    line, cells = rows[position]
    chosen, notes = _choose(claims[position], Place(file, line))
    units, assumed = _units(chosen, rows[:position], Place(file, line))
    width = max(n for n, name in enumerate(cells) if name.strip()) + 1
    above = _payments_above(rows[:position], file)
    return position, Header(
        line=line,
        names=tuple("".join(name.split()) for name in cells[:width]),
        claims=tuple(claims[position]),
        at={meaning: claim.index for meaning, claim in chosen.items()},
        units=units,
        diagnostics=(*above, *notes, *assumed),
    )


def same_columns(cells: Iterable[str], header: Header, columns: Columns) -> bool | None:
    """Whether `cells` are the header line once more; None where they are no header line."""
    claims = _claims(cells, columns)
    if _missing(claims):
        return None
    here = {claim.index: (claim.name, claim.unit) for claim in claims}
    return here == {claim.index: (claim.name, claim.unit) for claim in header.claims}


def money_unit(text: str) -> str:
    """The unit of money that a line states (单位：万元), '' where it states none."""
    found = _UNIT_LINE.search(unicodedata.normalize("NFKC", text))
    return found[1] if found else ""


def _claims(cells: Iterable[str], columns: Columns) -> list[Claim]:
    recognised = ((n, columns.recognise(cell)) for n, cell in enumerate(cells))
    return [Claim(*found, n) for n, found in recognised if found]


def _missing(claims: Iterable[Claim]) -> list[str]:
    found = {claim.meaning for claim in claims}
    needs = {
        "支付金额（或退款金额）": _AMOUNTS,
        "支付日期": (Meaning.PAY_DATE,),
        "项目或预算单位": _SUBJECTS,
    }
    return [label for label, meanings in needs.items() if found.isdisjoint(meanings)]


def _no_header(
    rows: Sequence[Row], best: int | None, claims: Sequence[list[Claim]], file: str
) -> Diagnostic:
    found = claims[best] if best is not None else []
    names = "、".join(f"“{claim.name}”" for claim in found) or "零列"
    place = Place(file, rows[best][0] if best is not None and found else None)
    return kinds.NO_HEADER.at(place, missing="、".join(_missing(found)), found=names)


def _choose(claims: Iterable[Claim], place: Place) -> tuple[dict[Meaning, Claim], list[Diagnostic]]:
    """The first column for each meaning, and notes on those left aside that bear on money."""
    by_meaning: dict[Meaning, list[Claim]] = {}
    for claim in claims:
        by_meaning.setdefault(claim.meaning, []).append(claim)
    chosen, notes = {}, []
    for meaning, rivals in by_meaning.items():
        first, *others = sorted(rivals, key=lambda claim: claim.priority)
        if others and others[0].priority == first.priority:
            twice = kinds.COLUMN_TWICE.at(place, name=first.name, label=meaning.label)
            raise kinds.refusal(twice)
        if others and meaning not in _TELLING_LITTLE:
            left = "”“".join(claim.name for claim in others)
            notes.append(
                kinds.COLUMN_PREFERRED.at(place, label=meaning.label, taken=first.name, left=left)
            )
        chosen[meaning] = first
    return chosen, notes


def _units(
    chosen: Mapping[Meaning, Claim], above: Iterable[Row], place: Place
) -> tuple[dict[Meaning, MoneyUnit], list[Diagnostic]]:
    """The unit of each amount column: its header's suffix, else the line above, else 元."""
    stated = {unit for _, cells in above for cell in cells if (unit := money_unit(cell))}
    suffixes = {meaning: chosen[meaning].unit for meaning in _AMOUNTS if meaning in chosen}
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
        if any(_is_date(cell) for cell in cells)
        and any(_is_amount(cell) for cell in cells if not _is_date(cell))
    ]


def _is_date(text: str) -> bool:
    try:
        parse_pay_date(text)
    except NotADate:
        return False
    return True


def _is_amount(text: str) -> bool:
    try:
        parse_fen(text)
    except NotAnAmount:
        return False
    return True
