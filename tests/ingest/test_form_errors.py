"""Each wrong self-assessment form is answered in exactly the words that stand beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.domain.form_kinds import FORM_KINDS
from monitor.ingest.filled_form_reading import check_forms
from tests.conftest import ROOT
from tests.domain.filled_forms import RULES

FOLDER = ROOT / "tests" / "errors" / "forms"
FILES = sorted(FOLDER.glob("*.txt"))


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_a_wrong_form_is_answered_in_these_words(path: Path) -> None:
    found = check_forms(path.read_bytes(), path.name, lambda *_: RULES, year=2022)

    said = "".join(f"{each}\n" for each in found.diagnostics)
    assert said == path.with_suffix(".expected").read_text(encoding="utf-8")


def test_each_kind_of_diagnostic_has_a_wrong_form() -> None:
    said = "".join(path.with_suffix(".expected").read_text(encoding="utf-8") for path in FILES)

    assert [kind.id for kind in FORM_KINDS if f" {kind.id} " not in said] == []


def test_no_expected_text_is_left_without_its_form() -> None:
    assert {path.stem for path in FOLDER.glob("*.expected")} == {path.stem for path in FILES}
