"""Telling warnings: each once, whatever fails, and whoever else runs at the same time."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from threading import Barrier, Lock, Thread
from typing import Any

import pytest
from freezegun import freeze_time
from sqlalchemy import Engine, update

from monitor.alerts import lifecycle, sweep
from monitor.alerts.letters import Stationery
from monitor.alerts.rules import AlertRules
from monitor.alerts.smtp import SendError, folder_sender
from monitor.alerts.sweep import NotifyOutcome
from monitor.domain.contact import Contact, Contacts, Role
from monitor.domain.progress import Standing
from monitor.domain.warning import MailState
from monitor.errors import MonitorError
from monitor.store import alerts, outbox, tables
from monitor.store.engine import reading, writing

Stand = Callable[..., Standing]
AT = datetime(2025, 7, 8, 0, 30, tzinfo=UTC)
STATIONERY = Stationery("monitor@example.cn", "财政局", AlertRules())
JANUARY_TO_JUNE = [f"2025-{month:02d}" for month in range(1, 7)]
CONTACTS = Contacts(
    (
        Contact("430001", "张三", "zhang@example.cn", Role.LEAD, None, None),
        Contact("507001", "王五", "wang@example.cn", Role.LEAD, None, None),
    )
)


class Postbag:
    """Takes every mail, unless it was told how to treat a recipient's."""

    def __init__(self, **refusals: Exception) -> None:
        self.letters: list[EmailMessage] = []
        self.refusals = refusals
        self._lock = Lock()

    def __call__(self, letter: EmailMessage) -> None:
        name = letter["To"].addresses[0].username
        if name in self.refusals:
            raise self.refusals[name]
        with self._lock:
            self.letters.append(letter)

    @property
    def recipients(self) -> list[str]:
        return sorted(letter["To"].addresses[0].username for letter in self.letters)


def judge(engine: Engine, *standings: Standing) -> None:
    sweep.check(engine, lambda _: standings, year=2025, at=AT, actor="测试")


@pytest.fixture
def warned(engine: Engine, standing: Stand) -> Engine:
    """A red and a yellow lag of one unit, and nothing paid in another."""
    standings = [standing(100_00), standing(350_00, code="P2"), standing(0, code="P3")]
    judge(engine, *standings)
    return engine


def notify(engine: Engine, send: Callable[[EmailMessage], None], **other: Any) -> NotifyOutcome:
    values: dict[str, Any] = {
        "contacts": CONTACTS, "now": lambda: AT, "actor": "测试", "stationery": STATIONERY,
        "covered": JANUARY_TO_JUNE, **other,
    }  # fmt: skip
    return sweep.notify(engine, values.pop("contacts"), send=send, **values)


def mails(engine: Engine) -> list[dict[str, Any]]:
    with reading(engine) as connection:
        return outbox.rows(connection)


def states(engine: Engine) -> list[str]:
    with reading(engine) as connection:
        return [warning["state"] for warning in alerts.rows(connection)]


def test_every_lead_gets_one_mail_and_what_was_told_is_sent(warned: Engine) -> None:
    bag = Postbag()

    outcome = notify(warned, bag)

    assert bag.recipients == ["wang", "zhang"]
    assert (outcome.queued, len(outcome.sent), outcome.undelivered) == (2, 2, 0)
    assert states(warned) == ["sent"] * 3
    with reading(warned) as connection:
        events = alerts.rows(connection)[0]["events"]
    assert [event["event"] for event in events] == ["raised", "sent"]


def test_a_second_run_sends_nothing(warned: Engine) -> None:
    notify(warned, Postbag())
    bag = Postbag()

    outcome = notify(warned, bag)

    assert (bag.letters, outcome.queued, outcome.sent) == ([], 0, ())


def test_the_mail_list_has_its_promised_keys_in_order(warned: Engine) -> None:
    notify(warned, Postbag())

    first = mails(warned)[0]

    assert list(first)[:8] == [
        "id", "message_id", "to", "subject", "state", "attempts", "created_at", "sent_at",
    ]  # fmt: skip
    assert (first["to"], first["state"], first["attempts"]) == ("wang@example.cn", "sent", 1)
    assert first["created_at"] == first["sent_at"] == "2025-07-08T08:30:00+08:00"
    assert first["unit_code"] == "507001"


