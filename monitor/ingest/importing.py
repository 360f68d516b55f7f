"""What every import shares: the incoming file, its archive copy, and matching what waits."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from monitor.domain.matchable import Known, MatchSettings
from monitor.domain.matchable import Wording as Named
from monitor.domain.matching import Directory
from monitor.files import write_whole
from monitor.ingest.row_texts import texts_of
from monitor.store import match_rules, matches, projects
from monitor.store.imports import Source


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file as it arrived, with when and by whom. `name` is how messages call it.

    A payment list may be as large as a disk: where it has a `path`, its `data` stay there. `part`
    is the sheet, where one of several is meant.
    """

    name: str
    data: bytes
    at: datetime
    actor: str
    path: Path | None = None
    part: str = ""

    @property
    def content(self) -> bytes | Path:
        return self.path or self.data

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


def directory(
    connection: Connection,
    year: int,
    matching: MatchSettings = MatchSettings(),
    known: Sequence[Known] | None = None,
) -> Directory:
    """What payments of a year can be matched to: projects, saved rules, earlier decisions.

    `known` are the year's projects, where the caller has them.
    """
    return Directory(
        projects.known(connection, year) if known is None else known,
        rules=match_rules.load(connection),
        remembered=matches.remembered(connection, year),
        settings=matching,
    )


def match_waiting(
    connection: Connection,
    years: Iterable[int],
    *,
    matching: MatchSettings,
    at: datetime,
    actor: str,
    cause: str,
) -> int:
    """Matches what belonged to no project before something changed; how many rows.

    What a person decided about a payment stays. `cause` is what changed, such as `import 7`.
    What was outside monitoring only for want of a project comes in too: a code that a project
    has is never outside. Saved rules speak of what is open only.
    """
    found: list[matches.Change] = []
    for year in sorted(set(years)):
        known = directory(connection, year, matching)
        asked = []
        for wording_id, said in matches.waiting_wordings(connection, year).items():
            wording = Named(*said[:4])
            if known.match_wording(year, wording) or known.asks_rows(year, wording):
                asked.append(wording_id)
        for row in matches.waiting_rows(connection, year, asked):
            texts = texts_of(row)
            match = (
                known.match(row) if row.method else known.match_row(row, texts.purpose, texts.payee)
            )
            if match is not None:
                found.append(matches.Change(row.id, match.key, match.method))
    return matches.change(connection, found, at=at, actor=actor, cause=cause)
