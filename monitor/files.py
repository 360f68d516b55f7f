"""Files that the program writes: whole or not at all, under names that every system takes."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path

_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\s]+')


def write_whole(target: Path, content: bytes) -> None:
    """Puts a file in its place at once; a reader never sees a part of it.

    Raises OSError, which names the target; nothing is left behind.
    """
    aside = target.with_name(f".{target.name}.part")
    try:
        with aside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(target)
    except BaseException as error:  # an interruption too leaves nothing behind
        with suppress(OSError):
            aside.unlink()
        if isinstance(error, OSError):
            error.filename = str(target)
        raise


def safe_name(text: str) -> str:
    """`text` with an underscore for what some system does not allow in a file's name."""
    return _UNSAFE.sub("_", text)
