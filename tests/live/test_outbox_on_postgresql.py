"""Leases on a real PostgreSQL: two sender processes, each mail once."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.store import tables
from monitor.store.engine import open_engine
from tests.alerts.outbox_office import put, rows, states
from tests.alerts.test_sending import two_processes
from tests.live.test_postgresql import new_database, server  # noqa: F401 - a fixture

pytestmark = pytest.mark.live


def test_two_processes_on_postgresql_send_each_mail_once(
    server: str,  # noqa: F811
    tmp_path: Path,
) -> None:
    url = new_database(server, "outbox")
    engine = open_engine(url)
    tables.metadata.create_all(engine)
    put(engine, *[f"n{number}" for number in range(60)])

    counts, left = two_processes(url, tmp_path / "log")

    assert sum(counts) == len(left) == len(set(left)) == 60
    assert set(states(engine).values()) == {"sent"}
    assert {row["attempts"] for row in rows(engine)} == {1}
    engine.dispose()
