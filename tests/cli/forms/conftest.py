"""A unit on the day when its year is assessed, and the form that it was sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from freezegun import freeze_time

from tests.cli.conftest import Monitor
from tests.cli.form_office import TARGETS, export
from tests.cli.small_office import HEADER, line


@pytest.fixture
def office(monitor: Monitor, write: Callable[..., Path]) -> Iterator[Monitor]:
    """An office on 10 January 2026, when the year 2025 is assessed."""
    with freeze_time("2026-01-10 09:00:00+08:00"):
        monitor.ok("targets", "import", write("目标.txt", TARGETS), "--year", "2025")
        monitor.ok("payments", "import", write("2025年6月.csv", HEADER + line("A1")))
        yield monitor


@pytest.fixture
def form(office: Monitor, tmp_path: Path) -> Path:
    return export(office, tmp_path / "填报表.xlsx")
