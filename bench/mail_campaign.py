"""No mail lost, none doubled outside of its window: a failing server, senders killed at random.

    python -m bench.mail_campaign --mails 1000 --faults 200 --kills 100 --seed 1

Two sender processes at once send the mails of one outbox over STARTTLS to `bench.mail_server`, and
are killed by SIGKILL: half of them at any moment, half of them just when the server has accepted a
mail. What was accepted is told from the server's own log. Then:

lost: a mail recorded as sent that the server never accepted, or one that is neither accepted nor
    parked with the server's words when all is done.
doubled: a Message-ID that the server accepted more than once.
doubled outside of the window: such a one where an earlier acceptance is explained neither by the
    server (it accepted, and then dropped the connection or fell silent: it never said so) nor by
    the sender's death (it was killed, and this was the last mail accepted from it: every mail
    before it was recorded, or the next one would not have been leased). Must be 0.
altered: a second copy whose bytes are not those of the first. Must be 0.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, insert

from bench.mail_judge import Killed, judge
from bench.mail_server import LATER, NEVER
from monitor.alerts.sending import Desk, send_due
from monitor.alerts.smtp import MailServer, smtp_post
from monitor.alerts.trouble import tell_office
from monitor.domain.contact import Contact, Contacts, Role
from monitor.domain.draft import Draft, Tell
from monitor.domain.progress import Grade
from monitor.domain.warning import MailKind, MailState, Purpose
from monitor.store import outbox, tables
from monitor.store.alert_tables import warnings
from monitor.store.engine import open_engine, writing
from monitor.store.leases import Mail

SENDERS = 2
TIMEOUT = 0.6  # seconds that a sender waits for an answer
SLOW = 0.9  # seconds after which a late answer comes
LEASE = timedelta(seconds=10)
QUIET = LEASE.total_seconds() + 5  # seconds without an acceptance: no mail waits for as long
SPEED = 120  # the senders' clocks: waits of minutes pass in seconds
START = datetime(2025, 7, 8, tzinfo=UTC)
OFFICE = Contacts((Contact("", "科长", "office@example.cn", Role.OFFICE, None, None),))


def clock(began: float) -> Any:
    """A clock that all processes share, and that goes faster than the real one."""
    return lambda: START + timedelta(seconds=(time.time() - began) * SPEED)  # noqa: TID251


def render(mail: Mail) -> EmailMessage:
    message = EmailMessage(policy=policy.SMTP)
    message["Subject"], message["To"] = mail.subject, mail.recipient
    message["From"], message["Message-ID"] = "monitor@example.cn", mail.message_id
    lines = "".join(f".第 {n} 行\n" for n in range(30))
    message.set_content(f"{mail.name}，第 {mail.attempts} 次、由 {os.getpid()} 写成\n{lines}")
    return message


def tell_of(connection: Any, mail: Mail, words: str, at: datetime) -> None:
    tell_office(connection, mail, words, contacts=OFFICE, domain="example.cn", at=at)


def fill(engine: Engine, count: int) -> None:
    """An outbox of mails, each of which tells a warning of its own; two addresses never work."""
    tables.metadata.create_all(engine)
    with writing(engine) as connection:
        for number in range(count):
            name = {0: NEVER, 1: LATER}.get(number, f"lead{number}@")
            warning = connection.scalars(
                insert(warnings)
                .returning(warnings.c.id)
                .values(
                    rule="W01", year=2025, subject=f"P{number}", period="06", unit_code="430001",
                    severity=Grade.RED, state="raised", as_of=date(2025, 6, 30), figures={},
                    doubts=[], details=[], quiet=False, for_office=False, raised_at=START,
                )
            ).one()  # fmt: skip
            draft = Draft(
                MailKind.DIGEST, f"{name}example.cn", "张三", f"run-{number}", 2025, "430001",
                f"第 {number} 封", {}, (Tell(warning, Grade.RED, Purpose.TELL),), START,
            )  # fmt: skip
            outbox.prepare(connection, draft, domain="example.cn", at=START)


def be_a_sender(url: str, port: int, folder: Path, began: float) -> None:
    """What a sender process does until it is killed, or nothing is due for a while."""
    server = MailServer(
        "localhost", port, f"s{os.getpid()}@example.cn", "财政局", timeout=TIMEOUT,
        ca_file=str(folder / "cert.pem"),
    )  # fmt: skip
    engine, now = open_engine(url), clock(began)
    desk = Desk(render, tell_of=tell_of, lease=LEASE * SPEED)
    for _ in range(40):
        send_due(engine, lambda: smtp_post(server), desk, now=now, actor="bench")
        time.sleep(0.05)


def fork_sender(*args: Any) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        be_a_sender(*args)
    except BaseException as error:
        print(f"sender {os.getpid()}: {error!r}", file=sys.stderr, flush=True)
        os._exit(1)
    os._exit(0)


class Watch:
    """What the server accepts, as it happens."""

    def __init__(self, log: Path) -> None:
        self._log, self._at = log, 0

    def new(self) -> list[str]:
        """The senders whose mails were accepted since the last look."""
        if not self._log.exists():
            return []
        with self._log.open("rb") as file:
            file.seek(self._at)
            read = file.read()
        whole = read[: read.rfind(b"\n") + 1]
        self._at += len(whole)
        return [each["by"] for each in map(json.loads, whole.splitlines()) if "accepted" in each]


def kill(pid: int, killed: Killed) -> None:
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    killed.names.add(f"s{pid}@example.cn")


def kill_some(args: argparse.Namespace, sender: tuple[Any, ...], log: Path) -> Killed:
    """Keeps two senders running and kills them, half at any moment, half at an acceptance.

    Once the server accepts no more, all mails being sent, the rest are killed at any moment.
    """
    chance, killed, watch = random.Random(args.seed), Killed(), Watch(log)
    accepted = time.monotonic()
    running: dict[int, float] = {}
    while len(killed.names) < args.kills:
        while len(running) < SENDERS:
            running[fork_sender(*sender)] = time.monotonic() + chance.uniform(0.02, 0.5)
        for name in watch.new():
            accepted = time.monotonic()
            pid = int(name[1:].partition("@")[0])
            if pid in running and chance.random() < 0.12 and len(killed.names) < args.kills:
                time.sleep(chance.uniform(0, 0.004))
                kill(pid, killed)
                killed.at_acceptance += 1
                del running[pid]
        for pid, until in list(running.items()):
            if os.waitpid(pid, os.WNOHANG)[0]:
                del running[pid]
            elif time.monotonic() > until and (
                killed.at_any_moment < args.kills / 2 or time.monotonic() > accepted + QUIET
            ):
                kill(pid, killed)
                killed.at_any_moment += 1
                del running[pid]
        time.sleep(0.0005)
    for pid in running:
        os.kill(pid, signal.SIGTERM)
        os.waitpid(pid, 0)
        killed.names.add(f"s{pid}@example.cn")  # ended in the middle, like the others
    return killed


def drain(engine: Engine, sender: tuple[Any, ...], limit: float) -> None:
    """Lets senders work until only the hopeless addresses are open, and retries what is parked."""
    until = time.monotonic() + limit
    while time.monotonic() < until:
        pids = [fork_sender(*sender) for _ in range(SENDERS)]
        if failed := [pid for pid in pids if os.waitpid(pid, 0)[1]]:
            raise RuntimeError(f"senders failed: {failed}")
        with writing(engine) as connection:
            rows = outbox.rows(connection)
            open_ = [
                row for row in rows
                if row["state"] not in (MailState.SENT, MailState.CANCELLED)
                and not row["to"].startswith((NEVER, LATER))
            ]  # fmt: skip
            if not open_:
                return
            for row in open_:
                if row["state"] == MailState.FAILED:  # as a person would, with `mail retry`
                    outbox.retry(connection, at=clock(sender[3])(), mail_id=row["id"])


@contextmanager
def server(folder: Path, args: argparse.Namespace) -> Iterator[int]:
    """The port of a server process."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout",
         folder / "key.pem", "-out", folder / "cert.pem", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost"],
        check=True, capture_output=True,
    )  # fmt: skip
    settings = {"folder": str(folder), "faults": args.faults, "seed": args.seed, "slow": SLOW}
    command = [sys.executable, "-m", "bench.mail_server"]
    with subprocess.Popen(
        [*command, json.dumps(settings | {"mails": args.mails})], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            yield int(process.stdout.readline())
        finally:
            process.kill()


def run(args: argparse.Namespace, folder: Path) -> dict[str, Any]:
    url, log = args.database or f"sqlite:///{folder / 'monitor.db'}", folder / "server.log"
    engine = open_engine(url)
    fill(engine, args.mails)
    engine.dispose()
    with server(folder, args) as port:
        began = time.monotonic()
        sender = (url, port, folder, time.time())  # noqa: TID251
        killed = kill_some(args, sender, log)
        drain(engine, sender, args.limit)
        seconds = time.monotonic() - began
        lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    faults = Counter(f"{each['command']} {each['fault']}" for each in lines if "fault" in each)
    figures = judge(engine, log, killed)
    engine.dispose()
    return {
        "faults put in": faults.total(),
        "kinds of faults": len(faults),
        "kills": killed.at_any_moment + killed.at_acceptance,
        "kills at an acceptance": killed.at_acceptance,
        "seconds": round(seconds),
        **figures,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mails", type=int, default=1_000)
    parser.add_argument("--faults", type=int, default=200)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=float, default=600, help="seconds for the mails left over")
    parser.add_argument("--database", help="an empty PostgreSQL database instead of SQLite")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = run(args, Path(folder))
    print(json.dumps(figures, ensure_ascii=False, indent=1))
    must_be_nothing = ("lost", "doubled outside of the window", "altered", "told more than once")
    return int(any(figures[name] for name in must_be_nothing))


if __name__ == "__main__":
    sys.exit(main())
