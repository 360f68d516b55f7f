"""`monitor payments profile`: what is recognised in a list, and profiles that correct it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Monitor
from tests.ingest import sheet_files

Write = Callable[..., Path]

KNOWN = """2025年3月国库集中支付明细
单位：万元
支付凭证号,支付日期,预算单位编码,预算单位名称,项目编码,项目名称,支付金额,收款人,指标文号,用途
V1,2025-03-17,430001,某局,P1,甲项目,1.5,某公司,冀财〔2025〕1号,办公
V2,2025-02-30,430001,某局,P1,甲项目,1.5,某公司,冀财〔2025〕1号,办公
合计,,,,,,3,,,
"""
UNKNOWN = """某市支付流水,,,,,
经办局,经办局号,子项,子项号,实付数（万元）,付出日
某局,430001,甲,P1,1.5,2025-03-04
某局,430001,乙,P2,2,2025-03-05
"""


def _profile(monitor: Monitor, name: str) -> Path:
    return monitor.folder / "rules" / "profiles" / f"{name}.toml"


def test_what_is_recognised_is_shown(monitor: Monitor, write: Write) -> None:
    shown = monitor.ok("payments", "profile", write("清单.csv", KNOWN, "gb18030"))

    for text in (
        "清单.csv：分隔文本（CSV）",
        "编码：gb18030",
        "分隔符：逗号",
        "表头：第 3 行",
        "金额单位：万元",
        "2025-03",
        "指标文号",
        "（不认识，原样保留）",
        "前 2 行这样读",
        "15,000.00",
        "日历上没有这一天",
    ):
        assert text in shown.out
    assert "还不能导入" not in shown.out
    assert not (monitor.folder / "rules" / "profiles").exists()


def test_nothing_is_imported(monitor: Monitor, write: Write) -> None:
    monitor.ok("payments", "profile", write("清单.csv", KNOWN))

    assert monitor.json("imports", "list") == []


@pytest.mark.parametrize("form", sheet_files.FORMS)
def test_every_form_of_sheet_is_told_with_its_header_of_two_lines(
    monitor: Monitor, tmp_path: Path, form: str
) -> None:
    cells = [
        ["支付日期", "项目", "", "支付金额"],
        ["", "编码", "名称", ""],
        ["2025-03-17", "P1", "甲", "11000.92"],
    ]
    path = tmp_path / "清单.xls"
    path.write_bytes(sheet_files.FORMS[form](sheet_files.valued(cells)))

    shown = monitor.ok("payments", "profile", path).out

    for text in ("表头：第 1 至 2 行（两行表头）", "项目编码", "2025-03-17", "11,000.92"):
        assert text in shown


def test_a_list_of_unknown_names_is_read_once_its_profile_is_corrected(
    monitor: Monitor, write: Write
) -> None:
    path = write("清单.csv", UNKNOWN)

    first = monitor.ok("payments", "profile", path, "--save", "某市")

    assert "最像表头的一行：第 2 行" in first.out
    assert "缺少：支付金额（或退款金额）、支付日期、项目或预算单位" in first.out
    saved = _profile(monitor, "某市")
    text = saved.read_text(encoding="utf-8")
    for name, meaning in (
        ("经办局", "单位名称"),
        ("经办局号", "unit_code"),
        ("子项", "项目名称"),
        ("子项号", "项目编码"),
        ("实付数(万元)", "支付金额"),
        ("付出日", "支付日期"),
    ):
        assert f'# "{name}" = ""' in text
        text = text.replace(f'# "{name}" = ""', f'"{name}" = "{meaning}"')
    saved.write_text(text, encoding="utf-8")

    second = monitor.ok("payments", "profile", path, "--profile", "某市")

    assert "还不能导入" not in second.out
    assert "金额单位：万元" in second.out
    for read in ("2025-03-05", "430001 某局", "P2 乙", "20,000.00"):
        assert read in second.out


def test_a_profile_as_it_is_written_changes_nothing(monitor: Monitor, write: Write) -> None:
    path = write(
        "清单.csv", KNOWN.replace("支付金额", "支付金额,实际支付金额").replace("1.5", "1,1.5")
    )
    before = monitor.ok("payments", "profile", path, "--save", "本县").out

    assert monitor.ok("payments", "profile", path, "--profile", "本县").out == before


def test_what_a_profile_forces_goes_before_what_is_found(monitor: Monitor, write: Write) -> None:
    text = (
        "支付日期;支付金额;项目编码;名称,a,b,c,d\n"
        "支付日期;支付金额（元）;项目编码;名称,a\n"
        "2025-03-04;2;P1;甲,a\n"
    )
    path = write("清单.csv", text, "utf-16-le")
    _save(monitor, '[list]\nencoding="utf-16-le"\ndelimiter="分号"\nheader_line=2\nunit="万元"\n')

    shown = monitor.ok("payments", "profile", path, "--profile", "县").out

    for found in (
        "编码：utf-16-le",
        "分隔符：分号",
        "表头：第 2 行",
        "金额单位：万元",
        "20,000.00",
    ):
        assert found in shown


def test_a_column_that_a_profile_does_not_use_means_nothing(monitor: Monitor, write: Write) -> None:
    path = write("清单.csv", "支付日期,金额（元）,金额,项目编码\n2025-03-04,1,2,P1\n")
    assert "有两列都叫“金额”" in monitor("payments", "profile", path).err
    _save(monitor, '[columns]\n"金额" = ""\n')

    shown = monitor.ok("payments", "profile", path, "--profile", "县").out

    assert "1.00" in shown
    assert "2.00" not in shown


def _save(monitor: Monitor, text: str) -> None:
    path = _profile(monitor, "县")
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_all_mistakes_of_a_profile_come_in_one_message(monitor: Monitor, write: Write) -> None:
    _save(
        monitor,
        '[columns]\n"甲" = "什么"\n"乙" = 3\n" " = "用途"\n"丙" = "用途"\n"丙 " = "用途"\n'
        '[list]\nencoding = "abc"\ndelimiter = "|"\nheader_line = 0\nunit = "角"\nother = 1\n[x]\n',
    )

    refused = monitor("payments", "profile", write("清单.csv", KNOWN), "--profile", "县")

    assert refused.status == 1
    for mistake in (
        "10 处",
        "[x]",
        "“甲”的含义 什么",
        "“乙”的含义 3",
        "空白的列名",
        "“丙 ”写了两次",
        "encoding 不认识 abc",
        "delimiter",
        "header_line",
        "unit",
        "[list] 中不认识的 other",
    ):
        assert mistake in refused.err


def test_a_profile_that_does_not_exist_is_named_with_those_that_do(
    monitor: Monitor, write: Write
) -> None:
    _save(monitor, "")

    refused = monitor("payments", "profile", write("清单.csv", KNOWN), "--profile", "市")

    assert refused.status == 1
    assert "没有名为“市”的清单方案（县）" in refused.err


def test_a_saved_profile_is_never_overwritten(monitor: Monitor, write: Write) -> None:
    _save(monitor, "# 我的改动\n")

    refused = monitor("payments", "profile", write("清单.csv", KNOWN), "--save", "县")

    assert "没有改动" in refused.err
    assert _profile(monitor, "县").read_text(encoding="utf-8") == "# 我的改动\n"


@pytest.mark.parametrize("name", ["../县", "", "a/b", "a.b"])
def test_a_profile_has_a_name_not_a_path(monitor: Monitor, write: Write, name: str) -> None:
    refused = monitor("payments", "profile", write("清单.csv", KNOWN), "--save", name)

    assert "不能作方案名" in refused.err


def test_a_file_without_rows_is_refused_in_words(monitor: Monitor, write: Write) -> None:
    refused = monitor("payments", "profile", write("清单.csv", ""))

    assert refused.status == 1
    assert "文件是空的" in refused.err
