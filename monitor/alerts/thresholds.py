"""What one project is judged by: the rules that are on, and their thresholds.

Shares are integer basis points, amounts integer fen, so that a figure at its threshold is told
exactly. Defaults: D3 and D4 of the domain notes, and issue 6 for the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from monitor.alerts.rule_catalogue import WARNING_RULES, Audience
from monitor.domain.progress import Limits

Floors = tuple[tuple[int, int], ...]
"""By the end of a month, the least share of the budget (bp) that is to be paid."""
SICHUAN_2025: Floors = ((4, 2_500), (6, 4_000), (8, 6_000), (10, 8_000))
"""D4 of the domain notes: the floors known as 四川2025."""
SWITCHED_ON = frozenset(rule.id for rule in WARNING_RULES.values() if rule.on)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The limits of all rules. A lag below `quiet_lag_bp` or `quiet_fen` is never mailed."""

    on: frozenset[str] = SWITCHED_ON
    yellow_ratio_bp: int = 8_000
    yellow_lag_bp: int = 1_000
    red_ratio_bp: int = 6_000
    quiet_lag_bp: int = 100
    quiet_fen: int = 100_000
    recent_money_days: int = 20  # working days before a checkpoint
    notice_days: int = 30
    yellow_days: int = 15
    red_working_days: int = 5
    idle_days: int = 90
    december_bp: int = 4_000
    week_bp: int = 4_000
    unspent_from: tuple[int, int] = (11, 1)
    unspent_bp: int = 2_000
    list_working_days: int = 8
    unmatched_days: int = 10
    unmatched_fen: int = 10_000_000
    floors: Floors = SICHUAN_2025

    @property
    def limits(self) -> Limits:
        return Limits(self.yellow_ratio_bp, self.yellow_lag_bp, self.red_ratio_bp)

    def contradictions(self) -> Iterable[str]:
        """What cannot hold together, in Chinese, by the keys of alerts.toml."""
        if self.red_ratio_bp > self.yellow_ratio_bp:
            yield "W01.red_ratio：不能大于 yellow_ratio。"
        if self.yellow_days > self.notice_days:
            yield "W03.yellow_days：不能大于 notice_days。"


@dataclass(frozen=True, slots=True)
class Override:
    """What holds instead for the units whose codes begin with `unit`, and money of `fund`.

    Either may be empty: then it holds for all. `values` are fields of Thresholds, `on` the
    rule's switch and `audience` its first recipient; None leaves what is.
    """

    rule: str
    unit: str
    fund: str
    values: tuple[tuple[str, Any], ...] = ()
    on: bool | None = None
    audience: Audience | None = None

    def fits(self, unit_code: str, fund: str) -> bool:
        return unit_code.startswith(self.unit) and self.fund in fund

    def apply(self, to: Thresholds) -> Thresholds:
        changed = replace(to, **dict(self.values))
        if self.on is None:
            return changed
        mine = frozenset({self.rule})
        return replace(changed, on=changed.on | mine if self.on else changed.on - mine)


@dataclass(slots=True)
class Book:
    """Looks up what a unit's money of a kind is judged by; each combination is made once."""

    general: Thresholds
    overrides: tuple[Override, ...]
    _made: dict[tuple[str, str], Thresholds] = field(default_factory=dict)

    def of(self, unit_code: str, fund: str = "") -> Thresholds:
        key = unit_code, fund
        if key not in self._made:
            found = self.general
            for each in self.overrides:
                if each.fits(unit_code, fund):
                    found = each.apply(found)
            self._made[key] = found
        return self._made[key]


def audience_of(
    rule: str,
    unit_code: str,
    recipients: Mapping[str, Audience],
    overrides: Iterable[Override],
) -> Audience:
    """Who is told first about a rule's finding: the last override that names it, else the rule."""
    named = [
        each.audience
        for each in overrides
        if each.rule == rule and each.audience and unit_code.startswith(each.unit)
    ]
    return named[-1] if named else recipients.get(rule, WARNING_RULES[rule].audience)
