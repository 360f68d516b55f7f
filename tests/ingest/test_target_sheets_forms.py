"""The samples as .xlsx and .xls: the 34 projects of the truth, field by field."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from monitor.errors import InputError
from monitor.ingest.labels import default_labels
from monitor.ingest.readers import sheet
from monitor.ingest.target_reading import read_target_document
from tests.ingest.form_documents import Truth, as_html, as_xls, as_xlsx, documents
from tests.ingest.sample_truth import read_as_truth, sample_truth
from tests.ingest.test_target_samples import bared

MAKERS: dict[str, Callable[[Truth], bytes]] = {
    "xlsx, one project a sheet": partial(as_xlsx, one_a_sheet=True),
    "xlsx, all on one sheet": as_xlsx,
    "xls": as_xls,
    "html that is called xls": lambda projects: as_html(projects).encode(),
}


@pytest.fixture(scope="module")
def truth(samples: Path) -> Truth:
    return sample_truth(samples)


@pytest.mark.parametrize("form", MAKERS)
def test_each_field_of_each_project_equals_the_truth(form: str, truth: Truth) -> None:
    if form == "xls":
        pytest.importorskip("xlwt")
    make = MAKERS[form]

    read = read_as_truth((name, make(projects)) for name, projects in documents(truth).items())

    assert len(read) == 34
    assert sum(len(project["indicators"]) for project in read) == 296
    assert read == bared(truth)


def test_a_remark_names_the_sheet_and_the_cell(truth: Truth) -> None:
    data = as_xlsx(documents(truth)["001_6fea33418e000787.txt"], one_a_sheet=True)

    reading = read_target_document(data, "a.xlsx", year=None, labels=default_labels())

    blank = next(each for each in reading.diagnostics if each.id == "T044")
    assert str(blank.place) == "a.xlsx 工作表“项目1”C7"


def test_an_xls_with_bytes_changed_is_read_or_refused(truth: Truth) -> None:
    pytest.importorskip("xlwt")
    data = as_xls(truth[:2])
    chance = random.Random(4)

    outcomes: set[bool | str] = set()
    for _ in range(150):
        damaged = bytearray(data)
        for _ in range(8):
            damaged[chance.randrange(512, len(data))] = chance.randrange(256)
        try:
            outcomes.add(bool(sheet.read(bytes(damaged), "a.xls").blocks))
        except InputError as error:
            outcomes.add(error.diagnostics[0].id)

    assert {True, "T090"} <= outcomes


def test_an_xls_that_was_cut_is_refused(truth: Truth) -> None:
    pytest.importorskip("xlwt")
    data = as_xls(truth[:2])

    for end in range(600, len(data) - 2048, 1777):
        with pytest.raises(InputError):
            sheet.read(data[:end], "a.xls")
