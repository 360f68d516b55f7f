"""What people write as 实际完成值, understood beside the target it answers. Never a guess."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from monitor.domain.scoring_rules import Level
from monitor.domain.target_value import TargetValue, ValueKind, parse_target

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Actual:
    """An 实际完成值 as read; `text` as written. Of the others, those that the target asks for.

    `number` is in the target's own unit, exact. A day written as a month has a `since` (its
    first day) before its `date`. `doubt` says in Chinese why it cannot be held against the target.
    """

    text: str
    number: Decimal | None = None
    since: date | None = None
    date: date | None = None
    answer: bool | None = None
    level: Level | None = None
    doubt: str = ""


def parse_actual(text: str, value: TargetValue) -> Actual | None:
    """What `text` says beside the target `value`; None for blank text. Never raises.

    What cannot be held against the target comes back with a `doubt`.
    """
    written = " ".join(text.split())
    if not written:
        return None
    if len(written) > _LONGEST and value.kind in (ValueKind.NUMBER, ValueKind.RANGE):
        return Actual(written, doubt="应是一个数，现在是一段文字")
    if value.kind in (ValueKind.NUMBER, ValueKind.RANGE):
        return _number(written, value)
    if value.kind is ValueKind.DATE:
        return _day(written)
    plain = "".join(written.split()).rstrip("。；;")
    answer = _ANSWERS.get(plain)
    if value.kind is ValueKind.YES_NO:
        level = Level.PARTLY if answer is None and plain.startswith("部分") else None
        doubt = "" if level or answer is not None else "应答“是”或“否”"
        return Actual(written, answer=answer, level=level, doubt=doubt)
    return Actual(written, answer=answer, level=_level(plain, answer))


_YES = "是 有 已完成 完成 全部完成 已达成 达成 已实现 实现 达标 已达标 符合 √ ✓ 达成年度指标"
_NO = "否 没有 未完成 没有完成 未达成 没有达成 未实现 不达标 未达标 不符合 × ✗ 未达成且效果较差"
_ANSWERS = dict.fromkeys(_YES.split(), True) | dict.fromkeys(_NO.split(), False)
_LEVEL_STARTS = (
    ("部分达成", Level.PARTLY),
    ("部分完成", Level.PARTLY),
    ("达成年度", Level.MET),
    ("未达成年度", Level.MISSED),
    ("未达成且", Level.MISSED),
)


def _level(plain: str, answer: bool | None) -> Level | None:
    """The level of a qualitative indicator (D11) that a text names; None for a free text."""
    for start, level in _LEVEL_STARTS:
        if plain.startswith(start):
            return level
    if answer is None:
        return None
    return Level.MET if answer else Level.MISSED


_BEFORE_A_NUMBER = re.compile(r"^(?:实际|已经|已|累计|全年|共计?|合计|完成率?|达到?了?|为|[:：])+")


def _number(written: str, value: TargetValue) -> Actual:
    plain = _BEFORE_A_NUMBER.sub("", "".join(written.split()))
    read = parse_target(f"={plain}")
    if read.kind is not ValueKind.NUMBER or read.number is None:
        shown = parse_target(plain)
        if shown.kind is ValueKind.RANGE or shown.comparison in ("≥", "≤", ">", "<"):
            return Actual(written, doubt="应是实际做到的一个数，不带“≥”“以上”等，也不是一个范围")
        return Actual(written, doubt="读不出数")
    doubt = _unit_doubt(read.number, read.unit, value.unit)
    if doubt:
        return Actual(written, doubt=doubt)
    factor = _factor(read.unit or value.unit, value.unit)
    if factor is None:
        return Actual(written, doubt=f"单位“{read.unit}”与指标值的“{value.unit}”不同")
    return Actual(written, number=read.number * factor)


def _unit_doubt(number: Decimal, unit: str, wanted: str) -> str:
    if wanted == "%" and not unit and 0 < number < 2:
        return f"“{number}”可能是 {number}%，也可能是 {(number * 100).normalize():f}%，请写明百分号"
    if unit and not wanted and (unit == "%" or _scale(unit)[0] != 1):
        return f"指标值没有单位，实际完成值的单位是“{unit}”"
    return ""


_SCALES = {"百万": 10**6, "千万": 10**7, "亿": 10**8, "万": 10**4, "千": 1_000, "百": 100}
_SAME_UNITS = {
    "个工作日": "工作日",
    "个自然日": "日",
    "自然日": "日",
    "天": "日",
    "个月": "月",
    "平米": "平方米",
    "㎡": "平方米",
    "m²": "平方米",
    "m2": "平方米",
    "立方": "立方米",
    "m³": "立方米",
    "m3": "立方米",
    "名": "人",
    "位": "人",
    "个百分点": "百分点",
}


def _bare(unit: str) -> str:
    """`次数` → `次`, `㎡` → `平方米`."""
    short = unit.removesuffix("数量").removesuffix("数") or unit
    return _SAME_UNITS.get(short, short)


def _scale(unit: str) -> tuple[int, str]:
    """`万人次` → 10000 and `人次`; a word such as 千米 is a thousand 米."""
    bare = _bare(unit)
    if bare.startswith("百分") or bare != unit.removesuffix("数量").removesuffix("数"):
        return 1, bare
    for word, times in _SCALES.items():
        if bare.startswith(word) and len(bare) > len(word):
            return times, _bare(bare[len(word) :])
    return 1, bare


def _factor(unit: str, wanted: str) -> Decimal | None:
    """What a figure in `unit` is to be multiplied with to be one in `wanted`; None: no way."""
    if not wanted:
        return Decimal(1)
    (times, base), (wanted_times, wanted_base) = _scale(unit), _scale(wanted)
    return Decimal(times) / Decimal(wanted_times) if base == wanted_base else None


_MONTH = re.compile(r"(20\d\d)(?:年(\d{1,2})月份?|[-./](\d{1,2}))(?:完成|完工)?", re.ASCII)
_EIGHT = re.compile(r"(20\d\d)([01]\d)([0-3]\d)", re.ASCII)
_MIDNIGHT = re.compile(r"[ T]+00:00(?::00)?$")
_AROUND_A_DAY = re.compile(r"^(?:实际|已经|已|完成时间|完成日期|完成|验收|[:：])+")
_NO_YEAR = re.compile(r"\d{1,2}月(?:\d{1,2}日|份?[底末])?.*", re.ASCII)


def _day(written: str) -> Actual:
    plain = "".join(_MIDNIGHT.sub("", written).split())
    plain = plain.rstrip("。；;")
    if plain in _ANSWERS:
        return Actual(written, answer=_ANSWERS[plain], doubt="请写完成的日期")
    plain = _AROUND_A_DAY.sub("", plain)
    if eight := _EIGHT.fullmatch(plain):
        plain = "-".join(eight.groups())
    if month := _MONTH.fullmatch(plain):
        return _whole_month(written, int(month[1]), int(month[2] or month[3]))
    read = parse_target(plain)
    if read.kind is ValueKind.DATE and read.date:
        since = None if read.comparison == "≤" else read.date
        return Actual(written, date=read.date, since=since)
    if _NO_YEAR.fullmatch(plain):
        return Actual(written, doubt="没有写年份")
    return Actual(written, doubt="读不出日期")


def _whole_month(written: str, year: int, month: int) -> Actual:
    if not 1 <= month <= 12:
        return Actual(written, doubt="没有这个月份")
    last = date(year, month, monthrange(year, month)[1])
    return Actual(written, date=last, since=date(year, month, 1))