def test_a_temporary_failure_waits_for_the_next_run(warned: Engine) -> None:
    outcome = notify(warned, Postbag(wang=SendError("450 greylisted", temporary=True)))

    assert [each.words for each in outcome.waiting] == ["450 greylisted"]
    assert states(warned) == ["sent", "sent", "raised"]
    waiting = mails(warned)[0]
    assert (waiting["state"], waiting["error"], waiting["sent_at"]) == (
        "waiting", "450 greylisted", None,
    )  # fmt: skip

    bag = Postbag()
    notify(warned, bag)
    assert bag.recipients == ["wang"]
    assert bag.letters[0]["Message-ID"] == waiting["message_id"]
    assert mails(warned)[0]["attempts"] == 2
    assert mails(warned)[0]["error"] == ""


def test_a_refusal_for_good_is_kept_with_the_servers_words_and_not_tried_again(
    warned: Engine,
) -> None:
    outcome = notify(warned, Postbag(wang=SendError("550 no such user", temporary=False)))
    bag = Postbag()
    notify(warned, bag)

    assert [each.words for each in outcome.failed] == ["550 no such user"]
    assert bag.letters == []
    assert mails(warned)[0]["error"] == "550 no such user"


def test_a_corrected_address_gets_a_mail_of_its_own(warned: Engine) -> None:
    notify(warned, Postbag(wang=SendError("550 no such user", temporary=False)))
    corrected = Contact("507001", "王五", "wangwu@example.cn", Role.LEAD, None, None)
    bag = Postbag()

    notify(warned, bag, contacts=Contacts((CONTACTS.all[0], corrected)))

    assert bag.recipients == ["wangwu"]
    assert states(warned) == ["sent"] * 3


def test_a_mail_of_unknown_outcome_is_reported_and_not_sent_blindly(warned: Engine) -> None:
    lost = SendError("closed", temporary=False, unknown_outcome=True)
    outcome = notify(warned, Postbag(wang=lost))
    bag = Postbag()
    again = notify(warned, bag)

    assert [each.recipient for each in outcome.unknown] == ["wang@example.cn"]
    assert (bag.letters, again.queued) == ([], 0)
    assert (mails(warned)[0]["state"], states(warned)[2]) == ("unknown", "raised")


def test_a_mail_left_by_a_sender_that_died_is_reported_once_as_of_unknown_outcome(
    warned: Engine,
) -> None:
    with pytest.raises(KeyboardInterrupt):
        notify(warned, Postbag(wang=KeyboardInterrupt()))  # type: ignore[arg-type]
    assert mails(warned)[0]["state"] == "sending"

    soon = notify(warned, Postbag(), now=lambda: AT + timedelta(minutes=29))
    later = notify(warned, Postbag(), now=lambda: AT + timedelta(minutes=31))
    again = notify(warned, Postbag(), now=lambda: AT + timedelta(minutes=32))

    assert [len(each.unknown) for each in (soon, later, again)] == [0, 1, 0]
    assert [each.undelivered for each in (soon, later, again)] == [1, 1, 1]
    assert mails(warned)[0]["state"] == "unknown"


def test_a_slow_sender_that_was_given_up_records_what_the_server_said(warned: Engine) -> None:
    notify(warned, Postbag(wang=SendError("later", temporary=True)))
    with writing(warned) as connection:
        assert outbox.claim(connection, 1, at=AT)
    notify(warned, Postbag(), now=lambda: AT + timedelta(hours=1))

    with writing(warned) as connection:
        outbox.settle(connection, 1, MailState.SENT, at=AT)

    assert mails(warned)[0]["state"] == "sent"


def test_a_rise_is_told_in_a_new_mail_and_a_fall_is_not(warned: Engine, standing: Stand) -> None:
    notify(warned, Postbag())
    for paid, expected in ((50_00, 1), (450_00, 0), (50_00, 0)):
        changed = [standing(100_00 + paid), standing(paid, code="P2")]
        judge(warned, *changed)
        bag = Postbag()
        notify(warned, bag)
        assert len(bag.letters) == expected


def test_a_warning_cured_before_it_was_told_is_told_to_nobody(
    warned: Engine, standing: Stand
) -> None:
    cured = [standing(500_00), standing(500_00, code="P2"), standing(500_00, code="P3")]
    judge(warned, *cured)
    bag = Postbag()

    notify(warned, bag)

    assert bag.letters == []


def test_without_contacts_nothing_is_lost(warned: Engine) -> None:
    outcome = notify(warned, Postbag(), contacts=Contacts())
    bag = Postbag()
    notify(warned, bag)

    assert [each.id for each in outcome.diagnostics] == ["W102", "W102"]
    assert bag.recipients == ["wang", "zhang"]


