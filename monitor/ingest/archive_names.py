"""What the members of a .zip archive are called, for people; no name of theirs is ever a path."""

from __future__ import annotations

import re
import unicodedata
import zipfile

_UTF8_NAME = 0x800
_DRIVE = re.compile(r"[A-Za-z]:")
_LONGEST = 120


def written(member: zipfile.ZipInfo) -> str:
    """The name as it was meant: UTF-8 where it says so or is so, else GB18030, else as it is."""
    name = member.orig_filename
    if member.flag_bits & _UTF8_NAME:
        return name
    raw = name.encode("cp437")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name


def cleaned(name: str) -> str:
    """A name for messages and the record: no control characters, no way out of the archive."""
    return "/".join(_parts(name))[-_LONGEST:].lstrip("/") or "（无名）"


def leads_out(name: str) -> bool:
    """Whether a program that unpacks by this name could write outside of the folder it means."""
    plain = name.replace("\\", "/")
    return plain.startswith("/") or bool(_DRIVE.match(plain)) or ".." in plain.split("/")


def is_hidden(name: str) -> bool:
    """Hidden files, Word's locks (`~$`), and what macOS puts beside every file."""
    return any(part.startswith((".", "~$")) or part == "__MACOSX" for part in _parts(name))


def _parts(name: str) -> list[str]:
    visible = "".join(each for each in name if unicodedata.category(each)[0] != "C")
    plain = _DRIVE.sub("", visible.replace("\\", "/"), count=1)
    return [part for part in plain.split("/") if part.strip() not in ("", ".", "..")]
