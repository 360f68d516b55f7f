"""A 绩效填报表 that LibreOffice saves comes back as it went out, and prints on A4."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from freezegun import freeze_time
from openpyxl import load_workbook

from monitor.ingest.form_book import INDICATORS, PROJECTS, TOP
from tests.cli.conftest import Monitor, monitor, write  # noqa: F401 - fixtures
from tests.cli.form_office import PEOPLE, TARGETS, TIMES, cell_at, export, fill
from tests.live.libreoffice import calc, convert

pytestmark = pytest.mark.live
_FILLED = {
    (INDICATORS, TIMES, "实际完成值"): "6次",
    (INDICATORS, PEOPLE, "得分"): 28.5,
    (INDICATORS, PEOPLE, "实际完成值"): "达成年度指标\n群众反映好",
}


def test_a_form_saved_by_libreoffice_lands(
    monitor: Monitor,  # noqa: F811
    write: Callable[..., Path],  # noqa: F811
    tmp_path: Path,
) -> None:
    office = monitor
    with freeze_time("2026-01-10 09:00:00+08:00"):
        office.ok("targets", "import", write("目标.txt", TARGETS), "--year", "2025")
        sent = fill(export(office, tmp_path / "填报表.xlsx"), _FILLED)
    convert(calc(), [sent], "xlsx", tmp_path / "saved")
    saved = tmp_path / "saved" / "填报表.xlsx"
    with freeze_time("2026-01-10 10:00:00+08:00"):
        said = office.ok("form", "import", saved, "--yes").err
        again = export(office, tmp_path / "again.xlsx")

    assert "新增 3，改动 0，收回 0，不变 0" in said
    assert cell_at(again, INDICATORS, PEOPLE, "实际完成值").value == "达成年度指标\n群众反映好"
    page = load_workbook(saved)[INDICATORS]
    assert page.protection.sheet
    assert page.column_dimensions["A"].hidden
    assert {rule.type for rule in page.data_validations.dataValidation} >= {"list", "decimal"}


def test_a_form_prints_on_a4_across(
    monitor: Monitor,  # noqa: F811
    write: Callable[..., Path],  # noqa: F811
    tmp_path: Path,
) -> None:
    reader = shutil.which("pdftotext")
    if reader is None:
        pytest.skip("pdftotext is not on this machine")
    with freeze_time("2026-01-10 09:00:00+08:00"):
        monitor.ok("targets", "import", write("目标.txt", TARGETS), "--year", "2025")
        sent = export(monitor, tmp_path / "填报表.xlsx")
    sheets = [page.title for page in load_workbook(sent) if page.sheet_state == "visible"]
    convert(calc(), [sent], "pdf", tmp_path / "printed")
    told = [reader, "-layout", str(tmp_path / "printed" / "填报表.pdf"), "-"]
    text = subprocess.run(told, check=True, capture_output=True, timeout=60).stdout.decode()

    pages = text.rstrip("\f").split("\f")
    assert len([page for page in pages if page.strip()]) <= len(sheets)
    for header in (*(c.value for c in load_workbook(sent)[PROJECTS][TOP + 1][1:5]), "佐证资料"):
        assert str(header) in text
