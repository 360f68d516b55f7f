"""Use case: a year is judged as of a day, and what that changes in its warnings is recorded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine

from monitor import collector
from monitor.alerts import corrections, lifecycle, rules, unchanged
from monitor.alerts.facts import Facts
from monitor.alerts.lifecycle import LAG, Before, Outdated
from monitor.alerts.rule_catalogue import UNSPENT
from monitor.alerts.rule_settings import AlertRules
from monitor.alerts.rules import Judgement
from monitor.alerts.unchanged import Found, HeldBack
from monitor.domain.calendar import CHINA, due_month, month_end
from monitor.domain.warning import Change, Step
from monitor.errors import UsageError
from monitor.store import alerts, checks, coverage, projects, settled, warning_query
from monitor.store.engine import reading, writing

Gather = Callable[[Connection, int, date], Facts]
"""Reads the facts of a year as of a day."""
Prepare = Callable[[Connection], object]
"""Puts into the outbox what is to be told, in the same transaction."""
_OWN_PERIOD_IS_OVER = "按现有数据，当时并不符合预警条件"


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """What a check found, changed, held back, and left alone because newer knowledge stands."""

    year: int
    as_of: date
    found: tuple[Found, ...]
    changes: tuple[Change, ...]
    outdated: tuple[Outdated, ...]
    held_back: tuple[HeldBack, ...]

    @property
    def findings(self) -> int:
        return len(self.found)

    @property
    def steps(self) -> Counter[Step]:
        return Counter(change.step for change in self.changes)


@dataclass(frozen=True, slots=True)
class Checker:
    """What every check needs: how facts are read, the rules, who acts, and what then follows.

    `import_id` is the import that caused the check; without one, the last import since the
    year was judged stands in the events as their cause. `basis` names all that checks and their
    mails follow from beside `settings` and what is on record; without it none is left out.
    """

    gather: Gather
    settings: AlertRules
    at: datetime
    actor: str
    prepare: Prepare | None = None
    import_id: int | None = None
    basis: str = ""

    @property
    def today(self) -> date:
        return self.at.astimezone(CHINA).date()

    def caused(self, connection: Connection, year: int) -> Checker:
        """The same, knowing the import that makes it judge a year."""
        return replace(self, import_id=self.import_id or checks.cause(connection, year))

    def check(self, connection: Connection, year: int, as_of: date) -> CheckOutcome:
        """Judges one year in an open writing transaction and records what changes.

        Where nothing has changed since the same was done, that is known without judging.
        """
        if as_of > self.today:
            raise UsageError(f"核查日期 {as_of} 还没有到。", "请用今天或以前的日期。")
        follows_from = self._follows_from(as_of)
        if follows_from:
            mark = settled.mark(connection, year, follows_from)
            if (before := settled.recall(connection, year, mark)) is not None:
                return _as_before(before, year, as_of)
        outcome = self._judge(connection, year, as_of)
        if follows_from:
            found = unchanged.stored(outcome.found, outcome.held_back, outcome.outdated)
            settled.note(connection, year, settled.mark(connection, year, follows_from), found)
        return outcome

    def _follows_from(self, as_of: date) -> str:
        """The days, the rules, and the rest of what is not on record; empty where unknown."""
        if not self.basis:
            return ""
        rules_ = self.settings
        return unchanged.basis(as_of, self.today, rules_, rules_.calendar, self.basis)

    def _judge(self, connection: Connection, year: int, as_of: date) -> CheckOutcome:
        known = checks.known(connection, year)
        former = checks.latest(connection, year)
        facts = self.gather(connection, year, as_of)
        judgement = rules.check(facts, self.settings)
        recorded = alerts.load(connection, year=year)
        before = Before(former.as_of, former.held_back) if former else None
        decision = lifecycle.decide(recorded, facts, judgement, before)
        changes = self._with_withdrawals(connection, facts, judgement, decision.changes)
        alerts.apply(connection, changes, at=self.at, actor=self.actor, import_id=self.import_id)
        held_back = _held_back(facts, judgement)
        self._note(connection, facts, known, held_back)
        if self.prepare:
            self.prepare(connection)
        found = unchanged.summaries(judgement.findings)
        return CheckOutcome(year, as_of, found, changes, decision.outdated, held_back)

    def _with_withdrawals(
        self,
        connection: Connection,
        facts: Facts,
        judgement: Judgement,
        changes: tuple[Change, ...],
    ) -> tuple[Change, ...]:
        ending = [each.before for each in corrections.in_doubt(changes) if each.before]
        if not ending:
            return changes
        judged = {facts.as_of: judgement}
        wrong = self.wrong(connection, facts.year, [each.id for each in ending], judged)
        return corrections.withdrawn(changes, wrong, _OWN_PERIOD_IS_OVER)

    def wrong(
        self,
        connection: Connection,
        year: int,
        ids: Collection[int],
        judged: Mapping[date, Judgement] | None = None,
    ) -> set[int]:
        """Which of these warnings of a year were wrong on the day that they were raised for.

        Each is judged again as of that day, with what is known by now; the facts are gathered
        once a day. `judged` are judgements that are there already.
        """
        judgements = dict(judged or {})
        days = warning_query.last_raised(connection, ids)
        wrong = set()
        for warning in alerts.load(connection, year=year, ids=set(ids)):
            day = days.get(warning.id, warning.as_of)
            if day not in judgements:
                facts = self.gather(connection, year, day)
                judgements[day] = rules.check(facts, self.settings)
            if not _holds(judgements[day], warning.rule, warning.subject, warning.period):
                wrong.add(warning.id)
        return wrong

    def _note(
        self, connection: Connection, facts: Facts, known: str, held_back: Iterable[HeldBack]
    ) -> None:
        """Notes as of when the year was judged, and with what knowledge."""
        check = checks.Check(
            year=facts.year,
            month=due_month(_checkpoints(facts), facts.year, facts.as_of) or 0,
            as_of=facts.as_of,
            known=known,
            held_back=frozenset(each.unit_code for each in held_back),
        )
        checks.record(connection, check, at=self.at)


def check(engine: Engine, checker: Checker, *, year: int, as_of: date) -> CheckOutcome:
    """Judges a year as of a day, all in one transaction: no check writes over one that knew more.

    Raises UsageError for a day that has not come.
    """
    with collector.put_off(), writing(engine) as connection:
        return checker.caused(connection, year).check(connection, year, as_of)


def check_due(engine: Engine, checker: Checker) -> list[CheckOutcome]:
    """Judges the last checkpoint due of this year and of the last, where anything is new.

    A checkpoint is judged as of its last day, by itself or for units whose lists have come
    since; what else has come, such as a payment above the budget, as of today, also while no
    checkpoint is due yet. With nothing new on record nothing is done.
    """
    today = checker.today
    with reading(engine) as connection:
        months = projects.plan_months(connection)
    outcomes = []
    for year in (today.year - 1, today.year):
        if year in months:
            with collector.put_off(), writing(engine) as connection:
                days = _days_to_judge(connection, year, months[year], today)
                caused = checker.caused(connection, year)
                outcomes += [caused.check(connection, year, day) for day in days]
    return outcomes


def awaits(connection: Connection, year: int, today: date) -> bool:
    """Whether something of a year has come that no check has judged yet."""
    months = projects.plan_months(connection).get(year)
    return bool(months and _days_to_judge(connection, year, months, today))


def _days_to_judge(
    connection: Connection, year: int, months: Collection[int], today: date
) -> list[date]:
    month = due_month(months, year, today) or 0
    former = checks.of(connection, year, month)
    if former and former.known == checks.known(connection, year):
        return []
    own = [month_end(year, month)] if month and (not former or former.held_back) else []
    if former or _has_lists_after(connection, year, month):
        own += {max(today, former.as_of if former else today)} - set(own)
    return own


def _has_lists_after(connection: Connection, year: int, month: int) -> bool:
    """Whether lists of later months have come: of them the checkpoint's own day knows nothing."""
    return any(each > f"{year}-{month:02d}" for each in coverage.load(connection, year).months)


