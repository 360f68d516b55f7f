"""Payments (支付明细) as a list states them, and what makes two rows the same payment."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from monitor.domain.codes import normalise_name


class Status(StrEnum):
    """What a row's status means for the money. Only PAID and REFUNDED count."""

    PAID = "paid"
    REFUNDED = "refunded"
    EARLIER_YEAR = "earlier-year"  # a refund of an earlier year's payment: never counts
    IN_TRANSIT = "in-transit"
    VOIDED = "voided"

    @property
    def counts(self) -> bool:
        return self in (Status.PAID, Status.REFUNDED)

    @property
    def label(self) -> str:
        return _STATUS_LABELS[self.value]


_STATUS_LABELS = {
    "paid": "已支付",
    "refunded": "已退款",
    "earlier-year": "上年退回",
    "in-transit": "在途",
    "voided": "已作废",
}


class Content(NamedTuple):
    """What must be equal for two lines of one number to be the same line, as texts.

    Payee, purpose and classifications are left out: lists spell them differently.
    """

    pay_date: str
    amount_fen: str
    status: str
    project_code: str
    unit_code: str


class Wording(NamedTuple):
    """What a row says of whose payment it is: few rows of a list differ in it.

    Codes are normalised, the other texts as written; `cells` are the cells that they were read
    from, as they stood, joined by U+001F.
    """

    unit_code: str
    unit_name: str
    project_code: str
    project_name: str
    fund: str = ""
    category: str = ""
    economic: str = ""
    cells: str = ""


@dataclass(frozen=True, slots=True)
class Payment:
    """One row of a payment list, read and checked; its amount is signed (a refund is negative).

    `line` is the line of the file, `cells` the row as it stood there, in the header's order.
    Codes are normalised; names and texts are as written.
    """

    line: int
    application: str
    voucher: str
    pay_date: date
    unit_code: str
    unit_name: str
    project_code: str
    project_name: str
    amount_fen: int
    status: Status
    payee: str = ""
    account: str = ""
    purpose: str = ""
    fund: str = ""
    cells: tuple[str, ...] = ()

    @property
    def document(self) -> str:
        """The number that all lines of one payment document share; '' where the list has none."""
        return self.application or self.voucher

    @property
    def content(self) -> Content:
        return Content(
            self.pay_date.isoformat(),
            str(self.amount_fen),
            self.status.value,
            self.project_code,
            self.unit_code,
        )


@dataclass(frozen=True, slots=True)
class Numbered:
    """A payment with its identity: the document's number and the line's place within it.

    A row without any number is a document of its own: `~` and 12 hex digits of its content and
    of how often the same content stood before it in the file.
    """

    payment: Payment
    number: str
    ordinal: int

    @property
    def label(self) -> str:
        return line_label(self.number, self.ordinal)


def line_label(number: str, ordinal: int) -> str:
    """How users name a line: `N`, and `N/2`, `N/3` for a document's further lines."""
    return number if ordinal == 1 else f"{number}/{ordinal}"


def number_lines(payments: Iterable[Payment]) -> list[Numbered]:
    """Gives each row of one file its identity; the order of the rows is kept."""
    seen: defaultdict[tuple[int, str], int] = defaultdict(int)
    numbered = []
    for payment in payments:
        year = payment.pay_date.year
        if payment.document:
            seen[year, payment.document] += 1
            numbered.append(Numbered(payment, payment.document, seen[year, payment.document]))
        else:
            digest = _content_digest(payment)
            seen[year, digest] += 1
            occurrence = seen[year, digest]
            numbered.append(Numbered(payment, _anonymous_number(digest, occurrence), 1))
    return numbered


def content_number(payment: Payment, occurrence: int = 1) -> str:
    """The number of a row that has none: by its content, and the how-manieth it is in its file."""
    return _anonymous_number(_content_digest(payment), occurrence)


def _content_digest(payment: Payment) -> str:
    texts = (payment.project_name, payment.payee, payment.purpose)
    content = payment.content + tuple(map(normalise_name, texts))
    return hashlib.sha256("\x1f".join(content).encode()).hexdigest()


def _anonymous_number(digest: str, occurrence: int) -> str:
    if occurrence > 1:
        digest = hashlib.sha256(f"{digest}/{occurrence}".encode()).hexdigest()
    return "~" + digest[:12]
