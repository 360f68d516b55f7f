"""Amounts in capital numerals (大写金额), as vouchers and the ends of lists state them.

The digits and units are those of 《支付结算办法》 (银发〔1997〕393号), annex 1: 壹佰零伍元叁角整.
"""

from __future__ import annotations

import re

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_SMALL = {"仟": 1000, "佰": 100, "拾": 10}
_LARGE = {"亿": 10**8, "万": 10**4}
_SAME = str.maketrans("圆圓萬億貳參陸", "元元万亿贰叁陆")

_BESIDE = frozenset("仟佰拾万亿元角分负整正人民币大写¥:()")  # what an amount alone may have

_D = f"[{_DIGITS[1:]}]"
_SECTION = f"(?:{_D}仟)?零?(?:{_D}佰)?零?(?:{_D}?拾)?零?{_D}?"
_BEFORE = f"{_DIGITS}一二三四五六七八九十百千两仟佰拾万亿"  # a numeral that is no whole one of ours
_AMOUNT = re.compile(
    f"(?<![{_BEFORE}])(负?)(?:({_SECTION})亿)?零?(?:({_SECTION})万)?零?({_SECTION})元"
    f"(?:零?({_D})角)?(?:零?({_D})分)?(?![{_DIGITS}角分])"
)


def amounts_in_capitals(text: str) -> list[int]:
    """The amounts in capital numerals that stand in a text, in fen; what is odd in any is none."""
    found = []
    for minus, hundred_millions, ten_thousands, ones, jiao, fen in _AMOUNT.findall(_plain(text)):
        yuan = (
            _section(hundred_millions) * _LARGE["亿"]
            + _section(ten_thousands) * _LARGE["万"]
            + _section(ones)
        )
        amount = 100 * yuan + 10 * _section(jiao) + _section(fen)
        if amount:
            found.append(-amount if minus else amount)
    return found


def is_in_capitals(text: str) -> bool:
    """Whether a text, in half width, is an amount in capital numerals and nothing else."""
    return bool(text) and _BESIDE.issuperset(set(_plain(text)).difference(_DIGITS))


def _plain(text: str) -> str:
    return "".join(text.split()).translate(_SAME)


def _section(text: str) -> int:
    """A number below ten thousand; 0 for no text."""
    value, digit = 0, 0
    for sign in text:
        if sign in _SMALL:
            value += (digit or 1) * _SMALL[sign]  # 拾元 is ten
            digit = 0
        else:
            digit = _DIGITS.index(sign)
    return value + digit
