"""Sending: each mail once, whatever fails, and whoever else sends at the same time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import Engine

from monitor.alerts.sending import Desk, wait
from monitor.alerts.smtp import SendError, folder_post
from monitor.alerts.trouble import tell_office
from monitor.domain.contact import Contact, Contacts, Role
from monitor.domain.warning import MailKind, State
from monitor.domain.working_days import SendingHours, WorkCalendar
from monitor.store import alerts, leases, outbox
from monitor.store.engine import reading, writing
from monitor.store.leases import Mail
from tests.alerts.outbox_office import (
    AT,
    Clock,
    Postbag,
    put,
    raise_warning,
    render,
    rows,
    send,
    states,
)

ROOT = Path(__file__).parents[2]
LATER = SendError("450 4.2.0 greylisted", temporary=True)
NEVER = SendError("550 5.1.1 no such user", temporary=False)
NO_SERVER = SendError("x:25 服务器拒绝连接", temporary=True, of_server=True)
OFFICE = Contacts((Contact("", "科长", "office@x.cn", Role.OFFICE, None, None),))


def warning_states(engine: Engine) -> list[State]:
    with reading(engine) as connection:
        return [each.state for each in alerts.load(connection)]


def test_a_mail_is_sent_and_what_it_told_is_recorded(engine: Engine) -> None:
    put(engine, "zhang", "wang")
    bag = Postbag()

    done = send(engine, bag, Clock())

    assert bag.recipients == ["zhang@x.cn", "wang@x.cn"]
    assert [each.words for each in done.sent] == ["250 OK", "250 OK"]
    assert bag.opened == 1
    assert states(engine) == {"zhang": "sent", "wang": "sent"}
    assert warning_states(engine) == [State.SENT, State.SENT]
    assert rows(engine)[0]["sent_at"] == "2025-07-08T10:00:00+08:00"


def test_a_second_run_sends_nothing(engine: Engine) -> None:
    put(engine, "zhang")
    send(engine, Postbag(), Clock())
    bag = Postbag()
    send(engine, bag, Clock(AT + timedelta(days=9)), by_hand=True)

    assert bag.mails == []


def test_a_temporary_failure_waits_longer_each_time_and_sends_the_same_bytes(
    engine: Engine,
) -> None:
    put(engine, "zhang")
    clock, waits = Clock(), []
    for _ in range(6):
        done = send(engine, Postbag({"zhang@x.cn": LATER}), clock)
        assert [each.words for each in done.waiting] == ["450 4.2.0 greylisted"]
        due = datetime.fromisoformat(rows(engine)[0]["due_at"])
        waits.append(due - clock.now)
        clock.now = due - timedelta(seconds=1)
        assert send(engine, Postbag(), clock).sent == []
        clock.now = due
    bag = Postbag()
    send(engine, bag, clock)

    for seen, minutes in zip(waits, (1, 5, 15, 60, 240, 240), strict=True):
        assert timedelta(minutes=minutes) * 4 / 5 <= seen <= timedelta(minutes=minutes) * 6 / 5
    assert "第 1 次时写成".encode() in render_text(bag)
    assert (rows(engine)[0]["attempts"], rows(engine)[0]["error"]) == (7, "")


def render_text(bag: Postbag) -> bytes:
    from email import message_from_bytes, policy

    body = message_from_bytes(bag.mails[0].content, policy=policy.SMTP).get_body()
    assert body is not None
    return str(body.get_content()).encode()


def test_waits_are_spread_over_the_mails() -> None:
    seen = {wait(3, f"<{number}@x>", of_server=False) for number in range(200)}

    assert len(seen) > 30
    assert wait(5, "<1@x>", of_server=True) <= timedelta(minutes=18)


def test_a_refusal_for_good_parks_the_mail_with_the_servers_words(engine: Engine) -> None:
    put(engine, "zhang", "wang")
    clock = Clock()
    done = send(engine, Postbag({"zhang@x.cn": NEVER}), clock)
    clock.later(days=9)
    again = send(engine, Postbag(), clock, by_hand=True)

    assert [each.words for each in done.failed] == ["550 5.1.1 no such user"]
    assert states(engine) == {"zhang": "failed", "wang": "sent"}
    assert rows(engine)[0]["error"] == "550 5.1.1 no such user"
    assert again.sent == []
    assert warning_states(engine) == [State.RAISED, State.SENT]


def telling_desk() -> Desk:
    def tell_of(connection: Any, mail: Mail, words: str, at: datetime) -> None:
        tell_office(connection, mail, words, contacts=OFFICE, domain="x.cn", at=at)

    return Desk(render, tell_of=tell_of)


def test_the_office_is_told_of_all_refusals_in_one_mail(engine: Engine) -> None:
    put(engine, "a", "b", "c")
    clock, bag = Clock(), Postbag({"a@x.cn": NEVER, "c@x.cn": NEVER})
    send(engine, bag, clock, desk=telling_desk())
    assert bag.recipients == ["b@x.cn"]
    clock.later(minutes=10)
    send(engine, bag, clock, desk=telling_desk())

    assert bag.recipients == ["b@x.cn", "office@x.cn"]
    note = next(row for row in rows(engine) if row["state"] == "sent" and row["kind"] == "trouble")
    with reading(engine) as connection:
        mail = leases.load(connection, note["id"])
    assert mail is not None
    assert [(each["to"], each["words"]) for each in mail.facts["mails"]] == [
        ("a@x.cn", NEVER.words), ("c@x.cn", NEVER.words),
    ]  # fmt: skip


def test_a_mail_that_a_person_tries_again_in_vain_is_told_of_again(engine: Engine) -> None:
    put(engine, "a")
    clock, bag = Clock(), Postbag({"a@x.cn": NEVER})
    for _ in range(2):
        send(engine, bag, clock, desk=telling_desk())
        clock.later(minutes=10)
        send(engine, bag, clock, desk=telling_desk())
        with writing(engine) as connection:
            assert outbox.retry(connection, at=clock.now, mail_id=1) == 1

    assert bag.recipients == ["office@x.cn", "office@x.cn"]


def test_of_a_refused_note_about_refusals_nobody_is_told(engine: Engine) -> None:
    put(engine, "a")
    clock, bag = Clock(), Postbag({"a@x.cn": NEVER, "office@x.cn": NEVER})
    for _ in range(3):
        send(engine, bag, clock, desk=telling_desk())
        clock.later(hours=1)

    assert [(row["kind"], row["state"]) for row in rows(engine)] == [
        ("digest", "failed"), ("trouble", "failed"),
    ]  # fmt: skip


def test_a_mail_put_off_thirty_times_is_parked_but_not_for_want_of_a_server(
    engine: Engine,
) -> None:
    put(engine, "zhang")
    clock = Clock()
    for _ in range(40):
        send(engine, Postbag({"zhang@x.cn": NO_SERVER}), clock)
        clock.later(hours=5)
    assert states(engine) == {"zhang": "waiting"}

    send(engine, Postbag({"zhang@x.cn": LATER}), clock)
    assert states(engine) == {"zhang": "failed"}
    assert rows(engine)[0]["error"] == "重试 41 次仍未成功：450 4.2.0 greylisted"


def test_where_the_server_is_gone_the_run_ends_soon_and_the_rest_is_untouched(
    engine: Engine,
) -> None:
    names = [f"n{number}" for number in range(9)]
    put(engine, *names)
    gone = {f"{name}@x.cn": NO_SERVER for name in names}

    done = send(engine, Postbag(dict(gone)), Clock())

    assert len(done.waiting) == 3
    assert [row["attempts"] for row in rows(engine)] == [1, 1, 1, 0, 0, 0, 0, 0, 0]


def test_one_mail_that_always_fails_holds_up_no_other(engine: Engine) -> None:
    put(engine, "never", *[f"n{number}" for number in range(5)])
    clock, bag = Clock(), Postbag({"never@x.cn": LATER})
    send(engine, bag, clock)
    clock.later(hours=9)
    put(engine, "late")
    send(engine, bag, clock)

    assert len(bag.mails) == 6
    assert states(engine)["never"] == "waiting"


def test_a_mail_that_cannot_be_made_is_parked_and_holds_up_no_other(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(mail: Mail) -> Any:
        return render(mail) if mail.name == "wang" else mail.facts["missing"]

    put(engine, "zhang", "wang")
    done = send(engine, Postbag(), Clock(), desk=Desk(broken))

    assert states(engine) == {"zhang": "failed", "wang": "sent"}
    assert done.failed[0].words == "邮件无法生成：'missing'"
    assert "邮件 1 无法生成" in caplog.text


def test_a_mail_that_took_half_its_lease_to_make_is_left_to_the_next_try(engine: Engine) -> None:
    clock, bag = Clock(), Postbag()

    def slow(mail: Mail) -> Any:
        clock.later(minutes=8)
        return render(mail)

    put(engine, "zhang")
    stop = [False, True]
    done = send(engine, bag, clock, desk=Desk(slow), stopping=lambda: stop.pop(0))
    assert (bag.mails, len(done.waiting)) == ([], 1)
    send(engine, bag, clock, desk=Desk(slow))

    assert bag.recipients == ["zhang@x.cn"]


def test_a_mail_with_nothing_left_to_tell_is_cancelled_instead(engine: Engine) -> None:
    put(engine, "zhang", "wang", "li")
    desk = Desk(render, still_true=lambda _, mail: mail.name == "wang")
    for by_hand in (False, True):
        bag = Postbag()
        done = send(engine, bag, Clock(), desk=desk, by_hand=by_hand)
        assert bag.recipients == ([] if by_hand else ["wang@x.cn"])
        assert len(done.cancelled) == (0 if by_hand else 2)
    assert states(engine) == {"zhang": "cancelled", "wang": "sent", "li": "cancelled"}


def test_mails_go_out_on_working_days_within_the_hours_and_by_hand_at_once(
    engine: Engine,
) -> None:
    new_year = WorkCalendar(frozenset({datetime(2025, 7, 9).date()}))  # noqa: DTZ001
    desk = Desk(render, is_open=SendingHours(new_year).is_open)
    for hours, sent in ((-3, 0), (8, 0), (24, 0), (46, 1)):
        put(engine, f"n{hours}")
        done = send(engine, Postbag(), Clock(AT + timedelta(hours=hours)), desk=desk)
        assert bool(done.sent) == bool(sent), hours
    put(engine, "night")
    assert len(send(engine, Postbag(), Clock(AT), desk=desk, by_hand=True).sent) == 1


def test_by_hand_everything_leaves_that_is_not_held_each_tried_once(engine: Engine) -> None:
    put(engine, "put-off")
    clock, bag = Clock(), Postbag({"put-off@x.cn": LATER})
    send(engine, bag, clock)
    put(engine, "prepared", release_at=AT + timedelta(days=1))
    put(engine, "manual", release_at=None)
    put(engine, "held", unit_code="507001")
    with writing(engine) as connection:
        outbox.hold(connection, unit="507001")

    send(engine, bag, clock)
    assert bag.mails == []
    done = send(engine, bag, clock, by_hand=True)

    assert bag.recipients == ["prepared@x.cn", "manual@x.cn"]
    assert len(done.waiting) == 1
    assert states(engine)["held"] == "held"


def test_a_stop_leaves_the_rest_to_the_next_run(engine: Engine) -> None:
    put(engine, "zhang", "wang")
    bag = Postbag()
    send(engine, bag, Clock(), stopping=lambda: len(bag.mails) == 1)

    assert states(engine) == {"zhang": "sent", "wang": "waiting"}


def test_what_a_sender_that_died_had_is_sent_after_a_while_with_the_same_id(
    engine: Engine,
) -> None:
    put(engine, "zhang")
    clock, bag = Clock(), Postbag({"zhang@x.cn": KeyboardInterrupt()})
    with pytest.raises(KeyboardInterrupt):
        send(engine, bag, clock)
    bag.refusals.clear()
    clock.later(minutes=15)
    assert send(engine, bag, clock, by_hand=True).sent == []
    clock.later(minutes=1)
    assert len(send(engine, bag, clock).sent) == 1

    assert bag.mails[0].message_id == rows(engine)[0]["message_id"]
    assert "第 1 次时写成".encode() in render_text(bag)


def test_a_mail_tells_its_own_warnings_alone(engine: Engine) -> None:
    put(engine, "zhang")
    other = raise_warning(engine, "P9")
    send(engine, Postbag(), Clock())

    with reading(engine) as connection:
        [untold] = alerts.load(connection, state=State.RAISED)
    assert untold.id == other


def test_four_senders_at_once_send_each_mail_once(engine: Engine) -> None:
    put(engine, *[f"n{number}" for number in range(20)])
    bag, start = Postbag(), Barrier(4)

    def run() -> None:
        start.wait()
        send(engine, bag, Clock())

    threads = [Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(bag.recipients) == sorted(f"n{number}@x.cn" for number in range(20))


_PROCESS = """
import sys
from contextlib import contextmanager
from tests.alerts.outbox_office import Clock, render
from monitor.alerts.sending import Desk, send_due
from monitor.store.engine import open_engine

