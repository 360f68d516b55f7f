"""Where the parts are put together: folder, settings, database, mail and the only clock."""

from __future__ import annotations

import getpass
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor import config
from monitor.alerts.contacts import read_contacts
from monitor.alerts.smtp import Send, folder_sender, smtp_sender
from monitor.domain.calendar import CHINA, Now, month_end
from monitor.domain.contact import Contacts
from monitor.domain.progress import Standing
from monitor.errors import MonitorError
from monitor.ingest.importing import Incoming
from monitor.store import projects
from monitor.store.engine import open_engine
from monitor.store.schema import require_head, upgrade
from monitor.targets import Targets
from monitor.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd

    from monitor.alerts.letters import Stationery
    from monitor.alerts.sweep import CheckOutcome, NotifyOutcome
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
class App(Workspace):
    """An open workspace: what the command line, the scheduler and notebooks work with."""

    @property
    def targets(self) -> Targets:
        """What is done with target documents and the projects they bring."""
        return Targets(self)

    @cached_property
    def send(self) -> Send:
        """How mail leaves: through the configured server, else as files into outbox/."""
        if self.settings.mail is None:
            return folder_sender(self.settings.outbox)
        return smtp_sender(self.settings.mail)

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
        """Judges a year's projects at a date and records warnings, each once."""
        from monitor.alerts import sweep

        on = as_of or self.today
        of_year = year or on.year
        return sweep.check(
            self.engine,
            lambda connection: self.standings_of(connection, of_year, on),
            year=of_year,
            at=self.now(),
            actor=self.actor,
            switched_on=self.settings.alerts.rules,
        )

    def missing_months(self, year: int, as_of: date) -> str:
        """The ended months of a year of which no payment list has come, such as `4月、5月`."""
        ended = (m for m in range(1, 13) if month_end(year, m) <= as_of)
        covered = self.covered()
        return "、".join(f"{m}月" for m in ended if f"{year}-{m:02d}" not in covered)

    def contacts(self) -> Contacts:
        """Who is told. Raises ConfigError with all mistakes of contacts.csv."""
        path = self.settings.contacts
        return read_contacts(path.read_bytes() if path.exists() else b"", path.name)

    def notify(self, stopping: Callable[[], bool] = lambda: False) -> NotifyOutcome:
        """Tells what has not been told: one mail a lead; nothing is ever sent twice."""
        from monitor.alerts import sweep

        return sweep.notify(
            self.engine,
            self.contacts(),
            send=self.send,
            now=self.now,
            actor=self.actor,
            stationery=self._stationery(),
            covered=self.covered(),
            stopping=stopping,
        )

    def _stationery(self) -> Stationery:
        from monitor.alerts.letters import Stationery

        mail = self.settings.mail
        sender = mail.sender if mail else "monitor@localhost"
        name = (mail.sender_name if mail else "") or self.settings.office or "预算执行监控"
        return Stationery(sender, name, self.settings.alerts)

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
