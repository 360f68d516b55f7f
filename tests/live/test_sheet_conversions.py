"""The sample forms through LibreOffice: what it writes as .xls and .xlsx reads the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ingest.form_documents import as_xlsx
from tests.ingest.sample_truth import read_as_truth, sample_truth
from tests.ingest.test_target_samples import bared
from tests.live.libreoffice import calc, convert_samples

pytestmark = pytest.mark.live


@pytest.mark.parametrize("form", ["xls", "xlsx"])
def test_what_libreoffice_writes_reads_as_the_truth(
    form: str, samples: Path, tmp_path: Path
) -> None:
    truth = sample_truth(samples)

    written = convert_samples(calc(), truth, as_xlsx, ("xlsx", form), tmp_path)

    assert read_as_truth(written) == bared(truth)
