"""Many texts in one, packed, and one of them out of it: as SQLite keeps the cells of long lists."""

from __future__ import annotations

import sys
from functools import lru_cache

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

BETWEEN = "\x1e"
"""The sign between two texts."""
_PACKING: dict[int, int] = {
    zstd.CompressionParameter.compression_level: 1,
    zstd.CompressionParameter.checksum_flag: 1,  # a changed bit is an error, no other text
}
_packer = zstd.ZstdCompressor(options=_PACKING)


def packed(text: str) -> bytes:
    """The text in a fifth of the room; lists repeat themselves."""
    return pack(text.encode())


def pack(utf8: bytes) -> bytes:
    """The same of a text in UTF-8."""
    return _packer.compress(utf8, _packer.FLUSH_FRAME)


def parts(packed_text: bytes) -> list[str]:
    """The texts that stand in one. Raises ValueError for one that is damaged."""
    try:
        return zstd.decompress(packed_text).decode().split(BETWEEN)
    except zstd.ZstdError as error:
        raise ValueError(str(error)) from error


_parts = lru_cache(maxsize=16)(parts)  # neighbours are asked for one after the other


def split_part(packed_text: bytes, _sign: str, place: int) -> str:
    """PostgreSQL's function of this name, for texts that are packed; places count from 1."""
    return _parts(packed_text)[place - 1]
