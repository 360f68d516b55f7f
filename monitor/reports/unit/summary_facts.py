"""The year's projects in one line each: money, points by group, total and grade.

The summary workbook and the unit's self-assessment report (domain notes, sections 1d, D13) are
made of these lines, so that both say what the forms say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from monitor.domain.money import WHOLE_BP, round_half_up
from monitor.domain.scoring_rules import Grade, Group, ScoringRules
from monitor.reports.assessment.draft import NOTHING, Cell, Draft, IndicatorRow
from monitor.reports.assessment.facts import ProjectFacts

OTHERS = "其他指标"
"""The column of level 1 names that belong to no group."""


@dataclass(frozen=True, slots=True)
class GroupPoints:
    """A group's weight and points; None where one of its rows is still open."""

    weight: Decimal | None
    points: Decimal | None


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """One project of the year. Amounts in fen, None where the document has none.

    `groups` are by the name of level 1, those alone that have indicators. `total` and `grade`
    are None until every row is filled. `limits` are the least totals of 优, 良, 中.
    """

    year: int
    unit_code: str
    unit_name: str
    project_code: str
    project_name: str
    initial_fen: int | None
    budget_fen: int | None
    paid_fen: int
    execution: GroupPoints
    groups: Mapping[str, GroupPoints]
    total: Decimal | None
    grade: Grade | None
    limits: tuple[Decimal, Decimal, Decimal]
    open_items: int
    added: bool

    @property
    def rate_bp(self) -> int | None:
        """执行率, rounded half up to 0.01 %."""
        return rate_bp(self.paid_fen, self.budget_fen)


@dataclass(frozen=True, slots=True)
class Summary:
    """What the workbook holds. `notes` stand above the table, `provenance` on a sheet of its own;
    `stamp` on every page of figures that are not yet those of the whole year."""

    year: int
    as_of: date
    lines: tuple[ProjectLine, ...]
    notes: tuple[str, ...] = ()
    provenance: tuple[str, ...] = ()
    stamp: str = ""


@dataclass(frozen=True, slots=True)
class Sums:
    """What several projects come to. `unknown` are those whose budget is blank, and not in it."""

    projects: int
    initial_fen: int
    budget_fen: int
    paid_fen: int
    unknown: int
    added: int

    @property
    def rate_bp(self) -> int | None:
        return rate_bp(self.paid_fen, self.budget_fen)


def rate_bp(paid_fen: int, budget_fen: int | None) -> int | None:
    return round_half_up(paid_fen * WHOLE_BP, budget_fen) if budget_fen else None


def project_line(facts: ProjectFacts, draft: Draft, rules: ScoringRules) -> ProjectLine:
    """The line of a project, of its facts and the form drafted from them."""
    account = facts.standing.account
    execution = draft.funds[0]
    total = _points(draft.total_points)
    return ProjectLine(
        year=facts.project.year,
        unit_code=account.unit_code,
        unit_name=account.unit_name,
        project_code=facts.project.project_code,
        project_name=facts.project.project_name,
        initial_fen=account.initial_budget_fen,
        budget_fen=account.budget_fen,
        paid_fen=account.paid_fen,
        execution=GroupPoints(_points(execution.weight), _points(execution.points)),
        groups=_groups(draft.indicators),
        total=total,
        grade=None if total is None else rules.grade(total),
        limits=rules.grades,
        open_items=draft.open_items,
        added=account.initial_budget_fen == 0 and bool(account.budget_fen),
    )


def sums(lines: Iterable[ProjectLine]) -> Sums:
    """The sums of these projects; blanks count as nothing, and are counted."""
    listed = list(lines)
    return Sums(
        projects=len(listed),
        initial_fen=sum(each.initial_fen or 0 for each in listed),
        budget_fen=sum(each.budget_fen or 0 for each in listed),
        paid_fen=sum(each.paid_fen for each in listed),
        unknown=sum(each.budget_fen is None or each.initial_fen is None for each in listed),
        added=sum(each.added for each in listed),
    )


def columns(lines: Sequence[ProjectLine]) -> tuple[str, ...]:
    """The groups that any project has, in the order of the form, unknown ones last."""
    known = [group.label for group in Group] + [OTHERS]
    return tuple(name for name in known if any(name in each.groups for each in lines))


def _groups(rows: Sequence[IndicatorRow]) -> dict[str, GroupPoints]:
    found: dict[str, GroupPoints] = {}
    for level1, members in groupby(rows, key=lambda row: row.level1):
        weighed = [row for row in members if row.weight != NOTHING]
        if weighed:
            _add(found, _name(level1), weighed)
    return found


def _add(found: dict[str, GroupPoints], name: str, rows: Sequence[IndicatorRow]) -> None:
    """Several unknown level 1 names share one column."""
    before = found.get(name, GroupPoints(Decimal(0), Decimal(0)))
    weights = [before.weight, *(_points(row.weight) for row in rows)]
    points = [before.points, *(_points(row.points) for row in rows)]
    weight = _whole(weights)
    found[name] = GroupPoints(weight, None if weight is None else _whole(points))


def _name(level1: str) -> str:
    name = level1.partition("(")[0]
    return name if name in [group.label for group in Group] else OTHERS


def _whole(parts: Sequence[Decimal | None]) -> Decimal | None:
    known = [each for each in parts if each is not None]
    return sum(known, Decimal(0)) if len(known) == len(parts) else None


def _points(cell: Cell) -> Decimal | None:
    """The number in a cell of the form; None where it is open or a dash."""
    if cell.is_open or not cell.text or cell == NOTHING:
        return None
    return Decimal(cell.text)
