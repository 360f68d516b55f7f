"""What is odd about a payment list as a whole: told in warnings and notes, counted all the same."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from monitor.domain.codes import is_mangled
from monitor.domain.money import yuan
from monitor.domain.payment import Payment, Status
from monitor.errors import Diagnostic, Kind, Place
from monitor.ingest import payment_kinds as kinds
from monitor.ingest.payment_header import Header
from monitor.ingest.profiles import Columns, Meaning

_NAMED_ROWS = 5


@dataclass(slots=True)
class Totals:
    """The sums of the rows so far, at every total line: as printed, and as counted (fen).

    A total may be of the whole list, or of the rows since or until another total line.
    """

    printed_fen: int = 0
    counted_fen: int = 0
    lines: list[tuple[int, str, int]] = field(default_factory=list)
    _sums: list[tuple[int, int]] = field(default_factory=lambda: [(0, 0)])

    def add_line(self, line: int, text: str, fen: int) -> None:
        self.lines.append((line, text, fen))
        self._sums.append((self.printed_fen, self.counted_fen))

    def differing(self) -> Iterator[tuple[int, str]]:
        """Line and text of each total that no sum of rows explains."""
        ends = [*self._sums, (self.printed_fen, self.counted_fen)]
        printed, counted = ({end[way] for end in ends} for way in (0, 1))
        for (line, text, fen), (here_printed, here_counted) in zip(
            self.lines, self._sums[1:], strict=True
        ):
            explained = (
                fen in (self.printed_fen, self.counted_fen)
                or not printed.isdisjoint((here_printed - fen, here_printed + fen))
                or not counted.isdisjoint((here_counted - fen, here_counted + fen))
            )
            if not explained:
                yield line, text


def check_totals(totals: Totals, header: Header, rejected: int, file: str) -> list[Diagnostic]:
    return [
        kinds.TOTAL_DIFFERS.at(
            Place(file, line, _name(header, Meaning.AMOUNT)),
            text,
            all=yuan(totals.printed_fen),
            counted=yuan(totals.counted_fen),
            rejected=rejected,
        )
        for line, text in totals.differing()
    ]


def check_payments(
    payments: Sequence[Payment],
    header: Header,
    columns: Columns,
    months: tuple[str, ...],
    file: str,
) -> list[Diagnostic]:
    """Warnings and notes about payments that were read; one for each kind, naming the rows."""
    refunds = [each for each in payments if each.status is Status.EARLIER_YEAR]
    return [
        *_about(kinds.ACCOUNT_MANGLED, Meaning.ACCOUNT, _mangled_accounts(payments), header, file),
        *_about(kinds.AMOUNT_ZERO, Meaning.AMOUNT, _zeros(payments), header, file),
        *_about(kinds.RED_LETTER, Meaning.PURPOSE, _red_letters(payments, columns), header, file),
        *_outside(payments, months, header, file),
        *_about(kinds.IDENTICAL_ROWS, None, _repeated(payments, header), header, file),
        *_about(kinds.EARLIER_YEAR_REFUND, None, refunds, header, file),
    ]


def _about(
    kind: Kind,
    meaning: Meaning | None,
    found: Iterable[Payment],
    header: Header,
    file: str,
    **fields: object,
) -> list[Diagnostic]:
    rows = list(found)
    if not rows:
        return []
    column = _name(header, meaning)
    text = dict(rows[0].cells)[column] if column else ""
    place = Place(file, rows[0].line, column)
    return [kind.at(place, text, rows=name_rows(rows), **fields)]


def _name(header: Header, meaning: Meaning | None) -> str | None:
    index = header.at.get(meaning) if meaning else None
    return None if index is None else header.names[index]


def name_rows(rows: Sequence[Payment]) -> str:
    named = "、".join(str(row.line) for row in rows[:_NAMED_ROWS])
    return f"第 {named} 行" if len(rows) <= _NAMED_ROWS else f"第 {named} 行等 {len(rows)} 行"


def _mangled_accounts(payments: Iterable[Payment]) -> Iterator[Payment]:
    return (each for each in payments if is_mangled(each.account))


def _zeros(payments: Iterable[Payment]) -> Iterator[Payment]:
    return (each for each in payments if each.amount_fen == 0)


def _red_letters(payments: Iterable[Payment], columns: Columns) -> Iterator[Payment]:
    for each in payments:
        if each.status is Status.PAID and each.amount_fen > 0:
            for word in columns.red_letter:
                if word in each.purpose:
                    yield each
                    break


def _outside(
    payments: Sequence[Payment], months: tuple[str, ...], header: Header, file: str
) -> list[Diagnostic]:
    """One diagnostic for each month that the list has payments of but is not said to cover.

    Earlier months of the year are usual (cumulative lists, late rows), others ask for a look.
    """
    month_of = {day: f"{day:%Y-%m}" for day in {each.pay_date for each in payments}}
    outside: defaultdict[str, list[Payment]] = defaultdict(list)
    if not set(month_of.values()) <= set(months):
        for each in payments:
            if (month := month_of[each.pay_date]) not in months:
                outside[month].append(each)
    covered = " 至 ".join(dict.fromkeys((*months[:1], *months[-1:])))
    return [
        diagnostic
        for month in sorted(outside)
        for diagnostic in _about(
            _outside_kind(month, months),
            Meaning.PAY_DATE,
            outside[month],
            header,
            file,
            month=month,
            months=covered,
        )
    ]


def _outside_kind(month: str, months: tuple[str, ...]) -> Kind:
    first = min(months)
    earlier = month < first and month[:4] == first[:4]
    return kinds.EARLIER_MONTH if earlier else kinds.OUTSIDE_MONTHS


def _repeated(payments: Iterable[Payment], header: Header) -> Iterator[Payment]:
    """Rows that say nothing but what an earlier row of the same number says."""
    rows = list(payments)
    numbers = Counter(each.document for each in rows)
    index = header.at.get(Meaning.INDEX)
    seen: set[tuple[str, ...]] = set()
    for each in rows:
        if numbers[each.document] > 1:
            texts = tuple(text for n, (_, text) in enumerate(each.cells) if n != index)
            if texts in seen:
                yield each
            seen.add(texts)