def unsettled_years(connection: Connection, today: date) -> list[int]:
    """The years that a check of today judges: this one, and the last while it is not settled.

    It is settled once its last checkpoint has been judged for all units and no warning of it
    is open that could still end. What is left of its budgets (结余), and lags that are only on
    record, stay open for good: they change with the record alone.
    """
    last = today.year - 1
    months = projects.plan_months(connection).get(last)
    if not months:
        return [today.year]
    judged = checks.of(connection, last, max(months))
    is_settled = judged and not judged.held_back and judged.known == checks.known(connection, last)
    open_ = alerts.any_open(connection, last, besides=UNSPENT.id)
    return [today.year] if is_settled and not open_ else [last, today.year]


def _as_before(outcome: Mapping[str, Any], year: int, as_of: date) -> CheckOutcome:
    """What the check before came to; it has changed nothing this time."""
    return CheckOutcome(
        year,
        as_of,
        unchanged.found_of(outcome),
        (),
        unchanged.outdated_of(outcome),
        unchanged.held_back_of(outcome),
    )


def _holds(judgement: Judgement, rule: str, subject: str, period: str) -> bool:
    """Whether the judgement finds it, by either rule of a lag, or does not judge it."""
    wanted = lifecycle.family(rule), subject
    if any((lifecycle.family(of), about) == wanted for of, about in judgement.unjudged):
        return True
    return any(
        (lifecycle.family(each.rule), each.subject, each.period) == (*wanted, period)
        for each in judgement.findings
    )


def _checkpoints(facts: Facts) -> set[int]:
    return {point.month for each in facts.projects for point in each.standing.account.plan}


def _held_back(facts: Facts, judgement: Judgement) -> tuple[HeldBack, ...]:
    units: dict[str, tuple[str, set[str]]] = {}
    for each in facts.projects:
        account = each.standing.account
        if (LAG, account.project_code) in judgement.unjudged:
            _, months = units.setdefault(account.unit_code, (account.unit_name, set()))
            months.update(each.missing_months)
    return tuple(
        HeldBack(code, name, tuple(sorted(months)))
        for code, (name, months) in sorted(units.items())
    )
