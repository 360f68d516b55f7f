"""Where the parts are put together: folder, settings, database, mail and the only clock."""

from __future__ import annotations

import getpass
import logging
import os
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine

from monitor import config
from monitor.alerts.contacts import read_contacts
from monitor.alerts.smtp import Send, folder_sender, smtp_sender
from monitor.config import Settings
from monitor.domain.calendar import CHINA, Now, month_end
from monitor.domain.contact import Contacts
from monitor.domain.progress import Standing, stand
from monitor.errors import MonitorError
from monitor.ingest.importing import Incoming
from monitor.store import imports, ledger, projects
from monitor.store.engine import open_engine, reading
from monitor.store.schema import require_head, upgrade

if TYPE_CHECKING:
    import pandas as pd

    from monitor.alerts.letters import Stationery
    from monitor.alerts.scheduler import Duties
    from monitor.alerts.sweep import CheckOutcome, NotifyOutcome
    from monitor.domain.plan_review import Doubtful
    from monitor.ingest.import_payments import PaymentReceipt
    from monitor.ingest.import_targets import TargetReceipt
    from monitor.ingest.plan_return import PlanReceipt
    from monitor.ingest.retiring import RetireReceipt
    from monitor.ingest.target_form import Reading

_log = logging.getLogger(__name__)


def china_now() -> datetime:
    """The time in China. The only reader of the clock."""
    return datetime.now(CHINA)  # noqa: TID251


def _whoever_runs_this() -> str:
    return os.environ.get("MONITOR_ACTOR") or getpass.getuser()


