"""What the reports are made of: values only, so that a report is a function of its facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from monitor.domain.progress import Standing
from monitor.domain.target import PlanPoint, Project
from monitor.domain.warning import Acknowledgement

if TYPE_CHECKING:  # slow to import, and a self-assessment needs no frame
    import pandas as pd


_LABELS = {"targets": "绩效目标文本", "payments": "支付明细", "plans": "支出计划更正清单"}


@dataclass(frozen=True, slots=True)
class Source:
    """An imported file behind a report. `kind` is `targets` or `payments`.

    `months` are those that a payment list covers (`2025-03`); `rows` and `amount_fen` are what
    of it counts as payments, None for a target document.
    """

    file: str
    sha256: str
    kind: str
    imported: date
    months: tuple[str, ...] = ()
    rows: int | None = None
    amount_fen: int | None = None

    @property
    def kind_label(self) -> str:
        return _LABELS[self.kind]


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """One project and year, as a self-assessment needs it.

    `project` is what the target document says, `standing.account` the authority on budget and
    payments. `paid_by_month` holds twelve sums in fen, each the month's own, of what counts up
    to `as_of`. `unmatched_rows` and `unmatched_fen` are the unit's. `explanations` are what the
    unit answered to the year's warnings, oldest first.
    """

    project: Project
    standing: Standing
    paid_by_month: tuple[int, ...]
    last_payment: date | None
    unmatched_rows: int
    unmatched_fen: int
    sources: tuple[Source, ...]
    as_of: date
    explanations: tuple[Acknowledgement, ...] = ()


@dataclass(frozen=True, slots=True)
class Curve:
    """Plan and payments of one project over the year, for drawing. Fen, and each month's own."""

    year: int
    as_of: date
    budget_fen: int | None
    plan: tuple[PlanPoint, ...]
    paid_by_month: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class UnmatchedGroup:
    """Payments without a project that share a project code and a unit, as the lists give them."""

    project_code: str
    unit_code: str
    unit_name: str
    rows: int
    amount_fen: int


@dataclass(frozen=True, slots=True, eq=False)
class OverviewFacts:
    """A whole office and year at `as_of`.

    `progress` has the rows and columns of `monitor progress` (design.md section 6): amounts in
    fen, shares in bp, missing values as None or NA. `at_checkpoints` has the same rows as of the
    end of each month that is some project's checkpoint and not after `as_of`, by month; from
    it the heat map is made.
    """

    office: str
    year: int
    as_of: date
    progress: pd.DataFrame
    at_checkpoints: Mapping[int, pd.DataFrame]
    unmatched: tuple[UnmatchedGroup, ...]
    sources: tuple[Source, ...]
