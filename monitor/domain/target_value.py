"""Target values (指标值) understood: number, range, date, yes/no, band, or plain text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class ValueKind(StrEnum):
    NUMBER = "number"
    RANGE = "range"
    DATE = "date"
    YES_NO = "yes-no"
    BAND = "band"
    TEXT = "text"
    BLANK = "blank"


@dataclass(frozen=True, slots=True)
class TargetValue:
    """A parsed target. `comparison` is one of ≥ ≤ > < =, '' where there is none to make.

    `number` is exact; `upper` is the upper end of a RANGE; `unit` is as written, with the
    spellings of percent unified to %.
    """

    kind: ValueKind
    comparison: str = ""
    number: Decimal | None = None
    upper: Decimal | None = None
    unit: str = ""
    date: date | None = None
