"""The clock, the recorded runs and the heartbeat: each run once, made up once, in order."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import pytest
from freezegun import freeze_time
from sqlalchemy import Engine

from monitor.alerts.scheduler import (
    BrokenOff,
    Job,
    every_minute,
    next_runs,
    serve,
    trigger_of,
    work_off,
)
from monitor.alerts.timetable import Slot, job_names, weekday
from monitor.domain.calendar import CHINA
from monitor.errors import InputError
from monitor.store import heartbeats, jobs
from monitor.store.engine import reading, writing

DAILY = Slot(dt.time(8, 30))
JULY_8 = datetime(2025, 7, 8, 9, 0, tzinfo=CHINA)  # a Tuesday


class Diary:
    """Notes which runs were done; a run fails as often as it was told."""

    def __init__(self, failures: list[Exception] | None = None) -> None:
        self.entries: list[str] = []
        self.failures = failures or []

    def write(self, period: str) -> str:
        self.entries.append(period)
        if self.failures:
            raise self.failures.pop(0)
        return f"记下 {period}"


def daily(diary: Diary, name: str = "daily") -> Job:
    def due(now: datetime) -> str:
        return DAILY.latest(now).date().isoformat()

    return Job(name, "每日查看", trigger_of(DAILY), due, diary.write, in_order=True)


def steady(work: Callable[[str], str], name: str = "outbox") -> Job:
    return Job(name, "发信", every_minute(), lambda _now: jobs.STEADY, work)


def run(engine: Engine, *todo: Job, at: datetime = JULY_8, service: str = "") -> None:
    work_off(engine, todo, now=lambda: at, service=service)


def runs(engine: Engine) -> dict[str, jobs.Run]:
    with reading(engine) as connection:
        return jobs.latest(connection)


@pytest.mark.parametrize(
    ("slot", "now", "latest"),
    [
        (DAILY, "2025-07-08 08:29", "2025-07-07 08:30"),
        (DAILY, "2025-07-08 08:30", "2025-07-08 08:30"),
        (DAILY, "2026-01-01 00:00", "2025-12-31 08:30"),
        (Slot(dt.time(9), 0), "2025-07-07 08:59", "2025-06-30 09:00"),
        (Slot(dt.time(9), 0), "2025-07-07 09:00", "2025-07-07 09:00"),
        (Slot(dt.time(9), 0), "2025-07-13 23:59", "2025-07-07 09:00"),
        (Slot(dt.time(9), 6), "2025-07-12 12:00", "2025-07-06 09:00"),
    ],
)
def test_the_latest_time_of_a_slot_is_the_one_just_passed(
    slot: Slot, now: str, latest: str
) -> None:
    def at(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=CHINA)

    assert slot.latest(at(now)) == at(latest)
    assert slot.latest(at(now).astimezone(UTC)) == at(latest)


def test_a_day_is_done_once_however_often_the_clock_strikes(engine: Engine) -> None:
    diary = Diary()
    for minutes in range(0, 24 * 60 * 3, 30):
        run(engine, daily(diary), at=JULY_8 + timedelta(minutes=minutes))

    assert diary.entries == ["2025-07-08", "2025-07-09", "2025-07-10", "2025-07-11"]


def test_what_was_missed_is_made_up_once_as_of_its_own_day(engine: Engine) -> None:
    diary = Diary()
    run(engine, daily(diary))
    early_on_the_12th = datetime(2025, 7, 12, 7, 0, tzinfo=CHINA)
    run(engine, daily(diary), at=early_on_the_12th)
    run(engine, daily(diary), at=early_on_the_12th + timedelta(minutes=1))

    assert diary.entries == ["2025-07-08", "2025-07-11"]


def test_a_clock_set_back_repeats_nothing_and_begins_nothing_older(engine: Engine) -> None:
    diary = Diary()
    run(engine, daily(diary))
    for days in (1, 2, 40, 400):
        run(engine, daily(diary), at=JULY_8 - timedelta(days=days))

    assert diary.entries == ["2025-07-08"]


def test_a_failed_run_is_recorded_logged_and_tried_again_and_holds_up_no_other(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    diary, other = Diary([InputError("名单有误。")]), Diary()
    todo = daily(diary), steady(other.write)
    with caplog.at_level(logging.INFO):
        run(engine, *todo)
        failed = runs(engine)["daily"]
        run(engine, *todo, at=JULY_8 + timedelta(minutes=1))

    assert (failed.outcome, failed.failures, failed.finished_at) == ("名单有误。", 1, None)
    assert diary.entries == ["2025-07-08"] * 2
    assert len(other.entries) == 2
    assert runs(engine)["daily"].failures == 0
    messages = [record.getMessage() for record in caplog.records if record.job == "daily"]  # type: ignore[attr-defined]
    assert messages == [
        "每日查看 2025-07-08 未完成：名单有误。",
        "每日查看 2025-07-08 完成：记下 2025-07-08",
    ]
    assert caplog.records[0].exc_info is None


def test_a_run_that_keeps_failing_is_tried_at_growing_distances(engine: Engine) -> None:
    diary = Diary([RuntimeError("坏了")] * 100)
    for minutes in range(40):
        run(engine, daily(diary), at=JULY_8 + timedelta(minutes=minutes))

    # after the 1st failure at once, then after 1, 3, 7, 15 minutes
    assert runs(engine)["daily"].failures == len(diary.entries) == 6


def test_a_bug_leaves_its_trace_in_the_log(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    run(engine, daily(Diary([RuntimeError("坏了")])))

    [record] = caplog.records
    assert record.exc_info is not None
    assert runs(engine)["daily"].outcome == "坏了"


def test_work_broken_off_for_a_stop_is_no_failure_and_is_taken_up_at_once(engine: Engine) -> None:
    diary = Diary([BrokenOff()])
    run(engine, daily(diary))
    left = runs(engine)["daily"]
    run(engine, daily(diary))

    assert (left.failures, left.finished_at) == (0, None)
    assert diary.entries == ["2025-07-08"] * 2
    assert runs(engine)["daily"].finished_at is not None


@freeze_time("2025-07-08 00:29:59")
def test_the_day_is_the_one_in_china(engine: Engine) -> None:
    diary = Diary()
    run(engine, daily(diary), at=datetime.now(UTC))  # noqa: TID251 - frozen
    with freeze_time("2025-07-08 00:30:00"):
        run(engine, daily(diary), at=datetime.now(UTC))  # noqa: TID251 - frozen

    assert diary.entries == ["2025-07-07", "2025-07-08"]


def begin(
    engine: Engine, at: datetime, service: str = "", *, job: str = "daily", period: str = "d1"
) -> bool:
    with writing(engine) as connection:
        return jobs.begin(connection, job, period, at=at, service=service)


def start(engine: Engine, service: str, at: datetime = JULY_8) -> None:
    with writing(engine) as connection:
        heartbeats.start(connection, service, at=at)


def beat(engine: Engine, service: str, at: datetime) -> None:
    with writing(engine) as connection:
        heartbeats.beat(connection, service, at=at, next_runs={})


def test_a_run_under_way_in_a_living_service_is_nobody_elses(engine: Engine) -> None:
    start(engine, "甲")
    assert begin(engine, JULY_8, "甲")
    later = JULY_8 + timedelta(hours=3)
    beat(engine, "甲", later)

    assert not begin(engine, later + timedelta(minutes=2), "乙")


def test_a_run_left_by_a_dead_service_is_taken_over_and_cannot_be_finished_by_it(
    engine: Engine,
) -> None:
    start(engine, "甲")
    begin(engine, JULY_8, "甲")
    later = JULY_8 + heartbeats.GONE_AFTER
    start(engine, "乙", later)
    assert begin(engine, later, "乙")

    with writing(engine) as connection:
        jobs.finish(connection, "daily", "d1", began=JULY_8, at=later, outcome="旧")
        assert jobs.finished(connection) == set()
        jobs.finish(connection, "daily", "d1", began=later, at=later, outcome="新")
        assert jobs.finished(connection) == {("daily", "d1")}
    assert not begin(engine, later + timedelta(days=1), "乙")


def test_a_service_that_died_is_taken_note_of_by_the_next_one_only_when_it_is_dead(
    engine: Engine,
) -> None:
    start(engine, "甲")
    start(engine, "乙", JULY_8 + timedelta(minutes=2))
    with reading(engine) as connection:
        assert {each.service for each in heartbeats.load(connection) if each.stopped_at} == set()
    start(engine, "丙", JULY_8 + timedelta(minutes=4))
    with reading(engine) as connection:
        dead = {e.service: e.stopped_at for e in heartbeats.load(connection) if e.stopped_at}

    assert dead == {"甲": JULY_8}


def test_a_dead_service_is_dead_though_the_clock_was_set_back_since(engine: Engine) -> None:
    start(engine, "甲")
    with reading(engine) as connection:
        [heartbeat] = heartbeats.load(connection)

    assert heartbeat.has_died(JULY_8 - timedelta(days=1))


def test_a_steady_job_is_done_again_and_again_but_not_by_two_at_once(engine: Engine) -> None:
    start(engine, "甲")
    second = Diary()

    def work(_period: str) -> str:
        run(engine, steady(second.write), service="乙")
        return ""

    for _ in range(3):
        run(engine, steady(work), service="甲")

    assert second.entries == []
    assert runs(engine)["outbox"].finished_at == JULY_8


def test_the_clock_strikes_in_china_whatever_the_machines_zone() -> None:
    todo = [daily(Diary()), steady(Diary().write)]
    weekly = trigger_of(Slot(dt.time(9), weekday("mon")))
    at = datetime(2025, 7, 8, 0, 31, tzinfo=UTC)

    assert next_runs(todo, at) == {
        "daily": "2025-07-09T08:30:00+08:00",
        "outbox": "2025-07-08T08:31:00+08:00",
    }
    assert weekly.get_next_fire_time(None, at) == datetime(2025, 7, 14, 9, 0, tzinfo=CHINA)


@pytest.mark.parametrize("wrong", ["Monday", 1, None])
def test_a_weekday_that_is_none_is_refused(wrong: object) -> None:
    with pytest.raises(ValueError, match="mon、tue"):
        weekday(wrong)


@pytest.mark.parametrize("wrong", ["inbox", ["收件夹"], [1], {}])
def test_jobs_to_be_switched_off_must_be_jobs(wrong: object) -> None:
    with pytest.raises(ValueError, match="inbox、after-import"):
        job_names(wrong)


def served(engine: Engine, todo: list[Job], stop: Event) -> Thread:
    def work() -> None:
        serve(engine, todo, stop, now=lambda: JULY_8, service="甲")

    thread = Thread(target=work)
    thread.start()
    return thread


def test_the_service_catches_up_at_once_lives_and_stops_when_told(engine: Engine) -> None:
    stop, told = Event(), Event()

    def tell(_period: str) -> str:
        told.set()
        return ""

    thread = served(engine, [daily(Diary()), steady(tell)], stop)
    assert told.wait(10)
    with reading(engine) as connection:
        [alive] = heartbeats.load(connection)
    stop.set()
    thread.join(5)

    assert not thread.is_alive()
    assert alive.is_alive(JULY_8)
    assert alive.next_runs["daily"] == "2025-07-09T08:30:00+08:00"
    assert runs(engine)["daily"].outcome == "记下 2025-07-08"
    with reading(engine) as connection:
        [stopped] = heartbeats.load(connection)
    assert stopped.stopped_at == JULY_8


def test_the_service_stops_within_five_seconds_though_a_server_is_silent(engine: Engine) -> None:
    stop, silent, reached = Event(), Event(), Event()

    def wait_for_the_server(_period: str) -> str:
        reached.set()
        silent.wait(20)
        return ""

    thread = served(engine, [steady(wait_for_the_server)], stop)
    assert reached.wait(10)
    began = time.monotonic()
    stop.set()
    thread.join(10)

    assert not thread.is_alive()
    assert time.monotonic() - began < 5
    silent.set()


def test_the_service_stops_within_five_seconds_though_the_database_is_busy(engine: Engine) -> None:
    stop, done, reached = Event(), Event(), Event()

    def hold_the_database(_period: str) -> str:
        with writing(engine):
            reached.set()
            done.wait(20)
        return ""

    thread = served(engine, [steady(hold_the_database)], stop)
    assert reached.wait(10)
    began = time.monotonic()
    stop.set()
    thread.join(10)

    assert not thread.is_alive()
    assert time.monotonic() - began < 5
    done.set()


def test_the_service_outlives_an_error(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    stop, after = Event(), Event()

    def tell(_period: str) -> str:
        after.set()
        return ""

    thread = served(engine, [daily(Diary([RuntimeError("坏了")])), steady(tell)], stop)
    reached = after.wait(10)
    alive = thread.is_alive()
    stop.set()
    thread.join(5)

    assert reached
    assert alive
    assert "未完成：坏了" in caplog.text
