"""Pay dates as lists print them, and the months or days that a title or name says are covered."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date

from monitor.domain.calendar import month_end
from monitor.domain.coverage import Period

_HYPHENS = str.maketrans(dict.fromkeys("‐–—―−", "-"))
_TIME = (
    r"(?:(?:\s+|T|(?<=日))(?:上午|下午|[AaPp][Mm])?\s*\d{1,2}[:时]\d{1,2}(?:[:分]\d{1,2}秒?)?分?"
    r"(?:\.\d+)?(?:\s*[AaPp][Mm])?(?:\+08:?00)?)?"
)
_DATES = tuple(
    re.compile(pattern + _TIME, re.ASCII)
    for pattern in (
        r"(\d{4})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{1,2})",
        r"(\d{4})\s*(年)\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日?",
        r"(\d{4})()(\d\d)(\d\d)(?:(?:[01]\d|2[0-3])[0-5]\d[0-5]\d)?",
    )
)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?", re.ASCII)
_SHORT_YEAR = re.compile(r"\d{1,2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?", re.ASCII)
_FIRST_YEAR, _LAST_YEAR = 2000, 2099


class NotADate(ValueError):
    """Text that is no certain date; `reason` says in Chinese what is the matter."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def parse_pay_date(text: str) -> date:
    """The date written in `text`, year first, with or without a time of day.

    Takes 2025-01-15, 2025/1/5, 2025.01.05, 20250103 and 2025年01月21日, full-width digits too.
    Raises NotADate for anything else: two-digit years, serial numbers, days that do not exist.
    """
    if any(unicodedata.category(c) == "No" for c in text):  # NFKC would read 1⑤ as 15
        raise NotADate("含有上标、分数或带圈的数字")
    written = unicodedata.normalize("NFKC", text).translate(_HYPHENS).strip()
    for pattern in _DATES:
        if found := pattern.fullmatch(written):
            return _existing(int(found[1]), int(found[3]), int(found[4]))
    if _SERIAL.fullmatch(written):
        raise NotADate("是电子表格的日期序号，不能断定日期")
    if _SHORT_YEAR.fullmatch(written):
        raise NotADate("的年份不是四位，不能断定日期")
    raise NotADate("看不懂，应写成 2025-01-15 的样子")


def _existing(year: int, month: int, day: int) -> date:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise NotADate(f"的年份 {year} 不在 {_FIRST_YEAR} 至 {_LAST_YEAR} 之间")
    try:
        return date(year, month, day)
    except ValueError:
        raise NotADate("不存在，日历上没有这一天") from None


_TO = r"(?:日|号)?(?:起)?[-~至到]+"
_YEAR, _MONTH = r"(20\d\d)", r"(1[0-2]|0?[1-9])"
_NO_DAY = r"(?!\d{1,2}[日号])"
_SPANS = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        rf"{_YEAR}年度?{_MONTH}月?份?(?:\d{{1,2}})?{_TO}(?:{_YEAR}年)?{_MONTH}月",
        rf"{_YEAR}[-./]{_MONTH}[-./]\d{{1,2}}{_TO}{_YEAR}[-./]{_MONTH}[-./]\d{{1,2}}",
        rf"(?<!\d){_YEAR}[-_.]?(0[1-9]|1[0-2]){_TO}{_YEAR}[-_.]?(0[1-9]|1[0-2])(?![-_.]?\d)",
    )
)
_UP_TO = re.compile(rf"截[至止]{_YEAR}年{_MONTH}月", re.ASCII)
_SINGLE = re.compile(rf"{_YEAR}年度?{_MONTH}月{_NO_DAY}", re.ASCII)
_IN_NAME = re.compile(r"(?<!\d)(20\d\d)[-_.]?(0[1-9]|1[0-2])(?![-_.]?\d)", re.ASCII)
_QUARTER = re.compile(rf"{_YEAR}年度?第?([一二三四1-4])季度", re.ASCII)
_HALF = re.compile(rf"{_YEAR}年?度?(上|下)半年", re.ASCII)
_NOT_COVERED = re.compile("打印|制表|导出|生成|填报|报送|编制|查询时间|查询日期")


def months_in_title(text: str) -> tuple[str, ...]:
    """The months `YYYY-MM` that a title line covers: 2025年3月, 2025年1-6月; () where none."""
    written = _joined(text)
    if _NOT_COVERED.search(written):
        return ()
    if found := _UP_TO.search(written):
        return _span(int(found[1]), 1, int(found[1]), int(found[2]))
    for pattern in _SPANS:
        if found := pattern.search(written):
            first = int(found[1])
            return _span(first, int(found[2]), int(found[3] or first), int(found[4]))
    if found := _QUARTER.search(written):
        last = 3 * ("一二三四1234".index(found[2]) % 4 + 1)
        return _span(int(found[1]), last - 2, int(found[1]), last)
    if found := _HALF.search(written):
        first = 1 if found[2] == "上" else 7
        return _span(int(found[1]), first, int(found[1]), first + 5)
    if found := _SINGLE.search(written):
        return _span(int(found[1]), int(found[2]), int(found[1]), int(found[2]))
    return ()


