"""What would be recorded of some payment documents if only certain lists had been imported.

Pure: it tells, list by list in the order of import, what `landing` decides about each document.
Taking an import back is to record what comes out without it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from monitor.domain.landing import Documents, Landing, Recorded, documents, second_number
from monitor.domain.payment import Numbered


class Rejected(NamedTuple):
    """A row that a list could not be read for; `months` are those that the list covers."""

    number: str
    content: str
    months: Sequence[str]


@dataclass(frozen=True, slots=True)
class Shown:
    """What one list shows of the documents: payments in the order of its lines, rejected rows."""

    import_id: int
    lines: Sequence[Numbered]
    rejected: Sequence[Rejected] = ()


@dataclass(slots=True)
class Stand:
    """A payment in force at the end, by the list that brought it.

    `seconds` are the second numbers that later lists give it, by import: meaning and number.
    `conflicts` are the rows of later lists that contradict it.
    """

    import_id: int
    line: Numbered
    seconds: dict[int, tuple[str, str]] = field(default_factory=dict)
    conflicts: list[tuple[int, Numbered]] = field(default_factory=list)

    @property
    def year(self) -> int:
        return self.line.payment.pay_date.year


def replay(lists: Iterable[Shown]) -> list[Stand]:
    """The payments in force after these lists, which are in the order of import."""
    replaying = _Replaying()
    for shown in lists:
        replaying.take(shown)
    return list(replaying.stands.values())


@dataclass(slots=True)
class _Replaying:
    stands: dict[int, Stand] = field(default_factory=dict)
    _rejected: list[tuple[int, Rejected]] = field(default_factory=list)
    _next: int = 1

    def take(self, shown: Shown) -> None:
        by_year: defaultdict[int, list[Numbered]] = defaultdict(list)
        for line in shown.lines:
            by_year[line.payment.pay_date.year].append(line)
        for year, lines in sorted(by_year.items()):
            self._settle(shown.import_id, year, lines)
        self._rejected += [(shown.import_id, each) for each in shown.rejected]

    def _settle(self, import_id: int, year: int, lines: Sequence[Numbered]) -> None:
        met = self._recorded(year)
        landing = Landing()
        for document in documents(lines).values():
            landing.settle(document, met.met_by(document))
        for gone in landing.replaced:
            self.stands.pop(gone.id, None)
        for line in landing.new:
            self.stands[self._next] = Stand(import_id, line)
            self._next += 1
        for line, kept in landing.known:
            second = second_number(line, kept)
            if second:
                self.stands[kept.id].seconds[import_id] = second
        for line, kept in landing.conflicts:
            self.stands[kept.id].conflicts.append((import_id, line))

    def _recorded(self, year: int) -> Documents:
        here = [(id_, each) for id_, each in self.stands.items() if each.year == year]
        here.sort(key=lambda pair: (pair[1].line.number, pair[1].line.ordinal))
        by_number: defaultdict[str, list[Recorded]] = defaultdict(list)
        by_voucher: defaultdict[str, list[Recorded]] = defaultdict(list)
        for line in (recorded(id_, each) for id_, each in here):
            for number in {line.number, line.application} - {""}:
                by_number[number].append(line)
            if line.voucher:
                by_voucher[line.voucher].append(line)
        return Documents(by_number, by_voucher, self._awaited(year))

    def _awaited(self, year: int) -> Counter[str]:
        """How many rejected rows of each number wait to be mended, as the store counts them."""
        first: dict[str, int] = {}
        once = [
            (import_id, each)
            for import_id, each in self._rejected
            if each.number and first.setdefault(each.content, import_id) == import_id
        ]
        rejected = Counter((import_id, each.number) for import_id, each in once)
        came_in: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        for stand in self.stands.values():
            came_in[stand.line.number].append((stand.year, stand.import_id))
        waiting: Counter[str] = Counter()
        for import_id, each in once:
            mended = sum(
                later > import_id and _is_of(of_year, each.months)
                for of_year, later in came_in[each.number]
            )
            if _is_of(year, each.months) and mended < rejected[import_id, each.number]:
                waiting[each.number] += 1
        return waiting


def recorded(id_: int, stand: Stand) -> Recorded:
    """A payment in force as further lists meet it; `id_` is the caller's."""
    payment = stand.line.payment
    named = {"application": payment.application, "voucher": payment.voucher}
    named.update(dict(stand.seconds.values()))
    return Recorded(
        id=id_,
        number=stand.line.number,
        ordinal=stand.line.ordinal,
        application=named["application"],
        voucher=named["voucher"],
        content=payment.content,
    )


def _is_of(year: int, months: Sequence[str]) -> bool:
    return not months or any(month.startswith(f"{year}-") for month in months)
