"""Lines of text from the characters of a PDF page, and which of them are one line wrapped."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

Char = dict[str, Any]
"""A character as pdfplumber gives it."""

_RADICALS = str.maketrans(
    "⺇⺎⺝⺟⺠⺼⻁⻄⻅⻆⻉⻋⻑⻓⻔⻗⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰⻳",
    "几兀月母民肉虎西见角贝车長长门雨青韦页风飞食马骨鬼鱼鸟卤麦黄黾齐齿龙龟",
)
_KANGXI = re.compile("[\u2f00-\u2fdf]")
_SYMBOLS = {"\uf0b3": "≥", "\uf0a3": "≤", "\uf0b9": "≠", "\uf0b1": "±", "\uf0b4": "×"}
_UNMAPPED = re.compile(r"\(cid:\d+\)|[\0\ufffd\ue000-\uf8ff]")
_WORD = re.compile(r"[!-~]")
_OPENING, _CLOSING = "（《“‘【〔(", "，。、；：！？）》”’】〕%％,.;:!?)"
_NUMBERING = re.compile(
    r"(?:[0-9０-９]{1,2}\s*[.．、](?!\d)|[（(](?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）]"
    r"|[一二三四五六七八九十]{1,3}、|[①-⑳])"
)
_STROKE = 0.1
"""Of a character's size: how far apart the strokes of a bold print stand."""
_SLACK = 0.5
"""In points: what a printer rounds away."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text and its box; `lead` is the width of what could not be parted at its start."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    lead: float
    letter: float


def lines_of(chars: Iterable[Char]) -> list[Line]:
    """The lines from top to bottom; characters are of one line if they stand on one base."""
    rows: list[list[Char]] = []
    for char in sorted(chars, key=lambda each: -float(each["matrix"][5])):
        base = rows[-1][0]["matrix"][5] if rows else 0.0
        if rows and base - char["matrix"][5] <= 0.35 * max(char["size"], rows[-1][0]["size"]):
            rows[-1].append(char)
        else:
            rows.append([char])
    return [line for row in rows if (line := _line(row)) is not None]


def once(chars: Iterable[Char]) -> list[Char]:
    """Without the second strokes of a bold print: the same character at nearly the same spot."""
    kept: list[Char] = []
    spots: dict[tuple[str, int], list[Char]] = {}
    for char in chars:
        at = int(char["top"])
        near = (each for row in (at - 1, at, at + 1) for each in spots.get((char["text"], row), ()))
        slack = _STROKE * char["size"]
        if any(
            abs(each["x0"] - char["x0"]) < slack > abs(each["top"] - char["top"]) for each in near
        ):
            continue
        kept.append(char)
        spots.setdefault((char["text"], at), []).append(char)
    return kept


def unmapped(text: str) -> str | None:
    """The first sign that the file gives no character for."""
    found = _UNMAPPED.search(text)
    return found[0] if found else None


def flowed(lines: Sequence[Line], width: float) -> str:
    """The text of a cell or paragraph `width` points wide inside: wrapped lines are one."""
    text = lines[0].text if lines else ""
    for above, below in zip(lines, lines[1:], strict=False):
        room = width - (above.x1 - above.x0)
        text += _between(above, below, room) if is_wrapped(below, room) else "\n"
        text += below.text
    return text


def flowed_to(lines: Sequence[Line], right: float) -> str:
    """The text of a paragraph that ends at `right`; its lines are known to be wrapped ones."""
    text = lines[0].text
    for above, below in zip(lines, lines[1:], strict=False):
        text += _between(above, below, right - above.x1) + below.text
    return text


def is_wrapped(below: Line, room: float) -> bool:
    """Whether the line below had no room above; a numbered line begins anew in any case."""
    return room < below.lead + _SLACK and not _NUMBERING.match(below.text)


def _between(above: Line, below: Line, room: float) -> str:
    """A blank between two words; none in a long number that was broken where the cell ends."""
    words = _WORD.match(above.text[-1]) and _WORD.match(below.text)
    if above.text[-1].isdigit() and below.text[0].isdigit():
        return ""
    return " " if words and room >= below.letter + _SLACK else ""


def _line(row: list[Char]) -> Line | None:
    row = sorted(row, key=lambda each: float(each["x0"]))
    solid = [each for each in row if each["text"].strip()]
    if not solid:
        return None
    first, last = solid[0], solid[-1]
    text = _text(row[row.index(first) : row.index(last) + 1])
    top, bottom = min(each["top"] for each in solid), max(each["bottom"] for each in solid)
    lead = _lead(solid)
    x0, x1, size = first["x0"], max(each["x1"] for each in solid), first["size"]
    return Line(text, x0, top, x1, bottom, size, lead, first["x1"] - first["x0"])


def _text(row: Sequence[Char]) -> str:
    text = ""
    end: float | None = None
    for char in row:
        sign = _plain(char["text"])
        if end is not None and text[-1:].strip() and sign.strip():
            gap = (char["x0"] - end) / (char["size"] or 1)
            words = _WORD.match(text[-1]) and _WORD.match(sign)
            text += " " if gap > 1 or (words and gap > 0.2) else ""
        text += sign
        end = char["x1"]
    return text


def _plain(sign: str) -> str:
    """The character meant: printers write some as radicals (`⽬` for `目`) or symbols."""
    if _KANGXI.match(sign):
        return unicodedata.normalize("NFKC", sign)
    return _SYMBOLS.get(sign, sign).translate(_RADICALS)


def _lead(solid: Sequence[Char]) -> float:
    """The width of what no printer parts: a word, a character and the 标点 after it."""
    end = 0
    while end < len(solid) - 1 and _holds_together(solid[end], solid[end + 1]):
        end += 1
    return float(solid[end]["x1"] - solid[0]["x0"])


def _holds_together(one: Char, other: Char) -> bool:
    if one["text"] in _OPENING or other["text"] in _CLOSING:
        return True
    near = other["x0"] - one["x1"] < 0.2 * one["size"]
    return bool(near and _WORD.match(one["text"]) and _WORD.match(other["text"]))
