"""Runs of the service's jobs: one (job, period) is done once, whoever comes first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, insert, select, update

from monitor.store.alert_tables import heartbeats, job_runs
from monitor.store.heartbeats import GONE_AFTER, Heartbeat

STEADY = "latest"
"""The period of a job that is done again and again: the row then holds its latest run."""
_UNOWNED_AFTER = timedelta(minutes=60)
"""A run that belongs to no service is given up so long after it began."""
_MOST_WAIT = 30  # minutes between the tries of a run that keeps failing


@dataclass(frozen=True, slots=True)
class Run:
    """A run of a job, as recorded; `failures` one after the other, up to now."""

    job: str
    period: str
    started_at: datetime
    finished_at: datetime | None
    outcome: str
    failures: int


def is_open(
    connection: Connection, job: str, period: str, *, at: datetime, in_order: bool = False
) -> bool:
    """Whether somebody may begin the run now.

    Not where it is done, or under way in a service that is alive; a STEADY one only the latter.
    After failures not before a wait that grows. `in_order`: not where a later period is done
    either, so that a clock that is set back begins nothing.
    """
    row = connection.execute(select(job_runs).where(*_of(job, period))).one_or_none()
    if row is not None and not _may_again(connection, row, at):
        return False
    if not in_order:
        return True
    later = select(job_runs.c.period).where(
        job_runs.c.job == job, job_runs.c.period > period, job_runs.c.finished_at.is_not(None)
    )
    return connection.execute(later.limit(1)).first() is None


def _may_again(connection: Connection, row: Row[Any], at: datetime) -> bool:
    if row.finished_at is not None:
        return bool(row.period == STEADY)
    if row.outcome:
        again_at_once = row.period == STEADY or not row.failures
        wait = 0 if again_at_once else min(2 ** (row.failures - 1) - 1, _MOST_WAIT)
        return bool(abs(at - row.started_at) >= timedelta(minutes=wait))
    return _is_gone(connection, row.service, row.started_at, at)


def _is_gone(connection: Connection, service: str, began: datetime, at: datetime) -> bool:
    """Whether who began a run will not end it."""
    query = select(heartbeats).where(heartbeats.c.service == service)
    found = connection.execute(query).one_or_none()
    if service and found is not None:
        return not Heartbeat(*found).is_alive(at)
    return abs(at - began) > (GONE_AFTER if service else _UNOWNED_AFTER)


def begin(
    connection: Connection,
    job: str,
    period: str,
    *,
    at: datetime,
    service: str = "",
    in_order: bool = False,
) -> bool:
    """Whether the run is now the caller's, see `is_open`. Call it in a writing transaction."""
    if not is_open(connection, job, period, at=at, in_order=in_order):
        return False
    values = {"started_at": at, "finished_at": None, "outcome": "", "service": service}
    seen = connection.execute(select(job_runs).where(*_of(job, period))).one_or_none()
    if seen is None:
        connection.execute(insert(job_runs).values(job=job, period=period, failures=0, **values))
        return True
    taken = connection.execute(
        update(job_runs)
        .where(*_of(job, period), job_runs.c.started_at == seen.started_at)
        .values(values)
    )
    return taken.rowcount == 1


def finish(
    connection: Connection, job: str, period: str, *, began: datetime, at: datetime, outcome: str
) -> None:
    """Records that the run begun at `began` is done; nothing, where it was taken over since."""
    connection.execute(
        update(job_runs)
        .where(*_begun(job, period, began))
        .values(finished_at=at, outcome=outcome, failures=0)
    )


def fail(connection: Connection, job: str, period: str, *, began: datetime, outcome: str) -> None:
    """Records why the run ended without being done; another try may follow."""
    connection.execute(
        update(job_runs)
        .where(*_begun(job, period, began))
        .values(outcome=outcome, failures=job_runs.c.failures + 1)
    )


def leave(connection: Connection, job: str, period: str, *, began: datetime, outcome: str) -> None:
    """Records that the run was broken off on purpose; whoever comes next may begin it."""
    connection.execute(update(job_runs).where(*_begun(job, period, began)).values(outcome=outcome))


def _of(job: str, period: str) -> tuple[ColumnElement[bool], ...]:
    return job_runs.c.job == job, job_runs.c.period == period


def _begun(job: str, period: str, began: datetime) -> tuple[ColumnElement[bool], ...]:
    mine = job_runs.c.started_at == began
    return (*_of(job, period), mine, job_runs.c.finished_at.is_(None))


def finished(connection: Connection) -> set[tuple[str, str]]:
    """The (job, period) of every run that is done."""
    query = select(job_runs.c.job, job_runs.c.period).where(job_runs.c.finished_at.is_not(None))
    return {(row.job, row.period) for row in connection.execute(query)}


def first_start(connection: Connection) -> datetime | None:
    """When any job was begun for the first time."""
    began = connection.execute(
        select(job_runs.c.started_at).order_by(job_runs.c.started_at).limit(1)
    )
    return began.scalar_one_or_none()


def latest(connection: Connection) -> dict[str, Run]:
    """Of each job the run that was begun last."""
    last = select(job_runs.c.job, func.max(job_runs.c.started_at).label("at")).group_by(
        job_runs.c.job
    )
    newest = last.subquery()
    query = select(job_runs).join(
        newest, (newest.c.job == job_runs.c.job) & (newest.c.at == job_runs.c.started_at)
    )
    runs = connection.execute(query.order_by(job_runs.c.period))
    return {row.job: _run(row) for row in runs}


def _run(row: Row[Any]) -> Run:
    return Run(row.job, row.period, row.started_at, row.finished_at, row.outcome, row.failures)
