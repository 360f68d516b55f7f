"""`monitor run` and `monitor notify` as processes: signals, two at once, a real mail server."""

from __future__ import annotations

import json
import signal
import socket
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from tests.live.conftest import LAST_YEAR, Process

pytestmark = pytest.mark.live


def mails(office: Process) -> list[EmailMessage]:
    files = sorted((office.folder / "outbox").glob("*.eml"))
    return [message_from_bytes(each.read_bytes(), policy=policy.SMTP) for each in files]


def wait_for(what: Callable[[], object]) -> None:
    until = time.monotonic() + 60
    while not what():
        assert time.monotonic() < until, "not within a minute"
        time.sleep(0.1)


def log_of(said: str) -> list[dict[str, Any]]:
    """Every line of the log is one JSON object."""
    return [json.loads(line) for line in said.splitlines()]


def test_a_checkpoint_missed_while_the_service_was_down_is_made_up(late_office: Process) -> None:
    late_office.ok("run", "--once")

    [lag] = late_office.json("warnings", "list", "--rule", "W02")
    [rest] = late_office.json("warnings", "list", "--rule", "W07")
    assert (lag["severity"], lag["checkpoint"]) == ("red", "12")
    assert lag["events"][0]["as_of"] == rest["events"][0]["as_of"] == f"{LAST_YEAR}-12-31"
    # the year is over: the rest is the office's matter, and no lead is written to
    assert rest["state"] == "sent"
    assert [mail["To"].addresses[0].addr_spec for mail in mails(late_office)] == ["wang@example.cn"]


def test_what_is_made_up_is_not_made_up_again(late_office: Process) -> None:
    late_office.ok("run", "--once")
    before = late_office.json("warnings", "list"), late_office.json("mail", "list")

    late_office.ok("run", "--once")

    assert before == (late_office.json("warnings", "list"), late_office.json("mail", "list"))
    assert len(mails(late_office)) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_service_within_five_seconds(
    late_office: Process, number: signal.Signals
) -> None:
    service = late_office.start("run")
    wait_for(lambda: mails(late_office))
    [alive] = [row for row in late_office.json("status") if row["check"] == "服务"]

    began = time.monotonic()
    service.send_signal(number)
    _, said = service.communicate(timeout=30)

    assert time.monotonic() - began < 5
    assert service.returncode == 0
    assert alive["state"] == "ok"
    log = log_of(said)
    assert log[-1]["message"] == "监控服务已停止。"
    assert {line["level"] for line in log} == {"info"}
    assert {"checkpoints", "after-import", "daily", "outbox"} & {line.get("job") for line in log}
    [stopped] = [row for row in late_office.json("status") if row["check"] == "服务"]
    assert (stopped["state"], stopped["figures"]) == ("note", {"alive": [], "died": []})


def test_two_services_on_one_database_do_each_run_once(late_office: Process) -> None:
    services = [late_office.start("run") for _ in range(2)]
    wait_for(lambda: mails(late_office))
    wait_for(lambda: _has_run(late_office, "daily") and _has_run(late_office, "reminders"))
    [alive] = [row for row in late_office.json("status") if row["check"] == "服务"]
    for service in services:
        service.send_signal(signal.SIGTERM)
    said = [service.communicate(timeout=60)[1] for service in services]

    assert [service.returncode for service in services] == [0, 0]
    assert len(alive["figures"]["alive"]) == 2
    lines = [line for each in said for line in log_of(each)]
    runs = Counter((line["job"], line["period"]) for line in lines if "period" in line)
    once = {run: times for run, times in runs.items() if run[1] != "latest"}
    named = {job for job, _ in once}
    # whichever comes first judges the checkpoint; the other finds nothing left to say
    assert "daily" in named
    assert named & {"after-import", "checkpoints"}
    assert set(once.values()) == {1}
    [warning] = late_office.json("warnings", "list", "--rule", "W07")
    assert [event["event"] for event in warning["events"]] == ["raised", "sent"]
    [mail] = late_office.json("mail", "list")
    assert (mail["state"], mail["attempts"]) == ("sent", 1)
    assert len(mails(late_office)) == 1


def _has_run(office: Process, job: str) -> bool:
    with sqlite3.connect(office.folder / "monitor.db") as connection:
        query = "SELECT 1 FROM job_runs WHERE job = ? AND finished_at IS NOT NULL"
        found = connection.execute(query, [job]).fetchall()
    connection.close()
    return bool(found)


