"""The truth of the sample target documents, and files read into its shape: a tool of the tests."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from monitor.ingest.labels import default_labels
from monitor.ingest.target_reading import read_target_document
from tests.ingest.form_documents import Truth
from tests.ingest.test_target_samples import as_truth


def sample_truth(samples: Path) -> Truth:
    """The 34 projects of the samples, as truth.json states them."""
    projects: Truth = json.loads((samples / "targets/truth.json").read_text(encoding="utf-8"))
    return projects


def read_as_truth(files: Iterable[tuple[str, bytes]]) -> list[dict[str, Any]]:
    """The projects of these files, by name and bytes; none of the files may be refused."""
    read: list[dict[str, Any]] = []
    for name, data in files:
        reading = read_target_document(data, name, year=None, labels=default_labels())
        assert reading.document is not None, reading.diagnostics
        read += map(as_truth, reading.document.projects)
    return read
