"""Where the parts are put together: folder, settings, database, mail and the only clock."""

from __future__ import annotations

import getpass
import os
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor import config
from monitor.domain.calendar import CHINA, Now
from monitor.domain.progress import Standing
from monitor.errors import MonitorError
from monitor.ingest.importing import Incoming
from monitor.mailroom import Mailroom
from monitor.store import projects
from monitor.store.engine import open_engine
from monitor.store.schema import require_head, upgrade
from monitor.targets import Targets

if TYPE_CHECKING:
    import pandas as pd

    from monitor.alerts.checking import CheckOutcome
    from monitor.ingest.import_payments import Options, PaymentReceipt
    from monitor.ingest.payment_files import ListFile
    from monitor.ingest.profiles import Columns
    from monitor.ingest.undoing import UndoReceipt


def china_now() -> datetime:
    """The time in China. The only reader of the clock."""
    return datetime.now(CHINA)  # noqa: TID251


def _whoever_runs_this() -> str:
    return os.environ.get("MONITOR_ACTOR") or getpass.getuser()


@dataclass(frozen=True)
class App(Mailroom):
    """An open workspace: what the command line, the scheduler and notebooks work with."""

    @property
    def targets(self) -> Targets:
        """What is done with target documents and the projects they bring."""
        return Targets(self)

    def import_payments(self, path: Path, **options: Any) -> PaymentReceipt:
        """Reads the payment list in a file and records what is new in it; see `Options`."""
        from monitor.ingest.import_payments import Options
        from monitor.ingest.payment_files import list_in

        return self.land_payments(list_in(path, self.settings.columns), Options(**options))

    def land_payments(
        self, listed: ListFile, options: Options, columns: Columns | None = None
    ) -> PaymentReceipt:
        """Records what is new in a payment list; `columns` are those of a saved profile."""
        from monitor.ingest.import_payments import PaymentRules, import_payments

        incoming = Incoming(
            listed.name,
            b"" if isinstance(listed.content, Path) else listed.content,
            self.now(),
            self.actor,
            path=listed.content if isinstance(listed.content, Path) else None,
            part=listed.part,
        )
        settings = self.settings
        rules = PaymentRules(columns or settings.columns, settings.outside, settings.matching)
        return import_payments(
            self.engine,
            incoming,
            folder=settings.archive,
            rules=rules,
            options=options,
            rows=listed.rows,
        )

    def undo_import(self, import_id: int, *, reason: str) -> UndoReceipt:
        """Takes an import back as a whole, with the warnings that rest on it; see `UndoReceipt`."""
        from monitor.undo import undo_import

        return undo_import(self, import_id, reason=reason)

    def standings(
        self,
        *,
        as_of: date | None = None,
        year: int | None = None,
        unit: str | None = None,
        project: str | None = None,
    ) -> list[Standing]:
        """Every project of a year against its plan at a date: by default today and its year."""
        on = as_of or self.today
        with self.reading() as connection:
            return self.standings_of(connection, year or on.year, on, unit, project)

    def progress(
        self, *, as_of: date | None = None, year: int | None = None, unit: str | None = None
    ) -> pd.DataFrame:
        """`monitor progress` as a DataFrame: the rows and keys of its JSON, integers as Int64."""
        from monitor.reports.rows import progress_frame

        return progress_frame(self.standings(as_of=as_of, year=year, unit=unit))

    def check(self, *, as_of: date | None = None, year: int | None = None) -> CheckOutcome:
        """Judges a year's projects at a date, records warnings and prepares their mails."""
        from monitor.alerts import checking

        on = as_of or self.today
        checker = self.preparing_checker()
        return checking.check(self.engine, checker, year=year or on.year, as_of=on)

    def check_due(self, import_id: int | None = None) -> list[CheckOutcome]:
        """Judges the checkpoints that are due, where lists or anything else came since."""
        from monitor.alerts import checking

        return checking.check_due(self.engine, self.preparing_checker(import_id))

    def unsettled_years(self) -> list[int]:
        """What a check of today judges: this year, and the last one until it is settled."""
        from monitor.alerts import checking

        with self.reading() as connection:
            return checking.unsettled_years(connection, self.today)

    def units_without_lead(self) -> list[tuple[str, str]]:
        """Units with projects this year and nobody to tell, as code and name."""
        contacts = self.contacts()
        units = {
            (each.account.unit_code, each.account.unit_name)
            for each in self.standings()
            if contacts.lead_of(each.account.unit_code, self.today) is None
        }
        return sorted(units)

    def plan_months(self) -> dict[int, set[int]]:
        """The checkpoints of all projects' plans, by year."""
        with self.reading() as connection:
            return projects.plan_months(connection)


def open_workspace(
    folder: str | Path | None = None, *, now: Now = china_now, actor: str | None = None
) -> App:
    """Opens the workspace in `folder`, else in MONITOR_WORKSPACE, else here or further up.

    `actor` is who is recorded as acting, by default MONITOR_ACTOR or the user of the machine.
    Raises WorkspaceError where there is none or its database is of another version, and
    ConfigError for mistakes in its settings.
    """
    settings = config.load(config.find(folder))
    engine = open_engine(settings.database)
    try:
        require_head(engine)
    except MonitorError:
        engine.dispose()
        raise
    return App(settings, engine, now, actor or _whoever_runs_this())


def make_workspace(folder: Path) -> list[Path]:
    """Makes the folders, copies of the defaults and the database; gives the files made."""
    made = config.make(folder)
    engine = open_engine(config.load(folder).database)
    try:
        upgrade(engine)
    finally:
        engine.dispose()
    return made
