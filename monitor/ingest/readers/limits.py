"""How large a document may be: what is larger was not written by people, and would not end."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.ingest.readers import kinds

LARGEST = 32 * 2**20
"""Bytes of a file or of a part of it, unpacked."""
MOST_CELLS = 800_000
"""About 7,000 projects."""
MOST_LINES = 2_000_000
"""About 14,000 projects in the text form."""
LONGEST = 200_000
"""Characters in one cell or paragraph."""


def check_size(size: int, file: str, what: str) -> None:
    if size > LARGEST:
        raise kinds.TOO_LARGE.refusal(file, what=what, size=f"超过 {LARGEST // 2**20} MB")


def check_lines(count: int, file: str) -> None:
    if count > MOST_LINES:
        size = f"超过 {MOST_LINES // 10_000} 万行"
        raise kinds.TOO_LARGE.refusal(file, what="文本文件", size=size)


def check_cells(count: int, file: str) -> None:
    if count > MOST_CELLS:
        size = f"的单元格超过 {MOST_CELLS // 10_000} 万个"
        raise kinds.TOO_LARGE.refusal(file, what="文档", size=size)


def check_lengths(texts: Iterable[str], file: str) -> None:
    if any(len(text) > LONGEST for text in texts):
        size = f"中有超过 {LONGEST // 10_000} 万字的一段"
        raise kinds.TOO_LARGE.refusal(file, what="文档", size=size)