@dataclass(frozen=True)
class App:
    """An open workspace: what the command line, the scheduler and notebooks work with."""

    settings: Settings
    engine: Engine
    now: Now
    actor: str

    @property
    def today(self) -> date:
        return self.now().astimezone(CHINA).date()

    @cached_property
    def send(self) -> Send:
        """How mail leaves: through the configured server, else as files into outbox/."""
        if self.settings.mail is None:
            return folder_sender(self.settings.outbox)
        return smtp_sender(self.settings.mail)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with reading(self.engine) as connection:
            yield connection

    def _incoming(self, path: Path) -> Incoming:
        return Incoming(path.name, path.read_bytes(), self.now(), self.actor)

    def import_targets(
        self,
        path: Path,
        *,
        year: int | None = None,
        all_or_nothing: bool = False,
        effective: date | None = None,
        document: str = "",
        dry_run: bool = False,
    ) -> TargetReceipt:
        """Reads a target document and records its projects."""
        from monitor.ingest.target_reading import read_target_document

        incoming = self._incoming(path)
        return self.land_targets(
            incoming,
            read_target_document(
                incoming.data, incoming.name, year=year, labels=self.settings.labels
            ),
            all_or_nothing=all_or_nothing,
            effective=effective,
            document=document,
            dry_run=dry_run,
        )

    def land_targets(
        self,
        incoming: Incoming,
        reading: Reading,
        *,
        all_or_nothing: bool = False,
        effective: date | None = None,
        document: str = "",
        dry_run: bool = False,
    ) -> TargetReceipt:
        """Records the projects of a target document that has been read; see `land`.

        Open warnings that a 勘误 shows to be wrong are withdrawn.
        """
        from monitor.ingest.import_targets import land
        from monitor.ingest.plan_notes import with_plan_notes

        on = incoming.at.astimezone(CHINA).date()
        receipt = land(
            self.engine,
            incoming,
            with_plan_notes(reading, on, self.settings.plans),
            folder=self.settings.archive,
            all_or_nothing=all_or_nothing,
            effective=effective,
            document=document,
            dry_run=dry_run,
        )
        corrected = {e.project.project_code for e in receipt.revised if e.effective is None}
        if dry_run or not corrected:
            return receipt
        withdrawn = self.withdraw(receipt.document.year, corrected, "勘误后不再成立")
        note = (f"勘误后有 {withdrawn} 条预警不再成立，已撤回。",) if withdrawn else ()
        return replace(receipt, notes=receipt.notes + note)

    def withdraw(self, year: int, codes: Collection[str], why: str) -> int:
        """Withdraws the open warnings of these projects that their facts no longer bear out."""
        from monitor.alerts.withdrawal import withdraw

        return withdraw(
            self.engine,
            lambda connection, on: self._standings(connection, year, on),
            year=year,
            codes=codes,
            why=why,
            at=self.now(),
            actor=self.actor,
            switched_on=self.settings.alerts.rules,
        )

    def retire(self, code: str, *, year: int | None, reason: str) -> RetireReceipt:
        """Takes a project out of its year, with its payments and its open warnings."""
        from monitor.ingest.retiring import retire

        receipt = retire(
            self.engine, code, year=year, reason=reason, at=self.now(), actor=self.actor
        )
        if not receipt.already:
            self.withdraw(receipt.year, [receipt.project_code], f"项目退出：{reason}")
        return receipt

    def import_payments(self, path: Path, *, months: tuple[str, ...] = ()) -> PaymentReceipt:
        """Reads a payment list and records what is new in it."""
        from monitor.ingest.import_payments import import_payments

        return import_payments(
            self.engine,
            self._incoming(path),
            folder=self.settings.archive,
            columns=self.settings.columns,
            months=months,
        )

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
            return self._standings(connection, year or on.year, on, unit, project)

    def _standings(
        self,
        connection: Connection,
        year: int,
        on: date,
        unit: str | None = None,
        project: str | None = None,
    ) -> list[Standing]:
        accounts = ledger.accounts(
            connection, year=year, as_of=on, unit_code=unit, project_code=project
        )
        return [stand(account, on, self.settings.alerts.limits) for account in accounts]

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
            lambda connection: self._standings(connection, of_year, on),
            year=of_year,
            at=self.now(),
            actor=self.actor,
            switched_on=self.settings.alerts.rules,
        )

    def doubtful_plans(self, *, year: int | None = None, unit: str | None = None) -> list[Doubtful]:
        """The projects whose plans can hardly be met, by year and unit, and why."""
        from monitor.reports.plan_list import doubtful_plans

        covered, rules = self._covered(), self.settings.plans
        with self.reading() as connection:
            return doubtful_plans(connection, rules, covered=covered, year=year, unit=unit)

    def return_plans(self, path: Path, *, dry_run: bool = False) -> PlanReceipt:
        """Records what units corrected in the workbook of doubtful plans, all or nothing."""
        from monitor.ingest.plan_return import return_plans

        folder = self.settings.archive
        receipt = return_plans(self.engine, self._incoming(path), folder=folder, dry_run=dry_run)
        if not (dry_run or receipt.known):
            corrected = [each.project for each in receipt.corrections]
            for year in {each.year for each in corrected}:
                codes = {each.project_code for each in corrected if each.year == year}
                self.withdraw(year, codes, "支出计划勘误后不再成立")
        return receipt

    def missing_months(self, year: int, as_of: date) -> str:
        """The ended months of a year of which no payment list has come, such as `4月、5月`."""
        ended = (m for m in range(1, 13) if month_end(year, m) <= as_of)
        covered = self._covered()
        return "、".join(f"{m}月" for m in ended if f"{year}-{m:02d}" not in covered)

    def _covered(self) -> set[str]:
        with self.reading() as connection:
            landed = imports.load(connection, kind="payments")
        return {month for each in landed for month in each.months}

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
            covered=self._covered(),
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

    def _duties(self, stopping: Callable[[], bool]) -> Duties:
        from monitor.alerts.scheduler import Duties

        def check(year: int, as_of: date) -> str:
            outcome = self.check(as_of=as_of, year=year)
            return f"符合预警条件的项目 {outcome.findings} 个，变化 {len(outcome.changes)} 项"

        def notify() -> None:
            outcome = self.notify(stopping)
            for diagnostic in outcome.diagnostics:
                _log.warning("%s", diagnostic)
            troubled = len(outcome.waiting) + len(outcome.failed) + len(outcome.unknown)
            if outcome.sent or troubled:
                _log.info("发出 %d 封，未发出或不明 %d 封", len(outcome.sent), troubled)

        return Duties(self.plan_months, check, notify)

    def plan_months(self) -> dict[int, set[int]]:
        """The checkpoints of all projects' plans, by year."""
        with self.reading() as connection:
            return projects.plan_months(connection)

    def catch_up(self) -> None:
        """Does once what the service would do now."""
        from monitor.alerts import scheduler

        scheduler.catch_up(
            self.engine,
            self._duties(lambda: False),
            now=self.now,
            days_after=self.settings.alerts.days_after_checkpoint,
        )

    def serve(self, stop: Event) -> None:
        """Runs the service until `stop` is set."""
        from monitor.alerts import scheduler

        scheduler.serve(
            self.engine,
            self._duties(stop.is_set),
            stop,
            now=self.now,
            check_time=self.settings.alerts.check_time,
            days_after=self.settings.alerts.days_after_checkpoint,
        )


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
