"""How alike two codes or names are: for proposals to a person, and for slips of the pen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from monitor.domain.name_fit import likeness, shape

LEAST_NAME_SCORE = 45
"""Below this, names share little; above it, enough for a proposal, never for a decision."""

_CONFUSED = frozenset(map(frozenset, ("O0", "I1", "L1", "B8", "S5", "Z2", "Q0", "D0", "G6")))


def name_score(one: str, other: str) -> int:
    """0–100 for two names; 0 where their numbers differ (一中 and 二中, 2024年 and 2025年)."""
    return likeness(shape(one), shape(other))


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
