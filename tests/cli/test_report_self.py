"""`monitor report self-assessment`: files in each format, refusals, and the manifest."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pdfplumber
import pytest
from docx import Document
from openpyxl import load_workbook

from monitor.reports.paper import pdf as paper_pdf
from tests.cli.conftest import Monitor
from tests.cli.form_office import TARGETS
from tests.cli.small_office import CODE, HEADER, line

NAME = f"{CODE}-热线服务"
DRAFT = ("report", "self-assessment", "--year", "2025")
OCTOBER = (*DRAFT, "--as-of", "2025-10-31", "--provisional")


@pytest.fixture
def office(monitor: Monitor, write: Callable[..., Path]) -> Monitor:
    monitor.ok("targets", "import", write("目标.txt", TARGETS), "--year", "2025")
    monitor.ok("payments", "import", write("2025年3月.csv", HEADER + line("A1")))
    return monitor


def files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*.*")
        if path.suffix != ".csv"
    }


def test_every_format_is_written_from_the_same_draft(office: Monitor, tmp_path: Path) -> None:
    out = tmp_path / "自评"
    formats = ("--format", "docx", "--format", "xlsx", "--format", "pdf", "--format", "pdf")
    said = office.ok(*OCTOBER, "--out", out, *formats)

    assert set(files(out)) == {f"2025/434001/{NAME}.{kind}" for kind in ("docx", "xlsx", "pdf")}
    assert "已写出 1 份绩效自评表草稿" in said.err
    made = out / "2025" / "434001"
    document = Document(str(made / f"{NAME}.docx"))
    sheet = load_workbook(made / f"{NAME}.xlsx").worksheets[0]
    with pdfplumber.open(made / f"{NAME}.pdf") as pdf:
        page = pdf.pages[0].extract_text().replace(" ", "")
    stamp = "阶段数据，截至10月31日"
    assert document.sections[0].header.paragraphs[0].text == stamp
    assert sheet.oddHeader is not None
    assert sheet.oddHeader.center.text == stamp
    assert stamp in page
    in_docx = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    in_xlsx = [[cell.value for cell in row] for row in sheet.iter_rows()]
    [money] = [row for row in in_docx if row[1] == "年度资金总额"]
    assert money[3:6] == ["0.10", "0.10", "0.01\n系统测算"]
    assert [row[3:6] for row in in_xlsx if row[1] == "年度资金总额"] == [money[3:6]]


def test_the_manifest_names_every_file_and_the_same_data_gives_the_same_bytes(
    office: Monitor, tmp_path: Path
) -> None:
    for name in ("甲", "乙"):
        office.ok(*OCTOBER, "--out", tmp_path / name, "--format", "docx", "--format", "xlsx")
    path = tmp_path / "甲" / "manifest-self-assessment-2025.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))

    assert {row["path"]: row["sha256"] for row in rows} == files(tmp_path / "甲")
    assert {(row["project_code"], row["as_of"]) for row in rows} == {(CODE, "2025-10-31")}
    assert files(tmp_path / "甲") == files(tmp_path / "乙")
    assert path.read_bytes() == (tmp_path / "乙" / path.name).read_bytes()


def test_an_open_year_is_refused_without_provisional_and_nothing_is_written(
    office: Monitor, tmp_path: Path
) -> None:
    refused = office(*DRAFT, "--as-of", "2025-10-31", "--out", tmp_path / "自评")

    assert refused.status == 1
    assert "--provisional" in refused.err
    assert not (tmp_path / "自评").exists()


def test_without_the_pdf_part_it_is_refused_before_anything_is_written(
    office: Monitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper_pdf._compiler.cache_clear()
    monkeypatch.setitem(sys.modules, "typst", None)
    refused = office(*OCTOBER, "--out", tmp_path / "自评", "--format", "docx", "--format", "pdf")
    paper_pdf._compiler.cache_clear()

    assert refused.status == 1
    assert 'pip install "monitor[pdf]"' in refused.err
    assert not (tmp_path / "自评").exists()


def test_a_folder_that_cannot_be_written_is_named(office: Monitor, tmp_path: Path) -> None:
    (tmp_path / "文件").write_text("", encoding="utf-8")
    refused = office(*OCTOBER, "--out", tmp_path / "文件" / "自评")

    assert refused.status == 1
    assert "文件" in refused.err
    assert "Traceback" not in refused.err
