"""The service: what it does of itself, once or until it is stopped."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable, Iterable
from datetime import date, datetime
from hashlib import sha256
from threading import Event

from monitor.alerts import scheduler
from monitor.alerts.checking import CheckOutcome, unsettled_years
from monitor.alerts.pulse import Pulse
from monitor.alerts.scheduler import Job, every_minute, trigger_of
from monitor.alerts.timetable import JOBS, Slot
from monitor.bootstrap import App
from monitor.domain.calendar import CHINA
from monitor.inbox import QUIET, Inbox
from monitor.store import checks, jobs
from monitor.store.engine import reading

_HOST = 30  # characters of a host's name in a service's
_MARK = 24  # of what names the state of the record

_log = logging.getLogger(__name__)


def catch_up(app: App, wait: Callable[[float], object] = Event().wait) -> None:
    """Does once what the service would do now.

    Where something lies in the inbox it waits for ten seconds, to see whether it is whole.
    """
    inbox = Inbox(app)
    todo = jobs_of(app, inbox, lambda: False)
    service = _name(app.now())
    with Pulse(app.engine, service, now=app.now, fleeting=True):
        if "inbox" not in app.settings.alerts.jobs_off:
            inbox.look()
        if inbox.has_unsettled():
            wait(QUIET.total_seconds())
        scheduler.work_off(app.engine, todo, now=app.now, service=service)


def serve(app: App, stop: Event) -> None:
    """Runs the service until `stop` is set."""
    todo = jobs_of(app, Inbox(app, stop.is_set), stop.is_set)
    scheduler.serve(app.engine, todo, stop, now=app.now, service=_name(app.now()))


def _name(at: datetime) -> str:
    """This process among all that ever work on the database."""
    return f"{socket.gethostname()[:_HOST]}:{os.getpid()}:{at:%Y%m%d%H%M%S}"


def jobs_of(app: App, inbox: Inbox, stopping: Callable[[], bool]) -> list[Job]:
    """The jobs that are switched on, in the order in which they are done."""
    rules = app.settings.alerts
    daily, weekly = Slot(rules.check_time), Slot(rules.weekly_time, rules.weekly_day)
    work = _Work(app, stopping)
    found = [
        _steady("inbox", inbox.take_in),
        Job("after-import", JOBS["after-import"], every_minute(), work.version, work.check_due),
        _timed("checkpoints", daily, work.check_due),
        _timed("daily", daily, work.look),
        _timed("reminders", daily, work.remind),
        _timed("weekly", weekly, work.weekly, due=work.weekly_due),
        _steady("outbox", work.send),
    ]
    return [job for job in found if job.name not in rules.jobs_off]


def _steady(name: str, work: Callable[[], str]) -> Job:
    return Job(name, JOBS[name], every_minute(), lambda _now: jobs.STEADY, lambda _period: work())


def _timed(
    name: str,
    slot: Slot,
    work: Callable[[str], str],
    due: Callable[[datetime], str | None] | None = None,
) -> Job:
    """Once for each such time: of those missed, the last one, as of its day."""

    def latest(now: datetime) -> str:
        return slot.latest(now).date().isoformat()

    return Job(name, JOBS[name], trigger_of(slot), due or latest, work, in_order=True)


class _Work:
    """What the jobs do; a period is the day, as `2025-06-30`, for which a run is made."""

    def __init__(self, app: App, stopping: Callable[[], bool]) -> None:
        self._app, self._stopping = app, stopping

    def version(self, now: datetime) -> str:
        """Names what is on record of both years in question: a run each time that it changes."""
        this = now.astimezone(CHINA).year
        with reading(self._app.engine) as connection:
            marks = [checks.known(connection, year) for year in (this - 1, this)]
        return sha256("".join(marks).encode()).hexdigest()[:_MARK]

    def check_due(self, _period: str) -> str:
        return _words(self._app.check_due())

    def look(self, period: str) -> str:
        """All rules, as of the day for which the run is made."""
        day = date.fromisoformat(period)
        with reading(self._app.engine) as connection:
            years = unsettled_years(connection, day)
        return _words(self._app.check(as_of=day, year=year) for year in years)

    def remind(self, period: str) -> str:
        return self._app.remind(date.fromisoformat(period))

    def weekly(self, period: str) -> str:
        return self._app.weekly(date.fromisoformat(period))

    def weekly_due(self, now: datetime) -> str | None:
        """The last time for it, unless that was before the service ever ran."""
        rules = self._app.settings.alerts
        moment = Slot(rules.weekly_time, rules.weekly_day).latest(now)
        with reading(self._app.engine) as connection:
            first = jobs.first_start(connection)
        if first is None or moment < first:
            return None
        return moment.date().isoformat()

    def send(self) -> str:
        done = self._app.send_due(self._stopping)
        for each in (*done.failed, *done.waiting):
            about = {"job": "outbox", "mail": each.mail_id}
            _log.warning("邮件 %d 没有发出：%s", each.mail_id, each.words, extra=about)
        if not (done.sent or done.waiting or done.failed or done.cancelled):
            return ""
        return (
            f"发出 {len(done.sent)} 封，待重发 {len(done.waiting)} 封，"
            f"被拒收 {len(done.failed)} 封，已无须发出 {len(done.cancelled)} 封"
        )


def _words(outcomes: Iterable[CheckOutcome]) -> str:
    return "；".join(
        f"{each.year} 年截至 {each.as_of} 核查完成，符合预警条件 {each.findings} 个，"
        f"变化 {len(each.changes)} 项"
        + (f"，因清单未到暂不核查 {len(each.held_back)} 个单位" if each.held_back else "")
        for each in outcomes
    )
