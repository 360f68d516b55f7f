"""What all tests share: the sample documents and lists, never skipped when CI=true."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of the shared samples, `targets/` and `payments/` in it."""
    folder = Path(os.environ.get("MONITOR_SAMPLES", ROOT.parent / "shared" / "samples"))
    if not folder.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail(f"the shared samples are missing: {folder}")
        pytest.skip(f"the shared samples are not on this machine: {folder}")
    return folder
