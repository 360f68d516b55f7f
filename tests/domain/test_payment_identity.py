"""What makes two rows the same payment: document number, line, or content."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.payment import Payment, Status, number_lines

PAYMENT = Payment(1, "A1", "V1", date(2025, 3, 5), "430001", "局", "P1", "甲", 100_00, Status.PAID)
ANONYMOUS = replace(PAYMENT, application="", voucher="")


def test_the_application_number_names_the_document_else_the_voucher() -> None:
    assert PAYMENT.document == "A1"
    assert replace(PAYMENT, application="").document == "V1"
    assert ANONYMOUS.document == ""


def test_lines_of_one_document_are_numbered_in_their_order() -> None:
    lines = number_lines([PAYMENT, replace(PAYMENT, line=2), replace(PAYMENT, application="A2")])

    assert [each.label for each in lines] == ["A1", "A1/2", "A2"]


def test_a_number_of_another_year_is_another_document() -> None:
    lines = number_lines([PAYMENT, replace(PAYMENT, pay_date=date(2024, 3, 5))])

    assert [each.ordinal for each in lines] == [1, 1]


def test_rows_without_a_number_are_told_apart_by_content_and_occurrence() -> None:
    lines = number_lines([ANONYMOUS, replace(ANONYMOUS, line=2), replace(ANONYMOUS, payee="乙")])

    assert len({each.number for each in lines}) == 3
    assert {each.ordinal for each in lines} == {1}
    assert all(each.number.startswith("~") and len(each.number) == 13 for each in lines)


def test_blanks_in_texts_do_not_make_another_row_of_one_without_a_number() -> None:
    (one,) = number_lines([replace(ANONYMOUS, payee="某某 公司", purpose="货款")])
    (other,) = number_lines([replace(ANONYMOUS, payee="某某公司", purpose=" 货款\n", line=9)])

    assert one.number == other.number


def test_payee_and_purpose_are_no_part_of_what_is_compared() -> None:
    assert replace(PAYMENT, payee="乙", purpose="丙", line=7).content == PAYMENT.content


def test_date_amount_status_project_and_unit_are_compared() -> None:
    others = [
        replace(PAYMENT, pay_date=date(2025, 3, 6)),
        replace(PAYMENT, amount_fen=1),
        replace(PAYMENT, status=Status.VOIDED),
        replace(PAYMENT, project_code="P2"),
        replace(PAYMENT, unit_code="430002"),
    ]

    assert all(each.content != PAYMENT.content for each in others)


def test_only_paid_and_refunded_count() -> None:
    assert {each for each in Status if each.counts} == {Status.PAID, Status.REFUNDED}


@given(st.lists(st.sampled_from([PAYMENT, ANONYMOUS, replace(ANONYMOUS, payee="乙")]), max_size=12))
def test_no_two_lines_of_a_file_have_one_identity(payments: list[Payment]) -> None:
    lines = number_lines(payments)

    assert [each.payment for each in lines] == payments
    assert len({(each.number, each.ordinal) for each in lines}) == len(lines)


@given(st.permutations([PAYMENT, ANONYMOUS, ANONYMOUS, replace(ANONYMOUS, amount_fen=5)]))
def test_the_identities_of_a_file_do_not_depend_on_its_order(payments: list[Payment]) -> None:
    labels = sorted(each.label for each in number_lines(payments))

    assert labels == sorted(
        each.label
        for each in number_lines([PAYMENT, ANONYMOUS, ANONYMOUS, replace(ANONYMOUS, amount_fen=5)])
    )
