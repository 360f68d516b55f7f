"""`monitor targets import` with folders and archives."""

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path

import pytest

from tests.cli.conftest import Monitor
from tests.cli.terminal import Terminal
from tests.cli.test_public_interface import CODE, TARGET


def zipped(members: dict[str, str]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as made:
        for name, text in members.items():
            made.writestr(name, text.encode())
    return data.getvalue()


def test_a_folder_is_read_with_its_folders_and_says_what_it_passed_over(
    monitor: Monitor, tmp_path: Path
) -> None:
    inner = tmp_path / "文本" / "下级"
    inner.mkdir(parents=True)
    (inner / "目标.txt").write_text(TARGET, encoding="utf-8")
    (inner / "~$目标.docx").write_bytes(b"lock")
    (inner.parent / "说明.mp4").write_bytes(b"film")

    said = monitor.ok("targets", "import", "--year", "2025", inner.parent).err

    assert "找到 1 个文件" in said
    assert "跳过 1 个其他文件（说明.mp4）" in said
    [row] = monitor.json("targets", "list")
    assert row["source"]["file"] == "下级/目标.txt"


def test_a_folder_without_documents_is_refused(monitor: Monitor, tmp_path: Path) -> None:
    (tmp_path / "空").mkdir()

    result = monitor("targets", "import", tmp_path / "空")

    assert result.status == 1
    assert "没有可导入的绩效目标文本" in result.err


def test_each_document_of_an_archive_lands_by_itself(monitor: Monitor, tmp_path: Path) -> None:
    other = TARGET.replace(CODE, "13022925P00JXC4198863")
    path = tmp_path / "归档.zip"
    path.write_bytes(zipped({"子夹/一.txt": TARGET, "子夹/二.txt": other, "坏.txt": "空话"}))

    result = monitor("targets", "import", path)

    assert result.status == 1
    assert "归档.zip/坏.txt 没有导入" in result.err
    assert "1 个文件没有导入" in result.err
    files = [row["source"]["file"] for row in monitor.json("targets", "list")]
    assert sorted(files) == ["归档.zip/子夹/一.txt", "归档.zip/子夹/二.txt"]
    assert len({row["sha256"] for row in monitor.json("imports", "list")}) == 2
    assert "以前已导入过，没有改动" in monitor("targets", "import", path).err


def test_an_archive_in_a_folder_is_read_with_it(monitor: Monitor, tmp_path: Path) -> None:
    (tmp_path / "夹").mkdir()
    inner = zipped({"文.txt": TARGET})
    outer = io.BytesIO()
    with zipfile.ZipFile(outer, "w") as made:
        made.writestr("内.zip", inner)
        made.writestr("../外.docx", b"")
    (tmp_path / "夹" / "外.zip").write_bytes(outer.getvalue())

    result = monitor("targets", "import", tmp_path / "夹")

    assert "外.zip/外.docx 在压缩包里的名称指向压缩包之外" in result.err
    [row] = monitor.json("targets", "list")
    assert row["source"]["file"] == "外.zip/内.zip/文.txt"


def test_many_documents_read_by_several_processes_land_in_order(
    monitor: Monitor, tmp_path: Path
) -> None:
    folder = tmp_path / "多"
    folder.mkdir()
    for n in range(7):
        text = TARGET.replace("1000.00", f"{n + 1}000.00")
        (folder / f"{n}.txt").write_text(text, encoding="utf-8")

    said = monitor.ok("targets", "import", folder).err

    landed = [line.partition("：")[0] for line in said.splitlines() if "个项目、" in line]
    assert landed == [f"{n}.txt" for n in range(7)]
    assert [row["budget_fen"] for row in monitor.json("targets", "list")] == [700_000]


@pytest.mark.parametrize(("count", "shown"), [(3, False), (4, True)])
def test_a_bar_is_for_long_work_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, count: int, shown: bool
) -> None:
    from monitor.cli.output import bar

    terminal, pipe = Terminal(), io.StringIO()
    monkeypatch.setenv("TERM", "xterm")
    for stream in (terminal, pipe):
        monkeypatch.setattr(sys, "stderr", stream)
        assert list(bar(range(count), total=count, title="读取")) == list(range(count))

    assert ("读取" in terminal.getvalue()) is shown
    assert pipe.getvalue() == ""


def test_a_file_that_cannot_be_read_does_not_stop_the_others(
    monitor: Monitor, tmp_path: Path
) -> None:
    data = bytearray(zipped({"a.txt": TARGET, "b.txt": TARGET.replace("2025", "2025 ")}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path = tmp_path / "锁.zip"
    path.write_bytes(bytes(data))

    result = monitor("targets", "import", path)

    assert result.status == 1
    assert "错误 T091 锁.zip/a.txt" in result.err
    assert len(monitor.json("targets", "list")) == 1