def test_a_killed_service_is_missed_by_status_until_another_runs(late_office: Process) -> None:
    service = late_office.start("run")
    wait_for(lambda: _has_run(late_office, "outbox"))
    service.kill()
    service.communicate(timeout=30)
    with sqlite3.connect(late_office.folder / "monitor.db") as connection:
        # as if three minutes had gone by
        connection.execute("UPDATE heartbeats SET beat_at = datetime(beat_at, '-4 minutes')")
    connection.close()

    missed = _status(late_office)
    late_office.ok("run", "--once")
    found = _status(late_office)

    assert missed.returncode == 1
    assert "服务没有停止就断了" in missed.stdout
    assert found.returncode == 0, found.stdout + found.stderr


def _status(office: Process) -> subprocess.CompletedProcess[str]:
    process = office.start("status")
    out, err = process.communicate(timeout=60)
    return subprocess.CompletedProcess("status", process.returncode, out, err)


def test_a_file_in_the_inbox_is_imported_and_its_checkpoint_judged_again(
    late_office: Process,
) -> None:
    late_office.ok("run", "--once")
    rows = (
        "支付申请编号,支付日期,预算单位编码,项目编码,项目名称,支付金额\n"
        f"A1,{LAST_YEAR}-06-20,434001,13022925P00JXC4198855,热线服务,500000.00\n"
    )
    (late_office.folder / "inbox" / "补送.csv").write_text(rows, encoding="utf-8")

    late_office.ok("run", "--once")

    done = sorted(each.name for each in (late_office.folder / "inbox" / "done").iterdir())
    assert done == ["补送.csv", "补送.csv.回执.txt"]
    [warning] = late_office.json("warnings", "list", "--rule", "W02")
    assert warning["state"] == "withdrawn"
    subjects = [str(mail["Subject"]) for mail in mails(late_office)]
    assert "【收件夹】补送.csv：已导入" in subjects


# The handler's methods have the names and the arguments that aiosmtpd calls them by.
# ruff: noqa: ARG002, N802
@dataclass
class PostOffice:
    """A mail server: what it says to a recipient, and what it took."""

    port: int
    rcpt: str = "250 OK"
    got: list[EmailMessage] = field(default_factory=list)

    async def handle_RCPT(
        self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        self.got.append(message_from_bytes(envelope.content, policy=policy.SMTP))
        return "250 OK"


@pytest.fixture
def post_office() -> Iterator[PostOffice]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    handler = PostOffice(port)
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler
    controller.stop()


@pytest.fixture
def checked(late_office: Process, post_office: PostOffice) -> Process:
    """An office with a warning to tell, and the mail server in its settings."""
    for key, value in {
        "host": "127.0.0.1",
        "port": post_office.port,
        "security": "none",
        "sender": "monitor@example.cn",
    }.items():
        late_office.set("monitor.toml", key, json.dumps(value))
    late_office.ok("check", "--as-of", f"{LAST_YEAR}-12-31")
    return late_office


def test_a_mail_reaches_the_server_with_its_chinese_subject_and_is_sent_once(
    checked: Process, post_office: PostOffice
) -> None:
    checked.ok("notify")
    checked.ok("notify")
    checked.ok("run", "--once")

    [mail] = post_office.got
    [row] = checked.json("mail", "list")
    assert mail["Subject"] == row["subject"]
    assert mail["To"].addresses[0].display_name == "王五㙍"
    assert mails(checked) == []


def test_a_mail_that_the_server_puts_off_waits_and_goes_with_a_later_run(
    checked: Process, post_office: PostOffice
) -> None:
    post_office.rcpt = "450 4.2.0 greylisted"
    checked.ok("run", "--once")
    [waiting] = checked.json("mail", "list")
    post_office.rcpt = "250 OK"
    checked.ok("notify")
    [sent] = checked.json("mail", "list")

    assert (waiting["state"], waiting["sent_at"]) == ("waiting", None)
    assert waiting["error"] == "450 4.2.0 greylisted"
    assert (sent["state"], sent["attempts"]) == ("sent", 2)
    assert sent["message_id"] == waiting["message_id"] == post_office.got[0]["Message-ID"]


def test_a_mail_that_the_server_refuses_for_good_is_shown_by_status(
    checked: Process, post_office: PostOffice
) -> None:
    post_office.rcpt = "550 5.1.1 no such user"
    checked.ok("run", "--once")
    status = _status(checked)

    [failed] = [row for row in checked.json("mail", "list") if row["state"] == "failed"][:1]
    assert failed["error"] == "550 5.1.1 no such user"
    assert status.returncode == 1
    assert "被拒收" in status.stdout
    assert post_office.got == []
