"""What the cells of a workbook show, by their number formats; and the raw form of a sheet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

Area = tuple[int, int, int, int]
"""A merged cell: first row, first column, last row, last column, from 0."""


class Unsure(Exception):
    """What a cell shows cannot be told for sure."""


class Locked(Exception):
    """The workbook is encrypted."""


@dataclass(slots=True)
class RawSheet:
    """The filled cells of a sheet by row and column, from 0, and what else decides its shape."""

    name: str
    is_hidden: bool = False
    cells: dict[int, dict[int, str]] = field(default_factory=dict)
    merges: list[Area] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    bordered: set[int] = field(default_factory=set)
    """Rows with a cell that has a border: rows of a table, not titles."""

    def put(self, row: int, column: int, text: str) -> None:
        if text and not text.isspace():
            self.cells.setdefault(row, {})[column] = text


def reference(row: int, column: int) -> str:
    """The name of a cell, both counted from 0: `B3`."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


_CODES = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00",
    12: "# ?/?", 13: "# ??/??", 14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy",
    18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm",
    27: "yyyy年m月", 28: "m月d日", 29: "m月d日", 30: "m-d-yy", 31: "yyyy年m月d日",
    32: "h时mm分", 33: "h时mm分ss秒", 34: "h时mm分", 35: "h时mm分ss秒", 36: "yyyy年m月",
    **dict.fromkeys((5, 6, 37, 38, 41, 42), "#,##0"),
    **dict.fromkeys((7, 8, 39, 40, 43, 44), "#,##0.00"),
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@", 50: "yyyy年m月",
    51: "m月d日", 52: "yyyy年m月", 53: "m月d日", 54: "m月d日", 55: "h时mm分", 56: "h时mm分ss秒",
    57: "yyyy年m月", 58: "m月d日",
}  # fmt: skip
"""The formats that a file names by number only, as a Chinese Excel has them."""

NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|[_*].|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General|G/通用格式|@)|(?P<digits>[0#?.][0#?.,]*(?:E[+-][0#?]+)?)"
    r"|AM/PM|A/P|上午/下午|a{3,4}|(?P<date>y+|e+|m+|d+|h+|s+)|(?P<percent>%)|(?P<other>.)",
    re.DOTALL | re.IGNORECASE,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)(-?\d+\.?\d*)")
_MONEY_SIGNS = str.maketrans("", "", "¥￥")
_DASHES = frozenset("-—－–−")
BEYOND_DATES = 2_958_466
DIGITS_KEPT = 15
"""Significant digits that a spreadsheet keeps and shows; what a double has beyond is noise."""


class _Token(NamedTuple):
    kind: str
    text: str


class _Section(NamedTuple):
    tokens: tuple[_Token, ...]

    def texts(self, kind: str) -> list[str]:
        return [token.text for token in self.tokens if token.kind == kind]


@dataclass(frozen=True, slots=True)
class Formats:
    """The number format of each cell style, and where its dates count from."""

    codes: Sequence[str]
    from_1904: bool = False

    def shown(self, number: str, style: int) -> str:
        """A stored number as its cell shows it, but with all its digits.

        Raises ValueError for what is no number, and Unsure.
        """
        code = self.codes[style] if self.codes else ""
        if (
            number.isascii()
            and number.isdigit()
            and len(number) < DIGITS_KEPT
            and code in ("", "General", "0", "@")
        ):
            return number
        if not NUMBER.fullmatch(number) or abs(float(number)) == float("inf"):
            raise ValueError(number)
        exact = Decimal(f"{float(number):.{DIGITS_KEPT}g}") + 0
        if abs(exact) >= 10**DIGITS_KEPT:  # digits are lost: a code or an account, spoiled
            return f"{Decimal(repr(float(number))).normalize():E}"
        section = _chosen(sections(code), exact)
        if section.texts("date"):
            return _as_date(exact, section.texts("date"), self.from_1904)
        return _as_number(exact, section)


@dataclass(frozen=True, slots=True)
class Manner:
    """How a workbook is read: what its numbers become, where its cells go, and what is too much.

    A document is what is printed of it; `with_hidden` reads hidden sheets and rows too.
    """

    formats: type[Formats] = Formats
    sheet: type[RawSheet] = RawSheet
    with_hidden: bool = False
    largest: int = 32 * 2**20
    """Bytes, unpacked, of all parts that are read."""


AS_PRINTED = Manner()


def built_in(number: int) -> str:
    return _CODES.get(number, "")


@lru_cache(maxsize=512)
def sections(code: str) -> tuple[_Section, ...]:
    """The parts of a format for numbers: positive, negative, zero."""
    parts: list[list[_Token]] = [[]]
    for found in _TOKEN.finditer(code or "General"):
        if found["other"] == ";":
            parts.append([])
        elif found["bracket"] is not None:
            parts[-1].append(_bracket(found["bracket"]))
        elif found.lastgroup:
            text = found[found.lastgroup]
            is_literal = found.lastgroup in ("quoted", "escaped")
            kind = "literal" if is_literal else found.lastgroup
            parts[-1].append(_Token(kind, text.translate(_MONEY_SIGNS) if is_literal else text))
    return tuple(_Section(tuple(part)) for part in parts[:3])


def _bracket(text: str) -> _Token:
    if re.fullmatch("h+|m+|s+", text, re.IGNORECASE):
        return _Token("date", text)
    if text.startswith("$"):
        return _Token("literal", text[1:].partition("-")[0].translate(_MONEY_SIGNS))
    return _Token("condition" if _CONDITION.fullmatch(text) else "colour", text)


def _chosen(sections: tuple[_Section, ...], value: Decimal) -> _Section:
    """The part of a format that a number is shown by: by its conditions, else by its sign."""
    if any(each.texts("condition") for each in sections):
        return next((each for each in sections if _holds(each, value)), sections[-1])
    which = 1 if value < 0 else 2 if value == 0 else 0
    return sections[which if which < len(sections) else 0]


def _holds(section: _Section, value: Decimal) -> bool:
    for stated in section.texts("condition"):
        sign, limit = stated.rstrip("-.0123456789"), Decimal(stated.lstrip("<>="))
        order = "<" if value < limit else ">" if value > limit else "="
        return order in sign
    return True


def _as_number(value: Decimal, section: _Section) -> str:
    digits = section.texts("digits")
    if not digits and not section.texts("general"):
        words = "".join(
            token.text for token in section.tokens if token.kind in ("literal", "other")
        )
        is_zero = value == 0 and set(words.split()) & _DASHES
        return "0" if is_zero else words.strip()
    scaled = digits[-1].count(",", len(digits[-1].rstrip(","))) if digits else 0
    if scaled and len(digits) > 1:
        raise Unsure("数字格式在各位数字之间插有文字")
    value = value * 100 ** len(section.texts("percent")) / 1000**scaled
    text = _padded(format(abs(value), "f"), digits)
    before, after = _around(section)
    if value < 0:
        before, after = before.strip("-−( "), after.strip(") ")
    return f"{before}{'-' if value < 0 else ''}{text}{after}".strip()


def _padded(text: str, digits: list[str]) -> str:
    """With as many zeros as the format asks for, and no zeros after the last digit beyond."""
    whole, _, fraction = text.partition(".")
    shape = digits[0].partition("E")[0] if len(digits) == 1 else ""
    least, _, decimals = shape.partition(".")
    fraction = fraction.rstrip("0").ljust(decimals.count("0"), "0")
    return whole.zfill(least.count("0")) + (f".{fraction}" if fraction else "")


def _around(section: _Section) -> tuple[str, str]:
    """What is written before and after the number; nothing for a fraction (`# ?/8`)."""
    if any(token == ("other", "/") for token in section.tokens):
        return "", ""
    is_number = [token.kind in ("digits", "general") for token in section.tokens]
    first, last = is_number.index(True), len(is_number) - is_number[::-1].index(True)
    kinds = ("literal", "other", "percent")
    return (
        "".join(each.text for each in section.tokens[:first] if each.kind in kinds),
        "".join(each.text for each in section.tokens[last:] if each.kind in kinds),
    )


def _as_date(value: Decimal, tokens: list[str], from_1904: bool) -> str:
    """Year, month and day in the Chinese way, as many of them as the format shows."""
    seconds = int((value * 86_400).to_integral_value())
    day, seconds = divmod(seconds, 86_400)
    if not 0 <= day < BEYOND_DATES - (1462 if from_1904 else 0):
        return "########"
    letters = "".join(token[0].lower() for token in tokens).replace("e", "y")
    letters = re.sub("(?<=h)m|m(?=s)", "n", letters)
    start = date(1904, 1, 1) if from_1904 else date(1899, 12, 30 if day > 60 else 31)
    on = start + timedelta(days=day)
    shown = "".join(
        f"{number}{sign}"
        for letter, number, sign in (
            ("y", on.year, "年"),
            ("m", on.month, "月"),
            ("d", on.day, "日"),
        )
        if letter in letters
    )
    if not set(letters) & set("hns"):
        return shown
    hours = seconds // 3600 + (0 if shown else 24 * day)
    time = f"{hours:02}:{seconds // 60 % 60:02}" + (f":{seconds % 60:02}" if "s" in letters else "")
    return f"{shown} {time}".strip()
