"""From the store to the facts that the rules judge, of one year at one date.

What costs is asked only where a rule that is on needs it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection

from monitor.alerts import paces
from monitor.alerts.facts import Facts, IndicatorState, Pace, ProjectFacts
from monitor.alerts.open_payments import OpenPayments, sort_out
from monitor.alerts.rule_catalogue import INDICATORS
from monitor.alerts.rule_settings import AlertRules
from monitor.domain.calendar import month_end
from monitor.domain.coverage import Coverage
from monitor.domain.progress import Account, stand
from monitor.store import coverage, ledger, warning_facts

_DAY = timedelta(days=1)


def gather(
    connection: Connection,
    *,
    year: int,
    as_of: date,
    settings: AlertRules,
) -> Facts:
    """Everything known of a year at `as_of`, by what is recorded now."""
    accounts = ledger.accounts(connection, year=year, as_of=as_of)
    names = coverage.units(connection, year).get(year, {})
    lists = _Lists.of(coverage.load(connection, year), names, year, as_of)
    groups = warning_facts.unmatched(connection, year, as_of)
    waiting = sort_out(groups, accounts, warning_facts.all_codes(connection, year))
    forms, states = _indicators(connection, year, as_of, settings)
    return Facts(
        year=year,
        as_of=as_of,
        projects=_projects(connection, accounts, as_of, settings, lists, waiting, states),
        missing_lists=lists.by_month(),
        unmatched=waiting.by_unit,
        unit_names=names,
        list_names=waiting.names,
        paid_without_document=waiting.undocumented,
        forms_collected=forms,
    )


def _projects(
    connection: Connection,
    accounts: list[Account],
    as_of: date,
    settings: AlertRules,
    lists: _Lists,
    waiting: OpenPayments,
    states: Mapping[int, tuple[IndicatorState, ...]],
) -> tuple[ProjectFacts, ...]:
    if not accounts:
        return ()
    year = accounts[0].year
    known = warning_facts.projects_of(connection, year)
    funds = warning_facts.funds(connection, year) if settings.by_fund else {}
    book = settings.book()
    found = []
    for account in accounts:
        id_, has_document = known[account.project_code]
        fund = funds.get(id_, "")
        standing = stand(account, as_of, book.of(account.unit_code, fund).limits)
        found.append((id_, has_document, fund, standing))
    measured = paces.measure(
        connection, [(id_, standing, fund) for id_, _, fund, standing in found], settings
    )
    return tuple(
        ProjectFacts(
            standing=standing,
            pace=measured.get(id_, Pace()),
            has_document=has_document,
            fund=fund,
            could_be=waiting.could_be.get(standing.account.project_code),
            indicators=states.get(id_, ()),
            missing_months=lists.missing.get(standing.account.unit_code, ()),
            known_until=lists.known.get(standing.account.unit_code),
        )
        for id_, has_document, fund, standing in found
    )


@dataclass(frozen=True, slots=True)
class _Lists:
    """By unit: the ended months whose lists are not complete, and until when all has come."""

    names: Mapping[str, str]
    missing: Mapping[str, tuple[str, ...]]
    known: Mapping[str, date]

    @classmethod
    def of(cls, come: Coverage, names: Mapping[str, str], year: int, as_of: date) -> _Lists:
        ended = [month for month in range(1, 13) if month_end(year, month) <= as_of]
        missing = {
            unit: come.missing(unit, f"{year}-{ended[-1]:02d}") if ended else () for unit in names
        }
        known = {unit: min(_known_until(come, unit, year), as_of) for unit in names}
        return cls(names, missing, known)

    def by_month(self) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for unit, months in self.missing.items():
            for month in months:
                found.setdefault(month, {})[unit] = self.names[unit]
        return found


def _known_until(come: Coverage, unit: str, year: int) -> date:
    """The last day of the year before which no day is uncovered."""
    for month in range(1, 13):
        cell = come.cell(unit, f"{year}-{month:02d}")
        if not come.complete(unit, cell.month):
            return cell.uncovered[0].first - _DAY
    return date(year, 12, 31)


def _indicators(
    connection: Connection, year: int, as_of: date, settings: AlertRules
) -> tuple[frozenset[str], Mapping[int, tuple[IndicatorState, ...]]]:
    """The checkpoints for which forms came, and each project's indicators at the latest ended."""
    if not settings.ever_on(INDICATORS.id):
        return frozenset(), {}
    forms = warning_facts.forms_collected(connection, year)
    ended = [period for period in forms if month_end(year, int(period)) <= as_of]
    if not ended:
        return forms, {}
    found = warning_facts.results(connection, year, max(ended))
    return forms, {id_: tuple(_states(each)) for id_, each in found.items()}


def _states(results: Iterable[warning_facts.Result]) -> Iterable[IndicatorState]:
    for each in results:
        yield IndicatorState(each.position, each.name, each.reported, each.on_target)