url, log = sys.argv[1:]

@contextmanager
def post():
    def send(mail):
        with open(log, "a") as file:
            file.write(mail.message_id + "\\n")
        return "250 OK"
    yield send

sys.stdin.read(1)
done = send_due(open_engine(url), post, Desk(render), now=Clock(), actor="测试")
print(len(done.sent))
"""


def two_processes(url: str, log: Path) -> tuple[list[int], list[str]]:
    """How many mails each of two senders sent, and the Message-IDs that left."""
    command = [sys.executable, "-c", _PROCESS, url, str(log)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    runs = [
        subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    for run in runs:
        assert run.stdin is not None
        run.stdin.write("x")
        run.stdin.flush()
    counts = [int(run.communicate(timeout=60)[0]) for run in runs]
    return counts, log.read_text().split()


def test_two_processes_at_once_send_each_mail_once(engine: Engine, tmp_path: Path) -> None:
    put(engine, *[f"n{number}" for number in range(60)])

    counts, left = two_processes(f"sqlite:///{tmp_path / 'monitor.db'}", tmp_path / "log")

    assert sum(counts) == len(left) == len(set(left)) == 60
    assert set(states(engine).values()) == {"sent"}


_DYING = """
import os, signal, sys
from contextlib import contextmanager
from tests.alerts.outbox_office import Clock, render
from monitor.alerts.sending import Desk, send_due
from monitor.store.engine import open_engine

