"""How projects were paid over the year: last payment, busiest week, money that came late.

Single days are looked up only of the projects and months where they could matter to a rule.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import Connection

from monitor.alerts.facts import Pace
from monitor.alerts.rule_catalogue import IDLE, RUSH
from monitor.alerts.rule_settings import AlertRules
from monitor.alerts.thresholds import Thresholds
from monitor.domain.budget import BudgetHistory
from monitor.domain.calendar import month_end
from monitor.domain.money import WHOLE_BP
from monitor.domain.progress import Standing
from monitor.domain.working_days import WorkCalendar
from monitor.store import adjustments, ledger, warning_facts

_NO_MONTHS = (0,) * 12
_WEEK = timedelta(days=7)
Asked = Sequence[tuple[int, Standing, str]]
"""Projects: id, standing, fund."""


def measure(connection: Connection, asked: Asked, settings: AlertRules) -> dict[int, Pace]:
    """The paces of a year's projects, by id."""
    if not asked:
        return {}
    _, first, _ = asked[0]
    year, as_of = first.account.year, first.as_of
    book = settings.book()
    by = {id_: book.of(each.account.unit_code, fund) for id_, each, fund in asked}
    months = ledger.monthly(connection, year=year, as_of=as_of)
    paid = {id_: months.get(each.account.project_code, _NO_MONTHS) for id_, each, _ in asked}
    last = _last_payments(connection, asked, paid, by)
    weeks = _busiest_weeks(connection, asked, paid, by)
    changed = warning_facts.changed_in_year(connection, year)
    histories = adjustments.histories(connection, year, changed) if changed else {}
    calendar = settings.calendar
    found = {}
    for id_, standing, _ in asked:
        history = histories.get(id_)
        found[id_] = Pace(last.get(id_), paid[id_], weeks.get(id_, 0))
        if history:
            account, lately = standing.account, _Lately(history, calendar, by[id_])
            due = lately.gained(account.base_fen, standing.checkpoint)
            coming = lately.gained(account.budget_fen, standing.next_checkpoint)
            found[id_] = replace(
                found[id_],
                recent_money_fen=due[0],
                recent_additions=due[1],
                began=_began(history),
                coming_money_fen=coming[0],
                coming_additions=coming[1],
            )
    return found


def _last_payments(
    connection: Connection,
    asked: Asked,
    paid: Mapping[int, tuple[int, ...]],
    by: Mapping[int, Thresholds],
) -> dict[int, date]:
    """The day of the last payment; where its month alone shows that it is recent, the first of it.

    A month whose payments and refunds sum up to nothing is no month with a payment.
    """
    found: dict[int, date] = {}
    by_month: defaultdict[int, list[int]] = defaultdict(list)
    for id_, standing, _ in asked:
        month = max((number for number, fen in enumerate(paid[id_], 1) if fen), default=0)
        if not month:
            continue
        begin = date(standing.account.year, month, 1)
        found[id_] = begin
        is_old = (standing.as_of - begin).days >= by[id_].idle_days
        if is_old and IDLE.id in by[id_].on and _is_unfinished(standing):
            by_month[month].append(id_)
    _, first, _ = asked[0]
    for month, ids in by_month.items():
        days = warning_facts.daily_sums(connection, ids, first.account.year, month, first.as_of)
        for id_, day, fen in days:
            if fen:
                found[id_] = max(found[id_], day)
    return found


def _is_unfinished(standing: Standing) -> bool:
    budget = standing.account.budget_fen
    return budget is not None and standing.account.paid_fen < budget


def _busiest_weeks(
    connection: Connection,
    asked: Asked,
    paid: Mapping[int, tuple[int, ...]],
    by: Mapping[int, Thresholds],
) -> dict[int, int]:
    """The most within seven days, of projects that two months in a row may have taken too far.

    What came back within the same two months is no rush.
    """
    by_month: defaultdict[int, set[int]] = defaultdict(set)
    for id_, standing, _ in asked:
        budget = standing.account.budget_fen
        if not budget or RUSH.id not in by[id_].on:
            continue
        for month in _heavy_months(paid[id_], by[id_].week_bp * budget):
            by_month[month].add(id_)
    _, first, _ = asked[0]
    daily: defaultdict[int, dict[date, int]] = defaultdict(dict)
    for month, ids in sorted(by_month.items()):
        days = warning_facts.daily_sums(connection, ids, first.account.year, month, first.as_of)
        for id_, day, fen in days:
            daily[id_][day] = fen
    return {id_: busiest_week(days) for id_, days in daily.items()}


def _heavy_months(months_fen: Sequence[int], limit: int) -> Iterable[int]:
    """The months that alone, or with a neighbour, exceed a limit in fen × bp."""
    heavy: set[int] = set()
    for number, fen in enumerate(months_fen, 1):
        before = months_fen[number - 2] if number > 1 else 0
        if fen * WHOLE_BP > limit:
            heavy.add(number)
        if (before + fen) * WHOLE_BP > limit:
            heavy |= {number, max(number - 1, 1)}
    return heavy


def busiest_week(daily: Mapping[date, int]) -> int:
    """The highest sum of seven consecutive days, in fen; at least 0."""
    most = running = 0
    days = sorted(daily)
    start = 0
    for day in days:
        running += daily[day]
        while day - days[start] >= _WEEK:
            running -= daily[days[start]]
            start += 1
        most = max(most, running)
    return most


@dataclass(frozen=True, slots=True)
class _Lately:
    """What came too late to be paid by a checkpoint."""

    history: BudgetHistory
    calendar: WorkCalendar
    by: Thresholds

    def gained(self, base_fen: int | None, checkpoint: int | None) -> tuple[int, int]:
        """What a base gained in the working days before a checkpoint, and on how many days."""
        if base_fen is None or checkpoint is None or not self.by.recent_money_days:
            return 0, 0
        history, end = self.history, month_end(self.history.year, checkpoint)
        since = self.calendar.add(end, -self.by.recent_money_days)
        before = history.at(since - timedelta(days=1))
        if before is None or base_fen <= before:
            return 0, 0
        added = {line.effective for line in history.lines if line.amount_fen > 0}
        stated = {each.effective for each in history.stated}
        days = [day for day in added | stated if since <= day <= end]
        return base_fen - before, len(days)


def _began(history: BudgetHistory) -> date | None:
    """The first day with a budget, where that is later than 1 January."""
    if history.initial_fen != 0:
        return None
    stated = {each.effective for each in history.stated}
    days = stated | {each.effective for each in history.lines}
    return min((day for day in days if (history.at(day) or 0) > 0), default=None)
