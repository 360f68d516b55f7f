"""Heartbeats: which services are alive, which were stopped, and which have died."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from monitor.store.alert_tables import heartbeats

GONE_AFTER = timedelta(minutes=3)
"""A service that has not been heard of for so long is dead."""
_KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """A service: since when, when last heard of, when it stopped, and what it does next.

    `next_runs` are points in time as `china_time` writes them, by job.
    """

    service: str
    started_at: datetime
    beat_at: datetime
    stopped_at: datetime | None
    next_runs: Mapping[str, str]

    def is_alive(self, at: datetime) -> bool:
        """Heard of just now. A beat of a clock that was ahead since does not count."""
        return self.stopped_at is None and abs(at - self.beat_at) < GONE_AFTER

    def has_died(self, at: datetime) -> bool:
        return self.stopped_at is None and not self.is_alive(at)


def start(connection: Connection, service: str, *, at: datetime) -> None:
    """A service begins. Those that died before it count as stopped when last heard of."""
    for each in load(connection):
        if each.has_died(at):
            connection.execute(
                update(heartbeats)
                .where(heartbeats.c.service == each.service, heartbeats.c.stopped_at.is_(None))
                .values(stopped_at=each.beat_at)
            )
    connection.execute(
        delete(heartbeats).where(
            heartbeats.c.stopped_at.is_not(None), heartbeats.c.beat_at < at - _KEPT
        )
    )
    values = {"service": service, "started_at": at, "beat_at": at, "next_runs": {}}
    connection.execute(insert(heartbeats).values(values))


def beat(
    connection: Connection, service: str, *, at: datetime, next_runs: Mapping[str, str]
) -> None:
    """The service is alive, even where another took it for dead."""
    connection.execute(
        update(heartbeats)
        .where(heartbeats.c.service == service)
        .values(beat_at=at, stopped_at=None, next_runs=dict(next_runs))
    )


def stop(connection: Connection, service: str, *, at: datetime) -> None:
    """The service ended of itself."""
    connection.execute(
        update(heartbeats)
        .where(heartbeats.c.service == service)
        .values(beat_at=at, stopped_at=at, next_runs={})
    )


def forget(connection: Connection, service: str) -> None:
    """Of a service that does its work once and is no service then."""
    connection.execute(delete(heartbeats).where(heartbeats.c.service == service))


def load(connection: Connection) -> list[Heartbeat]:
    """All services on record, the one heard of last first."""
    query = select(heartbeats).order_by(heartbeats.c.beat_at.desc(), heartbeats.c.service)
    return [
        Heartbeat(row.service, row.started_at, row.beat_at, row.stopped_at, row.next_runs)
        for row in connection.execute(query)
    ]
