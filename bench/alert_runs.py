"""One measured step of `bench.alerts`, in a process of its own: its figures as JSON.

    python -m bench.alert_runs STEP WORKSPACE

The clock stands at a day of July, or of August for `later`: the workspace's year is 2025.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from bench.payment_lists import YEAR
from monitor.alerts.sending import Deliveries, send_due
from monitor.alerts.smtp import MailServer, Outgoing, Send, SendError, smtp_post
from monitor.bootstrap import App, open_workspace
from monitor.domain.calendar import CHINA

AS_OF = date(YEAR, 6, 30)
NOON = datetime(YEAR, 7, 8, 12, tzinfo=CHINA)
NEXT, LATER = NOON.replace(day=9, hour=13), NOON.replace(month=8)
STUBBORN = "lead7@example.cn"
"""Whose server puts every mail off, whenever it is tried."""
_SERVER = f"""
import asyncio
from aiosmtpd.smtp import SMTP
class Sink:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address == "{STUBBORN}":
            return "450 mailbox busy"
        envelope.rcpt_tos.append(address)
        return "250 OK"
    async def handle_DATA(self, server, session, envelope):
        return "250 OK"
async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Sink()), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
"""


def check(folder: Path) -> dict[str, Any]:
    """Judges 30 June; also what SELECT statements it sent, for the peer to repeat."""
    app = open_workspace(folder, now=lambda: NOON, actor="bench")
    outcome, figures = _measured(lambda: app.check(as_of=AS_OF, year=YEAR))
    rules = Counter(each.rule for each in outcome.found)
    return figures | {"rules": rules, "changes": len(outcome.changes)}


def render(folder: Path) -> dict[str, Any]:
    """Leases, renders and stores every mail; each is then put off, so that none leaves."""
    app = open_workspace(folder, now=lambda: NEXT, actor="bench")

    def put_off(_mail: Outgoing) -> str:
        raise SendError("450 later", temporary=True)

    @contextmanager
    def post() -> Iterator[Send]:
        yield put_off

    return _sent(app, lambda: send_due(app.engine, post, app.desk(), now=app.now, actor="bench"))


def later(folder: Path) -> dict[str, Any]:
    """Sends the stored mails to a local server that always puts one recipient off."""
    app = open_workspace(folder, now=lambda: LATER, actor="bench")
    command = [sys.executable, "-c", _SERVER]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        to = MailServer("127.0.0.1", port, "monitor@example.cn", "财政局", security="none")
        desk = replace(app.desk(), render=_rendered_before)
        found = _sent(
            app,
            lambda: send_due(app.engine, lambda: smtp_post(to), desk, now=app.now, actor="bench"),
        )
        server.kill()
    return found


def _rendered_before(_mail: object) -> Any:
    raise AssertionError("all mails are stored")


def _sent(app: App, act: Callable[[], Deliveries]) -> dict[str, Any]:
    done, figures = _measured(act)
    app.engine.dispose()
    lists = {"sent": done.sent, "waiting": done.waiting, "failed": done.failed}
    counts = {name: len(found) for name, found in lists.items()}
    return figures | counts | {"put_off": [each.recipient for each in done.waiting][:3]}


def _measured(act: Callable[[], Any]) -> tuple[Any, dict[str, Any]]:
    wall, cpu = time.perf_counter(), time.process_time()
    result = act()
    figures = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    status = Path("/proc/self/status").read_text()  # getrusage would count what the parent held
    peak = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert peak is not None
    return result, figures | {"megabytes": int(peak[1]) / 1024}


STEPS: dict[str, Callable[[Path], dict[str, Any]]] = {
    "check": check,
    "render": render,
    "later": later,
}

if __name__ == "__main__":
    print(json.dumps(STEPS[sys.argv[1]](Path(sys.argv[2]))))
