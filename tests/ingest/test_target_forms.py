"""The samples as .docx and .html: the 34 projects of the truth, field by field."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.ingest.labels import default_labels
from monitor.ingest.target_reading import read_target_document
from tests.ingest.form_documents import Truth, as_docx, as_html, documents
from tests.ingest.sample_truth import read_as_truth, sample_truth
from tests.ingest.test_target_samples import bared

MAKERS: dict[str, Callable[[Truth], bytes]] = {
    "docx": as_docx,
    "html in UTF-8": lambda projects: as_html(projects).encode(),
    "html in UTF-16": lambda projects: as_html(projects).encode("utf-16"),
    "html in GB18030": lambda projects: as_html(projects).encode("gb18030"),
}


@pytest.fixture(scope="module")
def truth(samples: Path) -> Truth:
    return sample_truth(samples)


@pytest.mark.parametrize("form", MAKERS)
def test_each_field_of_each_project_equals_the_truth(form: str, truth: Truth) -> None:
    make = MAKERS[form]

    read = read_as_truth((name, make(projects)) for name, projects in documents(truth).items())

    assert len(read) == 34
    assert sum(len(project["indicators"]) for project in read) == 296
    assert read == bared(truth)


def test_a_remark_names_the_table_and_its_row(truth: Truth) -> None:
    data = as_docx(documents(truth)["001_6fea33418e000787.txt"])

    reading = read_target_document(data, "a.docx", year=None, labels=default_labels())

    blank = next(each for each in reading.diagnostics if each.id == "T044")
    assert str(blank.place) == "a.docx 第 7 行（表格 1 第 6 行）"


def test_a_paragraph_between_tables_is_told_and_joins_no_cell(truth: Truth) -> None:
    project = truth[0]
    page = as_html([project]).replace("<p>&nbsp;</p>", "<p>此处另有说明</p>")

    reading = read_target_document(page.encode(), "a.html", year=None, labels=default_labels())

    assert reading.document is not None
    assert reading.document.projects[0].goals == tuple(project["goals"])
    assert [each.text for each in reading.diagnostics if each.id == "T070"] == ["此处另有说明"]
