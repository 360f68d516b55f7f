"""The values in a row of the indicator table: weights (分值), targets of one to three cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from monitor.domain.codes import normalise_name
from monitor.domain.target import Indicator
from monitor.ingest.document import joined, says_nothing

_WEIGHT = re.compile(r"\(?(\d{1,3}(?:\.\d{1,4})?)[分%]?\)?", re.ASCII)
_SIGNS = {sign: sign for sign in "≥≤><="} | {
    "大于等于": "≥",
    "小于等于": "≤",
    "大于": ">",
    "小于": "<",
    "等于": "=",
    ">=": "≥",
    "<=": "≤",
    "≧": "≥",
    "≦": "≤",
}
_NO_SIGN = frozenset(("", "定性", "定量", "定性指标", "定量指标", "其他"))
_HAS_SIGN = re.compile(r"[≥≤><=≧≦]")
_WHOLE = (90, 100)


class NotAWeight(ValueError):
    """Text that is no weight."""


def weight_of(text: str) -> Decimal | None:
    """`10`, `10分`, `10%`, `12.5`: points of a hundred. None for a blank."""
    if says_nothing(text):
        return None
    found = _WEIGHT.fullmatch(normalise_name(text))
    if not found or Decimal(found[1]) > 100:
        raise NotAWeight(text)
    return Decimal(found[1])


def weights_sum(indicators: Sequence[Indicator]) -> Decimal | None:
    """What all weights make together where that is neither 90 (10 are for the funds) nor 100.

    None where it is, or where an indicator has no weight.
    """
    weights = [each.weight for each in indicators if each.weight is not None]
    total = sum(weights, Decimal(0))
    return total if weights and len(weights) == len(indicators) and total not in _WHOLE else None


def composed(nature: str, value: str, measure: str) -> str:
    """指标性质, 指标值 and 度量单位 as one target: `≥`, `95`, `%` make `≥95%`.

    The text is put together, not as written. Nothing is added that the value says itself, and
    nothing to a blank one.
    """
    target = joined(value)
    if not target:
        return ""
    unit = joined(measure)
    if not says_nothing(unit) and not normalise_name(target).endswith(normalise_name(unit)):
        target += unit
    sign = sign_of(nature) or ""
    return target if _HAS_SIGN.match(normalise_name(target)) else sign + target


def sign_of(nature: str) -> str | None:
    """The comparison that 指标性质 names: '' for 定性 and blanks, None for other words."""
    plain = "" if says_nothing(nature) else normalise_name(nature)
    return "" if plain in _NO_SIGN else _SIGNS.get(plain)


def listed(names: Iterable[str]) -> str:
    return "、".join(f"“{name}”" for name in dict.fromkeys(names))
