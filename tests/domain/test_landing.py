"""A payment is counted once: how a new list's lines stand to what is recorded."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from monitor.domain.landing import Documents, Landing, Recorded, documents
from monitor.domain.payment import Payment, Status, number_lines


def paid(
    amount_fen: int = 100,
    *,
    application: str = "",
    voucher: str = "",
    status: Status = Status.PAID,
    line: int = 2,
    unit_code: str = "434001",
    payee: str = "",
) -> Payment:
    return Payment(
        line=line,
        application=application,
        voucher=voucher,
        pay_date=date(2025, 3, 20),
        unit_code=unit_code,
        unit_name="",
        project_code="P",
        project_name="",
        amount_fen=amount_fen,
        status=status,
        payee=payee,
    )


class Book:
    """What is recorded, in memory: lists land in it one after the other."""

    def __init__(self) -> None:
        self.lines: list[Recorded] = []

    def land(self, *listed: Payment) -> Landing:
        landing = Landing()
        met = Documents(self._by("number"), self._by("voucher"))
        for lines in documents(number_lines(listed)).values():
            landing.settle(lines, met.met_by(lines))
        gone = {line.id for line in landing.replaced}
        self.lines = [line for line in self.lines if line.id not in gone]
        for new in landing.new:
            payment = new.payment
            self.lines.append(
                Recorded(
                    id=len(self.lines) + 1,
                    number=new.number,
                    ordinal=new.ordinal,
                    application=payment.application,
                    voucher=payment.voucher,
                    content=payment.content,
                )
            )
        return landing

    def _by(self, name: str) -> dict[str, list[Recorded]]:
        found: dict[str, list[Recorded]] = {}
        for line in self.lines:
            found.setdefault(getattr(line, name), []).append(line)
        return found


def outcome(landing: Landing) -> tuple[int, int, int]:
    return len(landing.new), len(landing.known), len(landing.conflicts)


def test_the_same_payment_in_a_later_list_is_known() -> None:
    book = Book()
    book.land(paid(application="A1"))

    assert outcome(book.land(paid(application="A1", payee="other spelling"))) == (0, 1, 0)


def test_a_number_is_the_same_under_its_other_column_name() -> None:
    book = Book()
    book.land(paid(application="202506000079"))

    assert outcome(book.land(paid(voucher="202506000079"))) == (0, 1, 0)


def test_a_list_of_vouchers_meets_the_applications_of_the_same_voucher() -> None:
    book = Book()
    book.land(paid(10, application="A1", voucher="V"), paid(20, application="A2", voucher="V"))

    assert outcome(book.land(paid(20, voucher="V"), paid(10, voucher="V"))) == (0, 2, 0)


def test_applications_meet_the_voucher_that_an_earlier_list_gave_alone() -> None:
    book = Book()
    book.land(paid(10, voucher="V"), paid(20, voucher="V"))

    again = book.land(
        paid(10, application="A1", voucher="V"), paid(20, application="A2", voucher="V")
    )

    assert outcome(again) == (0, 2, 0)


def test_two_equal_applications_of_a_voucher_do_not_both_hide_behind_one_line() -> None:
    book = Book()
    book.land(paid(10, voucher="V"))

    again = book.land(
        paid(10, application="A1", voucher="V"), paid(10, application="A2", voucher="V")
    )

    assert outcome(again) == (0, 1, 1)


def test_a_voucher_meets_the_lines_recorded_with_and_without_application() -> None:
    book = Book()
    book.land(paid(10, application="A1", voucher="V"), paid(20, voucher="V"))

    assert outcome(book.land(paid(10, voucher="V"), paid(20, voucher="V"))) == (0, 2, 0)
    assert outcome(book.land(paid(20, voucher="V"))) == (0, 1, 0)


def test_an_application_of_two_vouchers_meets_both_that_an_earlier_list_gave_alone() -> None:
    book = Book()
    book.land(paid(10, voucher="V1"), paid(20, voucher="V2"))

    again = book.land(
        paid(10, application="A", voucher="V1"), paid(20, application="A", voucher="V2")
    )

    assert outcome(again) == (0, 2, 0)


def test_both_halves_of_a_correction_share_a_voucher_and_both_count() -> None:
    book = Book()
    pair = (paid(500, voucher="V"), paid(-500, voucher="V"))

    assert outcome(book.land(*pair)) == (2, 0, 0)
    assert outcome(book.land(*reversed(pair))) == (0, 2, 0)


def test_another_amount_under_the_same_number_is_a_conflict_and_the_first_stays() -> None:
    book = Book()
    book.land(paid(100, application="A1"))

    assert outcome(book.land(paid(101, application="A1"))) == (0, 0, 1)
    assert [line.content[1] for line in book.lines] == ["100"]


def test_a_further_line_under_a_recorded_number_is_a_conflict() -> None:
    book = Book()
    book.land(paid(100, voucher="V"))

    assert outcome(book.land(paid(100, voucher="V"), paid(50, voucher="V"))) == (0, 0, 2)


def test_a_counted_payment_that_is_voided_later_is_a_conflict() -> None:
    book = Book()
    book.land(paid(application="A1"))

    assert outcome(book.land(paid(application="A1", status=Status.VOIDED))) == (0, 0, 1)


def test_a_paid_row_takes_the_place_of_the_one_in_transit() -> None:
    book = Book()
    book.land(paid(application="A1", status=Status.IN_TRANSIT))

    landing = book.land(paid(application="A1"))

    assert outcome(landing) == (1, 0, 0)
    assert len(landing.replaced) == 1


def test_an_older_list_that_shows_it_in_transit_says_nothing_new() -> None:
    book = Book()
    book.land(paid(application="A1"))

    assert outcome(book.land(paid(application="A1", status=Status.IN_TRANSIT))) == (0, 1, 0)


def test_a_list_without_unit_codes_meets_one_that_has_them() -> None:
    book = Book()
    book.land(paid(application="A1", unit_code=""))

    assert outcome(book.land(paid(application="A1"))) == (0, 1, 0)


def test_two_honest_equal_payments_without_number_both_count_and_once() -> None:
    book = Book()
    twins = (paid(line=2), paid(line=3))

    assert outcome(book.land(*twins)) == (2, 0, 0)
    assert outcome(book.land(*twins)) == (0, 2, 0)


def test_the_order_of_lists_does_not_matter_for_what_is_counted() -> None:
    lists = [
        [paid(10, voucher="V"), paid(20, voucher="V")],
        [paid(10, voucher="V"), paid(20, voucher="V"), paid(5, application="A9")],
        [paid(5, voucher="A9"), paid(7)],
    ]

    def total(order: Iterable[list[Payment]]) -> int:
        book = Book()
        for listed in order:
            book.land(*listed)
        return sum(int(line.content[1]) for line in book.lines)

    assert total(lists) == total(reversed(lists)) == 42
