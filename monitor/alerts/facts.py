"""What the warning rules see: everything known at a date, as plain values. No database here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from monitor.domain.progress import Standing


@dataclass(frozen=True, slots=True)
class Pace:
    """How one project was paid up to the date. Amounts in fen; months are the year's twelve.

    `last_payment` is the day of the last payment, or a day not after it that is recent enough
    for every rule. `busiest_week_fen` is the most that was paid within seven consecutive days,
    or any amount not above it where no rule could mind it. `began` is the day from which the
    project had a budget, where that is later than 1 January.
    """

    last_payment: date | None = None
    months_fen: tuple[int, ...] = (0,) * 12
    busiest_week_fen: int = 0
    recent_money_fen: int = 0
    """What the budget gained within 20 working days before the due checkpoint."""
    recent_additions: int = 0
    """On how many days it did."""
    began: date | None = None
    coming_money_fen: int = 0
    """What the budget gained within 20 working days before the next checkpoint."""
    coming_additions: int = 0


@dataclass(frozen=True, slots=True)
class Waiting:
    """Unmatched payments: how many, fen in all, and the day of the oldest."""

    lines: int
    fen: int
    oldest: date

    def __add__(self, other: Waiting) -> Waiting:
        return Waiting(
            self.lines + other.lines, self.fen + other.fen, min(self.oldest, other.oldest)
        )


@dataclass(frozen=True, slots=True)
class IndicatorState:
    """One indicator at a checkpoint: its place and name, and what was reported of it."""

    position: int
    name: str
    reported: bool
    on_target: bool | None


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """A project at the date. `fund` is 资金性质 where all its payments agree, else empty.

    `has_document` is False for a project that was entered without a target document.
    `could_be` are the unmatched payments that could belong to it: those of its unit that name
    it nearly, or no project at all.
    """

    standing: Standing
    pace: Pace = Pace()
    has_document: bool = True
    fund: str = ""
    could_be: Waiting | None = None
    indicators: tuple[IndicatorState, ...] = ()
    missing_months: tuple[str, ...] = ()
    """Ended months up to the date whose lists are not complete for its unit, as `2025-03`."""
    known_until: date | None = None
    """The last day up to which all of its unit's payments of the year have come; None: the date."""


@dataclass(frozen=True, slots=True)
class Undocumented:
    """A project code that was paid, though no target document has it and none looks meant."""

    unit_code: str
    unit_name: str
    project_code: str
    project_name: str
    waiting: Waiting


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that the rules judge, of one budget year at one date.

    `missing_lists` are, by ended month (`2025-03`), the units whose lists are incomplete (code →
    name); `unit_names` are all units with projects. `unmatched` is by unit code as the lists say
    it, an empty code where they say none; the names of those units are in `list_names`.
    `forms_collected` are the checkpoints for which indicator results have come in at all.
    """

    year: int
    as_of: date
    projects: tuple[ProjectFacts, ...] = ()
    missing_lists: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    unmatched: Mapping[str, Waiting] = field(default_factory=dict)
    unit_names: Mapping[str, str] = field(default_factory=dict)
    list_names: Mapping[str, str] = field(default_factory=dict)
    paid_without_document: tuple[Undocumented, ...] = ()
    forms_collected: frozenset[str] = frozenset()
