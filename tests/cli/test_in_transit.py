"""What is applied for but not paid is shown beside a lag until the list shows it paid."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Monitor
from tests.cli.small_office import HEADER, TARGET, line

Write = Callable[[str, str], Path]


@pytest.fixture
def office(monitor: Monitor, write: Write) -> Monitor:
    monitor.ok("targets", "import", write("目标.txt", TARGET))
    rows = (
        line("A1", "10.00"),
        line("A2", "20.00", status="审核中"),
        line("A3", "30.00", status="待支付", day="2025-03-31"),
        line("A4", "40.00", status="未支付", day="2025-04-01"),
        line("A5", "50.00", status="已作废"),
        line("A6", "60.00", status="审核中", code="X"),
    )
    monitor.ok("payments", "import", write("2025-03.csv", HEADER + "".join(rows)))
    return monitor


def shown(office: Monitor, as_of: str) -> tuple[int, int, int]:
    [row] = office.json("progress", "--as-of", as_of)
    return row["paid_fen"], row["in_transit_fen"], row["in_transit"]


def test_rows_in_transit_of_the_project_are_shown_up_to_the_day(office: Monitor) -> None:
    assert shown(office, "2025-03-30") == (1_000, 2_000, 1)
    assert shown(office, "2025-03-31") == (1_000, 5_000, 2)
    assert shown(office, "2025-12-31") == (1_000, 9_000, 3)


def test_a_row_is_in_transit_until_it_is_listed_as_paid(office: Monitor, write: Write) -> None:
    office.ok("payments", "import", write("2025-04.csv", HEADER + line("A2", "20.00")))

    assert shown(office, "2025-03-31") == (3_000, 3_000, 1)


def test_people_read_the_rows_in_transit_in_the_table(office: Monitor) -> None:
    text = office.ok("progress", "--as-of", "2025-03-31").out
    assert "在途（元）" in text
    assert "50.00" in text


def test_the_table_has_no_such_column_where_nothing_is_in_transit(
    monitor: Monitor, write: Write
) -> None:
    monitor.ok("targets", "import", write("目标.txt", TARGET))
    assert "在途" not in monitor.ok("progress", "--as-of", "2025-03-31").out
