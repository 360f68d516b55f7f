"""The mails of a workspace: put together, previewed on paper, sent, and by which server."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.alerts.contacts import read_contacts
from monitor.alerts.smtp import Send, folder_post, smtp_post
from monitor.domain.contact import Contacts
from monitor.errors import ConfigError
from monitor.store.engine import writing
from monitor.workspace import Workspace

if TYPE_CHECKING:
    from monitor.alerts.checking import Checker
    from monitor.alerts.letters import Stationery
    from monitor.alerts.notifying import NotifyOutcome
    from monitor.alerts.sending import Deliveries, Desk


@dataclass(frozen=True)
class Mailroom(Workspace):
    """An open workspace as far as its mails go."""

    def contacts(self) -> Contacts:
        """Who is told. Raises ConfigError with all mistakes of contacts.csv."""
        path = self.settings.contacts
        return read_contacts(path.read_bytes() if path.exists() else b"", path.name)

    def post(self) -> AbstractContextManager[Send]:
        """How mail leaves: through the configured server, else as files into outbox/."""
        mail = self.settings.mail
        return folder_post(self.settings.outbox) if mail is None else smtp_post(mail)

    def notify(self, stopping: Callable[[], bool] = lambda: False) -> NotifyOutcome:
        """Tells what has not been told, and sends at once every mail that is not held."""
        from monitor.alerts import notifying, preparing

        return notifying.notify(
            self.engine,
            self.post,
            self.desk(),
            lambda connection, at: preparing.prepare(
                connection, self.contacts(), now=at, stationery=self._stationery()
            ),
            now=self.now,
            actor=self.actor,
            stopping=stopping,
        )

    def send_due(self, stopping: Callable[[], bool] = lambda: False) -> Deliveries:
        """Sends the mails whose time has come, within the hours of sending."""
        from monitor.alerts.sending import send_due

        return send_due(
            self.engine, self.post, self.desk(), now=self.now, actor=self.actor, stopping=stopping
        )

    def send_trial(self, address: str) -> str:
        """Sends a test mail now; the server's words. Raises SendError with them if refused."""
        from monitor.alerts.trial import trial_mail

        with self.post() as send:
            return send(trial_mail(self._stationery(), address, self.now()))

    def remind(self, on: date) -> str:
        """Writes the reminders and escalations that are due on a day; in words, how many."""
        from monitor.alerts.preparing import remind

        with writing(self.engine) as connection:
            return remind(connection, self.contacts(), self._stationery(), on=on, now=self.now())

    def weekly(self, on: date) -> str:
        """Writes the summary of the week before a day to the office; in words, to how many."""
        from monitor.alerts.preparing import weekly

        with writing(self.engine) as connection:
            return weekly(connection, self.contacts(), self._stationery(), on=on, now=self.now())

    def write_letters(self, folder: Path) -> list[Path]:
        """Tells what has not been told by letters on paper, one a unit; the files."""
        from monitor.alerts.letters_docx import write_all

        return write_all(
            self.engine,
            self.contacts(),
            folder,
            self._stationery(),
            now=self.now(),
            actor=self.actor,
        )

    def desk(self) -> Desk:
        """What a sender of mails needs from this workspace."""
        from monitor.alerts.desk import desk

        return desk(self._stationery(), self.settings.mail, self.contacts, self.now)

    def preparing_checker(self, import_id: int | None = None) -> Checker:
        """Judges this workspace's years, and composes the mails of what is then recorded.

        None are composed while contacts.csv is not to be read.
        """
        from monitor.alerts import preparing, unchanged

        stationery = self._stationery()
        try:
            contacts = self.contacts()
        except ConfigError:  # the next notify says what is wrong with it
            basis = unchanged.basis(stationery, "no contacts")
            return replace(self.checker(import_id), basis=basis)
        return replace(
            self.checker(import_id),
            prepare=lambda connection: preparing.prepare(
                connection, contacts, now=self.now(), stationery=stationery
            ),
            basis=unchanged.basis(stationery, contacts),
        )

    def _stationery(self) -> Stationery:
        from monitor.alerts.letters import Stationery

        mail = self.settings.mail
        sender = mail.sender if mail else "monitor@localhost"
        name = (mail.sender_name if mail else "") or self.settings.office or "预算执行监控"
        return Stationery(sender, name, self.settings.alerts)
