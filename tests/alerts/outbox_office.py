"""An outbox without a county: mails made by hand, a post that behaves as told, a clock to set."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from email import policy
from email.message import EmailMessage
from threading import Lock
from typing import Any

from sqlalchemy import Engine, insert

from monitor.alerts.sending import Deliveries, Desk, send_due
from monitor.alerts.smtp import Outgoing, Send
from monitor.domain.draft import Draft, Tell
from monitor.domain.progress import Grade
from monitor.domain.warning import MailKind, Purpose
from monitor.store import outbox
from monitor.store.alert_tables import warnings
from monitor.store.engine import reading, writing
from monitor.store.leases import Mail

AT = datetime(2025, 7, 8, 2, tzinfo=UTC)
"""A Tuesday, ten in the morning in China."""


@dataclass
class Clock:
    now: datetime = AT

    def __call__(self) -> datetime:
        return self.now

    def later(self, **by: int) -> None:
        self.now += timedelta(**by)


@dataclass
class Postbag:
    """Takes every mail, unless it was told how to treat a recipient's."""

    refusals: dict[str, BaseException] = field(default_factory=dict)
    mails: list[Outgoing] = field(default_factory=list)
    opened: int = 0
    _lock: Lock = field(default_factory=Lock)

    @contextmanager
    def __call__(self) -> Iterator[Send]:
        self.opened += 1
        yield self._take

    def _take(self, mail: Outgoing) -> str:
        if mail.recipient in self.refusals:
            raise self.refusals[mail.recipient]
        with self._lock:
            self.mails.append(mail)
        return "250 OK"

    @property
    def recipients(self) -> list[str]:
        return [mail.recipient for mail in self.mails]


def render(mail: Mail) -> EmailMessage:
    message = EmailMessage(policy=policy.SMTP)
    message["Subject"], message["To"] = mail.subject, mail.recipient
    message["Message-ID"] = mail.message_id
    message.set_content(f"第 {mail.attempts} 次时写成：{mail.facts}\n")
    return message


def raise_warning(engine: Engine, project: str) -> int:
    """A red warning of a project, not told yet; its id."""
    with writing(engine) as connection:
        number: int = connection.scalars(
            insert(warnings)
            .returning(warnings.c.id)
            .values(
                rule="W01", year=2025, subject=project, period="06", unit_code="430001",
                severity=Grade.RED, state="raised", as_of=date(2025, 6, 30), figures={},
                doubts=[], details=[], quiet=False, for_office=False, raised_at=AT,
            )
        ).one()  # fmt: skip
        return number


def put(engine: Engine, *names: str, **other: Any) -> None:
    """A mail to each name that tells a warning of its own; released unless told otherwise."""
    for name in names:
        tells = (Tell(raise_warning(engine, name), Grade.RED, Purpose.TELL),)
        values: dict[str, Any] = {
            "kind": MailKind.DIGEST, "name": name, "year": 2025, "unit_code": "430001",
            "subject": f"给{name}", "facts": {"to": name}, "tells": tells, "release_at": AT,
            **other,
        }  # fmt: skip
        draft = Draft(email=f"{name}@x.cn", run=f"run-{name}", **values)
        with writing(engine) as connection:
            outbox.prepare(connection, draft, domain="x.cn", at=AT)


def rows(engine: Engine) -> list[dict[str, Any]]:
    with reading(engine) as connection:
        return outbox.rows(connection)


def states(engine: Engine) -> dict[str, str]:
    return {row["to"].split("@")[0]: row["state"] for row in rows(engine)}


def send(engine: Engine, bag: Postbag, clock: Callable[[], datetime], **other: Any) -> Deliveries:
    desk = other.pop("desk", Desk(render))
    return send_due(engine, bag, desk, now=clock, actor="测试", **other)
