"""One project before the rules: its facts, what it is judged by, and how a finding is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from monitor.alerts.facts import ProjectFacts
from monitor.alerts.rule_catalogue import WarningRule
from monitor.alerts.thresholds import Thresholds
from monitor.domain.calendar import day_name
from monitor.domain.finding import Doubt, Finding
from monitor.domain.money import WHOLE_BP
from monitor.domain.progress import Account, Grade, Standing
from monitor.domain.working_days import WorkCalendar

Figures = Sequence[tuple[str, int | None]]


@dataclass(frozen=True, slots=True)
class Case:
    """`soft`: no text may urge anybody to spend; `last_day`: the last one for applications."""

    facts: ProjectFacts
    by: Thresholds
    calendar: WorkCalendar
    soft: bool
    last_day: date

    @property
    def standing(self) -> Standing:
        return self.facts.standing

    @property
    def account(self) -> Account:
        return self.facts.standing.account

    @property
    def as_of(self) -> date:
        return self.facts.standing.as_of

    @property
    def is_over(self) -> bool:
        """Whether the year is over: what is unspent then is 结余."""
        return self.as_of >= date(self.account.year, 12, 31)

    @property
    def is_closed(self) -> bool:
        """Whether nothing can be applied for any more: then leads get no warning."""
        return self.is_over or self.as_of > self.last_day

    @property
    def known_until(self) -> date | None:
        """Until when the year's payments have all come; None where that is before the year."""
        known = min(self.facts.known_until or self.as_of, date(self.account.year, 12, 31))
        return known if known.year == self.account.year else None

    def on(self, rule: WarningRule) -> bool:
        return rule.id in self.by.on

    def has_lists_until(self, month: int) -> bool:
        """Whether the unit's lists have all come, up to the end of a month."""
        until = f"{self.account.year}-{month:02d}"
        return all(missing > until for missing in self.facts.missing_months)

    def is_small(self, lag: int, budget_fen: int) -> bool:
        """Whether a lag in fen × bp is too small for a mail, by share or by amount."""
        by = self.by
        return lag < by.quiet_lag_bp * budget_fen or lag < by.quiet_fen * WHOLE_BP

    def finding(
        self,
        rule: WarningRule,
        period: str,
        severity: Grade,
        figures: Figures,
        details: Sequence[str],
        doubts: Sequence[Doubt] = (),
        *,
        quiet: bool = False,
    ) -> Finding:
        account = self.account
        return Finding(
            rule=rule.id,
            year=account.year,
            unit_code=account.unit_code,
            project_code=account.project_code,
            period=period,
            severity=severity,
            as_of=self.as_of,
            figures=tuple(figures),
            doubts=tuple(doubts),
            details=tuple(details),
            quiet=quiet,
            for_office=self.is_closed,
        )


def known_words(known: date) -> str:
    """How a text says until when payments are known."""
    return f"截至{day_name(known)}"
