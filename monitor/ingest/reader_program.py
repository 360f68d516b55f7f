"""The program that reads long lists beside this one: it takes half a second until it is ready."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

LONG = 4 * 2**20
"""Files of more bytes are read by a process of its own."""
_SERVED_BY = "monitor.ingest.block_process"
_OF_TEXT = (".csv", ".txt", ".tsv")
_AHEAD = 2**20  # bytes
_MEMORY = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",  # takes less
    # what a block has freed is for the next one; given back and taken again, it costs a tenth
    "MALLOC_MMAP_THRESHOLD_": str(2**25),
    "MALLOC_TRIM_THRESHOLD_": str(2**25),
}


def is_long(content: bytes | Path) -> bool:
    """Whether a file is read by a process of its own. Raises OSError."""
    return isinstance(content, Path) and content.stat().st_size > LONG


def launch() -> subprocess.Popen[bytes]:
    """A reading process. It ends by itself when this process is gone.

    It is a program of its own: whatever program this is, no part of it runs twice. What it is to
    read is told later, so that it can make ready meanwhile.
    """
    command = [sys.executable, "-c", f"from {_SERVED_BY} import serve; serve()"]
    paths = os.pathsep.join(filter(None, sys.path))
    process = subprocess.Popen(  # noqa: S603 - this very program
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": paths, **_MEMORY},
    )
    _widen(process.stdout)
    return process


def end(process: subprocess.Popen[bytes]) -> None:
    """Ends it, whatever it is doing."""
    process.kill()
    for pipe in (process.stdin, process.stdout):
        with suppress(OSError):
            if pipe:
                pipe.close()
    process.wait()


class Launcher:
    """Launches reading processes, the first one perhaps long before it is needed."""

    def __init__(self) -> None:
        self._ready: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._ready:
            end(self._ready)
        self._ready = None

    def make_ready(self, files: Iterable[Path]) -> None:
        """Launches one now if one of the files is a long text. Trouble is told by the import."""
        texts = (each for each in files if each.suffix.lower() in _OF_TEXT)
        with suppress(OSError):
            if self._ready is None and any(map(is_long, texts)):
                self._ready = launch()

    def take(self) -> subprocess.Popen[bytes]:
        """The one that was launched, or a new one; it is the caller's to end."""
        process, self._ready = self._ready or launch(), None
        return process


def _widen(pipe: Any) -> None:
    """Lets the pipe take a block or two, where this is Linux and the user has that much left."""
    with suppress(ImportError, AttributeError, OSError):
        import fcntl

        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _AHEAD)
