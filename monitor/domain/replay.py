"""What would be recorded of some payment documents if only certain lists had been imported.

Pure: it tells, list by list in the order of import, what `landing` decides about each document.
Taking an import back is to record what comes out without it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from monitor.domain.landing import (
    Documents,
    Landing,
    Met,
    Recorded,
    documents,
    same_content,
    second_number,
)
from monitor.domain.payment import Content, Numbered

Place = tuple[int, int]
"""A row of a list: import id and line."""


class Rejected(NamedTuple):
    """A row that a list could not be read for; `months` are those that the list covers."""

    line: int
    number: str
    content: str
    months: Sequence[str]


class Decision(NamedTuple):
    """What a person said of a row that contradicts what is recorded.

    Not `keep_new`: it yields to payments of these contents.
    """

    keep_new: bool
    contents: Sequence[Content]


@dataclass(frozen=True, slots=True)
class Shown:
    """What one list shows of the documents: payments in the order of its lines, rejected rows.

    By line: the rejected rows that rows came back for, and what was decided about rows. A list
    that is not `in_force` is there for its rejected rows alone, which others came back for.
    """

    import_id: int
    lines: Sequence[Numbered]
    rejected: Sequence[Rejected] = ()
    back: Mapping[int, Place] = field(default_factory=dict)
    decided: Mapping[int, Decision] = field(default_factory=dict)
    in_force: bool = True


@dataclass(slots=True)
class Stand:
    """A payment in force at the end, by the list that brought it.

    `seconds` are the second numbers that later lists give it, by import: meaning and number.
    `conflicts` are the rows of later lists that contradict it, undecided; `places` all rows of
    lists that show it.
    """

    import_id: int
    line: Numbered
    seconds: dict[int, tuple[str, str]] = field(default_factory=dict)
    conflicts: list[tuple[int, Numbered]] = field(default_factory=list)
    places: set[Place] = field(default_factory=set)

    @property
    def year(self) -> int:
        return self.line.payment.pay_date.year


@dataclass(slots=True)
class Replayed:
    """The payments in force after some lists, and the rows whose decisions had an effect."""

    stands: list[Stand]
    decided: set[Place]


def replay(lists: Iterable[Shown]) -> Replayed:
    """What is recorded after these lists, which are in the order of import."""
    replaying = _Replaying()
    for shown in lists:
        replaying.take(shown)
    return Replayed(list(replaying.stands.values()), replaying.decided)


@dataclass(slots=True)
class _Replaying:
    stands: dict[int, Stand] = field(default_factory=dict)
    decided: set[Place] = field(default_factory=set)
    _rejected: list[tuple[Shown, Rejected]] = field(default_factory=list)
    _back: dict[Place, Place] = field(default_factory=dict)
    _next: int = 1

    def take(self, shown: Shown) -> None:
        by_year: defaultdict[int, list[Numbered]] = defaultdict(list)
        for line in shown.lines:
            by_year[line.payment.pay_date.year].append(line)
        for year, lines in sorted(by_year.items()):
            self._settle(shown, year, lines)
        self._rejected += [(shown, each) for each in shown.rejected]
        self._back.update({(shown.import_id, line): key for line, key in shown.back.items()})

    def _settle(self, shown: Shown, year: int, lines: Sequence[Numbered]) -> None:
        met, beside = self._recorded(year), self._beside(shown)
        landing, import_id = Landing(), shown.import_id
        grouped = documents(lines)
        unread = Counter(each.number for each in shown.rejected if each.number)
        for (_, number), document in grouped.items():
            landing.settle(document, met.met_by(document, unread[number]), beside)
        for gone in landing.replaced:
            self.stands.pop(gone.id, None)
        for line in landing.new:
            self._bring_in(import_id, line)
        for line, kept in landing.known:
            second = second_number(line, kept)
            if second:
                self.stands[kept.id].seconds[import_id] = second
            self.stands[kept.id].places.add((import_id, line.payment.line))
        of_document: defaultdict[str, list[tuple[Numbered, Recorded]]] = defaultdict(list)
        for line, kept in landing.conflicts:
            of_document[line.number].append((line, kept))
        for number, pairs in of_document.items():
            self._contradict(shown, met.met_by(grouped[year, number]), pairs)

    def _bring_in(self, import_id: int, line: Numbered) -> None:
        places = {(import_id, line.payment.line)}
        self.stands[self._next] = Stand(import_id, line, places=places)
        self._next += 1

    def _contradict(
        self, shown: Shown, met: Met, pairs: Sequence[tuple[Numbered, Recorded]]
    ) -> None:
        """The conflicts of one document: decided as people did, else open."""
        told = [shown.decided.get(line.payment.line) for line, _ in pairs]
        if any(each and each.keep_new for each in told):
            self._exchange(shown, met, pairs)
            return
        for (line, kept), decision in zip(pairs, told, strict=True):
            place = (shown.import_id, line.payment.line)
            if decision and any(same_content(kept.content, c) for c in decision.contents):
                self.decided.add(place)
            elif kept.id in self.stands:
                self.stands[kept.id].conflicts.append((shown.import_id, line))

    def _exchange(self, shown: Shown, met: Met, pairs: Sequence[tuple[Numbered, Recorded]]) -> None:
        """The list's version comes in the place of what is recorded."""
        self.decided.update((shown.import_id, line.payment.line) for line, _ in pairs)
        gone = {kept.id for _, kept in pairs}
        alone = all(line.payment.line in shown.back for line, _ in pairs)
        if not alone and met.whole:
            gone |= {each.id for each in met.lines}
        for id_ in gone:
            self.stands.pop(id_, None)
        for line, _ in pairs:
            self._bring_in(shown.import_id, line)

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

    def _beside(self, shown: Shown) -> dict[int, set[int]]:
        """By line that came back, the payments that are other rows of the rejected one's list."""
        found: dict[int, set[int]] = {}
        for line, rejected in shown.back.items():
            found[line] = set()
            for id_, stand in self.stands.items():
                returned = {self._back[place] for place in stand.places if place in self._back}
                lists = {import_id for import_id, _ in stand.places | returned}
                if rejected[0] in lists and rejected not in returned:
                    found[line].add(id_)
        return found

    def _awaited(self, year: int) -> Counter[str]:
        """How many rejected rows of each number wait to be mended, as the store counts them."""
        identities = self._identities()
        settled = {
            identities[rejected]
            for back, rejected in self._back.items()
            if rejected in identities and identities.get(back) != identities[rejected]
        }
        first: dict[tuple[str, int], tuple[int, Rejected]] = {}
        for shown, each in self._rejected:
            if shown.in_force:
                identity = identities[shown.import_id, each.line]
                first.setdefault(identity, (shown.import_id, each))
        rejected = Counter((import_id, each.number) for import_id, each in first.values())
        came_in: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        for stand in self.stands.values():
            came_in[stand.line.number].append((stand.year, stand.import_id))
        waiting: Counter[str] = Counter()
        for identity, (import_id, each) in first.items():
            mended = sum(
                later > import_id and _is_of(of_year, each.months)
                for of_year, later in came_in[each.number]
            )
            open_ = mended < rejected[import_id, each.number] and identity not in settled
            if open_ and _is_of(year, each.months):
                waiting[each.number] += 1
        return waiting

    def _identities(self) -> dict[Place, tuple[str, int]]:
        """What makes rejected rows of several lists the same row."""
        seen: Counter[tuple[int, str]] = Counter()
        found: dict[Place, tuple[str, int]] = {}
        for shown, each in self._rejected:
            place = (shown.import_id, each.line)
            before = found.get(self._back[place]) if place in self._back else None
            if before and before[0] == each.content:
                found[place] = before
            else:
                seen[shown.import_id, each.content] += 1
                found[place] = (each.content, seen[shown.import_id, each.content])
        return found


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
