"""Runs of the service's jobs: one (job, period) is done once, whoever comes first."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, insert, select, update

from monitor.store.tables import job_runs


def begin(
    connection: Connection, job: str, period: str, *, at: datetime, stale_after: timedelta
) -> bool:
    """Whether the run is now the caller's: nobody began it, or who did failed or is gone.

    Call it in a writing transaction. A run is gone when it has not finished `stale_after` its
    start.
    """
    mine = (job_runs.c.job == job, job_runs.c.period == period)
    row = connection.execute(select(job_runs).where(*mine)).one_or_none()
    if row is None:
        values = {"job": job, "period": period, "started_at": at, "outcome": ""}
        connection.execute(insert(job_runs).values(values))
        return True
    if row.finished_at is not None or (not row.outcome and row.started_at > at - stale_after):
        return False
    taken = connection.execute(
        update(job_runs)
        .where(*mine, job_runs.c.finished_at.is_(None), job_runs.c.started_at == row.started_at)
        .values(started_at=at, outcome="")
    )
    return taken.rowcount == 1


def finish(
    connection: Connection, job: str, period: str, *, began: datetime, at: datetime, outcome: str
) -> None:
    """Records that the run begun at `began` is done; nothing, where it was taken over since."""
    connection.execute(
        update(job_runs).where(*_run(job, period, began)).values(finished_at=at, outcome=outcome)
    )


def fail(connection: Connection, job: str, period: str, *, began: datetime, outcome: str) -> None:
    """Records why the run ended without being done; the next one may begin it at once."""
    connection.execute(update(job_runs).where(*_run(job, period, began)).values(outcome=outcome))


def _run(job: str, period: str, began: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        job_runs.c.job == job,
        job_runs.c.period == period,
        job_runs.c.started_at == began,
        job_runs.c.finished_at.is_(None),
    )


def finished(connection: Connection) -> set[tuple[str, str]]:
    """The (job, period) of every run that is done."""
    query = select(job_runs.c.job, job_runs.c.period).where(job_runs.c.finished_at.is_not(None))
    return {(row.job, row.period) for row in connection.execute(query)}
