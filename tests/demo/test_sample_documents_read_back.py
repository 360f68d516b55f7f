"""The program's own reader makes of the sample documents what the county meant by them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from monitor.demo.county import County, generate
from monitor.demo.sheets import Sheet
from monitor.domain.target import Project
from monitor.domain.target_value import ValueKind
from monitor.errors import Severity
from monitor.ingest.detect import decode
from monitor.ingest.labels import default_labels
from monitor.ingest.target_form import Reading
from monitor.ingest.target_reading import read_target_document


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("county")


@pytest.fixture(scope="module")
def county(folder: Path) -> County:
    return generate(folder)


@pytest.fixture(scope="module")
def readings(county: County, folder: Path) -> list[Reading]:
    return [
        read_target_document(path.read_bytes(), path.name, year=None, labels=default_labels())
        for path in sorted((folder / "targets").iterdir())
    ]


@pytest.fixture(scope="module")
def projects(readings: list[Reading]) -> list[Project]:
    return [
        project
        for reading in readings
        if reading.document is not None
        for project in reading.document.projects
    ]


def as_meant(sheet: Sheet) -> tuple[object, ...]:
    return (
        *(sheet.year, sheet.unit_code, sheet.unit_name),
        *(sheet.project_code, sheet.project_name, sheet.money_unit),
        *(sheet.budget_fen, sheet.fiscal_fen, sheet.other_fen),
        *(sheet.purpose, sheet.plan, sheet.goals, sheet.indicators),
    )


def as_read(project: Project) -> tuple[object, ...]:
    indicators = tuple(
        (each.level1, each.level2, each.level3, each.description, each.target, each.basis)
        for each in project.indicators
    )
    return (
        *(project.year, project.unit_code, project.unit_name),
        *(project.project_code, project.project_name, project.money_unit),
        *(project.budget_fen, project.fiscal_fen, project.other_fen),
        *(project.purpose, project.plan, project.goals, indicators),
    )


def test_every_field_of_every_project_is_exact(county: County, projects: list[Project]) -> None:
    assert list(map(as_read, projects)) == list(map(as_meant, county.projects))


def test_no_document_has_an_error(readings: list[Reading]) -> None:
    severities = {found.severity for reading in readings for found in reading.diagnostics}

    assert Severity.ERROR not in severities


def test_the_years_follow_from_the_codes(readings: list[Reading]) -> None:
    documents = [reading.document for reading in readings]

    assert {document.year for document in documents if document} == {2025}


def test_targets_of_all_kinds_occur(projects: list[Project]) -> None:
    values = [each.value for project in projects for each in project.indicators]

    assert {ValueKind.NUMBER, ValueKind.DATE, ValueKind.YES_NO, ValueKind.TEXT} <= {
        value.kind for value in values
    }
    assert {"≥", "≤", "<", "="} <= {value.comparison for value in values}


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(r"\[bookmark: _Toc_4_4_0000000004\]1\.", id="bookmark"),
        pytest.param(r"绩效目标表 TC 1、.+ \\f C \\l 1 \n", id="field"),
        pytest.param(r"其中：财政    资金", id="blanks in a label"),
        pytest.param(r"(\n\t){5}\n\t单位：", id="split columns"),
        pytest.param(r"\n\n\t\n\t[^\t\n]+\n\t[^\t\n]+\n\n", id="row broken in two"),
        pytest.param(r"[^\t\n]\t{5,}\n", id="idle tabs"),
        pytest.param(r"\n\n\n\n2[.、]", id="blank lines among goals"),
        pytest.param(r"\n\t\n\t\d+%\n", id="blank share"),
        pytest.param(r"服务对象满意度指标\n\t.+\n\t.+\n\t[^\t\n]+\n $", id="no last cell"),
        pytest.param(r"\n\t410001溪口街道办事处部门云溪县溪口街道办事处本级\n", id="names in one"),
    ],
)
def test_the_faults_of_real_documents_are_there(county: County, folder: Path, fault: str) -> None:
    texts = (decode(path.read_bytes(), path.name)[0] for path in (folder / "targets").iterdir())

    assert any(re.search(fault, text.replace("\r\n", "\n")) for text in texts)