def months_in_name(file: str) -> tuple[str, ...]:
    """The months that a file name covers: as a title, or 2025-03, 202503; () where none."""
    name = file.replace("\\", "/").rsplit("/", 1)[-1]
    if months := months_in_title(name):
        return months
    found = None if _NOT_COVERED.search(name) else _IN_NAME.search(_joined(name))
    return _span(int(found[1]), int(found[2]), int(found[1]), int(found[2])) if found else ()


_ANY_MONTH, _ANY_DAY = r"(1[0-2]|0?[1-9])", r"(3[01]|[12]\d|0?[1-9])"
_UNTIL = r"截[至止](?:日期|时间)?:?到?"
_PERIODS = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (  # year, month, day twice; what is left out is empty
        rf"{_YEAR}[-./]{_ANY_MONTH}[-./]{_ANY_DAY}(?!\d)(?:日|号)?(?:起)?[-_~至到]+"
        rf"{_YEAR}[-./]{_ANY_MONTH}[-./]{_ANY_DAY}(?!\d)",
        rf"(?<!\d){_YEAR}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])[-_~至到]+"
        rf"{_YEAR}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)",
        rf"(?:{_YEAR}年度?)?(?<!\d){_ANY_MONTH}月{_ANY_DAY}(?:日|号)?(?:起)?[-_~至到]+"
        rf"(?:{_YEAR}年)?(?:{_ANY_MONTH}月)?{_ANY_DAY}[日号]",
    )
)
_UNTIL_DAY = tuple(
    re.compile(_UNTIL + pattern, re.ASCII)
    for pattern in (
        rf"(?:{_YEAR}年)?{_ANY_MONTH}月{_ANY_DAY}[日号]",
        rf"{_YEAR}[-./]{_ANY_MONTH}[-./]{_ANY_DAY}(?!\d)",
        rf"{_YEAR}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)",
    )
)
_TEN_DAYS = re.compile(rf"(?:{_YEAR}年度?)?(?<!\d){_ANY_MONTH}月份?([上中下])旬", re.ASCII)
_ITS_YEAR = re.compile(r"(?<!\d)(20\d\d)(?=年|[-_.]?(?:0[1-9]|1[0-2])(?!\d))", re.ASCII)


def period_said(titles: Iterable[str], file: str) -> Period | None:
    """From which to which day a list is said to run: 3月1日至3月20日, 截至3月20日, 3月上旬.

    The first of the title lines, then of the file name, that says so; a year that it leaves out
    is the one in the other texts. None where only whole months are said, or nothing.
    """
    name = file.replace("\\", "/").rsplit("/", 1)[-1]
    texts = [text for text in map(_joined, (*titles, name)) if not _NOT_COVERED.search(text)]
    years = [int(each) for text in texts for each in _ITS_YEAR.findall(text)]
    year = years[0] if years else None
    return next(filter(None, (_period(text, year) for text in texts)), None)


def _period(text: str, year: int | None) -> Period | None:
    for pattern in _UNTIL_DAY:
        if found := pattern.search(text):
            last = _day(found[1], found[2], found[3], year)
            return Period(date(last.year, 1, 1), last) if last else None
    for pattern in _PERIODS:
        if found := pattern.search(text):
            first = _day(found[1], found[2], found[3], year)
            last = _day(found[4] or found[1], found[5] or found[2], found[6], year)
            return Period(first, last) if first and last and first <= last else None
    if found := _TEN_DAYS.search(text):
        begin = 1 + 10 * "上中下".index(found[3])
        first = _day(found[1], found[2], str(begin), year)
        last = _day(found[1], found[2], str(begin + 9 if begin < 21 else 31), year)
        return Period(first, last) if first and last else None
    return None


def _day(year: str | None, month: str, day: str, otherwise: int | None) -> date | None:
    """The day; the month's last where it has no such one (2月30日); None without a year."""
    of_year = int(year) if year else otherwise
    if of_year is None:
        return None
    last = month_end(of_year, int(month))
    return date(of_year, int(month), min(int(day), last.day))


def _joined(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).translate(_HYPHENS).split())


def _span(year: int, month: int, last_year: int, last_month: int) -> tuple[str, ...]:
    first, last = year * 12 + month - 1, last_year * 12 + last_month - 1
    return tuple(f"{n // 12}-{n % 12 + 1:02d}" for n in range(first, last + 1))
