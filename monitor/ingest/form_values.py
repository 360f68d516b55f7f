"""What stands in a cell of a returned 绩效填报表, as an entry's value; else what is wrong with it.

Amounts become 元 with two decimals, points plain decimals, days 2025-11-30, texts as written
without what cannot be printed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from monitor.domain.actual import parse_actual
from monitor.domain.answers import LONGEST
from monitor.domain.entry import Field
from monitor.domain.money import NotAnAmount, parse_fen
from monitor.domain.target_value import TargetValue, ValueKind
from monitor.errors import Diagnostic, Kind, Place
from monitor.ingest import form_return_kinds as kinds
from monitor.ingest.form_book import Slot, Wants
from monitor.ingest.form_return import Content

_NOT_YET = frozenset(("待填", "待填写", "待补充", "待补", "待定", "待确认"))
_POINTS = re.compile(r"([+-]?)(\d{1,6})(?:\.(\d*))?", re.ASCII)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?", re.ASCII)


class Unfit(Exception):
    """A cell that cannot be an entry's value: of which kind, and the words of its message."""

    def __init__(self, kind: Kind, **words: object) -> None:
        super().__init__(kind.id)
        self.kind, self.words = kind, words


def value_of(content: Content, slot: Slot, header: str) -> str:
    """The entry's value that the cell says; empty for an empty cell. Raises Unfit."""
    if not content.text:
        return ""
    if content.is_logical:
        raise Unfit(kinds.LOGICAL, value=content.text)
    if _folded(content.text).strip("()[]【】。") in _NOT_YET:
        raise Unfit(kinds.STILL_OPEN, header="".join(header.split()), said=content.text)
    value = _READ[slot.wants](content, slot, "".join(header.split()))
    if len(value) > LONGEST:
        raise Unfit(kinds.TEXT_LONG)
    return value


def points_below(slot: Slot, weight: str | None) -> Slot:
    """The slot of points beside a weight that is given in the same line."""
    if slot.key.field is Field.POINTS and weight:
        return replace(slot, most=Decimal(weight))
    return slot


def told(fault: Unfit, content: Content, place: Place) -> Diagnostic:
    return fault.kind.at(place, content.text, **fault.words)


def _text(content: Content, _slot: Slot, _header: str) -> str:
    return "".join(c if c.isprintable() or c == "\n" else " " for c in content.text).strip()


def _points(content: Content, slot: Slot, header: str) -> str:
    plain = unicodedata.normalize("NFKC", content.text).strip().removesuffix("分")
    found = None if content.is_day else _POINTS.fullmatch(plain)
    if found is None:
        raise Unfit(kinds.NOT_A_NUMBER, header=header, why=_why(content))
    points = Decimal(plain.rstrip("."))
    if points < 0:
        raise Unfit(kinds.NEGATIVE, header=header)
    if len((found[3] or "").rstrip("0")) > 2:
        raise Unfit(kinds.TOO_FINE, header=header)
    if slot.most is not None and points > slot.most:
        raise Unfit(kinds.POINTS_OVER, most=_trimmed(slot.most))
    return _trimmed(points)


def _why(content: Content) -> str:
    return "而这一格成了日期" if content.is_day else "而所填的是文字"


def _trimmed(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _amount(content: Content, _slot: Slot, header: str) -> str:
    if content.is_day:
        raise Unfit(kinds.NOT_A_NUMBER, header=header, why=_why(content))
    try:
        fen = parse_fen(content.text)
    except NotAnAmount as fault:
        if fault.reason == "不足一分":
            raise Unfit(kinds.TOO_FINE, header=header) from fault
        raise Unfit(kinds.NOT_A_NUMBER, header=header, why=fault.reason) from fault
    if fen < 0:
        raise Unfit(kinds.NEGATIVE, header=header)
    return f"{fen // 100}.{fen % 100:02d}"


def _choice(content: Content, slot: Slot, header: str) -> str:
    plain = _folded(content.text)
    found = next((each for each in slot.choices if _folded(each) == plain), None)
    if found is None:
        raise Unfit(kinds.CHOICE_UNKNOWN, header=header, choices="、".join(slot.choices))
    return found


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


_TICKS = frozenset("√✓✔vV是1")


def _tick(content: Content, _slot: Slot, header: str) -> str:
    if _folded(content.text) not in _TICKS:
        raise Unfit(kinds.CHOICE_UNKNOWN, header=header, choices="√ 或留空")
    return header


def _actual(content: Content, slot: Slot, header: str) -> str:
    target = slot.target or TargetValue(ValueKind.TEXT)
    if target.kind in (ValueKind.TEXT, ValueKind.BAND, ValueKind.BLANK):
        return _text(content, slot, header)
    if content.is_day:
        return _day(content, target, header)
    if target.kind is ValueKind.DATE and _SERIAL.fullmatch(content.text):
        raise Unfit(kinds.DATE_LOST)
    actual = parse_actual(content.text, target)
    if actual is not None and actual.doubt:
        raise Unfit(kinds.VALUE_UNREADABLE, target=slot.target_text, why=actual.doubt)
    return _text(content, slot, header)


def _day(content: Content, target: TargetValue, header: str) -> str:
    if target.kind is not ValueKind.DATE:
        raise Unfit(kinds.DATE_UNFIT, header=header)
    if "-" not in content.text:
        raise Unfit(kinds.DATE_LOST)
    return content.text


_READ: dict[Wants, Callable[[Content, Slot, str], str]] = {
    Wants.TEXT: _text,
    Wants.VALUE: _actual,
    Wants.POINTS: _points,
    Wants.AMOUNT: _amount,
    Wants.CHOICE: _choice,
    Wants.TICK: _tick,
}
