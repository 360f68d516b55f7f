"""What every import shares: the incoming file, its archive copy, and matching what waits."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from monitor.domain.matching import Directory
from monitor.files import write_whole
from monitor.store import matches, projects
from monitor.store.imports import Source


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file as it arrived, with when and by whom. `name` is how messages call it."""

    name: str
    data: bytes
    at: datetime
    actor: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    def source(self, kind: str, scope: str = "") -> Source:
        return Source(kind, scope, self.name, self.sha256, len(self.data))


def archive(folder: Path, incoming: Incoming) -> None:
    """Keeps the bytes under their SHA-256, so that a figure's source can be opened years later."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / incoming.sha256
    if not kept.exists():
        write_whole(kept, incoming.data)


def directories(connection: Connection, years: Iterable[int]) -> dict[int, Directory]:
    """What payments of each year can be matched to."""
    return {year: Directory(projects.known(connection, year)) for year in sorted(set(years))}


def match_waiting(connection: Connection, years: Iterable[int], *, at: datetime, actor: str) -> int:
    """Matches what was left unmatched before the documents of these years came; how many rows."""
    found = []
    for year, directory in directories(connection, years).items():
        for row in matches.unmatched(connection, year=year):
            match = directory.match(row)
            if match is not None:
                found.append((row.id, match.key, match.method))
    matches.add(connection, found, at=at, actor=actor)
    return len(found)
