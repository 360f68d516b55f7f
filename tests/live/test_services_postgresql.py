"""Two services as processes on one PostgreSQL database: each run is done once."""

from __future__ import annotations

import json
import signal
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.live.conftest import Process
from tests.live.test_postgresql import new_database
from tests.live.test_postgresql import server as server  # noqa: PLC0414 - a fixture

pytestmark = pytest.mark.live


def test_two_services_on_one_postgresql_database_do_each_run_once(
    server: str, tmp_path: Path
) -> None:
    office = Process(tmp_path / "office")
    office.environment["MONITOR_DATABASE"] = new_database(server, "services")
    office.ok("init", office.folder)
    services = [office.start("run") for _ in range(2)]
    jobs = {"inbox", "after-import", "checkpoints", "daily", "reminders", "outbox"}
    until = time.monotonic() + 180  # a busy machine takes its time; here it is 10 seconds
    status: dict[str, Any] = {}
    while not all(status.get(job, {}).get("finished_at") for job in jobs):
        assert time.monotonic() < until, {
            k: (v.get("finished_at"), v.get("failures"), v.get("outcome"))
            for k, v in status.items()
            if k in jobs
        }
        time.sleep(1)  # asking takes a processor, which the services need
        rows = office.json("status")
        status = {row["figures"].get("job", row["check"]): row["figures"] for row in rows}
    for service in services:
        service.send_signal(signal.SIGTERM)
    said = [service.communicate(timeout=60)[1] for service in services]

    assert [service.returncode for service in services] == [0, 0]
    assert len(status["服务"]["alive"]) == 2
    assert all(status[job]["next_at"] for job in jobs)
    lines = [json.loads(line) for each in said for line in each.splitlines()]
    assert {line["level"] for line in lines} == {"info"}
    runs = Counter((line["job"], line["period"]) for line in lines if "period" in line)
    assert {times for run, times in runs.items() if run[1] != "latest"} == {1}
