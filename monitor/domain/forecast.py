"""What the pace so far gives by a later day (run-rate). A hint beside a person's estimate.

The method is one sentence: paid so far ÷ days of the year so far × days of the year until then.
Comparisons are products of integers; only a printed estimate is rounded.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from monitor.domain.money import WHOLE_BP, round_half_up


@dataclass(frozen=True, slots=True)
class RunRate:
    """What was paid by `known`, in fen, and that it goes on like this until `until`.

    Both are days of one year. A day `until` that is not after `known` has nothing to add.
    """

    paid_fen: int
    known: date
    until: date

    @property
    def days(self) -> int:
        """The days of the year that the payments are known of."""
        return self.known.timetuple().tm_yday

    @property
    def days_until(self) -> int:
        return max(self.until.timetuple().tm_yday, self.days)

    @property
    def estimate_fen(self) -> int:
        """What will have been paid, rounded half up. Net refunds give no negative pace."""
        return round_half_up(self._pace, self.days)

    def misses(self, budget_fen: int, planned_bp: int) -> bool:
        """Whether the estimate stays below a share of the budget, exactly."""
        return self._pace * WHOLE_BP < planned_bp * budget_fen * self.days

    def leaves_more_than(self, budget_fen: int, share_bp: int) -> bool:
        """Whether more than a share of the budget would stay unpaid, exactly."""
        rest = budget_fen * self.days - self._pace
        return rest * WHOLE_BP > share_bp * budget_fen * self.days

    @property
    def _pace(self) -> int:
        """The estimate times `days`."""
        if self.paid_fen < 0:
            return self.paid_fen * self.days
        return self.paid_fen * self.days_until
