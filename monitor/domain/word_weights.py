"""How much words tell projects apart: 保险 says little where every second project has it.

Chinese has no blanks, so a word here is any pair of neighbouring characters.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import lru_cache

from monitor.domain.name_fit import shape


@lru_cache(maxsize=20_000)
def pairs(text: str) -> frozenset[str]:
    """The pairs of a text's core; the core itself where it is shorter."""
    core = shape(text).core
    return frozenset(core[n : n + 2] for n in range(max(1, len(core) - 1))) if core else frozenset()


class WordWeights:
    """Weights of words by how many of the texts have them."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._count = 0
        self._having: Counter[str] = Counter()
        for text in texts:
            self._count += 1
            self._having.update(pairs(text))

    def of(self, word: str) -> float:
        return math.log(1 + (self._count + 1) / (self._having[word] + 1))

    def total(self, words: Iterable[str]) -> float:
        # summed in order: sets have none, and the last bit of a sum would differ between runs
        return math.fsum(self.of(word) for word in words)


class WordIndex:
    """Which of some texts share words with another, without looking at all of them."""

    def __init__(self, texts: Iterable[str], weights: WordWeights) -> None:
        self._weights = weights
        self._having: defaultdict[str, list[int]] = defaultdict(list)
        self._totals: list[float] = []
        for n, text in enumerate(texts):
            words = pairs(text)
            self._totals.append(weights.total(words))
            for word in words:
                self._having[word].append(n)

    def shared(self, text: str) -> dict[int, tuple[int, int]]:
        """By the text's place: what part (0–100) of its own words, and of `text`'s, is shared."""
        words = sorted(pairs(text))
        total = self._weights.total(words)
        sums: defaultdict[int, float] = defaultdict(float)
        for word in words:
            for n in self._having.get(word, ()):
                sums[n] += self._weights.of(word)
        return {
            n: (int(100 * found / self._totals[n] + 0.001), int(100 * found / total + 0.001))
            for n, found in sums.items()
        }
