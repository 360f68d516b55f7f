"""Target values (指标值) understood: number, range, date, yes/no, band, or plain text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from monitor.domain.calendar import month_end
from monitor.domain.measures import unit_of


class ValueKind(StrEnum):
    NUMBER = "number"
    RANGE = "range"
    DATE = "date"
    YES_NO = "yes-no"
    BAND = "band"
    TEXT = "text"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class TargetValue:
    """A parsed target. `comparison` is one of ≥ ≤ > < =, '' where there is none to make.

    `number` is exact; `upper` is the upper end of a RANGE; `unit` is as written, with the
    spellings of percent unified to %.
    """

    kind: ValueKind
    comparison: str = ""
    number: Decimal | None = None
    upper: Decimal | None = None
    unit: str = ""
    date: date | None = None


def parse_target(text: str, year: int | None = None) -> TargetValue:
    """What a 指标值 says, if it says it beyond doubt; else it stays TEXT. Never raises.

    以上, 以下 and 以内 include the number, 超过 and 不满 do not (民法典第一千二百五十九条).
    A day without a year (`12月31日前`) is one of `year`, the budget year, or TEXT without it.
    A date is ≤ where it says 前, 之前 or 截至, else =.
    """
    if not text.strip():
        return TargetValue(ValueKind.BLANK)
    plain = _plain(text)
    if len(plain) > _LONGEST:
        return _TEXT
    return (
        _word(plain)
        or _date(plain)
        or _day_of(plain, year)
        or _range(plain)
        or _number(plain)
        or _TEXT
    )


_TEXT = TargetValue(ValueKind.TEXT)
_LONGEST = 60
"""In characters: no number, date or word is longer; what is, is text."""

_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code) not in "，；！？"}
_SAME = str.maketrans({"≧": "≥", "≦": "≤", "⩾": "≥", "⩽": "≤", "﹪": "%", "﹥": ">", "﹤": "<"})
_INCLUDED = re.compile(r"\(含\)|\(含本数\)")


def _plain(text: str) -> str:
    """Half-width, without blanks, without a full stop at the end."""
    joined = "".join(text.split()).translate(_HALF_WIDTH).translate(_SAME)
    return _INCLUDED.sub("", joined).rstrip("。;；")


_YES_NO = {"是/否", "是\\否", "是否", "是、否", "是或否", "是|否", "是(否)", "是"}
_BAND_WORDS = """
非常满意 很满意 满意 较满意 比较满意 基本满意 一般 不满意
优秀 优 优良 良好 良 较好 中等 合格 及格 基本合格
"""
_BANDS = frozenset(_BAND_WORDS.split())


def _word(plain: str) -> TargetValue | None:
    if plain in _YES_NO:
        return TargetValue(ValueKind.YES_NO)
    return TargetValue(ValueKind.BAND) if plain in _BANDS else None


_DAY = re.compile(
    r"(?P<by>截至|截止到?|不晚于|不迟于|至迟|于|在)?(?P<year>20\d\d)(?:"
    r"年(?:(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})日|份?[底末])|年?[底末]|年终)"
    r"|(?P<sep>[-./])(?P<month2>\d{1,2})(?P=sep)(?P<day2>\d{1,2}))"
    r"(?P<before>之?前|以前)?(?:完成|完工)?",
    re.ASCII,
)


def _date(plain: str) -> TargetValue | None:
    found = _DAY.fullmatch(plain)
    if not found:
        return None
    year, month = int(found["year"]), int(found["month"] or found["month2"] or 12)
    day = found["day"] or found["day2"]
    try:
        on = date(year, month, int(day)) if day else month_end(year, month)
    except ValueError:
        return None
    by = found["before"] or found["by"] not in (None, "于", "在")
    return TargetValue(ValueKind.DATE, "≤" if by else "=", date=on)


_DAY_OF_YEAR = re.compile(
    r"(?P<by>截至|截止到?|不晚于|不迟于|至迟|于|在)?(?:当年|本年|年内)?"
    r"(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})日|份?[底末])(?P<before>之?前|以前)?(?:完成|完工)?",
    re.ASCII,
)


def _day_of(plain: str, year: int | None) -> TargetValue | None:
    found = _DAY_OF_YEAR.fullmatch(plain) if year else None
    if not found or not year:
        return None
    try:
        month, day = int(found["month"]), found["day"]
        on = date(year, month, int(day)) if day else month_end(year, month)
    except ValueError:
        return None
    by = found["before"] or found["by"] not in (None, "于", "在")
    return TargetValue(ValueKind.DATE, "≤" if by else "=", date=on)


_DIGITS = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?"
_RANGE = re.compile(rf"({_DIGITS})(%?)(?:-|~|—+|–|至|到)({_DIGITS})([^0-9].*)")


def _range(plain: str) -> TargetValue | None:
    """`1-2次`, `90%-95%`: both ends, one unit after them, and in order."""
    found = _RANGE.fullmatch(plain)
    if not found:
        return None
    unit = unit_of(found[4])
    lower, upper = _decimal(found[1]), _decimal(found[3])
    if not unit or unit in ("年", "月", "日") or (found[2] and unit != "%") or lower >= upper:
        return None
    return TargetValue(ValueKind.RANGE, "", lower, upper, unit)


_BEFORE = {
    "≥": "≥ >= 大于等于 大于或等于 不低于 不少于 不小于 不得低于 不得少于 至少 达到 达",
    "≤": "≤ <= 小于等于 小于或等于 不超过 不高于 不大于 不多于 不得超过 不得高于 不超出 至多 最多",
    ">": "> 大于 高于 多于 超过",
    "<": "< 小于 低于 少于 不足 不满",
    "=": "= 等于",
}
_AFTER = {"≥": "以上 及以上 或以上", "≤": "以下 及以下 或以下 以内 之内 内"}


def _by_length(table: dict[str, str]) -> list[tuple[str, str]]:
    """Pairs of word and sign, longest words first, so that 大于等于 goes before 大于."""
    pairs = [(word, sign) for sign, words in table.items() for word in words.split()]
    return sorted(pairs, key=lambda pair: -len(pair[0]))


_BEFORE_WORDS, _AFTER_WORDS = _by_length(_BEFORE), _by_length(_AFTER)
_QUANTITY = re.compile(rf"(-?(?:{_DIGITS}))(.*)")
_HUNDREDTHS = re.compile(r"百分之(.+)")


def _number(plain: str) -> TargetValue | None:
    signs, middle = _signs(plain)
    if signs is None:
        return None
    found = _QUANTITY.fullmatch(_percent_in_figures(middle))
    if not found or (found[1].startswith("-") and not signs):
        return None
    unit = unit_of(found[2], any_noun=bool(signs))
    if unit is None or _names_a_time(found[1], unit, signs):
        return None
    return TargetValue(ValueKind.NUMBER, signs or "=", _decimal(found[1]), unit=unit)


def _names_a_time(digits: str, unit: str, signs: str) -> bool:
    """`2024年`, `12月`, `30日`, `4季度` may be a point in time as well as a quantity."""
    if unit == "年":
        return len(digits) == 4
    return unit == "月" or (unit in ("日", "季度") and not signs)


def _signs(plain: str) -> tuple[str | None, str]:
    """The comparison that the words make ('' for none, None for two that differ), and the rest."""
    before, middle = _leading(plain)
    if not before and middle.startswith("控制在"):
        inside, rest = _trailing(middle[3:])
        return ("≤", rest) if inside == "≤" else (None, rest)
    after, middle = _trailing(middle)
    if before and after and before != after:
        return None, middle
    return before or after, middle


def _leading(text: str) -> tuple[str, str]:
    found = next(((w, s) for w, s in _BEFORE_WORDS if text.startswith(w)), ("", ""))
    return found[1], text.removeprefix(found[0])


def _trailing(text: str) -> tuple[str, str]:
    found = next(((w, s) for w, s in _AFTER_WORDS if text.endswith(w)), ("", ""))
    return found[1], text.removesuffix(found[0])


_CHINESE_NUMBER = re.compile(
    r"([一二三四五六七八九])?(十)?([一二三四五六七八九])?(?:点([零一二三四五六七八九]+))?"
)
_CHINESE_DIGITS = "零一二三四五六七八九"


def _percent_in_figures(text: str) -> str:
    """`百分之九十五` → `95%`, `百分之95` → `95%`; other text as it is."""
    found = _HUNDREDTHS.fullmatch(text)
    if not found:
        return text
    if re.fullmatch(_DIGITS, found[1]):
        return f"{found[1]}%"
    figures = "100" if found[1] in ("百", "一百") else _figures(found[1])
    return f"{figures}%" if figures else text


def _figures(words: str) -> str:
    """Chinese numerals up to 99, with decimals, in figures; '' for other text."""
    found = _CHINESE_NUMBER.fullmatch(words)
    if not found or (found[1] and found[3] and not found[2]) or not (found[1] or found[2]):
        return ""
    tens, ones = (found[1] or "一", found[3]) if found[2] else ("零", found[1])
    whole = 10 * _CHINESE_DIGITS.index(tens) + _CHINESE_DIGITS.index(ones or "零")
    decimals = "".join(str(_CHINESE_DIGITS.index(digit)) for digit in found[4] or "")
    return f"{whole}.{decimals}" if decimals else str(whole)


def _decimal(digits: str) -> Decimal:
    return Decimal(digits.replace(",", ""))