@contextmanager
def post():
    def send(mail):
        os.kill(os.getpid(), signal.SIGKILL)
    yield send

send_due(open_engine(sys.argv[1]), post, Desk(render), now=Clock(), actor="测试")
"""


def test_a_sender_killed_in_the_middle_loses_nothing(engine: Engine, tmp_path: Path) -> None:
    put(engine, "zhang", "wang")
    url = f"sqlite:///{tmp_path / 'monitor.db'}"
    killed = subprocess.run(
        [sys.executable, "-c", _DYING, url],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False,
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL
    assert states(engine) == {"zhang": "sending", "wang": "waiting"}

    bag = Postbag()
    send(engine, bag, Clock(datetime(2025, 7, 8, 3, tzinfo=UTC)))
    assert sorted(bag.recipients) == ["wang@x.cn", "zhang@x.cn"]


def test_the_folder_holds_one_whole_mail_a_file(engine: Engine, tmp_path: Path) -> None:
    put(engine, "zhang", subject="【6月底】教育局：2 个项目/滞后")
    folder = tmp_path / "outbox"
    send(engine, lambda: folder_post(folder), Clock())  # type: ignore[arg-type]

    [file] = folder.iterdir()
    assert file.name.startswith("【6月底】教育局：2_个项目_滞后-")
    assert file.suffix == ".eml"
    assert file.read_bytes().startswith(b"Subject: =?utf-8?")


def test_a_folder_that_cannot_be_written_leaves_the_mail_waiting(
    engine: Engine, tmp_path: Path
) -> None:
    put(engine, "zhang")
    (tmp_path / "outbox").write_text("no folder")

    done = send(engine, lambda: folder_post(tmp_path / "outbox"), Clock())  # type: ignore[arg-type]

    assert len(done.waiting) == 1
    assert rows(engine)[0]["kind"] == MailKind.DIGEST
