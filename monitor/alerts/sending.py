"""Sending what is due in the outbox: lease a mail, render it once, hand it over, record it.

A mail is recorded as sent only after the server took it, so none is lost; a second copy can
leave only where the program dies, or the server falls silent, between the two. It is then the
same bytes under the same Message-ID.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import policy
from email.message import EmailMessage
from uuid import uuid4
from zlib import crc32

from sqlalchemy import Connection, Engine

from monitor.alerts.smtp import Outgoing, Send, SendError
from monitor.domain.calendar import Now
from monitor.domain.warning import MailState
from monitor.store import alerts, leases
from monitor.store.engine import writing
from monitor.store.leases import Mail

LEASE = timedelta(minutes=15)
"""Longer than any hand-over may take, or a slow sender's mail would be sent by a second one."""
_WAITS = (1, 5, 15, 60, 240)  # minutes before the next try, by the number of tries; then the last
_SERVERS_WAITS = 15  # minutes at most where the server, not the mail, is at fault
_TRIES = 30  # a mail put off this often is parked, and the office is told
_TROUBLES = 3  # one after the other from the server itself: the rest is left to the next run

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Desk:
    """What a sender needs besides the mails themselves.

    `render` makes a mail from its facts, at its first lease. `still_true` says whether it is
    still to be sent then. `tell_of` writes to the office that a mail was refused for good, in
    the transaction that records it. `is_open` tells the hours in which mails go out.
    """

    render: Callable[[Mail], EmailMessage]
    still_true: Callable[[Connection, Mail], bool] = lambda _connection, _mail: True
    tell_of: Callable[[Connection, Mail, str, datetime], None] = lambda *_: None
    is_open: Callable[[datetime], bool] = lambda _at: True
    lease: timedelta = LEASE


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one mail; `words` are the server's."""

    mail_id: int
    recipient: str
    subject: str
    words: str = ""


@dataclass(slots=True)
class Deliveries:
    """What one run did. `waiting` mails are tried again, `failed` ones were refused for good,
    `cancelled` ones had nothing left to tell."""

    sent: list[Delivery] = field(default_factory=list)
    waiting: list[Delivery] = field(default_factory=list)
    failed: list[Delivery] = field(default_factory=list)
    cancelled: list[Delivery] = field(default_factory=list)

    def add(self, mail: Mail, state: MailState, words: str) -> None:
        lists = {
            MailState.SENT: self.sent,
            MailState.WAITING: self.waiting,
            MailState.FAILED: self.failed,
            MailState.CANCELLED: self.cancelled,
        }
        lists[state].append(Delivery(mail.id, mail.recipient, mail.subject, words))


def send_due(
    engine: Engine,
    post: Callable[[], AbstractContextManager[Send]],
    desk: Desk,
    *,
    now: Now,
    actor: str,
    by_hand: bool = False,
    stopping: Callable[[], bool] = lambda: False,
) -> Deliveries:
    """Sends the mails whose time has come, oldest first, over one connection.

    `by_hand`: all that are not held, each tried once, at any hour. Any number of senders may
    run at once. Between two mails `stopping` is asked whether to leave the rest to the next run.
    """
    sender = _Sender(engine, desk, now, actor)
    after = 0 if by_hand else None
    with post() as send:
        while not stopping() and sender.is_useful and (by_hand or desk.is_open(now())):
            mail = sender.take(after)
            if mail is None:
                break
            after = mail.id if by_hand else None
            sender.deliver(mail, send)
    return sender.done


def wait(attempts: int, message_id: str, *, of_server: bool) -> timedelta:
    """How long a mail waits after so many tries: growing, and spread by a fifth either way.

    The spread follows from the mail, so that mails put off together do not come back together.
    """
    minutes = _WAITS[min(attempts, len(_WAITS)) - 1]
    if of_server:
        minutes = min(minutes, _SERVERS_WAITS)
    percent = 80 + crc32(f"{attempts} {message_id}".encode()) % 41
    return timedelta(seconds=minutes * 60 * percent // 100)


class _Sender:
    """One run of one sender, under a lease word of its own."""

    def __init__(self, engine: Engine, desk: Desk, now: Now, actor: str) -> None:
        self._engine, self._desk, self._now, self._actor = engine, desk, now, actor
        self._word = uuid4().hex
        self._troubles = 0
        self._leased_at = now()
        self.done = Deliveries()

    @property
    def is_useful(self) -> bool:
        return self._troubles < _TROUBLES

    def take(self, after: int | None) -> Mail | None:
        """The next mail to be sent, leased; one with nothing left to tell is cancelled instead."""
        while True:
            with writing(self._engine) as connection:
                at = self._now()
                mail = leases.lease(
                    connection,
                    at=at,
                    word=self._word,
                    gone_before=at - self._desk.lease,
                    after=after,
                )
                if mail is None or mail.content is not None:
                    return self._leased(mail, at)
                if self._desk.still_true(connection, mail):
                    return self._leased(mail, at)
                leases.settle(connection, mail, MailState.CANCELLED, at=at)
            self.done.add(mail, MailState.CANCELLED, "")
            after = mail.id if after is not None else None

    def _leased(self, mail: Mail | None, at: datetime) -> Mail | None:
        self._leased_at = at
        return mail

    def deliver(self, mail: Mail, send: Send) -> None:
        rendered = self._rendered(mail)
        if rendered is None:
            return
        if self._now() - self._leased_at > self._desk.lease / 2:  # a machine that slept meanwhile
            self._settle(mail, MailState.WAITING, "", self._now())
            return
        try:
            words = send(Outgoing(mail.recipient, mail.message_id, mail.subject, rendered))
        except SendError as error:
            self._troubles = self._troubles + 1 if error.of_server else 0
            self._put_off(mail, error)
        else:
            self._troubles = 0
            self._settle(mail, MailState.SENT, words)

    def _rendered(self, mail: Mail) -> bytes | None:
        """The mail's bytes, stored before they leave; None where it could not be made."""
        if mail.content is not None:
            return mail.content
        try:
            content = self._desk.render(mail).as_bytes(policy=policy.SMTP)
        except Exception as error:
            _log.exception("邮件 %d 无法生成", mail.id)
            self._settle(
                mail, MailState.FAILED, f"邮件无法生成：{str(error) or type(error).__name__}"
            )
            return None
        with writing(self._engine) as connection:
            mine = leases.keep(connection, mail, content)
        return content if mine else None

    def _put_off(self, mail: Mail, error: SendError) -> None:
        if not error.temporary:
            self._settle(mail, MailState.FAILED, error.words)
        elif mail.attempts >= _TRIES and not error.of_server:
            words = f"重试 {mail.attempts} 次仍未成功：{error.words}"
            self._settle(mail, MailState.FAILED, words)
        else:
            pause = wait(mail.attempts, mail.message_id, of_server=error.of_server)
            self._settle(mail, MailState.WAITING, error.words, self._now() + pause)

    def _settle(
        self, mail: Mail, state: MailState, words: str, due_at: datetime | None = None
    ) -> None:
        at = self._now()
        with writing(self._engine) as connection:
            error = "" if state is MailState.SENT else words
            settled = leases.settle(connection, mail, state, at=at, error=error, due_at=due_at)
            if settled and state is MailState.SENT:
                alerts.record_sent(connection, mail.id, at=at, actor=self._actor)
            if settled and state is MailState.FAILED:
                self._desk.tell_of(connection, mail, words, at)
        self.done.add(mail, state, words)
