"""A small county as it truly is: payments with their history, and what any list may show of them.

`Truth` is the model: it knows which true line every row stands for, so it neither parses nor
guesses. It says what becomes of each row of a list, and what is counted in the end.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby

from hypothesis import strategies as st

YEARS = (2025, 2024)
WAYS = {  # which numbers the lists of one county give
    "applications": ("both", "application"),
    "vouchers": ("voucher", "both"),
    "joined": ("both", "voucher", "application"),
    "without": ("none",),
}
FAULTS = ("letter", "no amount", "no such day", "no date", "status", "mangled", "too long")
UNREADABLE = ("letter", "no amount", "too long")  # the faults that leave no amount to add up


@dataclass(frozen=True, slots=True)
class Project:
    """What lists say of a project; `code` is blank where they name it only."""

    unit_code: str
    unit_name: str
    code: str
    name: str
    monitored_as: str = ""


CODES = ("13022925P00JXC4198855", "13022925P00JXC4198951", "13022925P00JXC4198846")
PROJECTS = (
    Project("434001", "某办公室本级", CODES[0], "热线服务", CODES[0]),
    Project("434001", "某办公室本级", CODES[1], "2021年设备更新", CODES[1]),
    Project("434001", "某办公室本级", "", "热线服务", CODES[0]),
    Project("502003", "某县教育局", CODES[2], "校舍维修（第二批）", CODES[2]),
    Project("502003", "某县教育局", "19070125Y00XX00000017", "人员经费"),
    Project("610001", "某镇政府", "BASIC0000001", "日常运转"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a payment document as it truly is; `fen` is negative for money that came back."""

    project: int
    day: int
    fen: int
    purpose: str
    payee: str
    correction: bool = False
    earlier_year: bool = False


