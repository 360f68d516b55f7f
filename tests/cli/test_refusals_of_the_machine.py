"""What the machine refuses is told in Chinese with what to do, and never shows a traceback."""

from __future__ import annotations

import sys
from pathlib import Path
from unittest import mock

import pytest
from sqlalchemy import insert

from monitor.cli.output import Column, as_table, money
from monitor.errors import MonitorError
from monitor.store.engine import open_engine, writing
from monitor.store.tables import projects
from tests.cli.conftest import Monitor


def test_a_file_that_is_no_database_is_named_as_such(monitor: Monitor) -> None:
    for file in monitor.folder.glob("monitor.db*"):
        file.unlink()
    (monitor.folder / "monitor.db").write_text("not a database, not at all" * 50)

    result = monitor("progress")

    assert result.status == 1
    assert result.err == "数据库文件不是 SQLite 数据库，或已损坏。请用备份恢复。\n"


def test_a_server_that_is_not_there_is_told_with_the_setting(
    monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONITOR_DATABASE", "postgresql://nobody@127.0.0.1:1/none")
    result = monitor("progress")

    assert result.status == 1
    assert result.err.startswith("连不上数据库服务器（")
    assert result.err.endswith("）。请检查 database 的设置，以及服务器是否在运行。\n")


def test_a_database_that_may_not_be_written_is_told_as_such(monitor: Monitor) -> None:
    engine = open_engine(f"sqlite:///file:{monitor.folder / 'monitor.db'}?mode=ro&uri=true")
    with (
        pytest.raises(MonitorError, match="数据库只读，不能写入。请检查"),
        writing(engine) as connection,
    ):
        connection.execute(insert(projects).values(year=2025, project_code="P1"))
    engine.dispose()


def test_a_folder_that_is_not_there_is_named(monitor: Monitor, tmp_path: Path) -> None:
    missing = tmp_path / "没有" / "表.csv"
    result = monitor("targets", "list", "--format", "csv", "--out", missing)

    assert result.status == 1
    assert result.err == f"{missing} 不能读写：不存在。\n"


def test_a_narrow_terminal_cuts_no_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    rows = [{"name": "政务服务便民热线外包服务", "paid": 123_456_789_00, "due": 987_654_321_00}]
    columns = (Column("name", "项目名称"), money("paid", "已支付"), money("due", "应支"))
    with mock.patch.object(sys.stdout, "isatty", return_value=True):
        table = as_table(rows, columns)

    assert "123,456,789.00" in table
    assert "987,654,321.00" in table
