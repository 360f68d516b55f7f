"""`monitor report monitoring`, `unit` and `summary`, through a workspace."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from freezegun import freeze_time
from openpyxl import load_workbook

from monitor.domain.money import ten_thousand_yuan
from monitor.ingest.form_book import DONE, ESTIMATE, INDICATORS, LIKELIHOOD, NOTE, PROJECTS, WHY
from tests.cli.conftest import Monitor
from tests.cli.form_office import TARGETS, TIMES, UNIT, fill
from tests.cli.small_office import CODE, HEADER, line

Write = Callable[..., Path]


@pytest.fixture
def office(monitor: Monitor, write: Write) -> Monitor:
    """A unit with one project of 1,000.00 yuan, of which 400.00 were paid in March."""
    monitor.ok("targets", "import", write("目标.txt", TARGETS), "--year", "2025")
    monitor.ok("payments", "import", write("2025年3月.csv", HEADER + line("A1", "400.00")))
    return monitor


@pytest.fixture
def sample_year(monitor: Monitor, samples: Path) -> dict[str, Any]:
    """The sample year in the workspace; its truth."""
    folder = samples / "payments" / "yutian-2025"
    monitor.ok("targets", "import", *sorted((samples / "targets").glob("*.txt")))
    monitor.ok("payments", "import", *sorted(folder.glob("*.csv")))
    found: dict[str, Any] = json.loads((folder / "truth.json").read_text("utf-8"))
    return found


def july(office: Monitor, out: Path, *more: str) -> list[list[str]]:
    """The tables of the project's July form as rows of their cells' lines."""
    with freeze_time("2025-08-05 09:00:00+08:00"):
        office.ok("report", "monitoring", "--year", "2025", "--out", out, *more)
    [path] = out.rglob("*监控表*.docx")
    tables = Document(str(path)).tables
    return [[cell.text for cell in row.cells] for table in tables for row in table.rows]


def row(rows: list[list[str]], name: str) -> list[str]:
    [found] = [each for each in rows if name in each]
    return found


def test_the_monitoring_forms_have_the_figures_of_the_sample_year(
    monitor: Monitor, sample_year: dict[str, Any], tmp_path: Path
) -> None:
    monitor.ok("report", "monitoring", "--year", "2025", "--profile", "hebei", "--out", tmp_path)
    forms = {path.name[:21]: path for path in tmp_path.rglob("*监控表-06月.docx")}

    assert len(forms) == 7
    for code, expected in sample_year["projects"].items():
        money = Document(str(forms[code])).tables[0]
        total = [cell.text for cell in money.rows[3].cells]
        assert total[6].split("\n")[0] == ten_thousand_yuan(expected["paid_fen"]["6月底"])


def test_summary_and_unit_report_have_the_sums_of_the_sample_year(
    monitor: Monitor, sample_year: dict[str, Any], tmp_path: Path
) -> None:
    paid = {code: p["paid_fen"]["12月底"] for code, p in sample_year["projects"].items()}
    monitor.ok("report", "summary", "--year", "2025", "--out", tmp_path / "s.xlsx")
    monitor.ok("report", "unit", "--year", "2025", "--out", tmp_path)
    sheet = load_workbook(tmp_path / "s.xlsx", data_only=True)["项目汇总"]
    written = {str(r[3].value): round(float(str(r[7].value)) * 100) for r in sheet["A4:O10"]}
    [report] = tmp_path.rglob("单位自评报告*.docx")
    text = "\n".join(each.text for each in Document(str(report)).paragraphs)

    assert written == paid
    assert round(float(str(sheet["H11"].value)) * 100) == sum(paid.values())
    assert f"全年执行{ten_thousand_yuan(sum(paid.values()))}万元" in text
    assert "纳入绩效自评的项目7个" in text


def test_a_form_of_july_names_the_months_that_have_not_come(
    office: Monitor, tmp_path: Path
) -> None:
    rows = july(office, tmp_path)
    [path] = tmp_path.rglob("*监控表-07月.docx")
    notices = Document(str(path)).paragraphs[:3]

    assert any("的支付明细尚未到齐" in each.text and "2025-07" in each.text for each in notices)
    assert row(rows, "年度资金总额")[2].startswith("0.10")
    assert any(cell.startswith("0.04\n") for cell in row(rows, "年度资金总额"))


def test_what_the_unit_fills_in_stands_in_its_form_and_in_no_other_months(
    office: Monitor, tmp_path: Path
) -> None:
    with freeze_time("2025-08-05 09:00:00+08:00"):
        sheet = tmp_path / "m.xlsx"
        asked = ("--unit", UNIT, "--year", "2025", "--month", "7")
        office.ok("form", "export", *asked, "--out", sheet)
        said = {
            (PROJECTS, CODE, ESTIMATE.replace("\n", "")): 900.5,
            (INDICATORS, TIMES, DONE): "2次",
            (INDICATORS, TIMES, LIKELIHOOD.replace("\n", "")): "有可能",
            (INDICATORS, TIMES, WHY): "设备检修",
            (INDICATORS, TIMES, NOTE): "九月补开",
        }
        office.ok("form", "import", fill(sheet, said), "--yes", "--author", "李四")
    rows = july(office, tmp_path / "july")
    june = july(office, tmp_path / "june", "--month", "6")

    assert row(rows, "年度资金总额")[-1] == "0.09005"
    assert row(rows, TIMES)[4] == "2次"
    assert row(rows, TIMES)[11:16] == ["设备检修", "", "√", "", "九月补开"]
    assert row(june, TIMES)[4] == "待填"


def test_a_month_to_come_and_an_unknown_form_are_refused(office: Monitor, tmp_path: Path) -> None:
    with freeze_time("2025-08-05 09:00:00+08:00"):
        asked = ("report", "monitoring", "--year", "2025", "--out", tmp_path)
        ahead = office(*asked, "--month", "9")
        unknown = office(*asked, "--profile", "henan")

    assert (ahead.status, unknown.status) == (2, 2)
    assert "2025 年 9 月还没有开始" in ahead.err
    assert "没有名为“henan”的监控表" in unknown.err
    assert not list(tmp_path.rglob("*.docx"))


@pytest.mark.parametrize(("command", "out"), [("unit", "out"), ("summary", "s.xlsx")])
def test_of_an_open_year_only_a_provisional_report_is_made(
    office: Monitor, tmp_path: Path, command: str, out: str
) -> None:
    asked = ("report", command, "--year", "2025", "--as-of", "2025-03-31", "--out", tmp_path / out)
    refused = office(*asked)
    assert refused.status == 1
    assert "--provisional" in refused.err
    assert not (tmp_path / out).exists()

    office.ok(*asked, "--provisional")
    assert (tmp_path / out).exists()


def test_a_provisional_unit_report_is_stamped_in_the_head_of_its_pages(
    office: Monitor, tmp_path: Path
) -> None:
    asked = ("--year", "2025", "--as-of", "2025-03-31", "--provisional", "--out", tmp_path)
    office.ok("report", "unit", *asked)
    [path] = tmp_path.rglob("单位自评报告*.docx")
    header = Document(str(path)).sections[0].header

    assert header.paragraphs[0].text == "阶段数据，截至3月31日"


def test_the_manifests_name_every_file_and_a_second_run_changes_no_byte(
    office: Monitor, tmp_path: Path
) -> None:
    july(office, tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.*") if path.is_file()}
    july(office, tmp_path)
    manifests = (f"manifest-{kind}-2025-07.csv" for kind in ("monitoring", "monitoring-report"))
    texts = [(tmp_path / name).read_text("utf-8-sig") for name in manifests]
    listed = [entry for text in texts for entry in csv.DictReader(text.splitlines())]

    assert before == {path: path.read_bytes() for path in before}
    assert len(listed) == 2
    for entry in listed:
        assert sha256((tmp_path / entry["path"]).read_bytes()).hexdigest() == entry["sha256"]


def test_for_one_project_no_report_of_the_unit_is_written(office: Monitor, tmp_path: Path) -> None:
    july(office, tmp_path, "--project", CODE)

    assert not list(tmp_path.rglob("绩效监控报告*"))


def test_a_workbook_of_forms_leaves_the_report_a_word_document(
    office: Monitor, tmp_path: Path
) -> None:
    with freeze_time("2025-08-05 09:00:00+08:00"):
        office.ok("report", "monitoring", "--year", "2025", "--format", "xlsx", "--out", tmp_path)

    assert [path.suffix for path in sorted(tmp_path.rglob("2025/*/*"))] == [".xlsx", ".docx"]
