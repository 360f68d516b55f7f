from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from threading import Event, Thread

import pytest
from freezegun import freeze_time
from sqlalchemy import Engine, select

from monitor.alerts.scheduler import Duties, catch_up, daily, due_checks, serve
from monitor.domain.calendar import CHINA
from monitor.errors import InputError
from monitor.store import jobs, tables
from monitor.store.engine import reading, writing

QUARTERS = (3, 6, 9, 12)
JULY_8 = datetime(2025, 7, 8, 0, 30, tzinfo=UTC)


def due(today: date, done: set[tuple[int, int]] | None = None) -> list[tuple[int, int]]:
    months = {2024: QUARTERS, 2025: QUARTERS, 2026: (3, 6)}
    return due_checks(months, today=today, done=done or set(), days_after=7)


class Diary:
    """Notes what the service did; a check fails as often as it was told."""

    def __init__(self, failures: list[Exception] | None = None) -> None:
        self.entries: list[tuple[int, date] | str] = []
        self.failures = failures or []

    @property
    def duties(self) -> Duties:
        return Duties(lambda: {2025: QUARTERS}, self._check, lambda: self.entries.append("notify"))

    def _check(self, year: int, as_of: date) -> str:
        self.entries.append((year, as_of))
        if self.failures:
            raise self.failures.pop()
        return "新增 1"


def run(engine: Engine, diary: Diary, at: datetime = JULY_8) -> None:
    catch_up(engine, diary.duties, now=lambda: at, days_after=7)


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2025, 7, 6), [(2024, 12), (2025, 3)]),
        (date(2025, 7, 7), [(2024, 12), (2025, 6)]),
        (date(2026, 1, 6), [(2025, 9)]),
        (date(2026, 1, 7), [(2025, 12)]),
        (date(2026, 4, 7), [(2025, 12), (2026, 3)]),
        (date(2028, 1, 1), []),
    ],
)
def test_the_latest_checkpoint_of_a_year_is_due_a_week_after_its_end(
    today: date, expected: list[tuple[int, int]]
) -> None:
    assert due(today) == expected


def test_what_is_done_is_not_due_and_nothing_older_takes_its_place() -> None:
    assert due(date(2025, 7, 8), {(2025, 6), (2024, 12)}) == []


def test_the_latest_checkpoint_is_judged_as_of_its_last_day_and_then_told(engine: Engine) -> None:
    diary = Diary()
    run(engine, diary)

    assert diary.entries == [(2025, date(2025, 6, 30)), "notify"]


def test_a_check_is_done_once_and_mails_that_wait_are_looked_after_daily(engine: Engine) -> None:
    diary = Diary()
    for days in range(3):
        run(engine, diary, JULY_8 + timedelta(days))

    assert diary.entries == [(2025, date(2025, 6, 30)), "notify", "notify", "notify"]


def test_a_clock_set_back_repeats_nothing(engine: Engine) -> None:
    diary = Diary()
    run(engine, diary, JULY_8 + timedelta(days=1))
    run(engine, diary, JULY_8)

    assert diary.entries.count((2025, date(2025, 6, 30))) == 1


def test_a_check_that_failed_is_tried_again_and_does_not_hold_up_the_mails(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    diary = Diary([InputError("名单有误。")])
    with caplog.at_level(logging.INFO):
        run(engine, diary)
        run(engine, diary)

    assert diary.entries == [(2025, date(2025, 6, 30)), "notify"] * 2
    assert caplog.messages == ["2025-06 核查未完成：名单有误。", "2025-06 核查完成：新增 1"]
    assert caplog.records[0].exc_info is None or not caplog.records[0].exc_info


@freeze_time("2025-07-06 16:30:00")
def test_the_day_is_the_one_in_china(engine: Engine) -> None:
    diary = Diary()
    run(engine, diary, datetime.now(UTC))  # noqa: TID251 - frozen

    assert diary.entries[0] == (2025, date(2025, 6, 30))


def begin(engine: Engine, at: datetime) -> bool:
    with writing(engine) as connection:
        return jobs.begin(connection, "check", "2025-06", at=at, stale_after=timedelta(hours=1))


def test_two_services_begin_a_run_once(engine: Engine) -> None:
    assert begin(engine, JULY_8)
    assert not begin(engine, JULY_8 + timedelta(minutes=59))


def test_a_run_that_died_is_taken_over_and_its_first_owner_cannot_finish_it(
    engine: Engine,
) -> None:
    begin(engine, JULY_8)
    later = JULY_8 + timedelta(minutes=61)
    assert begin(engine, later)

    with writing(engine) as connection:
        jobs.finish(connection, "check", "2025-06", began=JULY_8, at=later, outcome="旧")
        assert jobs.finished(connection) == set()
        jobs.finish(connection, "check", "2025-06", began=later, at=later, outcome="新")
        assert jobs.finished(connection) == {("check", "2025-06")}
    assert not begin(engine, later + timedelta(days=1))


def test_the_clock_strikes_daily_in_china_whatever_the_machines_zone() -> None:
    trigger = daily(dt.time(8, 30))
    strikes = trigger.get_next_fire_time(None, datetime(2025, 7, 8, 0, 31, tzinfo=UTC))

    assert strikes == datetime(2025, 7, 9, 8, 30, tzinfo=CHINA)


def served(
    engine: Engine, duties: Duties, stop: Event, now: Callable[[], datetime] = lambda: JULY_8
) -> Thread:
    def run() -> None:
        serve(engine, duties, stop, now=now, check_time=JULY_8.time(), days_after=7)

    thread = Thread(target=run)
    thread.start()
    return thread


def test_the_service_catches_up_at_once_and_stops_when_told(engine: Engine) -> None:
    diary, stop, told = Diary(), Event(), Event()
    duties = Duties(diary.duties.plan_months, diary.duties.check, told.set)
    thread = served(engine, duties, stop)

    assert told.wait(10)
    stop.set()
    thread.join(5)

    assert not thread.is_alive()
    with reading(engine) as connection:
        (done,) = connection.execute(select(tables.job_runs)).all()
    assert (done.period, done.outcome) == ("2025-06", "新增 1")


def test_the_service_stops_within_five_seconds_though_a_server_is_silent(engine: Engine) -> None:
    stop, silent, reached = Event(), Event(), Event()

    def wait_for_the_server() -> None:
        reached.set()
        silent.wait(20)

    thread = served(engine, Duties(dict, Diary().duties.check, wait_for_the_server), stop)
    assert reached.wait(10)
    began = time.monotonic()
    stop.set()
    thread.join(10)

    assert not thread.is_alive()
    assert time.monotonic() - began < 5
    silent.set()


def test_the_service_outlives_an_error(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    stop, failed = Event(), Event()

    def break_down() -> None:
        failed.set()
        raise RuntimeError("坏了")

    thread = served(engine, Duties(dict, Diary().duties.check, break_down), stop)
    assert failed.wait(10)
    time.sleep(0.1)
    alive = thread.is_alive()
    stop.set()
    thread.join(5)

    assert alive
    assert "本次未完成：坏了" in caplog.text
