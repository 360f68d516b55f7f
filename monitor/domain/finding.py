"""Findings: what the rules see in the facts of a date. A finding has no memory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from monitor.domain.progress import Grade


class DoubtKind(StrEnum):
    """Why a finding may be wrong: facts that would cure it are known but not counted."""

    UNMATCHED = "unmatched"
    """另有未匹配支付 n 笔 m 元, that could belong to the project."""
    IN_TRANSIT = "in-transit"
    """Applications not yet paid that would cover the gap."""
    RECENT_MONEY = "recent-money"
    """Without the money added shortly before the checkpoint nothing would lag."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """One reason for doubt: how many lines, and fen in all. `cures`: they would end the finding."""

    kind: DoubtKind
    lines: int
    fen: int
    cures: bool


CHECKPOINT_PERIODS = tuple(f"{month:02d}" for month in range(1, 13))
WHOLE_YEAR = "year"


def month_period(month: int) -> str:
    """The period of a finding about a month, such as `m07`."""
    return f"m{month:02d}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a rule found. Its key is rule + year + subject + period.

    The subject is a project, else a unit (`project_code` is empty), else the whole office (both
    codes are empty). The period is a checkpoint ("03"), a month ("m03") or "year". `figures` are
    the integers that it was computed from (fen, bp, days, lines), by the names of the JSON rows.
    `details` are further lines in Chinese, such as the names of lists that are missing. A `quiet`
    finding is recorded and shown, never mailed. One `for_office` is told to the finance office,
    never to a unit's lead: by its rule's recipients, or since its year is over.
    """

    rule: str
    year: int
    unit_code: str
    project_code: str
    period: str
    severity: Grade
    as_of: date
    figures: tuple[tuple[str, int | None], ...]
    doubts: tuple[Doubt, ...] = ()
    details: tuple[str, ...] = ()
    quiet: bool = False
    for_office: bool = False

    @property
    def subject(self) -> str:
        return self.project_code or self.unit_code

    @property
    def checkpoint(self) -> int | None:
        """The checkpoint's month; None for a finding about a month or a year."""
        return int(self.period) if self.period in CHECKPOINT_PERIODS else None

    @property
    def is_doubtful(self) -> bool:
        return any(doubt.cures for doubt in self.doubts)
