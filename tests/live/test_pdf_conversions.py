"""The sample forms as PDF, by LibreOffice and by Chromium: read as the truth, field by field.

Of a project's fields, a printed form carries all. What it does not carry is where white space
stood at the end of a wrapped line; the comparison leaves white space aside, as for all forms.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from playwright.sync_api import sync_playwright

from monitor.ingest.labels import default_labels
from monitor.ingest.target_reading import read_target_document
from tests.ingest.form_documents import Truth, as_docx, as_html, documents
from tests.ingest.test_target_samples import as_truth, bared

pytestmark = pytest.mark.live

RULED = (
    "<style>@page{size:A4;margin:2cm}table{border-collapse:collapse;width:100%}"
    "td{border:1px solid black;padding:2px}</style></head>"
)


def program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"{name} is missing")
        pytest.skip(f"no {name} on this machine")
    return found


def ruled(data: bytes) -> bytes:
    """A Word document whose tables have lines."""
    document = docx.Document(io.BytesIO(data))
    for table in document.tables:
        table.style = "Table Grid"
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def by_libreoffice(truth: Truth, folder: Path) -> None:
    sources = []
    for source, projects in documents(truth).items():
        sources.append(folder / f"{source}.docx")
        sources[-1].write_bytes(ruled(as_docx(projects)))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [program("soffice"), profile, "--headless", "--convert-to", "pdf"]
    command += ["--outdir", str(folder), *map(str, sources)]
    subprocess.run(command, check=True, timeout=120, capture_output=True)


def by_chromium(truth: Truth, folder: Path) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program("chromium"), args=["--no-sandbox"]
        )
        for source, projects in documents(truth).items():
            page = browser.new_page()
            page.set_content(as_html(projects).replace("</head>", RULED))
            page.pdf(path=folder / f"{source}.pdf", prefer_css_page_size=True)
            page.close()
        browser.close()


@pytest.mark.parametrize("print_all", [by_libreoffice, by_chromium])
def test_each_field_of_each_printed_project_equals_the_truth(
    print_all: Callable[[Truth, Path], None], samples: Path, tmp_path: Path
) -> None:
    truth: Truth = json.loads((samples / "targets/truth.json").read_text(encoding="utf-8"))

    print_all(truth, tmp_path)

    read: list[dict[str, Any]] = []
    for source in documents(truth):
        data = (tmp_path / f"{source}.pdf").read_bytes()
        reading = read_target_document(data, source, year=None, labels=default_labels())
        assert reading.document is not None, reading.diagnostics
        read += map(as_truth, reading.document.projects)
    assert sum(len(project["indicators"]) for project in read) == 296
    assert read == bared(truth)
