"""Values of rules/alerts.toml and calendar.toml: each reader gives the value or says what is wrong.

All of them raise ValueError with words in Chinese.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Any

from monitor.alerts.rule_catalogue import Audience
from monitor.domain.money import WHOLE_BP, NotAnAmount, NotAShare, parse_bp, parse_fen

Read = Callable[[object], Any]
Keys = Mapping[str, tuple[str, Read]]
"""A key of a table → the field that it fills, and how it is read."""


def share(value: object) -> int:
    """A percentage up to 100, in basis points."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError('应为整数百分数，或加引号的小数，如 80 或 "82.5"')
    try:
        found = parse_bp(str(value))
    except NotAShare as error:
        raise ValueError(error.reason) from None
    if found > WHOLE_BP:
        raise ValueError("不能大于 100")
    return found


def yuan_amount(value: object) -> int:
    """An amount in yuan, not negative, in fen."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError('应为整数元，或加引号的金额，如 1000 或 "10万元"')
    try:
        found = parse_fen(str(value))
    except NotAnAmount as error:
        raise ValueError(error.reason) from None
    if found < 0:
        raise ValueError("不能是负数")
    return found


def switch(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("应为 true 或 false")
    return value


def whole_number(most: int) -> Read:
    """A reader of integers from 0 to `most`."""

    def read(value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
            raise ValueError(f"应为 0 到 {most} 的整数")
        return value

    return read


def one_of(**choices: str) -> Read:
    """A reader of one of these words; their values say what they mean."""

    def read(value: object) -> str:
        if not isinstance(value, str) or value not in choices:
            known = (f"{word}（{meaning}）" for word, meaning in choices.items())
            raise ValueError(f"应为 {' 或 '.join(known)}")
        return value

    return read


def words(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("应为加引号的文字")
    return " ".join(value.split())


def audience(value: object) -> Audience:
    try:
        return Audience(str(value))
    except ValueError:
        raise ValueError("应为 lead（单位财务负责人）或 office（财政部门）") from None


def time_of_day(value: object) -> time:
    try:
        return datetime.strptime(str(value), "%H:%M").time()  # noqa: DTZ007 - a time of day has no zone
    except ValueError:
        raise ValueError('应为加引号的时刻，如 "08:30"') from None


def day_of_year(value: object) -> tuple[int, int]:
    """A day of any year, 29 February excepted."""
    try:
        day = date.fromisoformat(f"2025-{value}")
    except ValueError:
        raise ValueError('应为加引号的月日，如 "11-01"') from None
    return day.month, day.day


def days(value: object) -> frozenset[date]:
    """A list of days, quoted or as TOML writes dates."""
    if not isinstance(value, list):
        raise ValueError('应为日期的列表，如 ["2027-01-01", "2027-01-02"]')
    try:
        return frozenset(date.fromisoformat(str(each)) for each in value)
    except ValueError:
        raise ValueError('有的不是日期，应写成 "2027-01-01"') from None


def floors(value: object) -> tuple[tuple[int, int], ...]:
    """A table of month → share, ascending by month."""
    if not isinstance(value, Mapping) or not value:
        raise ValueError('应为各月的百分数，如 "04" = 25')
    found = {}
    for month, least in value.items():
        if not (str(month).isdecimal() and 1 <= int(month) <= 12):
            raise ValueError(f"{month} 不是月份")
        found[int(month)] = share(least)
    shares = [found[month] for month in sorted(found)]
    if shares != sorted(shares):
        raise ValueError("后面月份的百分数不能比前面的小")
    return tuple(sorted(found.items()))
