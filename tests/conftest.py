"""What all tests share: the sample documents and lists, never skipped when CI=true."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parents[1]

# no test looks at the clock: the machine may be busy
settings.register_profile("unhurried", parent=settings(), deadline=None)
settings.load_profile("unhurried")


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of the shared samples, `targets/` and `payments/` in it."""
    folder = Path(os.environ.get("MONITOR_SAMPLES", ROOT.parent / "shared" / "samples"))
    if not folder.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail(f"the shared samples are missing: {folder}")
        pytest.skip(f"the shared samples are not on this machine: {folder}")
    return folder
