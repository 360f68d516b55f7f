"""Where documents come from: files, folders and .zip archives, each as a name and its bytes.

An archive is never unpacked to disk, and no size that it states about itself is believed.
"""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from lzma import LZMAError
from pathlib import Path, PurePosixPath
from typing import IO

from monitor.errors import InputError
from monitor.ingest.archive_names import cleaned, is_hidden, leads_out, written
from monitor.ingest.readers import kinds

MOST_MEMBERS = 2_000
MOST_BYTES = 64 * 2**20
"""Of one document, unpacked; a file on disk may be four times as large."""
MOST_IN_ALL = 512 * 2**20
"""Of all that one archive holds, unpacked."""
_MOST_INDEX = 8 * 2**20
_MOST_OF_A_FILE = 4 * MOST_BYTES
_STEP = 2**20
_WHAT = "压缩包"
_DAMAGES = (
    *(zipfile.BadZipFile, zlib.error, LZMAError, EOFError, ValueError, NotImplementedError),
    *(RuntimeError, OverflowError),
)


@dataclass(frozen=True, slots=True)
class Source:
    """A document to read. `read` gives its bytes while the source is the latest one given.

    `read` raises InputError for what cannot be read, and OSError. `path` is that of a file that
    is in no archive.
    """

    name: str
    size: int
    read: Callable[[], bytes]
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class Passed:
    """A file that is passed over, and why, where there is more to say than that it is another.

    `taken` is one that is read all the same, under another name than its own.
    """

    name: str
    why: str = ""
    taken: bool = False


@dataclass(slots=True)
class Budget:
    """How much may still be unpacked of an archive, with the archives in it."""

    members: int = MOST_MEMBERS
    size: int = MOST_IN_ALL


@dataclass(slots=True)
class Found:
    """What there is in a path: what will be read, with sizes, and what is passed over."""

    path: Path
    sizes: list[int] = field(default_factory=list)
    passed: list[Passed] = field(default_factory=list)


def survey(paths: Iterable[Path], endings: Collection[str]) -> list[Found]:
    """What is in each of the paths, without reading any document."""
    surveyed = []
    for path in paths:
        found = Found(path)
        for each in walk(path, endings):
            if isinstance(each, Source):
                found.sizes.append(each.size)
            else:
                found.passed.append(each)
        surveyed.append(found)
    return surveyed


def sources(paths: Iterable[Path], endings: Collection[str]) -> Iterator[Source]:
    """The documents in files, folders and archives, in the order of the paths and their names."""
    for path in paths:
        yield from (each for each in walk(path, endings) if isinstance(each, Source))


def walk(path: Path, endings: Collection[str]) -> Iterator[Source | Passed]:
    """All that is in a path. Files named themselves are taken whatever their ending is."""
    if not path.is_dir():
        yield from _file(path, path.name, endings)
        return
    inside = ((each, each.relative_to(path).as_posix()) for each in sorted(path.rglob("*")))
    for each, name in inside:
        if is_hidden(name) or not each.is_file():
            continue
        if each.suffix.lower() in endings or each.suffix.lower() == ".zip":
            yield from _file(each, name, endings)
        else:
            yield Passed(name)


def _file(path: Path, name: str, endings: Collection[str]) -> Iterator[Source | Passed]:
    size = path.stat().st_size
    if not _is_archive(path):
        yield Source(name, size, lambda: _bytes_of(path, name, size), path)
        return
    with path.open("rb") as file:
        yield from _archive(file, name, endings, Budget(), depth=1)


def _bytes_of(path: Path, name: str, size: int) -> bytes:
    if size > _MOST_OF_A_FILE:
        raise _too_large(name, "文件", _MOST_OF_A_FILE)
    return path.read_bytes()


def _is_archive(path: Path) -> bool:
    """Whether it is a .zip of documents; Office documents are archives of another kind."""
    try:
        with path.open("rb") as file:
            begins_so = file.read(2) == b"PK"
            return begins_so and _holds_documents(file, path.suffix.lower() == ".zip")
    except OSError:
        return False  # told when it is read


def _holds_documents(file: IO[bytes], damaged: bool) -> bool:
    """By the names in it; `damaged` is what a file counts as whose index cannot be read."""
    try:
        with _opened(file, "") as archive:
            names = archive.namelist()
    except (InputError, *_DAMAGES):
        return damaged
    of_office = ("[Content_Types].xml", "word/document.xml", "xl/workbook.xml")
    return not any(name in of_office for name in names)


