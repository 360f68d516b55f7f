"""A rule set for scoring self-assessments, as values. Where it is read:
reports/assessment/scoring_settings.

Defaults are the national rules of 财预〔2020〕10号 as the domain notes give them (D6 to D14).
Weights are whole points of the 100, shares integer basis points of an indicator's weight.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from monitor.domain.money import WHOLE_BP

FULL_POINTS = 100


class Group(StrEnum):
    """A level 1 of the indicators, in the order of the official form."""

    COST = "cost"
    OUTPUT = "output"
    BENEFIT = "benefit"
    SATISFACTION = "satisfaction"

    @property
    def label(self) -> str:
        return _GROUPS[self]


_GROUPS = {
    Group.COST: "成本指标",
    Group.OUTPUT: "产出指标",
    Group.BENEFIT: "效益指标",
    Group.SATISFACTION: "满意度指标",
}


class Level(StrEnum):
    """How a qualitative indicator was fulfilled (D11), best first."""

    MET = "met"
    PARTLY = "partly"
    MISSED = "missed"

    @property
    def label(self) -> str:
        return _LEVELS[self]


_LEVELS = {
    Level.MET: "达成年度指标",
    Level.PARTLY: "部分达成并具有一定效果",
    Level.MISSED: "未达成且效果较差",
}


class AtMost(StrEnum):
    """How a ≤ indicator that is exceeded is scored (D9)."""

    LINEAR = "linear"  # (1 − (actual − target) / target) × weight
    RATIO = "ratio"  # target / actual × weight


class Grade(StrEnum):
    """The grade of a total (D13), best first."""

    EXCELLENT = "excellent"
    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"

    @property
    def label(self) -> str:
        return {"excellent": "优", "good": "良", "fair": "中", "poor": "差"}[self.value]


@dataclass(frozen=True, slots=True)
class Step:
    """From a rate of `from_bp` on, `share_bp` of the weight."""

    from_bp: int
    share_bp: int


@dataclass(frozen=True, slots=True)
class Band:
    """The shares of the weight that a level allows. The upper end of a lower band is out where
    the band above it begins there (D11: 60 % belongs to the middle one)."""

    level: Level
    lower_bp: int
    upper_bp: int


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """Satisfaction by bands, None in a rule set that scores it as any number.

    `steps` are between the two; without any, actual / `full_from_bp` of the weight.
    """

    full_from_bp: int
    none_below_bp: int
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Over:
    """Over-fulfilment (D12): above `explain_above_bp` of the target it must be explained.

    `deduct_bp` of what is above, as a share of the weight, is deducted, at most `deduct_most_bp`.
    """

    explain_above_bp: int = 13_000
    deduct_bp: int = 0
    deduct_most_bp: int = 0


@dataclass(frozen=True, slots=True)
class MoneyNote:
    """When money and results do not go together (D14). Off by default."""

    on: bool = False
    share_gap_bp: int = 500
    unspent_bp: int = 2_000


_BANDS = (
    Band(Level.MET, 8_000, WHOLE_BP),
    Band(Level.PARTLY, 6_000, 8_000),
    Band(Level.MISSED, 0, 6_000),
)
_HEIRS = {  # D7: who takes the weight of a group without indicators, the first that is there
    Group.SATISFACTION: (Group.BENEFIT, Group.OUTPUT, Group.COST),
    Group.BENEFIT: (Group.OUTPUT, Group.SATISFACTION, Group.COST),
    Group.OUTPUT: (Group.BENEFIT, Group.SATISFACTION, Group.COST),
}


@dataclass(frozen=True, slots=True)
class ScoringRules:
    """A rule set (rules/scoring/KEY.toml).

    `reason_below_bp` is the execution rate below which a reason must be given. `document` is the
    paper the set rests on. `execution_steps`, highest first, replace the straight line of D6.
    `direct` is 直接赋分: yes or in time is full, else nothing. `pass_bp` is the 及格门槛: a share
    below it counts 0. `late_bp_per_day` is deducted from the weight a day late; 0 where lateness
    is judged by a person, or is 0 points by `direct`. `grades` are the least points of 优, 良, 中.
    """

    key: str
    name: str
    document: str
    execution_points: int
    reason_below_bp: int
    weights: tuple[tuple[Group, int], ...]
    weights_with_cost: tuple[tuple[Group, int], ...]
    execution_steps: tuple[Step, ...] = ()
    at_most: AtMost = AtMost.LINEAR
    pass_bp: int = 0
    over: Over = field(default_factory=Over)
    direct: bool = False
    late_bp_per_day: int = 0
    bands: tuple[Band, ...] = _BANDS
    satisfaction: Satisfaction | None = None
    grades: tuple[Decimal, Decimal, Decimal] = (Decimal(90), Decimal(80), Decimal(60))
    money_note: MoneyNote = field(default_factory=MoneyNote)

    def group_weights(self, present: frozenset[Group]) -> dict[Group, int]:
        """The points of each group that has indicators (D7); with the execution's they make 100.

        Raises ValueError where no group has any: then there is nobody to take the points.
        """
        if not present:
            raise ValueError("no group has indicators")
        table = dict(self.weights_with_cost if Group.COST in present else self.weights)
        shares = {group: table[group] for group in Group if group in present}
        for group, points in table.items():
            if group not in present:
                heir = next(each for each in _HEIRS[group] if each in present)
                shares[heir] += points
        return shares

    def band(self, level: Level) -> Band:
        return next(each for each in self.bands if each.level is level)

    def grade(self, total: Decimal) -> Grade:
        """The grade of a total of points (D13): exactly 90 is 优. It is printed in summaries."""
        reached = (total >= least for least in self.grades)
        return next((g for g, is_it in zip(Grade, reached, strict=False) if is_it), Grade.POOR)


def falls(steps: Sequence[Step]) -> bool:
    """Whether steps go down in both columns, so that a better rate never earns less."""
    pairs = zip(steps, steps[1:], strict=False)
    return all(a.from_bp > b.from_bp and a.share_bp >= b.share_bp for a, b in pairs)
