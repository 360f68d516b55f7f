"""The service: a clock that wakes a worker, and a worker that asks each job what is due.

APScheduler only tells the time; it keeps no jobs of its own. What is due follows from the
timetable, the facts and the recorded runs, so that a run missed while the service was down is
made up on start, and two services on one database do each run once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Event, Thread

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from sqlalchemy import Engine

from monitor.alerts.pulse import Pulse
from monitor.alerts.timetable import WEEKDAYS, Slot
from monitor.domain.calendar import CHINA, Now, china_time
from monitor.errors import MonitorError
from monitor.store import jobs
from monitor.store.engine import reading, writing

STOP_WITHIN = 4.0
"""Seconds that a stopping service waits for the work under way; a silent server takes longer."""

_log = logging.getLogger(__name__)


class BrokenOff(Exception):
    """A job noticed that the service is to stop, and left its work as if not begun."""


@dataclass(frozen=True, slots=True)
class Job:
    """What the service does of itself.

    `due` gives the period of the run that is due at a time, None where nothing is. `work` does
    that run and says in words what came of it: nothing, where there was nothing to do.
    `in_order`: a period before one that is done is not done any more.
    """

    name: str
    label: str
    trigger: CronTrigger
    due: Callable[[datetime], str | None]
    work: Callable[[str], str]
    in_order: bool = False


def every_minute() -> CronTrigger:
    return CronTrigger(second=0, timezone=CHINA)


def trigger_of(slot: Slot) -> CronTrigger:
    """A slot as APScheduler has it, whatever the machine's time zone."""
    day = None if slot.weekday is None else WEEKDAYS[slot.weekday]
    hour, minute = slot.at.hour, slot.at.minute
    return CronTrigger(day_of_week=day, hour=hour, minute=minute, timezone=CHINA)


def work_off(
    engine: Engine,
    todo: Sequence[Job],
    *,
    now: Now,
    service: str = "",
    stopping: Callable[[], bool] = lambda: False,
) -> None:
    """Does all that is due, one job after the other.

    What one of them fails for is recorded and logged, and holds up none of the others.
    """
    for job in todo:
        if stopping():
            return
        try:
            _do_if_due(engine, job, now, service)
        except Exception as error:
            _report(f"{job.label}未完成", error, job=job.name)


def _do_if_due(engine: Engine, job: Job, now: Now, service: str) -> None:
    began = now()
    period = job.due(began)
    if period is None:
        return
    with reading(engine) as connection:
        if not jobs.is_open(connection, job.name, period, at=began, in_order=job.in_order):
            return
    with writing(engine) as connection:
        mine = jobs.begin(
            connection, job.name, period, at=began, service=service, in_order=job.in_order
        )
    if mine:
        _do(engine, job, period, began, now)


def _do(engine: Engine, job: Job, period: str, began: datetime, now: Now) -> None:
    shown = f" {period}" if job.in_order else ""  # a day; others mean nothing to people
    try:
        outcome = job.work(period)
    except BrokenOff:
        with writing(engine) as connection:
            jobs.leave(connection, job.name, period, began=began, outcome="服务停止，未做完")
        return
    except Exception as error:
        with writing(engine) as connection:
            jobs.fail(connection, job.name, period, began=began, outcome=str(error) or repr(error))
        _report(f"{job.label}{shown} 未完成", error, job=job.name, period=period)
        return
    with writing(engine) as connection:
        jobs.finish(connection, job.name, period, began=began, at=now(), outcome=outcome)
    if outcome:
        about = {"job": job.name, "period": period}
        _log.info("%s%s 完成：%s", job.label, shown, outcome, extra=about)


def _report(what: str, error: Exception, **about: str) -> None:
    """A refusal says enough by itself; anything else is a bug and leaves its trace."""
    is_bug = not isinstance(error, MonitorError)
    _log.error("%s：%s", what, error, exc_info=error if is_bug else None, extra=about)


def next_runs(todo: Sequence[Job], at: datetime) -> Mapping[str, str]:
    """When each job comes next, as all rows give a time."""
    coming = ((job.name, job.trigger.get_next_fire_time(None, at)) for job in todo)
    return {name: china_time(moment) for name, moment in coming if moment is not None}


def serve(engine: Engine, todo: Sequence[Job], stop: Event, *, now: Now, service: str) -> None:
    """Catches up at once, then follows the clock, until `stop` is set by the caller.

    Returns within five seconds of that. A mail under way is waited for; where its server is
    silent for longer, its lease runs out and the next service takes it up.
    """
    wake = Event()
    wake.set()

    def work() -> None:
        while wake.wait() and not stop.is_set():
            wake.clear()
            work_off(engine, todo, now=now, service=service, stopping=stop.is_set)

    clock = BackgroundScheduler(
        timezone=CHINA,
        job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
    )
    clock.add_job(wake.set, every_minute(), id="tick")  # what failed is tried again
    for job in todo:
        clock.add_job(wake.set, job.trigger, id=job.name)
    worker = Thread(target=work, name="monitor-worker", daemon=True)
    with Pulse(engine, service, now=now, next_runs=lambda at: next_runs(todo, at)):
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
