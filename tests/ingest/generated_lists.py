"""Sets of payment lists of one county, as a finance office gets them in a year.

case = cases()         # a hypothesis strategy; case.lists are files, case.order how they come
truth = Truth()        # the model of generated_world
receipt = truth.imported(listed.rows, listed.numbers)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from hypothesis import assume
from hypothesis import strategies as st

from tests.ingest.generated_spelling import SPELLINGS, Spelling, Writer
from tests.ingest.generated_world import FAULTS, PROJECTS, WAYS, YEARS, Row, Voucher, vouchers


@dataclass(frozen=True, slots=True)
class Listed:
    """One list: its rows in order, the numbers that it gives, and how it is written."""

    rows: tuple[Row, ...]
    numbers: str
    spelling: Spelling

    def __post_init__(self) -> None:
        assert self.rows, "a list shows something"


@dataclass(frozen=True, slots=True)
class Case:
    """The lists of a county, and the order in which they are imported (some of them twice)."""

    lists: tuple[Listed, ...]
    order: tuple[int, ...]
    first: int  # how many lists must come before the others, whatever the order

    def data(self, at: int) -> tuple[bytes, int]:
        """The list's bytes, and how many of its lines are no payments."""
        listed = self.lists[at]
        written = Writer(listed.spelling, listed.numbers).write(listed.rows)
        return written.data, written.others


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Overlapping lists that agree: whatever their order, the same payments are counted."""
    county = draw(_counties())
    way = draw(st.sampled_from(sorted(WAYS)))
    faulty = draw(st.booleans())
    lists: list[Listed] = []
    if way == "joined":  # where all three meet, what says which numbers are one comes first
        whole = tuple(row for voucher in county for row in voucher.rows("final"))
        begun = draw(st.sampled_from([("both",), ("application", "both"), ("voucher", "both")]))
        lists = [Listed(whole, numbers, draw(SPELLINGS)) for numbers in begun]
    first = len(lists)
    for _ in range(draw(st.integers(1, 4))):
        rows = draw(_shown(county))
        if faulty:
            rows = _with_faults(draw, rows, way)
        if rows:
            numbers = draw(st.sampled_from(WAYS[way]))
            lists.append(Listed(tuple(rows), numbers, draw(SPELLINGS)))
    if not lists:
        every = [row for voucher in county for row in voucher.rows("final")]
        lists.append(Listed(tuple(every), WAYS[way][0], draw(SPELLINGS)))
    later = draw(st.permutations(range(first, len(lists))))
    again = draw(st.lists(st.sampled_from(range(len(lists))), max_size=2))
    return Case(tuple(lists), (*range(first), *later, *again), first)


@st.composite
def conflicting_cases(draw: st.DrawFn) -> Case:
    """Two overlapping lists, of which the second gives one number another content."""
    county = draw(_counties())
    way = draw(st.sampled_from(["applications", "vouchers"]))
    odd = draw(st.sampled_from(county))
    others = [voucher for voucher in county if voucher is not odd]
    lists = []
    for rows in (odd.rows("final"), _altered(draw, odd.rows("final"))):
        beside = draw(_shown(others)) if others else []
        numbers = draw(st.sampled_from(WAYS[way]))
        mixed = draw(st.permutations([*rows, *beside]))
        lists.append(Listed(tuple(mixed), numbers, draw(SPELLINGS)))
    return Case(tuple(lists), tuple(draw(st.permutations(range(2)))), 0)


@st.composite
def mended_cases(draw: st.DrawFn) -> Case:
    """A list with unreadable lines in the midst of documents, its mended return, and one more.

    The return gives the numbers that the list gave; all payments are of one year.
    """
    county = [each for each in draw(_counties()) if each.year == YEARS[0]]
    assume(county)
    way = draw(st.sampled_from(sorted(WAYS)))
    whole = [row for voucher in county for row in voucher.rows("final")]
    spoilt = [
        replace(row, fault=draw(st.sampled_from(FAULTS[:4])))
        if row.status == "paid" and row.fen > 0 and draw(st.booleans())
        else row
        for row in whole
    ]
    rows = (spoilt, whole, draw(st.permutations(whole)))
    numbers = (WAYS[way][0], WAYS[way][0], draw(st.sampled_from(WAYS[way])))
    lists = (Listed(tuple(r), n, draw(SPELLINGS)) for r, n in zip(rows, numbers, strict=True))
    return Case(tuple(lists), (0, 1, 2), 3)


@st.composite
def _counties(draw: st.DrawFn) -> list[Voucher]:
    """Vouchers, numbered within their year: another year uses the same numbers again."""
    numbers: defaultdict[int, int] = defaultdict(int)
    county = []
    for _ in range(draw(st.integers(1, 7))):
        voucher = draw(vouchers(0))
        numbers[voucher.year] += 1
        county.append(replace(voucher, number=numbers[voucher.year]))
    twin = draw(st.booleans())
    if twin:  # an honest second payment that is equal in everything but its number
        one = draw(st.sampled_from(county))
        numbers[one.year] += 1
        county.append(replace(one, number=numbers[one.year]))
    return county


@st.composite
def _shown(draw: st.DrawFn, county: Sequence[Voucher]) -> list[Row]:
    """What a list shows: of one month, of all months up to one, or of some payments."""
    month = draw(st.sampled_from([3, 6, 9, 12, 12]))
    sort = draw(st.sampled_from(["month", "cumulative", "cumulative", "some"]))
    rows = []
    for voucher in county:
        now, before = voucher.shown(month), voucher.shown(month - 3)
        shown = now if sort != "month" or now != before else ""
        if shown and (sort != "some" or draw(st.booleans())):
            rows += voucher.rows(shown)
    shuffled: list[Row] = draw(st.permutations(rows)) if draw(st.booleans()) else rows
    return shuffled


def _with_faults(draw: st.DrawFn, rows: Sequence[Row], way: str) -> list[Row]:
    """Some rows that are their voucher's only line become unreadable."""
    lines: defaultdict[tuple[int, ...], int] = defaultdict(int)
    for row in rows:
        lines[row.key[:2]] += 1
    found = []
    for row in rows:
        found.append(row)
        alone = lines[row.key[:2]] == 1 and row.status == "paid" and row.fen > 0
        if alone and draw(st.integers(0, 2)) == 0:
            fault = draw(st.sampled_from(FAULTS))
            fault = "letter" if way == "without" and fault == "mangled" else fault
            found[-1] = replace(row, fault=fault)
    return found


def _altered(draw: st.DrawFn, rows: Sequence[Row]) -> list[Row]:
    """The rows of a voucher, the first of them with another amount, day, project or status."""
    first = rows[0]
    sort = draw(st.sampled_from(["fen", "day", "project", "status"]))
    if sort == "day":
        first = replace(first, day=first.day.replace(day=first.day.day % 28 + 1))
    elif sort == "project":
        line = replace(first.line, project=(first.line.project + 1) % len(PROJECTS))
        first = replace(first, line=line)
    elif sort == "status" and first.status in ("paid", "voided") and not first.line.correction:
        first = replace(first, status="voided" if first.status == "paid" else "paid")
    else:
        first = replace(first, fen=first.fen * 2 or 7)
    return [first, *rows[1:]]
