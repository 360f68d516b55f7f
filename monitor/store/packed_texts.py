"""Many texts in one, packed, and one of them out of it: as SQLite keeps the cells of long lists."""

from __future__ import annotations

import zlib
from functools import lru_cache

BETWEEN = "\x1e"
"""The sign between two texts."""


def packed(text: str) -> bytes:
    """The text in a fifth of the room; lists repeat themselves."""
    return pack(text.encode())


def pack(utf8: bytes) -> bytes:
    """The same of a text in UTF-8."""
    return zlib.compress(utf8, 1)


def parts(packed_text: bytes) -> list[str]:
    """The texts that stand in one."""
    return zlib.decompress(packed_text).decode().split(BETWEEN)


_parts = lru_cache(maxsize=16)(parts)  # neighbours are asked for one after the other


def split_part(packed_text: bytes, _sign: str, place: int) -> str:
    """PostgreSQL's function of this name, for texts that are packed; places count from 1."""
    return _parts(packed_text)[place - 1]