@dataclass(frozen=True, slots=True)
class Voucher:
    """A voucher with the lines of each of its applications, and its history.

    Lists show it in transit from month `transit` on, as it ended from month `seen` on.
    """

    year: int
    number: int
    applications: tuple[tuple[Line, ...], ...]
    month: int
    seen: int
    transit: int = 0
    voided: bool = False

    def shown(self, month: int) -> str:
        """How a list made at the end of `month` shows it: '' where it does not."""
        if month >= self.seen:
            return "final"
        return "transit" if 0 < self.transit <= month else ""

    def rows(self, shown: str) -> list[Row]:
        return [
            Row(
                key=(self.year, self.number, n, at),
                application=f"A{self.number:03}{n}",
                voucher=f"V{self.number:04}",
                day=date(self.year, self.transit if shown == "transit" else self.month, line.day),
                fen=line.fen,
                status="in_transit" if shown == "transit" else self._status(line),
                line=line,
            )
            for n, lines in enumerate(self.applications)
            for at, line in enumerate(lines)
        ]

    def _status(self, line: Line) -> str:
        if self.voided:
            return "voided"
        if line.fen < 0:
            return "earlier_year" if line.earlier_year else "refunded"
        return "paid"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a list, and the true line `key` that it stands for."""

    key: tuple[int, int, int, int]
    application: str
    voucher: str
    day: date
    fen: int
    status: str
    line: Line
    fault: str = ""

    @property
    def project(self) -> Project:
        return PROJECTS[self.line.project]

    @property
    def counts(self) -> bool:
        return self.status in ("paid", "refunded")

    @property
    def content(self) -> tuple[object, ...]:
        """All that it says but for its number."""
        line = self.line
        return (self.day, self.fen, self.status, line.project, line.purpose, line.payee)

    def number(self, numbers: str) -> str:
        """The number that a list with these `numbers` calls it by."""
        if numbers == "none":
            return ""
        return self.voucher if numbers == "voucher" else self.application

    def document(self, numbers: str) -> tuple[int, ...]:
        """What the rows of one document share in a list with these `numbers`."""
        return self.key[:2] if numbers == "voucher" else self.key[:3]


@dataclass(slots=True)
class Truth:
    """What is recorded after some lists: by true line, or by content where there are no numbers."""

    recorded: dict[tuple[object, ...], Row] = field(default_factory=dict)
    conflicts: int = 0
    rejected: dict[tuple[int, ...], str] = field(default_factory=dict)

    def imported(self, rows: Sequence[Row], numbers: str) -> dict[str, tuple[int, int]]:
        """Takes in a list; gives its receipt: outcome → rows and fen."""
        faulty = [row for row in rows if row.fault]
        outcomes = [("rejected", row) for row in faulty]
        readable = [row for row in rows if not row.fault]
        for row in faulty:
            if row.fault != "mangled":
                self.rejected[row.key] = row.number(numbers)
        if numbers == "none":
            outcomes += self._by_content(readable)
        else:
            readable.sort(key=lambda row: row.key)
            for _, group in groupby(readable, lambda row: row.document(numbers)):
                outcomes += self._document(list(group))
        receipt: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
        for outcome, row in outcomes:
            receipt[outcome][0] += 1
            receipt[outcome][1] += 0 if row.fault in UNREADABLE else row.fen
        return {outcome: (lines, fen) for outcome, (lines, fen) in receipt.items()}

    def _by_content(self, rows: Iterable[Row]) -> list[tuple[str, Row]]:
        """Equal rows are told apart by how often they stood in the list before."""
        stood: Counter[tuple[object, ...]] = Counter()
        outcomes = []
        for row in rows:
            stood[row.content] += 1
            key = (*row.content, stood[row.content])
            outcomes.append(("known" if key in self.recorded else _of_new(row), row))
            self.recorded.setdefault(key, row)
        return outcomes

    def _document(self, rows: list[Row]) -> list[tuple[str, Row]]:
        before = [self.recorded.get(row.key) for row in rows]
        pairs = [(old, row) for old, row in zip(before, rows, strict=True) if old]
        if pairs and all(row.status == "in_transit" for row in rows):
            return [("known", row) for row in rows]
        if all(old.status == "in_transit" for old, _ in pairs):  # or none is recorded
            self.recorded.update((row.key, row) for row in rows)
            return [(_of_new(row), row) for row in rows]
        if all(old.content == row.content for old, row in pairs):  # further lines came mended
            self.recorded |= {row.key: row for row in rows}
            known = [row for _, row in pairs]
            return [("known" if row in known else _of_new(row), row) for row in rows]
        self.conflicts += len(rows)
        return [("conflict", row) for row in rows]

    def monthly(self, year: int) -> dict[str, tuple[int, ...]]:
        """By monitored project what was paid in each month."""
        sums: defaultdict[str, list[int]] = defaultdict(lambda: [0] * 12)
        for row in self.recorded.values():
            if row.counts and row.day.year == year and row.project.monitored_as:
                sums[row.project.monitored_as][row.day.month - 1] += row.fen
        return {code: tuple(months) for code, months in sums.items()}

    def paid(self, on: date) -> dict[str, tuple[int, int]]:
        """By monitored project the sum and the lines of the year up to a day."""
        found: dict[str, tuple[int, int]] = dict.fromkeys(CODES, (0, 0))
        for row in self.recorded.values():
            code = row.project.monitored_as
            if code and row.counts and row.day.year == on.year and row.day <= on:
                found[code] = (found[code][0] + row.fen, found[code][1] + 1)
        return found

    def unmatched(self) -> Counter[tuple[str, int]]:
        rows = self.recorded.values()
        return Counter(
            (row.project.code, row.fen)
            for row in rows
            if row.counts and not row.project.monitored_as
        )

    def never_came(self) -> set[str]:
        """The numbers of rejected rows of which no list ever showed a readable one."""
        came = {row.key for row in self.recorded.values()}
        numbers = {
            number for row in self.recorded.values() for number in (row.application, row.voucher)
        }
        return {number for key, number in self.rejected.items() if key not in came} - numbers - {""}


def _of_new(row: Row) -> str:
    if row.counts:
        return "counted" if row.project.monitored_as else "unmatched"
    return row.status


_PURPOSES = ("货款", "电费，三月", '"急"件,运费;税', "第一笔\n补列", "合计发放补助", "冲销重付")
_LINES = st.builds(
    Line,
    st.integers(0, len(PROJECTS) - 1),
    st.integers(1, 28),
    st.one_of(
        st.integers(1, 900), st.integers(0, 10**12), st.sampled_from([10_000, 123_456_700, -50])
    ),
    st.sampled_from(_PURPOSES),
    st.sampled_from(["某公司", "", "张三㙍"]),
)


@st.composite
def vouchers(draw: st.DrawFn, number: int) -> Voucher:
    """A payment, a refund, a correction, or one that failed, with one line or several."""
    sort = draw(st.sampled_from(["pay", "pay", "pay", "several", "refund", "correct", "void"]))
    if sort == "several":
        drawn = draw(st.lists(st.lists(_LINES, min_size=1, max_size=2), min_size=1, max_size=3))
        applications = tuple(map(tuple, drawn))
    else:
        line = draw(_LINES)
        line = replace(line, fen=abs(line.fen))
        if sort == "refund":
            line = replace(line, fen=-line.fen or -1, earlier_year=draw(st.booleans()))
        lines = [line]
        if sort == "correct":
            plus = replace(line, fen=line.fen or 1, correction=True)
            elsewhere = draw(st.integers(0, len(PROJECTS) - 1))
            lines = [plus, replace(plus, fen=-plus.fen, project=elsewhere)]
        applications = (tuple(lines),)
    month = draw(st.integers(1, 12))
    plain = all(line.fen > 0 and not line.correction for each in applications for line in each)
    transit = draw(st.sampled_from([0, max(1, month - 3), max(1, month - 7)])) if plain else 0
    seen = draw(st.integers(month, min(month + 3, 12)))
    year = draw(st.sampled_from((YEARS[0], *YEARS)))
    return Voucher(year, number, applications, month, seen, transit, sort == "void")
