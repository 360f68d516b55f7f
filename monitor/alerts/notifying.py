"""Telling by hand: what is untold is prepared, and everything that is not held leaves at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine

from monitor.alerts.sending import Deliveries, Delivery, Desk, send_due
from monitor.alerts.smtp import Send
from monitor.domain.calendar import Now
from monitor.domain.warning import MailState, State
from monitor.errors import Diagnostic
from monitor.store import alerts, outbox
from monitor.store.engine import reading, writing

Prepare = Callable[[Connection, datetime], tuple[int, Sequence[Diagnostic]]]
"""Writes the mails about what is untold; how many, and what could not be told to anybody."""

_STUCK = (MailState.HELD, MailState.SENDING, MailState.FAILED)


@dataclass(frozen=True, slots=True)
class NotifyOutcome:
    """What one run did. `queued` mails are new; `waiting` ones are tried again by the next run,
    `failed` ones were refused for good. `undelivered` counts the untold warnings that no run
    will tell by itself: their mails are held, were refused, or are in another sender's hands."""

    queued: int
    sent: tuple[Delivery, ...]
    waiting: tuple[Delivery, ...]
    failed: tuple[Delivery, ...]
    cancelled: tuple[Delivery, ...]
    undelivered: int
    diagnostics: tuple[Diagnostic, ...]


def notify(
    engine: Engine,
    post: Callable[[], AbstractContextManager[Send]],
    desk: Desk,
    prepare: Prepare,
    *,
    now: Now,
    actor: str,
    stopping: Callable[[], bool] = lambda: False,
) -> NotifyOutcome:
    """Prepares mails for everybody with something untold, then sends all that are not held."""
    with writing(engine) as connection:
        queued, diagnostics = prepare(connection, now())
    done = send_due(engine, post, desk, now=now, actor=actor, by_hand=True, stopping=stopping)
    with reading(engine) as connection:
        undelivered = _undelivered(connection)
    return _outcome(queued, done, undelivered, diagnostics)


def _outcome(
    queued: int, done: Deliveries, undelivered: int, diagnostics: Sequence[Diagnostic]
) -> NotifyOutcome:
    return NotifyOutcome(
        queued,
        tuple(done.sent),
        tuple(done.waiting),
        tuple(done.failed),
        tuple(done.cancelled),
        undelivered,
        tuple(diagnostics),
    )


def _undelivered(connection: Connection) -> int:
    stuck = {each.warning_id for each in outbox.tellings(connection) if each.state in _STUCK}
    return sum(each.id in stuck for each in alerts.load(connection, state=State.RAISED))
