"""An open workspace: its settings, database and clock, and the figures every use case asks for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine

from monitor.config import Settings
from monitor.domain.calendar import CHINA, Now
from monitor.domain.progress import Standing, stand
from monitor.ingest.importing import Incoming
from monitor.store import coverage, ledger, warning_facts
from monitor.store.engine import reading

if TYPE_CHECKING:
    from monitor.alerts.checking import Checker, Prepare
    from monitor.alerts.facts import Facts


@dataclass(frozen=True)
class Workspace:
    """What the use cases work with: the parts, put together by bootstrap."""

    settings: Settings
    engine: Engine
    now: Now
    actor: str

    @property
    def today(self) -> date:
        return self.now().astimezone(CHINA).date()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with reading(self.engine) as connection:
            yield connection

    def incoming(self, path: Path) -> Incoming:
        """The file as it arrives now, by whoever works here."""
        return Incoming(path.name, path.read_bytes(), self.now(), self.actor)

    def standings_of(
        self,
        connection: Connection,
        year: int,
        on: date,
        unit: str | None = None,
        project: str | None = None,
    ) -> list[Standing]:
        """Every project of a year against its plan on a day, inside an open transaction."""
        accounts = ledger.accounts(
            connection, year=year, as_of=on, unit_code=unit, project_code=project
        )
        book = self.settings.alerts.book()
        funds = self._funds(connection, year)
        return [
            stand(
                account, on, book.of(account.unit_code, funds.get(account.project_code, "")).limits
            )
            for account in accounts
        ]

    def _funds(self, connection: Connection, year: int) -> dict[str, str]:
        """By project code, its 资金性质 where it has one; read only where limits depend on it."""
        if not self.settings.alerts.by_fund:
            return {}
        found = warning_facts.funds(connection, year)
        known = warning_facts.projects_of(connection, year)
        return {code: found[each.id] for code, each in known.items() if each.id in found}

    def facts(self, connection: Connection, year: int, on: date) -> Facts:
        """All that the warning rules judge of a year on a day, inside an open transaction."""
        from monitor.alerts.gathering import gather

        return gather(connection, year=year, as_of=on, settings=self.settings.alerts)

    def checker(self, import_id: int | None = None, prepare: Prepare | None = None) -> Checker:
        """Judges this workspace's years now; `import_id` is the import that caused it."""
        from monitor.alerts.checking import Checker

        rules = self.settings.alerts
        return Checker(self.facts, rules, self.now(), self.actor, prepare, import_id)

    def covered(self) -> set[str]:
        """The months, such as `2025-04`, of which all payments of all units have come."""
        with self.reading() as connection:
            come, units = coverage.load(connection), coverage.units(connection)
        return {
            month
            for month in come.months
            if all(come.complete(unit, month) for unit in units.get(int(month[:4]), ()))
        }
