"""`monitor status`: what is broken ends it by 1, what only waits is a note."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.bootstrap import china_now
from monitor.domain.calendar import CHINA
from monitor.store import heartbeats, jobs
from monitor.store.alert_tables import mails, warnings
from monitor.store.engine import open_engine, writing
from tests.cli.conftest import Monitor
from tests.cli.small_office import CODE, HEADER, TARGET, line

Write = Callable[[str, str], Path]


def facts(monitor: Monitor, status: int = 0) -> dict[str, dict[str, Any]]:
    result = monitor("status", "--format", "json")
    assert result.status == status, result.err + result.out
    return {each["check"]: each for each in result.rows}


class Hand:
    """Writes into the database of a workspace what a service would have written."""

    def __init__(self, monitor: Monitor) -> None:
        self._url = f"sqlite:///{monitor.folder / 'monitor.db'}"

    def do(self, act: Callable[..., Any], *args: Any, **named: Any) -> None:
        engine = open_engine(self._url)
        with writing(engine) as connection:
            act(connection, *args, **named)
        engine.dispose()

    def mail(self, state: str, created_at: datetime, run: str = "r1") -> None:
        self.do(
            lambda connection: connection.execute(
                mails.insert().values(
                    message_id=f"<{run}@x>", kind="digest", recipient="a@example.cn", name="甲",
                    run=run, year=2025, unit_code="434001", subject="题", facts={}, state=state,
                    attempts=0, error="", created_at=created_at, release_at=created_at, lease="",
                )
            )
        )  # fmt: skip


@pytest.fixture
def hand(monitor: Monitor) -> Hand:
    return Hand(monitor)


def test_a_new_workspace_is_well_and_has_no_service(monitor: Monitor) -> None:
    found = facts(monitor)

    assert found["服务"]["state"] == "note"
    assert "monitor run" in found["服务"]["text"]
    assert found["发件箱"]["text"] == "没有待发的邮件"
    assert {each["state"] for each in found.values()} == {"ok", "note"}
    assert "服务" in monitor.ok("status").out


def test_a_living_service_is_shown_with_the_next_runs_of_its_jobs(
    monitor: Monitor, hand: Hand
) -> None:
    now = china_now()
    hand.do(heartbeats.start, "甲:1:2", at=now)
    hand.do(heartbeats.beat, "甲:1:2", at=now, next_runs={"daily": "2030-01-01T08:30:00+08:00"})
    found = facts(monitor)

    assert found["服务"]["state"] == "ok"
    assert found["服务"]["figures"]["alive"][0]["service"] == "甲:1:2"
    assert found["每日查看"]["figures"]["next_at"] == "2030-01-01T08:30:00+08:00"


def test_a_service_that_was_stopped_is_no_fault(monitor: Monitor, hand: Hand) -> None:
    hand.do(heartbeats.start, "甲", at=china_now() - timedelta(days=1))
    hand.do(heartbeats.stop, "甲", at=china_now() - timedelta(hours=20))

    assert facts(monitor)["服务"]["state"] == "note"


@pytest.mark.parametrize(("minutes", "status"), [(2, 0), (4, 1)])
def test_a_service_that_died_is_a_fault_after_three_minutes(
    monitor: Monitor, hand: Hand, minutes: int, status: int
) -> None:
    hand.do(heartbeats.start, "甲", at=china_now() - timedelta(minutes=minutes))

    assert facts(monitor, status)["服务"]["state"] == ("broken" if status else "ok")


def test_a_fault_is_over_when_a_service_runs_again(monitor: Monitor, hand: Hand) -> None:
    hand.do(heartbeats.start, "甲", at=china_now() - timedelta(hours=1))
    facts(monitor, 1)
    hand.do(heartbeats.start, "乙", at=china_now())

    assert facts(monitor)["服务"]["state"] == "ok"


def test_a_job_that_keeps_failing_is_a_fault_and_one_failure_a_note(
    monitor: Monitor, hand: Hand
) -> None:
    states = []
    for number in range(3):
        at = china_now() - timedelta(minutes=30 - 10 * number)
        hand.do(jobs.begin, "daily", "2025-07-08", at=at)
        hand.do(jobs.fail, "daily", "2025-07-08", began=at, outcome="数据库正被占用。")
        found = facts(monitor, 1 if number == 2 else 0)
        states.append(found["每日查看"]["state"])

    assert states == ["note", "note", "broken"]
    assert found["每日查看"]["text"].startswith("连续 3 次没有做成")
    assert found["每日查看"]["figures"]["failures"] == 3


def test_a_failure_that_a_later_day_has_made_good_is_over(monitor: Monitor, hand: Hand) -> None:
    for number in range(3):
        at = china_now() - timedelta(minutes=90 - 10 * number)
        hand.do(jobs.begin, "daily", "2025-07-08", at=at)
        hand.do(jobs.fail, "daily", "2025-07-08", began=at, outcome="坏了")
    at = china_now() - timedelta(minutes=1)
    hand.do(jobs.begin, "daily", "2025-07-09", at=at)
    hand.do(jobs.finish, "daily", "2025-07-09", began=at, at=at, outcome="好了")

    assert facts(monitor)["每日查看"]["text"].endswith("：好了")


def test_a_run_in_the_future_tells_that_the_clock_was_set_back(
    monitor: Monitor, hand: Hand
) -> None:
    at = china_now() + timedelta(days=3)
    hand.do(jobs.begin, "daily", "2099-01-01", at=at)
    hand.do(jobs.finish, "daily", "2099-01-01", began=at, at=at, outcome="")

    assert "系统时间被调慢过" in facts(monitor)["每日查看"]["text"]


def test_jobs_that_are_switched_off_are_shown_so(monitor: Monitor) -> None:
    path = monitor.folder / "rules" / "calendar.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("\noff = []", '\noff = ["weekly"]'), encoding="utf-8")

    assert facts(monitor)["每周汇总"]["figures"] == {"job": "weekly", "off": True}


def test_a_parked_mail_is_a_fault(monitor: Monitor, hand: Hand) -> None:
    hand.mail("failed", china_now())

    assert facts(monitor, 1)["发件箱"]["figures"]["failed"] == 1


def test_mails_that_wait_for_a_person_or_are_gone_are_no_fault(
    monitor: Monitor, hand: Hand
) -> None:
    long_ago = china_now() - timedelta(days=60)
    for state in ("prepared", "held", "sent", "cancelled"):
        hand.mail(state, long_ago, run=state)
    found = facts(monitor)["发件箱"]

    assert (found["state"], found["text"]) == ("note", "待放行 1，暂缓 1")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


@pytest.mark.parametrize(
    ("now", "is_broken"),
    [
        ("2025-09-30 10:00", False),  # a Tuesday: it could go at 9:00
        ("2025-10-08 23:00", False),  # National Day and Mid-Autumn: 1 to 8 October
        ("2025-10-09 08:59", False),
        ("2025-10-09 09:01", True),
    ],
)
def test_a_waiting_mail_is_a_fault_when_a_working_day_has_passed(
    monitor: Monitor, hand: Hand, now: str, is_broken: bool
) -> None:
    from monitor.bootstrap import open_workspace
    from monitor.status import status

    hand.mail("waiting", at("2025-09-30 09:00"))
    app = open_workspace(monitor.folder, now=lambda: at(now))
    found = {each.check: each for each in status(app)}
    app.engine.dispose()

    assert (found["发件箱"].state == "broken") is is_broken


def test_coverage_unmatched_payments_and_warnings_are_notes(monitor: Monitor, write: Write) -> None:
    monitor.ok("targets", "import", "--year", "2025", write("目标.txt", TARGET))
    rows = line("A1", day="2025-01-20") + line("A2", code="X", day="2025-01-21")
    monitor.ok("payments", "import", "--month", "2025-01", write("1月.csv", HEADER + rows))
    from monitor.bootstrap import open_workspace
    from monitor.status import status

    app = open_workspace(monitor.folder, now=lambda: at("2025-03-05 09:00"))
    found = {each.check: each for each in status(app)}
    app.engine.dispose()

    arrived = found["数据到达 2025"]
    assert (arrived.state, arrived.figures["complete_until"]) == ("note", "2025-01")
    assert arrived.figures["missing"] == {"2025-02": ["434001"]}
    assert found["待匹配"].figures == {"lines": 1, "fen": 10000}
    assert "broken" not in {each.state for each in found.values()}
    assert CODE not in found["待匹配"].text


def test_open_warnings_are_counted_by_severity_quiet_and_closed_ones_left_out(
    monitor: Monitor, hand: Hand
) -> None:
    common = {
        "rule": "W01", "year": 2025, "period": "03", "unit_code": "434001", "figures": {},
        "as_of": date(2025, 3, 31), "doubts": [], "details": [], "for_office": False,
        "raised_at": at("2025-04-08 09:00"),
    }  # fmt: skip
    rows = [
        common | {"subject": f"P{number}", "severity": severity, "state": state, "quiet": quiet}
        for number, (severity, state, quiet) in enumerate(
            [
                ("red", "raised", False),
                ("red", "sent", False),
                ("yellow", "acknowledged", False),
                ("notice", "raised", True),
                ("red", "resolved", False),
            ]
        )
    ]
    hand.do(lambda connection: connection.execute(warnings.insert(), rows))

    found = facts(monitor)["未了预警"]
    assert found["figures"] == {"red": 2, "yellow": 1}
    assert found["text"] == "红色 2，黄色 1"
