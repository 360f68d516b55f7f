"""The manifest of written documents: a CSV with each file's SHA-256, so that a change is seen."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path

from monitor.files import write_whole

_COLUMNS = ("path", "sha256", "bytes", "project_code", "as_of")


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was written; `path` is in the folder of the manifest, with slashes."""

    path: str
    sha256: str
    size: int
    project_code: str
    as_of: date


def write_manifest(path: Path, written: Iterable[Written], before: Iterable[Written] = ()) -> None:
    """Writes the manifest, sorted by path; `before` stays where nothing new has its path."""
    files = {each.path: each for each in (*before, *written)}
    text = StringIO()
    lines = csv.writer(text, lineterminator="\r\n")
    lines.writerow(_COLUMNS)
    for each in sorted(files.values(), key=lambda file: file.path):
        lines.writerow([each.path, each.sha256, each.size, each.project_code, each.as_of])
    write_whole(path, text.getvalue().encode("utf-8-sig"))


def read_manifest(path: Path) -> Sequence[Written]:
    """The files that a manifest names; none where there is none or it cannot be read."""
    with suppress(OSError, ValueError, KeyError):
        lines = csv.DictReader(StringIO(path.read_text(encoding="utf-8-sig")))
        return [
            Written(
                each["path"],
                each["sha256"],
                int(each["bytes"]),
                each["project_code"],
                date.fromisoformat(each["as_of"]),
            )
            for each in lines
        ]
    return ()
