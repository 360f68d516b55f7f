"""What all tests share: the sample documents and lists, never skipped when CI=true."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from monitor.bootstrap import make_workspace

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


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace to copy: to make its tables takes longer than most tests."""
    folder = tmp_path_factory.mktemp("fresh") / "office"
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("MONITOR_DATABASE", raising=False)
        make_workspace(folder)
    return folder
