"""How many stored mails a second leave for a local SMTP server, aiosmtpd in a process of its own.

    python -m bench.mail_speed --mails 500

The mails are rendered before (text, HTML and an attachment of 8 KB: 25 KB as sent), the database is
a SQLite file with its usual safety. Exit status 1 below the limit of 50 a second.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from pathlib import Path

from sqlalchemy import update

from monitor.alerts.sending import Desk, send_due
from monitor.alerts.smtp import MailServer, smtp_post
from monitor.domain.draft import Draft
from monitor.domain.warning import MailKind
from monitor.store import outbox, tables
from monitor.store.alert_tables import mails
from monitor.store.engine import open_engine, writing
from monitor.store.leases import Mail

LIMIT = 50
AT = datetime(2025, 7, 8, tzinfo=UTC)
_SERVER = """
import asyncio, sys
from aiosmtpd.smtp import SMTP
class Sink:
    async def handle_DATA(self, server, session, envelope):
        return "250 OK"
async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Sink()), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
"""


def content(number: int) -> bytes:
    mail = EmailMessage(policy=policy.SMTP)
    mail["Subject"], mail["To"] = f"【6月底】第 {number} 个单位", f"lead{number}@example.cn"
    mail["From"], mail["Message-ID"] = "monitor@example.cn", f"<{number}@example.cn>"
    mail.set_content("项目支出进度滞后。\n" * 100, cte="base64")
    mail.add_alternative("<p>项目支出进度滞后。</p>\n" * 150, subtype="html", cte="base64")
    mail.add_attachment(os.urandom(8_000), maintype="application", subtype="x", filename="a.xlsx")
    return mail.as_bytes(policy=policy.SMTP)


def rendered_before(_mail: Mail) -> EmailMessage:
    raise AssertionError("all mails are stored")


def measure(count: int, folder: Path) -> float:
    """Mails a second, from the first lease to the last record."""
    engine = open_engine(f"sqlite:///{folder / 'monitor.db'}")
    tables.metadata.create_all(engine)
    with writing(engine) as connection:
        for number in range(count):
            draft = Draft(
                MailKind.DIGEST, f"lead{number}@example.cn", "张三", f"run-{number}", 2025, "",
                f"第 {number} 封", {}, (), AT,
            )  # fmt: skip
            mail_id = outbox.prepare(connection, draft, domain="example.cn", at=AT)
            connection.execute(
                update(mails).where(mails.c.id == mail_id).values(content=content(number))
            )
    command = [sys.executable, "-c", _SERVER]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        to = MailServer("127.0.0.1", port, "monitor@example.cn", "财政局", security="none")
        start = time.perf_counter()
        done = send_due(
            engine, lambda: smtp_post(to), Desk(rendered_before), now=lambda: AT, actor="bench"
        )
        seconds = time.perf_counter() - start
        server.kill()
    engine.dispose()
    if len(done.sent) != count:
        raise SystemExit(f"only {len(done.sent)} of {count} mails left")
    return count / seconds


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mails", type=int, default=500)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        speed = measure(args.mails, Path(folder))
    print(f"{args.mails} stored mails: {speed:.0f} a second (limit {LIMIT})")
    return int(speed < LIMIT)


if __name__ == "__main__":
    sys.exit(main())
