"""An open workspace: its settings, database and clock, and the figures every use case asks for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import Connection, Engine

from monitor.config import Settings
from monitor.domain.calendar import CHINA, Now
from monitor.domain.progress import Standing, stand
from monitor.ingest.importing import Incoming
from monitor.store import coverage, ledger
from monitor.store.engine import reading


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
        return [stand(account, on, self.settings.alerts.limits) for account in accounts]

    def covered(self) -> set[str]:
        """The months, such as `2025-04`, of which all payments of all units have come."""
        with self.reading() as connection:
            come, units = coverage.load(connection), coverage.units(connection)
        return {
            month
            for month in come.months
            if all(come.complete(unit, month) for unit in units.get(int(month[:4]), ()))
        }
