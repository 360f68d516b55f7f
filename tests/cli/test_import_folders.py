"""`monitor targets import` with folders."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Monitor
from tests.cli.test_public_interface import TARGET


def test_a_folder_is_read_with_its_folders_and_says_what_it_passed_over(
    monitor: Monitor, tmp_path: Path
) -> None:
    inner = tmp_path / "文本" / "下级"
    inner.mkdir(parents=True)
    (inner / "目标.txt").write_text(TARGET, encoding="utf-8")
    (inner / "~$目标.docx").write_bytes(b"lock")
    (inner.parent / "说明.pdf").write_bytes(b"%PDF")

    said = monitor.ok("targets", "import", "--year", "2025", inner.parent).err

    assert "找到 1 个文件" in said
    assert "跳过 1 个其他文件（说明.pdf）" in said
    assert len(monitor.json("targets", "list")) == 1


def test_a_folder_without_documents_is_refused(monitor: Monitor, tmp_path: Path) -> None:
    (tmp_path / "空").mkdir()

    result = monitor("targets", "import", tmp_path / "空")

    assert result.status == 1
    assert "没有可导入的绩效目标文本" in result.err
