"""The hidden seal of each line of a 绩效填报表: how a change is found by cell."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from monitor.ingest.form_book import Line, Round, Slot, plain, short


@dataclass(frozen=True, slots=True)
class Seal:
    """The hidden key of a line: its number in the sheet from 1, its subject, which of its cells
    are open, the digests of all, and by header what the program held against the open ones."""

    number: int
    subject: tuple[str, str, str]
    is_open: tuple[bool, ...]
    digests: tuple[str, ...]
    own: Mapping[str, str]

    def touched(
        self, round_id: str, headers: tuple[str, ...], shown: Mapping[str, object]
    ) -> set[str]:
        """The headers of the cells that no longer show what they did."""
        kept = zip(headers, self.digests, strict=True)
        return {
            name
            for name, digest in kept
            if _digest(round_id, self.subject, name, shown[name]) != digest
        }


_SEAL = re.compile(
    r"(\d{1,6})\|([^|]+)\|([^|]*)\|([^|]*)\|([ox]+)\|([0-9a-f]{8})\|([0-9a-f]*)\|(.*)",
    re.ASCII | re.DOTALL,
)
_DIGITS = 6
_SPOILED = "隐藏的识别码已被改动或清除"


def seal(book_round: Round, number: int, line: Line) -> str:
    """The hidden key of a line as it goes out."""
    flags, digests = "", ""
    for name, cell in line.cells.items():
        is_slot = isinstance(cell, Slot)
        flags += "o" if is_slot and cell.is_open else "x"  # type: ignore[union-attr]
        shown = cell.shown if isinstance(cell, Slot) else cell
        digests += _digest(book_round.id, line.subject, name, shown)
    own = {name: slot.sealed for name, slot in line.slots.items() if slot.is_open and slot.own}
    held = json.dumps(own, separators=(",", ":"))
    parts = (number, *line.subject, flags, short(book_round.id, 8), digests, held)
    return "|".join(map(str, parts))


def parse_seal(key: str, round_: Round, sheet: str, columns: int) -> Seal | str:
    """The seal of a line of this book and sheet; else, in Chinese, why it is none."""
    found = _SEAL.fullmatch(key)
    if found is None or len(found[5]) != columns or len(found[7]) != _DIGITS * columns:
        return _SPOILED
    if found[6] != short(round_.id, 8):
        return "识别码属于另一份填报表，可能是从别的年度、单位或另一次导出的表里复制来的"
    if found[2] != sheet:
        return f"这一行属于工作表“{found[2]}”"
    digests = tuple(found[7][i : i + _DIGITS] for i in range(0, len(found[7]), _DIGITS))
    flags = tuple(flag == "o" for flag in found[5])
    try:
        own = json.loads(found[8])
    except ValueError:
        return _SPOILED
    if not isinstance(own, dict) or not all(isinstance(text, str) for text in own.values()):
        return _SPOILED
    return Seal(int(found[1]), (found[2], found[3], found[4]), flags, digests, own)


def _digest(round_id: str, subject: tuple[str, str, str], name: str, shown: object) -> str:
    return short("\x1f".join((round_id, *subject, name, plain(shown))), _DIGITS)
