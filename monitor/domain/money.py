"""Money in integer fen (分), plan shares in integer basis points; no float touches either."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

WHOLE_BP = 10_000
"""100 % in basis points."""


class MoneyUnit(StrEnum):
    """The unit in which a document or list states amounts."""

    YUAN = "元"
    THOUSAND_YUAN = "千元"
    TEN_THOUSAND_YUAN = "万元"

    @property
    def fen(self) -> int:
        return {"元": 100, "千元": 100_000, "万元": 1_000_000}[self.value]


class NotAnAmount(ValueError):
    """Text that is no exact amount of money; `reason` says in Chinese what is the matter."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


_MINUS = str.maketrans({"−": "-", "‐": "-", "–": "-", "—": "-", "﹣": "-"})
# How most lists print most amounts; the rest is read with more patience.
_PLAIN = re.compile(r"(-?(?:\d{1,12}|\d{1,3}(?:,\d{3}){1,3}))(?:\.(\d\d))?", re.ASCII)
_AMOUNT = re.compile(r"([+-]?)(\d+|\d{1,3}(?:,\d{3})+|(?=\.\d))(?:\.(\d*))?", re.ASCII)
_EXPONENT = re.compile(r"[+-]?\d+(?:\.\d*)?[eE][+-]?\d+", re.ASCII)
_SHARE = re.compile(r"(\d+|(?=\.\d))(?:\.(\d*))?", re.ASCII)
_MOST_FEN = 10**15
_MOST_DIGITS = 60  # far more than any amount; int() refuses thousands


def parse_fen(text: str, unit: MoneyUnit = MoneyUnit.YUAN) -> int:
    """The amount written in `text`, in fen; a suffix 元 or 万元 in the text overrides `unit`.

    Takes full-width digits, ￥, thousands separators and parentheses for negative amounts.
    Raises NotAnAmount for anything else, for an amount finer than one fen, and for one of 10^13
    yuan or more, which is a code in the wrong column.
    """
    if unit is MoneyUnit.YUAN and (plain := _PLAIN.fullmatch(text)):
        return int(plain[1].replace(",", "") + (plain[2] or "00"))
    if any(unicodedata.category(c) == "No" for c in text):  # NFKC would read 10² as 102
        raise NotAnAmount("含有上标、分数或带圈的数字")
    cleaned, suffix = _split_suffix(_clean(text))
    negative = cleaned.startswith("(") and cleaned.endswith(")")
    digits = cleaned[1:-1].lstrip("¥") if negative else cleaned
    if not digits:
        raise NotAnAmount("为空")
    if _EXPONENT.fullmatch(digits):
        raise NotAnAmount("是电子表格的科学计数法，原数已失真")
    found = _AMOUNT.fullmatch(digits)
    if found is None or (negative and found[1]):
        raise NotAnAmount(_complain(digits))
    fen = _scaled(found[2].replace(",", ""), found[3] or "", (suffix or unit).fen)
    if fen is None:
        raise NotAnAmount("不足一分")
    if fen >= _MOST_FEN:
        raise NotAnAmount("大得不像金额")
    return -fen if negative or found[1] == "-" else fen


def _scaled(whole: str, fraction: str, factor: int) -> int | None:
    """`whole.fraction` times `factor`, exact; None where that is no integer."""
    fraction = fraction.rstrip("0")
    if len(whole) + len(fraction) > _MOST_DIGITS:
        return None if fraction else factor * 10**_MOST_DIGITS
    product, rest = divmod(int(whole + fraction or "0") * factor, 10 ** len(fraction))
    return None if rest else product


def _clean(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).translate(_MINUS)
    plain = "".join(c for c in plain if not c.isspace() and unicodedata.category(c) != "Cf")
    plain = plain.removeprefix("人民币")
    sign = plain[:1] if plain[:1] in ("-", "+") else ""
    return sign + plain[len(sign) :].lstrip("¥")


def _split_suffix(cleaned: str) -> tuple[str, MoneyUnit | None]:
    for unit in (MoneyUnit.TEN_THOUSAND_YUAN, MoneyUnit.THOUSAND_YUAN, MoneyUnit.YUAN):
        if cleaned.endswith(unit.value):
            return cleaned.removesuffix(unit.value), unit
    return cleaned, None


def _complain(digits: str) -> str:
    """Names the first character that cannot stand in an amount, where there is one."""
    for position, char in enumerate(digits, 1):
        if char not in "0123456789.,+-":
            letter = "字母 " if char.isascii() and char.isalpha() else ""
            return f"不是金额（第 {position} 个字符是{letter}{char}）"
    return "不是金额（数字或千位分隔符的写法不对）"


class NotAShare(ValueError):
    """Text that is no share in whole basis points; `reason` says in Chinese why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def parse_bp(text: str) -> int:
    """A share such as `25%`, `33.33％` or `25` (percent by its header), in basis points.

    Raises NotAShare for other text, a negative share, and one finer than 0.01 %.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split()).removesuffix("%")
    found = _SHARE.fullmatch(plain)
    if found is None or len(plain) > _MOST_DIGITS:
        raise NotAShare("不是百分比")
    share = _scaled(found[1], found[2] or "", 100)
    if share is None:
        raise NotAShare("细于 0.01%")
    return share


def round_half_up(numerator: int, denominator: int) -> int:
    """`numerator / denominator` to the nearest integer, halves away from zero (四舍五入).

    The only rounding in the program. Raises ZeroDivisionError.
    """
    quotient, rest = divmod(abs(numerator), abs(denominator))
    rounded = quotient + (1 if 2 * rest >= abs(denominator) else 0)
    return rounded if (numerator < 0) == (denominator < 0) else -rounded


def yuan(fen: int) -> str:
    """`123456` → `1,234.56`."""
    sign = "-" if fen < 0 else ""
    return f"{sign}{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


def ten_thousand_yuan(fen: int) -> str:
    """`59123456` → `59.123456`: exact, two to six decimals, none of them idle beyond two."""
    sign = "-" if fen < 0 else ""
    whole, rest = divmod(abs(fen), 1_000_000)
    decimals = f"{rest:06d}".rstrip("0").ljust(2, "0")
    return f"{sign}{whole}.{decimals}"


def percent(bp: int) -> str:
    """`8605` → `86.05%`."""
    sign = "-" if bp < 0 else ""
    return f"{sign}{abs(bp) // 100}.{abs(bp) % 100:02d}%"
