"""Damaged and hostile documents of every form: the truth or a word about it, and an end."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from bench.forms import MAKERS, has_reader
from bench.fuzz_targets import BAD, Reader, Sound, judged, read, sound
from monitor.ingest.readers import limits
from tests.ingest.document_damage import damages
from tests.ingest.form_documents import Truth, documents
from tests.ingest.hostile_documents import HOSTILE
from tests.ingest.test_target_forms import truth  # noqa: F401 - a fixture

FORMS = ("txt", "docx", "html", "xlsx")
QUICK = (
    "txt: a line of 30 MB in a cell",
    "txt: an exponent of a billion",
    "docx: entities that swell",
    "docx: a file of this machine",
    "docx: tables in tables, 100,000 deep",
    "docx: a span of a billion",
    "html: entities that swell",
    "html: tables in tables, 100,000 deep",
    "html: a million comments begun",
)


@pytest.mark.parametrize("form", FORMS)
def test_damage_in_any_form_gives_the_truth_or_a_diagnostic(form: str, truth: Truth) -> None:  # noqa: F811
    if not has_reader(form):
        pytest.skip(f"no reader for {form}")
    found = documents(truth)["000_693a2733444ec33a.txt"]
    data, year = MAKERS[form](found), found[0]["year"]
    known = sound(data, year, found)
    bad = []
    for name, damage in damages(form).items():
        dice = random.Random(f"2026 {form} {name}")
        for number in range(6):
            outcome = judged(read(damage(data, dice), year), known)
            is_shorter = (form, name, outcome) == ("txt", "cut", "lost")  # cut in a last cell
            if outcome in BAD and not is_shorter:
                bad.append((outcome, name, number))

    assert bad == []


@pytest.mark.parametrize("name", QUICK)
def test_a_hostile_file_is_refused_in_time_and_memory(name: str, tmp_path: Path) -> None:
    path = tmp_path / "case"
    path.write_bytes(HOSTILE[name]())
    reader = Reader()

    outcome = reader.outcome(path, 2025, Sound(), 20)

    reader.close()
    assert outcome == ("diagnostic", "")


def test_a_text_beyond_the_limit_is_refused_before_it_is_taken_apart() -> None:
    reading = read(b"a" * (limits.LARGEST + 1), 2025)

    assert reading.document is None
    assert [each.id for each in reading.diagnostics] == ["T092"]


def test_spans_that_multiply_cells_are_refused() -> None:
    reading = read(HOSTILE["html: rows of a million spans"](), 2025)

    assert [each.id for each in reading.diagnostics] == ["T092"]


def test_blank_fiscal_funds_beside_a_budget_are_told(truth: Truth) -> None:  # noqa: F811
    found = documents(truth)["000_693a2733444ec33a.txt"]
    data, year = MAKERS["txt"](found), found[0]["year"]
    text, blanked = re.subn(r"(财政\s*资\s*金\s*\n\t)[\d,.]+", r"\1", data.decode(), count=1)
    blank = text.encode()
    assert blanked == 1

    assert judged(read(blank, year), sound(data, year, found)) == "diagnostic"