def _opened(file: IO[bytes], name: str) -> zipfile.ZipFile:
    """The archive, after a look at the size of its index: opening takes ten times as much."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - 22 - 2**16))
    tail = file.read()
    end = tail.rfind(b"PK\x05\x06")
    if end >= 0 and int.from_bytes(tail[end + 12 : end + 16], "little") > _MOST_INDEX:
        raise kinds.TOO_LARGE.refusal(name, what=_WHAT, size=f"的文件超过 {MOST_MEMBERS:,} 个")
    file.seek(0)
    return zipfile.ZipFile(file)


def _archive(
    file: IO[bytes], name: str, endings: Collection[str], budget: Budget, *, depth: int
) -> Iterator[Source | Passed]:
    """The documents of an archive; one that cannot be opened is a source that says why."""
    try:
        archive = _opened(file, name)
    except InputError as error:
        yield Source(name, 0, _refusing(error))
        return
    except _DAMAGES as error:
        yield Source(name, 0, _refusing(_damaged(name, error)))
        return
    with archive:
        members = [each for each in archive.infolist() if not each.is_dir()]
        for member in islice(members, budget.members):
            yield from _member(archive, member, name, endings, budget, depth)
        if len(members) > budget.members:
            words = f"的文件超过 {MOST_MEMBERS:,} 个"
            yield Source(name, 0, _refusing(kinds.TOO_LARGE.refusal(name, what=_WHAT, size=words)))
        budget.members = max(0, budget.members - len(members))


def _member(
    archive: zipfile.ZipFile,
    member: zipfile.ZipInfo,
    outer: str,
    endings: Collection[str],
    budget: Budget,
    depth: int,
) -> Iterator[Source | Passed]:
    inner = written(member)
    name = f"{outer}/{cleaned(inner)}"
    if is_hidden(inner):
        return
    if stat.S_ISLNK(member.external_attr >> 16):
        yield Passed(name, "是链接，不是文件")
        return
    if leads_out(inner):
        yield Passed(name, "在压缩包里的名称指向压缩包之外，只按此名读取", taken=True)
    ending = PurePosixPath(inner.replace("\\", "/")).suffix.lower()
    if ending == ".zip":
        yield from _inner(archive, member, name, endings, budget, depth)
    elif ending in endings:
        yield Source(name, member.file_size, lambda: _unpacked(archive, member, name, budget))
    else:
        yield Passed(name)


def _inner(
    archive: zipfile.ZipFile,
    member: zipfile.ZipInfo,
    name: str,
    endings: Collection[str],
    budget: Budget,
    depth: int,
) -> Iterator[Source | Passed]:
    if depth > 1:
        yield Passed(name, "压缩包套了不止一层")
        return
    try:
        data = _unpacked(archive, member, name, budget)
    except InputError as error:
        yield Source(name, 0, _refusing(error))
        return
    yield from _archive(io.BytesIO(data), name, endings, budget, depth=depth + 1)


def _unpacked(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, budget: Budget
) -> bytes:
    """A member's bytes, counted while they come, whatever the header says."""
    if member.flag_bits & 1:
        raise kinds.LOCKED.refusal(name, what="压缩包里的文件")
    most = min(MOST_BYTES, budget.size)
    pieces, size = [], 0
    try:
        with archive.open(member) as file:
            while piece := file.read(_STEP):
                pieces.append(piece)
                size += len(piece)
                if size > most:
                    break
    except _DAMAGES as error:
        raise _damaged(name, error) from error
    finally:
        budget.size -= min(size, budget.size)
    if size > most:
        raise _too_large(name, "文件", MOST_BYTES) if most == MOST_BYTES else _all_too_large(name)
    return b"".join(pieces)


def _too_large(name: str, what: str, most: int) -> InputError:
    return kinds.TOO_LARGE.refusal(name, what=what, size=f"超过 {most // 2**20} MB")


def _all_too_large(name: str) -> InputError:
    words = f"里的内容合计超过 {MOST_IN_ALL // 2**20} MB"
    return kinds.TOO_LARGE.refusal(name, what=_WHAT, size=words)


def _damaged(name: str, error: BaseException) -> InputError:
    unknown = isinstance(error, NotImplementedError)
    why = "压缩方法不认识" if unknown else "压缩包的内容对不上"
    return kinds.DAMAGED.refusal(name, what=_WHAT, why=why)


def _refusing(error: InputError) -> Callable[[], bytes]:
    def read() -> bytes:
        raise error

    return read
