"""What is odd about a payment list as a whole: told in warnings and notes, counted all the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from monitor.domain.codes import is_mangled
from monitor.domain.money import yuan
from monitor.domain.payment import Status
from monitor.errors import Diagnostic, Kind, Place
from monitor.ingest import payment_kinds as kinds
from monitor.ingest.payment_header import Header
from monitor.ingest.profiles import Columns, Meaning

_NAMED_ROWS = 5

Found = tuple[int, list[int], str]
"""How many rows, the first lines, and the text of the first."""


@dataclass(slots=True)
class Totals:
    """The sums of the rows so far, at every total line: as printed, and as counted (fen).

    A total may be of the whole list, or of the rows since or until another total line.
    """

    printed_fen: int = 0
    counted_fen: int = 0
    lines: list[tuple[int, str, int]] = field(default_factory=list)
    _sums: list[tuple[int, int]] = field(default_factory=lambda: [(0, 0)])

    def add_line(self, line: int, text: str, fen: int, *before: int) -> None:
        """`before` are the two sums since `add_rows` was last called."""
        printed, counted = before or (0, 0)
        self.lines.append((line, text, fen))
        self._sums.append((self.printed_fen + printed, self.counted_fen + counted))

    def add_rows(self, printed_fen: int, counted_fen: int) -> None:
        self.printed_fen += printed_fen
        self.counted_fen += counted_fen

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


def check_totals(
    totals: Totals, kind: Kind, header: Header, rejected: int, file: str
) -> list[Diagnostic]:
    """One diagnostic of this kind for each total line that does not fit."""
    return [
        kind.at(
            Place(file, line, _name(header, Meaning.AMOUNT)),
            text,
            all=yuan(totals.printed_fen),
            counted=yuan(totals.counted_fen),
            rejected=rejected,
        )
        for line, text in totals.differing()
    ]


class Oddities:
    """What is odd in the rows of a list, collected block by block.

    `found` is by a diagnostic's id, or by the month of the pay dates, such as `2025-03`.
    """

    def __init__(self, found: Mapping[str, Found] | None = None) -> None:
        self.found: dict[str, Found] = dict(found or {})

    def add(self, key: str, lines: Iterable[int], text: str) -> None:
        """Adds rows; `text` is what the first of them says."""
        listed = list(lines)
        if listed:
            self._put(key, (len(listed), listed[:_NAMED_ROWS], text))

    def merge(self, found: Mapping[str, Found]) -> None:
        """Adds what was found further down in the list."""
        for key, each in found.items():
            self._put(key, each)

    def _put(self, key: str, more: Found) -> None:
        rows, lines, text = self.found.get(key, (0, [], more[2]))
        self.found[key] = (rows + more[0], [*lines, *more[1]][:_NAMED_ROWS], text)

    def look(
        self,
        lines: Sequence[int],
        dates: Sequence[str],
        amounts: Sequence[int],
        statuses: Sequence[str],
        texts: tuple[Sequence[str], Sequence[str], Sequence[str]],
        columns: Columns,
    ) -> None:
        """Looks at columns of payments; `texts` are amounts, accounts and purposes as written."""
        written, accounts, purposes = texts
        rows, first = Counter[str](), dict[str, str]()
        for day, many in Counter(dates).items():
            rows[day[:7]] += many
            first.setdefault(day[:7], day)
        for month, day in first.items():
            named = _first(lines, (each.startswith(month) for each in dates))
            self._put(month, (rows[month], named, day))
        if 0 in amounts:
            self._add_where(kinds.AMOUNT_ZERO, lines, [fen == 0 for fen in amounts], *written)
        if Status.EARLIER_YEAR.value in statuses:
            earlier = [each == Status.EARLIER_YEAR.value for each in statuses]
            self._add_where(kinds.EARLIER_YEAR_REFUND, lines, earlier)
        if (joined := "".join(accounts)) and not joined.isalnum():
            mangled = [is_mangled(text) for text in accounts]
            self._add_where(kinds.ACCOUNT_MANGLED, lines, mangled, *accounts)
        said = "\n".join(purposes)
        if any(word in said for word in columns.red_letter):
            red = [
                fen > 0
                and status == Status.PAID.value
                and any(word in purpose for word in columns.red_letter)
                for fen, status, purpose in zip(amounts, statuses, purposes, strict=True)
            ]
            self._add_where(kinds.RED_LETTER, lines, red, *purposes)

    def _add_where(
        self, kind: Kind, lines: Sequence[int], where: Sequence[bool], *texts: str
    ) -> None:
        if True in where:
            text = texts[where.index(True)].strip() if texts else ""
            self._put(kind.id, (sum(where), _first(lines, where), text))

    def months(self) -> tuple[str, ...]:
        """The months of all pay dates, ascending."""
        return tuple(sorted(key for key in self.found if key[:1].isdigit()))

    def diagnostics(self, header: Header, covered: Sequence[str], file: str) -> list[Diagnostic]:
        """Warnings and notes, one for each kind, naming the rows; `covered` are months."""
        said = [
            self._about(kind.id, kind, meaning, header, file)
            for kind, meaning in (
                (kinds.ACCOUNT_MANGLED, Meaning.ACCOUNT),
                (kinds.AMOUNT_ZERO, Meaning.AMOUNT),
                (kinds.RED_LETTER, Meaning.PURPOSE),
            )
        ]
        months = " 至 ".join(dict.fromkeys((*covered[:1], *covered[-1:])))
        said += [
            self._about(
                month, _outside(month, covered), Meaning.PAY_DATE, header, file,
                month=month, months=months,
            )
            for month in self.months()
            if month not in covered
        ]  # fmt: skip
        said += [
            self._about(kind.id, kind, None, header, file, another=_another(header))
            for kind in (
                kinds.IDENTICAL_ROWS,
                kinds.EARLIER_YEAR_REFUND,
                kinds.FUTURE_DATE,
                kinds.IN_TRANSIT_DATED,
            )
        ]
        return [each for each in said if each]

    def _about(
        self,
        key: str,
        kind: Kind,
        meaning: Meaning | None,
        header: Header,
        file: str,
        **fields: object,
    ) -> Diagnostic | None:
        if key not in self.found:
            return None
        rows, lines, text = self.found[key]
        column = _name(header, meaning)
        place = Place(file, lines[0], column)
        return kind.at(place, text if column else "", rows=name_lines(lines, rows), **fields)


def name_lines(first: Sequence[int], rows: int) -> str:
    """`第 3、5 行`, `第 3、5、8、9、11 行等 20 行`."""
    named = "、".join(map(str, first[:_NAMED_ROWS]))
    return f"第 {named} 行" if rows <= _NAMED_ROWS else f"第 {named} 行等 {rows} 行"


def _first(lines: Sequence[int], where: Iterable[bool]) -> list[int]:
    found = []
    for line, is_one in zip(lines, where, strict=True):
        if is_one:
            found.append(line)
            if len(found) == _NAMED_ROWS:
                break
    return found


def _another(header: Header) -> str:
    """What a row is that says nothing but what an earlier one says."""
    numbered = {Meaning.APPLICATION, Meaning.VOUCHER}.intersection(header.at)
    return "同一单据的又一行（没有编号的，作为又一笔）" if numbered else "又一笔"


def _outside(month: str, covered: Sequence[str]) -> Kind:
    """Earlier months of the year are usual (cumulative lists, late rows), others ask for a look."""
    first = min(covered)
    earlier = month < first and month[:4] == first[:4]
    return kinds.EARLIER_MONTH if earlier else kinds.OUTSIDE_MONTHS


def _name(header: Header, meaning: Meaning | None) -> str | None:
    index = header.at.get(meaning) if meaning else None
    return None if index is None else header.names[index]
