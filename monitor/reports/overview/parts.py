"""The parts of the overview as its templates need them: units, projects, coverage, news."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from monitor.domain.coverage import State
from monitor.domain.money import percent
from monitor.domain.progress import Limits, Standing
from monitor.domain.warning import Step
from monitor.reports.charts.small_charts import dot, span, spark
from monitor.reports.overview.changes import ProjectChange, WarningStep
from monitor.reports.overview.facts import MONTHS, OverviewFacts, UnmatchedGroup
from monitor.reports.overview.pivots import Sums, UnitRow, ranked
from monitor.reports.states import STATES, state_of

_MOST_NEWS = 30  # rows of a table of what is new
_MOST_CODES = 5  # unmatched codes named in a unit's own part

COVERED = {State.COMPLETE: "全", State.PARTIAL: "部分", State.MISSING: "缺", None: "未到期"}
"""How much of a month has come; None: it has not ended."""

_STEPS = {
    Step.RAISED: "发生",
    Step.REOPENED: "再次发生",
    Step.SEVERITY: "程度变化",
    Step.RESOLVED: "消除",
    Step.CARRIED_ON: "转入下一时点",
    Step.WITHDRAWN: "撤回",
}
_ORDER = list(STATES)


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """A project: its standing, its state, the id of its row in its unit's part, its charts."""

    standing: Standing
    state: str
    anchor: str
    spark: Markup
    dot: Markup

    @property
    def order(self) -> int:
        """The rank of its state, for sorting."""
        return _ORDER.index(self.state)


@dataclass(frozen=True, slots=True)
class UnitPart:
    """A unit's own part of the page."""

    code: str
    name: str
    anchor: str
    sums: Sums
    rows: tuple[ProjectRow, ...]
    missing: str
    unmatched_rows: int
    unmatched_fen: int
    codes: tuple[UnmatchedGroup, ...]
    more_codes: int
    open: tuple[tuple[str, int], ...]

    @property
    def counts(self) -> tuple[int, ...]:
        return self.sums.counts

    @property
    def open_warnings(self) -> int:
        return sum(count for _, count in self.open)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What has come: each unit's months, and in words which ended months are not whole."""

    units: tuple[tuple[str, str, tuple[State | None, ...]], ...]
    summary: str
    is_whole: bool
    missing: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class News:
    """What the latest lists changed, cut to what people read; `left` says how many more."""

    day: date
    files: tuple[str, ...]
    lines: int
    paid_fen: int
    projects: tuple[ProjectChange, ...]
    left: int
    turned: int
    counted: tuple[tuple[str, int], ...]
    warnings: tuple[tuple[str, WarningStep], ...]
    warnings_left: int


def coverage(facts: OverviewFacts, units: Iterable[UnitRow]) -> Coverage:
    """Unit by unit in the order of their codes."""
    ordered = sorted(units, key=lambda unit: unit.code)
    nothing: tuple[State | None, ...] = (None,) * len(MONTHS)
    rows = tuple((u.code, u.name, facts.coverage.get(u.code, nothing)) for u in ordered)
    lacking: defaultdict[int, list[str]] = defaultdict(list)
    missing = {}
    for code, _, states in rows:
        months = [m for m, state in zip(MONTHS, states, strict=True) if _lacks(state)]
        missing[code] = "、".join(f"{month}月" for month in months)
        for month in months:
            lacking[month].append(code)
    told = [
        f"{month}月（{'全部' if len(codes) == len(rows) else ''}{len(codes)} 个单位）"
        for month, codes in sorted(lacking.items())
    ]
    return Coverage(rows, "、".join(told), not lacking, missing)


def _lacks(state: State | None) -> bool:
    return state in (State.MISSING, State.PARTIAL)


