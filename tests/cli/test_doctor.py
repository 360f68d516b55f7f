"""`monitor doctor`: each kind of damage is made by hand, found, and named."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Monitor
from tests.cli.small_office import CODE, HEADER, TARGET, line

Write = Callable[[str, str], Path]


@pytest.fixture
def office(monitor: Monitor, write: Write) -> Monitor:
    """Two lists that overlap, with a rejected, a conflicting and an unmatched row."""
    monitor.ok("targets", "import", write("目标.txt", TARGET))
    first = line("A1") + line("A2", "待核") + line("A3", code="X") + line("A4", day="2025-04-02")
    monitor.ok("payments", "import", write("2025-03.csv", HEADER + first))
    later = line("A1") + line("A3", "90.00", code="X") + line("A5")
    monitor.ok("payments", "import", write("2025-04.csv", HEADER + later))
    return monitor


def damage(office: Monitor, statement: str) -> None:
    with sqlite3.connect(office.folder / "monitor.db") as connection:
        assert connection.execute(statement).rowcount > 0
    connection.close()


def broken(office: Monitor) -> list[tuple[str, str]]:
    result = office("doctor", "--format", "json")
    found = [(each["check"], each["text"]) for each in result.rows if each["state"] == "broken"]
    assert result.status == (1 if found else 0), result.err
    return found


def test_a_sound_workspace_is_fine_and_what_awaits_settling_is_only_told(office: Monitor) -> None:
    result = office("doctor", "--format", "json")

    assert result.status == 0
    states = {each["check"]: each["state"] for each in result.rows}
    checks = ("数据库文件", "引用", "月度合计", "导入回执", "写法", "各行原文", "支付", "原始文件")
    assert {name: states[name] for name in checks} == dict.fromkeys(checks, "ok")
    assert {name for name in states if states[name] == "note"} >= {"待匹配", "拒收", "待裁定"}


def test_an_empty_workspace_is_fine(monitor: Monitor) -> None:
    assert broken(monitor) == []


def test_a_sum_that_the_payments_do_not_give_is_found_and_can_be_made_anew(
    office: Monitor,
) -> None:
    damage(office, "UPDATE monthly_sums SET fen_to_03 = fen_to_03 + 1")

    assert broken(office) == [
        (
            "月度合计",
            f"2025 年 {CODE} 3月：合计表为 200.01 元 2 行，支付明细为 200.00 元 2 行",
        ),
        (
            "月度合计",
            f"2025 年 {CODE} 4月：合计表为 99.99 元 1 行，支付明细为 100.00 元 1 行",
        ),
    ]
    assert "--repair-sums" in office("doctor").err
    assert "2 处" in office.ok("doctor", "--repair-sums").err
    assert broken(office) == []


def test_sums_of_what_is_in_transit_are_proved_too(office: Monitor) -> None:
    damage(office, "INSERT INTO monthly_in_transit (project_id, lines_to_12) VALUES (1, 2)")

    assert broken(office) == [
        (
            "月度合计",
            f"2025 年 {CODE} 12月在途：合计表为 0.00 元 2 行，支付明细为 0.00 元 0 行",
        )
    ]


def test_a_missing_sum_is_found_and_can_be_made_anew(office: Monitor) -> None:
    before = office.json("progress", "--as-of", "2025-12-31")
    damage(office, "DELETE FROM monthly_sums")

    assert [check for check, _ in broken(office)] == ["月度合计", "月度合计"]
    office.ok("doctor", "--repair-sums")
    assert office.json("progress", "--as-of", "2025-12-31") == before


@pytest.mark.parametrize(
    ("statement", "checks"),
    [
        ("DELETE FROM payments WHERE number = 'A3'", {"引用", "导入回执"}),
        ("UPDATE projects SET revision_id = NULL", {"项目"}),
        ("UPDATE projects SET revision_id = 999", {"项目"}),
        ("UPDATE revisions SET undone = id", {"项目"}),
        ("DELETE FROM rejections", {"导入回执"}),
        ("DELETE FROM conflicts", {"导入回执"}),
        ("DELETE FROM sightings", {"导入回执"}),
        ("UPDATE imports SET receipt = '{\"counted\": [1, 1]}' WHERE kind = 'payments'",
         {"导入回执"}),
        ("UPDATE row_texts SET cells = substr(cells, 1, 20)", {"各行原文"}),
        ("DELETE FROM row_texts", {"各行原文"}),
        ("UPDATE wordings SET project_name = '冷线' WHERE project_code = 'X'", {"写法"}),
        ("UPDATE payments SET pay_date = '2024-03-20' WHERE number = 'A5'", {"支付"}),
        ("UPDATE payments SET wording_id = 99 WHERE number = 'A1'", {"引用"}),
        ("UPDATE payments SET project_id = NULL, method = '' WHERE number = 'A1'", {"月度合计"}),
    ],
)  # fmt: skip
def test_each_damage_to_the_database_is_found(
    office: Monitor, statement: str, checks: set[str]
) -> None:
    damage(office, statement)

    assert {check for check, _ in broken(office)} == checks


def test_a_match_that_was_changed_past_its_log_is_found(office: Monitor) -> None:
    office.ok("payments", "match", "A3", CODE)
    assert broken(office) == []
    damage(office, "UPDATE payments SET method = 'code' WHERE number = 'A3'")

    assert [check for check, _ in broken(office)] == ["支付"]


@pytest.mark.parametrize("how", ["gone", "cut", "altered"])
def test_a_file_that_the_archive_does_not_hold_any_more_is_found(office: Monitor, how: str) -> None:
    kept = next(
        path for path in (office.folder / "archive").iterdir() if b"A5" in path.read_bytes()
    )
    if how == "gone":
        kept.unlink()
    else:
        data = kept.read_bytes()
        kept.write_bytes(data[:-1] if how == "cut" else data.replace(b"100", b"900", 1))

    [(check, text)] = broken(office)
    assert check == "原始文件"
    assert kept.name[:12] in text
    assert {"gone": "不见了", "cut": "大小", "altered": "校验和"}[how] in text


def test_a_damaged_database_file_is_said_in_chinese(office: Monitor) -> None:
    path = office.folder / "monitor.db"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    data = bytearray(path.read_bytes())
    at = data.rindex("热线服务".encode()) // 16384 * 16384
    data[at : at + 64] = bytes(64)
    path.write_bytes(data)

    result = office("doctor")

    assert result.status == 1
    assert "Traceback" not in result.err
    assert "数据库文件" in result.out + result.err
