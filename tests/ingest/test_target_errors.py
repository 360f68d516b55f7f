"""Wrong target documents, and the exact words that each produces: tests/errors/targets."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.ingest.labels import default_labels
from monitor.ingest.target_kinds import TARGET_KINDS
from monitor.ingest.target_reading import read_target_document

FOLDER = Path(__file__).parents[1] / "errors" / "targets"
FILES = sorted(FOLDER.glob("*.txt"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_wrong_document_is_answered_in_these_words(path: Path) -> None:
    year = None if path.name.startswith("year-") else 2025

    reading = read_target_document(path.read_bytes(), path.name, year=year, labels=default_labels())

    said = "\n".join(str(each) for each in reading.diagnostics)
    assert said + "\n" == path.with_suffix(".expected").read_text(encoding="utf-8")


def test_each_kind_of_diagnostic_has_a_wrong_document() -> None:
    said = "".join(path.with_suffix(".expected").read_text(encoding="utf-8") for path in FILES)

    assert [kind.id for kind in TARGET_KINDS if f" {kind.id} " not in said] == []


def test_no_expected_text_is_left_without_its_document() -> None:
    assert {path.stem for path in FOLDER.glob("*.expected")} == {path.stem for path in FILES}


def test_the_catalogue_has_each_id_once() -> None:
    ids = [kind.id for kind in TARGET_KINDS]

    assert len(set(ids)) == len(ids) > 40
