"""The sample forms through LibreOffice: what it writes as .docx and .html reads the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ingest.form_documents import as_docx
from tests.ingest.sample_truth import read_as_truth, sample_truth
from tests.ingest.test_target_samples import bared
from tests.live.libreoffice import convert_samples, writer

pytestmark = pytest.mark.live


@pytest.mark.parametrize("form", ["html", "docx"])
def test_what_libreoffice_writes_reads_as_the_truth(
    form: str, samples: Path, tmp_path: Path
) -> None:
    truth = sample_truth(samples)

    written = convert_samples(writer(), truth, as_docx, ("docx", form), tmp_path)

    assert read_as_truth(written) == bared(truth)
