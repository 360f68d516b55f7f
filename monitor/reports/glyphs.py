"""The shipped Chinese font: where it is, what it can draw, and pieces of it for web pages.

Pages and charts look the same on a machine without any Chinese font.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from io import BytesIO
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

MISSING = "〓"
"""Stands where the font has no glyph: the sign that printers use for a lacking type."""

_INVISIBLE = ("Cc", "Cf", "Cs", "Cn")


def font_path() -> Path:
    return Path(__file__).parent / "fonts" / "NotoSansSC-gbk.ttf"


@cache
def _characters() -> frozenset[int]:
    with TTFont(font_path(), lazy=True) as font:
        return frozenset(font.getBestCmap())


def lacks(character: str) -> bool:
    """Whether the shipped font cannot draw it."""
    return ord(character) not in _characters()


def printable(text: str) -> str:
    """`text` without control and other invisible characters, which documents may not hold.

    Line breaks stay; a tab becomes a blank.
    """
    if text.isprintable():  # as nearly all are: looking at each character is slow
        return text
    plain = text.replace("\r\n", "\n").replace("\t", " ")
    return "".join(c for c in plain if c == "\n" or unicodedata.category(c) not in _INVISIBLE)


def drawable(text: str) -> str:
    """`text` as a chart can draw it: in one line, with 〓 for each character the font lacks."""
    line = " ".join(printable(text).split())
    return "".join(MISSING if lacks(c) else c for c in line)


def woff(text: str) -> bytes:
    """A WOFF font with the characters of `text` that the font has; always the same bytes."""
    with TTFont(font_path(), recalcTimestamp=False, recalcBBoxes=False, lazy=True) as font:
        # The shipped font has no hints to remove; looking for them unpacks every glyph.
        options = subset.Options(flavor="woff", layout_features=[], hinting=True)
        pruner = subset.Subsetter(options)
        pruner.populate(unicodes=set(map(ord, set(text))) & _characters())
        pruner.subset(font)
        buffer = BytesIO()
        subset.save_font(font, buffer, options)
    return buffer.getvalue()
