"""A service's heartbeat: written every half minute while it lives, and when it stops."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from threading import Event, Thread
from types import TracebackType
from typing import Self

from sqlalchemy import Engine

from monitor.domain.calendar import Now
from monitor.store import heartbeats
from monitor.store.engine import writing

EVERY = 30.0
"""Seconds."""
_LAST_WORD = 0.7
"""Seconds for writing that the service stops; a database that is busy for longer is left."""

_log = logging.getLogger(__name__)


class Pulse:
    """While it is entered, the database shows the service as alive.

    It beats in a thread of its own: a long import does not make the service look dead. A
    `fleeting` one, of a call that does its work once, leaves no trace.
    """

    def __init__(
        self,
        engine: Engine,
        service: str,
        *,
        now: Now,
        next_runs: Callable[[datetime], Mapping[str, str]] = lambda _at: {},
        fleeting: bool = False,
    ) -> None:
        self._engine, self._service, self._now = engine, service, now
        self._next_runs, self._fleeting = next_runs, fleeting
        self._over = Event()
        self._thread = Thread(target=self._beat_on, name="monitor-pulse", daemon=True)

    def __enter__(self) -> Self:
        with writing(self._engine) as connection:
            heartbeats.start(connection, self._service, at=self._now())
        self._beat()
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        last = Thread(target=self._stop, name="monitor-last-word", daemon=True)
        last.start()
        last.join(_LAST_WORD)

    def _beat_on(self) -> None:
        while not self._over.wait(EVERY):
            try:
                self._beat()
            except Exception as error:  # the next one may get through
                _log.warning("心跳没有写入：%s", error)

    def _beat(self) -> None:
        at = self._now()
        with writing(self._engine) as connection:
            if not self._over.is_set():
                upcoming = self._next_runs(at)
                heartbeats.beat(connection, self._service, at=at, next_runs=upcoming)

    def _stop(self) -> None:
        with writing(self._engine) as connection:
            if self._fleeting:
                heartbeats.forget(connection, self._service)
            else:
                heartbeats.stop(connection, self._service, at=self._now())
