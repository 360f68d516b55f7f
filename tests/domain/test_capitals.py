"""Amounts in capital numerals, held against a writer of them that is no part of the program."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.capitals import amounts_in_capitals

_DIGITS = "零壹贰叁肆伍陆柒捌玖"


def section(number: int) -> str:
    """A number below ten thousand: each digit with its unit, one 零 for the zeros within."""
    written = ""
    for unit, value in (("仟", 1000), ("佰", 100), ("拾", 10), ("", 1)):
        digit = number // value % 10
        if digit:
            written += _DIGITS[digit] + unit
        elif written and not written.endswith("零") and number % value:
            written += "零"
    return written


def in_capitals(fen: int) -> str:
    """As a clerk writes it, by the rules for vouchers."""
    yuan, jiao, last = fen // 100, fen // 10 % 10, fen % 10
    written = ""
    for unit, value in (("亿", 10**8), ("万", 10**4), ("", 1)):
        part = yuan // value % 10**4
        if written and part < 1000 and yuan % (value * 10**4):
            written += "" if written.endswith("零") else "零"
        if part:
            written += section(part) + unit
    written = "负" * (fen < 0) + written + "元" * bool(yuan)
    if jiao:
        written += _DIGITS[jiao] + "角"
    elif last and yuan:
        written += "零"
    return written + (_DIGITS[last] + "分" if last else "整")


@given(st.integers(100, 10**14 - 1))
def test_every_amount_is_read_as_it_was_written(fen: int) -> None:
    assert amounts_in_capitals(f"合计（大写）：人民币{in_capitals(fen)}") == [fen]


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("拾元正", 1000),
        ("壹佰零伍圓叁角", 10530),
        ("壹 亿 零 贰 拾 万 元 整", 10_020_000_000),
        ("负叁拾元整", -3000),
        ("叁仟零贰拾万零伍佰元壹角贰分", 3_020_050_012),
    ],
)
def test_other_ways_of_writing(text: str, fen: int) -> None:
    assert amounts_in_capitals(text) == [fen]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "合计",
        "元",
        "零元整",
        "一百元",
        "二拾元",
        "壹贰佰元",
        "壹佰元伍",
        "贰佰佰元",
        "人民币万元",
    ],
)
def test_what_is_no_whole_numeral_is_no_amount(text: str) -> None:
    assert amounts_in_capitals(text) == []
