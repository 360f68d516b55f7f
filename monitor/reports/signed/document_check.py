"""Whether the files in a folder are still those that were signed, by their SHA-256."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from hashlib import file_digest
from pathlib import Path, PurePosixPath

from monitor.reports.signed.comparison import Difference, Kind
from monitor.reports.signed.finalizing import SUMMARY
from monitor.reports.signed.frozen import Signed

_KINDS = {".docx", ".xlsx", ".pdf"}


def checksums(folder: Path) -> dict[str, str]:
    """The SHA-256 of every document in a folder, by path with slashes. Raises OSError."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in _KINDS and path.is_file() and not path.name.startswith("~$"):
            with path.open("rb") as file:
                digest = file_digest(file, "sha256").hexdigest()
            found[path.relative_to(folder).as_posix()] = digest
    return found


def same(unit: Signed, found: Mapping[str, str]) -> int:
    """How many of the signed documents are there unaltered, under whatever name."""
    there = set(found.values())
    return sum(digest in there for digest in unit.documents.values())


def differing(unit: Signed, found: Mapping[str, str]) -> Iterator[Difference]:
    """The signed documents that were altered, and those of which no format is there.

    A format that nobody wrote is no loss; the summary goes under any name.
    """
    there = set(found.values())
    present = {
        _stem(path) for path, digest in unit.documents.items() if path in found or digest in there
    }
    for path, digest in unit.documents.items():
        if path in found and found[path] != digest:
            yield _difference(unit, path, Kind.ALTERED, digest, found[path][:12])
        elif _stem(path) not in present and _is_first(path, unit.documents):
            yield _difference(unit, path, Kind.MISSING, digest, None)


def _is_first(path: str, documents: Collection[str]) -> bool:
    """Whether it stands for its document, which has several formats and is told once."""
    if PurePosixPath(path).name == SUMMARY:
        return False
    return path == min(each for each in documents if _stem(each) == _stem(path))


def _stem(path: str) -> str:
    return str(PurePosixPath(path).with_suffix(""))


def _difference(unit: Signed, path: str, kind: Kind, digest: str, now: str | None) -> Difference:
    code = next((c for c in unit.frozen.projects if PurePosixPath(path).name.startswith(c)), None)
    name = None if code is None else unit.frozen.projects[code].line.project_name
    what = "文件（SHA-256）"
    return Difference(unit.unit_code, code, name, kind, what, digest[:12], now, file=path)
