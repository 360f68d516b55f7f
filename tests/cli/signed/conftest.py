"""A unit with two projects whose whole year has come."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Monitor
from tests.cli.form_office import TARGETS, UNIT
from tests.cli.signed_office import SECOND, YEAR, Write, pay
from tests.cli.small_office import CODE, line


@pytest.fixture
def office(monitor: Monitor, write: Write) -> Monitor:
    """A unit with two projects, one payment each; all months of the year have come."""
    second = TARGETS.replace(CODE, SECOND).replace("热线服务", "档案整理")
    monitor.ok("targets", "import", write("目标.txt", TARGETS), *YEAR)
    monitor.ok("targets", "import", write("目标二.txt", second), *YEAR)
    pay(monitor, write, "2025年3月.csv", line("A1", "400.00"), line("B1", "50.00", code=SECOND))
    months = [word for n in range(1, 13) for word in ("--month", f"2025-{n:02d}")]
    monitor.ok("payments", "coverage", "confirm", "--unit", UNIT, *months, "--note", "已核对")
    return monitor
