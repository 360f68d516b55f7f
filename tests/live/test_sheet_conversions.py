"""The sample forms through LibreOffice: what it writes as .xls and .xlsx reads the same."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from monitor.ingest.labels import default_labels
from monitor.ingest.target_reading import read_target_document
from tests.ingest.form_documents import Truth, as_xlsx, documents
from tests.ingest.test_target_samples import as_truth, bared

pytestmark = pytest.mark.live


@pytest.fixture
def soffice() -> str:
    found = shutil.which("soffice")
    if found is None or not list(Path(found).resolve().parent.glob("libsclo*")):
        if os.environ.get("CI") == "true":
            pytest.fail("LibreOffice Calc is missing: apt-get install libreoffice-calc-nogui")
        pytest.skip("LibreOffice Calc is not on this machine")
    return found


def convert(soffice: str, sources: list[Path], form: str, folder: Path) -> None:
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [soffice, profile, "--headless", "--convert-to", form, "--outdir", str(folder)]
    subprocess.run([*command, *map(str, sources)], check=True, timeout=120, capture_output=True)


@pytest.mark.parametrize("form", ["xls", "xlsx"])
def test_what_libreoffice_writes_reads_as_the_truth(
    form: str, soffice: str, samples: Path, tmp_path: Path
) -> None:
    truth: Truth = json.loads((samples / "targets/truth.json").read_text(encoding="utf-8"))
    sources = []
    for source, projects in documents(truth).items():
        sources.append(tmp_path / f"{source}.xlsx")
        sources[-1].write_bytes(as_xlsx(projects))
    written = tmp_path / "written"

    convert(soffice, sources, form, written)

    read: list[dict[str, Any]] = []
    for path in sorted(written.glob(f"*.{form}")):
        reading = read_target_document(
            path.read_bytes(), path.stem, year=None, labels=default_labels()
        )
        assert reading.document is not None
        read += map(as_truth, reading.document.projects)
    assert read == bared(truth)
