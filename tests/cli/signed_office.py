"""What is done with a unit whose year is signed."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.cli.conftest import Monitor
from tests.cli.small_office import CODE, HEADER

Write = Callable[..., Path]
YEAR = ("--year", "2025")
FINALIZE = ("report", "finalize", *YEAR)
COMPARE = ("report", "compare", *YEAR)
OTHER = CODE[:-1] + "6"
SECOND = "13022925P00JXC4198999"


def pay(office: Monitor, write: Write, name: str, *lines: str) -> None:
    office.ok("payments", "import", write(name, HEADER + "".join(lines)))


def signed(office: Monitor) -> dict[str, Any]:
    """The finalization that is made, whatever is open."""
    office.ok(*FINALIZE, "--allow-open")
    [row] = [each for each in history(office) if each["state"] == "in-force"]
    return dict(row)


def history(office: Monitor) -> list[dict[str, Any]]:
    return list(office.json(*FINALIZE, "--list"))


def reports(office: Monitor, out: Path) -> dict[str, str]:
    """Every year-end report, written; the SHA-256 of each file by its path."""
    formats = ("--format", "docx", "--format", "xlsx")
    office.ok("report", "self-assessment", *YEAR, *formats, "--out", out)
    office.ok("report", "unit", *YEAR, "--out", out)
    office.ok("report", "summary", *YEAR, "--out", out / "汇总.xlsx")
    return {
        path.relative_to(out).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in out.rglob("*.*")
        if path.suffix in (".docx", ".xlsx")
    }


def changes(office: Monitor, *more: str) -> list[tuple[Any, ...]]:
    """What compare tells of payments: kind, project, number, day, fen, file, line, then, now."""
    keys = (
        *("kind", "project_code", "number", "pay_date", "amount_fen"),
        *("file", "line", "frozen", "now"),
    )
    rows = office.json(*COMPARE, *more)
    return [tuple(row[k] for k in keys) for row in rows if row["number"]]
