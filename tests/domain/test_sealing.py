"""A seal over values."""

from __future__ import annotations

import pytest

from monitor.domain.sealing import seal, short_seal


def test_the_order_in_which_values_were_named_makes_no_difference() -> None:
    assert seal({"甲": 1, "乙": [1, 2]}) == seal({"乙": [1, 2], "甲": 1})


@pytest.mark.parametrize("other", [{"甲": 2}, {"甲": "1"}, {"乙": 1}, {"甲": 1, "乙": None}])
def test_any_change_of_a_value_changes_the_seal(other: object) -> None:
    assert seal(other) != seal({"甲": 1})


def test_the_printed_seal_is_the_first_twelve_digits_in_fours() -> None:
    assert short_seal("0123456789abcdef") == "0123-4567-89ab"
