"""`monitor demo`: what it makes is there, is right, and is the same every time."""

from __future__ import annotations

import re
import resource
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from docx import Document

import monitor
from monitor.bootstrap import App
from monitor.demo.county import County, generate
from monitor.domain.calendar import month_end
from tests.live.conftest import Process

pytestmark = pytest.mark.live

CHECKPOINTS = (3, 6, 10, 12)
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


def test_the_demo_makes_what_it_says(demo: Demo) -> None:
    drafts = list(demo.folder.glob("reports/2025/*/*.docx"))

    assert (demo.folder / "monitor.db").read_bytes().startswith(b"SQLite format 3\0")
    assert len(drafts) == 120
    assert "全部完成" in demo.said
    assert "接着可以试" in demo.said
    assert "Traceback" not in demo.said


def test_every_draft_opens_and_holds_its_project(demo: Demo) -> None:
    for path in demo.folder.glob("reports/2025/*/*.docx"):
        tables = Document(str(path)).tables
        words = "".join(cell.text for row in tables[0].rows for cell in row.cells)
        assert path.stem.partition("-")[2] in words.replace(" ", "_"), path
        assert len(Document(str(path)).inline_shapes) == 1, path


def test_at_one_checkpoint_every_finance_lead_gets_a_mail(demo: Demo) -> None:
    files = demo.folder.glob("outbox/*.eml")
    stages = Counter(path.name.partition("】")[0] for path in files)

    assert max(stages.values()) == 12


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
        patterns = ("outbox/*.eml", "reports/**/*.docx", "reports/overview.html", "sample/**/*.*")
        found = (path for pattern in patterns for path in folder.glob(pattern))
        return {path.relative_to(folder): path.read_bytes() for path in found}

    first, second = made(demo.folder), made(again.folder)
    assert first.keys() == second.keys()
    assert [path for path in first if first[path] != second[path]] == []
