"""Budget-execution monitor: `app = monitor.open("folder"); app.progress(as_of=...)`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.bootstrap import App

__version__ = "0.1.0"


def open(folder: str | Path | None = None) -> App:  # noqa: A001
    """Opens a workspace for work in a notebook; `folder` as for the option `--workspace`."""
    from monitor.bootstrap import open_workspace

    return open_workspace(folder)
