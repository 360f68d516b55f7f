"""Which payment a refund returns: the one that its list names, or the only one that fits.

Rule: domain notes, D16. A refund that no payment of its year covers may return an earlier year's:
it counts all the same, and a person decides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class Line(NamedTuple):
    """A counted line of one year. `amount_fen` of a refund is negative.

    `owner` is whatever says whose money it is: the project, or unit and wording where there is
    none. `names` are the numbers by which other lists may call it, `original` what a refund says
    of the payment that it returns. Dates are ISO texts; texts are normalised.
    """

    key: int
    document: str
    owner: str
    payee: str
    pay_date: str
    amount_fen: int
    names: tuple[str, ...] = ()
    original: str = ""


class Bond(StrEnum):
    """How sure it is what a refund returns."""

    NAMED = "named"  # the list names it
    ONLY = "only"  # one payment fits, no other
    SEVERAL = "several"  # more than one fits
    EARLIER = "earlier"  # none of this year does: 疑似上年退回

    @property
    def label(self) -> str:
        return _LABELS[self.value]


_LABELS = {
    "named": "清单写明",
    "only": "唯一相符",
    "several": "有多笔相符",
    "earlier": "疑似上年退回",
}


class Link(NamedTuple):
    """A refund with the payment that it returns, and how many of this year fit."""

    refund: int
    bond: Bond
    payment: int | None
    fitting: int


@dataclass(slots=True)
class _Left:
    """What of each payment no refund has returned yet, in fen."""

    fen: dict[int, int] = field(default_factory=dict)

    def take(self, payment: Line, refund: Line) -> None:
        self.fen[payment.key] = self.of(payment) + refund.amount_fen

    def of(self, payment: Line) -> int:
        return self.fen.get(payment.key, payment.amount_fen)


def link(lines: Iterable[Line]) -> list[Link]:
    """One link for every refund among the lines of a year, by date.

    What the lists name is settled first, so that the order of the refunds does not matter to it.
    A correction, whose lines sum to nothing under one number, moves money between projects.
    """
    listed = list(lines)
    returned = [x for x in listed if x.amount_fen < 0]
    moved = _corrections(listed, {x.document for x in returned})
    refunds = sorted(
        (x for x in returned if x.document not in moved), key=lambda x: (x.pay_date, x.key)
    )
    named, owners = {x.original for x in refunds}, {(x.owner, x.payee) for x in refunds}
    by_name: defaultdict[str, list[Line]] = defaultdict(list)
    by_owner: defaultdict[tuple[str, str], list[Line]] = defaultdict(list)
    for payment in listed:
        if payment.amount_fen <= 0 or payment.document in moved:
            continue
        for name in named.intersection(payment.names):
            by_name[name].append(payment)
        if (payment.owner, payment.payee) in owners:
            by_owner[payment.owner, payment.payee].append(payment)
    left = _Left()
    found = {refund.key: _named(refund, by_name, left) for refund in refunds if refund.original}
    for refund in refunds:
        if refund.key not in found:
            found[refund.key] = _only(refund, by_owner[refund.owner, refund.payee], left)
    return [found[refund.key] for refund in refunds]


def _corrections(lines: Iterable[Line], asked: Collection[str]) -> set[str]:
    """Which of these documents only move money between projects."""
    documents: defaultdict[str, list[Line]] = defaultdict(list)
    for each in lines:
        if each.document in asked:
            documents[each.document].append(each)
    return {number for number, document in documents.items() if _is_correction(document)}


def _is_correction(document: Sequence[Line]) -> bool:
    moved = sum(x.amount_fen for x in document) == 0
    return moved and len({x.owner for x in document}) > 1


def _named(refund: Line, by_name: Mapping[str, Sequence[Line]], left: _Left) -> Link:
    """Of several lines under the name that one which is of the same money, where it is one."""
    lines = by_name.get(refund.original, ())
    alike = [x for x in lines if x.owner == refund.owner and left.of(x) + refund.amount_fen >= 0]
    same = [x for x in alike if x.payee == refund.payee] or alike or list(lines)
    if not same:
        return Link(refund.key, Bond.EARLIER, None, 0)
    if len(same) > 1:
        return Link(refund.key, Bond.SEVERAL, None, len(same))
    left.take(same[0], refund)
    return Link(refund.key, Bond.NAMED, same[0].key, 1)


def _only(refund: Line, alike: Iterable[Line], left: _Left) -> Link:
    """The one payment of which enough is left: it may be returned bit by bit."""
    fitting = [
        payment
        for payment in alike
        if payment.pay_date <= refund.pay_date and left.of(payment) + refund.amount_fen >= 0
    ]
    if len(fitting) != 1:
        bond = Bond.SEVERAL if fitting else Bond.EARLIER
        return Link(refund.key, bond, None, len(fitting))
    left.take(fitting[0], refund)
    return Link(refund.key, Bond.ONLY, fitting[0].key, 1)