def unit_parts(facts: OverviewFacts, units: Iterable[UnitRow], arrived: Coverage) -> list[UnitPart]:
    """The units in the order given, each with its projects, the largest lag first."""
    groups: defaultdict[str, list[UnmatchedGroup]] = defaultdict(list)
    for group in facts.unmatched:
        groups[group.unit_code].append(group)
    return [
        _unit_part(facts, unit, f"u{number}", arrived, groups[unit.code])
        for number, unit in enumerate(units, 1)
    ]


def _unit_part(
    facts: OverviewFacts,
    unit: UnitRow,
    anchor: str,
    arrived: Coverage,
    groups: Sequence[UnmatchedGroup],
) -> UnitPart:
    reach = span(each.lag_bp for each in unit.standings)
    rows = tuple(
        _project_row(facts, each, f"{anchor}-{n}", reach)
        for n, each in enumerate(unit.standings, 1)
    )
    largest = sorted(groups, key=lambda g: (-abs(g.amount_fen), g.project_code))
    return UnitPart(
        code=unit.code,
        name=unit.name,
        anchor=anchor,
        sums=unit.sums,
        rows=rows,
        missing=arrived.missing[unit.code],
        unmatched_rows=sum(group.rows for group in groups),
        unmatched_fen=sum(group.amount_fen for group in groups),
        codes=tuple(largest[:_MOST_CODES]),
        more_codes=max(len(groups) - _MOST_CODES, 0),
        open=tuple(
            (STATES[grade], count)
            for grade in ("red", "yellow", "notice")
            if (count := facts.warnings.get((unit.code, grade), 0))
        ),
    )


def _project_row(
    facts: OverviewFacts, standing: Standing, anchor: str, reach: tuple[int, int]
) -> ProjectRow:
    state = state_of(standing)
    curve = facts.curves.get(standing.account.project_code)
    return ProjectRow(
        standing=standing,
        state=state,
        anchor=anchor,
        spark=spark(curve) if curve else Markup("—"),
        dot=dot(standing.lag_bp, state, reach),
    )


def project_rows(
    facts: OverviewFacts, parts: Iterable[UnitPart]
) -> list[tuple[ProjectRow, UnitPart]]:
    """All projects, the worst first, each with its unit."""
    found = {row.standing.account.project_code: (row, part) for part in parts for row in part.rows}
    return [found[each.account.project_code] for each in ranked(facts.standings)]


def news(facts: OverviewFacts) -> News | None:
    """What is new: the projects whose state turned first, then the largest sums."""
    changes = facts.changes
    if changes is None:
        return None
    projects = sorted(changes.projects, key=_news_rank)
    steps = [(_STEPS[Step(each.event)], each) for each in changes.warnings]
    counted = Counter(word for word, _ in steps)
    return News(
        day=changes.day,
        files=changes.files,
        lines=sum(each.lines for each in projects),
        paid_fen=sum(each.paid_fen for each in projects),
        projects=tuple(projects[:_MOST_NEWS]),
        left=max(len(projects) - _MOST_NEWS, 0),
        turned=sum(each.before != each.now for each in projects),
        counted=tuple((word, counted[word]) for word in _STEPS.values() if counted[word]),
        warnings=tuple(steps[:_MOST_NEWS]),
        warnings_left=max(len(steps) - _MOST_NEWS, 0),
    )


def _news_rank(change: ProjectChange) -> tuple[bool, int, str]:
    code = change.standing.account.project_code
    return (change.before == change.now, -abs(change.paid_fen), code)


def limits_in_words(limits: Limits) -> str:
    """When a lag is what, as the settings have it (D3 of the domain notes)."""
    ratio, lag, red = (
        percent(bp).replace(".00", "")
        for bp in (limits.yellow_ratio_bp, limits.yellow_lag_bp, limits.red_ratio_bp)
    )
    return (
        f"已支付低于应支为提示；不足应支的 {ratio} 或滞后超过预算数的 {lag} 为黄色；"
        f"不足应支的 {red} 或没有支付为红色"
    )
