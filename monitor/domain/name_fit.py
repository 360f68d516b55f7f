"""Whether two project names can mean the same project, and how alike they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq

from monitor.domain.codes import normalise_name

_NUMERALS = "〇一二三四五六七八九十百零"
# Digits, 第…, and numerals that count something: 二期, 三标段, 一中, 四季度; with what they count.
_COUNTED = re.compile(
    rf"(?:第?(\d+)|第([{_NUMERALS}]+)|([{_NUMERALS}]+)(?=[期批号季标年级中小幼院组队次区]))"
    r"(年度?|批次?|期|季度?|次|月份?)?",
    re.ASCII,
)
_DIGITS = str.maketrans("零〇一二三四五六七八九", "00123456789")
_SPAN = re.compile(r"(\d+[-~—至]\d+)([月季])度?", re.ASCII)  # 1-6月
_MARKS = re.compile(r"[^\w]|_")
# Words that say no more than that it is a project with money.
_GENERIC = re.compile(
    "^关于(?:提前)?(?:下达|拨付)?|的通知$"
    "|专项|项目|经费|资金|费用|支出|工作|相关|有关|其他|(?<=..)[费款]$"
)
# Words of many a project: that two names share them alone does not make them fit.
_USUAL = re.compile("服务|管理|保障|补助|补贴|建设|综合|运行|维护|业务|维修|购置|工程|改造|设备")
_LEAST_FITTING = 50
_LONGEST_CACHED = 60_000


@dataclass(frozen=True, slots=True)
class Shape:
    """A name taken apart: its words without numbers' spellings, marks and generic words.

    `parts` are instalments (第二批, 一期, 3月), `numbers` what else is counted (一中, 2号楼).
    """

    core: str
    years: frozenset[str]
    parts: frozenset[str]
    numbers: frozenset[str]


@lru_cache(maxsize=_LONGEST_CACHED)
def shape(name: str) -> Shape:
    """The shape of a name as written or normalised."""
    years: set[str] = set()
    parts: set[str] = set()
    numbers: set[str] = set()

    def in_digits(found: re.Match[str]) -> str:
        number, counted = as_digits(found[1] or found[2] or found[3]), found[4] or ""
        if counted.startswith("年") or (len(number) == 4 and number.startswith("20")):
            years.add(number[-2:])
            return ""
        if counted:
            parts.add(counted[0] + number)
            return ""
        numbers.add(number)
        return number

    plain = normalise_name(name)
    parts.update(counted + span for span, counted in _SPAN.findall(plain))
    # marks part numbers from each other, so they go last
    bare = _MARKS.sub("", _COUNTED.sub(in_digits, _SPAN.sub("", plain)))
    whole = _MARKS.sub("", plain)
    core = _GENERIC.sub("", bare) or bare or whole
    return Shape(core.casefold(), frozenset(years), frozenset(parts), frozenset(numbers))


def as_digits(numeral: str) -> str:
    """十二 → 12, 第1 → 1; up to 99, which is as far as names count in Chinese numerals."""
    if numeral.isascii():
        return numeral.lstrip("0") or "0"
    tens, ten, ones = numeral.partition("十")
    digits = numeral.translate(_DIGITS) if not ten else (tens.translate(_DIGITS) or "1")
    return digits if not ten else digits + (ones.translate(_DIGITS) or "0")


def same_name(one: str, other: str) -> bool:
    """Whether two names differ at most in marks, in how numbers are written, or in 经费 for 项目.

    An added year or batch makes another name here: close enough to propose, not to decide.
    """
    a, b = shape(one), shape(other)
    return bool(a.core) and (a.core, a.years, a.parts, a.numbers) == (
        b.core,
        b.years,
        b.parts,
        b.numbers,
    )


def likeness(one: Shape, other: Shape) -> int:
    """0–100; 0 where both count the same and the numbers differ (一中 and 二中, 2024年 and 2025年).

    Abbreviations count: 医保补助 is all in 城乡居民基本医疗保险补助资金, in its order.
    """
    if not one.core or not other.core:
        return 0
    lost = _numbers_lost(one, other)
    if lost is None:
        return 0
    if one.core == other.core:
        return 100 - lost
    return max(0, core_likeness(one.core, other.core) - lost)


def core_likeness(one: str, other: str) -> int:
    """How alike two cores are, at most 98: half by the whole, half by what the shorter keeps."""
    ratio = fuzz.ratio(one, other)
    shorter = min(len(one), len(other))
    if shorter < 2:
        return int(ratio)
    kept = 100 * LCSseq.similarity(one, other) / shorter
    if one in other or other in one:
        kept = 110
    return min(98, int(max(ratio, (ratio + kept) / 2)))


def contradict(one: Shape, other: Shape) -> bool:
    """Whether both count the same and differ: 2024年 and 2025年, 一期 and 二期, 一中 and 二中."""
    return _numbers_lost(one, other) is None


def _numbers_lost(one: Shape, other: Shape) -> int | None:
    """What numbers on one side alone take from the score; None where both sides contradict."""
    lost = 0
    for a, b, each in (
        (one.years, other.years, 2),
        (one.numbers, other.numbers, 15),
        *_parts(one.parts, other.parts),
    ):
        if a and b and not (a <= b or b <= a):
            return None
        if a != b:
            lost += each
    return lost


def _parts(
    one: frozenset[str], other: frozenset[str]
) -> Iterator[tuple[frozenset[str], frozenset[str], int]]:
    """The instalments to compare, batches with batches and months with months."""
    for counted in sorted({part[0] for part in one | other}):
        a, b = (frozenset(part for part in parts if part[0] == counted) for parts in (one, other))
        yield a, b, 6


def name_misfits(wording_name: str, project_name: str) -> bool:
    """Whether a name cannot mean the project at all: at most usual words in common.

    Made for a warning where the code is the same, so doubt counts as a fit: abbreviations, an
    added year, batch or department, other numbers. A blank or all generic name says nothing.
    """
    a, b = shape(wording_name), shape(project_name)
    if _says_nothing(a) or _says_nothing(b):
        return False
    one, other = (_USUAL.sub("", each.core) or each.core for each in (a, b))
    if _pairs(one) & _pairs(other):
        return False
    kept = 100 * LCSseq.similarity(one, other) / min(len(one), len(other))
    return max(kept, core_likeness(a.core, b.core)) < _LEAST_FITTING


def _says_nothing(name: Shape) -> bool:
    # a core that is nothing but generic words stays whole, and would be cut here
    return len(name.core) < 2 or not _GENERIC.sub("", name.core)


def _pairs(text: str) -> set[str]:
    return {text[n : n + 2] for n in range(len(text) - 1)}
