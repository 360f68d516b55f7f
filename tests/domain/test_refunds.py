"""Which payment a refund returns: named, the only one that fits, or none of this year."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.refunds import Bond, Line, link


def line(
    key: int,
    fen: int,
    day: str = "2025-03-01",
    *,
    owner: str = "P1",
    payee: str = "甲公司",
    original: str = "",
    document: str = "",
) -> Line:
    number = document or f"A{key}"
    return Line(key, number, owner, payee, day, fen, (number,), original)


def linked(*lines: Line) -> dict[int, tuple[Bond, int | None]]:
    return {each.refund: (each.bond, each.payment) for each in link(lines)}


def test_the_only_payment_that_fits_is_the_one_that_was_returned() -> None:
    assert linked(line(1, 10_000), line(2, -4_000, "2025-04-01")) == {2: (Bond.ONLY, 1)}


@pytest.mark.parametrize(
    "payment",
    [
        line(1, 10_000, owner="P2"),
        line(1, 10_000, payee="乙公司"),
        line(1, 3_999),
        line(1, 10_000, "2025-04-02"),
    ],
    ids=["another project", "another payee", "too little", "paid later"],
)
def test_a_refund_that_no_payment_covers_may_be_an_earlier_years(payment: Line) -> None:
    assert linked(payment, line(2, -4_000, "2025-04-01")) == {2: (Bond.EARLIER, None)}


def test_several_that_fit_are_left_to_a_person() -> None:
    [found] = link([line(1, 10_000), line(2, 20_000), line(3, -4_000, "2025-04-01")])
    assert (found.bond, found.payment, found.fitting) == (Bond.SEVERAL, None, 2)


def test_the_number_that_the_list_names_decides_among_several() -> None:
    lines = (line(1, 10_000), line(2, 20_000), line(3, -4_000, "2025-04-01", original="A2"))
    assert linked(*lines) == {3: (Bond.NAMED, 2)}


def test_a_named_payment_need_not_be_of_the_same_payee() -> None:
    lines = (line(1, 10_000, payee="代发"), line(2, -4_000, "2025-04-01", original="A1"))
    assert linked(*lines) == {2: (Bond.NAMED, 1)}


def test_a_name_that_is_not_of_this_year_may_be_an_earlier_years() -> None:
    lines = (line(1, 10_000), line(2, -4_000, "2025-04-01", original="2024-0099"))
    assert linked(*lines) == {2: (Bond.EARLIER, None)}


def test_of_a_named_document_the_line_of_the_same_money_is_meant() -> None:
    lines = (
        line(1, 10_000, document="V"),
        line(2, 10_000, document="V", owner="P2"),
        line(3, -4_000, "2025-04-01", original="V"),
    )
    assert linked(*lines) == {3: (Bond.NAMED, 1)}


def test_a_payment_is_returned_once_unless_the_list_names_it_again() -> None:
    lines = (line(1, 10_000), line(2, -10_000, "2025-04-01"), line(3, -10_000, "2025-05-01"))
    assert linked(*lines) == {2: (Bond.ONLY, 1), 3: (Bond.EARLIER, None)}

    parts = [line(n, -4_000, "2025-04-01", original="A1") for n in (2, 3)]
    assert linked(line(1, 10_000), *parts) == {2: (Bond.NAMED, 1), 3: (Bond.NAMED, 1)}


def test_a_payment_may_be_returned_bit_by_bit_until_nothing_is_left() -> None:
    parts = [line(n, -2_000, f"2025-0{n}-01") for n in (4, 5, 6)]

    assert linked(line(1, 5_000), *parts) == {
        4: (Bond.ONLY, 1),
        5: (Bond.ONLY, 1),
        6: (Bond.EARLIER, None),
    }


def test_what_one_refund_names_another_does_not_take() -> None:
    lines = (
        line(1, 10_000),
        line(2, -10_000, "2025-04-01"),
        line(3, -10_000, "2025-05-01", original="A1"),
    )
    assert linked(*lines) == {2: (Bond.EARLIER, None), 3: (Bond.NAMED, 1)}


def test_a_correction_between_projects_is_no_refund() -> None:
    lines = (line(1, -500, document="K"), line(2, 500, document="K", owner="P2"))
    assert linked(*lines) == {}


def test_a_refund_under_the_number_of_its_payment_is_one() -> None:
    lines = (line(1, 500, document="V"), line(2, -500, document="V"))
    assert linked(*lines) == {2: (Bond.ONLY, 1)}


def test_the_order_of_the_lines_does_not_matter() -> None:
    lines = (
        line(1, 10_000),
        line(2, 7_000, "2025-03-20", payee="乙公司"),
        line(3, -10_000, "2025-04-01"),
        line(4, -7_000, "2025-04-01", original="A2"),
        line(5, -1, "2025-05-01"),
    )
    assert len({tuple(sorted(linked(*order).items())) for order in permutations(lines)}) == 1


_LINES = st.lists(
    st.tuples(
        st.integers(-3, 3).filter(bool),
        st.integers(1, 9),
        st.sampled_from(["P1", "P2"]),
        st.sampled_from(["", "A1", "A2", "A9"]),
    ),
    max_size=8,
)


@given(_LINES)
def test_every_refund_is_told_once_and_no_payment_is_returned_twice_over(
    drawn: list[tuple[int, int, str, str]],
) -> None:
    lines = [
        line(n, 100 * fen, f"2025-0{month}-01", owner=owner, original=named if fen < 0 else "")
        for n, (fen, month, owner, named) in enumerate(drawn, 1)
    ]
    found = link(lines)

    assert sorted(each.refund for each in found) == [x.key for x in lines if x.amount_fen < 0]
    by_key = {x.key: x for x in lines}
    for each in found:
        assert (each.payment is None) == (each.bond in (Bond.SEVERAL, Bond.EARLIER))
        if each.bond is Bond.ONLY:
            assert each.payment is not None
            payment, refund = by_key[each.payment], by_key[each.refund]
            assert payment.owner == refund.owner
            assert payment.amount_fen + refund.amount_fen >= 0
    for key in {each.payment for each in found if each.bond is Bond.ONLY}:
        refunds = [by_key[each.refund].amount_fen for each in found if each.payment == key]
        assert by_key[key or 0].amount_fen + sum(refunds) >= 0
