"""How the rows of a new list stand to what is recorded: counted once, never twice, or asked.

Rule: a list is compared document by document, line by line (domain notes, section 3, Identity).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from monitor.domain.payment import Content, Numbered, Status


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recorded line of a payment document, with what it is compared by.

    `application` or `voucher` may come from a later list that gave both (see `second_number`).
    """

    id: int
    number: str
    ordinal: int
    application: str
    voucher: str
    content: Content


@dataclass(frozen=True, slots=True)
class Met:
    """The recorded lines of a document; not `whole` where a list names only a part of them.

    `doubles` are lines recorded under its voucher alone: the same money once more, where they
    are equal.
    `awaited` is how many rejected lines of its number have not come back mended, `unread` how
    many rows of the list itself under that number cannot be read.
    """

    lines: Sequence[Recorded]
    whole: bool = True
    doubles: Sequence[Recorded] = ()
    awaited: int = 0
    unread: int = 0


@dataclass(frozen=True, slots=True)
class Documents:
    """The recorded lines of one year that a list may meet: by document number, by voucher."""

    by_number: Mapping[str, Sequence[Recorded]]
    by_voucher: Mapping[str, Sequence[Recorded]]
    rejected: Mapping[str, int] = field(default_factory=dict)

    def met_by(self, lines: Sequence[Numbered], unread: int = 0) -> Met:
        """The recorded lines of the same document, under whichever of its two names.

        A list that names vouchers only meets the lines that another list gave with applications
        of the same voucher, and the other way round. `unread` as in `Met`.
        """
        return replace(self._met_by(lines), unread=unread)

    def _met_by(self, lines: Sequence[Numbered]) -> Met:
        number, first = lines[0].number, lines[0].payment
        named = self.by_number.get(number, ())
        awaited = self.rejected.get(number, 0)
        if not first.application:
            if len(named) == len(lines):
                return Met(named)
            others = (line for line in self.by_voucher.get(number, ()) if line not in named)
            return Met([*named, *others], awaited=awaited)
        vouchers = dict.fromkeys(line.payment.voucher for line in lines)
        found = (line for voucher in vouchers for line in self.by_number.get(voucher, ()))
        alone = [line for line in found if not line.application and line not in named]
        if named:
            return Met(named, doubles=alone, awaited=awaited)
        return Met(alone, whole=False)


@dataclass(slots=True)
class Landing:
    """What becomes of the rows of a list: new, known as a recorded line, or in conflict with it.

    `replaced` are recorded lines that go: in transit, where the list shows what became of them;
    and those that it shows to be another one's double, under its other number.
    """

    new: list[Numbered] = field(default_factory=list)
    known: list[tuple[Numbered, Recorded]] = field(default_factory=list)
    conflicts: list[tuple[Numbered, Recorded]] = field(default_factory=list)
    replaced: list[Recorded] = field(default_factory=list)
    _repeated: set[int] = field(default_factory=set)

    def settle(
        self,
        lines: Sequence[Numbered],
        met: Met,
        beside: Mapping[int, Collection[int]] = MappingProxyType({}),
    ) -> None:
        """Decides about the lines of one document, of which `met` is recorded.

        `beside` says, for a row (by its line in the file) that came back for a rejected one, which
        recorded lines are other rows of the rejected one's list: it can be none of them.

        A list that still shows in transit what is recorded as final says nothing new. Any other
        difference is a conflict: what came first stays counted until somebody decides.
        """
        back = [line for line in lines if beside.get(line.payment.line)]
        if back:
            lines = [line for line in lines if line not in back]
            if lines:
                self.settle(lines, met)
            for line in back:
                self._settle_returned(line, met, beside[line.payment.line])
            return
        pairs = self._pair(lines, met)
        if not met.lines:
            self.new += lines
        elif pairs is not None:
            self._repeated.update(recorded.id for _, recorded in pairs)
            self.known += pairs
            doubles = [each for each in met.doubles if each not in self.replaced]
            for line, _ in pairs:
                if (double := _same_as(line, doubles)) is not None:
                    doubles.remove(double)
                    self.replaced.append(double)
        elif all(line.content.status == Status.IN_TRANSIT for line in met.lines):
            self.new += lines
            self.replaced += met.lines
        elif mended := self._mended(lines, met):
            self.new += mended
        else:
            stale = all(line.payment.status is Status.IN_TRANSIT for line in lines)
            last = len(met.lines) - 1
            held = [(line, met.lines[min(at, last)]) for at, line in enumerate(lines)]
            (self.known if stale else self.conflicts).extend(held)

    def _settle_returned(self, line: Numbered, met: Met, beside: Collection[int]) -> None:
        """A row of which others stand `beside` it: one more, unless something else is recorded."""
        others = [r for r in met.lines if r.id not in beside and r.id not in self._repeated]
        same = _same_as(line, others)
        if same is not None:
            self._repeated.add(same.id)
            self.known.append((line, same))
        elif others:
            self.conflicts.append((line, others[0]))
        else:
            taken = [each.ordinal for each in self.new if each.number == line.number]
            last = max((*taken, *(recorded.ordinal for recorded in met.lines)))
            self.new.append(replace(line, ordinal=last + 1))

    def _mended(self, lines: Sequence[Numbered], met: Met) -> list[Numbered]:
        """The lines that come back mended, where all recorded ones are listed beside them.

        They take the next places in the document; which place the rejected row had is not known.
        """
        left, further, known = list(met.lines), [], []
        for line in lines:
            same = _same_as(line, left)
            if same is None:
                further.append(line)
            else:
                left.remove(same)
                known.append((line, same))
        if left or not 0 < len(further) <= met.awaited:
            return []
        self.known += known
        last = max(recorded.ordinal for recorded in met.lines)
        return [replace(line, ordinal=at) for at, line in enumerate(further, last + 1)]

    def _pair(self, lines: Sequence[Numbered], met: Met) -> list[tuple[Numbered, Recorded]] | None:
        """Each line with a recorded one of the same content; None unless all pair off.

        A recorded line is repeated once by a list, never twice. Those left over may be the rows
        of the list that cannot be read.
        """
        left = [recorded for recorded in met.lines if recorded.id not in self._repeated]
        pairs = []
        for line in lines:
            same = _same_as(line, left)
            if same is None:
                return None
            left.remove(same)
            pairs.append((line, same))
        return None if len(left) > met.unread and met.whole else pairs


def _same_as(line: Numbered, recorded: Iterable[Recorded]) -> Recorded | None:
    return next((r for r in recorded if same_content(r.content, line.payment.content)), None)


def documents(lines: Iterable[Numbered]) -> dict[tuple[int, str], list[Numbered]]:
    """The lines of a list by (year, number): each group is one payment document."""
    grouped: dict[tuple[int, str], list[Numbered]] = {}
    for line in lines:
        grouped.setdefault((line.payment.pay_date.year, line.number), []).append(line)
    return grouped


def second_number(line: Numbered, kept: Recorded) -> tuple[str, str] | None:
    """The number that a list gives a recorded line beside its own: its meaning and itself.

    Without it, a third list that has this number alone would count the payment again.
    """
    payment = line.payment
    if not same_content(kept.content, payment.content):
        return None
    if payment.application and not kept.application and payment.application != kept.number:
        return "application", payment.application
    if payment.voucher and not kept.voucher and payment.voucher != kept.number:
        return "voucher", payment.voucher
    return None


def same_content(one: Content, other: Content) -> bool:
    """Equal in date, amount, status and project; units too, where both lists name them."""
    units = {one.unit_code, other.unit_code}
    return one[:-1] == other[:-1] and (len(units) == 1 or "" in units)
