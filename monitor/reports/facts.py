"""What the reports are made of: values only, so that a report is a function of its facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from monitor.domain.adjustment import Adjustment, Fund
from monitor.domain.entry import Entry, Key
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
class FundFigures:
    """One row of 项目资金 below the total, in fen; None is what neither document, adjustments
    nor lists tell. `because` says in Chinese why a figure is None or how it was derived."""

    fund: Fund
    initial_fen: int | None
    budget_fen: int | None
    paid_fen: int | None
    because: str = ""


@dataclass(frozen=True, slots=True)
class AdjustmentUsed:
    """An adjustment in force by `as_of`, and what it adds to this project's budget, in fen."""

    adjustment: Adjustment
    signed_fen: int


@dataclass(frozen=True, slots=True)
class RevisionUsed:
    """A target document that says something of this project: from its day on."""

    effective: date
    document_number: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """One project and year, as a self-assessment needs it.

    `project` is what the target document says, `standing.account` the authority on budget and
    payments. `paid_by_month` holds twelve sums in fen, each the month's own, of what counts up
    to `as_of`. `unmatched_rows` and `unmatched_fen` are the unit's. `explanations` are what the
    unit answered to the year's warnings, oldest first. `funds` split the money by 资金性质,
    empty where the total is all that is known. `missing_months` (`2025-11`) are those up to
    `as_of` of which the unit's payments have not all come. `entries` are what people wrote into
    this project's forms, `unit_entries` into those of its unit. `purposes` are sums in fen of
    what was paid, by the payments' 用途.
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
    funds: tuple[FundFigures, ...] = ()
    missing_months: tuple[str, ...] = ()
    entries: Mapping[Key, Entry] = field(default_factory=dict)
    unit_entries: Mapping[Key, Entry] = field(default_factory=dict)
    adjustments: tuple[AdjustmentUsed, ...] = ()
    revisions: tuple[RevisionUsed, ...] = ()
    purposes: Mapping[str, int] = field(default_factory=dict)


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
