"""Tables of the overview, made of the projects' standings. Sums are of integers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from monitor.domain.money import WHOLE_BP, round_half_up
from monitor.domain.progress import Standing
from monitor.domain.target import PlanPoint
from monitor.reports.assessment.facts import Curve
from monitor.reports.charts.curves import checkpoints
from monitor.reports.states import STATES, state_of


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums over some projects, in fen. The rate counts those alone that have a budget."""

    projects: int
    budget_fen: int
    paid_fen: int
    rate_bp: int | None
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit with its projects by severity, as in STATES; the standings are the worst first."""

    code: str
    name: str
    sums: Sums
    standings: tuple[Standing, ...]

    @property
    def counts(self) -> tuple[int, ...]:
        return self.sums.counts


def totals(standings: Sequence[Standing]) -> Sums:
    """All these projects together."""
    budgeted = [s for s in standings if s.account.budget_fen is not None]
    budget = sum(s.account.budget_fen or 0 for s in budgeted)
    paid = sum(s.account.paid_fen for s in budgeted)
    counts = Counter(map(state_of, standings))
    return Sums(
        projects=len(standings),
        budget_fen=budget,
        paid_fen=sum(s.account.paid_fen for s in standings),
        rate_bp=round_half_up(paid * WHOLE_BP, budget) if budget else None,
        counts=tuple(counts[name] for name in STATES),
    )


def units_by_severity(standings: Iterable[Standing]) -> list[UnitRow]:
    """A row for each unit, those with the most and worst lags first; under its longest name."""
    of_unit: defaultdict[str, list[Standing]] = defaultdict(list)
    for each in standings:
        of_unit[each.account.unit_code].append(each)
    rows = [
        UnitRow(
            code=code,
            name=max((s.account.unit_name for s in own), key=len),
            sums=totals(own),
            standings=tuple(sorted(own, key=_most_behind)),
        )
        for code, own in of_unit.items()
    ]
    return sorted(rows, key=lambda row: ([-n for n in row.counts[:3]], row.code))


def ranked(standings: Iterable[Standing]) -> list[Standing]:
    """The worst severity first, then the largest gap."""
    return sorted(standings, key=_rank)


def leads(
    at_checkpoints: Mapping[int, Iterable[Standing]], unit_codes: Sequence[str]
) -> list[list[int | None]]:
    """Paid share less planned share, unit × checkpoint (ascending), in basis points.

    Of a unit's projects those count for which this checkpoint is the due one, with a budget and
    a share; None where there are none.
    """
    columns = [_leads_at(standings, month) for month, standings in sorted(at_checkpoints.items())]
    return [[column.get(code) for column in columns] for code in unit_codes]


def _leads_at(standings: Iterable[Standing], month: int) -> dict[str, int]:
    sums: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for each in standings:
        if each.checkpoint == month and each.due_fen is not None:
            amounts = (each.account.budget_fen or 0, each.account.paid_fen, each.due_fen)
            of_unit = sums[each.account.unit_code]
            of_unit[:] = [a + b for a, b in zip(of_unit, amounts, strict=True)]
    return {
        code: round_half_up((paid - due) * WHOLE_BP, budget)
        for code, (budget, paid, due) in sums.items()
        if budget
    }


@dataclass(frozen=True, slots=True)
class Whole:
    """Many projects drawn as one: their curve, and how many of all it stands for."""

    curve: Curve
    included: int
    projects: int


def whole(curves: Sequence[Curve]) -> Whole | None:
    """The projects whose plans have the same checkpoints, all filled, as one curve.

    Of several sets of checkpoints the one with the most budget; plans that differ cannot be
    added up. None where no project has such a plan.
    """
    by_months: defaultdict[tuple[int, ...], list[Curve]] = defaultdict(list)
    for each in curves:
        if each.budget_fen and each.plan and all(p.due_fen is not None for p in checkpoints(each)):
            by_months[tuple(point.month for point in each.plan)].append(each)
    if not by_months:
        return None
    months, alike = max(by_months.items(), key=lambda item: (_budget(item[1]), item[0]))
    points = [checkpoints(each) for each in alike]
    budget = _budget(alike)
    due = [sum(own[i].due_fen or 0 for own in points) for i in range(len(months))]
    first = alike[0]
    curve = Curve(
        year=first.year,
        as_of=first.as_of,
        budget_fen=budget,
        plan=tuple(
            PlanPoint(month, round_half_up(fen * WHOLE_BP, budget))
            for month, fen in zip(months, due, strict=True)
        ),
        paid_by_month=tuple(map(sum, zip(*(each.paid_by_month for each in alike), strict=True))),
        limits=first.limits,
    )
    return Whole(curve, len(alike), len(curves))


def _budget(curves: Iterable[Curve]) -> int:
    return sum(each.budget_fen or 0 for each in curves)


def _most_behind(standing: Standing) -> tuple[bool, int, str]:
    """By lag; without a due plan last."""
    lag = standing.lag_bp
    return (lag is None, -(lag or 0), standing.account.project_code)


def _rank(standing: Standing) -> tuple[int, int, str, str]:
    account = standing.account
    weight = standing.severity.weight if standing.severity else 0
    return (-weight, -(standing.gap_fen or 0), account.unit_code, account.project_code)
