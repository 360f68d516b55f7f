"""`monitor form check`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Monitor
from tests.ingest.filled_form_files import as_docx, as_tabs, as_xlsx, national

Write = Callable[..., Path]
KEYS = ["file", "id", "severity", "place", "line", "text", "meaning", "advice"]


@pytest.fixture
def forms(tmp_path: Path) -> Path:
    folder = tmp_path / "自评表"
    folder.mkdir()
    (folder / "对.docx").write_bytes(as_docx(national()))
    (folder / "错.xlsx").write_bytes(as_xlsx(national(total=("100", "90"))))
    return folder


def test_a_correct_form_ends_with_status_0(monitor: Monitor, forms: Path) -> None:
    result = monitor.ok("form", "check", forms / "对.docx")

    assert result.out == "对.docx：1 张自评表（农村饮水工程），没有矛盾之处。\n"


def test_a_wrong_form_ends_with_status_1_and_says_where(monitor: Monitor, forms: Path) -> None:
    result = monitor("form", "check", forms / "错.xlsx")

    assert result.status == 1
    assert "错误 F132 错.xlsx 工作表“自评表1”H19“总分”：“90”" in result.out
    assert "1 个错误、0 个警告、0 个提示。" in result.out


def test_a_folder_of_forms_is_summed_up(monitor: Monitor, forms: Path) -> None:
    result = monitor("form", "check", forms)

    assert result.status == 1
    assert "共 2 个文件，2 张自评表，1 个错误、0 个警告、0 个提示。" in result.out


def test_rows_as_json(monitor: Monitor, forms: Path) -> None:
    result = monitor("form", "check", forms, "--format", "json")

    assert result.status == 1
    assert [list(row) for row in result.rows] == [KEYS]
    assert (result.rows[0]["id"], result.rows[0]["file"]) == ("F132", "错.xlsx")


def test_it_needs_no_workspace(
    monitor: Monitor, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MONITOR_WORKSPACE")
    monkeypatch.chdir(tmp_path)

    assert "没有矛盾之处" in monitor.ok("form", "check", write("对.txt", as_tabs(national()))).out


def test_the_rule_set_of_the_workspace_is_in_force(monitor: Monitor, write: Write) -> None:
    path = monitor.folder / "rules" / "scoring" / "national-2020.toml"
    text = path.read_text(encoding="utf-8")
    assert "reason_below_percent = 90" in text
    path.write_text(text.replace("reason_below_percent = 90", "reason_below_percent = 97"))

    assert "F118" in monitor.ok("form", "check", write("对.txt", as_tabs(national()))).out


def test_what_is_no_form_is_told_and_ends_with_status_1(monitor: Monitor, write: Write) -> None:
    result = monitor("form", "check", write("信.txt", "请按时报送。\n"))

    assert result.status == 1
    assert "F101" in result.out
    assert "没有读出自评表" in result.out


def test_a_folder_without_files_is_refused(monitor: Monitor, tmp_path: Path) -> None:
    (tmp_path / "空").mkdir()

    assert monitor("form", "check", tmp_path / "空").status == 1
