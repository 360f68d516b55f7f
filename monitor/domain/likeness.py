"""How alike two codes or names are: for proposals to a person, never for a decision."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz import fuzz

from monitor.domain.codes import normalise_name

LEAST_NAME_SCORE = 70
"""Below this, names share little but 经费 and 项目."""

_NUMERALS = "〇一二三四五六七八九十百零"
# Digits, 第…, and numerals that count something: 二期, 三标段, 一中, 四季度.
_COUNTED = re.compile(
    rf"第?(\d+)|第([{_NUMERALS}]+)|([{_NUMERALS}]+)(?=[期批号季标年级中小幼院组队次区])",
    re.ASCII,
)
_CONFUSED = frozenset(map(frozenset, ("O0", "I1", "L1", "B8", "S5", "Z2", "Q0", "D0", "G6")))


def name_score(one: str, other: str) -> int:
    """0–100 for two names; 0 where their numbers differ (一中 and 二中, 2024年 and 2025年)."""
    (one, numbers), (other, others) = _in_digits(one), _in_digits(other)
    if not one or not other or numbers != others:
        return 0
    return int(fuzz.ratio(one, other))


@lru_cache(maxsize=20_000)
def _in_digits(name: str) -> tuple[str, tuple[str, ...]]:
    """The normalised name with its numbers in digits, and these numbers in order."""
    numbers: list[str] = []

    def in_digits(found: re.Match[str]) -> str:
        numbers.append(_as_digits(found[1] or found[2] or found[3]))
        return numbers[-1]

    return _COUNTED.sub(in_digits, normalise_name(name)), tuple(numbers)


def _as_digits(numeral: str) -> str:
    """十二 → 12, 第1 → 1; up to 99, which is as far as names count in Chinese numerals."""
    if numeral.isascii():
        return numeral.lstrip("0") or "0"
    tens, ten, ones = numeral.partition("十")
    digits = numeral.translate(_DIGITS) if not ten else (tens.translate(_DIGITS) or "1")
    return digits if not ten else digits + (ones.translate(_DIGITS) or "0")


_DIGITS = str.maketrans("零〇一二三四五六七八九", "00123456789")


def slip(wrong: str, right: str) -> str | None:
    """What slip of the pen makes `wrong` of `right`, in Chinese; None where it takes more."""
    if wrong == right:
        return None
    start = next((n for n, (a, b) in enumerate(zip(wrong, right, strict=False)) if a != b), None)
    if start is None:
        start = min(len(wrong), len(right))
    here = f"第 {start + 1} 位"
    if len(wrong) == len(right):
        if wrong[start + 1 :] == right[start + 1 :]:
            return f"{here}的 {wrong[start]} 应为 {right[start]}"
        swapped = right[start : start + 2][::-1]
        if wrong[start : start + 2] == swapped and wrong[start + 2 :] == right[start + 2 :]:
            return f"{here}起的 {swapped} 前后颠倒"
    if wrong[:start] + wrong[start + 1 :] == right:
        return f"{here}多了 {wrong[start]}"
    if right[:start] + right[start + 1 :] == wrong:
        return f"{here}缺了 {right[start]}"
    return None


def easily_confused(wrong: str, right: str) -> bool:
    """Whether two codes of one length differ only in characters that look alike: O and 0."""
    pairs = [frozenset(pair) for pair in zip(wrong, right, strict=False) if pair[0] != pair[1]]
    return len(wrong) == len(right) and all(pair in _CONFUSED for pair in pairs)


class SlipIndex:
    """Finds the codes one slip away without comparing with all of them.

    Two codes are one slip apart only if they meet after dropping at most one character each.
    """

    def __init__(self, codes: Iterable[str]) -> None:
        self._shortened: defaultdict[str, set[str]] = defaultdict(set)
        for code in codes:
            for shorter in _shortened(code):
                self._shortened[shorter].add(code)

    def near(self, code: str) -> list[str]:
        """The codes that one slip makes into `code`, sorted."""
        met = set().union(*(self._shortened.get(s, frozenset()) for s in _shortened(code)))
        return sorted(other for other in met if slip(code, other))


def _shortened(code: str) -> set[str]:
    return {code} | {code[:n] + code[n + 1 :] for n in range(len(code))}
