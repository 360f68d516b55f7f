"""Long lists in parts: one statement takes only so many values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


def batches(items: Iterable[T], size: int = 500) -> Iterator[list[T]]:
    """The items in lists of at most `size`; 500 are far below what any database allows."""
    listed = list(items)
    return (listed[start : start + size] for start in range(0, len(listed), size))
