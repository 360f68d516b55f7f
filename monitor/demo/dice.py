"""Chance that comes out the same at every run and on every Python from 3.11 on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """A named source of chance; equal names give equal throws.

    Only raw bits are asked of `Random`: its choice and shuffle may change between versions of
    Python. Integers throughout, because the throws decide about money.
    """

    def __init__(self, name: str) -> None:
        self._random = Random(name)  # noqa: S311  (a sample county, not a secret)

    def below(self, limit: int) -> int:
        """One of 0 … limit − 1, limit below 2³²."""
        return self._random.getrandbits(32) * limit >> 32

    def between(self, low: int, high: int) -> int:
        """One of low … high, both included."""
        return low + self.below(high - low + 1)

    def happens(self, percent: int) -> bool:
        return self.below(100) < percent

    def pick(self, choices: Sequence[T]) -> T:
        return choices[self.below(len(choices))]

    def shuffled(self, things: Iterable[T]) -> list[T]:
        """All things in another order (Fisher and Yates)."""
        order = list(things)
        for last in range(len(order) - 1, 0, -1):
            other = self.below(last + 1)
            order[last], order[other] = order[other], order[last]
        return order

    def sample(self, things: Sequence[T], count: int) -> list[T]:
        """`count` of the things (all, where there are fewer), in the order they stand in."""
        chosen = sorted(self.shuffled(range(len(things)))[:count])
        return [things[i] for i in chosen]

    def digits(self, count: int) -> str:
        return "".join(str(self.below(10)) for _ in range(count))

    def split(self, total: int, parts: int) -> list[int]:
        """`total` in uneven positive parts that add up to it; fewer where it is too small."""
        cuts = {self.between(1, total - 1) for _ in range(parts - 1)} if total > 1 else set()
        edges = [0, *sorted(cuts), total]
        return [after - before for before, after in zip(edges, edges[1:], strict=False)]
