"""The package of an Office document (.docx): its main part, unpacked and parsed safely."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib

from lxml import etree

from monitor.errors import InputError
from monitor.ingest.readers import kinds
from monitor.ingest.readers.limits import LARGEST

_MOST_MEMBERS = 10_000
_WHAT = "Word 文档"


def main_part(data: bytes, file: str) -> etree._Element:
    """The root of the main part.

    Raises InputError for a package that is damaged, locked, or larger than a document can be.
    """
    try:
        return _parsed(_main_part(data, file), file)
    except (RuntimeError, NotImplementedError) as error:
        raise kinds.LOCKED.refusal(file, what=_WHAT) from error
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, OSError, ValueError) as error:
        raise damaged(file) from error


def damaged(file: str) -> InputError:
    return kinds.DAMAGED.refusal(file, what=_WHAT, why="内容不合 .docx 的格式")


def _main_part(data: bytes, file: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if len(archive.infolist()) > _MOST_MEMBERS:
            size = f"所含的文件过多（{len(archive.infolist())} 个）"
            raise kinds.TOO_LARGE.refusal(file, what=_WHAT, size=size)
        relations = _parsed(_unpacked(archive, "_rels/.rels", file), file)
        for each in relations:
            if each.get("Type", "").endswith("/officeDocument"):
                name = posixpath.normpath(each.get("Target", "").lstrip("/"))
                return _unpacked(archive, name, file)
    raise damaged(file)


def _unpacked(archive: zipfile.ZipFile, name: str, file: str) -> bytes:
    """The bytes of a member; never more than the limit, whatever the archive says of its size."""
    with archive.open(name) as member:
        data = member.read(LARGEST + 1)
    if len(data) > LARGEST:
        size = f"解压后超过 {LARGEST // 2**20} MB"
        raise kinds.TOO_LARGE.refusal(file, what=_WHAT, size=size)
    return data


def _parsed(xml: bytes, file: str) -> etree._Element:
    """The root of a part. A part that declares entities is none that Word has written."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise damaged(file) from error
    if root.getroottree().docinfo.doctype:
        raise damaged(file)
    return root
