"""A signed year on PostgreSQL: frozen, compared and taken back as on SQLite."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Monitor
from tests.cli.form_office import TARGETS, UNIT
from tests.cli.small_office import CODE, HEADER, line
from tests.live.test_postgresql import new_database, server  # noqa: F401 - a fixture

pytestmark = pytest.mark.live

YEAR = ("--year", "2025")


def story(monitor: Monitor, folder: Path) -> dict[str, Any]:
    """Signs a year, lets a payment come, compares, takes it back and signs again."""
    files = {"目标.txt": TARGETS, "3月.csv": HEADER + line("A1", "400.00")}
    files["补.csv"] = HEADER + line("A2", "200.00", day="2025-12-30")
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    months = [word for n in range(1, 13) for word in ("--month", f"2025-{n:02d}")]
    monitor.ok("init", monitor.folder)
    monitor.ok("targets", "import", folder / "目标.txt", *YEAR)
    monitor.ok("payments", "import", folder / "3月.csv")
    monitor.ok("payments", "coverage", "confirm", "--unit", UNIT, *months, "--note", "已核对")
    monitor.ok("report", "finalize", *YEAR, "--allow-open")
    monitor.ok("payments", "import", folder / "补.csv")
    changed = monitor.json("report", "compare", *YEAR)
    monitor.ok("report", "finalize", *YEAR, "--undo", "--reason", "补登支付")
    monitor.ok("report", "finalize", *YEAR, "--allow-open")
    rows = monitor.json("report", "finalize", *YEAR, "--list")
    same = monitor.json("report", "compare", *YEAR)
    kept = ("sha256", "documents", "state", "undone_reason", "projects")
    explained = monitor.json("explain", CODE, *YEAR)
    return {
        "changed": changed,
        "same": same,
        "history": [[row[key] for key in kept if key != "documents"] for row in rows],
        "documents": [sorted(row["documents"]) for row in rows],
        "steps": explained["budget_steps"],
        "points": explained["points"],
    }


def test_a_signed_year_is_the_same_on_both_databases(
    server: str,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = []
    for name, url in (("pg", new_database(server, "signed")), ("lite", "")):
        folder = tmp_path / name
        folder.mkdir()
        monkeypatch.setenv("MONITOR_WORKSPACE", str(folder / "office"))
        monkeypatch.setenv("MONITOR_DATABASE", url) if url else monkeypatch.delenv(
            "MONITOR_DATABASE"
        )
        told.append(story(Monitor(folder / "office"), folder))

    assert told[0] == told[1]
    assert told[0]["same"] == []
    added = [(r["number"], r["amount_fen"], r["file"], r["line"]) for r in told[0]["changed"]
             if r["kind"] == "payment-added"]  # fmt: skip
    assert added == [("A2", 200_00, "补.csv", 2)]
    assert [row[1] for row in told[0]["history"]] == ["undone", "in-force"]
