"""The copy of an incoming file that the archive keeps, made before anything is read.

What is read is the copy, so what the database says can be looked up in it years later, even if
somebody saves the original while it is being imported.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

_STEP = 2**20


@dataclass(slots=True)
class KeptFile:
    """A file aside in the archive's folder, until `settle` puts it under its SHA-256."""

    path: Path
    sha256: str
    size: int
    _written: threading.Thread
    _failure: list[OSError] = field(default_factory=list)
    _is_settled: bool = False

    def settle(self) -> None:
        """Waits until the copy is on the disk and gives it its name. Raises OSError."""
        self._written.join()
        if self._failure:
            raise self._failure[0]
        target = self.path.with_name(self.sha256)
        if not target.exists():
            self.path.replace(target)
            self.path = target
        self._is_settled = True

    def drop(self) -> None:
        """Removes the copy, unless it has its name."""
        self._written.join()
        if self.path.name != self.sha256:
            with suppress(OSError):
                self.path.unlink()


@contextmanager
def kept(folder: Path, source: bytes | Path) -> Iterator[KeptFile]:
    """A copy of the source in the archive; it stays there if it was settled."""
    folder.mkdir(parents=True, exist_ok=True)
    aside = folder / f".{os.getpid()}-{threading.get_ident()}.part"
    file: KeptFile | None = None
    try:
        sha256, size = _copy(source, aside)
        failure: list[OSError] = []
        written = threading.Thread(target=_write_through, args=(aside, failure))
        written.start()
        file = KeptFile(aside, sha256, size, written, failure)
        yield file
    finally:
        if file is not None:
            file.drop()
        with suppress(OSError):
            aside.unlink()


def _copy(source: bytes | Path, target: Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with target.open("wb") as written:
        for step in _steps(source):
            digest.update(step)
            size += written.write(step)
    return digest.hexdigest(), size


def _steps(source: bytes | Path) -> Iterator[bytes]:
    if isinstance(source, bytes):
        yield source
        return
    with source.open("rb") as file:
        while step := file.read(_STEP):
            yield step


def _write_through(path: Path, failure: list[OSError]) -> None:
    try:
        with path.open("rb+") as file:
            os.fsync(file.fileno())
    except OSError as error:
        failure.append(error)
