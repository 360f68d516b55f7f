"""The service: a clock that wakes a worker, and a worker that asks the database what is due.

APScheduler only tells the time; it keeps no jobs of its own. What is due follows from the
plans and from the recorded runs, so that a checkpoint missed while the service was down is made
up on start, and two services on one database do each check once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from threading import Event, Thread

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import Engine

from monitor.domain.calendar import CHINA, Now, month_end
from monitor.errors import MonitorError
from monitor.store import jobs
from monitor.store.engine import reading, writing

CHECK = "check"
RUN_GONE_AFTER = timedelta(minutes=60)
"""A run begun longer ago than this, and not finished, was left by a service that died."""
STOP_WITHIN = 4.0
"""Seconds that a stopping service waits for a mail under way; a silent server can take longer."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Duties:
    """What the service does: `check` judges a year at a date and says in words what came of
    it, `notify` tells what is untold. `plan_months` gives the checkpoints by year."""

    plan_months: Callable[[], Mapping[int, Collection[int]]]
    check: Callable[[int, date], str]
    notify: Callable[[], None]


def due_checks(
    months_by_year: Mapping[int, Iterable[int]],
    *,
    today: date,
    done: Collection[tuple[int, int]],
    days_after: int,
) -> list[tuple[int, int]]:
    """The (year, month) of the checkpoints that are to be judged now, oldest first.

    Of each year the latest whose last day is `days_after` days past, unless it is done: a
    later checkpoint supersedes the ones missed before it. Last year's December comes due in
    January; years before that are history.
    """
    due = []
    for year, months in sorted(months_by_year.items()):
        ripe = [m for m in months if month_end(year, m) + timedelta(days_after) <= today]
        if ripe and year >= today.year - 1 and (year, max(ripe)) not in done:
            due.append((year, max(ripe)))
    return due


def catch_up(
    engine: Engine,
    duties: Duties,
    *,
    now: Now,
    days_after: int,
    stopping: Callable[[], bool] = lambda: False,
) -> None:
    """Does all that is due: the checks, each as of its checkpoint's last day, then the mails.

    Errors of one check are recorded and logged, and hold up neither the others nor the mails.
    """
    with reading(engine) as connection:
        done = {_checkpoint(period) for job, period in jobs.finished(connection) if job == CHECK}
    today = now().astimezone(CHINA).date()
    for year, month in due_checks(
        duties.plan_months(), today=today, done=done, days_after=days_after
    ):
        if stopping():
            return
        _check_once(engine, duties, year, month, now)
    if not stopping():
        duties.notify()


def _checkpoint(period: str) -> tuple[int, int]:
    year, month = period.split("-")
    return int(year), int(month)


def _check_once(engine: Engine, duties: Duties, year: int, month: int, now: Now) -> None:
    period, began = f"{year}-{month:02d}", now()
    with writing(engine) as connection:
        mine = jobs.begin(connection, CHECK, period, at=began, stale_after=RUN_GONE_AFTER)
    if not mine:
        return
    try:
        outcome = duties.check(year, month_end(year, month))
    except Exception as error:
        with writing(engine) as connection:
            jobs.fail(connection, CHECK, period, began=began, outcome=str(error) or repr(error))
        _report(f"{period} 核查未完成", error)
        return
    with writing(engine) as connection:
        jobs.finish(connection, CHECK, period, began=began, at=now(), outcome=outcome)
    _log.info("%s 核查完成：%s", period, outcome)


def _report(what: str, error: Exception) -> None:
    """A refusal says enough by itself; anything else is a bug and leaves its trace."""
    _log.error("%s：%s", what, error, exc_info=not isinstance(error, MonitorError))


def daily(check_time: time) -> CronTrigger:
    """Every day at that time in China, whatever the machine's time zone."""
    return CronTrigger(hour=check_time.hour, minute=check_time.minute, timezone=CHINA)


def serve(
    engine: Engine,
    duties: Duties,
    stop: Event,
    *,
    now: Now,
    check_time: time,
    days_after: int,
) -> None:
    """Catches up at once, then daily at `check_time`, until `stop` is set by the caller.

    Returns within five seconds of that. A mail under way is waited for; where its server is
    silent for longer, the mail stays claimed, and a later run reports it as of unknown outcome.
    """
    wake = Event()
    wake.set()

    def work() -> None:
        while wake.wait() and not stop.is_set():
            wake.clear()
            try:
                catch_up(engine, duties, now=now, days_after=days_after, stopping=stop.is_set)
            except Exception as error:  # the service outlives a bad day
                _report("本次未完成", error)

    clock = BackgroundScheduler(
        timezone=CHINA,
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )
    clock.add_job(wake.set, daily(check_time), id="daily")
    worker = Thread(target=work, name="monitor-worker", daemon=True)
    clock.start()
    worker.start()
    try:
        stop.wait()
    finally:
        stop.set()
        wake.set()
        clock.pause()
        clock.shutdown()
        worker.join(STOP_WITHIN)
