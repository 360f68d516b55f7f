"""What people read on the terminal beside the results."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from unittest import mock

import pytest

from monitor.demo.county import generate
from tests.cli.conftest import Monitor


@pytest.fixture
def behind(monitor: Monitor, tmp_path: Path) -> Monitor:
    """The units of the sample county, with warnings for the checkpoint of March."""
    generate(tmp_path / "sample")
    monitor.ok("targets", "import", "--year", "2025", *(tmp_path / "sample/targets").iterdir())
    monitor.ok("check", "--as-of", "2025-03-31")
    return monitor


def test_warnings_that_nobody_can_be_told_are_not_called_none(behind: Monitor) -> None:
    told = behind.ok("notify").err

    assert "W104" in told
    assert "没有需要通知的预警" not in told


def test_a_second_notify_says_that_there_is_nothing_to_tell(
    behind: Monitor, tmp_path: Path
) -> None:
    contacts = (tmp_path / "sample" / "contacts.csv").read_bytes()
    (behind.folder / "contacts.csv").write_bytes(contacts)
    behind.ok("notify")

    assert behind.ok("notify").err == "没有需要通知的预警。\n"


def test_a_mail_in_a_dead_senders_hands_is_not_called_nothing(
    behind: Monitor, tmp_path: Path
) -> None:
    contacts = (tmp_path / "sample" / "contacts.csv").read_bytes()
    (behind.folder / "contacts.csv").write_bytes(contacts)
    with mock.patch("monitor.alerts.smtp.write_whole", side_effect=KeyboardInterrupt):
        behind("notify")
    behind.ok("notify")

    again = behind("notify", "--strict")

    assert again.status == 3
    assert "条预警还没有送到" in again.err
    assert "没有需要通知的预警" not in again.err


def test_a_conflict_is_told_in_yuan_and_chinese_words(
    monitor: Monitor, write: Callable[[str, str], Path]
) -> None:
    head = "支付申请编号,支付日期,单位编码,项目编码,支付金额,状态\n"
    monitor.ok(
        "payments",
        "import",
        write("1月.csv", f"{head}A1,2025-01-05,434001,X,100.00,已支付\n"),
        write("2月.csv", f"{head}A1,2025-01-05,434001,X,90.00,已作废\n"),
    )

    told = monitor.ok("payments", "conflicts").out

    assert "金额（元）：100.00 → 90.00；状态：已支付 → 已作废" in told


def test_a_help_page_lists_no_option_without_words(monitor: Monitor) -> None:
    listed = monitor.ok("payments", "import", "--help").out.partition("选项：")[2]

    assert "--month" in listed
    assert "文件..." not in listed
