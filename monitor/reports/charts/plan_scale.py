"""The upward axis of the plan chart: its ends, round ticks and their unit, all in integer fen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_UNITS = ((10**13, 10**10, "亿元"), (10**6, 10**6, "万元"), (0, 100, "元"))


@dataclass(frozen=True, slots=True)
class Scale:
    """The upward axis in fen: its ends, its ticks, and the unit in which they are written."""

    low: int
    high: int
    ticks: tuple[int, ...]
    unit_fen: int
    unit: str

    def written(self, fen: int) -> str:
        """A tick in its unit, without rounding."""
        whole, rest = divmod(abs(fen), self.unit_fen)
        digits = f"{rest:0{len(str(self.unit_fen)) - 1}d}".rstrip("0")
        return f"{'-' if fen < 0 else ''}{whole:,}{'.' + digits if digits else ''}"


def scale_of(amounts: Sequence[int]) -> Scale:
    """An axis with room for all these amounts and for 0."""
    low, high = min(0, *amounts), max(0, *amounts)
    high = high if high > low else 100
    step = _step(high - low)
    low_room = (high - low) // 20 if low < 0 else 0
    top = high + (high - low) // 16
    unit_fen, unit = next((u, name) for least, u, name in _UNITS if max(high, -low) >= least)
    first, last = -(-low // step), top // step
    ticks = tuple(n * step for n in range(first, last + 1))
    return Scale(low - low_room, max(top, low + 1), ticks, unit_fen, unit)


def _step(span: int) -> int:
    """A round distance of ticks, three to seven of them in `span` fen."""
    size = 1
    while size * 10 * 3 <= span:
        size *= 10
    return next((size * n for n in (5, 2) if size * n * 3 <= span), size)
