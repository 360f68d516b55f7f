"""A finance office through a year: a workspace, a mail server, and a clock that goes by steps."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from freezegun import freeze_time
from freezegun.api import (
    FrozenDateTimeFactory,
    StepTickTimeFactory,
    TickingDateTimeFactory,
)

from monitor.alerts import scheduler
from monitor.bootstrap import App, make_workspace, open_workspace
from monitor.domain.calendar import CHINA
from monitor.inbox import Inbox
from monitor.service import jobs_of

OFFICE = "office@czj.example"
LI, ZHAO = "li@shuban.example", "zhao@shuban.example"
ZHANG, QIAN = "zhang@jiguan.example", "qian@jiguan.example"
_CONTACTS = f"""unit_code,name,email,role,valid_from,valid_to
623001,李会计,{LI},lead,,
623001,赵主任,{ZHAO},superior,,
430001,张会计,{ZHANG},lead,,
430001,钱局长,{QIAN},superior,,
,预算绩效科,{OFFICE},office,,
"""
Clock = FrozenDateTimeFactory | StepTickTimeFactory | TickingDateTimeFactory


@dataclass(frozen=True, slots=True)
class Arrived:
    """A mail as the server took it."""

    at: datetime
    to: str
    subject: str
    text: str
    message_id: str


# The handler's method has the name and the arguments that aiosmtpd calls it by.
# ruff: noqa: N802
@dataclass
class PostOffice:
    """The server's handler; `now` is the time of the story."""

    now: datetime
    got: list[Arrived] = field(default_factory=list)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        mail = message_from_bytes(envelope.content, policy=policy.SMTP)
        assert isinstance(mail, EmailMessage)
        body = mail.get_body(("plain",))
        assert body is not None
        [to] = envelope.rcpt_tos
        self.got.append(
            Arrived(self.now, to, mail["Subject"], body.get_content(), mail["Message-ID"])
        )
        return "250 OK"


@dataclass
class Office:
    """What happens in it: time passes, files come in, people do things."""

    app: App
    post: PostOffice
    clock: Clock
    inbox: Inbox = field(init=False)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """The service anew, as after an outage: it remembers nothing but what is recorded."""
        self.inbox = Inbox(self.app)

    def at(self, moment: datetime) -> None:
        self.clock.move_to(moment)
        self.post.now = moment

    def work(self, moment: datetime) -> None:
        """What the service does when its clock strikes."""
        self.at(moment)
        todo = jobs_of(self.app, self.inbox, lambda: False)
        scheduler.work_off(self.app.engine, todo, now=self.app.now, service="year")

    def drop(self, name: str, text: str) -> None:
        """A file comes into the inbox."""
        (self.app.settings.folder / "inbox" / name).write_text(text, encoding="utf-8-sig")


@contextmanager
def office(folder: Path, begins: date) -> Iterator[Office]:
    """A new workspace with its contacts, and a real server that takes every mail."""
    start = datetime.combine(begins, time(8), CHINA)
    post = PostOffice(start)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(post, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        with freeze_time(start, real_asyncio=True) as clock:
            _make(folder, port)
            app = open_workspace(folder, actor="预算绩效科")
            try:
                yield Office(app, post, clock)
            finally:
                app.engine.dispose()
    finally:
        controller.stop()


def _make(folder: Path, port: int) -> None:
    make_workspace(folder)
    (folder / "contacts.csv").write_text(_CONTACTS, encoding="utf-8")
    _set(folder / "monitor.toml", 'host = ""', 'host = "127.0.0.1"')
    _set(folder / "monitor.toml", "port = 587", f"port = {port}")
    _set(folder / "monitor.toml", 'security = "starttls"', 'security = "none"')
    _set(folder / "monitor.toml", 'sender = ""', 'sender = "monitor@czj.example"')
    _set(folder / "rules" / "calendar.toml", 'closing_day = "12-31"', 'closing_day = "12-24"')


def _set(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, (path, old)
    path.write_text(text.replace(old, new), encoding="utf-8")


def days(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(n) for n in range((last - first).days + 1))
