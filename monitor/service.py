"""The service: what it does of itself, once or until it is stopped."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date
from threading import Event

from monitor.alerts import scheduler
from monitor.alerts.scheduler import Duties
from monitor.bootstrap import App

_log = logging.getLogger(__name__)


def catch_up(app: App) -> None:
    """Does once what the service would do now."""
    scheduler.catch_up(
        app.engine,
        _duties(app, lambda: False),
        now=app.now,
        days_after=app.settings.alerts.days_after_checkpoint,
    )


def serve(app: App, stop: Event) -> None:
    """Runs the service until `stop` is set."""
    scheduler.serve(
        app.engine,
        _duties(app, stop.is_set),
        stop,
        now=app.now,
        check_time=app.settings.alerts.check_time,
        days_after=app.settings.alerts.days_after_checkpoint,
    )


def _duties(app: App, stopping: Callable[[], bool]) -> Duties:
    def check(year: int, as_of: date) -> str:
        outcome = app.check(as_of=as_of, year=year)
        return f"符合预警条件的项目 {outcome.findings} 个，变化 {len(outcome.changes)} 项"

    def notify() -> None:
        outcome = app.notify(stopping)
        for diagnostic in outcome.diagnostics:
            _log.warning("%s", diagnostic)
        troubled = len(outcome.waiting) + len(outcome.failed) + len(outcome.unknown)
        if outcome.sent or troubled:
            _log.info("发出 %d 封，未发出或不明 %d 封", len(outcome.sent), troubled)

    return Duties(app.plan_months, check, notify)
