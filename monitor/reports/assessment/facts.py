"""What the reports are made of: values only, so that a report is a function of its facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from monitor.domain.adjustment import Adjustment, Fund
from monitor.domain.advice import AdviceRules
from monitor.domain.entry import Entry, Key
from monitor.domain.money_words import MoneyWords
from monitor.domain.progress import Limits, Standing
from monitor.domain.target import PlanPoint, Project
from monitor.domain.warning import Acknowledgement

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
    nor lists tell.

    `because` says in Chinese why a budget figure is None or how it was derived, `because_paid`
    the same of what was paid. `derived` names the figures (`initial`, `budget`, `paid`) that
    follow from others by arithmetic and stand nowhere: they are to be confirmed.
    """

    fund: Fund
    initial_fen: int | None
    budget_fen: int | None
    paid_fen: int | None
    because: str = ""
    because_paid: str = ""
    derived: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PaidLine:
    """A payment that counts: its day, fen (a refund is negative), 用途, and where it stands."""

    day: date
    amount_fen: int
    purpose: str
    file: str
    line: int


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
    """One project and year, as its forms need it.

    `project` is what the target document says, `standing.account` the authority on budget and
    payments. `paid_by_month` holds twelve sums in fen, each the month's own, of what counts up
    to `as_of`. `unmatched_rows` and `unmatched_fen` are the unit's. `explanations` are what the
    unit answered to the year's warnings, oldest first. `funds` split the money by 资金性质,
    empty where the total is all that is known; `fund_remarks` say what was assumed there, and
    what is not known. `missing_months` (`2025-11`) are the ended ones up to `as_of` of which the
    unit's payments have not all come.

    `entries` are what people wrote into this project's forms, `unit_entries` into those of its
    unit. `rejected` and `conflicting` count the rows of lists that name this project and await
    the office. `lines` are the payments by day, and `purposes` their sums in fen by 用途, where an
    indicator asks for them; else empty. `words` are those of rules/funds.toml, `reviewing` those of
    rules/advice.toml (None: the shipped ones), `copied` and `unit_copied` notes on texts that
    other units' forms hold too, `limits` those of
    a lag. `bases` are (month, fen): the budget that a checkpoint is held against, where that is
    not today's.
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
    fund_remarks: tuple[str, ...] = ()
    rejected: int = 0
    conflicting: int = 0
    lines: tuple[PaidLine, ...] = ()
    words: MoneyWords = MoneyWords()
    reviewing: AdviceRules | None = None
    copied: tuple[str, ...] = ()
    unit_copied: tuple[str, ...] = ()
    bases: tuple[tuple[int, int | None], ...] = ()
    limits: Limits = Limits()


@dataclass(frozen=True, slots=True)
class Curve:
    """Plan and payments of one project over the year, for drawing. Fen, and each month's own.

    `bases` are (month, fen): what a checkpoint's share is a share of, where that is not
    `budget_fen`, as money was added later (see curves.py). `limits` are those of a lag's severity.
    """

    year: int
    as_of: date
    budget_fen: int | None
    plan: tuple[PlanPoint, ...]
    paid_by_month: tuple[int, ...]
    bases: tuple[tuple[int, int | None], ...] = ()
    limits: Limits = Limits()
