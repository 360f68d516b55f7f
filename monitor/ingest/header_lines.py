"""Header lines of payment lists: one, or two where the upper one groups the lower one's columns.

收款人 over 全称, 账号, 开户银行 stands for 收款人全称, 收款人账号, 收款人开户银行. In a sheet as
in a CSV the cells that 收款人 is merged over are blank.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from monitor.domain.money import MoneyUnit
from monitor.ingest.profiles import DESCRIBING, Columns, Meaning, plain
from monitor.ingest.readers.delimited import Row

AMOUNTS = (Meaning.AMOUNT, Meaning.REFUND)
_SUBJECTS = (
    Meaning.PROJECT_CODE,
    Meaning.PROJECT_NAME,
    Meaning.PROJECT,
    Meaning.UNIT_CODE,
    Meaning.UNIT_NAME,
    Meaning.UNIT,
)
TELLING_LITTLE = frozenset(
    (Meaning.INDEX, Meaning.PAYEE, Meaning.ACCOUNT, Meaning.PURPOSE, Meaning.FUND, *DESCRIBING)
)
_STRICT = frozenset(
    (*AMOUNTS, Meaning.PAY_DATE, Meaning.APPLICATION, Meaning.VOUCHER, Meaning.STATUS)
)
"""Columns that decide: what stands under their names is a row, unless it means the same."""
_NOUNS = re.compile("(?<=.)(?:基本)?(?:信息|情况|内容|明细)$")
_DIGIT = re.compile(r"\d")
_LONGEST_NAME = 20
_TELLING_NAME = 4
"""Characters of a name that says by itself what it is: 支付金额, unlike 金额 or 状态."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A column that its name says means something; priority 0 is the strongest."""

    meaning: Meaning
    priority: int
    name: str
    unit: MoneyUnit | None
    index: int


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines that may be a header: the position of the last, the names of all columns, claims."""

    position: int
    rows: tuple[Row, ...]
    names: tuple[str, ...]
    claims: tuple[Claim, ...]

    @property
    def missing(self) -> list[str]:
        return missing(self.claims)


def missing(claims: Iterable[Claim]) -> list[str]:
    """What a header has to have and these columns have not."""
    found = {claim.meaning for claim in claims}
    needs = {
        "支付金额（或退款金额）": AMOUNTS,
        "支付日期": (Meaning.PAY_DATE,),
        "项目或预算单位": _SUBJECTS,
    }
    return [label for label, meanings in needs.items() if found.isdisjoint(meanings)]


def claims_of(cells: Iterable[str], columns: Columns) -> tuple[Claim, ...]:
    """The columns whose names are known."""
    recognised = ((n, columns.recognise(cell)) for n, cell in enumerate(cells))
    return tuple(Claim(*found, n) for n, found in recognised if found)


def candidates(rows: Sequence[Row], columns: Columns, *, guessed: bool = False) -> list[Lines]:
    """Each row as a header line, and with the row above where it completes that one.

    In the order of their last lines; where a row is a header alone as well as with the row above,
    the two lines come first. `guessed` gives two lines by their looks alone, with names unknown.
    """
    single = [
        Lines(n, (row,), tuple(row[1]), claims_of(row[1], columns)) for n, row in enumerate(rows)
    ]
    found: list[Lines] = []
    for n, lower in enumerate(single):
        pair = _pair(single[n - 1], lower, columns, guessed=guessed) if n else None
        if pair is not None and found[-1] is single[n - 1] and not found[-1].missing:
            found.pop()  # a header already, and this line completes it
        found += [lower] if pair is None else [pair, lower]
    return found


def _pair(upper: Lines, lower: Lines, columns: Columns, *, guessed: bool) -> Lines | None:
    """The two lines as one header; None where the lower one does not complete the upper one."""
    above, below = upper.rows[0][1], lower.rows[0][1]
    if sum(bool(plain(cell)) for cell in above) < 2 or not any(map(plain, below)):
        return None
    if not (_could_name(above, columns) and _could_name(below, columns)):
        return None
    names, claims, groups = [], [], 0
    alone = {each.index: each.name for each in lower.claims}
    strict = {each.index: each.meaning for each in upper.claims if each.meaning in _STRICT}
    group = ""
    for n, (over, under) in enumerate(zip_longest(above, below, fillvalue="")):
        own = plain(under)
        group = (over if plain(over) else group) if own else ""
        name, claim = _joined(n, group if own else over, under, columns)
        groups += bool(own and group and claim and claim.name != alone.get(n))
        if own and n in strict and (claim is None or claim.meaning is not strict[n]):
            return None  # a row of the list
        names.append(name)
        claims += [claim] if claim else []
    both = Lines(lower.position, (*upper.rows, *lower.rows), tuple(names), tuple(claims))
    if _completes(both, upper, lower, groups) or (guessed and _looks_grouped(above, below)):
        return both
    return None


def _looks_grouped(above: Sequence[str], below: Sequence[str]) -> bool:
    """Whether the lower line fills what a merged cell of the upper one leaves blank."""
    over = {n for n, cell in enumerate(above) if plain(cell)}
    under = {n for n, cell in enumerate(below) if plain(cell)}
    return len(over) > 1 and any(n - 1 in over & under for n in under - over)


def _completes(both: Lines, upper: Lines, lower: Lines, groups: int) -> bool:
    """Whether the two lines say more than either alone; names that only both give are proof."""
    if both.missing or not (upper.missing or lower.missing):
        return False
    said = {claim.meaning for claim in both.claims}
    alone = {claim.meaning for claim in (upper if lower.missing else lower).claims}
    return said > alone or (bool(groups) and said >= alone & _STRICT)


def _could_name(cells: Sequence[str], columns: Columns) -> bool:
    """Whether a line holds names alone: no digits, nothing long, no total, no remark."""
    filled = [plain(cell) for cell in cells if plain(cell)]
    return not any(
        len(cell) > _LONGEST_NAME
        or _DIGIT.search(cell)
        or columns.is_total(cell)
        or columns.is_remark(cell)
        for cell in filled
    )


def _joined(index: int, over: str, under: str, columns: Columns) -> tuple[str, Claim | None]:
    """The name of a column and what it means: of both lines together, else of the lower one.

    The lower name alone counts where it tells enough by itself, and the group means nothing.
    """
    own, group = plain(under), plain(over)
    if not own or not group:
        name = under if own else over
        found = columns.recognise(name)
        return name, (Claim(*found, index) if found else None)
    for name in (group + own, _NOUNS.sub("", group) + own):
        if found := columns.recognise(name):
            return name, Claim(*found, index)
    found = columns.recognise(own)
    if found and columns.recognise(group) is None and _tells(found[0], own):
        return under, Claim(*found, index)
    return group + own, None


def _tells(meaning: Meaning, name: str) -> bool:
    return len(name) >= _TELLING_NAME or meaning in TELLING_LITTLE
