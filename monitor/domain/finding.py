"""Findings: what the rules see in the facts of a date. A finding has no memory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from monitor.domain.progress import Grade


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a rule found. Its key is rule + subject + period.

    `figures` are the integers that it was computed from (fen, bp), by the names of the JSON
    rows; the wording is the rule's.
    """

    rule: str
    year: int
    unit_code: str
    project_code: str
    checkpoint: int
    severity: Grade
    as_of: date
    figures: tuple[tuple[str, int | None], ...]
