"""A small office that settles whatever its lists leave open, and takes much of it back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.cli.conftest import Monitor
from tests.cli.small_office import CODE, HEADER, TARGET, line


def without_moments(told: Any) -> Any:
    """Without what differs each time: numbers of imports, and when something was done."""
    if isinstance(told, list):
        return [without_moments(each) for each in told]
    if not isinstance(told, dict):
        return told
    return {
        k: without_moments(v)
        for k, v in told.items()
        if k not in ("id", "at") and not k.endswith("_at")
    }


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
