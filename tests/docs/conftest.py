"""What the tests of the documentation share: the documents, and a folder as the tour starts in."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.demo.county import generate


@pytest.fixture
def beside_the_demo(tmp_path: Path) -> Path:
    """A folder with `demo/sample` in it, as `make demo` leaves it."""
    generate(tmp_path / "demo" / "sample")
    return tmp_path