def test_missing_lists_are_named_in_the_mail(warned: Engine) -> None:
    bag = Postbag()
    notify(warned, bag, covered=JANUARY_TO_JUNE[:-1])

    body = bag.letters[0].get_body(("plain",))
    assert body
    assert "2025年6月的支付明细尚未导入" in body.get_content()


def test_a_stop_leaves_the_rest_to_the_next_run(warned: Engine) -> None:
    bag = Postbag()
    notify(warned, bag, stopping=lambda: len(bag.letters) == 1)

    assert [mail["state"] for mail in mails(warned)] == ["sent", "waiting"]


@freeze_time("2025-10-31 16:30:00")
def test_the_first_of_november_begins_at_midnight_in_china(warned: Engine) -> None:
    bag = Postbag()
    notify(warned, bag, now=lambda: datetime.now(UTC))  # noqa: TID251 - frozen

    body = bag.letters[0].get_body(("plain",))
    assert body
    assert "可支付、申请调减、结转或结余收回" in body.get_content()


def test_two_notifies_at_once_send_each_mail_once(warned: Engine) -> None:
    bag, start = Postbag(), Barrier(4)

    def run() -> None:
        start.wait()
        notify(warned, bag)

    threads = [Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert bag.recipients == ["wang", "zhang"]
    assert states(warned) == ["sent"] * 3


_PROCESS = """
import sys
from pathlib import Path
from datetime import datetime, UTC
from monitor.alerts import lifecycle, sweep
from monitor.alerts.contacts import read_contacts
from monitor.alerts.letters import Stationery
from monitor.alerts.rules import AlertRules
from monitor.store.engine import open_engine

folder = Path(sys.argv[1])
def send(mail):
    with (folder / "log").open("a") as log:
        log.write(mail["Message-ID"] + "\\n")
outcome = sweep.notify(
    open_engine(f"sqlite:///{folder / 'monitor.db'}"),
    read_contacts((folder / "contacts.csv").read_bytes(), "contacts.csv"),
    send=send, now=lambda: datetime(2025, 7, 8, tzinfo=UTC), actor="测试",
    stationery=Stationery("m@example.cn", "财政局", AlertRules()), covered=[],
)
"""


def test_two_processes_at_once_send_each_mail_once(warned: Engine, tmp_path: Path) -> None:
    (tmp_path / "contacts.csv").write_text(
        "unit_code,name,email,role,valid_from,valid_to\n"
        "430001,甲,a@b.cn,lead,,\n507001,乙,b@b.cn,lead,,\n",
        "utf-8",
    )
    command = [sys.executable, "-c", _PROCESS, str(tmp_path)]
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    runs = [subprocess.Popen(command, env=environment) for _ in range(2)]

    assert [run.wait(60) for run in runs] == [0, 0]
    sent = (tmp_path / "log").read_text().split()
    assert len(sent) == len(set(sent)) == 2


def test_a_state_that_moved_on_stops_the_whole_check(warned: Engine, standing: Stand) -> None:
    with reading(warned) as connection:
        seen = alerts.load(connection, year=2025)
    with writing(warned) as connection:
        connection.execute(update(tables.warnings).values(state="sent"))
    decision = lifecycle.decide(seen, [standing(500_00)], [])

    with writing(warned) as connection, pytest.raises(MonitorError, match="已被别处更改"):
        alerts.apply(connection, decision.changes, at=AT, actor="测试")


def test_the_folder_holds_one_whole_mail_a_file(warned: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "outbox"
    notify(warned, folder_sender(folder))

    names = sorted(path.name for path in folder.iterdir())

    assert len(names) == 2
    assert names[0].startswith("【6月底】教育局：2个项目支出进度滞后（红色1、黄色1）-")
    assert all(name.endswith(".eml") for name in names)


def test_a_folder_that_cannot_be_written_leaves_the_mail_waiting(
    warned: Engine, tmp_path: Path
) -> None:
    (tmp_path / "outbox").write_text("no folder")

    outcome = notify(warned, folder_sender(tmp_path / "outbox"))

    assert len(outcome.waiting) == 2


def test_the_checkpoint_of_december_is_told_in_january(engine: Engine, standing: Stand) -> None:
    judge(engine, standing(0, date(2025, 12, 31)))
    bag = Postbag()
    notify(engine, bag, now=lambda: datetime(2026, 1, 8, tzinfo=UTC))

    assert bag.letters[0]["Subject"] == "【12月底】教育局：1个项目支出进度滞后（红色1）"
