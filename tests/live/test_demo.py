"""`monitor demo`: what it makes is there, is right, and is the same every time."""

from __future__ import annotations

import csv
import re
import resource
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook

import monitor
from monitor.bootstrap import App
from monitor.demo.county import County, generate
from monitor.demo.units import UNITS
from monitor.domain.calendar import month_end
from monitor.store import outbox, warning_rows
from tests.live.conftest import Process

pytestmark = pytest.mark.live

CHECKPOINTS = (3, 6, 10, 12)
LAGS = ("W01", "W02")
OUTSIDE = re.compile(r"""(?:src|href|url)\s*[=(]\s*["']?\s*(?:https?:)?//""", re.IGNORECASE)


@dataclass(frozen=True)
class Demo:
    folder: Path
    said: str
    processor_seconds: float  # whatever else the machine does meanwhile


def run_demo(folder: Path) -> Demo:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    process = Process(folder).start("demo", folder)
    _, said = process.communicate(timeout=180)
    assert process.returncode == 0, said
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Demo(folder, said, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    return run_demo(tmp_path_factory.mktemp("demo") / "示例 县")


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> County:
    return generate(tmp_path_factory.mktemp("county"))


@pytest.fixture(scope="module")
def app(demo: Demo) -> Iterator[App]:
    app = monitor.open(demo.folder)
    yield app
    app.engine.dispose()


def test_the_demo_takes_less_than_a_minute_of_one_processor(demo: Demo) -> None:
    assert demo.processor_seconds < 60


def drafts(demo: Demo) -> list[Path]:
    """The self-assessments as .docx: CODE-name, a code being of capitals and digits."""
    found = demo.folder.glob("reports/2025/*/1*.docx")
    return [path for path in found if "-监控表-" not in path.name]


def test_the_demo_makes_what_it_says(demo: Demo) -> None:
    reports = demo.folder / "reports"
    counted = {
        pattern: len(list((reports / "2025").glob(pattern)))
        for pattern in ("*/1*-监控表-07月.docx", "*/绩效监控报告-07月-*.docx", "*/单位自评报告-*")
    }

    assert (demo.folder / "monitor.db").read_bytes().startswith(b"SQLite format 3\0")
    assert len(drafts(demo)) == 120
    assert list(counted.values()) == [120, 12, 12]
    assert "全部完成" in demo.said
    assert "接着可以试" in demo.said
    assert "Traceback" not in demo.said


def test_every_path_that_the_demo_names_is_there(demo: Demo) -> None:
    listed = re.findall(r"^  (\S+) {2,}", demo.said.partition("全部完成")[2], re.MULTILINE)
    named = [each for each in listed if "/" in each or "." in each]

    assert len(named) >= 9
    for each in named:
        pattern = each.replace("其他单位", "205001").rstrip("/")
        assert list(demo.folder.glob(pattern)), each


def test_the_unit_that_filled_in_its_form_has_totals_in_three_formats(demo: Demo) -> None:
    forms = sorted(path.name for path in (demo.folder / "forms").iterdir())
    unit = demo.folder / "reports" / "2025" / "101001"
    book = load_workbook(demo.folder / "reports" / "绩效自评汇总表-2025.xlsx")
    rows: Any = [row for row in book.worksheets[0].values if isinstance(row[0], int)]
    open_items = {row[1]: sum(r[-1] for r in rows if r[1] == row[1]) for row in rows}

    assert forms == ["101001-2025-自评填报表-已填.xlsx", "101001-2025-自评填报表.xlsx"]
    assert [len(list(unit.glob(f"1*.{form}"))) for form in ("xlsx", "pdf")] == [10, 10]
    assert [code for code, count in open_items.items() if count == 0] == ["101001"]
    assert (len(rows), len(open_items)) == (120, 12)


def test_the_unit_that_filled_in_its_form_can_be_finalized(demo: Demo, tmp_path: Path) -> None:
    copy = tmp_path / "副本"
    shutil.copytree(demo.folder, copy)
    process = Process(copy).start("report", "finalize", "--year", "2025", "--unit", "101001")
    _, said = process.communicate(timeout=120)

    assert process.returncode == 0, said
    assert "单位 101001：2025 年已定稿，10 个项目" in said


@pytest.mark.parametrize(
    "manifest",
    ["self-assessment-2025", "unit-2025", "monitoring-2025-07", "monitoring-report-2025-07"],
)
def test_the_manifests_name_every_document_with_its_checksum(demo: Demo, manifest: str) -> None:
    reports = demo.folder / "reports"
    with (reports / f"manifest-{manifest}.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))

    assert len(rows) in (140, 120, 12)
    for row in rows:
        assert sha256((reports / row["path"]).read_bytes()).hexdigest() == row["sha256"]


def test_every_draft_opens_and_holds_its_project(demo: Demo) -> None:
    for path in drafts(demo):
        tables = Document(str(path)).tables
        words = "".join(cell.text for row in tables[0].rows for cell in row.cells)
        assert path.stem.partition("-")[2] in words.replace(" ", "_"), path
        assert len(Document(str(path)).inline_shapes) == 1, path


def test_every_lag_of_the_year_was_told_and_every_finance_lead_had_one(app: App) -> None:
    with app.reading() as connection:
        lags = [row for rule in LAGS for row in warning_rows.rows(connection, rule=rule)]
        digests = outbox.rows(connection, kind="digest", state="sent")

    told = [row for row in lags if not row["quiet"] and row["raised_at"] < "2026"]
    assert [row["id"] for row in told if "sent" not in steps(row)] == []
    assert {mail["unit_code"] for mail in digests} == {unit.code for unit in UNITS}


def test_a_silent_lead_is_reminded_and_reported_and_who_answered_is_not(app: App) -> None:
    with app.reading() as connection:
        followed = outbox.rows(connection, kind="reminder")
        [reported] = outbox.rows(connection, kind="escalation")
        answered = [row for row in warning_rows.rows(connection) if row["answer"]]

    assert {mail["unit_code"] for mail in followed} == {"322001"}
    assert (reported["to"], reported["state"]) == ("qin@yunxi.example", "sent")
    assert len({row["unit_code"] for row in answered}) >= 8
    assert "322001" not in {row["unit_code"] for row in answered}
    assert {"指标未下达", "政府采购/招标周期"} <= {row["answer"]["cause"] for row in answered}


def test_what_is_told_stands_in_the_outbox_folder(demo: Demo, app: App) -> None:
    with app.reading() as connection:
        sent = outbox.rows(connection, state="sent")

    files = list(demo.folder.glob("outbox/*.eml"))
    assert len(files) == len(sent)
    assert {mail["kind"] for mail in sent} == {
        *("digest", "office", "reminder", "escalation", "resolved")
    }


def steps(row: dict[str, Any]) -> set[str]:
    return {event["event"] for event in row["events"]}


def test_the_overview_is_one_file_that_asks_for_nothing_outside(demo: Demo) -> None:
    page = (demo.folder / "reports" / "overview.html").read_text(encoding="utf-8")

    assert "云溪县财政局" in page
    assert "<svg" in page
    assert not OUTSIDE.search(page)
    assert "@import" not in page


@pytest.mark.parametrize("month", CHECKPOINTS)
def test_progress_at_each_checkpoint_is_what_the_generator_meant(
    app: App, county: County, month: int
) -> None:
    rows = app.standings(as_of=month_end(2025, month))
    paid = {row.account.project_code: row.account.paid_fen for row in rows}

    assert paid == {spent.project_code: spent.paid_fen(by_month=month) for spent in county.spent}


def test_the_lines_counted_are_those_that_the_generator_meant(app: App, county: County) -> None:
    rows = app.standings(as_of=date(2025, 12, 31))

    assert {row.account.project_code: row.account.payments for row in rows} == {
        spent.project_code: spent.payments for spent in county.spent
    }


def test_a_folder_with_files_in_it_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "我的文件.txt").write_text("勿动", encoding="utf-8")
    process = Process(tmp_path).start("demo", tmp_path)
    _, said = process.communicate(timeout=60)

    assert process.returncode == 1
    assert "里已有文件，没有改动" in said
    assert [each.name for each in tmp_path.iterdir()] == ["我的文件.txt"]


def test_two_demos_are_alike_byte_for_byte(demo: Demo, tmp_path: Path) -> None:
    again = run_demo(tmp_path / "又一个")

    def made(folder: Path) -> dict[Path, bytes]:
        patterns = ("outbox/*.eml", "reports/**/*.*", "forms/*", "sample/**/*.*")
        found = (path for pattern in patterns for path in folder.glob(pattern))
        return {path.relative_to(folder): path.read_bytes() for path in found}

    first, second = made(demo.folder), made(again.folder)
    assert first.keys() == second.keys()
    assert [path for path in first if first[path] != second[path]] == []
