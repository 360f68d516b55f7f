"""The manual's table of JSON keys is that of the program, key by key and in order."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from docs import generate
from tests.cli.conftest import Monitor

_ROW = re.compile(r"^\| `monitor ([^`]+)` \| ((?:`\w+` ?)+)\|$", re.MULTILINE)
DOCUMENTED = {
    command: re.findall(r"`(\w+)`", keys)
    for command, keys in _ROW.findall(generate.MANUAL.read_text(encoding="utf-8"))
}


@pytest.fixture
def busy(beside_the_demo: Path, monkeypatch: pytest.MonkeyPatch) -> Monitor:
    """A workspace in which every list has a row: a unit's documents, a list, and a changed copy."""
    monkeypatch.delenv("MONITOR_DATABASE", raising=False)
    sample, office = beside_the_demo / "demo" / "sample", beside_the_demo / "office"
    monkeypatch.setenv("MONITOR_WORKSPACE", str(office))
    monitor = Monitor(office)
    monitor.ok("init", office)
    (office / "contacts.csv").write_bytes((sample / "contacts.csv").read_bytes())
    monitor.ok("targets", "import", "--year", "2025", *(sample / "targets").glob("*.txt"))
    first = sample / "payments" / "2025-01.csv"
    changed = beside_the_demo / "2025-01-changed.csv"
    changed.write_bytes(first.read_bytes().replace(b".00,", b".01,"))
    monitor.ok("payments", "import", first, changed)
    ignored = "13069825Y00GY5322001L"
    monitor.ok("payments", "ignore", "--code", ignored, "--reason", "公用经费")
    unit, project = "245001", "13069825P00XTD245010F"
    rule = ("--unit", unit, "--purpose", "公积金", "--project", project, "--reason", "试")
    monitor.ok("payments", "rule", "add", *rule)
    monitor.ok("check", "--as-of", "2025-03-31")
    monitor.ok("notify")
    finalized_and_changed(monitor, unit, project)
    return monitor


def finalized_and_changed(monitor: Monitor, unit: str, project: str) -> None:
    """A unit's year is signed, and an adjustment is recorded afterwards."""
    months = [word for month in range(2, 13) for word in ("--month", f"2025-{month:02d}")]
    monitor.ok("payments", "coverage", "confirm", "--unit", unit, "--nil", *months)
    monitor.ok("report", "finalize", "--year", "2025", "--unit", unit, "--allow-open")
    changed = ("--kind", "追加", "--amount", "100", "--on", "2025-09-01", "--document", "一号")
    monitor.ok("targets", "adjust", project, "--year", "2025", *changed)


def test_the_table_names_every_command_that_lists_rows_as_json() -> None:
    listing = {
        ctx.command_path.removeprefix("monitor ")
        for command, ctx in generate.commands()
        if any(option.name == "format_" for option in generate.options(command))
    }

    targets = ("list", "show", "check", "history", "plan-review", "retire")
    others = {"explain", "imports show", "form check"}
    explained_in_words = {*others, *(f"targets {name}" for name in targets)}
    named = {re.sub(r" (--.*|\d\w*)$", "", name) for name in DOCUMENTED}
    assert named == listing - explained_in_words


def test_the_keys_of_every_row_are_as_in_the_manual(busy: Monitor) -> None:
    for command, keys in DOCUMENTED.items():
        of_today = ("progress", "payments refunds", "report", "form status")
        year = ["--year", "2025"] if command.startswith(of_today) else []
        answer = busy.json(*shlex.split(command), *year)
        assert answer, command
        row = answer[0] if isinstance(answer, list) else answer
        assert list(row) == keys, command
