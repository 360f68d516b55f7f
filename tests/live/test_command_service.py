"""`monitor run` and `monitor notify` as processes: signals, two at once, a real mail server."""

from __future__ import annotations

import json
import signal
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from tests.live.conftest import LAST_YEAR, SUBJECT_END, Process

pytestmark = pytest.mark.live


def mails(office: Process) -> list[EmailMessage]:
    files = sorted((office.folder / "outbox").glob("*.eml"))
    return [message_from_bytes(each.read_bytes(), policy=policy.SMTP) for each in files]


def wait_for_mail(office: Process) -> None:
    until = time.monotonic() + 60
    while not mails(office):
        assert time.monotonic() < until, "no mail within a minute"
        time.sleep(0.1)


def test_a_checkpoint_missed_while_the_service_was_down_is_made_up(late_office: Process) -> None:
    late_office.ok("run", "--once")

    [warning] = late_office.json("warnings", "list")
    [mail] = mails(late_office)
    assert (warning["rule"], warning["severity"], warning["state"]) == ("W02", "red", "sent")
    assert warning["as_of"].startswith(f"{LAST_YEAR}-{warning['checkpoint']}-")
    assert mail["Subject"] == f"【{int(warning['checkpoint'])}{SUBJECT_END}"


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
    wait_for_mail(late_office)

    began = time.monotonic()
    service.send_signal(number)
    _, said = service.communicate(timeout=30)

    assert time.monotonic() - began < 5
    assert service.returncode == 0
    assert "监控服务已停止。" in said
    assert "Traceback" not in said


def test_two_services_at_once_check_once_and_write_once(late_office: Process) -> None:
    services = [late_office.start("run", "--once") for _ in range(2)]
    said = [service.communicate(timeout=60)[1] for service in services]

    assert [service.returncode for service in services] == [0, 0]
    assert "".join(said).count("核查完成") == 1
    [warning] = late_office.json("warnings", "list")
    [mail] = late_office.json("mail", "list")
    steps = [event["event"] for event in warning["events"]]
    assert steps == ["raised", "sent"]
    assert (mail["state"], mail["attempts"]) == ("sent", 1)
    assert len(mails(late_office)) == 1


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
    settings = late_office.folder / "monitor.toml"
    text = settings.read_text(encoding="utf-8")
    for key, value in {
        "host": "127.0.0.1",
        "port": post_office.port,
        "security": "none",
        "sender": "monitor@example.cn",
    }.items():
        text = replaced(text, key, value)
    settings.write_text(text, encoding="utf-8")
    late_office.ok("check", "--as-of", f"{LAST_YEAR}-12-31")
    return late_office


def replaced(text: str, key: str, value: object) -> str:
    lines = text.splitlines(keepends=True)
    [place] = [number for number, line in enumerate(lines) if line.startswith(f"{key} = ")]
    lines[place] = f"{key} = {json.dumps(value)}\n"
    return "".join(lines)


def test_a_mail_reaches_the_server_with_its_chinese_subject_and_is_sent_once(
    checked: Process, post_office: PostOffice
) -> None:
    checked.ok("notify")
    again = checked.ok("notify")

    [mail] = post_office.got
    assert mail["Subject"] == f"【12{SUBJECT_END}"
    assert mail["To"].addresses[0].display_name == "张三㙍"
    assert again == "没有需要通知的预警。\n"
    assert mails(checked) == []


def test_a_mail_that_the_server_puts_off_waits_and_goes_with_the_next_run(
    checked: Process, post_office: PostOffice
) -> None:
    post_office.rcpt = "450 4.2.0 greylisted"
    said = checked.ok("notify")
    [waiting] = checked.json("mail", "list")
    post_office.rcpt = "250 OK"
    checked.ok("notify")
    [sent] = checked.json("mail", "list")

    assert "暂时发不出，下次再试" in said
    assert "450 4.2.0 greylisted" in said
    assert (waiting["state"], waiting["sent_at"]) == ("waiting", None)
    assert (sent["state"], sent["attempts"]) == ("sent", 2)
    assert sent["message_id"] == waiting["message_id"] == post_office.got[0]["Message-ID"]


def test_a_mail_that_the_server_refuses_for_good_is_shown_and_not_tried_again(
    checked: Process, post_office: PostOffice
) -> None:
    post_office.rcpt = "550 5.1.1 no such user"
    said = checked.ok("notify")
    post_office.rcpt = "250 OK"
    checked.ok("notify")

    [failed] = checked.json("mail", "list")
    assert "被拒收，不再重试" in said
    assert (failed["state"], failed["attempts"]) == ("failed", 1)
    assert failed["error"] == "550 5.1.1 no such user"
    assert post_office.got == []
