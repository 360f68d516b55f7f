"""Ways to damage a document of any form, seeded: a tool of the tests and of bench/fuzz_targets.py.

None changes a digit or a letter of a code into another: that no reader could notice.
"""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable

Damage = Callable[[bytes, random.Random], bytes]
_OF_CODES = frozenset(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_MAIN_PARTS = re.compile(r"word/document\.xml|xl/worksheets/.*\.xml|xl/sharedStrings\.xml")


def cut(data: bytes, dice: random.Random) -> bytes:
    return data[: dice.randrange(len(data))]


def lose_bytes(data: bytes, dice: random.Random) -> bytes:
    """Not inside a code or an amount, which would be a changed digit."""
    start = dice.randrange(len(data))
    end = min(start + dice.choice((1, 2, 30, 300, 5_000)), len(data))
    while start < end and (_is_of_code(data, start - 1) or _is_of_code(data, start)):
        start += 1
    while end < len(data) and (_is_of_code(data, end - 1) or _is_of_code(data, end)):
        end += 1
    return data[:start] + data[end:]


def _is_of_code(data: bytes, at: int) -> bool:
    return 0 <= at < len(data) and data[at] in _OF_CODES


def double_bytes(data: bytes, dice: random.Random) -> bytes:
    start = dice.randrange(len(data))
    end = min(start + dice.choice((30, 300, 5_000)), len(data))
    while start < end and (_is_of_code(data, start - 1) or _is_of_code(data, start)):
        start += 1
    while end < len(data) and (_is_of_code(data, end - 1) or _is_of_code(data, end)):
        end += 1
    return data[:end] + data[start:end] + data[end:]


def flip_bits(data: bytes, dice: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(dice.choice((1, 1, 2, 20))):
        at = dice.randrange(len(changed))
        other = changed[at] ^ (1 << dice.randrange(8))
        if changed[at] not in _OF_CODES and other not in _OF_CODES:
            changed[at] = other
    return bytes(changed)


def in_text(change: Callable[[list[str], random.Random], None]) -> Damage:
    """A change of the lines of a text document."""

    def damage(data: bytes, dice: random.Random) -> bytes:
        lines = data.decode().split("\n")
        change(lines, dice)
        return "\n".join(lines).encode()

    return damage


def _cell(lines: list[str], dice: random.Random) -> int:
    return dice.choice([i for i, line in enumerate(lines) if line.startswith("\t")])


def lose_line(lines: list[str], dice: random.Random) -> None:
    del lines[dice.randrange(len(lines))]


def double_line(lines: list[str], dice: random.Random) -> None:
    at = dice.randrange(len(lines))
    lines.insert(at, lines[at])


def swap_lines(lines: list[str], dice: random.Random) -> None:
    at = dice.randrange(len(lines) - 1)
    lines[at : at + 2] = lines[at + 1], lines[at]


def lose_tab(lines: list[str], dice: random.Random) -> None:
    at = _cell(lines, dice)
    lines[at] = lines[at][1:]


def blank_cell(lines: list[str], dice: random.Random) -> None:
    lines[_cell(lines, dice)] = "\t"


def break_row(lines: list[str], dice: random.Random) -> None:
    lines.insert(_cell(lines, dice), "")


def join_rows(lines: list[str], dice: random.Random) -> None:
    del lines[dice.choice([i for i, line in enumerate(lines) if not line])]


def in_markup(change: Callable[[str, random.Random], str]) -> Damage:
    """A change of the markup: of the page itself, or of a part of the package."""

    def damage(data: bytes, dice: random.Random) -> bytes:
        if not data.startswith(b"PK"):
            return change(data.decode(), dice).encode()
        with zipfile.ZipFile(io.BytesIO(data)) as source:
            parts = {name: source.read(name) for name in source.namelist()}
        name = dice.choice([each for each in parts if _MAIN_PARTS.fullmatch(each)])
        parts[name] = change(parts[name].decode(), dice).encode()
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
            for each, part in parts.items():
                target.writestr(each, part)
        return written.getvalue()

    return damage


_CELLS = re.compile(
    r"<w:tc>.*?</w:tc>|<td\b.*?</td>|<c [^>]*?/>|<c [^>]*?>.*?</c>|<si>.*?</si>", re.DOTALL
)
_ROWS = re.compile(r"<w:tr>.*?</w:tr>|<tr\b.*?</tr>|<row\b.*?</row>|<si>.*?</si>", re.DOTALL)
_MERGES = re.compile(
    r'<w:gridSpan [^>]*>|<w:vMerge[^>]*>|<w:tcPr>.*?</w:tcPr>| colspan="\d+"| rowspan=\d+'
    r"|<mergeCell [^>]*>|<t>[^<]*</t>",
    re.DOTALL,
)
_WIDTHS = re.compile(r'(?:w:val|colspan)="(\d+)"|rowspan=(\d+)|:([A-Z]+\d+)"')
_TAGS = re.compile(r"<[^>]*>")
_TEXTS = re.compile(r">([^<>]+)<")
_AMOUNTS = re.compile(r"(?<=>)(\d+)\.(\d+)(?=%?<)")
_SPLITS = (",", "，", "．", ". ", " .", "..", "·", "。")
"""What may stand where the point of an amount stood; a lost point could not be noticed."""


def _found(shape: re.Pattern[str], text: str, dice: random.Random) -> re.Match[str] | None:
    found = list(shape.finditer(text))
    return dice.choice(found) if found else None


def _lose(shape: re.Pattern[str]) -> Callable[[str, random.Random], str]:
    def change(text: str, dice: random.Random) -> str:
        found = _found(shape, text, dice)
        return text if found is None else text[: found.start()] + text[found.end() :]

    return change


def _double(shape: re.Pattern[str]) -> Callable[[str, random.Random], str]:
    def change(text: str, dice: random.Random) -> str:
        found = _found(shape, text, dice)
        return text if found is None else text[: found.end()] + found[0] + text[found.end() :]

    return change


def _swap(shape: re.Pattern[str]) -> Callable[[str, random.Random], str]:
    def change(text: str, dice: random.Random) -> str:
        found = list(shape.finditer(text))
        if len(found) < 2:
            return text
        at = dice.randrange(len(found) - 1)
        one, two = found[at : at + 2]
        between = text[one.end() : two.start()]
        return text[: one.start()] + two[0] + between + one[0] + text[two.end() :]

    return change


def widen(text: str, dice: random.Random) -> str:
    """Another span, from none to more than any table has columns."""
    found = _found(_WIDTHS, text, dice)
    if found is None:
        return text
    group = 1 if found[1] else 2 if found[2] else 3
    other = "XFD1048576" if group == 3 else str(dice.choice((0, 1, 2, 3, 11, 63, 999_999_999)))
    return text[: found.start(group)] + other + text[found.end(group) :]


def blank_text(text: str, dice: random.Random) -> str:
    found = _found(_TEXTS, text, dice)
    return text if found is None else text[: found.start(1)] + text[found.end(1) :]


def split_amount(text: str, dice: random.Random) -> str:
    found = _found(_AMOUNTS, text, dice)
    if found is None:
        return text
    return text[: found.end(1)] + dice.choice(_SPLITS) + text[found.start(2) :]


_BYTES: dict[str, Damage] = {
    each.__name__: each for each in (cut, lose_bytes, double_bytes, flip_bits)
}
_LINES: dict[str, Damage] = {
    each.__name__: in_text(each)
    for each in (lose_line, double_line, swap_lines, lose_tab, blank_cell, break_row, join_rows)
}
_MARKUP: dict[str, Damage] = {
    "lose_cell": in_markup(_lose(_CELLS)),
    "double_cell": in_markup(_double(_CELLS)),
    "swap_cells": in_markup(_swap(_CELLS)),
    "lose_row": in_markup(_lose(_ROWS)),
    "double_row": in_markup(_double(_ROWS)),
    "swap_rows": in_markup(_swap(_ROWS)),
    "lose_merge": in_markup(_lose(_MERGES)),
    "widen": in_markup(widen),
    "lose_tag": in_markup(_lose(_TAGS)),
    "double_tag": in_markup(_double(_TAGS)),
    "blank_text": in_markup(blank_text),
    "split_amount": in_markup(split_amount),
}
_BY_FORM: dict[str, dict[str, Damage]] = {
    "txt": {**_BYTES, **_LINES},
    "docx": {**_BYTES, **_MARKUP},
    "html": {**_BYTES, **_MARKUP},
    "xlsx": {**_BYTES, **_MARKUP},
}


def damages(form: str) -> dict[str, Damage]:
    """The kinds of damage that a form can take, by name."""
    return _BY_FORM.get(form, _BYTES)
