"""The same data gives the same bytes: in any process, time zone, language and order of hashing."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from shutil import copytree

import pytest

from tests.live.conftest import Process

pytestmark = pytest.mark.live

YEAR = ("--year", "2025")
PLACES = (
    {"TZ": "Asia/Shanghai", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"},
    {"TZ": "America/New_York", "LC_ALL": "C", "LANG": "zh_CN.UTF-8", "PYTHONHASHSEED": "2"},
)


@pytest.fixture(scope="module")
def sample_year(tmp_path_factory: pytest.TempPathFactory, samples: Path) -> Path:
    """The sample year, made once; each test works in a copy."""
    office = Process(tmp_path_factory.mktemp("template") / "office")
    office.ok("init", office.folder)
    office.ok("targets", "import", *sorted((samples / "targets").glob("*.txt")))
    office.ok("payments", "import", *sorted((samples / "payments/yutian-2025").glob("*.csv")))
    return office.folder


@pytest.fixture
def office(tmp_path: Path, sample_year: Path) -> Process:
    return Process(Path(copytree(sample_year, tmp_path / "office")))


def elsewhere(office: Process, place: dict[str, str]) -> Process:
    other = Process(office.folder)
    other.environment |= place
    return other


def year_end(office: Process, out: Path, *formats: str) -> None:
    """The documents that are signed; the first of its process comes first in one order only."""
    asked = [word for name in formats for word in ("--format", name)]
    office.ok("report", "self-assessment", *YEAR, *asked, "--out", out)
    office.ok("report", "unit", *YEAR, "--format", "docx", "--format", "pdf", "--out", out)
    office.ok("report", "summary", *YEAR, "--out", out / "汇总.xlsx")


def others(office: Process, out: Path) -> None:
    office.ok("report", "monitoring", *YEAR, "--format", "docx", "--format", "xlsx", "--out", out)
    office.ok("report", "overview", *YEAR, "--out", out / "总览.html")
    office.ok("form", "export", *YEAR, "--unit", "434001", "--out", out / "填报表.xlsx")


def checksums(folder: Path) -> dict[str, str]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest() for path in paths
    }


def test_every_kind_of_document_is_the_same_wherever_it_is_written(
    office: Process, tmp_path: Path
) -> None:
    one, other = (elsewhere(office, place) for place in PLACES)
    year_end(one, tmp_path / "甲", "docx", "xlsx", "pdf")
    others(one, tmp_path / "甲")
    year_end(other, tmp_path / "乙", "pdf", "xlsx", "docx")
    others(other, tmp_path / "乙")
    written = checksums(tmp_path / "甲")

    assert checksums(tmp_path / "乙") == written
    kinds = [Path(name).suffix for name in written]
    assert {kind: kinds.count(kind) for kind in sorted(set(kinds))} == {
        ".csv": 4,
        ".docx": 16,
        ".html": 1,
        ".pdf": 8,
        ".xlsx": 16,
    }


def test_one_project_alone_is_written_as_among_all(office: Process, tmp_path: Path) -> None:
    year_end(office, tmp_path / "甲", "docx", "xlsx", "pdf")
    names = {path.stem[:21] for path in (tmp_path / "甲").rglob("*.xlsx")} - {"汇总"}
    last = max(names)
    formats = ("--format", "docx", "--format", "xlsx", "--format", "pdf")
    asked = ("report", "self-assessment", *YEAR, "--project", last, *formats)
    office.ok(*asked, "--out", tmp_path / "乙")

    whole, alone = checksums(tmp_path / "甲"), checksums(tmp_path / "乙")
    documents = {name for name in alone if not name.endswith(".csv")}
    assert len(documents) == 3
    assert {name: whole[name] for name in documents} == {name: alone[name] for name in documents}


def test_what_was_signed_in_one_place_is_verified_in_another(
    office: Process, tmp_path: Path
) -> None:
    one, other = (elsewhere(office, place) for place in PLACES)
    one.ok("report", "finalize", *YEAR, "--allow-open")
    year_end(other, tmp_path / "定稿", "docx", "pdf")

    compared = ("report", "compare", *YEAR, "--strict", "--documents", tmp_path / "定稿")
    assert "文件 17 个相同，0 个不符" in other.ok(*compared)
